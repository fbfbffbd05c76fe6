# SPDX-License-Identifier: MIT
"""SimulatePrincipalPolicy, SimulateCustomPolicy and GetContextKeysFor*, as boto3 sees them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from support.daemon import ACCOUNT, ROLE, Daemon, role
from support.iam import admin_client, refused
from support.policies import document, policy

KEY = "arn:aws:s3:::bucket/key"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/{ROLE}"


@pytest.fixture
def reader(iam, user: str) -> Iterator[str]:
    """The ARN of a user who may read one bucket from one network, and nothing of secret/."""
    iam.put_user_policy(UserName=user, PolicyName="read", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [
            {"Sid": "Read", "Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::bucket/*"},
            {"Effect": "Deny", "Action": "*", "Resource": "arn:aws:s3:::bucket/secret/*"},
            {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*",
             "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}]}, indent=1))
    yield f"arn:aws:iam::{ACCOUNT}:user/{user}"
    iam.delete_user_policy(UserName=user, PolicyName="read")


def one(answer: dict[str, Any]) -> dict[str, Any]:
    assert not answer["IsTruncated"]
    (result,) = answer["EvaluationResults"]
    return result


def test_an_allowed_action_names_its_statement(iam, reader: str) -> None:
    result = one(iam.simulate_principal_policy(PolicySourceArn=reader, ActionNames=["s3:GetObject"],
                                               ResourceArns=[KEY]))
    assert (result["EvalActionName"], result["EvalResourceName"], result["EvalDecision"]) == (
        "s3:GetObject", KEY, "allowed")
    (statement,) = result["MatchedStatements"]
    assert (statement["SourcePolicyId"], statement["SourcePolicyType"]) == ("read", "IAM Policy")
    # The policy is printed over several lines; the statement is where it was written.
    assert statement["StartPosition"]["Line"] == 4
    assert statement["EndPosition"]["Line"] == 9
    assert result["MissingContextValues"] == ["aws:SourceIp"]
    assert result["EvalDecisionDetails"] == {}
    (specific,) = result["ResourceSpecificResults"]
    assert specific == {"EvalResourceName": KEY, "EvalResourceDecision": "allowed", "MatchedStatements": [statement],
                        "MissingContextValues": ["aws:SourceIp"]}
    assert "PermissionsBoundaryDecisionDetail" not in result and "OrganizationsDecisionDetail" not in result


def test_denials_are_told_apart(iam, reader: str) -> None:
    result = one(iam.simulate_principal_policy(PolicySourceArn=reader, ActionNames=["s3:GetObject"], ResourceArns=[
        KEY, "arn:aws:s3:::bucket/secret/key", "arn:aws:s3:::other/key"]))
    assert result["EvalDecision"] == "explicitDeny", "the strictest"
    decisions = {each["EvalResourceName"]: each for each in result["ResourceSpecificResults"]}
    assert [each["EvalResourceDecision"] for each in decisions.values()] == ["allowed", "explicitDeny", "implicitDeny"]
    (denying,) = decisions["arn:aws:s3:::bucket/secret/key"]["MatchedStatements"]
    assert denying["StartPosition"]["Line"] > 9
    assert decisions["arn:aws:s3:::other/key"]["MatchedStatements"] == []


def test_a_missing_key_is_named_and_a_given_one_counts(iam, reader: str) -> None:
    asked = {"PolicySourceArn": reader, "ActionNames": ["s3:PutObject"], "ResourceArns": [KEY]}
    without = one(iam.simulate_principal_policy(**asked))
    assert (without["EvalDecision"], without["MissingContextValues"]) == ("implicitDeny", ["aws:SourceIp"])
    for address, decision in (("10.1.2.3", "allowed"), ("192.0.2.1", "implicitDeny")):
        result = one(iam.simulate_principal_policy(**asked, ContextEntries=[
            {"ContextKeyName": "aws:SourceIp", "ContextKeyValues": [address], "ContextKeyType": "ip"}]))
        assert (result["EvalDecision"], result.get("MissingContextValues", [])) == (decision, [])


def test_a_boundary_is_shown_and_can_be_given(iam, reader: str, user: str) -> None:
    asked = {"PolicySourceArn": reader, "ActionNames": ["s3:GetObject"], "ResourceArns": [KEY]}
    result = one(iam.simulate_principal_policy(**asked, PermissionsBoundaryPolicyInputList=[
        policy("Allow", "ec2:*")]))
    assert result["EvalDecision"] == "implicitDeny"
    assert result["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}
    iam.put_user_permissions_boundary(UserName=user, PermissionsBoundary="arn:aws:iam::aws:policy/ReadOnlyAccess")
    result = one(iam.simulate_principal_policy(**asked))
    assert result["EvalDecision"] == "allowed"
    assert result["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": True}
    iam.delete_user_permissions_boundary(UserName=user)


def test_a_service_control_policy_is_shown(start_daemon) -> None:
    everything = role(policies=[{"name": "all", "document": policy("Allow", "*")}])
    daemon: Daemon = start_daemon({"iam": {"role": [everything], "account": [{"id": ACCOUNT, "service_control": [
        {"name": "no-s3", "document": policy("Allow", "iam:*")}]}]}})
    answer = admin_client(daemon).simulate_principal_policy(
        PolicySourceArn=ROLE_ARN, ActionNames=["iam:GetRole", "s3:GetObject"])
    assert [(each["EvalDecision"], each["OrganizationsDecisionDetail"]) for each in answer["EvaluationResults"]] == [
        ("allowed", {"AllowedByOrganizations": True}), ("implicitDeny", {"AllowedByOrganizations": False})]


def test_a_group_lends_its_policies(iam, user: str) -> None:
    iam.create_group(GroupName="sim")
    iam.put_group_policy(GroupName="sim", PolicyName="group", PolicyDocument=policy("Allow", "s3:GetObject"))
    iam.add_user_to_group(GroupName="sim", UserName=user)
    for source in (f"user/{user}", "group/sim"):
        result = one(iam.simulate_principal_policy(PolicySourceArn=f"arn:aws:iam::{ACCOUNT}:{source}",
                                                   ActionNames=["s3:GetObject"], ResourceArns=[KEY]))
        assert (result["EvalDecision"], result["MatchedStatements"][0]["SourcePolicyId"]) == ("allowed", "group")
    iam.remove_user_from_group(GroupName="sim", UserName=user)
    iam.delete_group_policy(GroupName="sim", PolicyName="group")
    iam.delete_group(GroupName="sim")


def test_results_come_in_pages_in_the_order_asked(iam) -> None:
    actions = [f"s3:Action{number}" for number in range(12)]
    pages = iam.get_paginator("simulate_custom_policy").paginate(
        PolicyInputList=[policy("Allow", "s3:Action1*")], ActionNames=actions, PaginationConfig={"PageSize": 5})
    results = [page["EvaluationResults"] for page in pages]
    assert [len(page) for page in results] == [5, 5, 2]
    flat = [each for page in results for each in page]
    assert [each["EvalActionName"] for each in flat] == actions
    assert [each["EvalActionName"] for each in flat if each["EvalDecision"] == "allowed"] == [
        "s3:Action1", "s3:Action10", "s3:Action11"]


def test_custom_policies_are_named_by_their_place(iam) -> None:
    result = one(iam.simulate_custom_policy(
        PolicyInputList=[policy("Allow", "ec2:*"), policy("Allow", "s3:*")], ActionNames=["s3:GetObject"]))
    assert result["EvalResourceName"] == "*"
    assert [each["SourcePolicyId"] for each in result["MatchedStatements"]] == ["PolicyInputList.2"]


def test_a_resource_policy_is_part_of_it(iam, reader: str) -> None:
    bucket = document({"Effect": "Deny", "Principal": {"AWS": reader}, "Action": "s3:*", "Resource": "*"})
    result = one(iam.simulate_principal_policy(
        PolicySourceArn=reader, ActionNames=["s3:GetObject"], ResourceArns=[KEY], ResourcePolicy=bucket,
        ResourceOwner=f"arn:aws:iam::{ACCOUNT}:root"))
    assert result["EvalDecision"] == "explicitDeny"
    (statement,) = result["MatchedStatements"]
    assert (statement["SourcePolicyId"], statement["SourcePolicyType"]) == ("ResourcePolicy", "Resource Policy")


def test_each_kind_of_policy_is_told_for_another_accounts_resource(iam, reader: str) -> None:
    """The third example of the API's reference: the bucket's owner allows what the caller's account does not."""
    bucket = document({"Effect": "Allow", "Principal": {"AWS": reader}, "Action": "s3:*", "Resource": "*"})
    result = one(iam.simulate_principal_policy(
        PolicySourceArn=reader, ActionNames=["s3:DeleteObject"], ResourceArns=[KEY], ResourcePolicy=bucket,
        ResourceOwner="arn:aws:iam::210987654321:root", PermissionsBoundaryPolicyInputList=[policy("Allow", "iam:*")]))
    details = {"IAM Policy": "implicitDeny", "Resource Policy": "allowed",
               "Permissions Boundary Policy": "implicitDeny"}
    assert (result["EvalDecision"], result["EvalDecisionDetails"], result["MatchedStatements"]) == (
        "implicitDeny", details, [])
    (specific,) = result["ResourceSpecificResults"]
    assert (specific["EvalResourceDecision"], specific["EvalDecisionDetails"]) == ("implicitDeny", details)
    assert specific["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}
    assert [each["SourcePolicyId"] for each in specific["MatchedStatements"]] == ["ResourcePolicy"]


def test_context_keys_are_listed(iam, reader: str) -> None:
    assert iam.get_context_keys_for_principal_policy(PolicySourceArn=reader)["ContextKeyNames"] == ["aws:SourceIp"]
    more = policy("Allow", "s3:*", "arn:aws:s3:::b/${aws:username}/*", Condition={
        "StringEquals": {"AWS:SourceIP": "x", "s3:prefix": "${aws:PrincipalTag/team}"}})
    assert set(iam.get_context_keys_for_principal_policy(PolicySourceArn=reader, PolicyInputList=[more])[
        "ContextKeyNames"]) == {"aws:SourceIp", "aws:username", "s3:prefix", "aws:PrincipalTag/team"}
    assert set(iam.get_context_keys_for_custom_policy(PolicyInputList=[more])["ContextKeyNames"]) == {
        "aws:username", "AWS:SourceIP", "s3:prefix", "aws:PrincipalTag/team"}


def test_what_is_not_there_or_no_policy_is_refused(iam) -> None:
    missing = f"arn:aws:iam::{ACCOUNT}:user/nobody"
    for call, more in ((iam.simulate_principal_policy, {"ActionNames": ["s3:GetObject"]}),
                       (iam.get_context_keys_for_principal_policy, {})):
        assert refused(call, PolicySourceArn=missing, **more)[:2] == (404, "NoSuchEntity")
        assert refused(call, PolicySourceArn=f"arn:aws:s3:::{'bucket' * 3}", **more)[:2] == (400, "InvalidInput")
    assert refused(iam.simulate_custom_policy, PolicyInputList=["{"], ActionNames=["s3:GetObject"])[:2] == (
        400, "InvalidInput")
    assert refused(iam.simulate_custom_policy, PolicyInputList=[policy("Allow", "s3:*")],
                   ActionNames=["GetObject"])[:2] == (400, "InvalidInput")
