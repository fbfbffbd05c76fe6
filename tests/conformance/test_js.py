# SPDX-License-Identifier: MIT
"""AWS SDK for JavaScript v3. It asks again, in the background, from five minutes before the end of a set."""

from collections.abc import Callable

import pytest

from support.daemon import Daemon
from support.s3_suite import S3Suite
from support.sdk_suite import SdkSuite
from support.toolchain import build_js


@pytest.fixture(scope="module")
def built() -> list[object]:
    return build_js("js")


class TestJs(SdkSuite):
    pass


class TestJsInS3(S3Suite):
    prefix = "js"
    others = (("stream", 192 * 1024),)

    def test_over_https(self, built: list[object], start_daemon: Callable[..., Daemon]) -> None:
        daemon = start_daemon({"aws": {"tls_listen": ["127.0.0.1:0"]}})
        self.check(built, daemon, daemon.sdk_env("--tls"))
