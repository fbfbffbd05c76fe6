# SPDX-License-Identifier: MIT
"""AssumeRole with everything that it takes: what the session then may do, and what ends it."""

from __future__ import annotations

import datetime
import hashlib
import json
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.daemon import ACCOUNT, Daemon
from support.iam import admin_client, client, refused
from support.sts import of_session, policy, role_arn, tags, trust, user_arn

OTHER = "210987654321"
SECRET = "a-long-term-secret-of-this-test-run-0002"
DEV_KEY, GUEST_KEY = "AKIAIMDSDTESTKEY0011", "AKIAIMDSDTESTKEY0012"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
DEV = user_arn("dev")
EVERYTHING = ("sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity")

CONFIG = {
    "iam": {
        "role": [
            {"name": "app-role", "trust_policy": trust(DEV)},
            {"name": "admin-role", "trust_policy": trust(DEV, *EVERYTHING), "attached": [ADMINISTRATOR],
             "max_session_duration": 43200},
            {"name": "first", "trust_policy": trust(DEV, *EVERYTHING)},
            {"name": "second", "trust_policy": trust(role_arn("first"), *EVERYTHING)},
            {"name": "third", "trust_policy": trust(role_arn("second"), *EVERYTHING, condition={
                "StringEquals": {"aws:PrincipalTag/Team": "red"}})},
            {"name": "itself", "trust_policy": trust([DEV, role_arn("itself")])},
            {"name": "anyone", "trust_policy": trust("*")},
            {"name": "theirs", "account": OTHER, "trust_policy": trust(f"arn:aws:iam::{ACCOUNT}:root")},
            {"name": "for-guest", "trust_policy": trust(user_arn("guest", OTHER))},
        ],
        "user": [
            {"name": "dev", "access_keys": [{"id": DEV_KEY, "secret_env": "TEST_SECRET"}]},
            {"name": "guest", "account": OTHER, "access_keys": [{"id": GUEST_KEY, "secret_env": "TEST_SECRET"}],
             "policies": [{"name": "assume", "document": policy("sts:AssumeRole")}]},
        ],
    }
}


@pytest.fixture(scope="module")
def daemon() -> Iterator[Daemon]:
    with Daemon(CONFIG, env={"TEST_SECRET": SECRET}) as running:
        running.note_secret(SECRET)
        yield running


@pytest.fixture
def dev(daemon: Daemon):
    return client(daemon, DEV_KEY, SECRET, "sts")


def assume(caller, role: str, account: str = ACCOUNT, **more):
    return caller.assume_role(RoleArn=role_arn(role, account), RoleSessionName="one", **more)


def denied(caller: str, action: str, role: str, account: str = ACCOUNT) -> tuple[int, str, str]:
    return (403, "AccessDenied",
            f"User: {caller} is not authorized to perform: {action} on resource: {role_arn(role, account)}")


# Session policies


def test_session_policies_limit_the_role(daemon: Daemon, dev) -> None:
    answer = assume(dev, "admin-role", Policy=policy("iam:ListUsers"))
    assert 0 < answer["PackedPolicySize"] < 20
    iam = of_session(daemon, answer, "iam")
    assert iam.list_users()["Users"]
    arn = answer["AssumedRoleUser"]["Arn"]
    assert refused(iam.list_roles) == (
        403, "AccessDenied", f"User: {arn} is not authorized to perform: iam:ListRoles on resource: "
                             f"{role_arn('')} because no session policy allows the iam:ListRoles action")


def test_managed_session_policies_are_read_as_they_are_now(daemon: Daemon, dev) -> None:
    admin = admin_client(daemon)
    arn = admin.create_policy(PolicyName="limit", PolicyDocument=policy("iam:ListUsers"))["Policy"]["Arn"]
    answer = assume(dev, "admin-role", Policy=policy("iam:ListGroups"), PolicyArns=[{"arn": arn}])
    iam = of_session(daemon, answer, "iam")
    assert iam.list_users() and iam.list_groups()
    assert refused(iam.list_roles)[:2] == (403, "AccessDenied")
    admin.create_policy_version(PolicyArn=arn, PolicyDocument=policy("iam:ListRoles"), SetAsDefault=True)
    assert iam.list_roles()
    assert refused(iam.list_users)[:2] == (403, "AccessDenied")
    for version in ("v1",):
        admin.delete_policy_version(PolicyArn=arn, VersionId=version)
    admin.delete_policy(PolicyArn=arn)
    assert refused(iam.list_roles)[:2] == (403, "AccessDenied"), "a limit that is gone is no absence of one"
    assert iam.list_groups()


@pytest.mark.parametrize("more, expected", [
    ({"Policy": "{"}, (400, "MalformedPolicyDocument", "Syntax errors in policy.")),
    ({"PolicyArns": [{"arn": "arn:aws:iam::aws:policy/Nothing"}]},
     (400, "ValidationError", "Policy arn:aws:iam::aws:policy/Nothing does not exist or is not attachable.")),
    ({"Tags": tags(Team="a", team="b")},
     (400, "InvalidParameterValue", "Duplicate tag keys found. Please note that Tag keys are case insensitive.")),
    ({"Tags": tags(Team="a"), "TransitiveTagKeys": ["Project"]},
     (400, "InvalidParameterValue", "The specified transitive tag key must be included in the requested tags.")),
], ids=["policy", "policy arn", "duplicate tags", "transitive keys"])
def test_what_is_wrong_with_the_parameters_is_told(dev, more, expected) -> None:
    assert refused(assume, caller=dev, role="admin-role", **more) == expected


# Size


def noise(name: str, length: int = 256) -> str:
    text = "".join(hashlib.sha256(f"{name}-{i}".encode()).hexdigest() for i in range(8))
    return text[:length]


def test_the_largest_token_passes_in_a_header_and_in_a_presigned_url(daemon: Daemon, dev) -> None:
    last = None
    for count in range(1, 51):
        parameters = {"Tags": [{"Key": f"k{i}", "Value": noise(f"v{i}", 120)} for i in range(count)]}
        try:
            last = assume(dev, "admin-role", **parameters)
        except dev.exceptions.PackedPolicyTooLargeException as error:
            message = error.response["Error"]["Message"]
            assert message.startswith("Packed size of session tags consumes 1")
            assert message.endswith("% of allotted space.")
            break
    else:
        pytest.fail("50 tags of noise fit into a token")
    assert last is not None and last["PackedPolicySize"] > 90
    token = last["Credentials"]["SessionToken"]
    assert 3900 < len(token) <= 4096
    session = of_session(daemon, last)
    assert session.get_caller_identity()["Arn"] == last["AssumedRoleUser"]["Arn"]
    url = session.generate_presigned_url("get_caller_identity", ExpiresIn=60, HttpMethod="GET")
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=5) as answer:
        assert last["AssumedRoleUser"]["Arn"] in answer.read().decode()


def test_a_policy_that_does_not_fit_is_too_large(dev) -> None:
    many = [{"Key": f"k{i}", "Value": noise(f"v{i}")} for i in range(50)]
    status, code, message = refused(assume, caller=dev, role="admin-role", Tags=many, Policy=policy("s3:*"))
    assert (status, code) == (400, "PackedPolicyTooLarge")
    assert message.startswith("Packed policy consumes ") and message.endswith(
        "% of allotted space, please use smaller policy.")


# Chains


def test_transitive_tags_go_through_a_chain_and_others_do_not(daemon: Daemon, dev) -> None:
    first = of_session(daemon, assume(dev, "first", Tags=tags(Team="red", Local="x"), TransitiveTagKeys=["Team"]))
    answer = assume(first, "second")
    assert answer["PackedPolicySize"] > 0, "the tag came along"
    second = of_session(daemon, answer)
    assert assume(second, "third"), "whose trust policy wants the tag"
    assert refused(assume, caller=first, role="second", Tags=tags(team="blue")) == (
        400, "InvalidParameterValue", "One of the specified transitive tag keys can't be set because it conflicts "
                                      "with a transitive tag key from the calling session.")
    assert assume(first, "second", Tags=tags(Local="y")), "which is not transitive"
    plain = of_session(daemon, assume(of_session(daemon, assume(dev, "first", Tags=tags(Team="red"))), "second"))
    assert refused(assume, caller=plain, role="third") == denied(
        f"arn:aws:sts::{ACCOUNT}:assumed-role/second/one", "sts:AssumeRole", "third")


def test_a_source_identity_stays_for_the_whole_chain(daemon: Daemon, dev) -> None:
    answer = assume(dev, "first", SourceIdentity="alice")
    assert answer["SourceIdentity"] == "alice"
    first = of_session(daemon, answer)
    assert assume(first, "second")["SourceIdentity"] == "alice"
    assert assume(first, "second", SourceIdentity="alice")["SourceIdentity"] == "alice"
    assert refused(assume, caller=first, role="second", SourceIdentity="bob") == (
        400, "ValidationError", "The source identity is already set for this assume role session")
    assert refused(assume, caller=dev, role="app-role", SourceIdentity="alice") == denied(
        DEV, "sts:SetSourceIdentity", "app-role")
    assert refused(assume, caller=dev, role="app-role", Tags=tags(Team="red")) == denied(
        DEV, "sts:TagSession", "app-role")


def test_a_role_assumes_itself_only_if_it_trusts_itself(daemon: Daemon, dev) -> None:
    itself = of_session(daemon, assume(dev, "itself"))
    assert assume(itself, "itself")
    admin = of_session(daemon, assume(dev, "admin-role"))
    assert refused(assume, caller=admin, role="admin-role") == denied(
        f"arn:aws:sts::{ACCOUNT}:assumed-role/admin-role/one", "sts:AssumeRole", "admin-role")


def test_trust_in_anyone_is_trust_in_callers_of_this_account_and_others_that_allow_it(daemon: Daemon, dev) -> None:
    assert assume(dev, "anyone")
    assert assume(client(daemon, GUEST_KEY, SECRET, "sts"), "anyone")


def test_across_accounts_both_sides_must_allow(daemon: Daemon, dev) -> None:
    assert assume(client(daemon, GUEST_KEY, SECRET, "sts"), "for-guest")
    assert refused(assume, caller=dev, role="theirs", account=OTHER) == denied(DEV, "sts:AssumeRole", "theirs", OTHER)
    admin = admin_client(daemon)
    admin.put_user_policy(UserName="dev", PolicyName="go",
                          PolicyDocument=policy("sts:AssumeRole", resource=role_arn("theirs", OTHER)))
    answer = assume(dev, "theirs", OTHER)
    assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{OTHER}:assumed-role/theirs/one"
    assert of_session(daemon, answer).get_caller_identity()["Account"] == OTHER
    admin.delete_user_policy(UserName="dev", PolicyName="go")


# Live sessions


@pytest.fixture
def own_role(daemon: Daemon) -> Iterator[str]:
    admin = admin_client(daemon)
    admin.create_role(RoleName="own", AssumeRolePolicyDocument=trust(DEV))
    yield "own"
    for name in admin.list_role_policies(RoleName="own")["PolicyNames"]:
        admin.delete_role_policy(RoleName="own", PolicyName=name)
    admin.delete_role(RoleName="own")


def test_permissions_change_under_live_sessions(daemon: Daemon, dev, own_role: str) -> None:
    admin = admin_client(daemon)
    iam = of_session(daemon, assume(dev, own_role), "iam")
    assert refused(iam.list_users)[:2] == (403, "AccessDenied")
    admin.put_role_policy(RoleName=own_role, PolicyName="p", PolicyDocument=policy("iam:ListUsers"))
    assert iam.list_users()
    admin.update_assume_role_policy(RoleName=own_role, PolicyDocument=trust(user_arn("dev"), "sts:TagSession"))
    assert iam.list_users(), "the trust policy is asked when the session begins"
    admin.delete_role_policy(RoleName=own_role, PolicyName="p")
    assert refused(iam.list_users)[:2] == (403, "AccessDenied")


def test_a_deleted_role_ends_its_sessions_for_good(daemon: Daemon, dev, own_role: str) -> None:
    admin = admin_client(daemon)
    session = of_session(daemon, assume(dev, own_role))
    assert session.get_caller_identity()
    admin.delete_role(RoleName=own_role)
    assert refused(session.get_caller_identity)[:2] == (403, "InvalidClientTokenId")
    admin.create_role(RoleName=own_role, AssumeRolePolicyDocument=trust(DEV))
    assert refused(session.get_caller_identity)[:2] == (403, "InvalidClientTokenId")
    assert of_session(daemon, assume(dev, own_role)).get_caller_identity()


def test_sessions_can_be_revoked_by_their_time_of_issue(daemon: Daemon, dev, own_role: str) -> None:
    admin = admin_client(daemon)
    admin.put_role_policy(RoleName=own_role, PolicyName="p", PolicyDocument=policy("iam:ListUsers"))
    iam = of_session(daemon, assume(dev, own_role), "iam")
    assert iam.list_users()
    # What the console's "Revoke active sessions" attaches. Another time would have to pass for a session to be newer.
    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=2)
    admin.put_role_policy(RoleName=own_role, PolicyName="AWSRevokeOlderSessions", PolicyDocument=policy(
        "*", effect="Deny", condition={"DateLessThan": {"aws:TokenIssueTime": soon.strftime("%Y-%m-%dT%H:%M:%SZ")}}))
    status, code, message = refused(iam.list_users)
    assert (status, code) == (403, "AccessDenied")
    assert message.endswith("with an explicit deny in an identity-based policy")
    past = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1)
    admin.put_role_policy(RoleName=own_role, PolicyName="AWSRevokeOlderSessions", PolicyDocument=policy(
        "*", effect="Deny", condition={"DateLessThan": {"aws:TokenIssueTime": past.strftime("%Y-%m-%dT%H:%M:%SZ")}}))
    assert iam.list_users()


def test_a_session_keeps_all_that_it_has_over_a_restart(start_daemon) -> None:
    daemon = start_daemon(CONFIG, env={"TEST_SECRET": SECRET})
    daemon.note_secret(SECRET)
    answer = assume(client(daemon, DEV_KEY, SECRET, "sts"), "admin-role", Policy=policy("iam:List*"),
                    Tags=tags(Team="red"), TransitiveTagKeys=["Team"], SourceIdentity="alice")
    daemon.restart()
    iam = of_session(daemon, answer, "iam")
    assert iam.list_users()
    assert refused(iam.get_account_summary)[:2] == (403, "AccessDenied")
    assert of_session(daemon, answer).get_caller_identity()["Arn"] == answer["AssumedRoleUser"]["Arn"]


def test_the_aws_cli_assumes_a_role_with_everything(daemon: Daemon) -> None:
    aws = shutil.which("aws", path=str(Path(sys.executable).parent))
    if aws is None:
        pytest.skip("the AWS CLI is not installed beside Python")
    env = daemon.sdk_env() | {"AWS_ACCESS_KEY_ID": DEV_KEY, "AWS_SECRET_ACCESS_KEY": SECRET}
    run = subprocess.run([aws, "sts", "assume-role", "--role-arn", role_arn("admin-role"), "--role-session-name", "cli",
                          "--policy", policy("iam:ListUsers"), "--tags", "Key=Team,Value=red",
                          "--transitive-tag-keys", "Team", "--source-identity", "alice", "--duration-seconds", "900",
                          "--policy-arns", "arn=arn:aws:iam::aws:policy/IAMReadOnlyAccess", "--output", "json"],
                         env=env, check=False, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    assert run.returncode == 0, run.stderr
    answer = json.loads(run.stdout)
    assert answer["SourceIdentity"] == "alice" and answer["PackedPolicySize"] > 0
    assert of_session(daemon, answer, "iam").list_roles()
