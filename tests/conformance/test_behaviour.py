# SPDX-License-Identifier: MIT
"""docs/sdk-behaviour.md says what SDKs do when the metadata service misbehaves; of boto3, that it still does."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from support.daemon import REPO, Daemon
from support.sdk_behaviour import SDKS, Outcome, at_a_renewal, at_the_start, behind_a_router, on_loopback, start_daemon


@pytest.fixture(scope="module")
def patient_daemon() -> Iterator[Daemon]:
    with start_daemon() as running:
        yield running


def documented(heading: str, scenario: str) -> tuple[str, int, int]:
    """Of boto3: the key that it ends with, or nothing, and how many tokens and other answers it asks for."""
    text = (REPO / "docs" / "sdk-behaviour.md").read_text()
    section = text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("|")]
    column = rows[0].index("boto3")
    [cell] = [row[column] for row in rows if row[0] == f"`{scenario}`"]
    match = re.match(r"(?:\*\*(\w+)\*\*|fails) (\d+)\+(\d+), ", cell)
    assert match, cell
    return match[1] or "", int(match[2]), int(match[3])


def told(outcome: Outcome) -> tuple[str, int, int]:
    return outcome.key, outcome.tokens, outcome.reads


@pytest.mark.parametrize("scenario", [
    "server-errors", "throttled", "token-403", "token-timeout", "imds-off", "role-missing", "role-unauthorized",
    "credentials-expired", "half-json", "cut-off", "html-instead", "slow-tail", "flapping"])
def test_boto3_at_the_start(scenario: str, patient_daemon: Daemon) -> None:
    sdk = SDKS["boto3"]
    with on_loopback(patient_daemon, sdk) as place:
        assert told(at_the_start(place, sdk, sdk.build(), scenario)) == documented("At the start", scenario)


def test_boto3_behind_a_router() -> None:
    sdk = SDKS["boto3"]
    with behind_a_router(sdk) as place:
        assert told(at_the_start(place, sdk, sdk.build(), "hop-limit-1")) == documented("At the start", "hop-limit-1")


@pytest.mark.parametrize("scenario", ["server-errors", "credentials-expired"])
def test_boto3_at_a_renewal(scenario: str, patient_daemon: Daemon) -> None:
    sdk = SDKS["boto3"]
    with on_loopback(patient_daemon, sdk) as place:
        assert told(at_a_renewal(place, sdk, sdk.build(), scenario)) == documented("At a renewal", scenario)
