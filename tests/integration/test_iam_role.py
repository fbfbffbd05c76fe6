# SPDX-License-Identifier: MIT
"""Roles from creation to deletion, as boto3 sees them."""

from __future__ import annotations

import json

from support.daemon import ACCOUNT, EC2_TRUST
from support.iam import ANY_POLICY, refusal


def trust(principal: str) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}]})


def create(own_iam, name: str = "walk", **more):
    return own_iam.create_role(RoleName=name, AssumeRolePolicyDocument=EC2_TRUST, **more)["Role"]


def test_a_role_lives_from_creation_to_deletion(own_iam) -> None:
    created = create(own_iam, Path="/team/", Description="d", MaxSessionDuration=7200,
                     Tags=[{"Key": "k", "Value": "v"}])
    assert created["Arn"] == f"arn:aws:iam::{ACCOUNT}:role/team/walk"
    assert created["AssumeRolePolicyDocument"] == json.loads(EC2_TRUST)
    assert "MaxSessionDuration" not in created and "RoleLastUsed" not in created
    full = own_iam.get_role(RoleName="walk")["Role"]
    assert full["MaxSessionDuration"] == 7200 and full["RoleLastUsed"] == {}
    assert full["Tags"] == [{"Key": "k", "Value": "v"}]
    listed = own_iam.list_roles(PathPrefix="/team/")["Roles"]
    assert [role["RoleName"] for role in listed] == ["walk"]
    assert not listed[0].keys() & {"Tags", "RoleLastUsed", "PermissionsBoundary"}

    own_iam.update_role(RoleName="walk", MaxSessionDuration=3600)
    assert own_iam.update_role_description(RoleName="walk", Description="e")["Role"]["Description"] == "e"
    own_iam.update_assume_role_policy(RoleName="walk", PolicyDocument=trust(created["Arn"]))
    assert own_iam.get_role(RoleName="walk")["Role"]["AssumeRolePolicyDocument"] == json.loads(trust(created["Arn"]))
    own_iam.tag_role(RoleName="walk", Tags=[{"Key": "K", "Value": "w"}])
    assert own_iam.list_role_tags(RoleName="walk")["Tags"] == [{"Key": "K", "Value": "w"}]
    own_iam.untag_role(RoleName="walk", TagKeys=["k"])
    assert own_iam.list_role_tags(RoleName="walk")["Tags"] == []

    own_iam.delete_role(RoleName="walk")
    assert refusal(own_iam.get_role, RoleName="walk") == (404, "NoSuchEntity")


def test_a_role_has_a_boundary(own_iam) -> None:
    create(own_iam)
    arn = own_iam.create_policy(PolicyName="boundary", PolicyDocument=ANY_POLICY)["Policy"]["Arn"]
    own_iam.put_role_permissions_boundary(RoleName="walk", PermissionsBoundary=arn)
    assert own_iam.get_role(RoleName="walk")["Role"]["PermissionsBoundary"] == {
        "PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn}
    own_iam.delete_role_permissions_boundary(RoleName="walk")
    assert "PermissionsBoundary" not in own_iam.get_role(RoleName="walk")["Role"]


def test_roles_are_listed_in_pages(own_iam) -> None:
    for number in range(5):
        create(own_iam, f"walk-{number}", Path="/pages/")
    pages = own_iam.get_paginator("list_roles").paginate(PathPrefix="/pages/", PaginationConfig={"PageSize": 2})
    assert [[role["RoleName"] for role in page["Roles"]] for page in pages] == [
        ["walk-0", "walk-1"], ["walk-2", "walk-3"], ["walk-4"]]


def test_a_role_that_is_in_use_is_not_deleted(own_iam) -> None:
    create(own_iam)
    own_iam.create_instance_profile(InstanceProfileName="walk")
    own_iam.add_role_to_instance_profile(InstanceProfileName="walk", RoleName="walk")
    assert refusal(own_iam.delete_role, RoleName="walk") == (409, "DeleteConflict")
    own_iam.remove_role_from_instance_profile(InstanceProfileName="walk", RoleName="walk")
    own_iam.delete_role(RoleName="walk")


def test_a_trust_policy_is_refusal_when_it_is_malformed(own_iam) -> None:
    for document in ("{", trust(f"arn:aws:iam::{ACCOUNT}:user/nobody")):
        assert refusal(own_iam.create_role, RoleName="walk", AssumeRolePolicyDocument=document) == (
            400, "MalformedPolicyDocument")


def test_a_service_linked_role_is_its_services(own_iam) -> None:
    role = own_iam.create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com")["Role"]
    assert role["Path"] == "/aws-service-role/autoscaling.amazonaws.com/"
    assert refusal(own_iam.delete_role, RoleName=role["RoleName"]) == (400, "UnmodifiableEntity")
    task = own_iam.delete_service_linked_role(RoleName=role["RoleName"])["DeletionTaskId"]
    assert own_iam.get_service_linked_role_deletion_status(DeletionTaskId=task)["Status"] == "SUCCEEDED"
