# SPDX-License-Identifier: MIT
"""A program under test that reads commands from its standard input, one a line, and answers each with a line of JSON.

Commands: `identity`, `credentials`, `region`, `refresh`, `quit`; where the SDK's S3 is tested `s3 BUCKET`. An answer is {"ok": true, ...} or
{"ok": false, "error": "..."}. No test has to sleep: an answer says that the work is done.
"""

from __future__ import annotations

import json
import selectors
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from typing import Any

_EXIT_TIMEOUT = 30.0


class Refused(AssertionError):
    """The program answered {"ok": false}."""


class Program:
    def __init__(self, command: Sequence[object], env: Mapping[str, str], timeout: float = 90.0) -> None:
        self.command = [str(part) for part in command]
        self._env = dict(env)
        self._timeout = timeout
        self._errors = tempfile.TemporaryFile()
        self._pending = b""

    def __enter__(self) -> Program:
        self._process = subprocess.Popen(
            self.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=self._env,
        )
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                self._send("quit")
                assert self._process.wait(_EXIT_TIMEOUT) == 0, self.errors()
        finally:
            if self._process.poll() is None:
                self._process.kill()
                self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout, self._errors):
                if pipe is not None:
                    pipe.close()

    def ask(self, command: str) -> dict[str, Any]:
        """Sends a command and returns its answer; Refused if the program could not do it."""
        answer = self.try_ask(command)
        if not answer.get("ok"):
            raise Refused(f"{command}: {answer.get('error')}\n{self.errors()}")
        return answer

    def try_ask(self, command: str) -> dict[str, Any]:
        self._send(command)
        return json.loads(self._line(command))

    def errors(self) -> str:
        """What the program wrote to its standard error so far."""
        self._errors.seek(0)
        return self._errors.read().decode(errors="replace")[-8000:]

    def _send(self, command: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(command.encode() + b"\n")
        self._process.stdin.flush()

    def _line(self, command: str) -> bytes:
        assert self._process.stdout is not None
        deadline = time.monotonic() + self._timeout
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while b"\n" not in self._pending:
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    raise AssertionError(f"no answer to `{command}` in {self._timeout:g} s\n{self.errors()}")
                chunk = self._process.stdout.read1(65536)  # type: ignore[attr-defined]
                if not chunk:
                    raise AssertionError(f"the program ended at `{command}`\n{self.errors()}")
                self._pending += chunk
        line, self._pending = self._pending.split(b"\n", 1)
        return line
