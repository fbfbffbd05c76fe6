# SPDX-License-Identifier: MIT
"""Walks through a page: does what it says, and compares what comes with what it shows."""

from __future__ import annotations

from collections.abc import Iterator

from support.walkthrough_match import Ledger
from support.walkthrough_page import Command, File, Page
from support.walkthrough_shell import Reader


def problems(page: Page, reader: Reader) -> Iterator[str]:
    """Every place where the page is wrong, down to the first from which it would make no sense to go on."""
    ledger = Ledger()
    for step, result in _walk(page, reader):
        where = f"{page.path}:{step.line}: $ {step.text.splitlines()[0]}"
        if difference := ledger.difference(page.output(step), result.output):
            yield f"{where}\n{difference}"
        if result.status != 0 and not _status_is_shown(page, step):
            yield f"{where}\nended with {result.status}; the page must tell that: let `$ echo $?` follow"


def written(page: Page, reader: Reader) -> str:
    """The page with what really came in the place of what it has wrong."""
    ledger, lines, at = Ledger(), [], 0
    for step, result in _walk(page, reader):
        lines += page.lines[at : step.output_start]
        lines += ledger.rendered(result.output, page.output(step))
        at = step.output_end
        if result.status != 0 and not _status_is_shown(page, step):
            lines += ["$ echo $?", str(result.status)]
    return "\n".join([*lines, *page.lines[at:]])


def _walk(page: Page, reader: Reader) -> Iterator:
    for step in page.steps:
        if isinstance(step, File):
            reader.save(step.name, step.text)
        else:
            yield step, reader.run(step.text)


def _status_is_shown(page: Page, command: Command) -> bool:
    following = page.steps[page.steps.index(command) + 1 :]
    return bool(following) and isinstance(following[0], Command) and following[0].text == "echo $?"
