# SPDX-License-Identifier: MIT
"""What every SDK must be able to do with imdsd, as an EC2 instance with a role and nothing else configured."""

from __future__ import annotations

import contextlib
import datetime
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pytest

from support import containers
from support.daemon import ACCOUNT, INSTANCE, REGION, ROLE, Daemon
from support.imds import TOKEN_PATH
from support.program import Program
from support.relay import Relay, redirected
from support.waiting import wait_for

ARN = f"arn:aws:sts::{ACCOUNT}:assumed-role/{ROLE}/{INSTANCE}"

# Short, with a margin (a third) that no request outlives on its way.
SHORT_LIFETIME = "8s"


def expiry(document: Mapping[str, str]) -> float:
    """The second a document's credentials end, as a Unix time."""
    return datetime.datetime.fromisoformat(document["Expiration"].replace("Z", "+00:00")).timestamp()


def assert_identity(answer: Mapping[str, str]) -> None:
    assert answer["arn"] == ARN
    assert answer["account"] == ACCOUNT
    role_id, _, session = answer["user_id"].partition(":")
    assert role_id.startswith("AROA") and session == INSTANCE, answer


def without_region(env: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in env.items() if name not in ("AWS_REGION", "AWS_DEFAULT_REGION")}


@dataclass
class Relays:
    """A daemon seen through relays: `env` is what an SDK gets."""

    imds: Relay
    sts: Relay
    env: dict[str, str]


@contextlib.contextmanager
def relays(daemon: Daemon, *env_options: str, refuse_put: int | None = None) -> Iterator[Relays]:
    status = daemon.status()
    imds, aws = status["imds"]["listen"][0], status["aws"]["listen"][0]
    with (
        Relay(imds, refuse_put=refuse_put, note_secret=daemon.note_secret) as imds_relay,
        Relay(aws, note_secret=daemon.note_secret) as aws_relay,
    ):
        env = redirected(daemon.sdk_env(*env_options), {imds: imds_relay, aws: aws_relay})
        yield Relays(imds_relay, aws_relay, env)


def assert_spoke_imdsv2(relay: Relay) -> None:
    gets = [e for e in relay.exchanges if e.method == "GET"]
    assert gets and all(e.imds_token for e in gets), relay.summary()
    puts = [e for e in relay.exchanges if e.method == "PUT"]
    # Java v1 glues the path to an endpoint that ends in a slash: `PUT //latest/api/token`.
    assert puts and all(e.target.endswith(TOKEN_PATH) and e.status == 200 for e in puts), relay.summary()
    granted = {e.answer.body.decode() for e in puts}
    assert {e.imds_token for e in gets} <= granted


def assert_spoke_imdsv1(relay: Relay) -> None:
    assert any(e.method == "PUT" for e in relay.exchanges), relay.summary()
    answered = [e for e in relay.exchanges if e.status == 200]
    assert answered and not any(e.imds_token for e in answered), relay.summary()


class SdkSuite:
    """The tests of one SDK, for a subclass to inherit; its attributes say where the SDK differs.

    The module has a fixture `built` too: the command that starts the program, built where it has to be.
    """

    # Options for `imdsctl env`.
    env_options: tuple[str, ...] = ()
    # Whether the SDK goes on without a token when there is none to be had.
    falls_back_to_v1 = True
    # Whether `credentials` tells the expiry that the document has.
    tells_expiration = True
    # The lifetime for the rotation by expiry; longer for programs that are slow to make their first call.
    short_lifetime = SHORT_LIFETIME

    @pytest.fixture(params=["default", "instance-profile"])
    def provider(self, request: pytest.FixtureRequest) -> str:
        """Through the SDK's default chain, and through its provider for instances."""
        return request.param

    def arguments(self, provider: str, env: Mapping[str, str]) -> list[str]:
        return [provider]

    def program(self, built: list[object], provider: str, env: Mapping[str, str]) -> Program:
        return Program([*built, *self.arguments(provider, env)], env)

    def test_gets_credentials_that_sts_accepts(
        self, built: list[object], provider: str, shared_daemon: Daemon
    ) -> None:
        with self.program(built, provider, shared_daemon.sdk_env(*self.env_options)) as program:
            credentials = program.ask("credentials")
            assert_identity(program.ask("identity"))
        document = shared_daemon.document(version=2)
        assert credentials["access_key_id"] == document["AccessKeyId"]
        if self.tells_expiration:
            assert expiry({"Expiration": credentials["expiration"]}) == expiry(document)

    def test_speaks_imdsv2_where_tokens_are_required(
        self, built: list[object], provider: str, start_daemon: Callable[..., Daemon]
    ) -> None:
        daemon = start_daemon({"imds": {"http_tokens": "required"}})
        with relays(daemon, *self.env_options) as through:
            with self.program(built, provider, through.env) as program:
                assert_identity(program.ask("identity"))
            assert_spoke_imdsv2(through.imds)
            assert through.sts.last_access_key_id() == daemon.document(version=2)["AccessKeyId"]

    def test_falls_back_to_imdsv1(self, built: list[object], provider: str, shared_daemon: Daemon) -> None:
        with relays(shared_daemon, *self.env_options, refuse_put=405) as through:
            with self.program(built, provider, through.env) as program:
                if not self.falls_back_to_v1:
                    # The SDK's own rule; were it to change, this suite is to use it.
                    assert not program.try_ask("identity")["ok"]
                    return
                assert_identity(program.ask("identity"))
            assert_spoke_imdsv1(through.imds)
            one, two = shared_daemon.document(version=1), shared_daemon.document(version=2)
            assert through.sts.last_access_key_id() == one["AccessKeyId"] != two["AccessKeyId"]

    def test_reads_the_region_from_imds(self, built: list[object], shared_daemon: Daemon) -> None:
        env = without_region(shared_daemon.sdk_env(*self.env_options))
        with self.program(built, "default", env) as program:
            answer = program.ask("region")
        assert answer["region"] == REGION
        assert answer["metadata_region"] == REGION

    @pytest.mark.parametrize("door", containers.DOORS)
    def test_goes_through_the_doors_of_containers(
        self, built: list[object], door: str, start_daemon: Callable[..., Daemon]
    ) -> None:
        """By the variables that ECS and EKS set in containers, with the SDK's default chain."""
        daemon = containers.start_behind(door, start_daemon)
        env = daemon.sdk_env(containers.flag(door), *self.env_options)
        with self.program(built, "default", env) as program:
            arn = program.ask("identity")["arn"]
        containers.assert_session(daemon, door, arn)

    def test_picks_up_a_rotation_by_expiry(
        self, built: list[object], start_daemon: Callable[..., Daemon]
    ) -> None:
        """In one process: after the end of the set that the SDK was given, only another one is accepted."""
        daemon = start_daemon({"credentials": {"lifetime": self.short_lifetime}})
        with relays(daemon, *self.env_options) as through:
            with self.program(built, "default", through.env) as program:
                assert_identity(program.ask("identity"))
                first = through.sts.last_access_key_id()
                # Not before the answer: nothing that the SDK holds by now lives longer.
                end = expiry(daemon.document(version=2))
                wait_for("the end of the first set", lambda: time.time() > end)
                assert_identity(program.ask("identity"))
            assert through.sts.last_access_key_id() != first
