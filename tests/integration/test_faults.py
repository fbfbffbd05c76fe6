# SPDX-License-Identifier: MIT
"""Trouble on command, over real sockets: what a client sees, and that the daemon stays well."""

from __future__ import annotations

import concurrent.futures
import http.client
import json
import socket
import struct
import subprocess
import time
from typing import Any

import pytest

from support.daemon import ROLE, Daemon
from support.imds import CREDENTIALS_PATH, TOKEN_PATH
from support.waiting import wait_for

MAC = "/latest/meta-data/mac"
CREDENTIALS = CREDENTIALS_PATH + ROLE


def add(daemon: Daemon, *flags: str) -> dict[str, Any]:
    return json.loads(daemon.ctl("fault", "add", *flags, "--json").stdout)


def play(daemon: Daemon, scenario: str) -> None:
    daemon.ctl("fault", "scenario", scenario)


def faults(daemon: Daemon) -> list[dict[str, Any]]:
    return json.loads(daemon.ctl("fault", "list", "--json").stdout)["faults"]


def connect(daemon: Daemon) -> socket.socket:
    host, port = daemon.imds.rsplit(":", 1)
    return socket.create_connection((host, int(port)), timeout=10)


def send(connection: socket.socket, path: str) -> None:
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())


def test_a_count_is_exact_under_64_clients(daemon: Daemon) -> None:
    count, each, clients = 300, 10, 64
    fault = add(daemon, "--path", "mac", "--status", "503", "--count", str(count))
    host, port = daemon.imds.rsplit(":", 1)

    def ask() -> list[int]:
        connection = http.client.HTTPConnection(host, int(port), timeout=30)
        statuses = []
        for _ in range(each):
            connection.request("GET", MAC)
            answer = connection.getresponse()
            answer.read()
            statuses.append(answer.status)
        connection.close()
        return statuses

    with concurrent.futures.ThreadPoolExecutor(clients) as pool:
        statuses = [s for done in [pool.submit(ask) for _ in range(clients)] for s in done.result()]
    assert statuses.count(503) == count and statuses.count(200) == clients * each - count
    [listed] = faults(daemon)
    assert (listed["id"], listed["hits"], listed["count_left"], listed["state"]) == (fault["id"], count, 0, "over")


def test_a_reset_is_a_reset(daemon: Daemon) -> None:
    add(daemon, "--path", "mac", "--reset")
    with connect(daemon) as connection:
        send(connection, MAC)
        with pytest.raises(ConnectionResetError):
            connection.recv(1)
    assert daemon.imds_client().get("/latest/meta-data/instance-id").status == 200


def test_a_hang_answers_nothing_and_holds_up_nobody(start_daemon) -> None:
    daemon = start_daemon({"http": {"idle_timeout": "1s", "event_threads": 1}})
    add(daemon, "--path", "mac", "--hang")
    with connect(daemon) as connection:
        send(connection, MAC)
        assert daemon.imds_client().get("/latest/meta-data/instance-id").status == 200
        assert connection.recv(1) == b"", "the idle limit ends it"


def test_latency_holds_back_the_first_byte(daemon: Daemon) -> None:
    add(daemon, "--path", "mac", "--latency", "300ms", "--count", "1")
    client = daemon.imds_client()
    before = time.monotonic()
    assert client.get(MAC).status == 200
    assert time.monotonic() - before >= 0.3


def test_a_connection_that_is_cut_promises_more_than_it_sends(daemon: Daemon) -> None:
    whole = daemon.document(version=1)
    play(daemon, "cut-off")
    with pytest.raises(http.client.IncompleteRead) as cut:
        daemon.imds_client().get(CREDENTIALS)
    part = cut.value.partial
    assert 0 < len(part) < cut.value.expected + len(part)
    assert whole["AccessKeyId"] in part.decode()
    daemon.note_secret(whole["SecretAccessKey"], whole["Token"])


def test_half_a_document_agrees_with_its_length(daemon: Daemon) -> None:
    play(daemon, "half-json")
    answer = daemon.imds_client().get(CREDENTIALS)
    assert answer.status == 200 and int(answer.headers["content-length"]) == len(answer.body)
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.text)


def test_hop_limit_1_is_the_ttl_of_the_packets(daemon: Daemon) -> None:
    play(daemon, "hop-limit-1")
    with connect(daemon) as connection:
        # Like a client one router away: the kernel drops what arrives with a smaller TTL.
        connection.setsockopt(socket.IPPROTO_IP, socket.IP_MINTTL if hasattr(socket, "IP_MINTTL") else 21, 2)
        connection.settimeout(0.5)
        connection.sendall(f"PUT {TOKEN_PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n"
                           "X-aws-ec2-metadata-token-ttl-seconds: 60\r\n\r\n".encode())
        with pytest.raises(TimeoutError):
            connection.recv(1)
    daemon.ctl("fault", "clear")
    assert daemon.imds_client().token()


def test_expired_credentials_still_sign(daemon: Daemon) -> None:
    """As EC2's static stability has it: the document's end is past, the keys are good."""
    fresh = daemon.document()
    play(daemon, "credentials-expired")
    expired = daemon.document()
    assert expired["Expiration"] < fresh["LastUpdated"]
    assert expired["SecretAccessKey"] == fresh["SecretAccessKey"]


def test_rotation_stops_for_clients_and_goes_on_behind(start_daemon) -> None:
    daemon = start_daemon({"credentials": {"lifetime": "5s"}})
    play(daemon, "rotation-stops")
    held = daemon.document()
    daemon.rotate()
    assert daemon.document() == held
    wait_for("the end of the set that is held",
             lambda: time.time() > time.mktime(time.strptime(held["Expiration"], "%Y-%m-%dT%H:%M:%SZ")) - time.timezone)
    assert daemon.document() == held, "beyond its end"
    daemon.ctl("fault", "clear")
    assert daemon.document()["AccessKeyId"] != held["AccessKeyId"]


def test_throttling_lets_a_burst_pass(daemon: Daemon) -> None:
    add(daemon, "--path", "mac", "--rate", "1/h", "--burst", "3")
    client = daemon.imds_client()
    assert [client.get(MAC).status for _ in range(5)] == [200, 200, 200, 429, 429]


def test_a_caller_is_told_by_its_user_agent_and_address(daemon: Daemon) -> None:
    add(daemon, "--path", "mac", "--status", "503", "--user-agent", "*Boto3*", "--peer", "127.0.0.0/8")
    client = daemon.imds_client()
    assert client.request("GET", MAC, {"User-Agent": "Boto3/1.42 Botocore/1.42"}).status == 503
    assert client.get(MAC).status == 200


def test_a_rule_that_cannot_work_is_refused_with_place_and_reason(daemon: Daemon) -> None:
    for flags, told in {
        ("--probability", "1.5", "--status", "500"): "probability: must be above 0 and at most 1 (got `1.5`)",
        ("--count", "0", "--status", "500"): "count: must be a whole number from 1 to 1000000000 (got `0`)",
        ("--stauts", "500"): "there is no field `stauts`, did you mean `status`?",
        ("--reset", "--status", "500"): "status: contradicts `reset`: nothing is answered",
        ("--path", "iam/*"): "the rule does nothing: give it an effect, such as `status`, `latency` or `reset`",
    }.items():
        result = daemon.ctl("fault", "add", *flags, check=False)
        assert result.returncode == 1 and told in result.stderr, result.stderr
    result = daemon.ctl("--instance", "nobody", "fault", "add", "--reset", check=False)
    assert result.returncode == 1 and "nobody" in result.stderr
    assert faults(daemon) == []


def test_the_admin_socket_takes_forms_of_curl(daemon: Daemon) -> None:
    made = subprocess.run(
        ["curl", "-sS", "--fail", "--unix-socket", daemon.socket_path, "-d", "path=mac", "-d", "status=418",
         "http://localhost/v1/faults"], capture_output=True, text=True, check=True, timeout=30).stdout
    assert json.loads(made)["rule"] == {"path": "mac", "status": "418"}
    assert daemon.imds_client().get(MAC).status == 418


def test_no_scenario_stops_the_daemon(start_daemon) -> None:
    daemon = start_daemon({"http": {"idle_timeout": "1s"}})
    scenarios = json.loads(daemon.ctl("fault", "scenario", "--list", "--json").stdout)["scenarios"]
    assert len(scenarios) >= 12
    for scenario in scenarios:
        play(daemon, scenario["name"])
    for _ in range(3):
        for path in (MAC, CREDENTIALS, "/", "/latest/dynamic/instance-identity/document"):
            with connect(daemon) as connection:
                send(connection, path)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert len(faults(daemon)) == len(scenarios), "the admin socket is never struck"
    assert json.loads(daemon.ctl("fault", "clear", "--json").stdout)["cleared"] == len(scenarios)
    assert daemon.document()["Code"] == "Success"


def test_rules_outlive_a_reload_and_not_a_restart(daemon: Daemon) -> None:
    add(daemon, "--path", "mac", "--status", "503")
    daemon.write_config({"imds": {"hop_limit": 3}})
    daemon.reload()
    wait_for("the reload", lambda: daemon.status()["imds"]["hop_limit"] == 3)
    assert daemon.imds_client().get(MAC).status == 503
    daemon.restart()
    assert daemon.imds_client().get(MAC).status == 200 and faults(daemon) == []


def test_the_configuration_has_rules_from_the_start(start_daemon) -> None:
    instance = {"profile": ROLE, "fault": [{"path": "mac", "status": 503, "count": 1},
                                           {"scenario": "half-json", "for": "1h", "reset": False}]}
    daemon = start_daemon({"instance": [instance]})
    assert [daemon.imds_client().get(MAC).status for _ in range(2)] == [503, 200]
    assert [fault["scenario"] for fault in faults(daemon)] == ["config", "config"]
    daemon.write_config({"instance": [{"profile": ROLE, "fault": [instance["fault"][0]]}]})
    daemon.reload()
    [left] = wait_for("the reload", lambda: (now := faults(daemon)) and len(now) == 1 and now)
    assert (left["hits"], left["state"]) == (1, "over")
