# SPDX-License-Identifier: MIT
"""Access keys through their life."""

from __future__ import annotations

from support.iam import refused


def test_a_key_through_its_life(iam, user: str) -> None:
    key = iam.create_access_key(UserName=user)["AccessKey"]
    assert key["UserName"] == user and key["Status"] == "Active" and len(key["SecretAccessKey"]) == 40
    iam.update_access_key(UserName=user, AccessKeyId=key["AccessKeyId"], Status="Inactive")
    (listed,) = iam.list_access_keys(UserName=user)["AccessKeyMetadata"]
    assert listed["Status"] == "Inactive" and "SecretAccessKey" not in listed
    assert listed["CreateDate"] == key["CreateDate"]
    used = iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])
    assert used["UserName"] == user
    assert used["AccessKeyLastUsed"] == {"ServiceName": "N/A", "Region": "N/A"}
    iam.delete_access_key(UserName=user, AccessKeyId=key["AccessKeyId"])
    assert iam.list_access_keys(UserName=user)["AccessKeyMetadata"] == []
    assert refused(iam.delete_access_key, UserName=user, AccessKeyId=key["AccessKeyId"])[:2] == (404, "NoSuchEntity")


def test_two_keys_a_user(iam, user: str) -> None:
    for _ in range(2):
        iam.create_access_key(UserName=user)
    assert refused(iam.create_access_key, UserName=user) == (
        409, "LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2")
    pages = iam.get_paginator("list_access_keys").paginate(UserName=user, PaginationConfig={"PageSize": 1})
    assert [len(page["AccessKeyMetadata"]) for page in pages] == [1, 1]
