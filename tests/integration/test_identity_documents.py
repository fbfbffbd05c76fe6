# SPDX-License-Identifier: MIT
"""Identity documents verify with openssl, word for word as AWS's pages say it.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/verify-iid.html
"""

from __future__ import annotations

import base64
import json
import os
import stat
import subprocess
from pathlib import Path

import pytest

from support.daemon import REGION, Daemon, bin_dir, clean_environment

MESSAGES = ("pkcs7", "rsa2048", "dsa2048")

# AWS's commands, with the address of the daemon and the certificate of imdsctl.
FETCH_MESSAGE = """
TOKEN=$(curl -sX PUT "http://$IMDS/latest/api/token" -H "X-aws-ec2-metadata-token-ttl-seconds: 21600")
echo "-----BEGIN PKCS7-----" > "$TYPE"
curl -s -H "X-aws-ec2-metadata-token: $TOKEN" "http://$IMDS/latest/dynamic/instance-identity/$TYPE" >> "$TYPE"
echo "" >> "$TYPE"
echo "-----END PKCS7-----" >> "$TYPE"
curl -s -H "X-aws-ec2-metadata-token: $TOKEN" "http://$IMDS/latest/dynamic/instance-identity/document" > document
"$IMDSCTL" identity-cert --type "$TYPE" > certificate
"""
VERIFY_SMIME = 'openssl smime -verify -in "$TYPE" -inform PEM -content document -certfile certificate -noverify'
VERIFY_EMBEDDED = 'openssl smime -verify -in "$TYPE" -inform PEM -certfile certificate -noverify -out embedded'
# cms takes a document of its own as text, and would end its lines in CR LF.
VERIFY_CMS = 'openssl cms -verify -binary -in "$TYPE" -inform PEM -content document -certfile certificate -noverify'
VERIFY_SIGNATURE = """
TOKEN=$(curl -sX PUT "http://$IMDS/latest/api/token" -H "X-aws-ec2-metadata-token-ttl-seconds: 21600")
curl -s -H "X-aws-ec2-metadata-token: $TOKEN" "http://$IMDS/latest/dynamic/instance-identity/document" > document
curl -s -H "X-aws-ec2-metadata-token: $TOKEN" "http://$IMDS/latest/dynamic/instance-identity/signature" | base64 -d > signature
"$IMDSCTL" identity-cert --type signature > certificate
openssl x509 -pubkey -noout -in certificate > key
openssl dgst -sha256 -verify key -signature signature document
"""


def shell(daemon: Daemon, folder: Path, script: str, kind: str = "") -> subprocess.CompletedProcess[str]:
    daemon.imds_client().wait_for_signatures()
    env = clean_environment() | {
        "IMDS": daemon.imds, "TYPE": kind, "IMDSCTL": str(bin_dir() / "imdsctl"), "no_proxy": "*",
        "IMDSD_ADMIN_SOCKET": str(daemon.socket_path)}
    return subprocess.run(["sh", "-ec", script], cwd=folder, env=env, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("kind", MESSAGES)
def test_messages_verify_as_aws_documents_it(shared_daemon: Daemon, tmp_path: Path, kind: str) -> None:
    shell(shared_daemon, tmp_path, FETCH_MESSAGE, kind).check_returncode()
    verified = shell(shared_daemon, tmp_path, VERIFY_SMIME, kind)
    assert (verified.returncode, "Verification successful" in verified.stderr) == (0, True), verified.stderr
    shell(shared_daemon, tmp_path, VERIFY_EMBEDDED, kind).check_returncode()
    assert (tmp_path / "embedded").read_bytes() == (tmp_path / "document").read_bytes()
    by_cms = shell(shared_daemon, tmp_path, VERIFY_CMS, kind)
    assert by_cms.returncode == 0, by_cms.stderr


@pytest.mark.parametrize("kind", MESSAGES)
def test_another_document_or_certificate_does_not_verify(shared_daemon: Daemon, start_daemon, tmp_path: Path,
                                                          kind: str) -> None:
    shell(shared_daemon, tmp_path, FETCH_MESSAGE, kind).check_returncode()
    document = (tmp_path / "document").read_bytes()
    another = start_daemon()
    another.imds_client().wait_for_signatures()
    (tmp_path / "certificate").write_text(another.ctl("identity-cert", "--type", kind).stdout)
    assert shell(shared_daemon, tmp_path, VERIFY_EMBEDDED, kind).returncode != 0
    other = document.replace(b"t3.micro", b"t3.large")
    assert other != document and b"instanceType" in other
    shell(shared_daemon, tmp_path, '"$IMDSCTL" identity-cert --type "$TYPE" > certificate', kind).check_returncode()
    body = (tmp_path / kind).read_text().split("\n", 1)[1].rsplit("\n", 2)[0]
    message = bytearray(base64.b64decode(body))
    at = message.index(b"t3.micro")
    message[at:at + 8] = b"t3.large"
    (tmp_path / "message").write_bytes(message)
    forged = 'openssl smime -verify -in message -inform DER -certfile certificate -noverify -out embedded'
    assert shell(shared_daemon, tmp_path, forged, kind).returncode != 0


def test_the_bare_signature_verifies(shared_daemon: Daemon, tmp_path: Path) -> None:
    verified = shell(shared_daemon, tmp_path, VERIFY_SIGNATURE)
    assert (verified.returncode, verified.stdout) == (0, "Verified OK\n"), verified.stderr


def test_certificates_are_kept_over_a_restart_and_each_region_has_its_own(start_daemon) -> None:
    daemon: Daemon = start_daemon()
    daemon.imds_client().wait_for_signatures()
    before = json.loads(daemon.ctl("identity-cert", "--json").stdout)
    assert before["region"] == REGION
    assert [entry["type"] for entry in before["certificates"]] == ["signature", "pkcs7", "rsa2048", "dsa2048"]
    assert len({entry["pem"] for entry in before["certificates"]}) == 4
    file = daemon.directory / "state" / f"identity-{REGION}.pem"
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    daemon.restart()
    assert json.loads(daemon.ctl("identity-cert", "--json").stdout) == before
    daemon.write_config({"aws": {"region": "us-east-1"}, "instance": [{"availability_zone": "us-east-1a"}]})
    daemon.restart()
    daemon.imds_client().wait_for_signatures()
    after = json.loads(daemon.ctl("identity-cert", "--json").stdout)
    assert after["region"] == "us-east-1"
    assert {entry["pem"] for entry in after["certificates"]}.isdisjoint(entry["pem"] for entry in before["certificates"])


def test_imdsctl_prints_one_or_all_and_never_a_key(shared_daemon: Daemon) -> None:
    everything = shared_daemon.ctl("identity-cert").stdout
    assert everything.count("-----BEGIN CERTIFICATE-----") == 4
    assert "PRIVATE" not in everything
    one = shared_daemon.ctl("identity-cert", "--type", "rsa2048").stdout
    assert one in everything and one.count("-----BEGIN CERTIFICATE-----") == 1
    unknown = shared_daemon.ctl("identity-cert", "--type", "rsa", check=False)
    assert unknown.returncode == 1
    assert "`signature`, `pkcs7`, `rsa2048`, `dsa2048`" in unknown.stderr


def test_a_damaged_key_file_stops_the_start_and_stays(start_daemon) -> None:
    daemon: Daemon = start_daemon()
    daemon.imds_client().wait_for_signatures()
    daemon.stop()
    file = daemon.directory / "state" / f"identity-{REGION}.pem"
    file.write_bytes(file.read_bytes()[:-200])
    with pytest.raises(AssertionError, match="restore it, or remove it, which makes new certificates"):
        daemon.start()
    assert file.exists()
