# SPDX-License-Identifier: MIT
"""A walkthrough page as steps: files that the reader saves, and commands with what they print.

The form, which docs/walkthroughs/README.md tells readers:

- A block ```console has commands behind "$ ", continued behind "> " as shells print it; every other line is what came out.
- A block of another kind is a file. The line before the block ends with its name in backquotes and a colon.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_FENCE = "```"
_FILE_NAME = re.compile(r"`([\w.-]+)`:$")


class Malformed(ValueError):
    """The page is not of the form above."""


@dataclass(frozen=True)
class File:
    line: int
    name: str
    text: str


@dataclass(frozen=True)
class Command:
    """Its line is that of "$ "; its output is the page's lines[output_start:output_end], from 0."""

    line: int
    text: str
    output_start: int
    output_end: int


@dataclass(frozen=True)
class Page:
    path: Path
    lines: list[str]
    steps: list[File | Command]

    def output(self, command: Command) -> list[str]:
        return self.lines[command.output_start : command.output_end]


def read_page(path: Path) -> Page:
    lines = path.read_text().split("\n")
    steps: list[File | Command] = []
    at = 0
    while at < len(lines):
        if not lines[at].startswith(_FENCE):
            at += 1
            continue
        end = next((i for i in range(at + 1, len(lines)) if lines[i] == _FENCE), None)
        if end is None:
            raise Malformed(f"{path}:{at + 1}: the block is not closed")
        if lines[at] == _FENCE + "console":
            steps += _commands(path, lines, at + 1, end)
        else:
            steps.append(_file(path, lines, at, end))
        at = end + 1
    return Page(path, lines, steps)


def _file(path: Path, lines: list[str], start: int, end: int) -> File:
    before = next((line for line in reversed(lines[:start]) if line), "")
    name = _FILE_NAME.search(before)
    if name is None:
        raise Malformed(f"{path}:{start + 1}: what is this block? `NAME`: before it makes it a file")
    return File(start + 1, name.group(1), "\n".join(lines[start + 1 : end]) + "\n")


def _commands(path: Path, lines: list[str], start: int, end: int) -> list[Command]:
    if not lines[start].startswith("$ "):
        raise Malformed(f"{path}:{start + 1}: the block does not begin with a command")
    starts = [i for i in range(start, end) if lines[i].startswith("$ ")]
    commands = []
    for begin, following in zip(starts, [*starts[1:], end]):
        text, at = [lines[begin][2:]], begin + 1
        while at < following and (lines[at].startswith("> ") or lines[at] == ">"):
            text.append(lines[at][2:])
            at += 1
        commands.append(Command(begin + 1, "\n".join(text), at, following))
    return commands
