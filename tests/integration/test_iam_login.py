# SPDX-License-Identifier: MIT
"""Passwords of users."""

from __future__ import annotations

import json

from support.iam import refused

FIRST, SECOND = "The-1st-password", "The-2nd-password"
MAY_CHANGE = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "iam:ChangePassword", "Resource": "*"}]})


def test_a_login_profile_through_its_life(iam, user: str) -> None:
    profile = iam.create_login_profile(UserName=user, Password=FIRST, PasswordResetRequired=True)["LoginProfile"]
    assert profile["UserName"] == user and profile["PasswordResetRequired"] is True
    assert iam.get_login_profile(UserName=user)["LoginProfile"] == profile
    assert refused(iam.create_login_profile, UserName=user, Password=FIRST)[:2] == (409, "EntityAlreadyExists")
    iam.update_login_profile(UserName=user, PasswordResetRequired=False)
    assert iam.get_login_profile(UserName=user)["LoginProfile"]["PasswordResetRequired"] is False
    assert refused(iam.update_login_profile, UserName=user, Password="weak")[:2] == (400, "PasswordPolicyViolation")
    assert refused(iam.delete_user, UserName=user)[:2] == (409, "DeleteConflict")
    iam.delete_login_profile(UserName=user)
    assert refused(iam.get_login_profile, UserName=user) == (
        404, "NoSuchEntity", f"Login Profile for User {user} cannot be found.")


def test_a_user_changes_its_own_password(iam, iam_as, user: str) -> None:
    iam.create_login_profile(UserName=user, Password=FIRST)
    own = iam_as(user)
    assert refused(own.change_password, OldPassword=FIRST, NewPassword=SECOND)[:2] == (403, "AccessDenied")
    iam.put_user_policy(UserName=user, PolicyName="change", PolicyDocument=MAY_CHANGE)
    own.change_password(OldPassword=FIRST, NewPassword=SECOND)
    assert refused(own.change_password, OldPassword=FIRST, NewPassword=SECOND) == (
        403, "AccessDenied", "The old password was incorrect.")
    iam.delete_user_policy(UserName=user, PolicyName="change")
    iam.delete_login_profile(UserName=user)
