# SPDX-License-Identifier: MIT
"""Policies of users, groups and roles, inline and attached, as boto3 sees them."""

from __future__ import annotations

import json

import pytest

from support.daemon import ACCOUNT, EC2_TRUST
from support.iam import ANY_POLICY, refusal

KINDS = ["user", "group", "role"]


@pytest.fixture(params=KINDS)
def kind(request, own_iam) -> str:
    """A user, a group or a role named `walk`."""
    name = {f"{request.param.title()}Name": "walk"}
    trust = {"AssumeRolePolicyDocument": EC2_TRUST} if request.param == "role" else {}
    getattr(own_iam, f"create_{request.param}")(**name, **trust)
    return request.param


def of(own_iam, action: str, kind: str):
    """of(own_iam, "put_{}_policy", "user") is own_iam.put_user_policy, on `walk`."""
    method = getattr(own_iam, action.format(kind))
    return lambda **more: method(**{f"{kind.title()}Name": "walk"}, **more)


def test_an_inline_policy_lives_from_creation_to_deletion(own_iam, kind: str) -> None:
    document = '{"Version": "2012-10-17",\n"Statement": {"Effect": "Allow", "Action": "s3:Get*",' \
               ' "Resource": "arn:aws:s3:::b/a+b%3Ac"}}'
    of(own_iam, "put_{}_policy", kind)(PolicyName="p", PolicyDocument=document)
    assert of(own_iam, "list_{}_policies", kind)()["PolicyNames"] == ["p"]
    assert of(own_iam, "get_{}_policy", kind)(PolicyName="p")["PolicyDocument"] == json.loads(document)
    of(own_iam, "delete_{}_policy", kind)(PolicyName="p")
    assert of(own_iam, "list_{}_policies", kind)()["PolicyNames"] == []
    assert refusal(of(own_iam, "get_{}_policy", kind), PolicyName="p") == (404, "NoSuchEntity")


def test_inline_policies_have_a_quota(own_iam, kind: str) -> None:
    document = json.dumps({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::" + "x" * 10240}})
    assert refusal(of(own_iam, "put_{}_policy", kind), PolicyName="p", PolicyDocument=document) == (409, "LimitExceeded")


def test_a_managed_policy_is_attached_and_detached(own_iam, kind: str) -> None:
    arn = own_iam.create_policy(PolicyName="p", PolicyDocument=ANY_POLICY)["Policy"]["Arn"]
    of(own_iam, "attach_{}_policy", kind)(PolicyArn=arn)
    assert of(own_iam, "list_attached_{}_policies", kind)()["AttachedPolicies"] == [
        {"PolicyName": "p", "PolicyArn": arn}]
    assert own_iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 1
    entities = own_iam.list_entities_for_policy(PolicyArn=arn)
    assert {key: [entity[f"{kind.title()}Name"] for entity in entities[key]]
            for key in ("PolicyGroups", "PolicyUsers", "PolicyRoles") if entities[key]} == {
                f"Policy{kind.title()}s": ["walk"]}
    assert refusal(own_iam.delete_policy, PolicyArn=arn) == (409, "DeleteConflict")
    of(own_iam, "detach_{}_policy", kind)(PolicyArn=arn)
    assert refusal(of(own_iam, "detach_{}_policy", kind), PolicyArn=arn) == (404, "NoSuchEntity")
    own_iam.delete_policy(PolicyArn=arn)
    assert refusal(of(own_iam, "attach_{}_policy", kind), PolicyArn=arn) == (404, "NoSuchEntity")


def test_a_managed_policy_lives_from_creation_to_deletion(own_iam) -> None:
    created = own_iam.create_policy(PolicyName="p", Path="/team/", Description="d", PolicyDocument=ANY_POLICY,
                                Tags=[{"Key": "k", "Value": "v"}])["Policy"]
    arn = created["Arn"]
    assert arn == f"arn:aws:iam::{ACCOUNT}:policy/team/p"
    assert created["AttachmentCount"] == 0 and created["IsAttachable"] is True
    assert own_iam.get_policy(PolicyArn=arn)["Policy"]["Description"] == "d"
    listed = own_iam.list_policies(Scope="Local", PathPrefix="/team/")["Policies"]
    assert [policy["Arn"] for policy in listed] == [arn] and "Description" not in listed[0]
    version = own_iam.create_policy_version(PolicyArn=arn, PolicyDocument=ANY_POLICY, SetAsDefault=True)["PolicyVersion"]
    assert (version["VersionId"], version["IsDefaultVersion"]) == ("v2", True)
    assert own_iam.get_policy_version(PolicyArn=arn, VersionId="v1")["PolicyVersion"]["Document"] == json.loads(ANY_POLICY)
    assert [each["VersionId"] for each in own_iam.list_policy_versions(PolicyArn=arn)["Versions"]] == ["v2", "v1"]
    assert refusal(own_iam.delete_policy, PolicyArn=arn) == (409, "DeleteConflict")
    assert refusal(own_iam.delete_policy_version, PolicyArn=arn, VersionId="v2") == (409, "DeleteConflict")
    own_iam.set_default_policy_version(PolicyArn=arn, VersionId="v1")
    own_iam.delete_policy_version(PolicyArn=arn, VersionId="v2")
    own_iam.tag_policy(PolicyArn=arn, Tags=[{"Key": "l", "Value": "w"}])
    own_iam.untag_policy(PolicyArn=arn, TagKeys=["k"])
    assert own_iam.list_policy_tags(PolicyArn=arn)["Tags"] == [{"Key": "l", "Value": "w"}]
    own_iam.delete_policy(PolicyArn=arn)
    assert refusal(own_iam.get_policy, PolicyArn=arn) == (404, "NoSuchEntity")


def test_a_malformed_policy_is_refusal(own_iam) -> None:
    assert refusal(own_iam.create_policy, PolicyName="p", PolicyDocument="{") == (400, "MalformedPolicyDocument")
