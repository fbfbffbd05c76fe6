# SPDX-License-Identifier: MIT
"""IAM's API as boto3 sees it, called by the administrator that the daemon made at its first start."""

from __future__ import annotations

import configparser
import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import botocore.exceptions
import pytest
from botocore.config import Config

from support.daemon import REGION, Daemon

ADMIN_PROFILE = "imdsd-admin"

ANY_POLICY = json.dumps({"Version": "2012-10-17",
                         "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})


def client(daemon: Daemon, key: str, secret: str, service: str = "iam", token: str | None = None):
    """A client that tries once: what the first answer says is what is tested."""
    daemon.note_secret(secret)
    return boto3.session.Session().client(
        service, endpoint_url=f"http://{daemon.aws}", region_name=REGION, aws_access_key_id=key,
        aws_secret_access_key=secret, aws_session_token=token, config=Config(retries={"total_max_attempts": 1}))


def admin_keys(daemon: Daemon) -> tuple[str, str]:
    """Id and secret of the administrator's access key."""
    credentials = configparser.ConfigParser()
    credentials.read(daemon.directory / "state" / "credentials")
    profile = credentials[ADMIN_PROFILE]
    return profile["aws_access_key_id"], profile["aws_secret_access_key"]


def admin_client(daemon: Daemon, service: str = "iam"):
    return client(daemon, *admin_keys(daemon), service)


def refused(call: Callable[..., Any], **parameters: Any) -> tuple[int, str, str]:
    """Status, code and message of the error that the call must end with."""
    with pytest.raises(botocore.exceptions.ClientError) as error:
        call(**parameters)
    response = error.value.response
    told = response["Error"]
    return response["ResponseMetadata"]["HTTPStatusCode"], told["Code"], told.get("Message", "")


def refusal(call: Callable[..., Any], **parameters: Any) -> tuple[int, str]:
    """The same without the message."""
    return refused(call, **parameters)[:2]


@pytest.fixture
def own_iam(daemon: Daemon):
    """The administrator's client on a daemon of this test's own."""
    return admin_client(daemon)


@pytest.fixture
def iam(shared_daemon: Daemon):
    """The administrator's client; all tests of a module share the daemon and clean up behind themselves."""
    return admin_client(shared_daemon)


@pytest.fixture
def iam_as(shared_daemon: Daemon, iam) -> Iterator[Callable[[str], Any]]:
    """iam_as(user_name): a client with a key of that user, which goes when the test ends."""
    made = []

    def of_user(name: str):
        key = iam.create_access_key(UserName=name)["AccessKey"]
        made.append((name, key["AccessKeyId"]))
        return client(shared_daemon, key["AccessKeyId"], key["SecretAccessKey"])

    yield of_user
    for name, key_id in made:
        try:
            iam.delete_access_key(UserName=name, AccessKeyId=key_id)
        except iam.exceptions.NoSuchEntityException:
            pass  # the test deleted it


@pytest.fixture
def user(iam, request: pytest.FixtureRequest) -> Iterator[str]:
    """A user of this test's own; what the test gives it, it takes away again."""
    name = f"u-{request.node.name}"[:64].translate(str.maketrans("[]", "--"))
    iam.create_user(UserName=name)
    yield name
    for key in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]:
        iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
    iam.delete_user(UserName=name)
