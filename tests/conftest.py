# SPDX-License-Identifier: MIT
"""Marks every test by the folder it is in; the fixtures are in support/."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# awscrt is there for SigV4A; botocore itself signs as it does without it.
os.environ.setdefault("BOTO_DISABLE_CRT", "true")

pytest_plugins = ["support.fixtures", "support.iam"]

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        folder = item.path.relative_to(_HERE).parts[0]
        if folder in ("integration", "conformance", "netns", "walkthroughs"):
            item.add_marker(getattr(pytest.mark, folder))
