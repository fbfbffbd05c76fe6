# SPDX-License-Identifier: MIT
"""What concerns an account as a whole."""

from __future__ import annotations

import csv

from support.iam import refused


def test_the_alias(iam) -> None:
    iam.create_account_alias(AccountAlias="one")
    iam.create_account_alias(AccountAlias="two")
    assert iam.list_account_aliases()["AccountAliases"] == ["two"]
    assert refused(iam.delete_account_alias, AccountAlias="one")[:2] == (404, "NoSuchEntity")
    iam.delete_account_alias(AccountAlias="two")
    assert iam.list_account_aliases()["AccountAliases"] == []


def test_the_password_policy(iam, user: str) -> None:
    assert refused(iam.get_account_password_policy)[:2] == (404, "NoSuchEntity")
    iam.update_account_password_policy(MinimumPasswordLength=20, MaxPasswordAge=90)
    assert iam.get_account_password_policy()["PasswordPolicy"] == {
        "MinimumPasswordLength": 20, "RequireSymbols": False, "RequireNumbers": False,
        "RequireUppercaseCharacters": False, "RequireLowercaseCharacters": False,
        "AllowUsersToChangePassword": False, "ExpirePasswords": True, "MaxPasswordAge": 90}
    assert refused(iam.create_login_profile, UserName=user, Password="Short-1")[1:] == (
        "PasswordPolicyViolation", "Password should have a minimum length of 20")
    iam.delete_account_password_policy()
    assert refused(iam.delete_account_password_policy)[:2] == (404, "NoSuchEntity")


def test_the_summary_counts(iam, user: str) -> None:
    before = iam.get_account_summary()["SummaryMap"]
    iam.create_user(UserName="one-more")
    after = iam.get_account_summary()["SummaryMap"]
    iam.delete_user(UserName="one-more")
    assert after["Users"] == before["Users"] + 1 and before["UsersQuota"] == 5000


def test_authorization_details(iam, user: str) -> None:
    iam.create_group(GroupName="details")
    iam.add_user_to_group(GroupName="details", UserName=user)
    pages = iam.get_paginator("get_account_authorization_details").paginate(
        Filter=["User", "Group"], PaginationConfig={"PageSize": 1})
    users, groups = [], []
    for page in pages:
        users += page["UserDetailList"]
        groups += page["GroupDetailList"]
        assert page["RoleDetailList"] == [] and page["Policies"] == []
    (detail,) = [found for found in users if found["UserName"] == user]
    assert detail["GroupList"] == ["details"] and "UserPolicyList" not in detail
    assert [group["GroupName"] for group in groups] == ["details"]
    iam.remove_user_from_group(GroupName="details", UserName=user)
    iam.delete_group(GroupName="details")
    arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    iam.attach_user_policy(UserName=user, PolicyArn=arn)
    for asked in ({"Filter": ["AWSManagedPolicy"]}, {}):
        policies = iam.get_account_authorization_details(**asked)["Policies"]
        (policy,) = [found for found in policies if found["Arn"] == arn]
        (version,) = policy["PolicyVersionList"]
        assert policy["AttachmentCount"] == 1 and version["VersionId"] == policy["DefaultVersionId"]
        assert version["Document"]["Statement"][0]["Effect"] == "Allow"
    iam.detach_user_policy(UserName=user, PolicyArn=arn)


def test_the_credential_report(iam, user: str) -> None:
    key = iam.create_access_key(UserName=user)["AccessKey"]
    assert refused(iam.get_credential_report) == (410, "ReportNotPresent", "")
    assert iam.generate_credential_report()["State"] == "STARTED"
    assert iam.generate_credential_report()["State"] == "COMPLETE"
    report = iam.get_credential_report()
    assert report["ReportFormat"] == "text/csv"
    rows = {row["user"]: row for row in csv.DictReader(report["Content"].decode().splitlines())}
    assert rows["<root_account>"]["password_enabled"] == "not_supported"
    assert rows[user]["access_key_1_active"] == "true"
    assert rows[user]["access_key_1_last_rotated"] == key["CreateDate"].strftime("%Y-%m-%dT%H:%M:%S+00:00")
    assert rows[user]["access_key_2_active"] == "false"


def test_credentials_that_there_are_none_of(iam, user: str) -> None:
    assert iam.list_ssh_public_keys(UserName=user)["SSHPublicKeys"] == []
    assert iam.list_signing_certificates(UserName=user)["Certificates"] == []
    assert iam.list_service_specific_credentials(UserName=user)["ServiceSpecificCredentials"] == []
    assert iam.list_server_certificates()["ServerCertificateMetadataList"] == []
    assert refused(iam.list_ssh_public_keys, UserName="nobody")[:2] == (404, "NoSuchEntity")
