# SPDX-License-Identifier: MIT
"""AWS SDK for JavaScript v3. It asks again, in the background, from five minutes before the end of a set."""

import pytest

from support.sdk_suite import SdkSuite
from support.toolchain import build_js


@pytest.fixture(scope="module")
def built() -> list[object]:
    return build_js("js")


class TestJs(SdkSuite):
    pass
