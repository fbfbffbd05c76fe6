# SPDX-License-Identifier: MIT
"""Several instances in one daemon: which request is for which, and nobody is given another's credentials."""

from __future__ import annotations

import json
import threading
from typing import Any

from support.daemon import Daemon, role
from support.imds import CREDENTIALS_PATH, ImdsClient
from support.waiting import wait_for

WEB, DB, STRANGER = "127.0.1.1", "127.0.2.2", "127.0.9.9"  # loopback has a whole /8


def fleet(*instances: dict[str, Any], **imds: Any) -> dict[str, Any]:
    """Each instance has a role of its name."""
    return {
        "imds": {"listen": ["127.0.0.1:0"], **imds},
        "instance": [{"profile": each["name"], **each} for each in instances],
        "iam": {"role": [role(each["name"]) for each in instances]},
    }


def two(**imds: Any) -> dict[str, Any]:
    return fleet({"name": "web", "peers": ["127.0.1.0/24"]},
                 {"name": "db", "peers": ["127.0.2.2"], "listen": ["127.0.0.1:0"]}, **imds)


def seen(client: ImdsClient, **headers: str) -> str:
    """The role that the client finds, or the status."""
    answer = client.request("GET", CREDENTIALS_PATH, {name.replace("_", "-"): value for name, value in headers.items()})
    return answer.text if answer.status == 200 else str(answer.status)


def own_listener(daemon: Daemon, name: str) -> str:
    return next(each for each in daemon.status()["instances"] if each["name"] == name)["listen"][0]


def test_peers_and_listeners_find_their_instance(start_daemon) -> None:
    daemon = start_daemon(two())
    assert seen(daemon.imds_client(WEB)) == "web"
    assert seen(daemon.imds_client(DB)) == "db"
    assert seen(daemon.imds_client(STRANGER)) == "web"  # the default one
    through = ImdsClient(own_listener(daemon, "db"), note_secret=daemon.note_secret, source=WEB)
    assert seen(through) == "db"
    keys = {client.credentials(name)["AccessKeyId"]
            for client, name in ((daemon.imds_client(WEB), "web"), (through, "db"))}
    assert len(keys) == 2
    assert through.get(CREDENTIALS_PATH + "web", through.token()).status == 404


def test_a_token_of_one_instance_is_refused_by_another(start_daemon) -> None:
    daemon = start_daemon(two())
    web, db = daemon.imds_client(WEB), daemon.imds_client(DB)
    path = "/latest/meta-data/instance-id"
    assert web.get(path, web.token()).status == 200
    assert db.get(path, web.token()).status == 401


def test_unknown_peers_are_refused(start_daemon) -> None:
    daemon = start_daemon(two(unknown_peer="refuse"))
    assert seen(daemon.imds_client(DB)) == "db"
    answer = daemon.imds_client(STRANGER).get("/latest/meta-data/")
    assert (answer.status, answer.headers["server"]) == (403, "EC2ws")
    assert "<title>403 - Forbidden</title>" in answer.text


def test_only_a_trusted_proxy_names_the_instance(start_daemon) -> None:
    daemon = start_daemon(two(trusted_proxies=["127.0.3.0/24"]))
    proxy = daemon.imds_client("127.0.3.7")
    assert seen(proxy, X_Imdsd_Instance="db") == "db"
    assert seen(proxy, X_Imdsd_Instance="nobody") == "403"
    assert seen(proxy) == "web"
    assert seen(daemon.imds_client(WEB), X_Imdsd_Instance="db") == "403"


def test_imdsctl_asks_about_one_instance(start_daemon) -> None:
    daemon = start_daemon(two())
    status = json.loads(daemon.ctl("status", "--instance", "db", "--json").stdout)
    assert [each["name"] for each in status["instances"]] == ["db"]
    assert "db" in daemon.ctl("status", "--instance", "db").stdout
    before = {each["name"]: each["access_key_ids"]["imdsv2"] for each in daemon.status()["instances"]}
    daemon.ctl("rotate", "--instance", "db")
    after = {each["name"]: each["access_key_ids"]["imdsv2"] for each in daemon.status()["instances"]}
    assert before["web"] == after["web"] and before["db"] != after["db"]
    env = json.loads(daemon.ctl("env", "--instance", "db", "--json").stdout)
    assert env["AWS_EC2_METADATA_SERVICE_ENDPOINT"] == f"http://{own_listener(daemon, 'db')}/"
    missing = daemon.ctl("status", "--instance", "dv", check=False)
    assert missing.returncode == 1 and "did you mean `db`?" in missing.stderr


def test_a_reload_adds_removes_and_moves_instances(start_daemon) -> None:
    daemon = start_daemon(two())
    listener = ImdsClient(own_listener(daemon, "db"))
    assert seen(daemon.imds_client(WEB)) == "web" and seen(listener) == "db"
    daemon.write_config(fleet({"name": "web", "peers": ["127.0.2.2"]}, {"name": "new", "peers": ["127.0.1.0/24"]}))
    daemon.reload()
    wait_for("the reload", lambda: len(daemon.status()["instances"]) == 2 and seen(daemon.imds_client(WEB)) == "new")
    assert seen(daemon.imds_client(DB)) == "web"
    assert seen(listener) == "403"  # its instance is gone, and it was nobody else's
    assert "listen of instance `db`" in daemon.log
    assert daemon.imds_client(WEB).credentials("new")["Code"] == "Success"


def test_the_same_network_twice_is_refused_with_its_line(start_daemon) -> None:
    daemon = start_daemon(two())
    daemon.write_config(fleet({"name": "web", "peers": ["127.0.1.0/24"]}, {"name": "db", "peers": ["127.0.1.0/24"]}))
    daemon.reload()
    wait_for("the error", lambda: "`127.0.1.0/24` belongs to instance `web` already" in daemon.log)
    assert seen(daemon.imds_client(DB)) == "db"


def test_the_banner_lists_the_instances(start_daemon) -> None:
    daemon = start_daemon(two())
    banner = daemon.stdout_path.read_text()
    assert "  2 instances  " in banner.splitlines()[0]
    assert own_listener(daemon, "db") in banner


def test_nobody_is_given_anothers_credentials_while_everything_changes(start_daemon) -> None:
    """Peers move between two instances each by reloads, and all is renewed, while many clients read."""
    peers = 6

    def moved(turn: int) -> dict[str, Any]:
        names = [f"{'ab'[turn % 2]}{i}" for i in range(peers)]
        config = fleet(*({"name": name, "peers": [f"127.1.{i}.0/24"]} for i, name in enumerate(names)),
                       unknown_peer="refuse")
        config["iam"]["role"] = [role(f"{kind}{i}") for kind in "ab" for i in range(peers)]
        return config

    daemon = start_daemon(moved(0))
    address = daemon.imds
    ending = threading.Event()
    seen: dict[str, set[int]] = {}  # an access key, and the peers that were given it
    wrong: list[str] = []

    def read(i: int) -> None:
        client = ImdsClient(address, note_secret=daemon.note_secret, source=f"127.1.{i}.7")
        while not ending.is_set():
            token = client.token()
            name = client.get(CREDENTIALS_PATH, token)
            if name.status == 401:
                continue  # the token is of the instance that the peer was a moment ago
            if name.text not in (f"a{i}", f"b{i}"):
                wrong.append(f"{i}: {name.status} {name.text}")
            document = client.get(CREDENTIALS_PATH + name.text, token)
            if document.status == 200:
                key = json.loads(document.text)
                daemon.note_secret(key["SecretAccessKey"], key["Token"])
                seen.setdefault(key["AccessKeyId"], set()).add(i)
            elif document.status not in (401, 404):  # it has moved in between
                wrong.append(f"{i}: {document.status}")

    readers = [threading.Thread(target=read, args=(i,)) for i in range(peers)]
    for reader in readers:
        reader.start()
    try:
        for turn in range(1, 9):
            daemon.write_config(moved(turn))
            daemon.reload()
            daemon.rotate()
            wait_for("the reload", lambda: daemon.log.count("reloaded") >= turn)
    finally:
        ending.set()
        for reader in readers:
            reader.join()
    assert wrong == []
    assert len(seen) > 2 * peers  # there were renewals
    assert [key for key, given in seen.items() if len(given) > 1] == []
