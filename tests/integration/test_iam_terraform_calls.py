# SPDX-License-Identifier: MIT
"""The calls of Terraform's AWS provider, resource by resource, in its order.

Each resource is created, read, changed, read and destroyed as the provider does it
(github.com/hashicorp/terraform-provider-aws, internal/service/iam). What is read must be what was written: a plan
compares no more than that. Once destroyed, a read must say NoSuchEntity, which is how the provider learns of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from support.daemon import ACCOUNT, EC2_TRUST, Daemon
from support.iam import ANY_POLICY, admin_client, refusal
from support.policies import policy, trust

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
METADATA = (Path(__file__).parent / "terraform" / "saml-metadata.xml").read_text()
TAGS = [{"Key": "stack", "Value": "tf"}]
NEW_TAGS = [{"Key": "stack", "Value": "two"}]


def is_gone(read: Callable[..., Any], **names: str) -> None:
    assert refusal(read, **names) == (404, "NoSuchEntity")


def test_the_provider_starts(shared_daemon: Daemon, iam) -> None:
    assert admin_client(shared_daemon, "sts").get_caller_identity()["Account"] == ACCOUNT
    # Its two ways to learn the account where STS does not tell.
    assert iam.get_user()["User"]["Arn"].split(":")[4] == ACCOUNT
    assert iam.list_roles(MaxItems=1)["Roles"][0]["Arn"].split(":")[4] == ACCOUNT


def read_role(iam, name: str) -> dict[str, Any]:
    found = iam.get_role(RoleName=name)["Role"]
    return {"path": found["Path"], "description": found.get("Description"), "trust": found["AssumeRolePolicyDocument"],
            "max": found["MaxSessionDuration"], "tags": found.get("Tags", []),
            "boundary": found.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
            "inline": {each: iam.get_role_policy(RoleName=name, PolicyName=each)["PolicyDocument"]
                       for each in iam.list_role_policies(RoleName=name)["PolicyNames"]},
            "attached": [each["PolicyArn"] for each in
                         iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]]}


def test_aws_iam_role(iam) -> None:
    iam.create_role(RoleName="tf-role", Path="/tf/", Description="one", MaxSessionDuration=3600,
                    AssumeRolePolicyDocument=EC2_TRUST, PermissionsBoundary=READ_ONLY, Tags=TAGS)
    iam.put_role_policy(RoleName="tf-role", PolicyName="inline", PolicyDocument=ANY_POLICY)
    iam.attach_role_policy(RoleName="tf-role", PolicyArn=READ_ONLY)
    one = {"path": "/tf/", "description": "one", "trust": json.loads(EC2_TRUST), "max": 3600, "tags": TAGS,
           "boundary": READ_ONLY, "inline": {"inline": json.loads(ANY_POLICY)}, "attached": [READ_ONLY]}
    assert read_role(iam, "tf-role") == one

    other_trust = trust(f"arn:aws:iam::{ACCOUNT}:root")
    iam.update_assume_role_policy(RoleName="tf-role", PolicyDocument=other_trust)
    iam.update_role_description(RoleName="tf-role", Description="two")
    iam.update_role(RoleName="tf-role", MaxSessionDuration=7200, Description="two")
    iam.delete_role_permissions_boundary(RoleName="tf-role")
    iam.tag_role(RoleName="tf-role", Tags=NEW_TAGS)
    assert read_role(iam, "tf-role") == one | {
        "description": "two", "trust": json.loads(other_trust), "max": 7200, "boundary": None, "tags": NEW_TAGS}
    iam.untag_role(RoleName="tf-role", TagKeys=["stack"])
    assert read_role(iam, "tf-role")["tags"] == []

    # aws_iam_role_policy and aws_iam_role_policy_attachment, by themselves.
    iam.delete_role_policy(RoleName="tf-role", PolicyName="inline")
    is_gone(iam.get_role_policy, RoleName="tf-role", PolicyName="inline")
    is_gone(iam.delete_role_policy, RoleName="tf-role", PolicyName="inline")
    iam.detach_role_policy(RoleName="tf-role", PolicyArn=READ_ONLY)
    is_gone(iam.detach_role_policy, RoleName="tf-role", PolicyArn=READ_ONLY)

    assert iam.list_instance_profiles_for_role(RoleName="tf-role")["InstanceProfiles"] == []
    iam.delete_role(RoleName="tf-role")
    for read in (iam.get_role, iam.list_role_policies, iam.list_attached_role_policies, iam.delete_role,
                 iam.list_instance_profiles_for_role):
        is_gone(read, RoleName="tf-role")


def test_aws_iam_role_is_created_before_the_user_it_trusts_is_known(iam) -> None:
    # The provider tries again for as long as the message begins so.
    arn = f"arn:aws:iam::{ACCOUNT}:user/tf-late"
    try:
        iam.create_role(RoleName="tf-role", AssumeRolePolicyDocument=trust(arn))
        raise AssertionError("a principal that does not exist was accepted")
    except iam.exceptions.MalformedPolicyDocumentException as error:
        assert "Invalid principal in policy" in str(error)


def test_aws_iam_instance_profile(iam) -> None:
    iam.create_role(RoleName="tf-role", AssumeRolePolicyDocument=EC2_TRUST)
    iam.create_instance_profile(InstanceProfileName="tf-profile", Path="/tf/", Tags=TAGS)
    iam.get_waiter("instance_profile_exists").wait(InstanceProfileName="tf-profile")
    iam.add_role_to_instance_profile(InstanceProfileName="tf-profile", RoleName="tf-role")
    found = iam.get_instance_profile(InstanceProfileName="tf-profile")["InstanceProfile"]
    assert (found["Path"], found["Tags"], [each["RoleName"] for each in found["Roles"]]) == (
        "/tf/", TAGS, ["tf-role"])
    # Destroying the role first, with the profile in its way.
    assert refusal(iam.delete_role, RoleName="tf-role") == (409, "DeleteConflict")
    (profile,) = iam.list_instance_profiles_for_role(RoleName="tf-role")["InstanceProfiles"]
    iam.remove_role_from_instance_profile(InstanceProfileName=profile["InstanceProfileName"], RoleName="tf-role")
    is_gone(iam.remove_role_from_instance_profile, InstanceProfileName="tf-profile", RoleName="tf-role")
    iam.delete_role(RoleName="tf-role")
    iam.delete_instance_profile(InstanceProfileName="tf-profile")
    is_gone(iam.get_instance_profile, InstanceProfileName="tf-profile")
    is_gone(iam.delete_instance_profile, InstanceProfileName="tf-profile")


def test_aws_iam_user(iam) -> None:
    iam.create_user(UserName="tf-user", Path="/tf/", PermissionsBoundary=READ_ONLY, Tags=TAGS)
    found = iam.get_user(UserName="tf-user")["User"]
    assert (found["Path"], found["Tags"], found["PermissionsBoundary"]["PermissionsBoundaryArn"]) == (
        "/tf/", TAGS, READ_ONLY)
    iam.update_user(UserName="tf-user", NewUserName="tf-other", NewPath="/other/")
    is_gone(iam.get_user, UserName="tf-user")
    iam.delete_user_permissions_boundary(UserName="tf-other")
    iam.tag_user(UserName="tf-other", Tags=NEW_TAGS)
    after = iam.get_user(UserName="tf-other")["User"]
    assert (after["UserId"], after["Path"], after["Tags"]) == (found["UserId"], "/other/", NEW_TAGS)
    assert "PermissionsBoundary" not in after

    iam.put_user_policy(UserName="tf-other", PolicyName="inline", PolicyDocument=ANY_POLICY)
    assert iam.get_user_policy(UserName="tf-other", PolicyName="inline")["PolicyDocument"] == json.loads(ANY_POLICY)
    iam.delete_user_policy(UserName="tf-other", PolicyName="inline")
    is_gone(iam.get_user_policy, UserName="tf-other", PolicyName="inline")
    iam.attach_user_policy(UserName="tf-other", PolicyArn=READ_ONLY)
    (attached,) = iam.list_attached_user_policies(UserName="tf-other")["AttachedPolicies"]
    assert attached["PolicyArn"] == READ_ONLY
    iam.detach_user_policy(UserName="tf-other", PolicyArn=READ_ONLY)
    is_gone(iam.detach_user_policy, UserName="tf-other", PolicyArn=READ_ONLY)
    iam.delete_user(UserName="tf-other")
    for read in (iam.get_user, iam.delete_user, iam.list_attached_user_policies):
        is_gone(read, UserName="tf-other")


def test_aws_iam_user_is_destroyed_by_force(iam) -> None:
    user = {"UserName": "tf-user"}
    iam.create_user(**user)
    iam.create_group(GroupName="tf-group")
    iam.add_user_to_group(**user, GroupName="tf-group")
    iam.create_access_key(**user)
    iam.create_login_profile(**user, Password="Correct-horse-1-battery")
    serial = iam.create_virtual_mfa_device(VirtualMFADeviceName="tf-user")["VirtualMFADevice"]["SerialNumber"]

    for group in iam.list_groups_for_user(**user)["Groups"]:
        iam.remove_user_from_group(**user, GroupName=group["GroupName"])
    for key in iam.list_access_keys(**user)["AccessKeyMetadata"]:
        iam.delete_access_key(**user, AccessKeyId=key["AccessKeyId"])
    assert iam.list_ssh_public_keys(**user)["SSHPublicKeys"] == []
    assert iam.list_mfa_devices(**user)["MFADevices"] == []
    unassigned = iam.list_virtual_mfa_devices(AssignmentStatus="Any")["VirtualMFADevices"]
    assert serial in [each["SerialNumber"] for each in unassigned]
    iam.delete_virtual_mfa_device(SerialNumber=serial)
    iam.delete_login_profile(**user)
    is_gone(iam.delete_login_profile, **user)
    assert iam.list_signing_certificates(**user)["Certificates"] == []
    assert iam.list_service_specific_credentials(**user)["ServiceSpecificCredentials"] == []
    iam.delete_user(**user)
    iam.delete_group(GroupName="tf-group")
    is_gone(iam.list_groups_for_user, **user)


def test_aws_iam_group(iam, user: str) -> None:
    iam.create_group(GroupName="tf-group", Path="/tf/")
    assert iam.get_group(GroupName="tf-group")["Group"]["Path"] == "/tf/"
    iam.update_group(GroupName="tf-group", NewGroupName="tf-other")
    is_gone(iam.get_group, GroupName="tf-group")
    group = {"GroupName": "tf-other"}
    iam.add_user_to_group(**group, UserName=user)
    assert [each["UserName"] for each in iam.get_group(**group)["Users"]] == [user]
    iam.put_group_policy(**group, PolicyName="inline", PolicyDocument=ANY_POLICY)
    assert iam.get_group_policy(**group, PolicyName="inline")["PolicyDocument"] == json.loads(ANY_POLICY)
    iam.attach_group_policy(**group, PolicyArn=READ_ONLY)
    (attached,) = iam.list_attached_group_policies(**group)["AttachedPolicies"]
    assert attached["PolicyArn"] == READ_ONLY
    iam.detach_group_policy(**group, PolicyArn=READ_ONLY)
    is_gone(iam.detach_group_policy, **group, PolicyArn=READ_ONLY)
    iam.delete_group_policy(**group, PolicyName="inline")
    is_gone(iam.get_group_policy, **group, PolicyName="inline")
    iam.remove_user_from_group(**group, UserName=user)
    iam.delete_group(**group)
    for read in (iam.get_group, iam.delete_group, iam.list_attached_group_policies):
        is_gone(read, **group)


def test_aws_iam_policy(iam) -> None:
    created = iam.create_policy(PolicyName="tf-policy", Path="/tf/", Description="one", PolicyDocument=ANY_POLICY,
                                Tags=TAGS)["Policy"]
    arn = {"PolicyArn": created["Arn"]}

    def read() -> tuple[dict[str, Any], Any]:
        found = iam.get_policy(**arn)["Policy"]
        version = iam.get_policy_version(**arn, VersionId=found["DefaultVersionId"])["PolicyVersion"]
        return found, version["Document"]

    found, document = read()
    assert (found["Path"], found["Description"], found["Tags"], found["AttachmentCount"]) == ("/tf/", "one", TAGS, 0)
    assert document == json.loads(ANY_POLICY)
    # Each change is a new version; the oldest goes for the sixth.
    for number in range(6):
        versions = iam.list_policy_versions(**arn)["Versions"]
        if len(versions) == 5:
            spare = (each for each in versions if not each["IsDefaultVersion"])
            oldest = min(spare, key=lambda each: each["CreateDate"])
            iam.delete_policy_version(**arn, VersionId=oldest["VersionId"])
        text = policy("Allow", f"s3:Get{number}")
        iam.create_policy_version(**arn, PolicyDocument=text, SetAsDefault=True)
        assert read()[1] == json.loads(text)
    iam.tag_policy(**arn, Tags=NEW_TAGS)
    assert read()[0]["Tags"] == NEW_TAGS
    assert refusal(iam.delete_policy, **arn) == (409, "DeleteConflict")
    for version in iam.list_policy_versions(**arn)["Versions"]:
        if not version["IsDefaultVersion"]:
            iam.delete_policy_version(**arn, VersionId=version["VersionId"])
    iam.delete_policy(**arn)
    for call in (iam.get_policy, iam.list_policy_versions, iam.delete_policy):
        is_gone(call, **arn)


def test_aws_iam_access_key(iam, user: str) -> None:
    key = {"UserName": user, "AccessKeyId": iam.create_access_key(UserName=user)["AccessKey"]["AccessKeyId"]}
    (found,) = iam.list_access_keys(UserName=user)["AccessKeyMetadata"]
    assert (found["AccessKeyId"], found["Status"]) == (key["AccessKeyId"], "Active")
    # An import finds the user by the key.
    assert iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])["UserName"] == user
    iam.update_access_key(**key, Status="Inactive")
    assert iam.list_access_keys(UserName=user)["AccessKeyMetadata"][0]["Status"] == "Inactive"
    iam.delete_access_key(**key)
    assert iam.list_access_keys(UserName=user)["AccessKeyMetadata"] == []
    is_gone(iam.delete_access_key, **key)
    is_gone(iam.list_access_keys, UserName="tf-nobody")


def test_aws_iam_user_login_profile(iam, user: str) -> None:
    iam.create_login_profile(UserName=user, Password="Correct-horse-1-battery", PasswordResetRequired=True)
    assert iam.get_login_profile(UserName=user)["LoginProfile"]["PasswordResetRequired"] is True
    iam.delete_login_profile(UserName=user)
    is_gone(iam.get_login_profile, UserName=user)
    is_gone(iam.delete_login_profile, UserName=user)


def test_aws_iam_virtual_mfa_device(iam) -> None:
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName="tf-phone", Path="/tf/", Tags=TAGS)["VirtualMFADevice"]
    assert made["Base32StringSeed"] and made["QRCodePNG"]
    serial = {"SerialNumber": made["SerialNumber"]}
    assert serial["SerialNumber"] == f"arn:aws:iam::{ACCOUNT}:mfa/tf/tf-phone"
    devices = iam.list_virtual_mfa_devices(AssignmentStatus="Any")["VirtualMFADevices"]
    assert [each["SerialNumber"] for each in devices] == [serial["SerialNumber"]]
    assert iam.list_mfa_device_tags(**serial)["Tags"] == TAGS
    iam.tag_mfa_device(**serial, Tags=NEW_TAGS)
    assert iam.list_mfa_device_tags(**serial)["Tags"] == NEW_TAGS
    iam.delete_virtual_mfa_device(**serial)
    assert iam.list_virtual_mfa_devices(AssignmentStatus="Any")["VirtualMFADevices"] == []
    is_gone(iam.list_mfa_device_tags, **serial)
    is_gone(iam.delete_virtual_mfa_device, **serial)


def test_aws_iam_openid_connect_provider(iam) -> None:
    thumbprints = ["0123456789abcdef0123456789abcdef01234567"]
    made = iam.create_open_id_connect_provider(Url="https://ci.example.com/tf", ClientIDList=["one"],
                                               ThumbprintList=thumbprints, Tags=TAGS)
    arn = {"OpenIDConnectProviderArn": made["OpenIDConnectProviderArn"]}
    found = iam.get_open_id_connect_provider(**arn)
    assert (found["Url"], found["ClientIDList"], found["ThumbprintList"], found["Tags"]) == (
        "ci.example.com/tf", ["one"], thumbprints, TAGS)
    iam.update_open_id_connect_provider_thumbprint(**arn, ThumbprintList=["f" * 40])
    iam.add_client_id_to_open_id_connect_provider(**arn, ClientID="two")
    iam.remove_client_id_from_open_id_connect_provider(**arn, ClientID="one")
    found = iam.get_open_id_connect_provider(**arn)
    assert (found["ClientIDList"], found["ThumbprintList"]) == (["two"], ["f" * 40])
    iam.delete_open_id_connect_provider(**arn)
    is_gone(iam.get_open_id_connect_provider, **arn)


def test_aws_iam_saml_provider(iam) -> None:
    arn = {"SAMLProviderArn": iam.create_saml_provider(Name="tf-corp", SAMLMetadataDocument=METADATA,
                                                       Tags=TAGS)["SAMLProviderArn"]}
    found = iam.get_saml_provider(**arn)
    assert (found["SAMLMetadataDocument"], found["Tags"]) == (METADATA, TAGS)
    other = METADATA.replace("idp.example", "other.example")
    iam.update_saml_provider(**arn, SAMLMetadataDocument=other)
    assert iam.get_saml_provider(**arn)["SAMLMetadataDocument"] == other
    iam.delete_saml_provider(**arn)
    is_gone(iam.get_saml_provider, **arn)
    is_gone(iam.delete_saml_provider, **arn)


def test_aws_iam_account_alias(iam) -> None:
    iam.create_account_alias(AccountAlias="tf-alias")
    assert iam.list_account_aliases()["AccountAliases"] == ["tf-alias"]
    iam.delete_account_alias(AccountAlias="tf-alias")
    assert iam.list_account_aliases()["AccountAliases"] == []
    is_gone(iam.delete_account_alias, AccountAlias="tf-alias")


def test_aws_iam_account_password_policy(iam) -> None:
    wanted = {"MinimumPasswordLength": 12, "RequireSymbols": True, "RequireNumbers": True,
              "RequireUppercaseCharacters": True, "RequireLowercaseCharacters": True,
              "AllowUsersToChangePassword": True}
    iam.update_account_password_policy(**wanted, MaxPasswordAge=90, PasswordReusePrevention=3, HardExpiry=True)
    found = iam.get_account_password_policy()["PasswordPolicy"]
    assert found == wanted | {"ExpirePasswords": True, "MaxPasswordAge": 90, "PasswordReusePrevention": 3,
                              "HardExpiry": True}
    # What an update leaves out is as if it had never been set.
    iam.update_account_password_policy(**wanted)
    assert iam.get_account_password_policy()["PasswordPolicy"] == wanted | {"ExpirePasswords": False}
    iam.delete_account_password_policy()
    is_gone(iam.get_account_password_policy)
    is_gone(iam.delete_account_password_policy)
