# SPDX-License-Identifier: MIT
"""STS as botocore sees it, with keys of every kind."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request

import boto3
import botocore.exceptions
import pytest
from botocore.config import Config

from support.daemon import ACCOUNT, EC2_TRUST, INSTANCE, REGION, ROLE, Daemon
from support.waiting import wait_for

SECRET = "a-long-term-secret-of-this-test-run-0001"
USER_KEY = "AKIAIMDSDTESTKEY0001"
OTHER_KEY = "AKIAIMDSDTESTKEY0002"


def policy(effect: str, action: str, resource: str = "*") -> str:
    return json.dumps({"Version": "2012-10-17",
                       "Statement": [{"Effect": effect, "Action": action, "Resource": resource}]})


def trust(*principals: str) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": list(principals)}, "Action": "sts:AssumeRole"}]})


USERS_AND_ROLES = {
    "iam": {
        "role": [
            {"name": ROLE, "trust_policy": EC2_TRUST,
             "policies": [{"name": "assume", "document": policy("Allow", "sts:AssumeRole")}]},
            {"name": "trusts-dev", "trust_policy": trust(f"arn:aws:iam::{ACCOUNT}:user/dev"),
             "max_session_duration": 7200},
            {"name": "trusts-account", "trust_policy": trust(f"arn:aws:iam::{ACCOUNT}:root")},
            {"name": "trusts-app-role", "trust_policy": trust(f"arn:aws:iam::{ACCOUNT}:role/{ROLE}"),
             "max_session_duration": 43200},
        ],
        "user": [
            {"name": "dev", "access_keys": [{"id": USER_KEY, "secret_env": "DEV_SECRET"}]},
            {"name": "admin", "policies": [{"name": "all", "document": policy("Allow", "sts:*")}],
             "access_keys": [{"id": OTHER_KEY, "secret_env": "DEV_SECRET"}]},
        ],
    }
}


def start(start_daemon, config: dict | None = None) -> Daemon:
    daemon = start_daemon({**USERS_AND_ROLES, **(config or {})}, env={"DEV_SECRET": SECRET})
    daemon.note_secret(SECRET)
    return daemon


def sts(daemon: Daemon, key: str = USER_KEY, secret: str = SECRET, token: str | None = None):
    return boto3.session.Session().client(
        "sts", endpoint_url=f"http://{daemon.aws}", region_name=REGION, aws_access_key_id=key,
        aws_secret_access_key=secret, aws_session_token=token, config=Config(retries={"total_max_attempts": 1}))


def of_document(daemon: Daemon, version: int = 2):
    document = daemon.document(version)
    return sts(daemon, document["AccessKeyId"], document["SecretAccessKey"], document["Token"])


def of_session(daemon: Daemon, answer: dict):
    credentials = answer["Credentials"]
    daemon.note_secret(credentials["SecretAccessKey"], credentials["SessionToken"])
    return sts(daemon, credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials["SessionToken"])


def role_arn(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def refused(call, *args, **kwargs) -> tuple[int, str, str]:
    with pytest.raises(botocore.exceptions.ClientError) as error:
        call(*args, **kwargs)
    response = error.value.response
    return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"], response["Error"]["Message"]


@pytest.fixture(scope="module")
def daemon():
    with Daemon(USERS_AND_ROLES, env={"DEV_SECRET": SECRET}) as running:
        running.note_secret(SECRET)
        yield running


@pytest.mark.parametrize("version", [1, 2])
def test_the_instance_is_its_role(daemon: Daemon, version: int) -> None:
    identity = of_document(daemon, version).get_caller_identity()
    assert identity["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/{ROLE}/{INSTANCE}"
    assert identity["Account"] == ACCOUNT
    assert identity["UserId"].startswith("AROA") and identity["UserId"].endswith(f":{INSTANCE}")


def test_a_user_is_itself(daemon: Daemon) -> None:
    identity = sts(daemon).get_caller_identity()
    assert identity["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/dev"
    assert identity["UserId"].startswith("AIDA")


@pytest.mark.parametrize("client, message", [
    (lambda d: sts(d, secret="wrong"), (403, "SignatureDoesNotMatch", "The request signature we calculated")),
    (lambda d: sts(d, key="AKIAUNKNOWNKEY000001"), (403, "InvalidClientTokenId", "The security token included in the request is invalid.")),
    (lambda d: sts(d, token="bm90IGEgdG9rZW4="), (403, "", "")),
], ids=["secret", "key", "token with a long-term key"])
def test_bad_signers_are_refused(daemon: Daemon, client, message) -> None:
    status, code, text = refused(client(daemon).get_caller_identity)
    assert status == message[0] and message[1] in code and text.startswith(message[2])


def test_a_session_token_belongs_to_its_key(daemon: Daemon) -> None:
    one, two = daemon.document(1), daemon.document(2)
    mixed = sts(daemon, one["AccessKeyId"], one["SecretAccessKey"], two["Token"])
    assert refused(mixed.get_caller_identity)[:2] == (403, "InvalidClientTokenId")
    alone = sts(daemon, one["AccessKeyId"], one["SecretAccessKey"])
    assert refused(alone.get_caller_identity)[:2] == (403, "InvalidClientTokenId")


def test_a_trust_policy_that_names_the_user_is_enough(daemon: Daemon) -> None:
    answer = sts(daemon).assume_role(RoleArn=role_arn("trusts-dev"), RoleSessionName="one")
    assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/trusts-dev/one"
    assert "PackedPolicySize" not in answer
    assert of_session(daemon, answer).get_caller_identity()["Arn"] == answer["AssumedRoleUser"]["Arn"]


def test_a_trust_policy_that_names_the_account_leaves_it_to_identity_policies(daemon: Daemon) -> None:
    arn = role_arn("trusts-account")
    denied = refused(sts(daemon).assume_role, RoleArn=arn, RoleSessionName="one")
    assert denied == (403, "AccessDenied", f"User: arn:aws:iam::{ACCOUNT}:user/dev is not authorized to perform: "
                                           f"sts:AssumeRole on resource: {arn}")
    answer = sts(daemon, OTHER_KEY).assume_role(RoleArn=arn, RoleSessionName="one")
    assert of_session(daemon, answer).get_caller_identity()["Arn"].endswith("/trusts-account/one")


def test_a_missing_role_and_a_denial_read_alike(daemon: Daemon) -> None:
    status, code, text = refused(sts(daemon).assume_role, RoleArn=role_arn("nobody"), RoleSessionName="one")
    assert (status, code) == (403, "AccessDenied")
    assert text == (f"User: arn:aws:iam::{ACCOUNT}:user/dev is not authorized to perform: "
                    f"sts:AssumeRole on resource: {role_arn('nobody')}")


def test_durations(daemon: Daemon) -> None:
    dev = sts(daemon)
    over_role = refused(dev.assume_role, RoleArn=role_arn("trusts-dev"), RoleSessionName="one", DurationSeconds=7201)
    assert over_role == (400, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
    instance = of_document(daemon)
    over_chain = refused(instance.assume_role, RoleArn=role_arn("trusts-app-role"), RoleSessionName="one", DurationSeconds=3601)
    assert over_chain == (400, "ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.")
    assert instance.assume_role(RoleArn=role_arn("trusts-app-role"), RoleSessionName="one", DurationSeconds=3600)


def test_sessions_survive_a_restart(start_daemon) -> None:
    daemon = start(start_daemon)
    document = daemon.document()
    answer = sts(daemon).assume_role(RoleArn=role_arn("trusts-dev"), RoleSessionName="one")
    daemon.restart()
    before = sts(daemon, document["AccessKeyId"], document["SecretAccessKey"], document["Token"])
    assert before.get_caller_identity()["Account"] == ACCOUNT
    assert of_session(daemon, answer).get_caller_identity()["Arn"].endswith("trusts-dev/one")


def test_a_role_that_the_file_no_longer_declares_ends_its_sessions(start_daemon) -> None:
    daemon = start(start_daemon)
    session = of_session(daemon, sts(daemon).assume_role(RoleArn=role_arn("trusts-dev"), RoleSessionName="one"))
    assert session.get_caller_identity()
    roles = [r for r in USERS_AND_ROLES["iam"]["role"] if r["name"] != "trusts-dev"]
    daemon.write_config({"iam": {"role": roles}})
    daemon.reload()
    wait_for("the reload", lambda: "reloaded" in daemon.log)
    removed = [line for line in daemon.log.splitlines() if "its sessions end" in line]
    assert any(f"iam::{ACCOUNT}:role/trusts-dev" in line for line in removed)
    assert refused(session.get_caller_identity)[:2] == (403, "InvalidClientTokenId")
    # Declared again it is another role: its sessions of before stay dead.
    daemon.write_config(USERS_AND_ROLES)
    daemon.reload()
    wait_for("the role to be back", lambda: _assumable(daemon))
    assert refused(session.get_caller_identity)[:2] == (403, "InvalidClientTokenId")


def _assumable(daemon: Daemon) -> bool:
    try:
        of_session(daemon, sts(daemon).assume_role(RoleArn=role_arn("trusts-dev"), RoleSessionName="two"))
        return True
    except botocore.exceptions.ClientError:
        return False


def test_presigned_get_caller_identity(daemon: Daemon) -> None:
    url = sts(daemon).generate_presigned_url("get_caller_identity", ExpiresIn=60, HttpMethod="GET")
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=5) as answer:
        assert f"<Arn>arn:aws:iam::{ACCOUNT}:user/dev</Arn>" in answer.read().decode()


SIGV4A_PROGRAM = """
import boto3
client = boto3.client("sts")
seen = []
client.meta.events.register("before-send", lambda request, **_: seen.append(request.headers["Authorization"]))
print(client.get_caller_identity()["Arn"], seen[0].split()[0].decode())
"""


def test_boto3_may_sign_with_sigv4a(daemon: Daemon) -> None:
    """In a process of its own: the tests' own one keeps botocore from loading awscrt."""
    env = daemon.sdk_env() | {"AWS_AUTH_SCHEME_PREFERENCE": "sigv4a", "AWS_SIGV4A_SIGNING_REGION_SET": "eu-west-1,us-*"}
    env.pop("BOTO_DISABLE_CRT", None)
    done = subprocess.run([sys.executable, "-c", SIGV4A_PROGRAM], env=env, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == [f"arn:aws:sts::{ACCOUNT}:assumed-role/{ROLE}/{INSTANCE}", "AWS4-ECDSA-P256-SHA256"], (
        done.stderr)


def test_expired_credentials_say_so(start_daemon) -> None:
    daemon = start(start_daemon, {"credentials": {"lifetime": "5s"}})
    client = of_document(daemon)
    assert client.get_caller_identity()

    def expired() -> str:
        try:
            client.get_caller_identity()
            return ""
        except botocore.exceptions.ClientError as error:
            return error.response["Error"]["Code"]

    assert wait_for("the session to expire", expired) == "ExpiredToken"


@pytest.mark.parametrize("mode, unknown_key, denied_call", [
    ("enforce", "InvalidClientTokenId", "AccessDenied"),
    ("audit", "InvalidClientTokenId", None),
    ("off", None, None),
])
def test_auth_modes(start_daemon, mode: str, unknown_key: str | None, denied_call: str | None) -> None:
    daemon = start(start_daemon, {"auth": {"mode": mode}})

    def outcome(call, **kwargs) -> str | None:
        try:
            call(**kwargs)
            return None
        except botocore.exceptions.ClientError as error:
            return error.response["Error"]["Code"]

    assert outcome(sts(daemon, key="test", secret="test").get_caller_identity) == unknown_key
    if mode == "off":
        assert sts(daemon, key="test", secret="test").get_caller_identity()["Arn"] == f"arn:aws:iam::{ACCOUNT}:root"
    # Ours keep their identity in every mode.
    assert of_document(daemon).get_caller_identity()["Arn"].endswith(INSTANCE)
    instance = of_document(daemon)
    assert outcome(instance.assume_role, RoleArn=role_arn("trusts-dev"), RoleSessionName="one") == denied_call
    if mode == "audit":
        assert any("warn" in line and "trusts-dev" in line for line in daemon.log.splitlines())


def test_an_unlisted_host_name_is_refused_and_sts_localhost_is_not(daemon: Daemon) -> None:
    import http.client
    host, port = daemon.aws.rsplit(":", 1)
    for name, expected in (("rebind.attacker.example", 403), ("sts.localhost", 403)):
        connection = http.client.HTTPConnection(host, int(port), timeout=5)
        connection.request("GET", "/?Action=GetCallerIdentity&Version=2011-06-15", headers={"Host": name})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        assert answer.status == expected
        # The one is refused for its name, the other only for having no signature.
        assert ("MissingAuthenticationToken" in text) == (name == "sts.localhost")
