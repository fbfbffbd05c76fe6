# SPDX-License-Identifier: MIT
"""AWS CLI: version 1 of the lock file, and the system's version 2 where there is one. Every command is a process."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from support import containers
from support.daemon import REGION, Daemon, bin_dir, clean_environment
from support.sdk_suite import (
    SHORT_LIFETIME,
    assert_identity,
    assert_spoke_imdsv1,
    assert_spoke_imdsv2,
    relays,
    without_region,
)
from support.toolchain import skip
from support.waiting import wait_for

_V1 = Path(sys.executable).parent / "aws"
_SYSTEM = Path("/usr/bin/aws")


@dataclass(frozen=True)
class Cli:
    path: Path
    version: tuple[int, ...]

    @property
    def major(self) -> int:
        return self.version[0]

    def knows_endpoint_url(self) -> bool:
        return self.version >= ((1, 29) if self.major == 1 else (2, 13))

    def run(self, env: Mapping[str, str], *args: str) -> str:
        endpoint = [] if self.knows_endpoint_url() else ["--endpoint-url", env["AWS_ENDPOINT_URL"]]
        result = subprocess.run(
            [self.path, *args, *endpoint],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=90,
            env={**env, "AWS_PAGER": ""},
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    def identity(self, env: Mapping[str, str]) -> None:
        answer = json.loads(self.run(env, "sts", "get-caller-identity", "--output", "json"))
        assert_identity({"arn": answer["Arn"], "account": answer["Account"], "user_id": answer["UserId"]})


def _version(path: Path) -> tuple[int, ...]:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60)
    found = re.search(r"aws-cli/(\d+)\.(\d+)\.(\d+)", said.stdout + said.stderr)
    return tuple(map(int, found.groups())) if found else ()


def _found() -> Iterator[object]:
    yield pytest.param(_V1, id="v1")
    # Version 2 is on no package index and only in some distributions; its absence is not a skip.
    if _SYSTEM.exists() and _version(_SYSTEM)[:1] == (2,):
        yield pytest.param(_SYSTEM, id="v2-of-the-system")


@pytest.fixture(scope="module", params=_found())
def cli(request: pytest.FixtureRequest) -> Cli:
    if not request.param.exists():
        skip(f"{request.param} is missing; tests/requirements.txt installs it")
    return Cli(request.param, _version(request.param))


def test_gets_credentials_that_sts_accepts(cli: Cli, shared_daemon: Daemon) -> None:
    cli.identity(shared_daemon.sdk_env())


def test_speaks_imdsv2_where_tokens_are_required(cli: Cli, start_daemon: Callable[..., Daemon]) -> None:
    daemon = start_daemon({"imds": {"http_tokens": "required"}})
    with relays(daemon) as through:
        cli.identity(through.env)
        assert_spoke_imdsv2(through.imds)
        assert through.sts.last_access_key_id() == daemon.document(version=2)["AccessKeyId"]


def test_falls_back_to_imdsv1(cli: Cli, shared_daemon: Daemon) -> None:
    with relays(shared_daemon, refuse_put=405) as through:
        cli.identity(through.env)
        assert_spoke_imdsv1(through.imds)
        assert through.sts.last_access_key_id() == shared_daemon.document(version=1)["AccessKeyId"]


def test_reads_the_region_from_imds(cli: Cli, shared_daemon: Daemon) -> None:
    with relays(shared_daemon) as through:
        if cli.major == 2:
            env = without_region(through.env)
            listed = cli.run(env, "configure", "list")
            assert re.search(rf"^\s*region\s+{REGION}\s+imds", listed, re.MULTILINE), listed
        else:
            # Version 1 takes no region from IMDS; its `auto` defaults mode compares the two.
            cli.identity({**through.env, "AWS_DEFAULTS_MODE": "auto"})
        zones = [e for e in through.imds.exchanges if "placement/availability-zone" in e.target]
        assert zones and all(e.status == 200 for e in zones), through.imds.summary()
        assert {e.answer.body.decode() for e in zones} == {REGION + "b"}


def test_a_new_process_gets_the_set_of_now(cli: Cli, start_daemon: Callable[..., Daemon]) -> None:
    daemon = start_daemon({"credentials": {"lifetime": SHORT_LIFETIME}})
    with relays(daemon) as through:
        cli.identity(through.env)
        first = through.sts.last_access_key_id()
        wait_for("another set", lambda: daemon.document(version=2)["AccessKeyId"] != first)
        cli.identity(through.env)
        assert through.sts.last_access_key_id() != first


@pytest.mark.parametrize("door", containers.DOORS)
def test_goes_through_the_doors_of_containers(cli: Cli, door: str, start_daemon: Callable[..., Daemon]) -> None:
    daemon = containers.start_behind(door, start_daemon)
    answer = json.loads(cli.run(daemon.sdk_env(containers.flag(door)), "sts", "get-caller-identity", "--output", "json"))
    containers.assert_session(daemon, door, answer["Arn"])


def test_the_line_of_the_readme_on_a_laptop_with_an_aws_setup(shared_daemon: Daemon, tmp_path: Path) -> None:
    """Whatever was set up there must neither win nor be reached; all of it leads to a closed port."""
    nowhere = "http://127.0.0.1:9"
    (tmp_path / ".aws").mkdir()
    static_key = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = static\n"
    for name in ("config", "credentials"):
        (tmp_path / ".aws" / name).write_text(f"[default]\nregion = us-west-2\n{static_key}")
    env = clean_environment() | {
        "PATH": f"{_V1.parent}:{bin_dir()}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "IMDSD_ADMIN_SOCKET": str(shared_daemon.socket_path),
        "AWS_PROFILE": "default",
        "AWS_DEFAULT_PROFILE": "default",
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "static",
        "AWS_SESSION_TOKEN": "static",
        "AWS_REGION": "us-west-2",
        "AWS_DEFAULT_REGION": "us-west-2",
        "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/other",
        "AWS_WEB_IDENTITY_TOKEN_FILE": "/dev/null",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": nowhere,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_EC2_METADATA_V1_DISABLED": "true",
        "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv6",
        "AWS_EC2_METADATA_SERVICE_ENDPOINT": nowhere,
        "AWS_ENDPOINT_URL": nowhere,
        "AWS_ENDPOINT_URL_STS": nowhere,
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
        "http_proxy": nowhere,
        "HTTP_PROXY": nowhere,
        "HTTPS_PROXY": nowhere,
    }
    line = 'eval "$(imdsctl env)" && aws sts get-caller-identity'
    result = subprocess.run(
        ["bash", "-c", line], env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=90
    )
    assert result.returncode == 0, result.stdout + result.stderr
    answer = json.loads(result.stdout)
    assert_identity({"arn": answer["Arn"], "account": answer["Account"], "user_id": answer["UserId"]})


def test_env_warns_of_a_cli_that_does_not_know_the_endpoint(cli: Cli, shared_daemon: Daemon) -> None:
    result = subprocess.run(
        [bin_dir() / "imdsctl", "--socket", shared_daemon.socket_path, "env"],
        env=clean_environment() | {"PATH": f"{cli.path.parent}:/usr/bin:/bin"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert result.returncode == 0, result.stderr
    warned = f"--endpoint-url http://{shared_daemon.aws}" in result.stdout + result.stderr
    assert warned != cli.knows_endpoint_url(), result.stdout + result.stderr
