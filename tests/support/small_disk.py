# SPDX-License-Identifier: MIT
"""A file system of a few megabytes, which can be filled up or made read-only."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest


class SmallDisk:
    """A tmpfs at `path`. What fill() put there is in a file of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._filler = path / "filler"

    def fill(self) -> None:
        """Leaves no page."""
        with open(self._filler, "ab", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(4096))
        with pytest.raises(OSError) as full:
            (self.path / "probe").write_bytes(bytes(4096))
        assert full.value.errno == errno.ENOSPC
        (self.path / "probe").unlink()

    def free(self) -> None:
        self._filler.unlink()

    def set_read_only(self, on: bool) -> None:
        subprocess.run(["mount", "-o", f"remount,{'ro' if on else 'rw'}", self.path], check=True)


@contextlib.contextmanager
def small_disk(path: Path, megabytes: int = 2) -> Iterator[SmallDisk]:
    """Mounted at `path`, with what was there; skips the test where it cannot be mounted."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small file system")
    before = path.with_name(path.name + ".before")
    shutil.copytree(path, before)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", path],
                             capture_output=True, text=True, check=False)
    if mounted.returncode != 0:
        pytest.skip(f"a small file system cannot be mounted here: {mounted.stderr.strip()}")
    try:
        shutil.copytree(before, path, dirs_exist_ok=True)
        yield SmallDisk(path)
    finally:
        subprocess.run(["umount", "--lazy", path], check=True)
