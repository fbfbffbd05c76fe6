# SPDX-License-Identifier: MIT
"""AWS SDK for Rust. IMDSv2 only; its identity cache asks again from ten seconds before the end of a set."""

import pytest

from support.sdk_suite import SdkSuite
from support.toolchain import CONFORMANCE, build_dir, require, run_build


@pytest.fixture(scope="module")
def built() -> list[object]:
    cargo = require("cargo", ["--version"], at_least=(1, 94, 1))
    target = build_dir("rust")
    run_build(
        [cargo, "build", "--locked", "--quiet"],
        cwd=CONFORMANCE / "rust",
        env={"CARGO_TARGET_DIR": str(target)},
    )
    return [target / "debug" / "conformance-rust"]


class TestRust(SdkSuite):
    falls_back_to_v1 = False
