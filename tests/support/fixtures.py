# SPDX-License-Identifier: MIT
"""Fixtures for every Python test."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from support.daemon import Daemon, bin_dir


@pytest.fixture(scope="session", autouse=True)
def built_daemon() -> None:
    for name in ("imdsd", "imdsctl"):
        if not (bin_dir() / name).exists():
            pytest.exit(f"{bin_dir() / name} is missing: build first, or set IMDSD_BIN_DIR", returncode=2)


@pytest.fixture
def start_daemon() -> Iterator[Callable[..., Daemon]]:
    """start_daemon(config, ...) starts a Daemon of this test's own; see Daemon for the arguments."""
    with contextlib.ExitStack() as running:

        def start(*args: Any, **kwargs: Any) -> Daemon:
            return running.enter_context(Daemon(*args, **kwargs))

        yield start


@pytest.fixture
def daemon(start_daemon: Callable[..., Daemon]) -> Daemon:
    """A daemon with default_config(), for this test alone."""
    return start_daemon()


@pytest.fixture(scope="module")
def shared_daemon() -> Iterator[Daemon]:
    """A daemon with default_config() for tests of a module that only ask it things."""
    with Daemon() as running:
        yield running
