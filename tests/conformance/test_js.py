# SPDX-License-Identifier: MIT
"""AWS SDK for JavaScript v3. It asks again, in the background, from five minutes before the end of a set."""

import shutil

import pytest

from support.sdk_suite import SdkSuite
from support.toolchain import CONFORMANCE, build_dir, require, run_build, unless_built


@pytest.fixture(scope="module")
def built() -> list[object]:
    node = require("node", ["--version"], at_least=(20,))
    npm = require("npm")
    source, target = CONFORMANCE / "js", build_dir("js")
    # Modules are found from where the program is, and nothing is installed into the source tree.
    with unless_built(source, target) as needed:
        if needed:
            for name in ("package.json", "package-lock.json", "program.mjs"):
                shutil.copy(source / name, target / name)
            run_build([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=target)
    return [node, target / "program.mjs"]


class TestJs(SdkSuite):
    pass
