# SPDX-License-Identifier: MIT
"""Kills a writer of objects at random moments: each object that was acknowledged is whole, none is half there, and no
file is left that belongs to none."""

from __future__ import annotations

import random
from pathlib import Path

from support.crash import SCALE, checked, write_until_killed

ROUNDS = max(5, int(25 * SCALE))
KEYS = 8


def stored(folder: Path) -> dict[int, int]:
    """The step that each key has its object of."""
    lines = [line.split() for line in checked("object_writer", folder).splitlines()]
    return {int(key.removeprefix("../key/")): int(step) for key, step in lines}


def apply(step: int, objects: dict[int, int]) -> dict[int, int]:
    after = {key: value for key, value in objects.items() if key != step % KEYS}
    return after if step % 5 == 4 else after | {step % KEYS: step}


def test_kill_leaves_whole_objects_and_nothing_else(tmp_path: Path) -> None:
    chance = random.Random(22)
    objects: dict[int, int] = {}
    step = 1
    for _ in range(ROUNDS):
        acknowledged = write_until_killed("object_writer", tmp_path, str(step), lines=chance.randint(0, 12),
                                          seconds=chance.uniform(0.0, 0.05))
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
