# SPDX-License-Identifier: MIT
"""Bounded waiting for a condition. A test never proves anything by the time that went by."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_for(what: str, condition: Callable[[], T], timeout: float = 20.0, pause: float = 0.05) -> T:
    """Returns the first true value of `condition`, or fails after `timeout` seconds naming `what`."""
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {timeout:g} s for {what}; last seen: {value!r}")
        time.sleep(pause)
