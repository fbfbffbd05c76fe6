# SPDX-License-Identifier: MIT
"""A daemon whose doors for containers are open: one ECS task, one pod of EKS, and the instance beside them."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from support.daemon import ACCOUNT, ROLE, Daemon, role
from support.waiting import wait_for

TASK_ROLE = "task-role"
POD_ROLE = "pod-role"
TOKEN = "an-authorization-token"
CLUSTER = "dev"

_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def trust(service: str, *actions: str) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": service}, "Action": list(actions)}]})


def roles() -> list[dict[str, Any]]:
    return [
        role(ROLE),
        {"name": TASK_ROLE, "trust_policy": trust("ecs-tasks.amazonaws.com", "sts:AssumeRole")},
        {"name": POD_ROLE, "trust_policy": trust("pods.eks.amazonaws.com", "sts:AssumeRole", "sts:TagSession")},
    ]


def doors(ecs: list[str] | None = None, eks: list[str] | None = None) -> dict[str, Any]:
    return {
        "ecs": {"listen": ecs or ["127.0.0.1:0"], "cluster": CLUSTER,
                "task": [{"family": "shop", "role": TASK_ROLE, "container": [{"name": "web", "image": "nginx:1.27"}]}]},
        "eks": {"listen": eks or ["127.0.0.1:0"], "cluster": CLUSTER,
                "pod_identity_association": [{"namespace": "shop", "service_account": "cart", "role": POD_ROLE}]},
        "iam": {"role": roles()},
    }


# Each with what it takes to pass: tasks may be asked for an authorization token, pods always are.
DOORS = ("ecs", "ecs-with-token", "eks")


def flag(door: str) -> str:
    """Of `imdsctl env`."""
    return "--eks" if door == "eks" else "--ecs"


def start_behind(door: str, start_daemon: Callable[..., Daemon]) -> Daemon:
    daemon = start_daemon(doors())
    if door == "ecs-with-token":
        daemon.write_config(with_token(daemon))
        daemon.reload()
        wait_for("the token", lambda: report(daemon)["ecs"]["authorization_token_file"] is not None)
    return daemon


def assert_session(daemon: Daemon, door: str, arn: str) -> None:
    if door == "eks":
        assert arn.startswith(pod_session_prefix()), arn
    else:
        assert arn == task_session(daemon)


def with_token(daemon: Daemon) -> dict[str, Any]:
    """To be merged into the configuration: requests for a task's credentials need TOKEN."""
    path = daemon.directory / "ecs-token"
    path.write_text(TOKEN)
    daemon.note_secret(TOKEN)
    return {"ecs": {"authorization_token_file": str(path)}}


def report(daemon: Daemon) -> dict[str, Any]:
    """GET /v1/containers of the admin socket."""
    connection = http.client.HTTPConnection("localhost", timeout=20)
    with contextlib.closing(connection):
        connection.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.sock.connect(str(daemon.socket_path))
        connection.request("GET", "/v1/containers")
        answer = connection.getresponse()
        body = answer.read()
    assert answer.status == 200, body
    return json.loads(body)


def task_session(daemon: Daemon) -> str:
    """The ARN that GetCallerIdentity tells the task."""
    task_id = report(daemon)["ecs"]["tasks"][0]["task_arn"].rpartition("/")[2]
    return f"arn:aws:sts::{ACCOUNT}:assumed-role/{TASK_ROLE}/{task_id}"


def pod_session_prefix() -> str:
    return f"arn:aws:sts::{ACCOUNT}:assumed-role/{POD_ROLE}/eks-{CLUSTER}-cart-"


def get(url: str, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(url, headers=headers)
    try:
        with _OPENER.open(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
