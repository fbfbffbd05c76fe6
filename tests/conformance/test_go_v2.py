# SPDX-License-Identifier: MIT
"""AWS SDK for Go v2. Its cache keeps a set until the very end of it, at most an hour (ec2rolecreds)."""

import pytest

from support.sdk_suite import SdkSuite
from support.toolchain import build_go


@pytest.fixture(scope="module")
def built() -> list[object]:
    return build_go("go_v2")


class TestGoV2(SdkSuite):
    tells_expiration = False  # capped at an hour from now
