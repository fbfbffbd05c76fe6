# SPDX-License-Identifier: MIT
"""A program that writes and acknowledges, step by step, and is killed at some moment."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from support.daemon import bin_dir

SCALE = float(os.environ.get("IMDSD_LOAD_SCALE", "1"))


def write_until_killed(program: str, *arguments: str | Path, lines: int, seconds: float) -> list[int]:
    """The numbers that were acknowledged; killed some time after this many lines of them."""
    # Unbuffered: communicate() does not see what a buffer holds.
    with subprocess.Popen([bin_dir() / program, *arguments], bufsize=0, stdout=subprocess.PIPE,
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


def checked(program: str, *arguments: str | Path) -> str:
    """What the program finds there afterwards, which must be in order."""
    check = subprocess.run([bin_dir() / program, "--check", *arguments], capture_output=True, text=True, check=False)
    assert check.returncode == 0, check.stderr
    return check.stdout
