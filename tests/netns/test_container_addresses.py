# SPDX-License-Identifier: MIT
"""On the addresses that ECS and EKS have, in a host of the test's own: a relative URI, and both of the agent's addresses."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from support import containers, netns
from support.daemon import Daemon, clean_environment

SCRIPT = """
import boto3
print(boto3.Session().get_credentials().method, boto3.client("sts").get_caller_identity()["Arn"])
"""


@pytest.fixture(scope="module")
def daemon():
    with netns.hosts(1) as (host,):
        for address in ("169.254.170.2/32", "169.254.170.23/32"):
            host.ip("addr", "add", address, "dev", "lo")
        host.ip("addr", "add", "fd00:ec2::23/128", "dev", "lo")
        config = containers.doors(ecs=["169.254.170.2:80"], eks=["169.254.170.23:80", "[fd00:ec2::23]:80"])
        with Daemon(config, prefix=host.exec_prefix) as running:
            running.host = host
            yield running


def environment(daemon: Daemon, flag: str) -> dict[str, str]:
    told = json.loads(daemon.ctl("env", "--json", flag).stdout)
    return clean_environment() | {name: value for name, value in told.items() if value is not None}


def run(daemon: Daemon, env: Mapping[str, str]) -> list[str]:
    variables = [f"{name}={value}" for name, value in env.items()]
    return daemon.host.run("env", "-i", *variables, sys.executable, "-c", SCRIPT, timeout=60).stdout.split()


def test_a_task_has_a_relative_uri(daemon: Daemon) -> None:
    env = environment(daemon, "--ecs")
    assert env["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"].startswith("/v2/credentials/")
    assert "AWS_CONTAINER_CREDENTIALS_FULL_URI" not in env
    assert env["ECS_CONTAINER_METADATA_URI_V4"].startswith("http://169.254.170.2/v4/")
    assert run(daemon, env) == ["container-role", containers.task_session(daemon)]


def test_metadata_version_2_has_a_fixed_path(daemon: Daemon) -> None:
    task = json.loads(daemon.host.run("curl", "-fsS", "http://169.254.170.2/v2/metadata").stdout)
    assert task["Family"] == "shop" and [c["Name"] for c in task["Containers"]] == ["web"]


@pytest.mark.parametrize("address", ["169.254.170.23", "[fd00:ec2::23]"])
def test_a_pod_has_the_agents_address(daemon: Daemon, address: str) -> None:
    env = environment(daemon, "--eks")
    env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = f"http://{address}/v1/credentials"
    daemon.note_secret(Path(env["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"]).read_text())
    method, arn = run(daemon, env)
    assert method == "container-role" and arn.startswith(containers.pod_session_prefix())


def test_env_gives_one_of_them(daemon: Daemon) -> None:
    uri = environment(daemon, "--eks")["AWS_CONTAINER_CREDENTIALS_FULL_URI"]
    assert uri in ("http://169.254.170.23/v1/credentials", "http://[fd00:ec2::23]/v1/credentials")
