# SPDX-License-Identifier: MIT
"""That a page which is wrong does not pass, with a shell and no daemon."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.walkthrough import problems, written
from support.walkthrough_page import Malformed, read_page
from support.walkthrough_shell import Reader

KEY, OTHER_KEY = "ASIAIOSFODNN7EXAMPLE", "ASIAI44QH8DHBEXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
SECRET_WITHOUT_DIGIT = "wJalrXUtnFEMI/KtMDENG/bPxRfiCYEXAMPLEKEY"


@pytest.fixture
def reader():
    with Reader() as reader:
        yield reader


def page(folder: Path, text: str):
    path = folder / "page.md"
    path.write_text(text)
    return read_page(path)


def console(*lines: str) -> str:
    return "\n".join(["```console", *lines, "```", ""])


@pytest.mark.parametrize("lines", [
    ("$ echo yes", "yes"),
    ("$ echo one; echo; echo two >&2", "one", "", "two"),
    ("$ false", "$ echo $?", "1"),
    ("$ printf 'gone\\rseen\\n'", "seen"),
    (r"$ printf '\e[31mred\e[0m\n\e[0m'", "red"),
    ("$ echo file; echo on > /dev/stdout; echo screen", "file", "on", "screen"),
    ("$ head -c 100000 /dev/zero | tr '\\0' x | tee copy | wc -c; wc -c < copy", "100000", "100000"),
    ("$ cat <<'EOF'", "> $one", ">", "> > two", "> EOF", "$one", "", "> two"),
    ("$ echo 'imdsd 0.1.0  valid until 18:04:11'", "imdsd 0.9.0  valid until 07:00:00"),
    # Ids, each for one and the same
    (f"$ echo {KEY} {OTHER_KEY} {KEY}", "ASIA1111111111111111 ASIA2222222222222222 ASIA1111111111111111"),
    ("$ echo 127.0.0.1:4711", "127.0.0.1:1338"),
    ("$ echo CDFC015312143FFD i-0a1b2c3d4e5f60718", "0123456789ABCDEF i-0aaaaaaaaaaaaaaa1"),
    # Dates, all of them moved by the same time
    ("$ echo 2026-02-03T04:05:06Z 2026-02-03T05:05:07Z", "2020-01-01T10:00:00Z 2020-01-01T11:00:00Z"),
    ("$ echo 2026-02-03T04:05:06Z '2026-02-03 04:05:06'", "2020-01-01T10:00:00Z 2020-01-01 10:00:00"),
    (f"$ echo '\"Secret\": \"{SECRET}\"'", '"Secret": "wJal…"'),
    (f"$ echo '\"Secret\": \"{SECRET_WITHOUT_DIGIT}\"'", '"Secret": "wJal…"'),
])
def test_right_page_passes(lines: tuple[str, ...], reader: Reader, tmp_path: Path) -> None:
    assert list(problems(page(tmp_path, console(*lines)), reader)) == []


@pytest.mark.parametrize("lines, told", [
    (("$ echo yes", "no"), ":2: $ echo yes\n--- on the page\n+++ what came\n@@ -1 +1 @@\n-no\n+yes"),
    (("$ echo yes",), "+yes"),
    (("$ true", "yes"), "-yes"),
    (("$ false",), "ended with 1"),
    ((f"$ echo {KEY}", "AKIAIOSFODNN7EXAMPLE"), f"+{KEY}"),
    ((f"$ echo {KEY}", KEY, f"$ echo {OTHER_KEY}", KEY), f"+{OTHER_KEY}"),
    ((f"$ echo {KEY}", KEY, f"$ echo {KEY}", OTHER_KEY), f"+{KEY}"),
    (("$ echo 2026-02-03T04:05:06Z 2026-02-03T16:05:06Z", "2020-01-01T10:00:00Z 2020-01-01T11:00:00Z"), "22:00:00Z"),
    (("$ echo 2026-02-03T04:05:06Z", "2020-01-01T10:00:00+00:00"), "+2026-02-03T04:05:06Z"),
    (("$ echo '\"Secret\": \"hidden\"'", '"Secret": "…"'), "hidden"),
    (("$ echo arn:aws:iam::123456789012:role/a", "arn:aws:iam::210987654321:role/a"), "+arn:aws:iam::123456789012"),
])
def test_wrong_page_is_told_with_its_line(lines: tuple[str, ...], told: str, reader: Reader, tmp_path: Path) -> None:
    (problem,) = problems(page(tmp_path, console(*lines)), reader)
    assert problem.startswith(f"{tmp_path}/page.md:") and told in problem, problem


@pytest.mark.parametrize("text", ["```console\n$ true\n", "```console\ntrue\n```\n", "```json\n{}\n```\n"])
def test_malformed_page_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(Malformed, match=r"page\.md:[12]: "):
        page(tmp_path, text)


def test_files_are_saved_under_the_name_before_them(reader: Reader, tmp_path: Path) -> None:
    text = "Save this as `a.json`:\n\n```json\n{}\n```\n\n" + console("$ cat a.json", "{}")
    assert list(problems(page(tmp_path, text), reader)) == []


def test_written_page_has_what_came_and_passes(reader: Reader, tmp_path: Path) -> None:
    wrong = "before\n" + console(f"$ echo {KEY}; date -u +%FT%TZ", f"$ echo '\"{SECRET}\"'", "$ (exit 3)") + "after\n"
    path = page(tmp_path, wrong).path
    path.write_text(written(read_page(path), reader))
    assert SECRET not in path.read_text().replace(f'echo \'"{SECRET}', "")
    assert path.read_text().startswith("before") and path.read_text().endswith("$ echo $?\n3\n```\nafter\n")
    assert list(problems(read_page(path), reader)) == []
