# SPDX-License-Identifier: MIT
"""The hop limit is the IP TTL of the token answer: behind a router, a limit of 1 keeps the token away, for good."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from support import netns
from support.daemon import INSTANCE, Daemon

SERVER = "10.99.2.2"

# Speaks to the daemon from the client's host. Steps: get, put, wait (for anything, 2 s: longer than the
# kernel's first retransmissions). Prints what each step got.
CLIENT = r"""
import json, socket, sys
host, port, steps = sys.argv[1], int(sys.argv[2]), sys.argv[3].split(",")
HEAD = " HTTP/1.1\r\nHost: %s\r\n" % host
REQUESTS = {"get": "GET /latest/meta-data/instance-id" + HEAD + "\r\n",
            "put": "PUT /latest/api/token" + HEAD + "X-aws-ec2-metadata-token-ttl-seconds: 60\r\nContent-Length: 0\r\n\r\n"}
connection = socket.create_connection((host, port), timeout=5)
connection.settimeout(2)
results = []
for step in steps:
    try:
        connection.sendall(REQUESTS[step].encode())
        data = connection.recv(65536).decode()
        results.append(data.split("\r\n\r\n", 1)[1] if data.startswith("HTTP/1.1 200") else "closed")
    except TimeoutError:
        results.append("nothing")
    except ConnectionError:
        results.append("closed")
print(json.dumps(results))
"""


@pytest.fixture(scope="module")
def network() -> Iterator[tuple[netns.Host, netns.Host]]:
    """client — router — server."""
    with netns.hosts(3) as (client, router, server):
        netns.join(client, "10.99.1.2/24", router, "10.99.1.1/24")
        netns.join(router, "10.99.2.1/24", server, f"{SERVER}/24")
        router.set_sysctl("net.ipv4.ip_forward", "1")
        client.ip("route", "add", "default", "via", "10.99.1.1")
        server.ip("route", "add", "default", "via", "10.99.2.1")
        yield client, server


def steps(network: tuple[netns.Host, netns.Host], hop_limit: int, *names: str) -> list[str]:
    client, server = network
    config = {"imds": {"listen": [f"{SERVER}:80"], "hop_limit": hop_limit}}
    with Daemon(config, prefix=server.exec_prefix) as daemon:
        output = client.run("python3", "-c", CLIENT, SERVER, "80", ",".join(names)).stdout
        results = json.loads(output)
        daemon.note_secret(*(text for text in results if len(text) == 56))
        return results


def test_a_limit_of_1_keeps_the_token_on_its_side_of_the_router(network) -> None:
    assert steps(network, 1, "put") == ["nothing"]


def test_so_it_does_on_a_connection_that_was_in_use(network) -> None:
    assert steps(network, 1, "get", "get", "put") == [INSTANCE, INSTANCE, "nothing"]


def test_the_limit_binds_the_token_answer_only(network) -> None:
    assert steps(network, 1, "get") == [INSTANCE]


def test_a_limit_of_2_passes_one_router(network) -> None:
    token, instance, second = steps(network, 2, "put", "get", "put")
    assert len(token) == len(second) == 56 and token != second
    assert instance == INSTANCE


def test_a_neighbour_gets_the_token_with_a_limit_of_1(network) -> None:
    _, server = network
    with Daemon({"imds": {"listen": [f"{SERVER}:80"], "hop_limit": 1}}, prefix=server.exec_prefix) as daemon:
        output = server.run("python3", "-c", CLIENT, SERVER, "80", "put,get,put").stdout
        first, instance, second = json.loads(output)
        daemon.note_secret(first, second)
        assert len(first) == len(second) == 56 and instance == INSTANCE
