# SPDX-License-Identifier: MIT
"""Crawls a metadata tree, and compares what it found with golden files by path."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from support.imds import Answer, ImdsClient

INDEX = "_index"  # the file of a directory's listing: no tag may have this name (EC2's rule)


def crawl(client: ImdsClient, root: str = "/latest") -> dict[str, Answer]:
    """Every path below `root`, directories with their final slash, by the names that listings have."""
    client.wait_for_signatures()
    token = client.token()
    found: dict[str, Answer] = {}

    def visit(path: str) -> None:
        found[path] = client.get(path, token)
        if not path.endswith("/"):
            return
        for name in found[path].text.split("\n"):
            if not name:
                continue
            if path.endswith("/public-keys/"):
                visit(path + name.split("=")[0] + "/")  # lists N=NAME
            elif path == root + "/":
                visit(path + name + ("" if name == "user-data" else "/"))  # lists bare names
            else:
                visit(path + name)

    visit(root + "/")
    return found


def write_golden(folder: Path, found: dict[str, bytes]) -> None:
    for old in sorted(folder.rglob("*"), reverse=True):
        old.rmdir() if old.is_dir() else old.unlink()
    for path, body in found.items():
        file = golden_file(folder, path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)


def golden_file(folder: Path, path: str) -> Path:
    return folder / (path.strip("/") + ("/" + INDEX if path.endswith("/") else ""))


def read_golden(folder: Path) -> dict[str, bytes]:
    found = {}
    for file in folder.rglob("*"):
        if file.is_file():
            path = "/" + str(file.relative_to(folder))
            found[path[: -len(INDEX)] if file.name == INDEX else path] = file.read_bytes()
    return found


def without(found: dict[str, Answer], changes: Callable[[str], bool]) -> dict[str, bytes]:
    """The bodies of what is the same in each run."""
    return {path: answer.body for path, answer in found.items() if not changes(path)}
