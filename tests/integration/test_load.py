# SPDX-License-Identifier: MIT
"""Many clients at once. IMDSD_LOAD_SCALE shrinks the loads (a tenth under sanitizers)."""

from __future__ import annotations

import contextlib
import os
import resource
import socket
import subprocess
import time

import pytest

from support.daemon import ROLE, Daemon, bin_dir

SCALE = float(os.environ.get("IMDSD_LOAD_SCALE", "1"))
CREDENTIALS = f"/latest/meta-data/iam/security-credentials/{ROLE}"


@pytest.fixture(autouse=True, scope="module")
def descriptors():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 12000 * SCALE:
        pytest.skip(f"at most {hard} open files are allowed here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def address(daemon: Daemon) -> tuple[str, int]:
    host, port = daemon.imds.rsplit(":", 1)
    return host, int(port)


def read_answer(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        assert piece, f"closed after {data[:80]!r}"
        data += piece
    head, body = data.split(b"\r\n\r\n", 1)
    lengths = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    while len(body) < int(lengths[0].split(b":")[1]):
        body += connection.recv(65536)
    assert head.startswith(b"HTTP/1.1 200 "), head
    return body


def sdk_exchange(where: tuple[str, int]) -> None:
    """PUT, GET, GET on a connection of its own, as an SDK does it."""
    with socket.create_connection(where, timeout=5) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(b"PUT /latest/api/token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n"
                           b"X-aws-ec2-metadata-token-ttl-seconds: 21600\r\n\r\n")
        end = b" HTTP/1.1\r\nHost: 127.0.0.1\r\nX-aws-ec2-metadata-token: " + read_answer(connection) + b"\r\n\r\n"
        path = b"GET /latest/meta-data/iam/security-credentials/"
        connection.sendall(path + end)
        role = read_answer(connection)
        connection.sendall(path + role + end)
        assert b'"Code" : "Success"' in read_answer(connection)


def p99(where: tuple[str, int], count: int) -> float:
    times = []
    for _ in range(count):
        before = time.perf_counter()
        sdk_exchange(where)
        times.append(time.perf_counter() - before)
    return sorted(times)[int(count * 0.99)]


def test_idle_and_half_sent_connections_do_not_slow_a_fresh_sdk(start_daemon) -> None:
    daemon = start_daemon({"log": {"level": "info"}})
    where = address(daemon)
    count = max(100, int(400 * SCALE))
    idle_daemon = p99(where, count)
    with contextlib.ExitStack() as open_connections:
        for number in range(int(5000 * SCALE)):
            connection = open_connections.enter_context(socket.create_connection(where, timeout=5))
            if number % 2:
                connection.sendall(b"GET /latest/meta-data/instance-id HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                read_answer(connection)
        for number in range(int(500 * SCALE)):
            connection = open_connections.enter_context(socket.create_connection(where, timeout=5))
            connection.sendall(b"PUT /latest/api/token HTTP/1.1\r\nHost: 127.0.0.1\r\nX-aws-ec2-metad"[: 10 + number % 60])
        reader = start_reader(daemon, connections=2, count=int(1_000_000 * SCALE))
        try:
            busy_daemon = p99(where, count)
            still_reading = reader.poll() is None
        finally:
            reader.kill()
            reader.wait()
    assert still_reading, "the reader ended before the measure did"
    assert busy_daemon <= 20 * idle_daemon, f"{busy_daemon * 1000:.2f} ms against {idle_daemon * 1000:.2f} ms"


def start_reader(daemon: Daemon, *, connections: int, count: int) -> subprocess.Popen[str]:
    token = daemon.imds_client().token()
    host, port = address(daemon)
    return subprocess.Popen(
        [bin_dir() / "document_reader", host, str(port), CREDENTIALS, token, str(connections), str(count)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_no_torn_empty_or_expired_document_while_credentials_rotate(start_daemon) -> None:
    daemon = start_daemon({"log": {"level": "info"}, "credentials": {"lifetime": "5s"}})
    count = int(1_000_000 * SCALE)
    with start_reader(daemon, connections=16, count=count) as reader:
        # Beside the rotation in time, one by command after another.
        while reader.poll() is None:
            daemon.rotate()
        output, errors = reader.communicate()
    assert reader.returncode == 0, errors
    reads, keys = map(int, output.split())
    assert reads == count
    assert keys >= 3, "the credentials hardly rotated during the reads"
