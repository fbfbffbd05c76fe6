# SPDX-License-Identifier: MIT
"""AWS SDK for Go v2. Its cache keeps a set until the very end of it, at most an hour (ec2rolecreds)."""

import pytest

from support.sdk_suite import SdkSuite
from support.toolchain import CONFORMANCE, build_dir, require, run_build


@pytest.fixture(scope="module")
def built() -> list[object]:
    go = require("go", ["version"], at_least=(1, 24))
    program = build_dir("go_v2") / "conformance"
    run_build([go, "build", "-mod=readonly", "-o", program, "."], cwd=CONFORMANCE / "go_v2")
    return [program]


class TestGoV2(SdkSuite):
    tells_expiration = False  # capped at an hour from now
