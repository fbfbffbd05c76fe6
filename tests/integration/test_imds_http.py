# SPDX-License-Identifier: MIT
"""The metadata port as plain HTTP clients see it."""

from __future__ import annotations

import socket
import subprocess

import pytest

from support.daemon import INSTANCE, ROLE, ZONE, Daemon

CREDENTIALS = f"/latest/meta-data/iam/security-credentials/{ROLE}"
MANY_RANGES = "bytes=" + ",".join(["0-"] * 1900)


def curl(daemon: Daemon, path: str, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["curl", "-sS", "--noproxy", "*", "--max-time", "5", *options, f"http://{daemon.imds}{path}"],
        capture_output=True, text=True, timeout=10)


def raw(daemon: Daemon, request: bytes) -> bytes:
    """Everything the daemon answers until it closes; the client has sent its last byte."""
    host, port = daemon.imds.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
        return answer


def test_curl_puts_without_a_length_and_gets_with_the_token(shared_daemon: Daemon) -> None:
    token = curl(shared_daemon, "/latest/api/token", "-X", "PUT", "-H",
                 "X-aws-ec2-metadata-token-ttl-seconds: 21600").stdout
    shared_daemon.note_secret(token)
    assert len(token) == 56
    assert curl(shared_daemon, "/latest/meta-data/instance-id", "-H", f"X-aws-ec2-metadata-token: {token}").stdout == INSTANCE
    listing = curl(shared_daemon, "/latest/meta-data/", "-H", f"X-aws-ec2-metadata-token: {token}").stdout
    assert {"ami-id", "iam/", "instance-id", "placement/"} <= set(listing.split("\n"))


@pytest.mark.parametrize("name, value", [
    ("Range", "bytes=1-0"),
    ("Range", "bytes=0-3"),
    ("Range", MANY_RANGES),
    ("Accept-Encoding", "gzip, deflate, br"),
    ("If-None-Match", "*"),
], ids=["impossible range", "range", "1,900 ranges", "compression", "condition"])
def test_headers_that_ec2_does_not_obey_change_nothing(shared_daemon: Daemon, name: str, value: str) -> None:
    plain = shared_daemon.imds_client().get("/latest/meta-data/placement/availability-zone")
    asked = shared_daemon.imds_client().request("GET", "/latest/meta-data/placement/availability-zone", {name: value})
    assert (asked.status, asked.body) == (200, ZONE.encode()) == (plain.status, plain.body)
    assert "content-encoding" not in asked.headers
    assert "content-range" not in asked.headers


@pytest.mark.parametrize("request_bytes", [
    b"GET /latest/meta-data/ HTTP/1.1\r\n\r\n",
    b"GET /latest/meta-data/ HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: localhost\r\n\r\n",
    b"PUT /latest/api/token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nContent-Length: 1\r\n\r\n",
    b"PUT /latest/api/token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"GET /latest/meta-data/\0 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"GET /latest/meta-data/ HTTP/1.1\nHost: 127.0.0.1\n\n",
    b"GET /latest/meta-data/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX: a\rb\r\n\r\n",
], ids=["no Host", "two Hosts", "two lengths", "length and chunked", "NUL", "bare LF", "bare CR"])
def test_ambiguous_requests_are_refused_and_the_connection_closed(shared_daemon: Daemon, request_bytes: bytes) -> None:
    follow_up = b"GET /latest/meta-data/instance-id HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    answer = raw(shared_daemon, request_bytes + follow_up)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert INSTANCE.encode() not in answer


@pytest.mark.parametrize("host, status", [
    ("127.0.0.1", 200),
    ("127.0.0.1:1338", 200),
    ("[::1]:1338", 200),
    ("::1", 200),
    ("169.254.169.254", 200),
    ("localhost:1338", 200),
    ("metadata.example.com", 200),  # listed
    ("rebind.attacker.example", 403),
    ("127.0.0.1.attacker.example", 403),
    ("sts.localhost", 403),  # on the AWS port only
])
def test_a_rebinding_name_is_refused(start_daemon, host: str, status: int) -> None:
    daemon = start_daemon({"imds": {"allowed_hosts": ["metadata.example.com"]}})
    assert daemon.imds_client().request("GET", "/latest/meta-data/instance-id", {"Host": host}).status == status


@pytest.mark.parametrize("header", [{"Origin": "http://127.0.0.1:1338"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_page_in_a_browser_is_refused(shared_daemon: Daemon, header: dict[str, str]) -> None:
    assert shared_daemon.imds_client().request("GET", CREDENTIALS, header).status == 403


def test_v1_and_v2_answers_carry_credentials_of_their_own(shared_daemon: Daemon) -> None:
    v1, v2 = shared_daemon.document(1), shared_daemon.document(2)
    assert list(v1) == ["Code", "LastUpdated", "Type", "AccessKeyId", "SecretAccessKey", "Token", "Expiration"]
    assert v1["Code"] == v2["Code"] == "Success"
    assert v1["AccessKeyId"] != v2["AccessKeyId"]
    assert v1["Expiration"] == v2["Expiration"]


def test_required_tokens(start_daemon) -> None:
    client = start_daemon({"imds": {"http_tokens": "required"}}).imds_client()
    refused = client.get("/latest/meta-data/instance-id")
    assert (refused.status, refused.body) == (401, b"")
    assert client.get("/latest/meta-data/instance-id", client.token()).text == INSTANCE


def test_a_token_of_another_daemon_is_foreign(shared_daemon: Daemon, start_daemon) -> None:
    token = shared_daemon.imds_client().token()
    assert start_daemon().imds_client().get("/latest/meta-data/instance-id", token).status == 401


def test_a_disabled_endpoint_answers_403_to_everything(start_daemon) -> None:
    client = start_daemon({"imds": {"http_endpoint": "disabled"}}).imds_client()
    assert client.get("/latest/meta-data/instance-id").status == 403
    assert client.request("PUT", "/latest/api/token", {"X-aws-ec2-metadata-token-ttl-seconds": "60"}).status == 403


def test_both_families_and_several_addresses(start_daemon) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    daemon = start_daemon({"imds": {"listen": ["127.0.0.1:0", "[::1]:0"]}})
    addresses = daemon.status()["imds"]["listen"]
    assert len(addresses) == 2 and addresses[1].startswith("[::1]:")
    port = int(addresses[1].rsplit(":", 1)[1])
    with socket.create_connection(("::1", port), timeout=5) as connection:
        connection.sendall(b"GET /latest/meta-data/instance-id HTTP/1.1\r\nHost: ::1\r\nConnection: close\r\n\r\n")
        answer = b""
        while piece := connection.recv(4096):
            answer += piece
    assert answer.endswith(INSTANCE.encode())
