# SPDX-License-Identifier: MIT
"""On 169.254.169.254, in a host of the test's own, nothing needs to be configured: AWS's documented commands and an SDK
without any setting."""

from __future__ import annotations

import json
import sys

import pytest

from support import netns
from support.daemon import INSTANCE, REGION, ROLE, Daemon, clean_environment

# From https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html, word for word.
DOCUMENTED = r"""
TOKEN=`curl -X PUT "http://169.254.169.254/latest/api/token" -H "X-aws-ec2-metadata-token-ttl-seconds: 21600"` \
    && curl -H "X-aws-ec2-metadata-token: $TOKEN" http://169.254.169.254/latest/meta-data/
echo; echo "$TOKEN"
"""
DOCUMENTED_V1 = "curl http://169.254.169.254/latest/meta-data/iam/security-credentials/"


@pytest.fixture(scope="module")
def daemon():
    with netns.hosts(1) as (host,):
        host.ip("addr", "add", "169.254.169.254/32", "dev", "lo")
        config = {"imds": {"listen": ["169.254.169.254:80"], "hop_limit": 1}, "log": {"level": "debug"}}
        with Daemon(config, prefix=host.exec_prefix) as running:
            running.host = host
            yield running


def test_the_documented_commands(daemon: Daemon) -> None:
    *listing, token = daemon.host.run("bash", "-c", DOCUMENTED).stdout.splitlines()
    daemon.note_secret(token)
    assert len(token) == 56
    assert {"ami-id", "hostname", "iam/", "instance-id", "local-ipv4", "mac", "placement/", "services/"} <= set(listing)
    assert daemon.host.run("bash", "-c", DOCUMENTED_V1).stdout == ROLE


def test_an_sdk_without_any_setting(daemon: Daemon) -> None:
    script = """
import json, boto3, botocore.utils
credentials = boto3.Session().get_credentials()
region = botocore.utils.IMDSRegionProvider(boto3.Session()._session).provide()
frozen = credentials.get_frozen_credentials()
print(json.dumps([credentials.method, frozen.access_key, frozen.secret_key, frozen.token, region]))
"""
    environment = [f"{name}={value}" for name, value in clean_environment().items()]
    output = daemon.host.run("env", "-i", *environment, "AWS_CONFIG_FILE=/dev/null",
                             "AWS_SHARED_CREDENTIALS_FILE=/dev/null", sys.executable, "-c", script).stdout
    method, key, secret, token, region = json.loads(output)
    daemon.note_secret(secret, token)
    assert method == "iam-role" and region == REGION
    assert key == daemon.status()["instances"][0]["access_key_ids"]["imdsv2"]
    assert daemon.status()["instances"][0]["id"] == INSTANCE


def test_the_address_may_come_after_the_daemon() -> None:
    """As with `imdsctl up`, or beside a container that gives it to the shared namespace."""
    with netns.hosts(1) as (host,):
        with Daemon({"imds": {"listen": ["169.254.169.254:80", "[fd00:ec2::254]:80"]}}, prefix=host.exec_prefix):
            curl = ["curl", "-sSg", "--max-time", "5"]
            assert host.run(*curl, "http://169.254.169.254/latest/meta-data/instance-id", check=False).returncode != 0
            host.ip("addr", "add", "169.254.169.254/32", "dev", "lo")
            host.ip("addr", "add", "fd00:ec2::254/128", "dev", "lo", "nodad")
            for url in ("http://169.254.169.254", "http://[fd00:ec2::254]"):
                assert host.run(*curl, f"{url}/latest/meta-data/instance-id").stdout == INSTANCE
