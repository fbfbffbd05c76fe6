# SPDX-License-Identifier: MIT
"""Kills a writer of the store at random moments: nothing acknowledged is missing, nothing half is there."""

from __future__ import annotations

import random
from pathlib import Path

from support.crash import SCALE, checked, write_until_killed

ROUNDS = max(5, int(40 * SCALE))


def stored(database: Path) -> list[int]:
    return sorted(int(line) for line in checked("store_writer", database).split())


def test_kill_leaves_all_that_was_acknowledged_and_nothing_half(tmp_path: Path) -> None:
    chance = random.Random(20)
    database = tmp_path / "directory.db"
    expected = 0
    for _ in range(ROUNDS):
        acknowledged = write_until_killed("store_writer", database, lines=chance.randint(1, 20),
                                          seconds=chance.uniform(0.0, 0.05))
        there = stored(database)
        assert acknowledged == list(range(expected, expected + len(acknowledged)))
        assert there == list(range(len(there)))
        # Durable, but killed before it said so: one at most.
        assert 0 <= len(there) - (expected + len(acknowledged)) <= 1
        expected = len(there)
    assert expected >= ROUNDS


def test_kill_at_the_first_start_leaves_an_empty_store(tmp_path: Path) -> None:
    chance = random.Random(21)
    for number in range(ROUNDS):
        database = tmp_path / f"{number}.db"
        write_until_killed("store_writer", database, lines=0, seconds=chance.uniform(0.0, 0.03))
        there = stored(database)
        assert there == list(range(len(there)))
