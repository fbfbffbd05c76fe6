# SPDX-License-Identifier: MIT
"""Groups and their members through their life."""

from __future__ import annotations

from support.iam import refused


def test_a_group_through_its_life(iam, user: str) -> None:
    group = iam.create_group(GroupName="devs", Path="/team/")["Group"]
    assert group["Arn"].endswith(":group/team/devs") and group["GroupId"].startswith("AGPA")
    iam.add_user_to_group(GroupName="devs", UserName=user)
    answer = iam.get_group(GroupName="devs")
    assert answer["Group"] == group
    assert [member["UserName"] for member in answer["Users"]] == [user]
    assert iam.list_groups_for_user(UserName=user)["Groups"] == [group]
    assert iam.list_groups(PathPrefix="/team/")["Groups"] == [group]
    assert refused(iam.delete_group, GroupName="devs") == (
        409, "DeleteConflict", "Cannot delete entity, must remove users from group first.")
    iam.update_group(GroupName="devs", NewGroupName="developers", NewPath="/")
    iam.remove_user_from_group(GroupName="developers", UserName=user)
    assert iam.get_group(GroupName="developers")["Group"]["GroupId"] == group["GroupId"]
    iam.delete_group(GroupName="developers")
    assert refused(iam.get_group, GroupName="developers") == (
        404, "NoSuchEntity", "The group with name developers cannot be found.")


def test_groups_and_members_come_in_pages(iam, user: str) -> None:
    names = [f"page-{i}" for i in range(3)]
    for name in names:
        iam.create_group(GroupName=name, Path="/pages/")
        iam.add_user_to_group(GroupName=name, UserName=user)
    for operation, parameters in (("list_groups", {"PathPrefix": "/pages/"}),
                                  ("list_groups_for_user", {"UserName": user})):
        pages = iam.get_paginator(operation).paginate(**parameters, PaginationConfig={"PageSize": 2})
        assert [[group["GroupName"] for group in page["Groups"]] for page in pages] == [names[:2], names[2:]]
    for name in names:
        iam.remove_user_from_group(GroupName=name, UserName=user)
        iam.delete_group(GroupName=name)
