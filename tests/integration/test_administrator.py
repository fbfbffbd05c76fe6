# SPDX-License-Identifier: MIT
"""The administrator that the first start makes."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support.daemon import ACCOUNT, Daemon, StartFailed
from support.iam import ADMIN_PROFILE, admin_client, admin_keys, client, refusal

ARN = f"arn:aws:iam::{ACCOUNT}:user/{ADMIN_PROFILE}"


def credentials_file(daemon: Daemon) -> Path:
    return daemon.directory / "state" / "credentials"


def test_its_keys_are_in_a_file_of_its_own(daemon: Daemon) -> None:
    file = credentials_file(daemon)
    assert file.stat().st_mode & 0o777 == 0o600
    daemon.note_secret(admin_keys(daemon)[1])
    identity = admin_client(daemon, "sts").get_caller_identity()
    assert (identity["Account"], identity["Arn"]) == (ACCOUNT, ARN)
    (policy,) = admin_client(daemon).list_attached_user_policies(UserName=ADMIN_PROFILE)["AttachedPolicies"]
    assert policy["PolicyName"] == "AdministratorAccess"


def test_the_file_is_there_before_any_port_is_open(start_daemon) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        daemon = Daemon({"imds": {"listen": [address]}})
        try:
            # It ends for want of its first port, and has written the file by then.
            with pytest.raises(StartFailed, match=address):
                daemon.start()
            text = credentials_file(daemon).read_text()
        finally:
            daemon.close()
    assert f"[{ADMIN_PROFILE}]" in text


def test_the_key_is_the_same_after_a_restart(daemon: Daemon) -> None:
    before = credentials_file(daemon).read_bytes()
    key = admin_keys(daemon)
    identity = admin_client(daemon).get_user()["User"]
    daemon.restart()
    assert credentials_file(daemon).read_bytes() == before
    assert admin_client(daemon).get_user()["User"] == identity
    credentials_file(daemon).unlink()
    daemon.restart()
    assert admin_keys(daemon) == key


def move_away(database: Path) -> None:
    database.rename(database.with_name("former.db"))


def empty(database: Path) -> None:
    database.write_bytes(b"")


@pytest.mark.parametrize("lose", [move_away, empty])
def test_a_new_database_has_an_administrator_whose_key_is_in_the_file(
        daemon: Daemon, lose: Callable[[Path], None]) -> None:
    before = credentials_file(daemon).read_bytes()
    former = admin_keys(daemon)
    daemon.stop()
    lose(daemon.directory / "state" / "iam.db")
    daemon.start()
    assert admin_keys(daemon) != former
    assert admin_client(daemon).get_user()["User"]["Arn"] == ARN
    assert credentials_file(daemon).stat().st_mode & 0o777 == 0o600
    old = credentials_file(daemon).with_name("credentials.old")
    assert old.read_bytes() == before and old.stat().st_mode & 0o777 == 0o600
    warnings = [line for line in daemon.log.splitlines() if " warn " in line]
    assert any("database is a new one" in line and "state/iam.db" in line for line in warnings)
    assert any("written anew" in line and str(old) in line for line in warnings)
    now = credentials_file(daemon).read_bytes()
    log = daemon.log.count("written anew")
    daemon.restart()
    assert credentials_file(daemon).read_bytes() == now and daemon.log.count("written anew") == log


def test_the_key_in_the_file_may_be_another_one(daemon: Daemon) -> None:
    """Rotation, by the user itself or to another user: what works is left alone."""
    first = admin_keys(daemon)
    file = credentials_file(daemon)
    admin_client(daemon).create_user(UserName="other")
    for owner in (ADMIN_PROFILE, "other"):
        key = client(daemon, *first).create_access_key(UserName=owner)["AccessKey"]
        daemon.note_secret(key["SecretAccessKey"])
        file.write_text(f"[more]\nregion=x\n\n[{ADMIN_PROFILE}]\naws_access_key_id={key['AccessKeyId']}\n"
                        f"aws_secret_access_key={key['SecretAccessKey']}\n")
        before = file.read_bytes()
        daemon.restart()
        assert file.read_bytes() == before
    # A key that was deleted is of no use: the file gets one that is there, an active one.
    iam = client(daemon, *first)
    iam.delete_access_key(UserName="other", AccessKeyId=key["AccessKeyId"])
    iam.update_access_key(UserName=ADMIN_PROFILE, AccessKeyId=first[0], Status="Inactive")
    daemon.restart()
    assert admin_keys(daemon)[0] not in (first[0], key["AccessKeyId"])
    assert admin_client(daemon).get_user()["User"]["Arn"] == ARN


def test_a_deleted_administrator_stays_deleted(daemon: Daemon) -> None:
    iam = admin_client(daemon)
    iam.detach_user_policy(UserName=ADMIN_PROFILE, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    assert refusal(iam.list_users) == (403, "AccessDenied")
    daemon.restart()
    assert refusal(admin_client(daemon).list_users) == (403, "AccessDenied")


def test_env_points_at_it(daemon: Daemon) -> None:
    told = json.loads(daemon.ctl("env", "--admin", "--json").stdout)
    assert told["AWS_PROFILE"] == ADMIN_PROFILE
    assert told["AWS_SHARED_CREDENTIALS_FILE"] == str(credentials_file(daemon))
    assert told["AWS_ACCESS_KEY_ID"] is None
    key, secret = admin_keys(daemon)
    daemon.note_secret(secret)
    assert secret not in json.dumps(told) and key not in json.dumps(told)
    plain = json.loads(daemon.ctl("env", "--json").stdout)
    assert plain["AWS_PROFILE"] is None and plain["AWS_SHARED_CREDENTIALS_FILE"] == "/dev/null"


def test_env_says_what_to_do_when_its_file_cannot_be_read(daemon: Daemon) -> None:
    credentials_file(daemon).unlink()
    result = daemon.ctl("env", "--admin", check=False)
    assert result.returncode == 1
    assert str(credentials_file(daemon)) in result.stderr and "AWS_SHARED_CREDENTIALS_FILE" in result.stderr
    assert "exit" in result.stdout or "false" in result.stdout, "eval fails"


def test_the_aws_cli_works_with_it(daemon: Daemon) -> None:
    aws = shutil.which("aws", path=str(Path(sys.executable).parent))
    if aws is None:
        pytest.skip("the AWS CLI is not installed beside Python")
    admin_client(daemon).create_user(UserName="dev")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([aws, *arguments, "--output", "json"], env=daemon.sdk_env("--admin"), check=False,
                              capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)

    listed = run("iam", "list-users")
    assert listed.returncode == 0, listed.stderr
    assert [user["UserName"] for user in json.loads(listed.stdout)["Users"]] == ["dev", ADMIN_PROFILE]
    assert json.loads(run("sts", "get-caller-identity").stdout)["Arn"] == ARN
    missing = run("iam", "get-user", "--user-name", "nobody")
    # 254: the service answered with an error (AWS CLI return codes).
    assert missing.returncode in (254, 255)
    assert "An error occurred (NoSuchEntity) when calling the GetUser operation" in missing.stderr
