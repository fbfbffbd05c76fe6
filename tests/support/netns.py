# SPDX-License-Identifier: MIT
"""Hosts of a test's own: network namespaces, joined by veth pairs. Nothing in them reaches the machine's network."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest

_numbers = itertools.count()


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True, timeout=20)


class Host:
    """One namespace. `exec_prefix` runs a command in it."""

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def exec_prefix(self) -> list[str]:
        return ["ip", "netns", "exec", self.name]

    def ip(self, *arguments: str) -> None:
        ip("-n", self.name, *arguments)

    def run(self, *command: str, timeout: float = 30, check: bool = True) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*self.exec_prefix, *command], capture_output=True, text=True, timeout=timeout, check=check)

    def set_sysctl(self, name: str, value: str) -> None:
        self.run("sh", "-c", f"echo {value} > /proc/sys/{name.replace('.', '/')}")


@contextlib.contextmanager
def hosts(count: int) -> Iterator[list[Host]]:
    """`count` hosts with their loopback up, removed at the end; skips where namespaces cannot be made."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip("network namespaces need root and iproute2")
    made: list[Host] = []
    try:
        for _ in range(count):
            host = Host(f"imdsd-{os.getpid()}-{next(_numbers)}")
            try:
                ip("netns", "add", host.name)
            except subprocess.CalledProcessError as error:
                pytest.skip(f"network namespaces cannot be made here: {error.stderr.strip()}")
            made.append(host)
            host.ip("link", "set", "lo", "up")
        yield made
    finally:
        for host in made:
            subprocess.run(["ip", "netns", "del", host.name], capture_output=True, timeout=20)


def join(left: Host, left_address: str, right: Host, right_address: str) -> None:
    """A cable between two hosts, each end with its address ("10.0.1.1/24")."""
    number = next(_numbers)
    ends = (f"v{os.getpid() % 100000}l{number}", f"v{os.getpid() % 100000}r{number}")
    ip("link", "add", ends[0], "netns", left.name, "type", "veth", "peer", "name", ends[1], "netns", right.name)
    for host, end, address in ((left, ends[0], left_address), (right, ends[1], right_address)):
        host.ip("addr", "add", address, "dev", end)
        host.ip("link", "set", end, "up")
