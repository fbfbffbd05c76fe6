# SPDX-License-Identifier: MIT
"""imdsctl exec --netns: imdsctl makes a network namespace in which 169.254.169.254 is imdsd, and lends it the listeners.
Everything here runs in such a namespace, which has no way out."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import containers
from support.daemon import INSTANCE, REGION, ROLE, Daemon, bin_dir, clean_environment
from support.waiting import wait_for

NOBODY = 65534
INSTANCE_ID = "curl -sg http://169.254.169.254/latest/meta-data/instance-id"


@pytest.fixture(scope="module")
def daemon() -> Iterator[Daemon]:
    if subprocess.run(["unshare", "--user", "--map-current-user", "--net", "true"], capture_output=True).returncode:
        pytest.skip("neither root nor user namespaces")
    with Daemon({"imds": {"hop_limit": 1}, "aws": {"tls_listen": ["127.0.0.1:0"]}}) as running:
        yield running


@pytest.fixture(scope="module")
def in_containers(daemon: Daemon) -> Iterator[Daemon]:
    with Daemon(containers.doors()) as running:
        yield running


def command(daemon: Daemon, *words: str) -> list[str]:
    return [str(bin_dir() / "imdsctl"), "--socket", str(daemon.socket_path), "exec", "--netns", *words]


def run(daemon: Daemon, *words: str, **more) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(daemon, *words), env=clean_environment(), capture_output=True, text=True,
                          timeout=60, **more)


def test_the_documented_commands_and_no_variable(daemon: Daemon) -> None:
    script = """
env | grep AWS_EC2_METADATA_SERVICE_ENDPOINT
TOKEN=$(curl -s -X PUT http://169.254.169.254/latest/api/token -H 'X-aws-ec2-metadata-token-ttl-seconds: 60')
curl -s http://169.254.169.254/latest/meta-data/instance-id -H "X-aws-ec2-metadata-token: $TOKEN"; echo
curl -sg 'http://[fd00:ec2::254]/latest/meta-data/iam/security-credentials/'; echo
echo "$TOKEN"
"""
    done = run(daemon, "--", "sh", "-c", script)
    instance, role, token = done.stdout.split()
    daemon.note_secret(token)
    assert (instance, role) == (INSTANCE, ROLE)
    assert "not reachable from there: the internet, DNS" in done.stderr


@pytest.mark.parametrize("flags", [(), ("--tls",)])
def test_an_sdk_with_the_address_built_in(daemon: Daemon, flags: tuple[str, ...]) -> None:
    script = """
import json, boto3
session = boto3.Session()
credentials = session.get_credentials()
frozen = credentials.get_frozen_credentials()
arn = session.client("sts").get_caller_identity()["Arn"]
print(json.dumps([credentials.method, arn, session.region_name, frozen.secret_key, frozen.token]))
"""
    done = run(daemon, *flags, "--", sys.executable, "-c", script, check=True)
    method, arn, region, *secrets = json.loads(done.stdout)
    daemon.note_secret(*secrets)
    assert method == "iam-role" and region == REGION
    assert arn.endswith(f":assumed-role/{ROLE}/{INSTANCE}")


def test_nothing_else_is_there(daemon: Daemon) -> None:
    host, port = daemon.imds.rsplit(":", 1)
    script = f"import socket\ntry: socket.create_connection(('{host}', {port}), 5)\nexcept OSError as e: print(e.errno)\n" \
             "print([name for _, name in socket.if_nameindex()])"
    assert run(daemon, "--", sys.executable, "-c", script).stdout.split("\n")[:2] == ["111", "['lo']"]


def test_exit_codes_and_signals_pass(daemon: Daemon) -> None:
    assert run(daemon, "--", "sh", "-c", "exit 9").returncode == 9
    assert run(daemon, "--", "sh", "-c", "kill -KILL $$").returncode == -signal.SIGKILL
    assert run(daemon, "/nowhere/program").returncode == 127
    script = "trap 'echo trapped; exit 3' USR1; echo ready; while :; do sleep 0.05; done"
    with subprocess.Popen(command(daemon, "sh", "-c", script), env=clean_environment(), text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        assert child.stdout.readline() == "ready\n"
        child.send_signal(signal.SIGUSR1)
        assert child.stdout.readline() == "trapped\n"
        assert child.wait(20) == 3


def test_an_instance_that_is_not_there(daemon: Daemon) -> None:
    done = run(daemon, "--instance", "i-0fff", "--", "echo", "ran")
    assert done.returncode == 1 and done.stdout == ""
    assert "no instance" in done.stderr and "i-0fff" in done.stderr


def test_a_chosen_instance_needs_no_address_of_its_own() -> None:
    other = "i-0123456789abcdef0"
    instances = [{"name": "web", "id": INSTANCE, "profile": ROLE}, {"name": "db", "id": other, "profile": ROLE}]
    with Daemon({"instance": instances}) as daemon:
        for name, instance in (("web", INSTANCE), ("db", other), (other, other)):
            assert run(daemon, "--instance", name, "--", "sh", "-c", INSTANCE_ID).stdout == instance
        done = run(daemon, "--instance", "dbb", "--", "echo", "ran")
        assert done.returncode == 1 and done.stdout == "" and "`dbb`" in done.stderr


@pytest.mark.parametrize("door, variable", [
    ("ecs", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"), ("eks", "AWS_CONTAINER_CREDENTIALS_FULL_URI")])
def test_the_doors_of_containers_at_their_own_addresses(in_containers: Daemon, door: str, variable: str) -> None:
    script = f"""
import json, os, boto3
session = boto3.Session()
frozen = session.get_credentials().get_frozen_credentials()
arn = session.client("sts").get_caller_identity()["Arn"]
print(json.dumps([os.environ["{variable}"], arn, frozen.secret_key, frozen.token]))
"""
    done = run(in_containers, f"--{door}", "--", sys.executable, "-c", script, check=True)
    uri, arn, *secrets = json.loads(done.stdout)
    in_containers.note_secret(*secrets)
    assert uri.startswith("/v2/credentials/" if door == "ecs" else "http://169.254.170.23/")
    containers.assert_session(in_containers, door, arn)


def test_open_doors_are_there_for_every_program(in_containers: Daemon, daemon: Daemon) -> None:
    """Who sets the variables by itself finds them; where no door is open, nobody answers."""
    script = "for host in 169.254.170.2 169.254.170.23 '[fd00:ec2::23]'; do " \
             "curl -sg -o /dev/null -w '%{http_code} ' http://$host/v1/credentials; done"
    done = run(in_containers, "--", "sh", "-c", script)
    assert done.stdout.split() == ["400", "400", "400"], done.stderr
    assert "the ECS agent at 169.254.170.2 and the EKS agent at 169.254.170.23 fd00:ec2::23" in done.stderr
    assert run(daemon, "--", "sh", "-c", script).stdout.split() == ["000", "000", "000"]
    refused = run(daemon, "--ecs", "--", "echo", "ran")
    assert (refused.returncode, refused.stdout) == (1, "") and "ecs.listen" in refused.stderr


def test_a_killed_imdsctl_leaves_nothing_behind(daemon: Daemon, tmp_path: Path) -> None:
    go_on = tmp_path / "go-on"
    os.mkfifo(go_on)
    script = f"{INSTANCE_ID}; echo; cat {go_on}; {INSTANCE_ID}; echo $?"
    with subprocess.Popen(command(daemon, "sh", "-c", script), env=clean_environment(), text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as imdsctl:
        assert imdsctl.stdout.readline() == f"{INSTANCE}\n"
        before = daemon.log.count("lent listeners given back")
        imdsctl.kill()
        wait_for("the daemon to see it", lambda: daemon.log.count("lent listeners given back") == before + 1)
        go_on.write_text("")
        assert imdsctl.stdout.readline() == "7\n", "curl: connection refused"


def test_many_at_once_are_apart(daemon: Daemon) -> None:
    children = [subprocess.Popen(command(daemon, "sh", "-c", f"for i in 1 2 3; do {INSTANCE_ID}; done"),
                                 env=clean_environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
                for _ in range(12)]
    assert [child.communicate(timeout=60)[0] for child in children] == [INSTANCE * 3] * 12


BECOME_NOBODY = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--inh-caps=-all"]


def as_nobody(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*BECOME_NOBODY, *words], env=clean_environment(), capture_output=True, text=True, timeout=60)


@pytest.fixture
def nobody() -> Iterator[None]:
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("it takes root to become nobody")
    if as_nobody(bin_dir() / "imdsd", "--version").returncode:
        pytest.skip(f"nobody may not run {bin_dir()}/imdsd")
    if as_nobody("unshare", "--user", "--net", "true").returncode:
        pytest.skip("no user namespaces for users")
    before = os.umask(0)  # nobody's daemon writes to the socket that tells when it is ready
    yield
    os.umask(before)


def test_a_user_without_privileges_needs_none(nobody: None) -> None:
    """In a user namespace that maps the user to itself: the child is nobody more than before."""
    daemon = Daemon(prefix=BECOME_NOBODY)
    os.chown(daemon.directory, NOBODY, NOBODY)
    with daemon:
        done = as_nobody(*command(daemon, "sh", "-c", f"id -u; grep CapEff /proc/self/status; {INSTANCE_ID}"))
        assert done.stdout.split() == [str(NOBODY), "CapEff:", "0" * 16, INSTANCE], done.stderr
        assert "sudo and other set-user-ID programs do not work" in done.stderr


def test_who_may_not_use_the_admin_socket_may_not_lend(nobody: None) -> None:
    with Daemon() as daemon:
        daemon.directory.chmod(0o755)
        lent = daemon.directory / "admin.fds"
        assert lent.stat().st_mode & 0o777 == 0o600
        lent.chmod(0o666)
        script = "import socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); print(s.recv(999).decode())"
        done = as_nobody(sys.executable, "-c", script, lent)
        assert f"user {NOBODY} is neither root nor the daemon's user" in done.stdout, done.stderr
