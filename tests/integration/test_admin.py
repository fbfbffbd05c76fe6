# SPDX-License-Identifier: MIT
"""imdsctl, reload, signals and the banner."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess

import pytest

from support.daemon import INSTANCE, REPO, ROLE, Daemon, bin_dir, clean_environment
from support.waiting import wait_for


def test_status_tells_the_state_and_no_secret(daemon: Daemon) -> None:
    document = daemon.document()
    status = daemon.status()
    assert status["auth_mode"] == "enforce"
    instance = status["instances"][0]
    assert (instance["id"], instance["role"], instance["state"]) == (INSTANCE, ROLE, "valid")
    assert instance["expiration"] == document["Expiration"]
    text = json.dumps(status) + daemon.ctl("status").stdout
    assert document["SecretAccessKey"] not in text and document["Token"] not in text
    assert INSTANCE in daemon.ctl("status").stdout


def test_rotate_renews_at_once(daemon: Daemon) -> None:
    before = daemon.document()["AccessKeyId"]
    daemon.rotate()
    assert daemon.document()["AccessKeyId"] != before


def test_the_documented_config_runs_and_prints_the_banner(start_daemon) -> None:
    daemon = start_daemon(text=(REPO / "config.toml").read_text(), args=[
        "--set", "imds.listen=[\"127.0.0.1:0\"]", "--set", "aws.listen=[\"127.0.0.1:0\"]",
        "--set", "console.listen=[\"127.0.0.1:0\"]", "--set", "state_dir={dir}/state", "--set", "admin.socket={dir}/admin.sock"])
    banner = daemon.stdout_path.read_text()
    lines = banner.splitlines()
    assert re.fullmatch(r"imdsd \d+\.\d+\.\d+  instance i-[0-9a-f]{17}  us-east-1a  t3\.micro  account 123456789012", lines[0])
    assert re.fullmatch(r"  IMDS  http://127\.0\.0\.1:\d+/  IMDSv2 optional, hop limit 2", lines[1])
    assert re.fullmatch(r"  AWS   http://127\.0\.0\.1:\d+   STS, IAM, S3, EC2 \(policies enforced\)", lines[2])
    assert re.fullmatch(r"  page  http://127\.0\.0\.1:\d+/  sign in, switch roles", lines[3])
    assert re.fullmatch(r"  role  app-role   credentials valid until \d\d:\d\d:\d\d, next rotation \d\d:\d\d:\d\d", lines[4])
    assert re.fullmatch(r'  try:  eval "\$\(\S+/imdsctl --socket \S+/admin\.sock env\)" && aws sts get-caller-identity', lines[5])


def test_a_reload_takes_the_new_file(daemon: Daemon) -> None:
    daemon.write_config({"imds": {"http_tokens": "required"}, "credentials": {"lifetime": "2h"}})
    daemon.reload()
    wait_for("the reload", lambda: daemon.status()["imds"]["http_tokens"] == "required")
    assert daemon.imds_client().get("/latest/meta-data/instance-id").status == 401


def test_a_bad_file_keeps_the_old_state_and_names_every_error(daemon: Daemon) -> None:
    key = daemon.document()["AccessKeyId"]
    daemon.config_path.write_text("[imds]\nhop_limt = 2\nhttp_tokens = 7\n")
    daemon.reload()
    wait_for("both errors", lambda: "config.toml:2:" in daemon.log and "config.toml:3:" in daemon.log)
    assert "hop_limit" in daemon.log  # the nearest valid key
    assert daemon.document()["AccessKeyId"] == key


def test_a_role_that_does_not_trust_ec2_says_so_in_the_document(start_daemon) -> None:
    trust = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]})
    daemon = start_daemon({"iam": {"role": [{"name": ROLE, "trust_policy": trust}]}})
    document = json.loads(daemon.imds_client().get(f"/latest/meta-data/iam/security-credentials/{ROLE}").text)
    assert document["Code"] == "AssumeRoleUnauthorizedAccess"
    assert not {"AccessKeyId", "SecretAccessKey", "Token"} & set(document)


def test_check_config_reports_all_errors_at_once(tmp_path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[imds]\nhop_limit = 99\n\n[aws]\naccount_id = "12"\nregoin = "x"\n')
    for program in ([bin_dir() / "imdsd", "--config", path, "--check-config"], [bin_dir() / "imdsctl", "check-config", path]):
        result = subprocess.run(program, capture_output=True, text=True, env=clean_environment(), timeout=20)
        assert result.returncode == 1
        for position in ("config.toml:2:", "config.toml:5:", "config.toml:6:"):
            assert position in result.stderr + result.stdout
    good = subprocess.run([bin_dir() / "imdsd", "--config", REPO / "config.toml", "--check-config"],
                          capture_output=True, text=True, env=clean_environment(), timeout=20)
    assert good.returncode == 0, good.stderr


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_env_makes_a_shell_with_an_aws_setup_ours(daemon: Daemon, shell: str) -> None:
    env = clean_environment() | {
        "AWS_PROFILE": "work", "AWS_ACCESS_KEY_ID": "AKIAWORK", "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:9", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9",
        "no_proxy": "example.com", "HTTP_PROXY": "http://127.0.0.1:9"}
    exports = f'eval "$({bin_dir()}/imdsctl --socket {daemon.socket_path} env 2>/dev/null)" && env'
    output = subprocess.run([shell, "-c", exports], env=env, capture_output=True, text=True, check=True, timeout=30).stdout
    seen = dict(line.split("=", 1) for line in output.splitlines() if "=" in line)
    assert seen["AWS_EC2_METADATA_SERVICE_ENDPOINT"] == f"http://{daemon.imds}/"
    assert seen["AWS_ENDPOINT_URL"].rstrip("/") == f"http://{daemon.aws}"
    assert seen["AWS_REGION"] == seen["AWS_DEFAULT_REGION"]
    assert seen["AWS_CONFIG_FILE"] == seen["AWS_SHARED_CREDENTIALS_FILE"] == "/dev/null"
    assert {"example.com", "127.0.0.1"} <= set(seen["no_proxy"].split(","))
    for gone in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL_STS",
                 "AWS_CONTAINER_CREDENTIALS_FULL_URI"):
        assert gone not in seen


def test_without_a_daemon_imdsctl_says_what_it_tried(tmp_path) -> None:
    env = clean_environment() | {"XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)}
    env.pop("XDG_STATE_HOME", None)
    result = subprocess.run([bin_dir() / "imdsctl", "status"], env=env, capture_output=True, text=True, timeout=20)
    assert result.returncode == 1
    assert f"{tmp_path}/imdsd/admin.sock" in result.stderr


def test_a_second_daemon_does_not_take_the_state_of_the_first(daemon: Daemon) -> None:
    result = subprocess.run([bin_dir() / "imdsd", "--config", daemon.config_path], capture_output=True, text=True,
                            env=clean_environment(), timeout=20)
    assert result.returncode == 1
    assert "state" in result.stderr
    assert daemon.document()["Code"] == "Success"


def test_a_taken_port_is_a_clear_error_and_nothing_is_served(start_daemon) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AssertionError) as error:
            start_daemon({"aws": {"listen": [f"127.0.0.1:{port}"]}})
    assert f"127.0.0.1:{port}" in str(error.value)


def test_a_corrupted_key_ring_is_not_overwritten(start_daemon) -> None:
    daemon = start_daemon()
    daemon.stop()
    state = daemon.directory / "state"
    ring = state / "session-keys.json"
    assert ring.stat().st_mode & 0o777 == 0o600
    ring.write_text("{ this is not a key ring")
    with pytest.raises(AssertionError, match="session-keys.json"):
        daemon.start()
    assert ring.read_text() == "{ this is not a key ring"


def test_sigterm_drains_and_ends_with_0(daemon: Daemon) -> None:
    host, port = daemon.imds.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=10) as idle:
        daemon.stop()
        assert idle.recv(1) == b""
    assert "stop" in daemon.log


def test_debug_log_of_a_run_has_no_secret(daemon: Daemon) -> None:
    # Daemon.__exit__ looks for every secret that was noted; here it is made sure that there were requests to log.
    for version in (1, 2):
        daemon.document(version)
    assert daemon.log.count("security-credentials") >= 2


def test_version() -> None:
    for program in ("imdsd", "imdsctl"):
        output = subprocess.run([bin_dir() / program, "--version"], capture_output=True, text=True, check=True, timeout=20).stdout
        assert re.fullmatch(rf"{program} \d+\.\d+\.\d+\n", output)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_the_admin_socket_refuses_other_users(daemon: Daemon) -> None:
    daemon.directory.chmod(0o755)
    daemon.socket_path.chmod(0o777)  # the file mode is the first gate; the peer's credentials are the second
    script = ("import socket,os,sys; os.setgid(65534); os.setuid(65534); s=socket.socket(socket.AF_UNIX); "
              "s.connect(sys.argv[1]); s.sendall(b'GET /v1/status HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n'); "
              "print(s.recv(100).decode())")
    answer = subprocess.run(["python3", "-c", script, daemon.socket_path], capture_output=True, text=True, timeout=20)
    assert " 403 " in answer.stdout.splitlines()[0], answer.stderr


def test_a_second_signal_ends_at_once(daemon: Daemon) -> None:
    assert daemon.process is not None
    daemon.process.send_signal(signal.SIGTERM)
    daemon.process.send_signal(signal.SIGTERM)
    assert daemon.process.wait(10) is not None
