# SPDX-License-Identifier: MIT
"""The credentials of the instance identity role, as the SSM agent and EC2 Instance Connect read them."""

from __future__ import annotations

import json
import re
from pathlib import Path

from support.daemon import ACCOUNT, INSTANCE, ROLE, Daemon
from support.iam import admin_client, client, refused
from support.imds import CREDENTIALS_PATH
from support.sts import role_arn
from support.waiting import wait_for

FOLDER = "/latest/meta-data/identity-credentials/ec2/security-credentials/"
PATH = FOLDER + "ec2-instance"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/aws:ec2-instance/{INSTANCE}"
ANYBODY = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]})
WITHOUT_ROLE = {"instance": [{"id": INSTANCE}], "iam": {"role": []}}


def identity(daemon: Daemon, version: int = 2) -> dict[str, str]:
    imds = daemon.imds_client()
    answer = imds.get(PATH, imds.token() if version == 2 else None)
    assert answer.status == 200, answer
    document = json.loads(answer.text)
    daemon.note_secret(document["SecretAccessKey"], document["Token"])
    return document


def of_instance(daemon: Daemon, document: dict[str, str], service: str = "sts"):
    return client(daemon, document["AccessKeyId"], document["SecretAccessKey"], service, document["Token"])


def test_sts_knows_the_instance_by_them(start_daemon) -> None:
    daemon = start_daemon(WITHOUT_ROLE)
    assert daemon.imds_client().get(CREDENTIALS_PATH).status == 404
    assert daemon.imds_client().get(FOLDER).text == "ec2-instance"
    documents = [identity(daemon, version) for version in (1, 2)]
    for document in documents:
        assert list(document) == [
            "Code", "LastUpdated", "Type", "AccessKeyId", "SecretAccessKey", "Token", "Expiration"]
        assert (document["Code"], document["Type"]) == ("Success", "AWS-HMAC")
        answer = of_instance(daemon, document).get_caller_identity()
        assert (answer["Account"], answer["Arn"], answer["UserId"]) == (
            ACCOUNT, SESSION, f"{ACCOUNT}:aws:ec2-instance:{INSTANCE}")
    assert documents[0]["AccessKeyId"] != documents[1]["AccessKeyId"]
    assert identity(daemon) == documents[1]


def test_scripts_cut_them_out_line_by_line(start_daemon) -> None:
    """As eic_harvest_hostkeys of EC2 Instance Connect does it with sed."""
    daemon = start_daemon(WITHOUT_ROLE)
    text = daemon.imds_client().get(PATH + "/").text
    document = json.loads(text)
    daemon.note_secret(document["SecretAccessKey"], document["Token"])
    for name in ("AccessKeyId", "SecretAccessKey", "Token"):
        assert re.findall(rf'^.*"{name}" : "(.*)",$', text, re.MULTILINE) == [document[name]]


def test_they_permit_nothing(start_daemon) -> None:
    daemon = start_daemon({"instance": [{"id": INSTANCE}],
                           "iam": {"role": [{"name": "of-anybody", "trust_policy": ANYBODY}]}})
    document = identity(daemon)
    denied = f"User: {SESSION} is not authorized to perform: "
    sts = of_instance(daemon, document)
    for name in ("of-anybody", "missing"):
        assert refused(sts.assume_role, RoleArn=role_arn(name), RoleSessionName="session") == (
            403, "AccessDenied", f"{denied}sts:AssumeRole on resource: {role_arn(name)}")
    status, code, message = refused(of_instance(daemon, document, "iam").list_roles)
    assert (status, code) == (403, "AccessDenied")
    assert message.startswith(f"{denied}iam:ListRoles on resource: ")
    assert message.endswith("because no identity-based policy allows the iam:ListRoles action")


def test_no_role_can_be_made_in_its_name(start_daemon) -> None:
    iam = admin_client(start_daemon(WITHOUT_ROLE))
    status, code, _ = refused(iam.create_role, RoleName="aws:ec2-instance", AssumeRolePolicyDocument=ANYBODY)
    assert (status, code) == (400, "ValidationError")


def test_they_are_rotated_with_those_of_the_role(start_daemon) -> None:
    daemon = start_daemon()
    before = identity(daemon)
    role_before = daemon.imds_client().credentials(ROLE)
    daemon.ctl("rotate")
    after = identity(daemon)
    assert after["AccessKeyId"] != before["AccessKeyId"]
    assert daemon.imds_client().credentials(ROLE)["AccessKeyId"] != role_before["AccessKeyId"]
    for document in (before, after):
        assert of_instance(daemon, document).get_caller_identity()["Arn"] == SESSION


def test_a_delivery_is_audited_and_joins_with_its_use(start_daemon, tmp_path: Path) -> None:
    audit = tmp_path / "audit.jsonl"
    daemon = start_daemon({**WITHOUT_ROLE, "audit": {"file": str(audit)}})
    daemon.imds_client().get(FOLDER)
    document = identity(daemon)
    of_instance(daemon, document).get_caller_identity()

    def lines() -> list[dict]:
        return [json.loads(line) for line in audit.read_text().splitlines()] if audit.exists() else []

    wait_for("both lines", lambda: {line["event"] for line in lines()} == {"delivery", "call"})
    [delivery] = [line for line in lines() if line["event"] == "delivery"]
    [call] = [line for line in lines() if line["event"] == "call"]
    assert (delivery["instance_id"], delivery["door"], delivery["path"]) == (INSTANCE, "imdsv2", PATH)
    assert delivery["access_key_id"] == call["access_key_id"] == document["AccessKeyId"]
    assert call["caller"] == SESSION
    assert document["SecretAccessKey"] not in audit.read_text() and document["Token"] not in audit.read_text()


def test_each_instance_has_its_own(start_daemon) -> None:
    daemon = start_daemon({
        "imds": {"listen": ["127.0.0.1:0"]},
        "instance": [{"name": "one", "id": "i-00000000000000001"},
                     {"name": "two", "id": "i-00000000000000002", "peers": ["127.0.2.2"]}]})
    arns = []
    for source in ("127.0.0.1", "127.0.2.2"):
        document = json.loads(daemon.imds_client(source).get(PATH).text)
        daemon.note_secret(document["SecretAccessKey"], document["Token"])
        arns.append(of_instance(daemon, document).get_caller_identity()["Arn"])
    assert arns == [f"arn:aws:sts::{ACCOUNT}:assumed-role/aws:ec2-instance/i-0000000000000000{n}" for n in (1, 2)]
