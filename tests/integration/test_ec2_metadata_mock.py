# SPDX-License-Identifier: MIT
"""The program ec2-metadata-mock: amazon-ec2-metadata-mock's settings, and, where Go is there, its answers beside ours."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from support.daemon import bin_dir, clean_environment
from support.imds import Answer, ImdsClient
from support.waiting import wait_for

REFERENCE = "github.com/aws/amazon-ec2-metadata-mock/cmd/ec2-metadata-mock@v1.13.0"
SPOT = "/latest/meta-data/spot/instance-action"
REBALANCE = "/latest/meta-data/events/recommendations/rebalance"
SCHEDULED = "/latest/meta-data/events/maintenance/scheduled"
HISTORY = "/latest/meta-data/events/maintenance/history"
LIFECYCLE = "/latest/meta-data/autoscaling/target-lifecycle-state"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Mock:
    def __init__(self, program: Path, home: Path, *arguments: str, env: dict[str, str] | None = None) -> None:
        self.port = free_port()
        self.home = home
        self.log_path = home / f"log-{self.port}"
        variables = {name: value for name, value in clean_environment().items() if not name.startswith("AEMM_")}
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(
                [program, "-n", "127.0.0.1", "-p", str(self.port), *arguments], stdout=log, stderr=log,
                env={**variables, "HOME": str(home), "TMPDIR": str(home), **(env or {})})
        self.client = ImdsClient(f"127.0.0.1:{self.port}")
        wait_for(f"{program} to answer", self._answers)

    def _answers(self) -> bool:
        assert self.process.poll() is None, self.log
        with contextlib.suppress(ConnectionError):
            return self.client.request("GET", "/").status in (200, 401)
        return False

    @property
    def log(self) -> str:
        return self.log_path.read_text(errors="replace")

    def get(self, path: str, token: str | None = None) -> Answer:
        return self.client.get(path, token)

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@pytest.fixture
def start_mock(tmp_path) -> Iterator:
    running: list[Mock] = []

    def start(*arguments: str, env: dict[str, str] | None = None, program: Path | None = None) -> Mock:
        running.append(Mock(program or bin_dir() / "ec2-metadata-mock", tmp_path, *arguments, env=env))
        return running[-1]

    yield start
    for mock in running:
        mock.stop()


def settings(tmp_path: Path, **content) -> str:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps(content))
    return str(path)


def test_the_defaults_of_the_reference(start_mock) -> None:
    mock = start_mock()
    for path, value in (("instance-id", "i-1234567890abcdef0"), ("ami-id", "ami-0a887e401f7654935"),
                        ("mac", "0e:49:61:0f:c3:11"), ("placement/availability-zone", "us-east-1a"),
                        ("public-ipv4", "192.0.2.54"), ("local-hostname", "ip-172-16-34-43.ec2.internal"),
                        ("network/interfaces/macs/0e:49:61:0f:c3:11/subnet-id", "subnet-0ac62554"),
                        ("network/interfaces/macs/0e:49:61:0f:c3:11/network-card-index", "0"),
                        ("block-device-mapping/swap", "sdcs"), ("tags/instance/Name", "test-instance"),
                        ("iam/security-credentials/", "baskinc-role")):
        answer = mock.get(f"/latest/meta-data/{path}")
        assert (answer.status, answer.text) == (200, value), path
    assert mock.get("/latest/user-data").text == "1234,john,reboot,true\n"
    document = json.loads(mock.get("/latest/dynamic/instance-identity/document").text)
    assert (document["instanceId"], document["accountId"]) == ("i-1234567890abcdef0", "515336597381")


def test_credentials_live(start_mock) -> None:
    document = json.loads(start_mock().get("/latest/meta-data/iam/security-credentials/baskinc-role").text)
    assert document["Code"] == "Success"
    assert datetime.fromisoformat(document["Expiration"]) > datetime.now(timezone.utc)


def test_tokens_are_checked(start_mock) -> None:
    mock = start_mock()
    assert mock.get("/latest/meta-data/mac", "forged").status == 401
    assert mock.get("/latest/meta-data/mac", mock.client.token()).status == 200
    assert mock.get("/latest/meta-data/mac").status == 200
    strict = start_mock("--imdsv2")
    assert strict.get("/latest/meta-data/mac").status == 401
    assert strict.get("/latest/meta-data/mac", strict.client.token()).status == 200


def test_without_a_subcommand_all_events_show(start_mock) -> None:
    mock = start_mock()
    spot = json.loads(mock.get(SPOT).text)
    assert spot["action"] == "terminate"
    time = datetime.fromisoformat(spot["time"])
    assert timedelta(0) < time - datetime.now(timezone.utc) <= timedelta(minutes=2)
    assert json.loads(mock.get(SPOT).text) == spot  # it was fixed when it showed
    assert "noticeTime" in json.loads(mock.get(REBALANCE).text)
    [event] = json.loads(mock.get(SCHEDULED).text)
    assert (event["Code"], event["State"], event["EventId"]) == (
        "system-reboot", "active", "instance-event-1234567890abcdef0")
    assert mock.get(LIFECYCLE).text == "Terminated"


def test_a_subcommand_shows_its_events_alone(start_mock) -> None:
    spot = start_mock("spot", "--action", "stop")
    assert json.loads(spot.get(SPOT).text)["action"] == "stop"
    assert spot.get(REBALANCE).status == 200
    assert spot.get(SCHEDULED).text == "[]"
    assert spot.get(LIFECYCLE).status == 404
    events = start_mock("events", "-o", "instance-stop", "-t", "completed")
    assert events.get(SPOT).status == 404
    assert json.loads(events.get(SCHEDULED).text) == []
    [event] = json.loads(events.get(HISTORY).text)
    assert (event["Code"], event["State"]) == ("instance-stop", "completed")
    asg = start_mock("asg", "--asg-termination-delay-sec", "3600")
    assert asg.get(LIFECYCLE).text == "InService"


def test_delays_and_times(start_mock) -> None:
    mock = start_mock("spot", "--mock-delay-sec", "2", "--rebalance-trigger-time", "2090-01-01T00:00:00Z")
    assert mock.get(SPOT).status == 404
    wait_for("the notice", lambda: mock.get(SPOT).status == 200)
    assert mock.get(REBALANCE).status == 404
    fixed = start_mock("spot", "--mock-trigger-time", "2020-01-01T00:00:00Z", "-t", "2020-01-07T02:03:47+01:00")
    assert json.loads(fixed.get(SPOT).text) == {"action": "terminate", "time": "2020-01-07T01:03:47Z"}


def test_events_are_for_so_many_addresses(start_mock) -> None:
    assert start_mock("-x", "0").get(SPOT).status == 404
    assert start_mock("-x", "1").get(SPOT).status == 200
    assert start_mock("-x", "-1").get(SPOT).status == 200


def test_file_variables_and_flags(start_mock, tmp_path) -> None:
    path = settings(tmp_path, imdsv2=True, spot={"action": "hibernate"},
                    metadata={"values": {"mac": "0e:49:61:0f:c3:77", "public-ipv4": "54.92.157.77"},
                              "paths": {"ami-id": "/latest/meta-data/my/ami"}},
                    userdata={"values": {"userdata": "aGVsbG8="}})
    mock = start_mock("-c", path, "--imdsv2=false",
                      env={"AEMM_SPOT_ACTION": "stop", "AEMM_METADATA_VALUES_INSTANCE_TYPE": "m5.large"})
    assert json.loads(mock.get(SPOT).text)["action"] == "stop"
    assert mock.get("/latest/meta-data/instance-type").text == "m5.large"
    assert mock.get("/latest/meta-data/mac").text == "0e:49:61:0f:c3:77"
    macs = "/latest/meta-data/network/interfaces/macs/0e:49:61:0f:c3:77"
    assert mock.get(f"{macs}/ipv4-associations/54.92.157.77").text == "172.16.34.43"
    assert mock.get("/latest/meta-data/my/ami").text == "ami-0a887e401f7654935"
    assert mock.get("/latest/user-data").text == "hello"


def test_a_value_that_cannot_be_is_shown_with_a_warning(start_mock, tmp_path) -> None:
    mock = start_mock("-c", settings(tmp_path, metadata={"values": {"instance-id": "my-instance", "mcc": "x"}}))
    assert mock.get("/latest/meta-data/instance-id").text == "my-instance"
    assert "warning: metadata.values.instance-id: " in mock.log
    assert "did you mean `metadata.values.mac`" in mock.log


def test_a_watched_file_is_taken_up(start_mock, tmp_path) -> None:
    mock = start_mock("-w", "-c", settings(tmp_path, metadata={"values": {"instance-type": "m5.large"}}))
    assert mock.get("/latest/meta-data/instance-type").text == "m5.large"
    settings(tmp_path, metadata={"values": {"instance-type": "c6i.xlarge"}})
    wait_for("the change", lambda: mock.get("/latest/meta-data/instance-type").text == "c6i.xlarge")


def test_saved_settings_and_a_clean_end(start_mock, tmp_path) -> None:
    mock = start_mock("-s", "spot", "-a", "stop")
    saved = json.loads((tmp_path / ".ec2-metadata-mock" / ".aemm-config-used.json").read_text())
    assert saved["spot"]["action"] == "stop" and saved["server"]["port"] == str(mock.port)
    assert mock.stop() == 0
    assert not list(tmp_path.glob("ec2-metadata-mock-*"))


def test_two_run_beside_each_other(start_mock) -> None:
    for mock in (start_mock(), start_mock()):
        assert mock.get("/latest/meta-data/mac").status == 200


@pytest.mark.parametrize("arguments, code, message", [
    (["--prot", "1"], 2, "unknown flag `--prot`"),
    (["spot", "-a", "FOO"], 1, "must be one of terminate,hibernate,stop (got `FOO`)"),
    (["-c", "/no/such/file"], 1, "/no/such/file"),
    (["-n", "no-address"], 1, "imds.listen"),
])
def test_what_makes_no_sense_is_said(arguments, code, message, tmp_path) -> None:
    result = subprocess.run([bin_dir() / "ec2-metadata-mock", *arguments], capture_output=True, text=True, timeout=20,
                            env={**clean_environment(), "HOME": str(tmp_path), "TMPDIR": str(tmp_path)})
    assert result.returncode == code and message in result.stderr, result.stderr
    assert not list(tmp_path.iterdir())


# Beside the reference


@pytest.fixture(scope="module")
def reference() -> Path:
    """Built once, in a folder beside the build's; skipped where that does not work."""
    if shutil.which("go") is None:
        pytest.skip("there is no Go")
    folder = bin_dir().parent / "ec2-metadata-mock-reference"
    program = folder / "ec2-metadata-mock"
    if not program.exists():
        built = subprocess.run(["go", "install", REFERENCE], capture_output=True, text=True, timeout=540,
                               env={**os.environ, "GOBIN": str(folder), "GOFLAGS": "-mod=mod"})
        if built.returncode != 0:
            pytest.skip(f"the reference cannot be built: {built.stderr[-300:]}")
    return program


# Below meta-data/: docs/ec2-metadata-mock.md has the reasons.
DIFFERENT = {"iam/info", "iam/security-credentials/baskinc-role", "public-keys/0/openssh-key", "spot/instance-action",
             "spot/termination-time", "events/recommendations/rebalance", "events/maintenance/scheduled"}
DIFFERENT_OF_INTERFACES = {"subnet-ipv4-cidr-block", "subnet-ipv6-cidr-blocks", "vpc-ipv4-cidr-block",
                           "vpc-ipv4-cidr-blocks", "vpc-ipv6-cidr-blocks", "ipv4-associations/192.0.2.54"}


def test_the_same_answers_as_the_reference(start_mock, reference, tmp_path) -> None:
    theirs = start_mock("-s", program=reference)
    paths = json.loads((tmp_path / ".ec2-metadata-mock" / ".aemm-config-used.json").read_text())["metadata"]["paths"]
    ours = start_mock()
    compared, unlike = 0, {}
    for path in sorted(paths.values()):
        name = path.removeprefix("/latest/meta-data/")
        their, our = theirs.get(path), ours.get(path)
        assert their.status == 200, path
        if name in DIFFERENT or name.partition(":c3:11/")[2] in DIFFERENT_OF_INTERFACES:
            continue
        compared += 1
        if (our.status, our.text) != (their.status, their.text):
            unlike[name] = (our.status, our.text, their.text)
    assert not unlike
    assert compared >= 45
    for path in DIFFERENT - {"public-keys/0/openssh-key"}:
        assert ours.get(f"/latest/meta-data/{path}").status == 200, path
    assert theirs.get("/latest/meta-data/no-such").status == ours.get("/latest/meta-data/no-such").status == 404
    for path in ("/latest/user-data", "/latest/dynamic/fws/instance-monitoring"):
        assert ours.get(path).text == theirs.get(path).text, path
    their_keys = set(json.loads(theirs.get(SPOT).text))
    assert their_keys == set(json.loads(ours.get(SPOT).text))
    assert set(json.loads(theirs.get(SCHEDULED).text)[0]) == set(json.loads(ours.get(SCHEDULED).text)[0])


def test_what_the_reference_does_wrong(start_mock, reference) -> None:
    theirs, ours = start_mock(program=reference), start_mock()
    assert theirs.get("/latest/meta-data/mac", "forged").status == 200
    assert ours.get("/latest/meta-data/mac", "forged").status == 401
    document = json.loads(theirs.get("/latest/meta-data/iam/security-credentials/baskinc-role").text)
    assert datetime.fromisoformat(document["Expiration"]) < datetime.now(timezone.utc)
