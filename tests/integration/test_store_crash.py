# SPDX-License-Identifier: MIT
"""Kills a writer of the store at random moments: nothing acknowledged is missing, nothing half is there."""

from __future__ import annotations

import os
import random
import subprocess
from pathlib import Path

from support.daemon import bin_dir

SCALE = float(os.environ.get("IMDSD_LOAD_SCALE", "1"))
ROUNDS = max(5, int(40 * SCALE))


def write_until_killed(database: Path, lines: int, seconds: float) -> list[int]:
    """The numbers that were acknowledged; killed some time after the first of them."""
    # Unbuffered: communicate() does not see what a buffer holds.
    with subprocess.Popen([bin_dir() / "store_writer", database], bufsize=0, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as writer:
        acknowledged = [writer.stdout.readline() for _ in range(lines)]
        try:
            writer.wait(seconds)
        except subprocess.TimeoutExpired:
            writer.kill()
        output, errors = writer.communicate()
    assert writer.returncode == -9, errors.decode()
    # The last line may be cut off; so was its acknowledgement.
    whole = b"".join(acknowledged) + output
    return [int(line) for line in whole[: whole.rfind(b"\n") + 1].split()]


def stored(database: Path) -> list[int]:
    check = subprocess.run([bin_dir() / "store_writer", "--check", database], capture_output=True, text=True, check=False)
    assert check.returncode == 0, check.stderr
    return sorted(int(line) for line in check.stdout.split())


def test_kill_leaves_all_that_was_acknowledged_and_nothing_half(tmp_path: Path) -> None:
    chance = random.Random(20)
    database = tmp_path / "directory.db"
    expected = 0
    for _ in range(ROUNDS):
        acknowledged = write_until_killed(database, chance.randint(1, 20), chance.uniform(0.0, 0.05))
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
        write_until_killed(database, 0, chance.uniform(0.0, 0.03))
        there = stored(database)
        assert there == list(range(len(there)))
