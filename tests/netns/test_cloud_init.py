# SPDX-License-Identifier: MIT
"""cloud-init's real Ec2 data source, on one host, crawls the metadata service of imdsd on another, by IPv4 and by IPv6 alone."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import netns
from support.daemon import ACCOUNT, INSTANCE, REGION, ROLE, ZONE, REPO, Daemon

PYTHON = "/usr/bin/python3"  # cloud-init's dependencies are the system's
SCRIPT = Path(__file__).with_name("cloud_init_crawl.py")
# Unpacked there by `./dev test --all`: installed, it would run at the next boot of this machine.
PACKAGES = Path(os.environ.get("IMDSD_CLOUD_INIT") or REPO / "build/cloud-init/usr/lib/python3/dist-packages")

SERVER, CLIENT = "10.97.0.1", "10.97.0.2"
MAC = "02:00:00:00:00:05"
PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGk0 tester"
USER_DATA = "#cloud-config\nhostname: from-user-data\n"


@pytest.fixture(scope="module")
def client() -> Iterator[netns.Host]:
    environment = {"PYTHONPATH": str(PACKAGES), "PATH": "/usr/bin:/bin"}
    if subprocess.run([PYTHON, "-c", "import cloudinit.sources.DataSourceEc2"], env=environment,
                      capture_output=True).returncode:
        pytest.skip(f"no cloud-init in {PACKAGES} (./dev test --all puts it there), or its dependencies are missing")
    with netns.hosts(2) as (client, server):
        netns.join(client, f"{CLIENT}/24", server, f"{SERVER}/24")
        for address, gateway, length in (("169.254.169.254", SERVER, 32), ("fd00:ec2::254", "fd00:97::1", 128)):
            server.ip("addr", "add", f"{address}/{length}", "dev", "lo")
        interface = {host: next(link["ifname"] for link in json.loads(host.run("ip", "-j", "link").stdout)
                                if link["ifname"] != "lo") for host in (client, server)}
        for host, address in ((client, "fd00:97::2/64"), (server, "fd00:97::1/64")):
            host.ip("addr", "add", address, "dev", interface[host], "nodad")
        client.ip("route", "add", "169.254.169.254/32", "via", SERVER)
        client.ip("route", "add", "fd00:ec2::254/128", "via", "fd00:97::1")
        config = {
            "imds": {"listen": ["169.254.169.254:80", "[fd00:ec2::254]:80"], "hop_limit": 1, "http_tokens": "required",
                     "instance_metadata_tags": "enabled"},
            "instance": [{"id": INSTANCE, "availability_zone": ZONE, "profile": ROLE, "user_data": USER_DATA,
                          "local_ipv4": "172.31.4.5", "mac": MAC, "tags": [{"key": "Name", "value": "web"}],
                          "public_key": [{"name": "tester", "openssh_key": PUBLIC_KEY}]}],
        }
        with Daemon(config, prefix=server.exec_prefix) as daemon:
            client.daemon = daemon
            yield client


def crawl(client: netns.Host, tmp_path: Path, *urls: str) -> dict:
    settings = {"timeout": 5, "max_wait": 10} | ({"metadata_urls": list(urls)} if urls else {})
    done = client.run("env", f"PYTHONPATH={PACKAGES}", PYTHON, str(SCRIPT), json.dumps(settings), str(tmp_path), MAC,
                      check=False)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    client.daemon.note_secret(result["token"])
    assert result["found"] and result["warnings"] == [], result
    return result


def test_the_whole_crawl(client: netns.Host, tmp_path: Path) -> None:
    result = crawl(client, tmp_path)
    assert (result["cloud"], result["address"]) == ("aws", "http://169.254.169.254")
    assert result["version"] == "2021-03-23", "the newest that this data source knows, which has tags"
    assert (result["instance_id"], result["region"], result["zone"]) == (INSTANCE, REGION, ZONE)
    assert "ip-172-31-4-5" in result["hostname"]
    assert result["public_keys"] == [PUBLIC_KEY]
    assert result["user_data"] == USER_DATA
    assert result["metadata"]["tags"] == {"instance": {"Name": "web"}}
    assert "security-credentials" not in json.dumps(result["metadata"]), "cloud-init leaves credentials alone"
    assert result["identity"]["accountId"] == ACCOUNT and result["identity"]["privateIp"] == "172.31.4.5"
    (nic,) = result["network"]["ethernets"].values()
    assert nic["match"] == {"macaddress": MAC} and nic["dhcp4"] is True
    print(f"cloud-init's crawl took {result['seconds'] * 1000:.0f} ms")


def test_by_ipv6_alone(client: netns.Host, tmp_path: Path) -> None:
    result = crawl(client, tmp_path, "http://[fd00:ec2::254]")
    assert result["address"] == "http://[fd00:ec2::254]"
    assert result["instance_id"] == INSTANCE
