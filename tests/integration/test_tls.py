# SPDX-License-Identifier: MIT
"""The AWS APIs over HTTPS: what clients verify, and what policies see of it."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import subprocess
import sys

import boto3
import botocore.exceptions
import pytest

from support.daemon import ACCOUNT, EC2_TRUST, REGION, ROLE, Daemon, bin_dir, clean_environment, role
from support.toolchain import require
from support.waiting import wait_for

TLS = {"aws": {"tls_listen": ["127.0.0.1:0"]}}
FAR = f"arn:aws:iam::{ACCOUNT}:role/https-only"


def secure_trust() -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/{ROLE}"}, "Action": "sts:AssumeRole",
        "Condition": {"Bool": {"aws:SecureTransport": "true"}}}]})


@pytest.fixture
def daemon(start_daemon) -> Daemon:
    return start_daemon({**TLS, "iam": {"role": [
        {"name": ROLE, "trust_policy": EC2_TRUST}, {"name": "https-only", "trust_policy": secure_trust()}]}})


def tls_port(daemon: Daemon) -> int:
    return int(daemon.status()["aws"]["tls_listen"][0].rsplit(":", 1)[1])


def ca_file(daemon: Daemon) -> str:
    path = daemon.directory / "copied-ca.pem"
    path.write_text(daemon.ctl("ca").stdout)
    return str(path)


def handshake(daemon: Daemon, name: str, context: ssl.SSLContext | None = None) -> dict:
    context = context or ssl.create_default_context(cafile=ca_file(daemon))
    with socket.create_connection(("127.0.0.1", tls_port(daemon)), timeout=10) as plain:
        with context.wrap_socket(plain, server_hostname=name) as tls:
            return tls.getpeercert()


def client(daemon: Daemon, service: str, scheme: str):
    document = daemon.document()
    endpoint = f"https://127.0.0.1:{tls_port(daemon)}" if scheme == "https" else f"http://{daemon.aws}"
    return boto3.session.Session().client(
        service, endpoint_url=endpoint, region_name=REGION, verify=ca_file(daemon), aws_access_key_id=document["AccessKeyId"],
        aws_secret_access_key=document["SecretAccessKey"], aws_session_token=document["Token"])


def test_secure_transport_is_true_there_and_only_there(daemon: Daemon) -> None:
    got = client(daemon, "sts", "https").assume_role(RoleArn=FAR, RoleSessionName="over-https")
    daemon.note_secret(got["Credentials"]["SecretAccessKey"], got["Credentials"]["SessionToken"])
    with pytest.raises(botocore.exceptions.ClientError) as refused:
        client(daemon, "sts", "http").assume_role(RoleArn=FAR, RoleSessionName="over-https")
    assert refused.value.response["Error"]["Code"] == "AccessDenied"


def test_s3_tells_the_version_of_tls(start_daemon) -> None:
    new_tls = json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*",
        "Condition": {"NumericGreaterThanEquals": {"s3:TlsVersion": "1.2"}}}]})
    daemon = start_daemon({**TLS, "iam": {"role": [role(policies=[{"name": "new-tls", "document": new_tls}])]}})
    assert client(daemon, "s3", "https").list_buckets()["Buckets"] == []
    with pytest.raises(botocore.exceptions.ClientError) as refused:
        client(daemon, "s3", "http").list_buckets()
    assert refused.value.response["Error"]["Code"] == "AccessDenied"


@pytest.mark.parametrize("name", ["localhost", "sts.localhost", "iam.localhost", "s3.localhost", "ec2.localhost", "127.0.0.1", "::1"])
def test_the_certificate_is_good_for(daemon: Daemon, name: str) -> None:
    assert handshake(daemon, name)["issuer"]


def test_strict_verifiers_take_it_and_others_names_are_not_in_it(daemon: Daemon) -> None:
    context = ssl.create_default_context(cafile=ca_file(daemon))
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    handshake(daemon, "localhost", context)
    for name in ("sts.amazonaws.com", "example.localhost.com"):
        with pytest.raises(ssl.SSLCertVerificationError):
            handshake(daemon, name)
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(daemon, "localhost", ssl.create_default_context())


def test_the_authority_survives_a_restart(daemon: Daemon) -> None:
    context = ssl.create_default_context(cafile=ca_file(daemon))
    before = handshake(daemon, "localhost", context)["serialNumber"]
    daemon.restart()
    assert handshake(daemon, "localhost", context)["serialNumber"] == before
    for file in ("ca-key.pem", "ca.pem", "server.pem"):
        assert (daemon.directory / "state" / file).stat().st_mode & 0o777 == 0o600


def test_a_reload_takes_up_new_names_without_a_restart(daemon: Daemon) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(daemon, "imdsd.example")
    daemon.write_config({"aws": {"allowed_hosts": ["imdsd.example"]}})
    daemon.reload()
    wait_for("the reload", lambda: " reloaded" in daemon.log)
    assert handshake(daemon, "imdsd.example")
    assert "clients must trust the new one" in daemon.log


def test_plain_http_is_told(daemon: Daemon) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", tls_port(daemon), timeout=10)
    connection.request("GET", "/")
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (400, b"this port takes HTTPS: use https:// in the endpoint's URL\n")


def test_curl_trusts_it_with_the_authority_alone(daemon: Daemon) -> None:
    url = f"https://localhost:{tls_port(daemon)}/"
    curl = subprocess.run(["curl", "-sS", "--noproxy", "*", "--cacert", ca_file(daemon), "-o", "/dev/null", "-w", "%{http_code}",
                           url], capture_output=True, text=True, timeout=20, env=clean_environment())
    assert (curl.returncode, curl.stderr) == (0, "")
    assert curl.stdout == "302"  # where STS sends an unsigned GET
    untrusting = subprocess.run(["curl", "-sS", "--noproxy", "*", url], capture_output=True, timeout=20, env=clean_environment())
    assert untrusting.returncode == 60  # curl's code for a certificate that it does not trust


def test_the_cli_and_node_follow_env_tls(daemon: Daemon) -> None:
    env = daemon.sdk_env("--tls")
    assert env["AWS_ENDPOINT_URL"] == f"https://127.0.0.1:{tls_port(daemon)}"
    cli = subprocess.run([sys.executable, "-m", "awscli", "sts", "get-caller-identity", "--query", "Arn", "--output", "text"],
                         env=env, capture_output=True, text=True, timeout=60)
    assert cli.stdout.startswith(f"arn:aws:sts::{ACCOUNT}:assumed-role/{ROLE}/"), cli.stderr
    node = require("node", ["--version"], at_least=(18,))
    program = ("require('https').get(process.env.AWS_ENDPOINT_URL, r => { console.log(r.socket.authorized); r.resume(); })"
               ".on('error', e => console.log(e.code))")
    for variables, expected in ((env, "true"), (clean_environment() | {"AWS_ENDPOINT_URL": env["AWS_ENDPOINT_URL"]},
                                                "UNABLE_TO_VERIFY_LEAF_SIGNATURE")):
        said = subprocess.run([node, "-e", program], env=variables, capture_output=True, text=True, timeout=60)
        assert said.stdout.strip() == expected, said.stderr


def test_without_tls_there_is_no_authority(start_daemon) -> None:
    daemon = start_daemon()
    for arguments in (["ca"], ["env", "--tls"]):
        result = daemon.ctl(*arguments, check=False)
        assert result.returncode == 1
        assert "aws.tls_listen" in result.stderr
    assert not (daemon.directory / "state" / "ca-key.pem").exists()


def test_env_says_what_to_do_when_the_certificate_cannot_be_read(daemon: Daemon) -> None:
    result = daemon.ctl("env", "--tls", "--ca-file", "/nonexistent/ca.pem", check=False)
    assert result.returncode == 1
    assert "imdsctl ca > ca.pem" in result.stderr
    shell = subprocess.run(["sh", "-c", f'eval "$({bin_dir()}/imdsctl --socket {daemon.socket_path} env --tls --ca-file /no)" && echo on'],
                           capture_output=True, text=True, timeout=20, env=clean_environment())
    assert "on" not in shell.stdout
