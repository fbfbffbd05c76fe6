# SPDX-License-Identifier: MIT
"""Instance profiles from creation to deletion, as boto3 sees them."""

from __future__ import annotations

from support.daemon import ACCOUNT, EC2_TRUST
from support.iam import refusal


def test_an_instance_profile_lives_from_creation_to_deletion(own_iam) -> None:
    profile = {"InstanceProfileName": "walk"}
    created = own_iam.create_instance_profile(**profile, Path="/x/", Tags=[{"Key": "k", "Value": "v"}])["InstanceProfile"]
    assert created["Arn"] == f"arn:aws:iam::{ACCOUNT}:instance-profile/x/walk"
    assert created["Roles"] == []
    for name in ("one", "two"):
        own_iam.create_role(RoleName=name, AssumeRolePolicyDocument=EC2_TRUST)
    own_iam.add_role_to_instance_profile(**profile, RoleName="one")
    assert refusal(own_iam.add_role_to_instance_profile, **profile, RoleName="two") == (409, "LimitExceeded")
    full = own_iam.get_instance_profile(**profile)["InstanceProfile"]
    assert [role["RoleName"] for role in full["Roles"]] == ["one"]
    assert full["Tags"] == [{"Key": "k", "Value": "v"}]
    for listed in (own_iam.list_instance_profiles(PathPrefix="/x/"), own_iam.list_instance_profiles_for_role(RoleName="one")):
        assert [each["InstanceProfileName"] for each in listed["InstanceProfiles"]] == ["walk"]
    own_iam.tag_instance_profile(**profile, Tags=[{"Key": "l", "Value": "w"}])
    own_iam.untag_instance_profile(**profile, TagKeys=["k"])
    assert own_iam.list_instance_profile_tags(**profile)["Tags"] == [{"Key": "l", "Value": "w"}]
    assert refusal(own_iam.delete_instance_profile, **profile) == (409, "DeleteConflict")
    own_iam.remove_role_from_instance_profile(**profile, RoleName="one")
    own_iam.delete_instance_profile(**profile)
    assert refusal(own_iam.get_instance_profile, **profile) == (404, "NoSuchEntity")
