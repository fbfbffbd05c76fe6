# SPDX-License-Identifier: MIT
"""A state directory on a disk that is full, or read-only: it is said, what there is goes on being served, and nothing
that was acknowledged is lost."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.daemon import Daemon, StartFailed
from support.iam import admin_client, refusal
from support.small_disk import SmallDisk, small_disk


def state(daemon: Daemon) -> Path:
    return daemon.directory / "state"


@pytest.fixture
def on_small_disk() -> Iterator[tuple[Daemon, SmallDisk]]:
    """A daemon that has started before and has stopped; its state directory is a small disk now."""
    with contextlib.ExitStack() as stack:
        daemon = stack.enter_context(Daemon())
        admin_client(daemon).create_user(UserName="precious")
        daemon.stop()
        disk = stack.enter_context(small_disk(state(daemon)))
        stack.callback(daemon.stop)  # before the disk goes
        yield daemon, disk


def serves(daemon: Daemon) -> None:
    assert daemon.document()["Code"] == "Success"
    assert admin_client(daemon).get_user(UserName="precious")
    assert admin_client(daemon, "sts").get_caller_identity()


def test_writes_fail_while_the_disk_is_full_and_work_again_then(on_small_disk) -> None:
    daemon, disk = on_small_disk
    daemon.start()
    iam = admin_client(daemon)
    acknowledged = {"precious"}
    disk.fill()
    for number in range(2000):  # the log may have room of its own for some
        try:
            iam.create_user(UserName=f"user-{number}")
        except iam.exceptions.ServiceFailureException as failure:
            assert failure.response["ResponseMetadata"]["HTTPStatusCode"] == 500
            break
        acknowledged.add(f"user-{number}")
    else:
        raise AssertionError("no write failed")
    assert "the disk is full; free space, and it works again" in daemon.log
    assert str(state(daemon)) in daemon.log
    serves(daemon)
    assert refusal(iam.get_user, UserName=f"user-{number}") == (404, "NoSuchEntity"), "half of it is there"
    disk.free()
    iam.create_user(UserName="later")
    daemon.restart()
    users = admin_client(daemon).get_paginator("list_users").paginate().build_full_result()["Users"]
    assert {user["UserName"] for user in users} - {"imdsd-admin", "Administrator"} >= acknowledged | {"later"}
    assert f"user-{number}" not in {user["UserName"] for user in users}


def test_a_start_on_a_full_disk_serves_what_there_is(on_small_disk) -> None:
    daemon, disk = on_small_disk
    disk.fill()
    before = {each.name: each.read_bytes() for each in state(daemon).glob("*.db")}
    daemon.start()
    assert "full" in daemon.log
    serves(daemon)
    assert refusal(admin_client(daemon).create_user, UserName="new") == (500, "ServiceFailure")
    daemon.stop()
    assert {each.name: each.read_bytes() for each in state(daemon).glob("*.db")} == before
    disk.free()
    daemon.start()
    admin_client(daemon).create_user(UserName="new")


def test_a_start_on_a_read_only_disk_serves_what_there_is(on_small_disk) -> None:
    daemon, disk = on_small_disk
    disk.set_read_only(True)
    before = {each.name: each.read_bytes() for each in state(daemon).iterdir()}
    daemon.start()
    assert "read-only" in daemon.log
    assert "cannot remove" not in daemon.log
    serves(daemon)
    assert refusal(admin_client(daemon).create_user, UserName="new") == (500, "ServiceFailure")
    daemon.stop()
    assert {each.name: each.read_bytes() for each in state(daemon).iterdir()} == before
    disk.set_read_only(False)
    daemon.start()
    admin_client(daemon).create_user(UserName="new")


def test_a_first_start_on_a_full_disk_says_so() -> None:
    with contextlib.ExitStack() as stack:
        daemon = Daemon()
        stack.callback(daemon.close)
        state(daemon).mkdir(mode=0o700)
        disk = stack.enter_context(small_disk(state(daemon)))
        disk.fill()
        with pytest.raises(StartFailed, match="no space left") as refused:
            daemon.start()
        assert str(state(daemon)) in str(refused.value)
        disk.free()
        daemon.start()
        assert admin_client(daemon).list_users()
        daemon.stop()
