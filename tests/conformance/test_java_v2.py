# SPDX-License-Identifier: MIT
"""AWS SDK for Java 2.x. Its cache holds a set stale one second before its end, and then asks again."""

import pytest

from support.s3_suite import S3Suite
from support.sdk_suite import SdkSuite
from support.toolchain import build_java


@pytest.fixture(scope="module")
def built() -> list[object]:
    return build_java("java_v2")


class TestJavaV2(SdkSuite):
    short_lifetime = "15s"


class TestJavaV2InS3(S3Suite):
    prefix = "java"
