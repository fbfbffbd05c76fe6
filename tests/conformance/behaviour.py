# SPDX-License-Identifier: MIT
"""Writes docs/sdk-behaviour.md: what each SDK does when the metadata service misbehaves.

    PYTHONPATH=tests build/venv/bin/python tests/conformance/behaviour.py [--sdk NAME]... [--scenario NAME]... [FILE]

With `--scenario`, only these are played; what the file says of the others stays, where its SDKs are of the same versions.
Everything is on loopback, and for `hop-limit-1` in hosts of its own, which take root. An SDK whose toolchain is missing has no
column. About fifteen minutes.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import contextlib
import dataclasses
import datetime
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from support.daemon import REPO, Daemon
from support.sdk_behaviour import (LIFE_LEFT, PATIENCE, SDKS, SHORT_LIFETIME, Outcome, Place, Sdk, at_a_renewal, at_the_start,
                                   behind_a_router, on_loopback, start_daemon)

# In the order of the tables.
SCENARIOS = (
    "", "slow-first-byte", "slow-tail", "no-answer", "connection-reset", "server-errors", "throttled", "flapping",
    "token-403", "token-404", "token-timeout", "token-rejected", "imds-off", "v2-required", "hop-limit-1",
    "role-missing", "role-list-empty", "role-unauthorized", "credentials-expired", "rotation-stops",
    "empty-credentials", "half-json", "cut-off", "html-instead", "clock-behind",
)
LONGEST_ERROR = 280

Outcomes = dict[tuple[str, str, str], Outcome]  # by SDK, "start" or "renewal", scenario
TITLES = {"start": "At the start", "renewal": "At a renewal"}


@dataclasses.dataclass
class Findings:
    """What the document says: the cells of its tables, and of each SDK what it says in which scenarios, as they are labelled."""

    cells: dict[tuple[str, str, str], str] = dataclasses.field(default_factory=dict)
    said: dict[tuple[str, str], str] = dataclasses.field(default_factory=dict)  # by SDK and label

    def add(self, outcomes: Outcomes) -> None:
        for (name, when, scenario), outcome in outcomes.items():
            self.cells[name, when, scenario] = cell(outcome)
            self.said.pop((name, label(scenario, when)), None)
            if outcome.error:
                self.said[name, label(scenario, when)] = one_line(outcome.error)

    @classmethod
    def read(cls, text: str) -> Findings:
        """From a document as document() writes it."""
        found, names = cls(), {sdk.title: name for name, sdk in SDKS.items()}
        for when, title in TITLES.items():
            lines = [line.strip("| ").split(" | ") for line in section(text, "## ", title).splitlines() if line.startswith("|")]
            for row in lines[2:]:
                for column, each in zip(lines[0][1:], row[1:]):
                    found.cells[names[column], when, "" if row[0] == "none" else row[0].strip("`")] = each
        for name, sdk in SDKS.items():
            for line in section(text, "### ", sdk.title).splitlines():
                labels = re.match(r"- (`[\w-]+`(?: \(renewal\))?(?:, `[\w-]+`(?: \(renewal\))?)*): ", line)
                for each in labels[1].split(", ") if labels else ():
                    found.said[name, each] = line[labels.end():]
        return found


def section(text: str, marks: str, title: str) -> str:
    """What is below a heading, or nothing."""
    _, found, rest = text.partition(f"\n{marks}{title}\n")
    return rest.split(f"\n{marks}", 1)[0] if found else ""


def label(scenario: str, when: str) -> str:
    return f"`{scenario}`" + (" (renewal)" if when == "renewal" else "")


def place_of(scenario: str, sdk: Sdk, daemon: Daemon, short: Daemon) -> contextlib.AbstractContextManager[Place]:
    if scenario == "hop-limit-1":
        return behind_a_router(sdk)
    return on_loopback(short if scenario == "rotation-stops" else daemon, sdk)


def run(name: str, built: list[object], scenarios: Sequence[str]) -> Outcomes:
    sdk, outcomes = SDKS[name], {}
    with start_daemon() as daemon, start_daemon(SHORT_LIFETIME) as short:
        for scenario in scenarios:
            with place_of(scenario, sdk, daemon, short) as place:
                outcomes[name, "start", scenario] = at_the_start(place, sdk, built, scenario)
                if sdk.renews and not sdk.command_line:
                    outcomes[name, "renewal", scenario] = at_a_renewal(place, sdk, built, scenario)
            print(name, scenario or "(none)", outcomes[name, "start", scenario],
                  outcomes.get((name, "renewal", scenario)), file=sys.stderr, flush=True)
    return outcomes


def seconds(value: float) -> str:
    return f"{value:.0f} s" if value >= 0.95 else f"{value:.1f} s"


def cell(outcome: Outcome) -> str:
    result = f"**{outcome.key}**" if outcome.key else "fails"
    return f"{result} {outcome.tokens}+{outcome.reads}, {seconds(outcome.seconds)}"


def table(names: list[str], when: str, findings: Findings) -> str:
    lines = ["| scenario | " + " | ".join(SDKS[name].title for name in names) + " |",
             "| --- |" + " --- |" * len(names)]
    for scenario in SCENARIOS:
        first = f"`{scenario}`" if scenario else "none"
        cells = [findings.cells.get((name, when, scenario), "–") for name in names]
        lines.append(f"| {first} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def one_line(error: str) -> str:
    text = re.sub(r"(127\.0\.0\.1|10\.98\.0\.1):\d+", r"\1", " ".join(error.split()))
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "…", text)  # ids of requests
    text = re.sub(r"/\S*/registry/src/[^/]+/", "", text)  # where cargo keeps the sources
    # Chains tell of all their providers, and of this one last.
    for provider in ("InstanceProfileCredentialsProvider(): ", "EC2ContainerCredentialsProviderWrapper"):
        if (at := text.rfind(provider)) > 0:
            text = "… " + text[at:]
    text = re.sub(r"@[0-9a-f]{6,}", "", text).replace("|", "\\|").replace("`", "'").replace("<", "&lt;")
    return text if len(text) <= LONGEST_ERROR else text[:LONGEST_ERROR] + "…"


def errors(names: list[str], findings: Findings) -> str:
    """Of each SDK what it says, with the scenarios in which it does."""
    order = [label(scenario, when) for scenario in SCENARIOS for when in TITLES]
    parts = []
    for name in names:
        said: dict[str, list[str]] = {}
        for each in order:
            if (name, each) in findings.said:
                said.setdefault(findings.said[name, each], []).append(each)
        parts.append(f"### {SDKS[name].title}\n")
        parts += [f"- {', '.join(scenarios)}: {text}" for text, scenarios in said.items()] or ["- nothing failed"]
        parts.append("")
    return "\n".join(parts)


def versions(names: list[str]) -> str:
    return ", ".join(f"{SDKS[name].title} {SDKS[name].version()}" for name in names)


def document(names: list[str], findings: Findings) -> str:
    renewing = [name for name in names if (name, "renewal", "") in findings.cells]
    return f"""# What SDKs do when the metadata service misbehaves

Unmodified SDKs through the scenarios of [faults.md](faults.md#scenarios), each against a daemon on loopback, with nothing but its
defaults, and through its default chain where nothing else is said. Generated by `tests/conformance/behaviour.py` on
{datetime.date.today().isoformat()}: {versions(names)}.

A cell has the result, the requests as tokens + others, and the time of the call on the machine of the run, where an SDK that is
new in its process takes a second or two to start. **v2** and **v1**: credentials of IMDSv2 or IMDSv1 answers, which STS accepted.

Some scenarios need to be told more exactly. `slow-tail` has a seed with which the first answer takes over 2 s and the next ones are
fast. The call begins with the 503 half of `flapping`. `hop-limit-1` has a router between the SDK and the service, and no STS:
the SDK is asked for its credentials alone. In `rotation-stops` sets live {SHORT_LIFETIME[:-1]} seconds, and the call comes behind the end of
the one that is served on. The documents of `clock-behind` end as they are read: their sets live an hour.

## {TITLES["start"]}

A new process makes its first call.

{table(names, "start", findings)}

## {TITLES["renewal"]}

A process has credentials whose document said that they end in {LIFE_LEFT:g} seconds. They have, and the trouble is there. **old**: it goes
on with the set that it had, as static stability promises, and STS accepts it; **v2**, **v1**: it has the next one. boto3 asks late
by design: its clock was moved ahead by 25 minutes, to where it must. Java 1.x asks once a minute and was not watched; command
lines are a process for each call.

{table(renewing, "renewal", findings)}

## What they say

The error of the call, shortened; {PATIENCE:g} seconds are the most that one may take.

{errors(names, findings)}"""


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--sdk", action="append", choices=list(SDKS))
    arguments.add_argument("--scenario", action="append", choices=SCENARIOS[1:])
    arguments.add_argument("file", nargs="?", type=Path, default=REPO / "docs" / "sdk-behaviour.md")
    chosen = arguments.parse_args()
    built: dict[str, list[object]] = {}
    for name in chosen.sdk or SDKS:
        try:
            built[name] = SDKS[name].build()
            print(SDKS[name].title, SDKS[name].version(), file=sys.stderr)
        except pytest.skip.Exception as missing:
            print(f"{SDKS[name].title}: {missing}", file=sys.stderr)
    findings = Findings()
    if chosen.scenario:
        before = chosen.file.read_text()
        if f": {versions(list(built))}.\n" not in before:
            print(f"{chosen.file} is of other SDKs or versions: play all scenarios", file=sys.stderr)
            return 1
        findings = Findings.read(before)
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        for outcomes in pool.map(lambda item: run(*item, chosen.scenario or SCENARIOS), built.items()):
            findings.add(outcomes)
    chosen.file.write_text(document(list(built), findings).rstrip() + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
