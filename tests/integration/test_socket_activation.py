# SPDX-License-Identifier: MIT
"""Sockets that systemd opens: by a launcher that does what systemd does, sd_listen_fds(3)."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from support.daemon import INSTANCE, ROLE, StartFailed
from support.imds import ImdsClient

# Opens what the arguments before "--" say, NAME=ADDRESS:PORT or NAME=PATH, and becomes the command behind it.
LAUNCHER = r"""
import os, socket, sys
end = sys.argv.index("--")
names, descriptors = [], []
for word in sys.argv[1:end]:
    name, _, place = word.partition("=")
    host, _, port = place.rpartition(":")
    family = socket.AF_UNIX if "/" in place else socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.bind(place if family == socket.AF_UNIX else (host, int(port)))
    listener.listen(64)
    names.append(name)
    descriptors.append(os.dup(listener.fileno()))
    listener.close()
high = [os.dup2(fd, 100 + i) for i, fd in enumerate(descriptors)]
for i, fd in enumerate(high):
    os.dup2(fd, 3 + i)
    os.close(fd)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(names)), LISTEN_FDNAMES=":".join(names))
os.execvp(sys.argv[end + 1], sys.argv[end + 1:])
"""


def launch(*sockets: str) -> list[str]:
    return [sys.executable, "-c", LAUNCHER, *sockets, "--"]


def test_sockets_take_the_place_of_the_addresses_of_their_name(start_daemon) -> None:
    daemon = start_daemon(prefix=launch("imds=127.0.0.1:0", "imds=::1:0", "aws=127.0.0.1:0"))
    status = daemon.status()
    assert [address.rsplit(":", 1)[0] for address in status["imds"]["listen"]] == ["127.0.0.1", "[::1]"]
    assert len(status["aws"]["listen"]) == 1
    assert daemon.imds_client().get("/latest/meta-data/instance-id").text == INSTANCE
    assert daemon.document()["Code"] == "Success"


def test_what_was_not_passed_is_bound_as_ever(start_daemon) -> None:
    daemon = start_daemon(prefix=launch("imds=127.0.0.1:0"))
    assert len(daemon.status()["aws"]["listen"]) == 1
    assert ROLE in daemon.imds_client().get("/latest/meta-data/iam/security-credentials/").text


@pytest.mark.parametrize("listen", [None, ["127.0.0.1:0"]])
def test_a_socket_of_one_instance_is_its_own_for_ipv4_too(start_daemon, listen) -> None:
    # As systemd opens `ListenStream=PORT`: an IPv6 socket that takes IPv4.
    own = {"name": "b", "id": "i-0bbbbbbbbbbbbbbbb", **({"listen": listen} if listen else {})}
    daemon = start_daemon(prefix=launch("imds-b=:::0"), config={"instance": [{"name": "a", "default": True}, own]})
    bound = next(each for each in daemon.status()["instances"] if each["name"] == "b")["listen"]
    assert [address.rsplit(":", 1)[0] for address in bound] == ["[::]", "0.0.0.0"]
    port = bound[0].rsplit(":", 1)[1]
    for host in ("127.0.0.1", "[::1]"):
        assert ImdsClient(f"{host}:{port}").get("/latest/meta-data/instance-id").text == own["id"], host


def test_the_admin_socket_may_be_passed(start_daemon, tmp_path: Path) -> None:
    path = tmp_path / "passed.sock"
    daemon = start_daemon(prefix=launch(f"admin={path}"), config={"admin": {"socket": str(tmp_path / "other.sock")}})
    daemon.socket_path = path
    assert daemon.status()["instances"][0]["id"] == INSTANCE
    daemon.stop()
    assert path.exists(), "it is systemd's"


def test_a_name_that_no_port_has_is_an_error(start_daemon) -> None:
    with pytest.raises(StartFailed) as failure:
        start_daemon(prefix=launch("metadata=127.0.0.1:0"))
    assert "`metadata` at 127.0.0.1:" in str(failure.value)
    assert "FileDescriptorName= to imds, aws, aws-tls, console, ecs, eks, monitor or admin" in str(failure.value)


def test_an_address_of_the_configuration_is_told_without_a_name(start_daemon) -> None:
    # Nothing else has this address of loopback, so its port may be fixed.
    address = f"127.99.{os.getpid() % 250 + 1}.1:18080"
    daemon = start_daemon(prefix=launch(f"unknown={address}"), config={"imds": {"listen": [address, "127.0.0.1:0"]}})
    assert daemon.status()["imds"]["listen"][0] == address
    assert len(daemon.status()["imds"]["listen"]) == 2


def test_mode_off_beyond_loopback_is_refused_for_passed_sockets_too(start_daemon) -> None:
    with pytest.raises(StartFailed) as failure:
        start_daemon(prefix=launch("aws=0.0.0.0:0"), config={"auth": {"mode": "off"}})
    assert "beyond loopback, needs auth.allow_remote = true" in str(failure.value)
