# SPDX-License-Identifier: MIT
"""Sessions as boto3 sees them, and policies for their tests."""

from __future__ import annotations

import json
from typing import Any

from support.daemon import ACCOUNT, Daemon
from support.iam import client


def policy(*actions: str, resource: Any = "*", effect: str = "Allow", condition: dict | None = None) -> str:
    statement = {"Effect": effect, "Action": list(actions), "Resource": resource}
    if condition:
        statement["Condition"] = condition
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def trust(principal: Any, *actions: str, condition: dict | None = None) -> str:
    """`principal`: an ARN or several, which the role trusts with `actions`, sts:AssumeRole if there are none."""
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": list(actions) or ["sts:AssumeRole"]}
    if condition:
        statement["Condition"] = condition
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def user_arn(name: str, account: str = ACCOUNT) -> str:
    return f"arn:aws:iam::{account}:user/{name}"


def role_arn(name: str, account: str = ACCOUNT) -> str:
    return f"arn:aws:iam::{account}:role/{name}"


def of_session(daemon: Daemon, answer: dict[str, Any], service: str = "sts"):
    """A client with the credentials of an answer of STS."""
    credentials = answer["Credentials"]
    daemon.note_secret(credentials["SessionToken"])
    return client(daemon, credentials["AccessKeyId"], credentials["SecretAccessKey"], service,
                  credentials["SessionToken"])


def tags(**values: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in values.items()]
