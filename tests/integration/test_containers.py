# SPDX-License-Identifier: MIT
"""The doors for containers, as a task of ECS and a pod of EKS find them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import boto3
import pytest

from support import containers
from support.containers import POD_ROLE, TASK_ROLE, TOKEN, doors, get, report
from support.daemon import ACCOUNT, REGION, ROLE, Daemon, StartFailed, bin_dir, role
from support.iam import admin_client
from support.waiting import wait_for


@pytest.fixture
def daemon(start_daemon: Callable[..., Daemon]) -> Daemon:
    return start_daemon(doors())


def task_url(daemon: Daemon) -> str:
    told = report(daemon)["ecs"]
    return told["endpoint"] + told["tasks"][0]["credentials_path"]


def pod_token(daemon: Daemon) -> str:
    token = Path(report(daemon)["eks"]["pod_identity_associations"][0]["authorization_token_file"]).read_text()
    daemon.note_secret(token)
    return token


def task_document(daemon: Daemon, **headers: str) -> dict[str, str]:
    status, body = get(task_url(daemon), **headers)
    assert status == 200, body
    document = json.loads(body)
    daemon.note_secret(document["SecretAccessKey"], document["Token"])
    return document


def pod_document(daemon: Daemon) -> dict[str, str]:
    status, body = get(report(daemon)["eks"]["endpoint"] + "/v1/credentials", Authorization=pod_token(daemon))
    assert status == 200, body
    document = json.loads(body)
    daemon.note_secret(document["SecretAccessKey"], document["Token"])
    return document


def identity(daemon: Daemon, document: dict[str, str]) -> str:
    sts = boto3.session.Session().client(
        "sts", endpoint_url=f"http://{daemon.aws}", region_name=REGION, aws_access_key_id=document["AccessKeyId"],
        aws_secret_access_key=document["SecretAccessKey"], aws_session_token=document["Token"])
    return sts.get_caller_identity()["Arn"]


def test_each_door_has_a_session_of_its_own_role(daemon: Daemon) -> None:
    task, pod, instance = task_document(daemon), pod_document(daemon), daemon.document()
    assert task["RoleArn"] == f"arn:aws:iam::{ACCOUNT}:role/{TASK_ROLE}"
    assert pod["AccountId"] == ACCOUNT
    assert len({task["AccessKeyId"], pod["AccessKeyId"], instance["AccessKeyId"]}) == 3
    assert identity(daemon, task) == containers.task_session(daemon)
    assert identity(daemon, pod).startswith(containers.pod_session_prefix())


def test_faults_strike_the_door_that_they_are_for(daemon: Daemon) -> None:
    pod = report(daemon)["eks"]["endpoint"] + "/v1/credentials"
    token = pod_token(daemon)
    daemon.ctl("fault", "add", "--path", "/v2/credentials/*", "--status", "503", "--count", "1")
    daemon.ctl("fault", "add", "--door", "eks", "--truncate", "50%", "--count", "1")
    assert get(task_url(daemon)) == (503, "Service Unavailable\n")
    status, body = get(pod, Authorization=token)
    assert status == 200 and body.startswith('{"AccessKeyId"') and not body.endswith("}")
    daemon.note_secret(json.loads(body[:body.index(",\"Token")] + "}")["SecretAccessKey"])
    assert task_document(daemon)["RoleArn"].endswith(TASK_ROLE)
    assert pod_document(daemon)["AccountId"] == ACCOUNT


def test_a_rotation_renews_all_of_them(daemon: Daemon) -> None:
    before = [task_document(daemon)["AccessKeyId"], pod_document(daemon)["AccessKeyId"]]
    daemon.rotate()
    after = [task_document(daemon)["AccessKeyId"], pod_document(daemon)["AccessKeyId"]]
    assert not set(before) & set(after)


def test_they_are_renewed_before_they_expire(start_daemon: Callable[..., Daemon]) -> None:
    daemon = start_daemon(doors() | {"credentials": {"lifetime": "5s"}})
    first = task_document(daemon)["AccessKeyId"], pod_document(daemon)["AccessKeyId"]
    wait_for("another set of the task", lambda: task_document(daemon)["AccessKeyId"] != first[0])
    wait_for("another set of the pod", lambda: pod_document(daemon)["AccessKeyId"] != first[1])
    identity(daemon, task_document(daemon))


def test_the_token_is_asked_for_and_changes_with_a_reload(daemon: Daemon) -> None:
    assert get(task_url(daemon))[0] == 200
    daemon.write_config(containers.with_token(daemon))
    daemon.reload()
    wait_for("the reload", lambda: get(task_url(daemon))[0] == 403)
    assert json.loads(get(task_url(daemon), Authorization=TOKEN + "x")[1])["code"] == "AccessDenied"
    task_document(daemon, Authorization=TOKEN)


def test_a_port_beyond_loopback_needs_a_token(start_daemon: Callable[..., Daemon]) -> None:
    with pytest.raises(StartFailed, match="needs ecs.authorization_token_file"):
        start_daemon(doors(ecs=["0.0.0.0:0"]))


def test_task_metadata_agrees_with_the_instance(daemon: Daemon) -> None:
    env = daemon.sdk_env("--ecs")
    imds = daemon.imds_client()

    def meta(path: str) -> str:
        return imds.get("/latest/meta-data/" + path).body.decode()

    status, body = get(env["ECS_CONTAINER_METADATA_URI_V4"] + "/task")
    task = json.loads(body)
    assert status == 200 and task["Family"] == "shop" and task["Cluster"] == containers.CLUSTER
    interface = f"network/interfaces/macs/{meta('mac')}/"
    assert task["AvailabilityZone"] == meta("placement/availability-zone")
    assert task["VPCID"] == meta(interface + "vpc-id")
    container = json.loads(get(env["ECS_CONTAINER_METADATA_URI_V4"])[1])
    assert task["Containers"] == [container] and container["Name"] == "web"
    network = container["Networks"][0]
    assert network["IPv4Addresses"] == [meta("local-ipv4")]
    assert network["IPv4SubnetCIDRBlock"] == meta(interface + "subnet-ipv4-cidr-block")
    assert json.loads(get(env["ECS_CONTAINER_METADATA_URI"])[1])["DockerId"] == container["DockerId"]
    stats = get(env["ECS_CONTAINER_METADATA_URI_V4"] + "/task/stats")
    assert stats[0] == 200 and json.loads(stats[1]) == {container["DockerId"]: {}}


def test_the_service_accounts_token_decides(daemon: Daemon) -> None:
    url = report(daemon)["eks"]["endpoint"] + "/v1/credentials"

    def token(*options: str) -> str:
        made = daemon.ctl("token", *options).stdout
        daemon.note_secret(made)
        return made

    right = ("--namespace", "shop", "--service-account", "cart", "--audience", "pods.eks.amazonaws.com")
    assert get(url, Authorization=token(*right))[0] == 200
    status, body = get(url, Authorization=token(*right[:4]))
    assert status == 400 and "(InvalidTokenException)" in body
    status, body = get(url, Authorization=token("--audience", "pods.eks.amazonaws.com"))
    assert status == 404 and "system:serviceaccount:default:default" in body
    assert get(url)[0] == 400
    assert get(url, Authorization=token(*right)[:-1])[0] == 400


def test_pods_have_the_session_tags_of_eks(start_daemon: Callable[..., Daemon]) -> None:
    config = doors()
    config["iam"]["role"][2]["policies"] = [{"name": "own", "document": json.dumps({
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:GetRole", "Resource": "*", "Condition": {
            "StringEquals": {"aws:PrincipalTag/kubernetes-namespace": "shop",
                             "aws:PrincipalTag/kubernetes-service-account": "cart",
                             "aws:PrincipalTag/eks-cluster-name": containers.CLUSTER}}}]})}]
    daemon = start_daemon(config)
    document = pod_document(daemon)
    iam = boto3.session.Session().client(
        "iam", endpoint_url=f"http://{daemon.aws}", region_name=REGION, aws_access_key_id=document["AccessKeyId"],
        aws_secret_access_key=document["SecretAccessKey"], aws_session_token=document["Token"])
    assert iam.get_role(RoleName=POD_ROLE)["Role"]["RoleName"] == POD_ROLE


def test_the_token_file_is_the_daemons_own(daemon: Daemon) -> None:
    path = Path(report(daemon)["eks"]["pod_identity_associations"][0]["authorization_token_file"])
    assert path.stat().st_mode & 0o777 == 0o600
    assert re.fullmatch(r"[\w.-]+", pod_token(daemon)), "no newline: SDKs send it as it is"


def test_a_role_that_is_made_again_gives_new_credentials(daemon: Daemon) -> None:
    """Sessions of the old one are dead, though it had the same name."""
    iam = admin_client(daemon)
    iam.create_role(RoleName="late", AssumeRolePolicyDocument=containers.trust("ecs-tasks.amazonaws.com", "sts:AssumeRole"))
    daemon.write_config({"ecs": {"task": [{"family": "shop", "role": "late"}]}})
    daemon.reload()
    wait_for("the task's role", lambda: report(daemon)["ecs"]["tasks"][0]["role"] == "late")
    first = task_document(daemon)
    iam.delete_role(RoleName="late")
    iam.create_role(RoleName="late", AssumeRolePolicyDocument=containers.trust("ecs-tasks.amazonaws.com", "sts:AssumeRole"))
    second = task_document(daemon)
    assert second["AccessKeyId"] != first["AccessKeyId"]
    identity(daemon, second)


def test_credential_process_serves_an_unmodified_profile(daemon: Daemon, tmp_path: Path) -> None:
    config = tmp_path / "config"
    command = f"{bin_dir() / 'imdsctl'} --socket {daemon.socket_path} credential-process"
    config.write_text(f"[profile imdsd]\nregion = {REGION}\ncredential_process = {command}\n")
    env = daemon.sdk_env() | {"AWS_CONFIG_FILE": str(config), "AWS_PROFILE": "imdsd", "AWS_EC2_METADATA_DISABLED": "true"}
    script = "import boto3; print(boto3.Session().get_credentials().method, boto3.client('sts').get_caller_identity()['Arn'])"
    out = subprocess.run([sys.executable, "-c", script], env=env, check=True, capture_output=True, text=True, timeout=60).stdout
    method, arn = out.split()
    assert method == "custom-process" and f":assumed-role/{ROLE}/" in arn
    document = json.loads(daemon.ctl("credential-process").stdout)
    daemon.note_secret(document["SecretAccessKey"], document["SessionToken"])
    assert document["Version"] == 1 and document["AccessKeyId"] == daemon.document()["AccessKeyId"]


def test_credential_process_assumes_a_role_as_the_instance_may(start_daemon: Callable[..., Daemon]) -> None:
    may = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": f"arn:aws:iam::{ACCOUNT}:role/open"}]})
    trusting = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}]})
    daemon = start_daemon({"iam": {"role": [
        role(policies=[{"name": "open", "document": may}]), {"name": "open", "trust_policy": trusting},
        {"name": "closed", "trust_policy": trusting}]}})
    document = json.loads(daemon.ctl("credential-process", "--role", "open").stdout)
    daemon.note_secret(document["SecretAccessKey"], document["SessionToken"])
    arn = identity(daemon, document | {"Token": document["SessionToken"]})
    assert arn.startswith(f"arn:aws:sts::{ACCOUNT}:assumed-role/open/i-")
    refused = daemon.ctl("credential-process", "--role", "closed", check=False)
    assert refused.returncode == 1 and "not authorized to perform: sts:AssumeRole" in refused.stderr
    assert not refused.stdout


@pytest.mark.parametrize("door", ["--ecs", "--eks"])
def test_env_fails_where_the_door_is_closed(shared_daemon: Daemon, door: str) -> None:
    answer = shared_daemon.ctl("env", door, check=False)
    assert answer.returncode == 1 and answer.stdout == "false\n"
    assert f"{door[2:]}.listen" in answer.stderr


def test_exec_takes_a_door_too(daemon: Daemon) -> None:
    out = daemon.ctl("exec", "--eks", "--", "env").stdout.splitlines()
    names = {line.partition("=")[0] for line in out}
    assert {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"} <= names
    assert "AWS_EC2_METADATA_DISABLED=true" in out and "AWS_EC2_METADATA_SERVICE_ENDPOINT" not in names
