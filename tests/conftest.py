# SPDX-License-Identifier: MIT
"""Marks every test by the folder it is in; the fixtures are in support/."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["support.fixtures", "support.iam"]

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        folder = item.path.relative_to(_HERE).parts[0]
        if folder in ("integration", "conformance", "netns"):
            item.add_marker(getattr(pytest.mark, folder))
