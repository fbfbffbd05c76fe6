# SPDX-License-Identifier: MIT
"""What decides a call of the IAM API, and what its denial says."""

from __future__ import annotations

import json
from collections.abc import Iterator

import botocore.exceptions
import pytest

from support.daemon import ACCOUNT, INSTANCE, REGION, ROLE, Daemon, role
from support.iam import admin_client, client, refused
from support.policies import document, policy

ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/{ROLE}"
INSTANCE_ARN = f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/{INSTANCE}"
SESSION_ARN = f"arn:aws:sts::{ACCOUNT}:assumed-role/{ROLE}/{INSTANCE}"


@pytest.fixture
def user(user: str, iam) -> Iterator[str]:
    """One whose policies go with it."""
    yield user
    for name in iam.list_user_policies(UserName=user)["PolicyNames"]:
        iam.delete_user_policy(UserName=user, PolicyName=name)


def denied(who: str, what: str, resource: str, reason: str) -> tuple[int, str, str]:
    return 403, "AccessDenied", f"User: {who} is not authorized to perform: {what} on resource: {resource} {reason}"


def user_arn(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:user/{name}"


def no_identity_policy(action: str) -> str:
    return f"because no identity-based policy allows the {action} action"


def of_document(daemon: Daemon, version: int, service: str = "iam"):
    credentials = daemon.document(version)
    return client(daemon, credentials["AccessKeyId"], credentials["SecretAccessKey"], service, credentials["Token"])


def test_without_a_policy_nothing_is_allowed(iam_as, user: str) -> None:
    assert refused(iam_as(user).get_role, RoleName=ROLE) == denied(
        user_arn(user), "iam:GetRole", f"role {ROLE}", no_identity_policy("iam:GetRole"))


def test_a_policy_of_a_group_allows_and_denies(iam, iam_as, user: str) -> None:
    iam.create_group(GroupName="team")
    iam.put_group_policy(GroupName="team", PolicyName="read", PolicyDocument=policy("Allow", "iam:GetRole", ROLE_ARN))
    caller = iam_as(user)
    iam.add_user_to_group(GroupName="team", UserName=user)
    assert caller.get_role(RoleName=ROLE)["Role"]["Arn"] == ROLE_ARN
    iam.put_group_policy(GroupName="team", PolicyName="not", PolicyDocument=policy("Deny", "iam:Get*"))
    assert refused(caller.get_role, RoleName=ROLE) == denied(
        user_arn(user), "iam:GetRole", f"role {ROLE}", "with an explicit deny in an identity-based policy")
    iam.delete_group_policy(GroupName="team", PolicyName="not")
    iam.remove_user_from_group(GroupName="team", UserName=user)
    assert refused(caller.get_role, RoleName=ROLE)[1] == "AccessDenied"
    iam.delete_group_policy(GroupName="team", PolicyName="read")
    iam.delete_group(GroupName="team")


def test_a_permissions_boundary_limits(iam, iam_as, user: str) -> None:
    arn = iam.create_policy(PolicyName="limit", PolicyDocument=policy("Allow", "s3:*"))["Policy"]["Arn"]
    iam.put_user_policy(UserName=user, PolicyName="all", PolicyDocument=policy("Allow", "*"))
    caller = iam_as(user)
    assert caller.get_role(RoleName=ROLE)
    iam.put_user_permissions_boundary(UserName=user, PermissionsBoundary=arn)
    assert refused(caller.get_role, RoleName=ROLE) == denied(
        user_arn(user), "iam:GetRole", f"role {ROLE}", "because no permissions boundary allows the iam:GetRole action")
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=policy("Deny", "iam:*"), SetAsDefault=True)
    assert refused(caller.get_role, RoleName=ROLE) == denied(
        user_arn(user), "iam:GetRole", f"role {ROLE}", "with an explicit deny in a permissions boundary")
    iam.delete_user_permissions_boundary(UserName=user)
    assert caller.get_role(RoleName=ROLE)
    iam.delete_policy_version(PolicyArn=arn, VersionId="v1")
    iam.delete_policy(PolicyArn=arn)


def test_a_service_control_policy_limits_the_account(start_daemon) -> None:
    controls = {"account": [{"id": ACCOUNT, "service_control": [
        {"name": "no-groups", "document": document(
            {"Effect": "Allow", "NotAction": "iam:ListPolicies", "Resource": "*"},
            {"Effect": "Deny", "Action": "iam:*Group*", "Resource": "*"})}]}]}
    iam = admin_client(start_daemon({"iam": controls}))
    who = user_arn("imdsd-admin")
    assert iam.list_users()["Users"]
    status, code, text = refused(iam.create_group, GroupName="team")
    assert (status, code, text) == denied(who, "iam:CreateGroup", f"arn:aws:iam::{ACCOUNT}:group/team",
                                          "with an explicit deny in a service control policy")
    assert refused(iam.list_policies)[2].endswith(
        "because no service control policy allows the iam:ListPolicies action")


def test_a_resource_control_policy_only_denies(start_daemon) -> None:
    """The rest stays as it is; services are bound, too, but neither IAM nor EC2."""
    limit = document({"Effect": "Deny", "Principal": "*", "Action": ["s3:DeleteBucket", "iam:*", "sts:*"], "Resource": "*",
                      "Condition": {"StringNotEquals": {"aws:PrincipalType": "User"}}},
                     {"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteBucket", "Resource": "*"})
    daemon = start_daemon({"iam": {"account": [{"id": ACCOUNT, "resource_control": [
        {"name": "limit", "document": limit}]}]}})
    iam, s3 = admin_client(daemon), admin_client(daemon, "s3")
    assert iam.list_users()["Users"]
    s3.create_bucket(Bucket="kept", CreateBucketConfiguration={"LocationConstraint": REGION})
    assert refused(s3.delete_bucket, Bucket="kept")[2].endswith("with an explicit deny in a resource control policy")
    assert "AccessKeyId" not in daemon.document(2), "EC2 is denied sts:AssumeRole"


def test_a_denial_by_address_leaves_calls_of_services(start_daemon) -> None:
    """AWS's example, "Denies access to AWS based on the source IP"."""
    def denying(*networks: str) -> dict:
        return {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {
            "NotIpAddress": {"aws:SourceIp": networks}, "Bool": {"aws:ViaAWSService": "false"}}}
    for networks, allowed in ((("192.0.2.0/24",), False), (("127.0.0.0/8", "::1/128"), True)):
        text = document({"Effect": "Allow", "Action": "*", "Resource": "*"}, denying(*networks))
        daemon = start_daemon({"iam": {"role": [role(policies=[{"name": "office", "document": text}])]}})
        instance = of_document(daemon, 2)
        if allowed:
            assert instance.get_role(RoleName=ROLE)
        else:
            assert refused(instance.get_role, RoleName=ROLE)[2].endswith("with an explicit deny in an identity-based policy")


def test_tags_of_a_role_are_condition_keys(start_daemon) -> None:
    of_team = policy("Allow", "iam:GetRole", ROLE_ARN,
                     Condition={"StringEquals": {"aws:PrincipalTag/team": "core", "iam:ResourceTag/team": "core"}})
    daemon = start_daemon({"iam": {"role": [role(policies=[{"name": "of-team", "document": of_team}])]}})
    iam = admin_client(daemon)
    instance = of_document(daemon, 2)
    assert refused(instance.get_role, RoleName=ROLE) == denied(
        SESSION_ARN, "iam:GetRole", f"role {ROLE}", no_identity_policy("iam:GetRole"))
    iam.tag_role(RoleName=ROLE, Tags=[{"Key": "team", "Value": "core"}])
    assert instance.get_role(RoleName=ROLE)
    iam.tag_role(RoleName=ROLE, Tags=[{"Key": "team", "Value": "other"}])
    assert refused(instance.get_role, RoleName=ROLE)[1] == "AccessDenied"


@pytest.mark.parametrize("condition, allowed", [
    ({"NumericEquals": {"ec2:RoleDelivery": "1.0"}}, {1}),
    ({"NumericGreaterThanEquals": {"ec2:RoleDelivery": "2.0"}}, {2}),
    ({"ArnEquals": {"ec2:SourceInstanceARN": INSTANCE_ARN}}, {1, 2}),
    ({"ArnLike": {"ec2:SourceInstanceARN": "arn:aws:ec2:*:*:instance/i-ffffffff"}}, set()),
    ({"StringLike": {"aws:Ec2InstanceSourceVpc": "vpc-*"}}, {1, 2}),
    ({"IpAddress": {"aws:Ec2InstanceSourcePrivateIPv4": "172.31.0.0/16"}}, {1, 2}),
    ({"IpAddress": {"aws:Ec2InstanceSourcePrivateIPv4": "10.0.0.0/8"}}, set()),
], ids=["v1", "v2", "instance", "another instance", "vpc", "address", "another address"])
def test_what_the_metadata_service_delivered_is_known(start_daemon, condition: dict, allowed: set[int]) -> None:
    read = policy("Allow", "iam:GetRole", ROLE_ARN, Condition=condition)
    daemon = start_daemon({"iam": {"role": [role(policies=[{"name": "read", "document": read}])]}})
    for version in (1, 2):
        instance = of_document(daemon, version)
        if version in allowed:
            assert instance.get_role(RoleName=ROLE)["Role"]["RoleName"] == ROLE
        else:
            assert refused(instance.get_role, RoleName=ROLE) == denied(
                SESSION_ARN, "iam:GetRole", f"role {ROLE}", no_identity_policy("iam:GetRole"))


def test_audit_mode_lets_pass_and_logs_what_it_would_have_denied(start_daemon) -> None:
    daemon = start_daemon({"auth": {"mode": "audit"}})
    answer = of_document(daemon, 2).get_role(RoleName=ROLE)
    assert answer["Role"]["RoleName"] == ROLE
    request = answer["ResponseMetadata"]["RequestId"]
    (line,) = [line for line in daemon.log.splitlines() if request in line and "would deny" in line]
    assert "warn" in line.lower() and "iam" in line and "GetRole" in line and ROLE_ARN in line and SESSION_ARN in line
    assert "implicit" in line and "identity" in line
    # The answer was not a denial, and can be explained all the same.
    assert daemon.ctl("explain", request).stdout.startswith("implicit deny by the identity-based policy\n")


def denial(call, **parameters) -> str:
    """The request id of the denial."""
    with pytest.raises(botocore.exceptions.ClientError) as error:
        call(**parameters)
    assert error.value.response["Error"]["Code"] == "AccessDenied"
    return error.value.response["ResponseMetadata"]["RequestId"]


def test_a_denied_call_is_explained_by_its_request_id(shared_daemon: Daemon, iam, iam_as, user: str) -> None:
    iam.put_user_policy(UserName=user, PolicyName="limits", PolicyDocument=document(
        {"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Sid": "NoRoles", "Effect": "Deny", "Action": "iam:*Role", "Resource": "*"}))
    request = denial(iam_as(user).get_role, RoleName=ROLE)
    text = shared_daemon.ctl("explain", request).stdout
    lines = text.splitlines()
    assert lines[0] == "explicit deny by the identity-based policy"
    assert f"principal                 {user_arn(user)}" in lines
    assert f"resource                  {ROLE_ARN}" in lines
    assert '  Deny by Statement[1] "NoRoles" of limits, line 1' in lines
    assert any(line.startswith("needed ") for line in lines)
    assert lines[-2:] == ["decided again             allowed with this change", lines[-1]]
    assert lines[-1].startswith(f"request {request} at ")
    assert shared_daemon.ctl("explain").stdout == text, "it is the last denial"
    told = json.loads(shared_daemon.ctl("explain", request, "--json").stdout)
    assert (told["decision"], told["action"], told["resource"]) == ("explicit deny", "iam:GetRole", ROLE_ARN)
    assert told["requestId"] == request


def test_the_smallest_change_makes_the_call_succeed(iam, iam_as, user: str, shared_daemon: Daemon) -> None:
    iam.put_user_policy(UserName=user, PolicyName="reads", PolicyDocument=policy("Allow", "iam:GetUser", "*"))
    call = iam_as(user).get_role
    told = json.loads(shared_daemon.ctl("explain", denial(call, RoleName=ROLE), "--json").stdout)
    (near,), (change,) = told["nearMatches"], told["changes"]
    assert (near["policy"], near["index"], near["lacks"]) == ("reads", 0, "its Action does not have iam:GetRole")
    assert (change["kind"], change["policy"], told["changesAllow"]) == ("add statement", "reads", True)
    iam.put_user_policy(UserName=user, PolicyName="reads", PolicyDocument=document(change["statement"]))
    assert call(RoleName=ROLE)["Role"]["RoleName"] == ROLE


def test_a_role_that_the_caller_may_not_pass_is_explained(shared_daemon: Daemon, iam, iam_as, user: str) -> None:
    iam.create_instance_profile(InstanceProfileName="pass")
    iam.put_user_policy(UserName=user, PolicyName="profiles", PolicyDocument=policy("Allow", "iam:*InstanceProfile"))
    request = denial(iam_as(user).add_role_to_instance_profile, InstanceProfileName="pass", RoleName=ROLE)
    told = json.loads(shared_daemon.ctl("explain", request, "--json").stdout)
    assert (told["decision"], told["action"], told["resource"]) == ("implicit deny", "iam:PassRole", ROLE_ARN)
    iam.delete_instance_profile(InstanceProfileName="pass")


def test_a_policy_is_made_of_what_a_user_was_seen_to_do(shared_daemon: Daemon, iam, iam_as, user: str) -> None:
    iam.put_user_policy(UserName=user, PolicyName="all", PolicyDocument=document(
        {"Effect": "Allow", "Action": "iam:*", "Resource": "*"}, {"Effect": "Deny", "Action": "iam:ListUsers", "Resource": "*"}))
    caller = iam_as(user)
    caller.get_role(RoleName=ROLE)
    caller.list_role_tags(RoleName=ROLE)
    denial(caller.list_users)
    made = shared_daemon.ctl("policy", "generate", "--from-audit", user_arn(user))
    assert json.loads(made.stdout)["Statement"] == [
        {"Effect": "Allow", "Action": ["iam:GetRole", "iam:ListRoleTags"], "Resource": ROLE_ARN}]
    assert made.stderr == "imdsctl: note: 1 of what it asked for was denied, and is left out: `--denied` takes it in\n"
    iam.put_user_policy(UserName=user, PolicyName="all", PolicyDocument=made.stdout)
    assert caller.get_role(RoleName=ROLE)["Role"]["RoleName"] == ROLE
    denial(caller.list_roles)
    wider = shared_daemon.ctl("policy", "generate", "--denied", "--from-audit", user_arn(user), "--json")
    assert json.loads(wider.stdout)["permissions"] == 4
    other = shared_daemon.ctl("policy", "generate", "--from-audit", user_arn(user) + "x", check=False)
    assert other.returncode == 1 and user_arn(user) in other.stderr and "did you mean" in other.stderr


def test_an_unknown_request_id_is_an_error(shared_daemon: Daemon) -> None:
    result = shared_daemon.ctl("explain", "11111111-2222-3333-4444-555555555555", check=False)
    assert result.returncode == 1 and result.stdout == ""
    assert "11111111-2222-3333-4444-555555555555" in result.stderr and "denials" in result.stderr


def test_a_call_that_was_never_made_is_explained(shared_daemon: Daemon, iam, user: str) -> None:
    asked = ("explain", "--caller", user_arn(user), "--action", "s3:GetObject", "--resource", "arn:aws:s3:::b/key")
    assert shared_daemon.ctl(*asked).stdout.startswith("implicit deny by the identity-based policy\n")
    iam.put_user_policy(UserName=user, PolicyName="read", PolicyDocument=policy(
        "Allow", "s3:GetObject", "arn:aws:s3:::b/*", Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}))
    told = json.loads(shared_daemon.ctl(*asked, "--json", "--context", "aws:SourceIp=10.1.2.3").stdout)
    assert told["decision"].startswith("allow") and told["principal"] == user_arn(user)
    (statement,) = [each for layer in told["layers"] for each in layer["statements"]]
    assert (statement["policy"], statement["index"], statement["effect"]) == ("read", 0, "Allow")
    assert json.loads(shared_daemon.ctl(*asked, "--json", "--context", "aws:SourceIp=192.0.2.1").stdout)[
        "decision"] == "implicit deny"


@pytest.mark.parametrize("caller, message", [
    (f"arn:aws:iam::{ACCOUNT}:user/nobody", "there is no"), ("nobody", "not an ARN")])
def test_a_caller_that_is_none_is_an_error(shared_daemon: Daemon, caller: str, message: str) -> None:
    result = shared_daemon.ctl("explain", "--caller", caller, "--action", "s3:GetObject", check=False)
    assert result.returncode == 1 and message in result.stderr and caller in result.stderr
