# SPDX-License-Identifier: MIT
"""AWS SDK for Java 1.x. Inside 15 minutes of a set's end it asks again every 50 to 70 seconds, and no sooner."""

from collections.abc import Callable, Mapping

import pytest

from support.daemon import REGION, Daemon
from support.sdk_suite import SdkSuite, assert_identity, relays
from support.toolchain import build_java
from support.waiting import wait_for


@pytest.fixture(scope="module")
def built() -> list[object]:
    return build_java("java_v1")


class TestJavaV1(SdkSuite):
    env_options = ("--java",)
    tells_expiration = False  # no public method tells it

    def arguments(self, provider: str, env: Mapping[str, str]) -> list[str]:
        # This SDK knows no AWS_ENDPOINT_URL.
        return [provider, env["AWS_ENDPOINT_URL"], REGION]

    @pytest.mark.slow
    def test_picks_up_a_rotation_by_expiry(
        self, built: list[object], start_daemon: Callable[..., Daemon]
    ) -> None:
        """Seconds of lifetime would end between two of its looks, so the set is a longer one, renewed early."""
        daemon = start_daemon({"credentials": {"lifetime": "10m"}})
        with relays(daemon, *self.env_options) as through:
            with self.program(built, "instance-profile", through.env) as program:
                assert_identity(program.ask("identity"))
                first = through.sts.last_access_key_id()
                daemon.rotate()

                def moved_on() -> bool:
                    assert_identity(program.ask("identity"))
                    return through.sts.last_access_key_id() != first

                wait_for("another set in the SDK", moved_on, timeout=120, pause=0.5)
            assert through.sts.last_access_key_id() == daemon.document(version=2)["AccessKeyId"]

    def test_refresh_gets_the_set_of_now(
        self, built: list[object], provider: str, daemon: Daemon
    ) -> None:
        with relays(daemon, *self.env_options) as through:
            with self.program(built, provider, through.env) as program:
                first = program.ask("credentials")["access_key_id"]
                daemon.rotate()
                assert program.ask("credentials")["access_key_id"] == first
                program.ask("refresh")
                assert_identity(program.ask("identity"))
            second = daemon.document(version=2)["AccessKeyId"]
            assert through.sts.last_access_key_id() == second != first
