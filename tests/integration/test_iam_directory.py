# SPDX-License-Identifier: MIT
"""One directory of two makers: what the file declares and what the API makes, through reloads, restarts and kills."""

from __future__ import annotations

import json

import pytest

from support.daemon import ACCOUNT, EC2_TRUST, ROLE, Daemon, role
from support.iam import ANY_POLICY, admin_client, client, refusal
from support.policies import policy, trust
from support.waiting import wait_for

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
AUDIT = "arn:aws:iam::aws:policy/SecurityAudit"


def declared(**more) -> dict:
    return {"iam": {
        "role": [role(), role("declared", description="of the file", attached=[AUDIT],
                              policies=[{"name": "file", "document": ANY_POLICY}], **more)],
        "user": [{"name": "dev", "policies": [{"name": "file", "document": ANY_POLICY}]}]}}


def reload(daemon: Daemon, config: dict) -> None:
    before = daemon.log.count("reloaded")
    daemon.write_config(config)
    daemon.reload()
    wait_for("the reload", lambda: daemon.log.count("reloaded") > before)


def give(iam) -> None:
    """Adds to both declared entities what only the API knows."""
    iam.put_role_policy(RoleName="declared", PolicyName="api", PolicyDocument=ANY_POLICY)
    iam.attach_role_policy(RoleName="declared", PolicyArn=READ_ONLY)
    iam.tag_role(RoleName="declared", Tags=[{"Key": "by", "Value": "api"}])
    iam.update_role(RoleName="declared", MaxSessionDuration=7200)
    iam.put_user_policy(UserName="dev", PolicyName="api", PolicyDocument=ANY_POLICY)
    iam.tag_user(UserName="dev", Tags=[{"Key": "by", "Value": "api"}])


def attached(iam, name: str) -> set[str]:
    return {each["PolicyArn"] for each in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]}


def test_a_reload_keeps_what_the_file_does_not_declare(start_daemon) -> None:
    daemon = start_daemon(declared())
    iam = admin_client(daemon)
    give(iam)
    iam.update_role(RoleName="declared", Description="of the API")
    iam.put_role_policy(RoleName="declared", PolicyName="file", PolicyDocument=policy("Deny", "s3:*"))
    iam.detach_role_policy(RoleName="declared", PolicyArn=AUDIT)
    reload(daemon, declared())
    found = iam.get_role(RoleName="declared")["Role"]
    assert found["Description"] == "of the file"
    assert found["MaxSessionDuration"] == 7200
    assert found["Tags"] == [{"Key": "by", "Value": "api"}]
    assert iam.list_role_policies(RoleName="declared")["PolicyNames"] == ["api", "file"]
    assert iam.get_role_policy(RoleName="declared", PolicyName="file")["PolicyDocument"] == json.loads(ANY_POLICY)
    assert attached(iam, "declared") == {READ_ONLY, AUDIT}
    assert iam.list_user_policies(UserName="dev")["PolicyNames"] == ["api", "file"]
    assert iam.list_user_tags(UserName="dev")["Tags"] == [{"Key": "by", "Value": "api"}]


def test_what_the_file_declares_in_an_entity_goes_when_it_no_longer_does(start_daemon) -> None:
    daemon = start_daemon(declared())
    iam = admin_client(daemon)
    give(iam)
    iam.update_role(RoleName="declared", Description="of the API")
    reload(daemon, {"iam": {"role": [role(), role("declared")], "user": [{"name": "dev"}]}})
    assert iam.list_role_policies(RoleName="declared")["PolicyNames"] == ["api"]
    assert attached(iam, "declared") == {READ_ONLY}
    assert iam.get_role(RoleName="declared")["Role"]["Description"] == "of the API"
    assert iam.list_user_policies(UserName="dev")["PolicyNames"] == ["api"]


def test_an_entity_that_the_file_drops_goes_and_the_log_names_what_it_had_of_the_api(start_daemon) -> None:
    daemon = start_daemon(declared())
    iam = admin_client(daemon)
    give(iam)
    key = iam.create_access_key(UserName="dev")["AccessKey"]
    daemon.note_secret(key["SecretAccessKey"])
    iam.create_user(UserName="of-api")
    reload(daemon, {"iam": {"role": [role()], "user": []}})
    assert refusal(iam.get_role, RoleName="declared") == (404, "NoSuchEntity")
    assert refusal(iam.get_user, UserName="dev") == (404, "NoSuchEntity")
    assert iam.get_user(UserName="of-api")["User"]["UserName"] == "of-api"
    removed = {line.split("entity=")[1].split()[0]: line for line in daemon.log.splitlines()
               if "no longer declared" in line}
    line = removed[f"arn:aws:iam::{ACCOUNT}:role/declared"]
    assert "warn" in line.lower() and "policy `api`" in line and READ_ONLY in line and "`file`" not in line
    line = removed[f"arn:aws:iam::{ACCOUNT}:user/dev"]
    assert "warn" in line.lower() and key["AccessKeyId"] in line and key["SecretAccessKey"] not in line


def test_what_the_file_gave_to_a_user_of_the_api_goes_with_the_declaration(start_daemon) -> None:
    secret = "file/secret/of/forty/characters/000000000"
    daemon = start_daemon({"iam": {"role": [role()]}}, env={"BOB_SECRET": secret})
    daemon.note_secret(secret)
    iam = admin_client(daemon)
    user_id = iam.create_user(UserName="bob")["User"]["UserId"]
    iam.put_user_policy(UserName="bob", PolicyName="api", PolicyDocument=ANY_POLICY)
    key = "AKIABOBBOBBOBBOBBOB1"
    reload(daemon, {"iam": {"role": [role()], "user": [
        {"name": "bob", "attached": [AUDIT], "access_keys": [{"id": key, "secret_env": "BOB_SECRET"}]}]}})
    assert client(daemon, key, secret, "sts").get_caller_identity()["UserId"] == user_id
    reload(daemon, {"iam": {"role": [role()], "user": []}})
    for _ in range(2):
        assert refusal(client(daemon, key, secret, "sts").get_caller_identity) == (403, "InvalidClientTokenId")
        assert iam.get_user(UserName="bob")["User"]["UserId"] == user_id
        assert iam.list_attached_user_policies(UserName="bob")["AttachedPolicies"] == []
        assert iam.list_user_policies(UserName="bob")["PolicyNames"] == ["api"]
        daemon.restart()
        iam = admin_client(daemon)
    (line,) = [each for each in daemon.log.splitlines() if "taken back" in each]
    assert "user/bob" in line and key in line and AUDIT in line and "`api`" not in line


def test_a_declared_key_that_the_api_switched_off_stays_so(start_daemon) -> None:
    secret = "file/secret/of/forty/characters/000000000"
    key = "AKIABOBBOBBOBBOBBOB1"
    config = {"iam": {"role": [role()],
                      "user": [{"name": "bob", "access_keys": [{"id": key, "secret_env": "BOB_SECRET"}]}]}}
    daemon = start_daemon(config, env={"BOB_SECRET": secret})
    daemon.note_secret(secret)
    admin_client(daemon).update_access_key(UserName="bob", AccessKeyId=key, Status="Inactive")
    reload(daemon, config)
    assert refusal(client(daemon, key, secret, "sts").get_caller_identity) == (403, "InvalidClientTokenId")
    daemon.restart()
    (found,) = admin_client(daemon).list_access_keys(UserName="bob")["AccessKeyMetadata"]
    assert (found["AccessKeyId"], found["Status"]) == (key, "Inactive")


@pytest.mark.parametrize("killed", [False, True], ids=["SIGTERM", "SIGKILL"])
def test_what_the_api_made_survives(start_daemon, killed: bool) -> None:
    daemon = start_daemon(declared())
    iam = admin_client(daemon)
    give(iam)
    iam.create_group(GroupName="team")
    iam.create_user(UserName="made", Path="/of/", Tags=[{"Key": "k", "Value": "v"}])
    iam.add_user_to_group(GroupName="team", UserName="made")
    arn = iam.create_policy(PolicyName="made", PolicyDocument=ANY_POLICY)["Policy"]["Arn"]
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=policy("Deny", "s3:*"), SetAsDefault=True)
    iam.attach_group_policy(GroupName="team", PolicyArn=arn)
    before = everything(iam)
    document = daemon.document()
    session = client(daemon, document["AccessKeyId"], document["SecretAccessKey"], "sts", document["Token"])
    identity = session.get_caller_identity()
    if killed:
        assert daemon.process is not None
        daemon.process.kill()
        daemon.process.wait()
        daemon.start()
    else:
        daemon.restart()
    for kind, entities in everything(admin_client(daemon)).items():
        assert entities == before[kind], kind
    again = client(daemon, document["AccessKeyId"], document["SecretAccessKey"], "sts", document["Token"])
    assert again.get_caller_identity()["UserId"] == identity["UserId"]


def everything(iam) -> dict:
    """All of the account, unique ids and dates included."""
    details = iam.get_account_authorization_details(
        Filter=["User", "Role", "Group", "LocalManagedPolicy"], MaxItems=1000)
    assert not details["IsTruncated"]
    found = {kind: details[kind] for kind in ("UserDetailList", "RoleDetailList", "GroupDetailList", "Policies")}
    for each in found["RoleDetailList"]:
        each.pop("RoleLastUsed", None)  # is written from time to time only
    return found


def test_a_role_made_again_is_another_one(start_daemon) -> None:
    daemon = start_daemon()
    iam = admin_client(daemon)
    admin_arn = iam.get_user()["User"]["Arn"]
    first = iam.create_role(RoleName="work", AssumeRolePolicyDocument=trust(admin_arn))["Role"]
    sts = admin_client(daemon, "sts")
    session = session_of(daemon, sts.assume_role(RoleArn=first["Arn"], RoleSessionName="one"))
    assert session.get_caller_identity()["UserId"] == first["RoleId"] + ":one"
    iam.delete_role(RoleName="work")
    assert refusal(session.get_caller_identity) == (403, "InvalidClientTokenId")
    second = iam.create_role(RoleName="work", AssumeRolePolicyDocument=trust(admin_arn))["Role"]
    assert second["RoleId"] != first["RoleId"]
    assert refusal(session.get_caller_identity) == (403, "InvalidClientTokenId")
    assert sts.assume_role(RoleArn=second["Arn"], RoleSessionName="two")


def session_of(daemon: Daemon, answer: dict, service: str = "sts"):
    credentials = answer["Credentials"]
    daemon.note_secret(credentials["SessionToken"])
    return client(daemon, credentials["AccessKeyId"], credentials["SecretAccessKey"], service,
                  credentials["SessionToken"])


def test_a_trust_policy_shows_the_id_of_a_user_that_is_gone(start_daemon) -> None:
    daemon = start_daemon()
    iam = admin_client(daemon)
    user = iam.create_user(UserName="short-lived")["User"]
    iam.create_role(RoleName="work", AssumeRolePolicyDocument=trust(user["Arn"]))
    assert principal_of(iam, "work") == user["Arn"]
    iam.delete_user(UserName="short-lived")
    assert user["UserId"].startswith("AIDA") and principal_of(iam, "work") == user["UserId"]
    again = iam.create_user(UserName="short-lived")["User"]
    assert principal_of(iam, "work") == user["UserId"] != again["UserId"]
    key = iam.create_access_key(UserName="short-lived")["AccessKey"]
    other = client(daemon, key["AccessKeyId"], key["SecretAccessKey"], "sts")
    arn = iam.get_role(RoleName="work")["Role"]["Arn"]
    assert refusal(other.assume_role, RoleArn=arn, RoleSessionName="one") == (403, "AccessDenied")


def principal_of(iam, name: str) -> str:
    return iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["AWS"]


def test_the_metadata_service_follows_the_instance_profile(start_daemon) -> None:
    daemon = start_daemon()
    iam = admin_client(daemon)
    iam.create_role(RoleName="other", AssumeRolePolicyDocument=EC2_TRUST)
    iam.remove_role_from_instance_profile(InstanceProfileName=ROLE, RoleName=ROLE)
    imds = daemon.imds_client()
    roles = "/latest/meta-data/iam/security-credentials/"
    wait_for("the role to be gone", lambda: ROLE not in imds.get(roles, imds.token()).text)
    iam.add_role_to_instance_profile(InstanceProfileName=ROLE, RoleName="other")
    wait_for("the other role", lambda: imds.get(roles, imds.token()).text == "other")
    document = wait_for("its credentials", lambda: of_success(imds.credentials("other")))
    session = client(daemon, document["AccessKeyId"], document["SecretAccessKey"], "sts", document["Token"])
    assert "/other/" in session.get_caller_identity()["Arn"]


def of_success(document: dict) -> dict | None:
    return document if document["Code"] == "Success" else None


def test_the_metadata_service_takes_up_a_repaired_trust_policy(start_daemon) -> None:
    daemon = start_daemon({"iam": {"role": [role(trust_policy=EC2_TRUST.replace("ec2.", "lambda."))]}})
    assert daemon.document()["Code"] == "AssumeRoleUnauthorizedAccess"
    admin_client(daemon).update_assume_role_policy(RoleName=ROLE, PolicyDocument=EC2_TRUST)
    document = wait_for("credentials", lambda: of_success(daemon.document()))
    session = client(daemon, document["AccessKeyId"], document["SecretAccessKey"], "sts", document["Token"])
    assert f"/{ROLE}/" in session.get_caller_identity()["Arn"]


def test_a_role_of_the_instance_that_is_made_again_gets_new_credentials(start_daemon) -> None:
    daemon = start_daemon({"iam": {"role": [], "instance_profile": [{"name": ROLE}]}})
    iam = admin_client(daemon)
    iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=EC2_TRUST)
    iam.add_role_to_instance_profile(InstanceProfileName=ROLE, RoleName=ROLE)
    imds = daemon.imds_client()
    wait_for("the profile", lambda: imds.get("/latest/meta-data/iam/security-credentials/", imds.token()).text == ROLE)
    before = wait_for("credentials", lambda: of_success(daemon.document()))
    iam.remove_role_from_instance_profile(InstanceProfileName=ROLE, RoleName=ROLE)
    iam.delete_role(RoleName=ROLE)
    iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=EC2_TRUST)
    iam.add_role_to_instance_profile(InstanceProfileName=ROLE, RoleName=ROLE)
    wait_for("the profile", lambda: imds.get("/latest/meta-data/iam/security-credentials/", imds.token()).text == ROLE)
    after = wait_for("credentials", lambda: of_success(daemon.document()))
    assert after["AccessKeyId"] != before["AccessKeyId"]
    session = client(daemon, after["AccessKeyId"], after["SecretAccessKey"], "sts", after["Token"])
    assert session.get_caller_identity()["Account"] == ACCOUNT
