# SPDX-License-Identifier: MIT
"""The whole metadata tree, crawled as cloud-init and Ansible do it.

The golden files are in tests/golden/imds/NAME/, by path. IMDSD_RENEW_GOLDEN=1 writes them anew; the diff says what
changed for users.
"""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from support.daemon import REPO, ROLE, Daemon, role
from support.imds import Answer
from support.metadata_tree import crawl, read_golden, without, write_golden
from support.waiting import wait_for

GOLDEN = REPO / "tests" / "golden" / "imds"
SIGNATURES = ("dsa2048", "pkcs7", "rsa2048", "signature")

DEFAULT: dict[str, Any] = {
    "instance": [{"id": "i-0a1b2c3d4e5f60718", "launch_time": "2026-01-01T00:00:00Z"}],
    "aws": {"region": "us-east-1"},
    "iam": {"role": []},
}

FULL: dict[str, Any] = {
    "imds": {"instance_metadata_tags": "enabled"},
    "aws": {"region": "eu-west-1"},
    "instance": [{
        "id": "i-0a1b2c3d4e5f60718",
        "type": "m7g.large",
        "availability_zone": "eu-west-1b",
        "launch_time": "2026-01-01T00:00:00Z",
        "profile": "app-role",
        "ancestor_ami_ids": ["ami-0123456789abcdef1", "ami-0123456789abcdef2"],
        "kernel_id": "aki-0123456789abcdef0",
        "ramdisk_id": "ari-0123456789abcdef0",
        "product_codes": ["1abc2defghijklm3nopqrs4tu"],
        "billing_products": ["bp-6fa54006"],
        "security_groups": ["web", "db clients"],
        "group_name": "cluster",
        "host_id": "h-0123456789abcdef0",
        "partition_number": 2,
        "life_cycle": "spot",
        "monitoring": "enabled",
        "hibernation_configured": False,
        "target_lifecycle_state": "InService",
        "user_data": "#!/bin/sh\necho hello\n",
        "tags": [{"key": "Name", "value": "a web server"}, {"key": "empty", "value": ""},
                 {"key": "aws:autoscaling:groupName", "value": "web"}],
        "public_key": [{"name": "my-key", "openssh_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 my-key"},
                       {"name": "other", "openssh_key": "ssh-rsa AAAAB3NzaC1yc2E other"}],
        "block_device": [{"name": "ebs1", "device": "sdb"}, {"name": "ephemeral0", "device": "sdc"}],
        "network_interface": [
            {"local_ipv4s": ["10.1.2.3", "10.1.2.4"], "public_ipv4s": ["203.0.113.10", "203.0.113.11"],
             "ipv6s": ["2001:db8:0:1::5"], "ipv4_prefixes": ["10.1.3.0/28"], "ipv6_prefixes": ["2001:db8:0:1:1::/80"]},
            {"network_card": 1},
            {"local_ipv4s": [], "ipv6s": ["2001:db8:0:2::5"]},
        ],
        "metadata": [{"path": "spot/termination-time", "value": "2026-01-01T00:02:00Z"},
                     {"path": "spot/instance-action", "value": '{"action": "terminate", "time": "2026-01-01T00:02:00Z"}'}],
    }],
    "iam": {"role": [role()]},
}

def of_partition(region: str) -> dict[str, Any]:
    """With what differs by the partition: a public name, and ARNs of a role."""
    return {
        "aws": {"region": region},
        "instance": [{"id": "i-0a1b2c3d4e5f60718", "launch_time": "2026-01-01T00:00:00Z", "profile": "app-role",
                      "public_ipv4": "203.0.113.10"}],
        "iam": {"role": [role()]},
    }


def crawl_of(daemon: Daemon, root: str = "/latest") -> dict[str, Answer]:
    found = crawl(daemon.imds_client(), root)
    for path, answer in found.items():
        if path.endswith((f"/security-credentials/{ROLE}", "/security-credentials/ec2-instance")):
            document = json.loads(answer.text)
            daemon.note_secret(document["SecretAccessKey"], document["Token"])
    return found


def changes(path: str) -> bool:
    """What is another in each run: credentials, their time, and signatures by keys of this run's own."""
    changing = ("/iam/info", "/security-credentials/app-role", "/security-credentials/ec2-instance")
    return path.endswith(changing) or path.rsplit("/", 1)[-1] in SIGNATURES


@pytest.mark.parametrize("name, config", [
    ("default", DEFAULT), ("full", FULL),
    ("aws-cn", of_partition("cn-north-1")), ("aws-us-gov", of_partition("us-gov-west-1")),
])
def test_the_whole_tree_is_that_of_the_golden_files(start_daemon, name: str, config: dict[str, Any]) -> None:
    found = crawl_of(start_daemon(config))
    assert {path: answer.status for path, answer in found.items() if answer.status != 200} == {}
    for signature in SIGNATURES:
        assert f"/latest/dynamic/instance-identity/{signature}" in found
    bodies = without(found, changes)
    if os.environ.get("IMDSD_RENEW_GOLDEN"):
        write_golden(GOLDEN / name, bodies)
    golden = read_golden(GOLDEN / name)
    assert sorted(bodies) == sorted(golden)
    for path, body in bodies.items():
        assert body == golden[path], path


def test_every_spelling_of_every_name_answers_the_same(start_daemon) -> None:
    daemon: Daemon = start_daemon(FULL)
    client = daemon.imds_client()
    for path, answer in crawl_of(daemon).items():
        stem = path.rstrip("/")
        for spelling in (stem, stem + "/", "/" + stem, stem.replace("/", "//"), stem.replace(":", "%3A")):
            again = client.get(spelling)
            assert again.status == 200, spelling
            if not path.endswith(("/app-role", "/ec2-instance")):  # v1 and v2 have credentials of their own
                assert again.body == answer.body, spelling
        assert answer.headers["server"] == "EC2ws"
        assert "location" not in answer.headers
        # A key line of authorized_keys is all that ends in a newline.
        assert path.endswith(("/openssh-key", "/user-data")) or not answer.body.endswith(b"\n"), path


def test_dated_versions_are_crawled_without_a_404(start_daemon) -> None:
    daemon: Daemon = start_daemon(FULL)
    before: set[str] = set()
    versions = daemon.imds_client().get("/").text.split("\n")
    for version in versions:
        found = crawl_of(daemon, f"/{version}")
        assert {path for path, answer in found.items() if answer.status != 200} == set()
        names = {path.split("/", 2)[2] for path in found}
        assert names >= before, version
        before = names
    assert versions[-1] == "latest"


@pytest.mark.parametrize("region, partition, domain, hostname_end", [
    ("us-east-1", "aws", "amazonaws.com", ".compute-1.amazonaws.com"),
    ("us-gov-west-1", "aws-us-gov", "amazonaws.com", ".us-gov-west-1.compute.amazonaws.com"),
    ("cn-north-1", "aws-cn", "amazonaws.com.cn", ".cn-north-1.compute.amazonaws.com.cn"),
])
def test_the_partition_is_that_of_the_region(start_daemon, region: str, partition: str, domain: str,
                                             hostname_end: str) -> None:
    client = start_daemon({
        "aws": {"region": region},
        "instance": [{"public_ipv4": "203.0.113.10", "profile": "app-role"}],
    }).imds_client()
    assert client.get("/latest/meta-data/services/partition").text == partition
    assert client.get("/latest/meta-data/services/domain").text == domain
    assert client.get("/latest/meta-data/public-hostname").text.endswith(hostname_end)
    assert f'"arn:{partition}:iam::' in client.get("/latest/meta-data/iam/info").text
    assert f'"region" : "{region}"' in client.get("/latest/dynamic/instance-identity/document").text


def test_values_follow_a_reload(start_daemon) -> None:
    daemon: Daemon = start_daemon()
    client = daemon.imds_client()
    assert client.get("/latest/meta-data/tags/").status == 404
    daemon.write_config({"imds": {"instance_metadata_tags": "enabled"},
                         "instance": [{"tags": [{"key": "Name", "value": "web"}]}]})
    daemon.reload()
    wait_for("the tag", lambda: client.get("/latest/meta-data/tags/instance/Name").body == b"web")


def test_compressed_user_data_is_passed_untouched(start_daemon, tmp_path: Path) -> None:
    data = gzip.compress(b"#cloud-config\n" * 100) + b"\0\n"
    file = tmp_path / "user-data.gz"
    file.write_bytes(data)
    client = start_daemon({"instance": [{"user_data_file": str(file)}]}).imds_client()
    answer = client.request("GET", "/latest/user-data", {"Accept-Encoding": "gzip"})
    assert (answer.status, answer.body) == (200, data)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert "content-encoding" not in answer.headers
