# SPDX-License-Identifier: MIT
"""The console as a browser's scripts, and as imdsctl, see it."""

from __future__ import annotations

import contextlib
import http.client
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from support.daemon import ACCOUNT, Daemon, bin_dir, clean_environment

LISTEN = {"console": {"listen": ["127.0.0.1:0"]}}
PASSWORD, NEW_PASSWORD = "The-1st-password", "The-2nd-password"


def trust(principal: str) -> str:
    """A trust policy for "root", "user/James" or the like of our account."""
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:{principal}"}, "Action": "sts:AssumeRole"}]})


def allow(*actions: str, resource: str = "*") -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": list(actions), "Resource": resource}]})


@contextlib.contextmanager
def user_with_password(iam, name: str, *, reset: bool = False) -> Iterator[str]:
    iam.create_user(UserName=name)
    iam.create_login_profile(UserName=name, Password=PASSWORD, PasswordResetRequired=reset)
    yield name
    for policy in iam.list_user_policies(UserName=name)["PolicyNames"]:
        iam.delete_user_policy(UserName=name, PolicyName=policy)
    iam.delete_login_profile(UserName=name)
    iam.delete_user(UserName=name)


@contextlib.contextmanager
def role(iam, name: str, trusted: str, *actions: str) -> Iterator[str]:
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(trusted))
    iam.put_role_policy(RoleName=name, PolicyName="may", PolicyDocument=allow(*actions))
    yield name
    iam.delete_role_policy(RoleName=name, PolicyName="may")
    iam.delete_role(RoleName=name)


class ConsoleClient:
    """One browser's session, without the browser."""

    def __init__(self, daemon: Daemon) -> None:
        self.daemon = daemon
        self.address = daemon.status()["console"]["listen"][0]
        self.cookie = ""
        self.csrf_token = ""

    def send(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None):
        """Status, headers, body."""
        connection = http.client.HTTPConnection(self.address, timeout=30)
        sent = {"Cookie": self.cookie} if self.cookie else {}
        if method == "POST":
            sent |= {"Content-Type": "application/json", "X-CSRF-Token": self.csrf_token}
        connection.request(method, path, None if body is None else json.dumps(body), sent | (headers or {}))
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        if cookie := response.headers.get("Set-Cookie"):
            self.cookie = cookie.partition(";")[0]
            self.daemon.note_secret(self.cookie.partition("=")[2])
        return response.status, response.headers, text

    def call(self, method: str, name: str, body: Any = None) -> tuple[int, dict[str, Any]]:
        status, _, text = self.send(method, f"/api/{name}", {} if body is None and method == "POST" else body)
        answer = json.loads(text)
        self.csrf_token = answer.get("csrf_token", self.csrf_token)
        self.daemon.note_secret(answer.get("SecretAccessKey", ""), answer.get("SessionToken", ""))
        return status, answer

    def sign_in(self, user: str, password: str = PASSWORD, **more: str) -> tuple[int, dict[str, Any]]:
        self.daemon.note_secret(password)
        return self.call("POST", "sign-in", {"user": user, "password": password, **more})


class ConsoleCommands:
    """imdsctl with a place of its own for the session."""

    def __init__(self, daemon: Daemon, state: Path) -> None:
        self.daemon = daemon
        self.env = clean_environment() | {"XDG_STATE_HOME": str(state)}
        self.session_file = state / "imdsctl" / "session"

    def command(self, *args: str) -> list[str]:
        return [str(bin_dir() / "imdsctl"), "--socket", str(self.daemon.socket_path), *args]

    def run(self, *args: str, typed: str = "", code: int = 0) -> str:
        """What it prints: on standard output, or on standard error where it fails."""
        done = subprocess.run(self.command(*args), input=typed, capture_output=True, text=True, timeout=60, env=self.env)
        assert done.returncode == code, f"{args} ended with {done.returncode}: {done.stdout}{done.stderr}"
        return done.stderr if code else done.stdout
