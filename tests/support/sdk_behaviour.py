# SPDX-License-Identifier: MIT
"""What SDKs do when the metadata service misbehaves: each scenario of `imdsctl fault scenario`, twice.

At the start: a new process makes its first call. At a renewal: a process has credentials whose end comes, and the
trouble is there when it asks for the next ones. The end that the first document tells is a lie of a fault rule
(`--clock-skew`): the keys are good, as EC2's are while it cannot renew them, so that what an SDK does is its own choice.
"""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.daemon import REGION, Daemon
from support.program import Program
from support.relay import Relay, redirected
from support.sdk_suite import expiry
from support.toolchain import CONFORMANCE, build_go, build_java, build_js, build_rust, skip
from support.waiting import wait_for

PATIENCE = 90.0  # seconds for one call
LIFE_LEFT = 6.0  # seconds that the first set of a renewal seems to have


@dataclass(frozen=True)
class Outcome:
    key: str  # "v1", "v2": of which document; "old": the set of before; empty: no credentials
    error: str
    tokens: int  # requests for tokens
    reads: int  # other requests
    seconds: float

    @property
    def requests(self) -> int:
        return self.tokens + self.reads


@dataclass(frozen=True)
class Sdk:
    title: str
    build: Callable[[], list[object]]
    version: Callable[[], str]
    env_options: tuple[str, ...] = ()
    arguments: Callable[[Mapping[str, str]], list[str]] = lambda env: ["default"]
    command_line: bool = False  # each call is a process
    at_the_end: str = ""  # a command that moves the SDK's clock where it asks again
    renews: bool = True  # a renewal can be watched in seconds


class Caller:
    """Makes calls as the instance's role; a process for all of them, unless the SDK is a command line."""

    def __init__(self, sdk: Sdk, built: list[object], env: Mapping[str, str]) -> None:
        self._sdk, self._built, self._env = sdk, built, env
        self._program = Program([*built, *sdk.arguments(env)], env, timeout=PATIENCE)

    def __enter__(self) -> Caller:
        if not self._sdk.command_line:
            self._program.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        if not self._sdk.command_line:
            # It may be stuck in a call: no matter how it ends.
            self._program.__exit__(RuntimeError)

    def call(self) -> str:
        """The error, or nothing."""
        try:
            if self._sdk.command_line:
                return _run_cli(self._built, self._env)
            answer = self._program.try_ask("identity")
            return "" if answer["ok"] else str(answer["error"])
        except subprocess.TimeoutExpired:
            return f"no answer within {PATIENCE:g} s"
        except AssertionError as ended_or_silent:
            said = str(ended_or_silent)
            return said if said.startswith("the program ended") else said.splitlines()[0]

    def move_to_the_end(self) -> None:
        if self._sdk.at_the_end:
            self._program.ask(self._sdk.at_the_end)


def _run_cli(built: list[object], env: Mapping[str, str]) -> str:
    command = [str(part) for part in built] + ["sts", "get-caller-identity"]
    if _cli_version(built[0]) < (2, 13) and _cli_version(built[0])[0] == 2:
        command += ["--endpoint-url", env["AWS_ENDPOINT_URL"]]
    result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE,
                            env={**env, "AWS_PAGER": ""})
    return "" if result.returncode == 0 else result.stderr.strip()


def _cli_version(path: object) -> tuple[int, ...]:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60)
    found = re.search(r"aws-cli/(\d+)\.(\d+)\.(\d+)", said.stdout + said.stderr)
    return tuple(map(int, found.groups())) if found else ()


def _python_package(name: str) -> str:
    from importlib.metadata import version

    return version(name)


def _found(file: str, pattern: str) -> Callable[[], str]:
    return lambda: re.search(pattern, (CONFORMANCE / file).read_text()).group(1)  # type: ignore[union-attr]


def _system_cli() -> list[object]:
    path = Path("/usr/bin/aws")
    if not path.exists() or _cli_version(path)[:1] != (2,):
        skip("there is no AWS CLI 2 at /usr/bin/aws")
    return [path]


SDKS = {
    "boto3": Sdk("boto3", lambda: [sys.executable, CONFORMANCE / "boto3" / "program.py"],
                 lambda: _python_package("boto3"), arguments=lambda env: [], at_the_end="advance 1500"),
    "awscli1": Sdk("AWS CLI 1", lambda: [Path(sys.executable).parent / "aws"],
                   lambda: _python_package("awscli"), command_line=True),
    "awscli2": Sdk("AWS CLI 2", _system_cli, lambda: ".".join(map(str, _cli_version("/usr/bin/aws"))), command_line=True),
    "js": Sdk("JavaScript v3", lambda: build_js("js"),
              _found("js/package.json", r'"@aws-sdk/client-sts": "([\d.]+)"')),
    "js_provider": Sdk("JavaScript v3 `fromInstanceMetadata()`", lambda: build_js("js"),
                       _found("js/package.json", r'"@smithy/credential-provider-imds": "([\d.]+)"'),
                       arguments=lambda env: ["instance-profile"]),
    "java_v2": Sdk("Java 2.x", lambda: build_java("java_v2"),
                   _found("java_v2/pom.xml", r"<artifactId>sts</artifactId>\s*<version>([\d.]+)<")),
    "java_v1": Sdk("Java 1.x", lambda: build_java("java_v1"),
                   _found("java_v1/pom.xml", r"<artifactId>aws-java-sdk-sts</artifactId>\s*<version>([\d.]+)<"),
                   env_options=("--java",),
                   arguments=lambda env: ["default", env["AWS_ENDPOINT_URL"], REGION], renews=False),
    "go_v2": Sdk("Go v2", lambda: build_go("go_v2"),
                 _found("go_v2/go.mod", r"aws-sdk-go-v2/config v([\d.]+)")),
    "rust": Sdk("Rust", lambda: build_rust("rust"),
                _found("rust/Cargo.lock", r'name = "aws-config"\nversion = "([\d.]+)"')),
}


@contextlib.contextmanager
def _watched(daemon: Daemon, sdk: Sdk) -> Iterator[tuple[dict[str, str], Relay]]:
    """The environment for the SDK, and what sees its calls to STS."""
    aws = daemon.aws
    with Relay(aws, note_secret=daemon.note_secret) as relay:
        yield redirected(daemon.sdk_env(*sdk.env_options), {aws: relay}), relay


def _play(daemon: Daemon, scenario: str) -> None:
    """The scenario alone, with rules that only count: they add a millisecond to each answer."""
    daemon.ctl("fault", "clear")
    daemon.ctl("fault", "add", "--path", "api/token", "--latency", "1ms")
    daemon.ctl("fault", "add", "--path", "meta-data/*", "--latency", "1ms")
    if scenario:
        daemon.ctl("fault", "scenario", scenario)


def _counted(daemon: Daemon) -> tuple[int, int]:
    faults: list[dict[str, Any]] = json.loads(daemon.ctl("fault", "list", "--json").stdout)["faults"]
    return faults[0]["hits"], faults[1]["hits"]


def _outcome(daemon: Daemon, relay: Relay, caller: Caller, held: str = "") -> Outcome:
    relay.clear()
    before = time.monotonic()
    error = caller.call()
    seconds = time.monotonic() - before
    tokens, reads = _counted(daemon)
    if error:
        return Outcome("", error, tokens, reads, seconds)
    daemon.ctl("fault", "clear")
    keys = {daemon.document(version)["AccessKeyId"]: f"v{version}" for version in (1, 2)} | {held: "old"}
    return Outcome(keys.get(relay.last_access_key_id(), "another"), "", tokens, reads, seconds)


def at_the_start(daemon: Daemon, sdk: Sdk, built: list[object], scenario: str) -> Outcome:
    with _watched(daemon, sdk) as (env, relay), Caller(sdk, built, env) as caller:
        _play(daemon, scenario)
        return _outcome(daemon, relay, caller)


def at_a_renewal(daemon: Daemon, sdk: Sdk, built: list[object], scenario: str) -> Outcome:
    with _watched(daemon, sdk) as (env, relay), Caller(sdk, built, env) as caller:
        daemon.ctl("fault", "clear")
        end = time.time() + LIFE_LEFT
        early = int(expiry(daemon.document()) - end)
        daemon.ctl("fault", "add", "--path", "iam/*", "--clock-skew", f"-{early}s")
        assert (error := caller.call()) == "", error
        held = relay.last_access_key_id()
        daemon.rotate()  # so that the next set is another one
        _play(daemon, scenario)
        wait_for("the end of the first set", lambda: time.time() > end + 1)
        caller.move_to_the_end()
        return _outcome(daemon, relay, caller, held)
