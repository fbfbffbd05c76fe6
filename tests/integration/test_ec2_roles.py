# SPDX-License-Identifier: MIT
"""EC2's part of roles, as boto3 and the AWS CLI see it: attach, replace, refuse, run, terminate."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.daemon import INSTANCE, REGION, Daemon, clean_environment, role
from support.iam import admin_client, admin_keys, client, refusal, refused
from support.imds import CREDENTIALS_PATH

SECOND = "i-00000000000000a02"
USER_KEY, USER_SECRET = "AKIAQEC2EXAMPLE00001", "ec2-user-secret-which-is-long-enough-0001"


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


@pytest.fixture(scope="module")
def shared() -> Iterator[Daemon]:
    """One daemon for all tests of this file, each of which leaves it as it found it."""
    user = {"name": "operator", "access_keys": [{"id": USER_KEY, "secret_env": "OPERATOR_SECRET"}],
            "policies": [{"name": "ec2", "document": policy(
                {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"},
                {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::123456789012:role/app-role",
                 "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}},
                {"Effect": "Allow", "Action": "sts:DecodeAuthorizationMessage", "Resource": "*"})}]}
    with Daemon({"instance": [{"id": INSTANCE, "profile": "app-role"}, {"id": SECOND, "peers": ["127.0.2.2"]}],
                 "imds": {"listen": ["127.0.0.1:0"], "trusted_proxies": ["127.0.3.0/24"]},
                 "iam": {"role": [role("app-role"), role("other-role")], "user": [user]}},
                env={"OPERATOR_SECRET": USER_SECRET}) as daemon:
        yield daemon


@pytest.fixture
def ec2(shared: Daemon):
    return admin_client(shared, "ec2")


@pytest.fixture
def operator(shared: Daemon):
    return client(shared, USER_KEY, USER_SECRET, "ec2")


def seen_role(daemon: Daemon, source: str = "", **headers: str) -> str:
    answer = daemon.imds_client(source).request("GET", CREDENTIALS_PATH,
                                                {name.replace("_", "-"): value for name, value in headers.items()})
    return answer.text if answer.status == 200 else str(answer.status)


def association(ec2, instance: str) -> dict[str, Any]:
    listed = ec2.describe_iam_instance_profile_associations(Filters=[{"Name": "instance-id", "Values": [instance]}])
    (only,) = listed["IamInstanceProfileAssociations"]
    return only


def test_a_changed_association_changes_the_credentials(shared: Daemon, ec2) -> None:
    first = association(ec2, INSTANCE)
    assert (first["State"], first["IamInstanceProfile"]["Arn"].rsplit("/")[-1]) == ("associated", "app-role")
    key = shared.imds_client().credentials("app-role")["AccessKeyId"]
    replaced = ec2.replace_iam_instance_profile_association(
        AssociationId=first["AssociationId"], IamInstanceProfile={"Name": "other-role"})["IamInstanceProfileAssociation"]
    assert replaced["AssociationId"] != first["AssociationId"]
    assert seen_role(shared) == "other-role"
    document = shared.imds_client().credentials("other-role")
    assert document["AccessKeyId"] != key
    who = client(shared, document["AccessKeyId"], document["SecretAccessKey"], "sts", document["Token"])
    assert who.get_caller_identity()["Arn"].endswith(f":assumed-role/other-role/{INSTANCE}")
    assert refused(ec2.associate_iam_instance_profile, InstanceId=INSTANCE, IamInstanceProfile={"Name": "app-role"}) == (
        400, "IncorrectState", f"There is an existing association for instance {INSTANCE}")
    ec2.disassociate_iam_instance_profile(AssociationId=replaced["AssociationId"])
    assert seen_role(shared) == "404"
    ec2.associate_iam_instance_profile(InstanceId=INSTANCE, IamInstanceProfile={"Name": "app-role"})
    assert seen_role(shared) == "app-role"


def test_pass_role_is_enforced_and_its_refusal_decoded(shared: Daemon, operator) -> None:
    status, code, message = refused(operator.associate_iam_instance_profile, InstanceId=SECOND,
                                    IamInstanceProfile={"Name": "other-role"})
    assert (status, code) == (403, "UnauthorizedOperation")
    found = re.fullmatch(
        r"You are not authorized to perform this operation\. User: arn:aws:iam::123456789012:user/operator is not authorized "
        r"to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/other-role because no identity-based policy "
        r"allows the iam:PassRole action\. Encoded authorization failure message: ([A-Za-z0-9_-]+)", message)
    assert found, message
    sts = client(shared, USER_KEY, USER_SECRET, "sts")
    decoded = json.loads(sts.decode_authorization_message(EncodedMessage=found[1])["DecodedMessage"])
    assert (decoded["allowed"], decoded["context"]["action"]) == (False, "iam:PassRole")
    keys = {item["key"]: item["values"]["items"][0]["value"] for item in decoded["context"]["conditions"]["items"]}
    assert keys["iam:PassedToService"] == "ec2.amazonaws.com"
    assert keys["iam:AssociatedResourceArn"] == f"arn:aws:ec2:{REGION}:123456789012:instance/{SECOND}"
    dry = {"InstanceId": SECOND, "IamInstanceProfile": {"Name": "app-role"}}
    made = operator.associate_iam_instance_profile(**dry)["IamInstanceProfileAssociation"]
    assert seen_role(shared, "127.0.2.2") == "app-role"
    operator.disassociate_iam_instance_profile(AssociationId=made["AssociationId"])


def test_http_tokens_hold_for_the_next_request(shared: Daemon, ec2) -> None:
    path = "/latest/meta-data/instance-id"
    imds = shared.imds_client()
    assert imds.get(path).status == 200
    options = ec2.modify_instance_metadata_options(InstanceId=INSTANCE, HttpTokens="required",
                                                   HttpPutResponseHopLimit=3)["InstanceMetadataOptions"]
    assert (options["HttpTokens"], options["HttpPutResponseHopLimit"]) == ("required", 3)
    assert imds.get(path).status == 401
    assert imds.get(path, imds.token()).status == 200
    ec2.modify_instance_metadata_options(InstanceId=INSTANCE, HttpEndpoint="disabled")
    assert imds.get(path).status == 403
    ec2.modify_instance_metadata_options(InstanceId=INSTANCE, HttpEndpoint="enabled", HttpTokens="optional",
                                         HttpPutResponseHopLimit=2)
    assert imds.get(path).status == 200
    assert refusal(ec2.modify_instance_metadata_options, InstanceId=INSTANCE, DryRun=True) == (412, "DryRunOperation")


def test_instances_run_are_described_and_terminate(shared: Daemon, ec2) -> None:
    made = ec2.run_instances(ImageId="ami-0123456789abcdef0", MinCount=2, MaxCount=2, InstanceType="m7g.large",
                             IamInstanceProfile={"Name": "other-role"}, MetadataOptions={"InstanceMetadataTags": "enabled"},
                             TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "worker"}]}])
    ids = [each["InstanceId"] for each in made["Instances"]]
    ec2.get_waiter("instance_running").wait(InstanceIds=ids)
    ec2.get_waiter("instance_status_ok").wait(InstanceIds=ids)
    zones = {each["ZoneName"] for each in ec2.describe_availability_zones()["AvailabilityZones"]}
    assert zones == {f"{REGION}a"}
    ec2.stop_instances(InstanceIds=ids[:1])
    ec2.get_waiter("instance_stopped").wait(InstanceIds=ids[:1])
    assert seen_role(shared, "127.0.3.1", X_Imdsd_Instance=ids[0]) == "403"
    ec2.start_instances(InstanceIds=ids[:1])
    ec2.get_waiter("instance_running").wait(InstanceIds=ids)
    assert seen_role(shared, "127.0.3.1", X_Imdsd_Instance=ids[0]) == "other-role"
    pages = ec2.get_paginator("describe_instances").paginate(Filters=[{"Name": "tag:Name", "Values": ["work*"]}],
                                                             PaginationConfig={"PageSize": 5})
    found = [each for page in pages for entry in page["Reservations"] for each in entry["Instances"]]
    assert sorted(each["InstanceId"] for each in found) == sorted(ids)
    assert len({each["PrivateIpAddress"] for each in found}) == 2
    for each in found:
        assert each["IamInstanceProfile"]["Arn"].endswith("/other-role")
        assert each["Architecture"] == "arm64"
        assert seen_role(shared, "127.0.3.1", X_Imdsd_Instance=each["InstanceId"]) == "other-role"
    name = shared.imds_client("127.0.3.1").request("GET", "/latest/meta-data/tags/instance/Name",
                                                   {"X-Imdsd-Instance": ids[0]})
    assert name.text == "worker"
    assert {each["name"] for each in shared.status()["instances"]} >= set(ids)
    shared.restart()
    ec2 = admin_client(shared, "ec2")
    assert seen_role(shared, "127.0.3.1", X_Imdsd_Instance=ids[1]) == "other-role"
    gone = ec2.terminate_instances(InstanceIds=ids)["TerminatingInstances"]
    assert {each["CurrentState"]["Name"] for each in gone} == {"shutting-down"}
    ec2.get_waiter("instance_terminated").wait(InstanceIds=ids)
    assert seen_role(shared, "127.0.3.1", X_Imdsd_Instance=ids[0]) == "403"
    assert refusal(ec2.terminate_instances, InstanceIds=[INSTANCE]) == (400, "OperationNotPermitted")


def test_the_aws_cli_reads_every_answer(shared: Daemon) -> None:
    key, secret = admin_keys(shared)
    shared.note_secret(secret)
    env = clean_environment() | {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_DEFAULT_REGION": REGION,
                                 "AWS_ENDPOINT_URL": f"http://{shared.aws}", "AWS_PAGER": ""}

    def aws(*args: str) -> Any:
        done = subprocess.run([Path(sys.executable).parent / "aws", "ec2", *args, "--output", "json"], env=env,
                              capture_output=True, text=True, timeout=60, check=True)
        return json.loads(done.stdout) if done.stdout else None

    aws("create-tags", "--resources", INSTANCE, "--tags", "Key=Name,Value=web one")
    (tag,) = aws("describe-tags", "--filters", f"Name=resource-id,Values={INSTANCE}", "Name=key,Values=Name")["Tags"]
    assert tag == {"Key": "Name", "ResourceId": INSTANCE, "ResourceType": "instance", "Value": "web one"}
    (reservation,) = aws("describe-instances", "--instance-ids", INSTANCE)["Reservations"]
    (instance,) = reservation["Instances"]
    assert instance["Tags"] == [{"Key": "Name", "Value": "web one"}]
    assert instance["State"] == {"Code": 16, "Name": "running"}
    assert instance["MetadataOptions"]["State"] == "applied"
    aws("delete-tags", "--resources", INSTANCE)
    assert aws("describe-tags", "--filters", f"Name=resource-id,Values={INSTANCE}")["Tags"] == []
