# SPDX-License-Identifier: MIT
"""The metadata service on a host of its own, at its well-known addresses: clients on the next host, with no variable, and in a
container behind that host's bridge, where the hop limit decides."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from support import netns
from support.daemon import INSTANCE, REGION, ROLE, Daemon, clean_environment
from support.program import Program
from support.toolchain import build_go, build_java, build_js, build_rust

TOKEN = ("curl -s -m 2 -X PUT http://169.254.169.254/latest/api/token -H 'X-aws-ec2-metadata-token-ttl-seconds: 60'")
CREDENTIALS = """
import json, boto3, botocore.utils
session = boto3.Session()
credentials = session.get_credentials()
frozen = credentials.get_frozen_credentials()
region = botocore.utils.IMDSRegionProvider(session._session).provide()
print(json.dumps([credentials.method, frozen.access_key, frozen.secret_key, frozen.token, region]))
"""


@dataclass
class Network:
    server: netns.Host     # has the metadata service
    host: netns.Host       # its neighbour, as a machine of the same link
    container: netns.Host  # on a bridge of that host, routed


def link_of(host: netns.Host) -> str:
    """The interface that came last."""
    return json.loads(host.run("ip", "-j", "link").stdout)[-1]["ifname"]


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    with netns.hosts(3) as (server, host, container):
        netns.join(host, "10.96.0.2/24", server, "10.96.0.1/24")
        for each, address in ((host, "fd00:96::2/64"), (server, "fd00:96::1/64")):
            each.ip("addr", "add", address, "dev", link_of(each), "nodad")
        server.ip("addr", "add", "169.254.169.254/32", "dev", "lo")
        server.ip("addr", "add", "fd00:ec2::254/128", "dev", "lo", "nodad")
        host.ip("route", "add", "169.254.169.254/32", "via", "10.96.0.1")
        host.ip("route", "add", "fd00:ec2::254/128", "via", "fd00:96::1")
        # The container's cable ends in a bridge, as Docker has it; the bridge's address is its router.
        host.ip("link", "add", "docker0", "type", "bridge")
        host.ip("addr", "add", "172.20.0.1/16", "dev", "docker0")
        netns.join(container, "172.20.0.2/16", host, "192.0.2.1/32")
        host.ip("link", "set", link_of(host), "master", "docker0")
        host.ip("link", "set", "docker0", "up")
        host.set_sysctl("net.ipv4.ip_forward", "1")
        container.ip("route", "add", "default", "via", "172.20.0.1")
        server.ip("route", "add", "172.20.0.0/16", "via", "10.96.0.2")
        yield Network(server, host, container)


@pytest.fixture
def serve(network: Network):
    daemons: list[Daemon] = []

    def start(hop_limit: int) -> Daemon:
        config = {"imds": {"listen": ["169.254.169.254:80", "[fd00:ec2::254]:80"], "hop_limit": hop_limit}}
        daemons.append(Daemon(config, prefix=network.server.exec_prefix).__enter__())
        return daemons[-1]

    yield start
    for daemon in daemons:
        daemon.__exit__(None, None, None)


def without_variables(host: netns.Host, *command: str, **variables: str) -> str:
    environment = [f"{name}={value}" for name, value in (clean_environment() | variables).items()]
    return host.run("env", "-i", *environment, "AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null",
                    *command, timeout=60).stdout


def test_an_sdk_on_the_next_host(network: Network, serve) -> None:
    daemon = serve(1)
    method, key, secret, token, region = json.loads(without_variables(network.host, sys.executable, "-c", CREDENTIALS))
    daemon.note_secret(secret, token)
    assert (method, region) == ("iam-role", REGION)
    assert key == daemon.status()["instances"][0]["access_key_ids"]["imdsv2"]


def test_the_aws_cli_on_the_next_host(network: Network, serve) -> None:
    serve(1)
    aws = Path(sys.executable).with_name("aws")
    shown = without_variables(network.host, str(aws), "configure", "list")
    assert shown.count("iam-role") == 2, shown


def of_java(built: list[object], home: Path) -> list[object]:
    """Java asks the system, not HOME, where a user's files are."""
    return [built[0], f"-Duser.home={home}", *built[1:]]


SDKS: dict[str, Callable[[Path], list[object]]] = {  # the program, by the home directory
    "go_v2": lambda home: [*build_go("go_v2"), "default"],
    "js": lambda home: [*build_js("js"), "default"],
    "java_v2": lambda home: [*of_java(build_java("java_v2"), home), "default"],
    # The URL is that of STS, which is not asked.
    "java_v1": lambda home: [*of_java(build_java("java_v1"), home), "default", "http://127.0.0.1:1", REGION],
    "rust": lambda home: [*build_rust("rust"), "default"],
}


@pytest.mark.parametrize("sdk", SDKS)
def test_each_sdk_with_no_variable(network: Network, serve, sdk: str, tmp_path: Path) -> None:
    """Nothing but PATH and a home without files. By IPv6 no address is told either, only the mode."""
    command = [*network.host.exec_prefix, *SDKS[sdk](tmp_path)]
    by_ipv4 = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    by_ipv6 = by_ipv4 | {"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv6"}
    daemon = serve(1)
    key = daemon.status()["instances"][0]["access_key_ids"]["imdsv2"]
    with Program(command, by_ipv4) as first, Program(command, by_ipv6) as second:
        for program in (first, second):
            assert program.ask("credentials")["access_key_id"] == key
            assert program.ask("region") == {"ok": True, "region": REGION, "metadata_region": REGION}


def test_by_ipv6(network: Network, serve) -> None:
    """No address is told: SDKs have fd00:ec2::254 built in, and a mode that chooses it."""
    daemon = serve(1)
    method, key, secret, token, _ = json.loads(without_variables(
        network.host, sys.executable, "-c", CREDENTIALS, AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE="IPv6"))
    daemon.note_secret(secret, token)
    assert method == "iam-role" and key.startswith("ASIA")
    url = "http://[fd00:ec2::254]/latest/meta-data"
    assert network.host.run("curl", "-sg", f"{url}/instance-id").stdout == INSTANCE
    assert network.host.run("curl", "-sg", f"{url}/iam/security-credentials/").stdout == ROLE


@pytest.mark.parametrize("hop_limit, reaches", [(1, False), (2, True)])
def test_the_hop_limit_across_a_bridge(network: Network, serve, hop_limit: int, reaches: bool) -> None:
    daemon = serve(hop_limit)
    instance = "curl -s -m 5 http://169.254.169.254/latest/meta-data/instance-id"
    assert network.container.run("sh", "-c", instance).stdout == INSTANCE, "all but the token passes"
    for host, expected in ((network.host, True), (network.container, reaches)):
        token = host.run("sh", "-c", TOKEN, check=False).stdout
        daemon.note_secret(token)
        assert bool(token) == expected
