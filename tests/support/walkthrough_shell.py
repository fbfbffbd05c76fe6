# SPDX-License-Identifier: MIT
"""The reader of a walkthrough: an empty folder, a home, one shell, and a second terminal in which imdsd runs."""

from __future__ import annotations

import contextlib
import os
import re
import select
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.daemon import bin_dir, clean_environment, short_directory, wait_until_ready

# Takes commands from a descriptor and tells each one's status on another; $? is what the reader would see.
_LOOP = """
_status=0
while IFS= read -r -d '' -u {commands} _command; do
  (exit "$_status")
  eval "$_command"
  _status=$?
  printf '%s\\n' "$_status" >&{statuses}
done
"""

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")

# Where nobody listens: what a page forgets to lead to its daemon must not leave this machine.
_NOWHERE = {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:1/"}


@dataclass(frozen=True)
class Result:
    status: int
    output: list[str]


class Stuck(AssertionError):
    """A command did not end."""


class Reader:
    def __init__(self, env: Mapping[str, str] | None = None, timeout: float = 120) -> None:
        self._root = short_directory()
        self.folder = self._root / "walkthrough"
        self.folder.mkdir()
        self._timeout = timeout
        self._env = self._environment() | dict(env or {})
        self._daemon: subprocess.Popen[bytes] | None = None
        commands, self._commands = os.pipe()
        self._statuses, statuses = os.pipe()
        self._output, output = os.pipe()
        os.set_blocking(self._output, False)
        self._shell = subprocess.Popen(
            ["bash", "--noprofile", "--norc", "-c", _LOOP.format(commands=commands, statuses=statuses)],
            cwd=self.folder, env=self._env | _NOWHERE, pass_fds=(commands, statuses),
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)
        for end in (commands, statuses, output):
            os.close(end)

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        os.close(self._commands)
        os.killpg(self._shell.pid, signal.SIGKILL)
        self._shell.wait()
        os.close(self._statuses)
        os.close(self._output)
        try:
            code = self._end_daemon()
            assert kind is not None or code in (0, None), f"imdsd ended with {code}"
        finally:
            shutil.rmtree(self._root, ignore_errors=True)

    def save(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)

    def run(self, command: str) -> Result:
        """Types a command, and gives what came once it has ended. `imdsd …` goes on running, in the other terminal."""
        if command.startswith("imdsd "):
            return Result(0, self._start_daemon(shlex.split(command)))
        os.write(self._commands, command.encode() + b"\0")
        output, deadline = b"", time.monotonic() + self._timeout
        while True:
            ready, _, _ = select.select([self._statuses, self._output], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise Stuck(f"`{command}` was not done after {self._timeout:g} s; it said {output.decode()!r}")
            # The status is told behind all output: what there is of that now is the rest.
            output += self._waiting_output()
            if self._statuses in ready:
                told = os.read(self._statuses, 64)
                if not told:
                    raise Stuck(f"`{command}` ended the shell; it said {output.decode()!r}")
                return Result(int(told), _as_seen(output))

    def _waiting_output(self) -> bytes:
        pieces = []
        with contextlib.suppress(BlockingIOError):
            while piece := os.read(self._output, 65536):
                pieces.append(piece)
        return b"".join(pieces)

    def _environment(self) -> dict[str, str]:
        for name in ("home", "run"):
            (self._root / name).mkdir(mode=0o700)
        return clean_environment() | {
            "PATH": os.pathsep.join([str(bin_dir()), str(Path(sys.executable).parent), os.environ["PATH"]]),
            "HOME": str(self._root / "home"),
            "XDG_RUNTIME_DIR": str(self._root / "run"),
            "XDG_STATE_HOME": str(self._root / "home" / "state"),
            "TZ": "UTC",
            "LC_ALL": "C.UTF-8",
        }

    def _start_daemon(self, command: list[str]) -> list[str]:
        """Ports are the kernel's choice: the page's may be taken here."""
        assert self._daemon is None, "the page starts imdsd twice"
        config = tomllib.loads((self.folder / command[command.index("--config") + 1]).read_text())
        free = {name: "127.0.0.1:0" for name in {"IMDSD_IMDS_LISTEN", "IMDSD_AWS_LISTEN", *_listeners(config)}}
        terminal, notify_path = self._root / "daemon", self._root / "notify"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify, open(terminal, "wb") as output:
            notify.bind(str(notify_path))
            self._daemon = subprocess.Popen(
                command, executable=bin_dir() / "imdsd", cwd=self.folder, stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, env=self._env | free | {"NOTIFY_SOCKET": str(notify_path)})
            wait_until_ready(self._daemon, notify, 30, lambda: terminal.read_text(errors="replace"))
        return _as_seen(terminal.read_bytes())

    def _end_daemon(self) -> int | None:
        """Its exit code after SIGTERM; None: the page has started none."""
        if self._daemon is None:
            return None
        self._daemon.terminate()
        try:
            return self._daemon.wait(30)
        finally:
            self._daemon.kill()
            self._daemon.wait()


def _listeners(table: Any, name: str = "IMDSD") -> Iterator[str]:
    """The variables that stand for the keys `listen` of a configuration."""
    items = table.items() if isinstance(table, dict) else enumerate(table)
    for key, value in items:
        variable = f"{name}_{str(key).upper()}"
        if key == "listen":
            yield variable
        elif isinstance(value, (dict, list)):
            yield from _listeners(value, variable)


def _as_seen(output: bytes) -> list[str]:
    """The lines that stay on a terminal: colours aside, and with what a carriage return has had written over."""
    text = _COLOUR.sub("", output.decode(errors="replace"))
    lines = [line.rstrip("\r").rpartition("\r")[2].rstrip() for line in text.removesuffix("\n").split("\n")]
    return lines if text else []
