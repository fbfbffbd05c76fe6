# SPDX-License-Identifier: MIT
"""Every page of docs/walkthroughs, typed as it stands there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from support.daemon import REPO
from support.toolchain import require
from support.walkthrough import problems
from support.walkthrough_page import read_page
from support.walkthrough_shell import Reader

FOLDER = REPO / "docs" / "walkthroughs"
INDEX = FOLDER / "README.md"
# What a page takes beyond the packages that the tests need.
TOOLS = {"java-instance-profile.md": ("java", "mvn")}
PAGES = sorted(path for path in FOLDER.glob("*.md") if path != INDEX)


def walk(path: Path) -> list[str]:
    with Reader() as reader:
        return list(problems(read_page(path), reader))


@pytest.fixture(scope="module")
def walked(request: pytest.FixtureRequest) -> Iterator[dict[Path, Future[list[str]]]]:
    """The pages that were asked for, several at a time: most of what they take is the start of the AWS CLI."""
    asked = [item.callspec.params["path"] for item in request.session.items
             if item.module is request.module and hasattr(item, "callspec")]
    asked = [path for path in asked if all(map(shutil.which, TOOLS.get(path.name, ())))]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield {path: pool.submit(walk, path) for path in asked}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_page_tells_what_comes(path: Path, walked: dict[Path, Future[list[str]]]) -> None:
    for tool in TOOLS.get(path.name, ()):
        require(tool)
    found = walked[path].result()
    assert not found, "\n\n".join(found)


def test_index_has_every_page() -> None:
    index = INDEX.read_text()
    assert PAGES and [path.name for path in PAGES if f"({path.name})" not in index] == []
