# SPDX-License-Identifier: MIT
"""What SDKs do when the metadata service misbehaves: each scenario of `imdsctl fault scenario`, twice.

At the start: a new process makes its first call. At a renewal: a process has credentials whose end comes, and the
trouble is there when it asks for the next ones. The end that the first document tells is a lie of a fault rule
(`--clock-skew`): the keys are good, as EC2's are while it cannot renew them, so that what an SDK does is its own choice.
Two scenarios have a place of their own: `rotation-stops` waits for the true end of a short set, and `hop-limit-1` has a router
between the SDK and the service.
"""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support import netns
from support.daemon import REGION, Daemon, clean_environment
from support.program import Program
from support.relay import Relay, redirected
from support.sdk_suite import expiry
from support.toolchain import CONFORMANCE, build_go, build_java, build_js, build_rust, skip
from support.waiting import wait_for

PATIENCE = 90.0  # seconds for one call
LIFE_LEFT = 6.0  # seconds that the first set of a renewal seems to have
LIFETIME = "1h"
SHORT_LIFETIME = "20s"  # of the sets of `rotation-stops`
# Flags that make an outcome the same in each run: with this seed the first answer is the one that takes over 2 s.
FLAGS: Mapping[str, Sequence[str]] = {"slow-tail": ("--seed", "53")}


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


@dataclass(frozen=True)
class Place:
    """Where an SDK's program runs, and how the key that it uses is known: by its calls to STS, which a relay sees, or where that
    cannot be reached by what it says itself."""

    daemon: Daemon
    env: Mapping[str, str]
    relay: Relay | None = None
    prefix: Sequence[str] = field(default_factory=tuple)

    @property
    def command(self) -> str:
        return "identity" if self.relay else "credentials"

    def used_key(self, answer: Mapping[str, Any]) -> str:
        return self.relay.last_access_key_id() if self.relay else str(answer["access_key_id"])


class Caller:
    """Makes calls as the instance's role; a process for all of them, unless the SDK is a command line."""

    def __init__(self, sdk: Sdk, built: list[object], place: Place) -> None:
        self._sdk, self._place = sdk, place
        self._built = [*place.prefix, *map(str, built)]
        self._program = Program([*self._built, *sdk.arguments(place.env)], place.env, timeout=PATIENCE)

    def __enter__(self) -> Caller:
        if not self._sdk.command_line:
            self._program.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        if not self._sdk.command_line:
            # It may be stuck in a call: no matter how it ends.
            self._program.__exit__(RuntimeError)

    def call(self) -> tuple[str, str]:
        """The key that was used and no error, or the error."""
        try:
            answer = self._run() if self._sdk.command_line else self._program.try_ask(self._place.command)
            return (self._place.used_key(answer), "") if answer["ok"] else ("", str(answer["error"]))
        except subprocess.TimeoutExpired:
            return "", f"no answer within {PATIENCE:g} s"
        except AssertionError as ended_or_silent:
            said = str(ended_or_silent)
            return "", said if said.startswith("the program ended") else said.splitlines()[0]

    def move_to_the_end(self) -> None:
        if self._sdk.at_the_end:
            self._program.ask(self._sdk.at_the_end)

    def _run(self) -> dict[str, Any]:
        """A command line's call, as a program would answer it."""
        words = ["sts", "get-caller-identity"] if self._place.relay else ["configure", "list"]
        version = _cli_version(self._built[-1])
        if self._place.relay and version[0] == 2 and version < (2, 13):
            words += ["--endpoint-url", self._place.env["AWS_ENDPOINT_URL"]]
        done = subprocess.run([*self._built, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=PATIENCE, env={**self._place.env, "AWS_PAGER": ""})
        if done.returncode:
            return {"ok": False, "error": done.stderr.strip()}
        if self._place.relay:
            return {"ok": True}
        key = re.search(r"access_key\W+(\w{4})\W+iam-role", done.stdout)  # its last four letters
        return {"ok": key is not None, "access_key_id": key and key[1], "error": "no credentials"}


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
def on_loopback(daemon: Daemon, sdk: Sdk) -> Iterator[Place]:
    aws = daemon.aws
    with Relay(aws, note_secret=daemon.note_secret) as relay:
        yield Place(daemon, redirected(daemon.sdk_env(*sdk.env_options), {aws: relay}), relay)


def start_daemon(lifetime: str = LIFETIME) -> Daemon:
    return Daemon({"log": {"level": "info"}, "credentials": {"lifetime": lifetime}})


@contextlib.contextmanager
def behind_a_router(sdk: Sdk) -> Iterator[Place]:
    """Three hosts of the test's own, which nothing leads out of: the service, a router, and the SDK's."""
    with netns.hosts(3) as (server, router, client):
        netns.join(router, "10.98.0.2/24", server, "10.98.0.1/24")
        netns.join(client, "10.98.1.2/24", router, "10.98.1.1/24")
        router.set_sysctl("net.ipv4.ip_forward", "1")
        client.ip("route", "add", "default", "via", "10.98.1.1")
        server.ip("route", "add", "10.98.1.0/24", "via", "10.98.0.2")
        config = {"imds": {"listen": ["10.98.0.1:0"]}, "credentials": {"lifetime": LIFETIME}}
        with Daemon(config, prefix=server.exec_prefix) as daemon:
            told = json.loads(daemon.ctl("env", "--json", *sdk.env_options).stdout)
            env = clean_environment() | {name: value for name, value in told.items() if value is not None}
            yield Place(daemon, env, prefix=client.exec_prefix)


def _play(daemon: Daemon, scenario: str) -> None:
    """The scenario alone, with rules that only count: they add a millisecond to each answer."""
    daemon.ctl("fault", "clear")
    daemon.ctl("fault", "add", "--path", "api/token", "--latency", "1ms")
    daemon.ctl("fault", "add", "--path", "meta-data/*", "--latency", "1ms")
    if scenario:
        daemon.ctl("fault", "scenario", scenario, *FLAGS.get(scenario, ()))


def _counted(daemon: Daemon) -> tuple[int, int]:
    faults: list[dict[str, Any]] = json.loads(daemon.ctl("fault", "list", "--json").stdout)["faults"]
    return faults[0]["hits"], faults[1]["hits"]


def _instance(daemon: Daemon) -> dict[str, Any]:
    return daemon.status()["instances"][0]


def _end(daemon: Daemon) -> float:
    return expiry({"Expiration": _instance(daemon)["expiration"]})


def _outcome(place: Place, caller: Caller, held: str = "") -> Outcome:
    if place.relay:
        place.relay.clear()
    before = time.monotonic()
    key, error = caller.call()
    seconds = time.monotonic() - before
    tokens, reads = _counted(place.daemon)
    if error:
        return Outcome("", error, tokens, reads, seconds)
    keys = {each: f"v{name[-1]}" for name, each in _instance(place.daemon)["access_key_ids"].items()} | {held: "old"}
    used = next((name for each, name in keys.items() if key and each.endswith(key)), "another")
    return Outcome(used, "", tokens, reads, seconds)


def at_the_start(place: Place, sdk: Sdk, built: list[object], scenario: str) -> Outcome:
    with Caller(sdk, built, place) as caller:
        _play(place.daemon, scenario)
        if scenario == "rotation-stops":
            _wait_for_the_end_of(place.daemon)
        return _outcome(place, caller)


def at_a_renewal(place: Place, sdk: Sdk, built: list[object], scenario: str) -> Outcome:
    daemon = place.daemon
    with Caller(sdk, built, place) as caller:
        daemon.ctl("fault", "clear")
        end = time.time() + LIFE_LEFT
        if scenario != "rotation-stops":
            daemon.ctl("fault", "add", "--path", "iam/*", "--clock-skew", f"-{int(_end(daemon) - end)}s")
        held, error = caller.call()
        assert error == "", error
        if scenario == "rotation-stops":
            _play(daemon, scenario)
            _wait_for_the_end_of(daemon)
        else:
            daemon.rotate()  # so that the next set is another one
            _play(daemon, scenario)
            wait_for("the end of the first set", lambda: time.time() > end + 1)
        if scenario == "flapping":
            _play(daemon, scenario)  # from its beginning
        caller.move_to_the_end()
        return _outcome(place, caller, held)


def _wait_for_the_end_of(daemon: Daemon) -> None:
    """Of the set that is served on and on: the rotation's own goes on, unseen."""
    end = _end(daemon)
    wait_for("the end of the set", lambda: time.time() > end + 1, timeout=30)
