# SPDX-License-Identifier: MIT
"""Events and changed values of a running daemon, from imdsctl to what clients read."""

from __future__ import annotations

import json
import re
import signal
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from support.daemon import INSTANCE, REPO, ROLE, Daemon
from support.metadata_tree import crawl
from support.waiting import wait_for

META = "/latest/meta-data/"


def get(daemon: Daemon, path: str) -> tuple[int, str]:
    client = daemon.imds_client()
    answer = client.get(META + path, client.token())
    return answer.status, answer.text


def ctl(daemon: Daemon, *args: str) -> dict[str, Any]:
    return json.loads(daemon.ctl(*args, "--json").stdout)


def in_iso(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)


def near(text: str, expected: timedelta) -> bool:
    return abs(in_iso(text) - datetime.now(timezone.utc) - expected) < timedelta(seconds=20)


@pytest.mark.parametrize("action, notice", [("terminate", timedelta(minutes=2)), ("stop", timedelta(minutes=2)),
                                            ("hibernate", timedelta(0))])
def test_spot_interruption_is_there_when_the_command_returns(daemon: Daemon, action: str, notice: timedelta) -> None:
    assert get(daemon, "spot/instance-action")[0] == 404
    assert get(daemon, "spot/termination-time")[0] == 404
    answer = ctl(daemon, "event", "spot", "--action", action)
    assert answer["instance"] == INSTANCE
    status, text = get(daemon, "spot/instance-action")
    assert status == 200
    assert re.fullmatch(r'\{"action": "\w+", "time": "\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"\}', text)
    assert json.loads(text) == answer["events"]["spot"]
    assert json.loads(text)["action"] == action
    assert near(json.loads(text)["time"], notice)
    expected = (200, json.loads(text)["time"]) if action == "terminate" else (404,)
    assert get(daemon, "spot/termination-time")[:len(expected)] == expected
    daemon.ctl("event", "clear", "spot")
    assert get(daemon, "spot/")[0] == 404


def test_maintenance_is_scheduled_and_becomes_history(daemon: Daemon) -> None:
    assert get(daemon, "events/maintenance/scheduled") == (200, "[]")
    event = ctl(daemon, "event", "maintenance", "--code", "system-reboot", "--state", "active", "--in", "1h",
                "--for", "17m")["events"]["maintenance"][0]
    [shown] = json.loads(get(daemon, "events/maintenance/scheduled")[1])
    assert list(shown) == ["NotBefore", "Code", "Description", "EventId", "NotAfter", "State"]
    assert (shown["Code"], shown["State"], shown["EventId"]) == ("system-reboot", "active", event["id"])
    # aws-node-termination-handler parses it by this layout.
    before = datetime.strptime(shown["NotBefore"], "%d %b %Y %H:%M:%S GMT").replace(tzinfo=timezone.utc)
    assert before == in_iso(event["not_before"]) and near(event["not_before"], timedelta(hours=1))
    assert in_iso(event["not_after"]) - before == timedelta(minutes=17)
    daemon.ctl("event", "maintenance", "--code", "system-reboot", "--state", "completed")
    assert get(daemon, "events/maintenance/scheduled") == (200, "[]")
    [past] = json.loads(get(daemon, "events/maintenance/history")[1])
    assert (past["EventId"], past["State"]) == (event["id"], "completed")
    assert past["Description"] == "[Completed] scheduled reboot"


def test_rebalance_auto_scaling_and_instance_action(daemon: Daemon) -> None:
    notice = ctl(daemon, "event", "rebalance")["events"]["rebalance"]["notice_time"]
    assert get(daemon, "events/recommendations/rebalance") == (200, f'{{"noticeTime": "{notice}"}}')
    daemon.ctl("event", "asg", "--state", "Terminated")
    assert get(daemon, "autoscaling/target-lifecycle-state") == (200, "Terminated")
    daemon.ctl("event", "instance-action", "--action", "shutdown")
    assert get(daemon, "instance-action") == (200, "shutdown")
    text = daemon.ctl("event", "list").stdout
    assert "Terminated" in text and "shutdown" in text and notice in text
    daemon.ctl("event", "clear")
    assert get(daemon, "instance-action") == (200, "none")
    assert daemon.ctl("event", "list").stdout == f"{INSTANCE}: no events, nothing set\n"


def test_every_listed_name_answers_with_all_events_at_once(daemon: Daemon) -> None:
    daemon.ctl("event", "spot", "--action", "terminate")
    daemon.ctl("event", "rebalance")
    daemon.ctl("event", "maintenance", "--code", "instance-stop")
    daemon.ctl("event", "asg", "--state", "Standby")
    for version in ("latest", "2016-09-02", "2021-01-03"):
        found = crawl(daemon.imds_client(), f"/{version}")
        for path, answer in found.items():
            if "/security-credentials/" in path and answer.text.startswith("{"):
                document = json.loads(answer.text)
                daemon.note_secret(document["SecretAccessKey"], document["Token"])
        assert {path: answer.status for path, answer in found.items() if answer.status != 200} == {}
        names = {path.removeprefix(f"/{version}/meta-data/") for path in found}
        assert ("spot/termination-time" in names) is True
        assert ("spot/instance-action" in names) is (version != "2016-09-02")
        assert ("autoscaling/target-lifecycle-state" in names) is (version == "latest")


def test_values_change_with_what_follows_from_them(daemon: Daemon) -> None:
    daemon.ctl("set", "placement/availability-zone", "eu-west-1c")
    assert get(daemon, "placement/availability-zone") == (200, "eu-west-1c")
    assert get(daemon, "placement/availability-zone-id") == (200, "euw1-az3")
    document = daemon.imds_client().get("/latest/dynamic/instance-identity/document").text
    assert json.loads(document)["availabilityZone"] == "eu-west-1c"
    daemon.ctl("set", "/latest/meta-data/public-ipv4", "203.0.113.7")
    assert get(daemon, "public-hostname")[1].startswith("ec2-203-0-113-7.")
    daemon.ctl("set", "local-ipv4", "--absent")
    assert get(daemon, "local-ipv4")[0] == 404
    daemon.ctl("unset", "placement/availability-zone")
    assert get(daemon, "placement/availability-zone") == (200, "eu-west-1b")
    daemon.ctl("unset")
    assert get(daemon, "public-ipv4")[0] == 404 and get(daemon, "local-ipv4")[0] == 200


@pytest.mark.parametrize("arguments, message", [
    (["set", "placement/availability-zone", "us-east-1a"], "must be a zone of aws.region `eu-west-1`"),
    (["set", "instance-id", "i-1"], "instance.*.id"),
    (["set", "iam/info", "x"], "follows from the instance profile"),
    (["unset", "nothing"], "`nothing` was not set"),
    (["event", "sport"], "must be one of spot, rebalance, maintenance"),
    (["event", "spot", "--action", "terminate", "--state", "active"], "state: is no field of `spot`"),
    (["event", "spot", "--action", "terminate", "--instance", "nobody"], "nobody"),
])
def test_mistakes_are_told_and_change_nothing(shared_daemon: Daemon, arguments: list[str], message: str) -> None:
    result = shared_daemon.ctl(*arguments, check=False)
    assert result.returncode == 1 and message in result.stderr
    assert ctl(shared_daemon, "event", "list")["changes"] == []


def test_kept_values_survive_kill_9_and_a_reload_keeps_events(daemon: Daemon) -> None:
    daemon.ctl("set", "instance-type", "m7g.large", "--keep")
    daemon.ctl("set", "instance-life-cycle", "spot")
    daemon.ctl("event", "asg", "--state", "Standby")
    daemon.write_config({"log": {"level": "info"}})
    daemon.reload()
    wait_for("the reload", lambda: "reloaded" in daemon.log)
    assert get(daemon, "autoscaling/target-lifecycle-state") == (200, "Standby")
    assert get(daemon, "instance-life-cycle") == (200, "spot")
    assert daemon.process is not None
    daemon.process.send_signal(signal.SIGKILL)
    daemon.process.wait(10)
    daemon.start()
    assert get(daemon, "instance-type") == (200, "m7g.large")
    assert get(daemon, "instance-life-cycle") == (200, "on-demand")
    assert get(daemon, "autoscaling/target-lifecycle-state")[0] == 404
    file = daemon.directory / "state" / "metadata-changes.json"
    assert file.stat().st_mode & 0o777 == 0o600
    daemon.stop()
    file.write_text("{ damaged")
    with pytest.raises(AssertionError, match="metadata-changes.json"):
        daemon.start()
    assert file.read_text() == "{ damaged"


def test_a_scenario_plays_over_time(daemon: Daemon, tmp_path: Path) -> None:
    file = tmp_path / "scenario.toml"
    file.write_text('[[event]]\nkind = "rebalance"\n'
                    '[[event]]\nat = "300ms"\nkind = "spot"\naction = "terminate"\n'
                    '[[event]]\nat = "600ms"\nkind = "set"\npath = "instance-life-cycle"\nvalue = "spot"\n'
                    '[[event]]\nat = "1h"\nkind = "clear"\n')
    playing = ctl(daemon, "event", "play", str(file))
    assert (playing["scenario"]["steps"], playing["scenario"]["taken"]) == (4, 1)
    assert get(daemon, "events/recommendations/rebalance")[0] == 200
    wait_for("the interruption", lambda: get(daemon, "spot/instance-action")[0] == 200)
    wait_for("the change", lambda: get(daemon, "instance-life-cycle") == (200, "spot"))
    assert ctl(daemon, "event", "list")["scenario"]["taken"] == 3
    assert ctl(daemon, "event", "clear", "scenario")["scenario"] is None
    assert get(daemon, "spot/instance-action")[0] == 200


def test_a_scenario_with_a_mistake_is_refused_as_a_whole(shared_daemon: Daemon, tmp_path: Path) -> None:
    file = tmp_path / "scenario.toml"
    file.write_text('[[event]]\nkind = "rebalance"\n[[event]]\nat = "soon"\nkind = "spot"\naction = "stop"\n'
                    '[[event]]\nkind = "asg"\nstate = "Gone"\n')
    result = shared_daemon.ctl("event", "play", str(file), check=False)
    assert result.returncode == 1
    assert f"{file}:4:6: at: `soon` is not a duration" in result.stderr
    assert f"{file}:9:9: state: must be " in result.stderr
    assert get(shared_daemon, "events/recommendations/rebalance")[0] == 404


def test_the_documented_scenario_plays(daemon: Daemon, tmp_path: Path) -> None:
    blocks = re.findall(r"```toml\n(.*?)```", (REPO / "docs" / "events.md").read_text(), re.DOTALL)
    assert blocks
    for block in blocks:
        file = tmp_path / "scenario.toml"
        file.write_text(block)
        assert ctl(daemon, "event", "play", str(file))["scenario"]["taken"] >= 1


def test_each_instance_has_events_and_values_of_its_own(start_daemon) -> None:
    daemon: Daemon = start_daemon({"imds": {"listen": ["127.0.0.1:0"]}, "instance": [
        {"name": "web", "profile": ROLE, "peers": ["127.0.1.0/24"]},
        {"name": "db", "profile": ROLE, "peers": ["127.0.2.0/24"]}]})
    web, db = daemon.imds_client("127.0.1.1"), daemon.imds_client("127.0.2.1")
    daemon.ctl("event", "spot", "--action", "stop", "--instance", "db")
    daemon.ctl("set", "instance-type", "m7g.large", "--keep", "--instance", "db")
    assert web.get(META + "spot/instance-action").status == 404
    assert db.get(META + "spot/instance-action").status == 200
    assert web.get(META + "instance-type").text == "t3.micro"
    assert ctl(daemon, "event", "list", "--instance", "web")["changes"] == []
    daemon.restart()
    assert daemon.imds_client("127.0.2.1").get(META + "instance-type").text == "m7g.large"
    assert daemon.imds_client("127.0.1.1").get(META + "instance-type").text == "t3.micro"
    result = daemon.ctl("event", "list", "--instance", "dv", check=False)
    assert result.returncode == 1 and "did you mean `db`?" in result.stderr


def test_events_of_the_configuration_have_happened_at_the_start(start_daemon) -> None:
    event = {"kind": "spot", "action": "terminate"}
    instance = {"id": INSTANCE, "profile": ROLE}
    daemon: Daemon = start_daemon({"instance": [{**instance, "event": [event]}]})
    assert json.loads(get(daemon, "spot/instance-action")[1])["action"] == "terminate"
    daemon.ctl("event", "clear")
    daemon.reload()
    wait_for("the reload", lambda: daemon.log.count("reloaded") == 1)
    assert get(daemon, "spot/instance-action")[0] == 404
    daemon.write_config({"instance": [{**instance, "event": [{**event, "action": "stop"}]}]})
    daemon.reload()
    wait_for("the event", lambda: get(daemon, "spot/instance-action")[0] == 200)
    assert json.loads(get(daemon, "spot/instance-action")[1])["action"] == "stop"
