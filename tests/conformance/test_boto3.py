# SPDX-License-Identifier: MIT
"""boto3. botocore moves an expiry that is nearer than 12 to 20 minutes ahead by as much, so that a process keeps a
short-lived set too long by design; a new session asks anew."""

import sys
from collections.abc import Callable, Mapping

import pytest

from support.daemon import REGION, Daemon
from support.s3_suite import S3Suite
from support.sdk_suite import SHORT_LIFETIME, SdkSuite, assert_identity, relays
from support.toolchain import CONFORMANCE
from support.waiting import wait_for


@pytest.fixture(scope="module")
def built() -> list[object]:
    return [sys.executable, CONFORMANCE / "boto3" / "program.py"]


class TestBoto3(SdkSuite):
    tells_expiration = False  # no public attribute tells it

    @pytest.fixture
    def provider(self) -> str:
        return "default"

    def arguments(self, provider: str, env: Mapping[str, str]) -> list[str]:
        return []

    def test_reads_the_region_from_imds(self, built: list[object], shared_daemon: Daemon) -> None:
        with self.program(built, "default", shared_daemon.sdk_env()) as program:
            assert program.ask("region")["region"] == REGION
            assert program.ask("credentials")["source"] == "iam-role"

    def test_picks_up_a_rotation_by_expiry(
        self, built: list[object], start_daemon: Callable[..., Daemon]
    ) -> None:
        """In one process, with botocore's clock moved to where it asks again: 15 minutes before the end."""
        daemon = start_daemon({"credentials": {"lifetime": "1h"}})
        with relays(daemon) as through:
            with self.program(built, "default", through.env) as program:
                assert_identity(program.ask("identity"))
                first = through.sts.last_access_key_id()
                daemon.rotate()
                second = daemon.document(version=2)["AccessKeyId"]
                assert second != first
                program.ask("advance 2640")  # 16 minutes before the end
                assert_identity(program.ask("identity"))
                assert through.sts.last_access_key_id() == first
                program.ask("advance 120")
                assert_identity(program.ask("identity"))
                assert through.sts.last_access_key_id() == second

    def test_a_new_session_gets_the_set_of_now(
        self, built: list[object], start_daemon: Callable[..., Daemon]
    ) -> None:
        daemon = start_daemon({"credentials": {"lifetime": SHORT_LIFETIME}})
        with relays(daemon) as through:
            with self.program(built, "default", through.env) as program:
                assert_identity(program.ask("identity"))
                first = through.sts.last_access_key_id()
                wait_for("another set", lambda: daemon.document(version=2)["AccessKeyId"] != first)
                program.ask("refresh")
                assert_identity(program.ask("identity"))
            assert through.sts.last_access_key_id() != first


class TestBoto3InS3(S3Suite):
    prefix = "boto3"
    arguments = ()
