# SPDX-License-Identifier: MIT
"""Databases that imdsd cannot take as they are: it says so, and leaves them alone."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from support.daemon import Daemon, StartFailed
from support.iam import admin_client, refusal


def database(daemon: Daemon) -> Path:
    (found,) = (daemon.directory / "state").glob("*.db")
    return found


def files(daemon: Daemon) -> dict[str, bytes]:
    """The database and its log. The index beside them (-shm) and an empty log hold nothing."""
    path = database(daemon)
    found = {each.name: each.read_bytes() for each in (path, path.with_name(path.name + "-wal")) if each.exists()}
    return {name: content for name, content in found.items() if content}


def sql(daemon: Daemon, *statements: str) -> None:
    with closing(sqlite3.connect(database(daemon))) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def raise_version(daemon: Daemon) -> None:
    sql(daemon, "PRAGMA user_version = 99")


def take_application_id(daemon: Daemon) -> None:
    sql(daemon, "PRAGMA application_id = 1")


def spoil_an_entity(daemon: Daemon) -> None:
    sql(daemon, "UPDATE entity SET body = '{'")


def write_text(daemon: Daemon) -> None:
    database(daemon).write_text("this is no database, however long it may be\n" * 200)


def cut_off(daemon: Daemon) -> None:
    path = database(daemon)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def overwrite_the_middle(daemon: Daemon) -> None:
    path = database(daemon)
    content = bytearray(path.read_bytes())
    content[512:] = b"\xa5" * (len(content) - 512)
    path.write_bytes(content)


@pytest.mark.parametrize("spoil, message", [
    (raise_version, "version 99, of a newer imdsd"),
    (take_application_id, "another program"),
    (spoil_an_entity, "entity"),
    (write_text, "database"),
    (cut_off, "database"),
    (overwrite_the_middle, "database"),
])
def test_what_cannot_be_read_is_refused_and_left_as_it_is(
        start_daemon, spoil: Callable[[Daemon], None], message: str) -> None:
    daemon = start_daemon()
    admin_client(daemon).create_user(UserName="precious")
    daemon.stop()
    spoil(daemon)
    before = files(daemon)
    with pytest.raises(StartFailed, match=message) as refused:
        daemon.start()
    assert str(database(daemon)) in str(refused.value)
    assert files(daemon) == before


def test_a_database_of_a_newer_imdsd_is_taken_up_again_by_that_one(start_daemon) -> None:
    daemon = start_daemon()
    admin_client(daemon).create_user(UserName="precious")
    daemon.stop()
    raise_version(daemon)
    with pytest.raises(StartFailed):
        daemon.start()
    sql(daemon, "PRAGMA user_version = 1")
    daemon.start()
    assert admin_client(daemon).get_user(UserName="precious")


def test_a_link_is_not_followed(start_daemon) -> None:
    daemon = start_daemon()
    daemon.stop()
    path = database(daemon)
    elsewhere = daemon.directory / "elsewhere"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    before = elsewhere.read_bytes()
    with pytest.raises(StartFailed, match="link"):
        daemon.start()
    assert elsewhere.read_bytes() == before


@pytest.fixture
def read_only(daemon: Daemon) -> Iterator[Daemon]:
    """A daemon that has stopped, its database immutable, as for root no file mode makes it."""
    admin_client(daemon).create_user(UserName="precious")
    daemon.stop()
    path = database(daemon)
    if os.geteuid() == 0:
        result = subprocess.run(["chattr", "+i", path], capture_output=True, text=True, check=False)
        if result.returncode != 0:
            pytest.skip(f"root writes to everything, and chattr cannot help: {result.stderr.strip()}")
    else:
        path.chmod(0o400)
    try:
        yield daemon
    finally:
        if daemon.process is not None and daemon.process.poll() is None:
            daemon.stop()
        if os.geteuid() == 0:
            subprocess.run(["chattr", "-i", path], check=True)
        else:
            path.chmod(0o600)


def test_a_read_only_database_serves_and_refuses_changes(read_only: Daemon) -> None:
    before = database(read_only).read_bytes()
    read_only.start()
    assert "users and roles cannot be changed" in read_only.log
    iam = admin_client(read_only)
    assert iam.get_user(UserName="precious")
    assert read_only.document()["Code"] == "Success"
    assert refusal(iam.create_user, UserName="new") == (500, "ServiceFailure")
    assert refusal(iam.get_user, UserName="new") == (404, "NoSuchEntity")
    read_only.stop()
    assert database(read_only).read_bytes() == before
