# SPDX-License-Identifier: MIT
"""imdsctl exec: the child has the environment of `imdsctl env`, and is all that its caller sees."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

from support.daemon import ACCOUNT, ROLE, Daemon, bin_dir, clean_environment, role

PRINT = "import json, os; print(json.dumps(dict(os.environ)))"


def command(daemon: Daemon, *words: str) -> list[str]:
    return [str(bin_dir() / "imdsctl"), "--socket", str(daemon.socket_path), "exec", *words]


def test_the_child_has_the_variables_of_env(shared_daemon: Daemon) -> None:
    strange = clean_environment() | {"AWS_PROFILE": "work", "AWS_ACCESS_KEY_ID": "AKIA", "KEPT": "yes"}
    done = subprocess.run(command(shared_daemon, "--", sys.executable, "-c", PRINT), env=strange,
                          capture_output=True, text=True, timeout=30, check=True)
    seen = json.loads(done.stdout)
    wanted = shared_daemon.sdk_env()
    assert {name: seen.get(name) for name in wanted if name.startswith("AWS_")} == \
        {name: value for name, value in wanted.items() if name.startswith("AWS_")}
    assert "AWS_PROFILE" not in seen and "AWS_ACCESS_KEY_ID" not in seen and seen["KEPT"] == "yes"
    assert done.stderr == ""


def test_as_the_administrator(shared_daemon: Daemon) -> None:
    script = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"
    done = subprocess.run(command(shared_daemon, "--admin", "--", sys.executable, "-c", script),
                          env=clean_environment(), capture_output=True, text=True, timeout=60, check=True)
    assert ":user/" in done.stdout


def test_as_another_role(start_daemon) -> None:
    trust = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/{ROLE}"}}]})
    daemon = start_daemon({"iam": {"role": [role(), {"name": "deploy", "trust_policy": trust}]}})
    script = ("import boto3, json, os; print(json.dumps([boto3.client('sts').get_caller_identity()['Arn'], "
              "os.environ['AWS_SECRET_ACCESS_KEY'], os.environ['AWS_SESSION_TOKEN']]))")

    def run(name: str, *flags: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command(daemon, *flags, "--role", name, "--", sys.executable, "-c", script),
                              env=clean_environment(), capture_output=True, text=True, timeout=60)

    for flags in ((), ("--netns",)):
        done = run("deploy", *flags)
        if flags and "network namespace cannot be made" in done.stderr:
            continue
        assert done.returncode == 0, done.stderr
        arn, *secrets = json.loads(done.stdout)
        daemon.note_secret(*secrets)
        assert ":assumed-role/deploy/" in arn
    denied = run("nobody")
    assert denied.returncode == 1 and denied.stdout == "" and "no role `nobody`" in denied.stderr


def test_exit_code_and_signals_are_the_childs(shared_daemon: Daemon) -> None:
    def run(script: str) -> int:
        return subprocess.run(command(shared_daemon, "--", "sh", "-c", script), env=clean_environment(),
                              timeout=30).returncode

    assert run("exit 7") == 7
    assert run("kill -TERM $$") == -signal.SIGTERM


def test_a_program_that_is_not_there(shared_daemon: Daemon) -> None:
    done = subprocess.run(command(shared_daemon, "/nowhere/program"), env=clean_environment(), capture_output=True,
                          text=True, timeout=30)
    assert done.returncode == 127
    assert done.stderr == "imdsctl: cannot run `/nowhere/program`: No such file or directory\n"


def test_without_a_daemon_nothing_is_run() -> None:
    done = subprocess.run([bin_dir() / "imdsctl", "--socket", "/nowhere/admin.sock", "exec", "echo", "ran"],
                          env=clean_environment(), capture_output=True, text=True, timeout=30)
    assert done.returncode == 1 and done.stdout == ""
    assert "no imdsd answers" in done.stderr
