# SPDX-License-Identifier: MIT
"""Whether what came is what a walkthrough page shows, and what it would say on the page.

Ids, ports and dates differ from run to run. An id on the page stands for one id of the run and the other way round, all
down the page. The dates of a page are those of one run: between it and this one they all are shifted alike, so that
an hour is not taken for twelve. Secrets are cut off with "…" on the page. Times of day
and the version of imdsd may be any.
"""

from __future__ import annotations

import datetime
import difflib
import re
from dataclasses import dataclass

# Less than the shortest session (15 minutes), more than a page takes.
_TOLERANCE = datetime.timedelta(minutes=7)

_SECRET_ACCESS_KEY = 40  # characters

_TOKEN = re.compile(
    r"""
      (?P<id> \b (?:AKIA|ASIA|AIDA|AROA|ANPA|AIPA|AGPA) [A-Z0-9]{12,} \b
            | \b (?:[a-z]+-)+ [0-9a-f]{17} \b
            | \b [0-9a-f]{8} (?:-[0-9a-f]{4}){3} -[0-9a-f]{12} \b
            | \b [0-9A-F]{16} \b
            | (?<=127\.0\.0\.1:) \d+ \b )
    | (?P<date> \b \d{4}-\d\d-\d\d [T\ ] \d\d:\d\d:\d\d (?:\.\d+)? (?:Z|\+00:00)? )
    | (?P<any> \b \d\d:\d\d:\d\d \b | (?<=^imdsd\ ) \d+\.\d+\.\d+ )
    | (?P<secret> [A-Za-z0-9+/=_-]* … | [A-Za-z0-9+/_-]{40,} ={0,2} )
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str


def _kind_of_id(text: str) -> str:
    """Ids of different kinds never stand for each other: AKIA for ASIA, say."""
    if text.isdigit() and len(text) < 16:
        return "port"
    if re.fullmatch("[0-9A-F]{16}", text):
        return "request"
    return text[:4] if text[0].isupper() else re.sub(r"[0-9a-f]{4,}", "#", text)


def _token(match: re.Match[str]) -> _Token | None:
    """None: the text is as it is."""
    text = match.group()
    if match.lastgroup == "id":
        return _Token(_kind_of_id(text), text)
    if match.lastgroup == "date":
        return _Token("date " + re.sub(r"\d+", "#", text), text)
    if match.lastgroup == "secret" and not text.endswith("…"):
        # Key material and encoded messages; no path or name is like that. One secret access key in a thousand has no digit.
        kinds = ("[a-z]", "[A-Z]") if len(text) == _SECRET_ACCESS_KEY else ("[0-9]", "[a-z]", "[A-Z]")
        if not all(re.search(kind, text) for kind in kinds) or ("-" in text and len(text) < 200):
            return None
    return _Token(str(match.lastgroup), text)


def _split(line: str) -> tuple[str, list[_Token]]:
    """The line with each token's kind in its place, and the tokens."""
    tokens: list[_Token] = []

    def replace(match: re.Match[str]) -> str:
        token = _token(match)
        if token is None:
            return match.group()
        tokens.append(token)
        return f"\x00{token.kind}\x00"

    return _TOKEN.sub(replace, line.rstrip()), tokens


def _time(token: _Token) -> datetime.datetime:
    time = datetime.datetime.fromisoformat(token.text.replace("Z", "+00:00"))
    return time if time.tzinfo else time.replace(tzinfo=datetime.timezone.utc)


class Ledger:
    """What has been learned about one page in one run."""

    def __init__(self) -> None:
        self._real_of: dict[str, str] = {}
        self._page_of: dict[str, str] = {}
        self._shift: datetime.timedelta | None = None

    def difference(self, page: list[str], real: list[str]) -> str:
        """A unified diff of an output on the page and the one that came; empty when they agree."""
        if len(page) == len(real) and all([self._agree(*lines) for lines in zip(page, real)]):
            return ""
        return "\n".join(difflib.unified_diff(page, self.rendered(real, page), "on the page", "what came", lineterm=""))

    def rendered(self, real: list[str], page: list[str] | None = None) -> list[str]:
        """What came, as the page would say it; lines that the page has right are the page's."""
        right = {}
        for line in page or []:
            right.setdefault(_split(line)[0], line)
        lines = []
        for line in real:
            known = right.get(_split(line)[0])
            lines.append(known if known is not None and self._agree(known, line) else self._as_page(line))
        return lines

    def _agree(self, page: str, real: str) -> bool:
        (page_form, page_tokens), (real_form, real_tokens) = _split(page), _split(real)
        return page_form == real_form and all([self._same(*pair) for pair in zip(page_tokens, real_tokens)])

    def _same(self, page: _Token, real: _Token) -> bool:
        if page.kind in ("secret", "any"):
            return True
        if page.kind.startswith("date"):
            shift = _time(real) - _time(page)
            if self._shift is None:
                self._shift = shift
            return abs(shift - self._shift) <= _TOLERANCE
        known, taken = self._real_of.get(page.text), self._page_of.get(real.text)
        if known is None and taken is None:
            self._real_of[page.text], self._page_of[real.text] = real.text, page.text
            return True
        return known == real.text

    def _as_page(self, line: str) -> str:
        return _TOKEN.sub(self._token_as_page, line.rstrip())

    def _token_as_page(self, match: re.Match[str]) -> str:
        token = _token(match)
        if token is None or token.kind == "any" or token.text.endswith("…"):
            return match.group()
        if token.kind == "secret":
            return token.text[:4] + "…"
        if token.kind.startswith("date"):
            time = _time(token) - (self._shift or datetime.timedelta())
            form = "%Y-%m-%d %H:%M:%S" if " " in token.text else "%Y-%m-%dT%H:%M:%S"
            return time.strftime(form) + "".join(re.findall(r"(?:\.\d+)?(?:Z|\+00:00)?$", token.text)[:1])
        return self._page_of.get(token.text, token.text)
