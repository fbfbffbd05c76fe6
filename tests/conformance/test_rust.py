# SPDX-License-Identifier: MIT
"""AWS SDK for Rust. IMDSv2 only; its identity cache asks again from ten seconds before the end of a set."""

import pytest

from support.sdk_suite import SdkSuite
from support.toolchain import build_rust


@pytest.fixture(scope="module")
def built() -> list[object]:
    return build_rust("rust")


class TestRust(SdkSuite):
    falls_back_to_v1 = False
