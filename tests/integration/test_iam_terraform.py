# SPDX-License-Identifier: MIT
"""A stack of every IAM resource: applied, planned empty, changed, destroyed."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.daemon import Daemon
from support.iam import admin_client
from support.terraform import Terraform

MODULE = Path(__file__).parent / "terraform"


@pytest.mark.slow
def test_a_stack_is_applied_planned_empty_changed_and_destroyed(daemon: Daemon, tmp_path: Path) -> None:
    iam = admin_client(daemon)
    before = iam.get_account_summary()["SummaryMap"]
    terraform = Terraform(daemon, MODULE, tmp_path)

    terraform.apply(stage="one")
    assert terraform.planned(stage="one") == {}
    assert iam.get_role(RoleName="tf-app")["Role"]["PermissionsBoundary"]

    assert "aws_iam_role.app" in terraform.planned(stage="two")
    terraform.apply(stage="two")
    assert terraform.planned(stage="two") == {}
    assert iam.get_role(RoleName="tf-app")["Role"]["MaxSessionDuration"] == 7200
    assert iam.get_user(UserName="tf-dev-renamed")["User"]["UserName"] == "tf-dev-renamed"

    terraform.destroy(stage="two")
    assert terraform.addresses() == []
    assert iam.get_account_summary()["SummaryMap"] == before
