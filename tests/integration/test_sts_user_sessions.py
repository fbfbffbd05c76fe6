# SPDX-License-Identifier: MIT
"""Sessions of users, MFA, and the small actions of STS."""

from __future__ import annotations

import concurrent.futures
import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import botocore.exceptions
import pytest

from support.daemon import ACCOUNT, Daemon
from support.iam import admin_client, client, refused
from support.sts import of_session, policy, role_arn, tags, trust, user_arn

SECRET = "a-long-term-secret-of-this-test-run-0003"
DEV_KEY, ROOTS_KEY = "AKIAIMDSDTESTKEY0021", "AKIAIMDSDTESTKEY0022"
STRANGER_KEY = "AKIAIMDSDTESTKEY0023"
MEMBER, STRANGERS = "444455556666", "777788889999"
NO_DEVICE = (403, "AccessDenied", "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your "
                                  "MFA serial number is valid and associated with this user.")
WRONG_CODE = (403, "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. ")
INVALID_TOKEN = (403, "InvalidClientTokenId")

CONFIG = {
    "organization": {"management_account": ACCOUNT, "member_accounts": [MEMBER]},
    "iam": {
        "role": [
            {"name": "app-role", "trust_policy": trust(user_arn("dev"))},
            {"name": "mfa-only", "trust_policy": trust(user_arn("dev"), condition={
                "Bool": {"aws:MultiFactorAuthPresent": "true"}})},
        ],
        "user": [
            {"name": "dev", "access_keys": [{"id": DEV_KEY, "secret_env": "TEST_SECRET"}],
             "policies": [{"name": "p", "document": policy("iam:List*", "sts:*")}]},
            {"name": "keeper", "access_keys": [{"id": ROOTS_KEY, "secret_env": "TEST_SECRET"}],
             "policies": [{"name": "p", "document": policy("sts:AssumeRoot")},
                          {"name": "no", "document": policy("sts:GetAccessKeyInfo", effect="Deny")}]},
            {"name": "stranger", "account": STRANGERS, "access_keys": [{"id": STRANGER_KEY, "secret_env": "TEST_SECRET"}],
             "policies": [{"name": "p", "document": policy("sts:*")}]},
        ],
    },
}


@pytest.fixture(scope="module")
def daemon() -> Iterator[Daemon]:
    with Daemon(CONFIG, env={"TEST_SECRET": SECRET}) as running:
        running.note_secret(SECRET)
        yield running


@pytest.fixture
def dev(daemon: Daemon):
    return client(daemon, DEV_KEY, SECRET, "sts")


def assume(caller, role: str, **more):
    return caller.assume_role(RoleArn=role_arn(role), RoleSessionName="one", **more)


# GetSessionToken


def test_a_session_of_a_user_is_the_user(daemon: Daemon, dev) -> None:
    answer = dev.get_session_token()
    assert list(answer) == ["Credentials", "ResponseMetadata"]
    assert 43100 < answer["Credentials"]["Expiration"].timestamp() - time.time() < 43300
    session = of_session(daemon, answer)
    assert session.get_caller_identity()["Arn"] == user_arn("dev")
    assert session.get_caller_identity()["UserId"] == dev.get_caller_identity()["UserId"]
    assert assume(session, "app-role")


def test_sessions_of_users_start_no_others_and_do_not_call_iam(daemon: Daemon, dev) -> None:
    session = of_session(daemon, dev.get_session_token())
    for call in ("get_session_token", "get_federation_token"):
        action = {"get_session_token": "GetSessionToken", "get_federation_token": "GetFederationToken"}[call]
        parameters = {"Name": "bob"} if "federation" in call else {}
        assert refused(getattr(session, call), **parameters) == (
            403, "AccessDenied", f"Cannot call {action} with session credentials")
    assert refused(of_session(daemon, dev.get_session_token(), "iam").list_users)[:2] == INVALID_TOKEN
    role = of_session(daemon, assume(dev, "app-role"))
    assert refused(role.get_session_token)[2] == "Cannot call GetSessionToken with session credentials"
    assert refused(role.get_federation_token, Name="bob")[2] == "Cannot call GetFederationToken with session credentials"


def test_a_session_token_is_refused_broken_anywhere(daemon: Daemon, dev) -> None:
    credentials = dev.get_session_token()["Credentials"]
    token = credentials["SessionToken"]
    key, secret = credentials["AccessKeyId"], credentials["SecretAccessKey"]
    daemon.note_secret(token)
    for broken in (token[:-4], token[4:], token[:100] + ("A" if token[100] != "A" else "B") + token[101:], token * 2):
        assert refused(client(daemon, key, secret, "sts", broken).get_caller_identity)[:2] == INVALID_TOKEN


# GetFederationToken


def test_a_federated_user_may_do_what_both_sides_allow(daemon: Daemon, dev) -> None:
    answer = dev.get_federation_token(Name="bob", Policy=policy("iam:ListUsers", "sts:*"), DurationSeconds=900)
    arn = f"arn:aws:sts::{ACCOUNT}:federated-user/bob"
    assert answer["FederatedUser"] == {"FederatedUserId": f"{ACCOUNT}:bob", "Arn": arn}
    assert answer["PackedPolicySize"] > 0
    session = of_session(daemon, answer)
    identity = session.get_caller_identity()
    assert (identity["Arn"], identity["UserId"], identity["Account"]) == (arn, f"{ACCOUNT}:bob", ACCOUNT)
    assert refused(assume, caller=session, role="app-role") == (
        403, "AccessDenied", "Cannot call AssumeRole with session credentials")
    assert refused(of_session(daemon, answer, "iam").list_users)[:2] == INVALID_TOKEN
    assert dev.get_federation_token(Name="bob")["PackedPolicySize"] == 0
    assert dev.get_federation_token(Name="bob", Tags=tags(Team="red"))["PackedPolicySize"] > 0


def test_federation_needs_permission(daemon: Daemon) -> None:
    keeper = client(daemon, ROOTS_KEY, SECRET, "sts")
    resource = f"arn:aws:sts::{ACCOUNT}:federated-user/bob"
    assert refused(keeper.get_federation_token, Name="bob") == (
        403, "AccessDenied", f"User: {user_arn('keeper')} is not authorized to perform: sts:GetFederationToken on "
                             f"resource: {resource} because no identity-based policy allows the "
                             "sts:GetFederationToken action")


# MFA, with codes of another implementation


def oathtool(seed: str, step: int) -> str:
    tool = shutil.which("oathtool")
    if tool is None:
        pytest.skip("oathtool is not installed")
    now = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(step * 30))
    run = subprocess.run([tool, "--totp", "--base32", "--now", now, "-"], input=seed, check=True, capture_output=True,
                         text=True, timeout=10)
    return run.stdout.strip()


@pytest.fixture
def device(daemon: Daemon) -> Iterator[tuple[str, str, int]]:
    """Serial number and seed of a device that dev has, and the first step whose code it has not used."""
    iam = admin_client(daemon)
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName="phone")["VirtualMFADevice"]
    serial, seed = made["SerialNumber"], made["Base32StringSeed"].decode()
    daemon.note_secret(seed)
    step = int(time.time()) // 30
    iam.enable_mfa_device(UserName="dev", SerialNumber=serial, AuthenticationCode1=oathtool(seed, step - 2),
                          AuthenticationCode2=oathtool(seed, step - 1))
    yield serial, seed, step
    iam.deactivate_mfa_device(UserName="dev", SerialNumber=serial)
    iam.delete_virtual_mfa_device(SerialNumber=serial)


def test_mfa_opens_what_asks_for_it_and_a_code_works_once(daemon: Daemon, dev, device) -> None:
    serial, seed, step = device
    assert refused(assume, caller=dev, role="mfa-only")[:2] == (403, "AccessDenied")
    mfa = {"SerialNumber": serial, "TokenCode": oathtool(seed, step)}
    answer = dev.get_session_token(**mfa)
    session = of_session(daemon, answer)
    assert assume(session, "mfa-only")
    assert of_session(daemon, answer, "iam").list_users()
    assert refused(dev.get_session_token, **mfa) == WRONG_CODE
    assert refused(assume, caller=dev, role="mfa-only", **mfa) == WRONG_CODE
    # One step of drift.
    assert assume(dev, "mfa-only", SerialNumber=serial, TokenCode=oathtool(seed, step + 1))
    assert refused(dev.get_session_token, SerialNumber=serial, TokenCode=oathtool(seed, step + 9)) == WRONG_CODE


def test_of_many_who_show_one_code_at_once_one_is_taken(daemon: Daemon, dev, device) -> None:
    serial, seed, step = device
    code = oathtool(seed, step)

    def show(_: int) -> str:
        try:
            client(daemon, DEV_KEY, SECRET, "sts").get_session_token(SerialNumber=serial, TokenCode=code)
            return "taken"
        except dev.exceptions.ClientError as error:
            return error.response["Error"]["Message"]

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(show, range(16)))
    assert sorted(answers) == [WRONG_CODE[2]] * 15 + ["taken"]


def test_a_device_with_another_clock_is_taken_after_a_resync(daemon: Daemon, dev, device) -> None:
    serial, seed, step = device
    ahead = {"SerialNumber": serial, "TokenCode": oathtool(seed, step + 12)}
    assert refused(dev.get_session_token, **ahead) == WRONG_CODE
    admin_client(daemon).resync_mfa_device(UserName="dev", SerialNumber=serial,
                                           AuthenticationCode1=oathtool(seed, step + 10),
                                           AuthenticationCode2=oathtool(seed, step + 11))
    assert dev.get_session_token(**ahead)


def test_wrong_devices_are_told_from_wrong_codes(dev, device) -> None:
    serial, seed, step = device
    code = oathtool(seed, step)
    assert refused(dev.get_session_token, SerialNumber=serial + "2", TokenCode=code) == NO_DEVICE
    assert refused(dev.get_session_token, SerialNumber=serial)[2].endswith(
        "must provide both MFA serial number and one time pass code.")
    assert dev.get_session_token(SerialNumber=serial, TokenCode=code), "nothing of this has used the code up"


def test_after_ten_wrong_codes_a_right_one_is_refused_in_the_same_words(start_daemon) -> None:
    daemon = start_daemon(CONFIG, env={"TEST_SECRET": SECRET})
    iam = admin_client(daemon)
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName="phone")["VirtualMFADevice"]
    serial, seed = made["SerialNumber"], made["Base32StringSeed"].decode()
    step = int(time.time()) // 30
    iam.enable_mfa_device(UserName="dev", SerialNumber=serial, AuthenticationCode1=oathtool(seed, step - 2),
                          AuthenticationCode2=oathtool(seed, step - 1))
    caller = client(daemon, DEV_KEY, SECRET, "sts")
    for _ in range(10):
        assert refused(caller.get_session_token, SerialNumber=serial, TokenCode=oathtool(seed, step + 9)) == WRONG_CODE
    right = oathtool(seed, int(time.time()) // 30)
    assert refused(caller.get_session_token, SerialNumber=serial, TokenCode=right) == WRONG_CODE
    assert refused(assume, caller=caller, role="mfa-only", SerialNumber=serial, TokenCode=right) == WRONG_CODE
    assert refused(iam.resync_mfa_device, UserName="dev", SerialNumber=serial,
                   AuthenticationCode1=oathtool(seed, step + 10), AuthenticationCode2=oathtool(seed, step + 11)) == (
        403, "InvalidAuthenticationCode", "Authentication code for device is not valid.")
    daemon.restart()
    caller = client(daemon, DEV_KEY, SECRET, "sts")
    assert caller.get_session_token(SerialNumber=serial, TokenCode=oathtool(seed, int(time.time()) // 30)), \
        "nothing of this has used a code up"


def test_a_used_code_stays_used_over_a_restart(start_daemon) -> None:
    daemon = start_daemon(CONFIG, env={"TEST_SECRET": SECRET})
    iam = admin_client(daemon)
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName="phone")["VirtualMFADevice"]
    serial, seed = made["SerialNumber"], made["Base32StringSeed"].decode()
    step = int(time.time()) // 30
    iam.enable_mfa_device(UserName="dev", SerialNumber=serial, AuthenticationCode1=oathtool(seed, step - 2),
                          AuthenticationCode2=oathtool(seed, step - 1))
    mfa = {"SerialNumber": serial, "TokenCode": oathtool(seed, step)}
    answer = client(daemon, DEV_KEY, SECRET, "sts").get_session_token(**mfa)
    daemon.restart()
    assert refused(client(daemon, DEV_KEY, SECRET, "sts").get_session_token, **mfa) == WRONG_CODE
    assert of_session(daemon, answer, "iam").list_users(), "still a session with MFA"


# The small ones


def test_access_key_info(dev) -> None:
    assert dev.get_access_key_info(AccessKeyId=DEV_KEY)["Account"] == ACCOUNT
    assert dev.get_access_key_info(AccessKeyId="ASIAY34FZKBOKMUTVV7A")["Account"] == "609629065308"
    assert refused(dev.get_access_key_info, AccessKeyId="AKIAIOSFODNN7EXAMPLE")[:2] == (400, "ValidationError")


def test_messages_that_are_none_are_refused(daemon: Daemon, dev) -> None:
    assert refused(dev.decode_authorization_message, EncodedMessage="4OwAGnEXAMPLE")[:2] == (
        400, "InvalidAuthorizationMessageException")
    keeper = client(daemon, ROOTS_KEY, SECRET, "sts")
    assert refused(keeper.decode_authorization_message, EncodedMessage="x")[:2] == (403, "AccessDenied")


def denied_message(daemon: Daemon, caller, **parameters: str) -> str:
    """What `imdsctl explain --encoded` makes of a denial of GetAccessKeyInfo."""
    with pytest.raises(botocore.exceptions.ClientError) as error:
        caller.get_access_key_info(**parameters)
    return daemon.ctl("explain", error.value.response["ResponseMetadata"]["RequestId"], "--encoded").stdout.strip()


def test_a_denial_is_decoded(daemon: Daemon, dev) -> None:
    keeper = client(daemon, ROOTS_KEY, SECRET, "sts")
    message = denied_message(daemon, keeper, AccessKeyId=DEV_KEY)
    assert re.fullmatch(r"[A-Za-z0-9_-]{100,10240}", message)
    told = json.loads(dev.decode_authorization_message(EncodedMessage=message)["DecodedMessage"])
    assert told["allowed"] is False and told["explicitDeny"] is True
    (statement,) = told["matchedStatements"]["items"]
    assert statement["effect"] == "DENY"
    assert told["context"]["principal"]["arn"] == user_arn("keeper")
    assert told["context"]["action"] == "sts:GetAccessKeyInfo"
    keys = {condition["key"]: condition["values"]["items"] for condition in told["context"]["conditions"]["items"]}
    assert keys["aws:SourceIp"] == [{"value": "127.0.0.1"}]
    # Sealed anew, for the same account.
    assert denied_message(daemon, keeper, AccessKeyId=DEV_KEY) != message


def test_a_denial_is_decoded_by_those_who_may_alone(daemon: Daemon, dev) -> None:
    keeper = client(daemon, ROOTS_KEY, SECRET, "sts")
    message = denied_message(daemon, keeper, AccessKeyId=DEV_KEY)
    assert refused(keeper.decode_authorization_message, EncodedMessage=message)[:2] == (403, "AccessDenied")
    stranger = client(daemon, STRANGER_KEY, SECRET, "sts")
    assert stranger.get_caller_identity()["Account"] == STRANGERS
    invalid = (400, "InvalidAuthorizationMessageException")
    assert refused(stranger.decode_authorization_message, EncodedMessage=message)[:2] == invalid
    flipped = message[:-2] + ("A" if message[-2] != "A" else "B") + message[-1]
    assert refused(dev.decode_authorization_message, EncodedMessage=flipped)[:2] == invalid


def test_the_aws_cli_decodes_a_denial(daemon: Daemon) -> None:
    message = denied_message(daemon, client(daemon, ROOTS_KEY, SECRET, "sts"), AccessKeyId=DEV_KEY)
    run = aws_sts(daemon, "decode-authorization-message", "--encoded-message", message)
    assert run.returncode == 0, run.stderr
    assert json.loads(json.loads(run.stdout)["DecodedMessage"])["allowed"] is False


def test_root_of_a_member_account_for_one_task(daemon: Daemon) -> None:
    keeper = client(daemon, ROOTS_KEY, SECRET, "sts")
    task = {"arn": "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"}
    answer = keeper.assume_root(TargetPrincipal=MEMBER, TaskPolicyArn=task)
    assert of_session(daemon, answer).get_caller_identity()["Arn"] == f"arn:aws:iam::{MEMBER}:root"
    iam = of_session(daemon, answer, "iam")
    assert iam.get_account_summary()["SummaryMap"]["Users"] == 0
    # The audit that the task is for: root has nothing here.
    assert iam.get_user()["User"]["Arn"] == f"arn:aws:iam::{MEMBER}:root"
    assert iam.list_access_keys()["AccessKeyMetadata"] == [] and iam.list_mfa_devices()["MFADevices"] == []
    assert iam.list_signing_certificates()["Certificates"] == []
    assert refused(iam.get_login_profile)[:2] == (404, "NoSuchEntity")
    status, code, message = refused(iam.list_users)
    assert (status, code) == (403, "AccessDenied") and message.endswith("with an explicit deny in a session policy")
    assert refused(keeper.assume_root, TargetPrincipal="999999999999", TaskPolicyArn=task)[:2] == (403, "AccessDenied")


@pytest.mark.parametrize("task, action, parameters, expected", [
    ("IAMDeleteRootUserCredentials", "delete_access_key", {"AccessKeyId": DEV_KEY}, (404, "NoSuchEntity")),
    ("IAMDeleteRootUserCredentials", "delete_login_profile", {}, (404, "NoSuchEntity")),
    ("IAMDeleteRootUserCredentials", "deactivate_mfa_device",
     {"SerialNumber": f"arn:aws:iam::{MEMBER}:mfa/root-account-mfa-device"}, (404, "NoSuchEntity")),
    ("IAMCreateRootUserPassword", "create_login_profile", {}, (400, "UnmodifiableEntity")),
], ids=lambda value: value if isinstance(value, str) else "")
def test_what_a_task_for_root_finds(daemon: Daemon, task: str, action: str, parameters: dict[str, str],
                                    expected: tuple[int, str]) -> None:
    answer = client(daemon, ROOTS_KEY, SECRET, "sts").assume_root(
        TargetPrincipal=MEMBER, TaskPolicyArn={"arn": f"arn:aws:iam::aws:policy/root-task/{task}"})
    assert refused(getattr(of_session(daemon, answer, "iam"), action), **parameters)[:2] == expected


def test_tasks_for_root_are_in_every_partition(start_daemon) -> None:
    daemon = start_daemon({
        "aws": {"region": "cn-north-1"},
        "instance": [{"availability_zone": "cn-north-1a"}],
        "organization": {"management_account": ACCOUNT, "member_accounts": [MEMBER]},
        "iam": {"user": [{"name": "keeper", "access_keys": [{"id": ROOTS_KEY, "secret_env": "TEST_SECRET"}],
                          "policies": [{"name": "p", "document": policy("sts:AssumeRoot")}]}]},
    }, env={"TEST_SECRET": SECRET})
    answer = client(daemon, ROOTS_KEY, SECRET, "sts").assume_root(
        TargetPrincipal=MEMBER,
        TaskPolicyArn={"arn": "arn:aws-cn:iam::aws:policy/root-task/IAMAuditRootUserCredentials"})
    assert of_session(daemon, answer).get_caller_identity()["Arn"] == f"arn:aws-cn:iam::{MEMBER}:root"
    assert of_session(daemon, answer, "iam").list_access_keys()["AccessKeyMetadata"] == []


def test_delegated_access_tokens_are_refused(dev) -> None:
    assert refused(dev.get_delegated_access_token, TradeInToken="token")[:2] == (400, "ExpiredTradeInTokenException")


def aws_sts(daemon: Daemon, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`aws sts …` of the user dev."""
    aws = shutil.which("aws", path=str(Path(sys.executable).parent))
    if aws is None:
        pytest.skip("the AWS CLI is not installed beside Python")
    env = daemon.sdk_env() | {"AWS_ACCESS_KEY_ID": DEV_KEY, "AWS_SECRET_ACCESS_KEY": SECRET}
    return subprocess.run([aws, "sts", *arguments, "--output", "json"], env=env, check=False, capture_output=True,
                          text=True, timeout=60, stdin=subprocess.DEVNULL)


@pytest.mark.parametrize("arguments, expected", [
    (["get-session-token"], "Credentials"),
    (["get-federation-token", "--name", "bob"], "FederatedUser"),
    (["get-access-key-info", "--access-key-id", DEV_KEY], "Account"),
    (["decode-authorization-message", "--encoded-message", "x"], "InvalidAuthorizationMessageException"),
    (["assume-root", "--target-principal", MEMBER, "--task-policy-arn",
      "arn=arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"], "Credentials"),
], ids=lambda value: value[0] if isinstance(value, list) else "")
def test_the_aws_cli_calls_them(daemon: Daemon, arguments: list[str], expected: str) -> None:
    run = aws_sts(daemon, *arguments)
    if run.returncode == 0:
        assert expected in json.loads(run.stdout)
    else:
        assert f"({expected})" in run.stderr, run.stderr
