# SPDX-License-Identifier: MIT
"""What is seen from outside: metrics, health, readiness, and the audit file."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
from pathlib import Path

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_text

from support.daemon import INSTANCE, ROLE, Daemon, StartFailed
from support.imds import CREDENTIALS_PATH, Answer, ImdsClient
from support.query import Key, QueryClient
from support.waiting import wait_for

MONITORED = {"admin": {"listen": ["127.0.0.1:0"]}}
OPENMETRICS = "application/openmetrics-text; version=1.0.0"


@pytest.fixture
def daemon(start_daemon) -> Daemon:
    return start_daemon(MONITORED)


def over_tcp(daemon: Daemon, path: str, method: str = "GET", **headers: str) -> Answer:
    return ImdsClient(daemon.status()["admin"]["listen"][0]).request(method, path, headers)


def on_socket(daemon: Daemon, path: str) -> Answer:
    """Through curl, as docs/monitoring.md shows it."""
    out = subprocess.run(["curl", "-s", "-w", "\n%{http_code}", "--unix-socket", daemon.socket_path,
                          f"http://localhost{path}"], capture_output=True, check=True, timeout=20).stdout
    body, _, status = out.rpartition(b"\n")
    return Answer(int(status), {}, body)


def samples(text: str, parse=parse_text) -> dict[tuple, float]:
    """(name, label=value, …) → value; each only once."""
    found = {}
    for family in parse(text):
        assert family.documentation, family.name
        for sample in family.samples:
            key = (sample.name, *sorted(f"{name}={value}" for name, value in sample.labels.items()))
            assert key not in found, key
            found[key] = sample.value
    return found


def scrape(daemon: Daemon) -> dict[tuple, float]:
    return samples(over_tcp(daemon, "/metrics").text)


def requests_of(found: dict[tuple, float], path: str, status: int) -> float:
    return found.get(("imdsd_metadata_requests_total", f"instance_id={INSTANCE}", f"path={path}", f"status={status}"), 0)


def of_instance(found: dict[tuple, float], name: str) -> float:
    return found[name, f"instance_id={INSTANCE}"]


def test_requests_are_counted_by_path_family_and_status(daemon: Daemon) -> None:
    before = scrape(daemon)
    client = daemon.imds_client()
    token = client.token()
    for _ in range(3):
        client.get("/latest/meta-data/placement/region", token)
    client.get("/latest/meta-data/no-such", token)
    client.get("/latest/meta-data/instance-id")
    client.get("/latest/meta-data/instance-id", "forged")
    found = scrape(daemon)
    assert requests_of(found, "api/token", 200) - requests_of(before, "api/token", 200) == 1
    assert requests_of(found, "meta-data/placement", 200) - requests_of(before, "meta-data/placement", 200) == 3
    assert requests_of(found, "meta-data", 404) == 1
    assert requests_of(found, "meta-data", 401) == 1
    assert of_instance(found, "imdsd_metadata_no_token_total") == 1
    assert of_instance(found, "imdsd_metadata_no_token_rejected_total") == 0
    assert of_instance(found, "imdsd_metadata_tokens_issued_total") == 1
    assert of_instance(found, "imdsd_metadata_tokens_rejected_total") == 1
    assert found["imdsd_connections_accepted_total",] > before["imdsd_connections_accepted_total",]


def test_version_one_where_it_is_off(start_daemon) -> None:
    daemon = start_daemon({**MONITORED, "imds": {"http_tokens": "required"}})
    assert daemon.imds_client().get("/latest/meta-data/instance-id").status == 401
    found = scrape(daemon)
    assert of_instance(found, "imdsd_metadata_no_token_total") == 0
    assert of_instance(found, "imdsd_metadata_no_token_rejected_total") == 1


def test_rotation_and_calls(daemon: Daemon) -> None:
    document = daemon.document()
    key = Key(document["AccessKeyId"], document["SecretAccessKey"], document["Token"])
    client = QueryClient(daemon.aws, key, daemon.note_secret)
    assert client.post("Action=GetCallerIdentity&Version=2011-06-15").status == 200
    assert client.post("Action=ListUsers&Version=2010-05-08", service="iam", region="us-east-1").status == 403
    client.post("Action=Made_Up&Version=2011-06-15")
    daemon.rotate()
    found = scrape(daemon)
    labels = (f"instance_id={INSTANCE}", f"role={ROLE}")
    rotations = {outcome: found["imdsd_credential_rotations_total", labels[0], f"outcome={outcome}", labels[1]]
                 for outcome in ("success", "failure")}
    assert rotations == {"success": 2, "failure": 0}
    issued, expiration, following = (found[f"imdsd_credentials_{what}_timestamp_seconds", *labels]
                                     for what in ("issued", "expiration", "next_rotation"))
    assert issued < following < expiration
    assert expiration - issued == pytest.approx(6 * 3600, abs=2)
    calls = {key: value for key, value in found.items() if key[0] == "imdsd_aws_calls_total"}
    assert calls == {
        ("imdsd_aws_calls_total", "action=GetCallerIdentity", "outcome=success", "service=sts"): 1,
        ("imdsd_aws_calls_total", "action=ListUsers", "outcome=denied", "service=iam"): 1,
        ("imdsd_aws_calls_total", "action=other", "outcome=client_error", "service=sts"): 1,
    }


def test_both_formats_say_the_same(daemon: Daemon) -> None:
    daemon.document()
    text = over_tcp(daemon, "/metrics")
    assert text.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    opened = over_tcp(daemon, "/metrics", Accept=OPENMETRICS)
    assert opened.headers["content-type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8"
    assert samples(text.text).keys() == samples(opened.text, parse_openmetrics).keys()
    on_unix = on_socket(daemon, "/metrics")
    assert on_unix.status == 200 and samples(on_unix.text).keys() == samples(text.text).keys()
    document = daemon.document()
    for secret in (document["SecretAccessKey"], document["Token"], document["AccessKeyId"]):
        assert secret not in text.text + opened.text + on_unix.text


def test_the_port_is_off_by_default_and_no_other_port_answers(start_daemon) -> None:
    daemon = start_daemon()
    assert daemon.status()["admin"]["listen"] == []
    for address in (daemon.imds, daemon.aws):
        for path in ("/metrics", "/healthz", "/readyz", "/v1/status", "/v1/env", "/v1/rotate", "/v1/token"):
            for method in ("GET", "POST"):
                answer = ImdsClient(address).request(method, path, {"Content-Length": "0"})
                assert answer.status != 200 and b"imdsd_" not in answer.body, (address, method, path)


def test_the_port_has_nothing_that_changes_or_reveals(daemon: Daemon) -> None:
    before = daemon.document()["AccessKeyId"]
    for method, path in (("GET", "/v1/status"), ("POST", "/v1/rotate"), ("POST", "/v1/token"), ("GET", "/v1/env"),
                         ("GET", "/v1/identity-certificates"), ("GET", "/latest/meta-data/"), ("GET", "/")):
        assert over_tcp(daemon, path, method).status == 404, (method, path)
    for path in ("/metrics", "/healthz", "/readyz"):
        assert over_tcp(daemon, path, "POST").status == 405
        assert over_tcp(daemon, path, "HEAD").body == b""
        assert over_tcp(daemon, path, Host="rebound.example").status == 403
    assert json.loads(over_tcp(daemon, "/readyz").text) == {"status": "ready"}
    assert json.loads(over_tcp(daemon, "/healthz").text) == {"status": "ok"}
    assert daemon.document()["AccessKeyId"] == before


def test_names_that_are_allowed_are_taken_up_by_a_reload(daemon: Daemon) -> None:
    assert over_tcp(daemon, "/metrics", Host="imdsd.internal").status == 403
    daemon.write_config({"admin": {"allowed_hosts": ["imdsd.internal"]}})
    daemon.reload()
    wait_for("the name", lambda: over_tcp(daemon, "/metrics", Host="imdsd.internal").status == 200)


def test_readiness_says_which_instance_has_no_credentials(start_daemon) -> None:
    nobody = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]})
    daemon = start_daemon({**MONITORED, "iam": {"role": [{"name": ROLE, "trust_policy": nobody}]}})
    assert over_tcp(daemon, "/readyz").status == 503
    assert json.loads(over_tcp(daemon, "/readyz").text) == {"status": "not ready"}
    detail = on_socket(daemon, "/readyz")
    assert detail.status == 503
    [instance] = json.loads(detail.text)["not_ready"]
    assert (instance["id"], instance["role"], instance["state"]) == (INSTANCE, ROLE, "failed")
    assert instance["error"]
    assert on_socket(daemon, "/healthz").status == 200  # it lives
    found = scrape(daemon)
    assert found["imdsd_instances", "state=failed"] == 1
    assert found["imdsd_credential_rotations_total", f"instance_id={INSTANCE}", "outcome=failure", f"role={ROLE}"] >= 1


def test_instances_beyond_the_bound_share_series(start_daemon) -> None:
    daemon = start_daemon({"admin": {"listen": ["127.0.0.1:0"], "metrics_instances": 0}})
    daemon.document()
    found = scrape(daemon)
    assert found["imdsd_metadata_tokens_issued_total", "instance_id=others"] == 1
    assert not [key for key in found if f"instance_id={INSTANCE}" in key]


# The audit file


def audited(path: Path, event: str) -> list[dict]:
    return [line for line in map(json.loads, path.read_text().splitlines()) if line["event"] == event]


@pytest.fixture
def audit_file(tmp_path) -> Path:
    return tmp_path / "audit.jsonl"


def test_a_delivery_joins_with_the_use_of_its_credentials(start_daemon, audit_file) -> None:
    daemon = start_daemon({"audit": {"file": str(audit_file), "process": True}, "log": {"level": "info"}})
    documents = {}
    host, port = daemon.imds.rsplit(":", 1)
    connection = http.client.HTTPConnection(host, int(port), timeout=10)  # stays open: the kernel can tell
    for version, headers in ((1, {}), (2, {"X-aws-ec2-metadata-token": daemon.imds_client().token()})):
        connection.request("GET", CREDENTIALS_PATH + ROLE, headers=headers)
        documents[version] = json.loads(connection.getresponse().read())
        daemon.note_secret(documents[version]["SecretAccessKey"], documents[version]["Token"])
    v2 = documents[2]
    client = QueryClient(daemon.aws, Key(v2["AccessKeyId"], v2["SecretAccessKey"], v2["Token"]), daemon.note_secret)
    answer = client.post("Action=GetCallerIdentity&Version=2011-06-15")
    assert answer.status == 200
    wait_for("the call's line", lambda: audit_file.exists() and audited(audit_file, "call"))
    deliveries = audited(audit_file, "delivery")
    assert [(line["instance_id"], line["door"], line["access_key_id"], line["path"]) for line in deliveries] == [
        (INSTANCE, "imdsv1", documents[1]["AccessKeyId"], CREDENTIALS_PATH + ROLE),
        (INSTANCE, "imdsv2", documents[2]["AccessKeyId"], CREDENTIALS_PATH + ROLE)]
    for line in deliveries:
        assert (line["pid"], line["uid"]) == (os.getpid(), os.getuid()), line
        assert line["process"] == Path("/proc/self/comm").read_text().strip()
        assert line["peer"] == "{}:{}".format(*connection.sock.getsockname())
    connection.close()
    [call] = audited(audit_file, "call")
    [delivery] = [line for line in deliveries if line["access_key_id"] == call["access_key_id"]]
    assert delivery["door"] == "imdsv2"
    assert (call["service"], call["action"], call["status"]) == ("sts", "GetCallerIdentity", 200)
    assert f"assumed-role/{ROLE}/{INSTANCE}" in call["caller"]
    text = audit_file.read_text()
    for document in documents.values():
        assert document["SecretAccessKey"] not in text and document["Token"] not in text


def test_credentials_for_a_process_are_told_with_it(start_daemon, audit_file) -> None:
    daemon = start_daemon({"audit": {"file": str(audit_file)}})
    document = json.loads(daemon.ctl("credential-process").stdout)
    daemon.note_secret(document["SecretAccessKey"], document["SessionToken"])
    wait_for("the line", lambda: audited(audit_file, "delivery"))
    [line] = audited(audit_file, "delivery")
    assert (line["instance_id"], line["door"], line["access_key_id"]) == (
        INSTANCE, "credential-process", document["AccessKeyId"])
    assert (line["peer"], line["uid"]) == ("unix", os.getuid()) and line["pid"] > 0


def test_the_audit_file_is_opened_again_by_a_reload(start_daemon, audit_file) -> None:
    daemon = start_daemon({"audit": {"file": str(audit_file)}})
    daemon.document()
    wait_for("the first line", lambda: audited(audit_file, "delivery"))
    audit_file.rename(audit_file.with_suffix(".1"))
    daemon.reload()
    wait_for("the new file", audit_file.exists)
    daemon.document()
    wait_for("a line in it", lambda: audited(audit_file, "delivery"))
    assert len(audited(audit_file.with_suffix(".1"), "delivery")) == 1


def test_all_lines_are_written_before_the_end(start_daemon, audit_file) -> None:
    daemon = start_daemon({"audit": {"file": str(audit_file)}})
    client = daemon.imds_client()
    for _ in range(50):
        client.get(CREDENTIALS_PATH + ROLE)
    daemon.stop()
    assert len(audited(audit_file, "delivery")) == 50


def test_an_audit_file_that_does_not_open_stops_the_start(start_daemon, tmp_path) -> None:
    with pytest.raises(StartFailed, match="audit.file: cannot open `.*no/such`: no such file or directory"):
        start_daemon({"audit": {"file": str(tmp_path / "no" / "such")}})


def test_a_reload_with_an_audit_file_that_does_not_open_changes_nothing(start_daemon, audit_file, tmp_path) -> None:
    daemon = start_daemon({"audit": {"file": str(audit_file)}})
    daemon.write_config({"audit": {"file": str(tmp_path / "no" / "such")}, "imds": {"http_tokens": "required"}})
    daemon.reload()
    wait_for("the refusal", lambda: "audit.file: cannot open" in daemon.log)
    assert daemon.status()["imds"]["http_tokens"] == "optional"
    daemon.document()
    wait_for("a line in the old file", lambda: audited(audit_file, "delivery"))


def test_without_a_file_the_debug_log_tells_deliveries(daemon: Daemon) -> None:
    document = daemon.document()
    line = next(line for line in daemon.log.splitlines() if "credentials delivered" in line)
    assert f"instance={INSTANCE}" in line and "door=imdsv2" in line and f"access_key_id={document['AccessKeyId']}" in line
