# SPDX-License-Identifier: MIT
"""Kills a writer of objects at random moments: each object that was acknowledged is whole, none is half there, and no
file is left that belongs to none."""

from __future__ import annotations

import os
import random
import subprocess
from pathlib import Path

from support.daemon import bin_dir

SCALE = float(os.environ.get("IMDSD_LOAD_SCALE", "1"))
ROUNDS = max(5, int(25 * SCALE))
KEYS = 8


def write_until_killed(folder: Path, first: int, lines: int, seconds: float) -> list[int]:
    """The steps that were acknowledged; killed some time after the first of them."""
    # Unbuffered: communicate() does not see what a buffer holds.
    with subprocess.Popen([bin_dir() / "object_writer", folder, str(first)], bufsize=0, stdout=subprocess.PIPE,
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


def stored(folder: Path) -> dict[int, int]:
    """The step that each key has its object of."""
    check = subprocess.run([bin_dir() / "object_writer", "--check", folder], capture_output=True, text=True,
                           check=False)
    assert check.returncode == 0, check.stderr
    lines = [line.split() for line in check.stdout.splitlines()]
    return {int(key.removeprefix("../key/")): int(step) for key, step in lines}


def apply(step: int, objects: dict[int, int]) -> dict[int, int]:
    after = {key: value for key, value in objects.items() if key != step % KEYS}
    return after if step % 5 == 4 else after | {step % KEYS: step}


def test_kill_leaves_whole_objects_and_nothing_else(tmp_path: Path) -> None:
    chance = random.Random(22)
    objects: dict[int, int] = {}
    step = 1
    for _ in range(ROUNDS):
        acknowledged = write_until_killed(tmp_path, step, chance.randint(0, 12), chance.uniform(0.0, 0.05))
        assert acknowledged == list(range(step, step + len(acknowledged)))
        for number in acknowledged:
            objects = apply(number, objects)
        step += len(acknowledged)
        there = stored(tmp_path)
        # Durable, but killed before it said so: one at most.
        assert there in (objects, apply(step, objects)), f"{step=}"
        if there != objects:
            objects = there
            step += 1
    assert step > ROUNDS
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith((".", "..")) or path.name == "key"]
