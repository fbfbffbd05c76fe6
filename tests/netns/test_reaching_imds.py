# SPDX-License-Identifier: MIT
"""imdsctl up and down, in hosts of the test's own: 169.254.169.254 answers without any setting, from this host alone, and
nothing is left afterwards."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import netns
from support.daemon import INSTANCE, Daemon, bin_dir, clean_environment
from support.waiting import wait_for

V4 = "http://169.254.169.254"
V6 = "http://[fd00:ec2::254]"
NETNS = "imdsctl exec --netns -- CMD"

# From https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html, word for word.
DOCUMENTED = r"""
TOKEN=`curl -X PUT "http://169.254.169.254/latest/api/token" -H "X-aws-ec2-metadata-token-ttl-seconds: 21600"` \
    && curl -H "X-aws-ec2-metadata-token: $TOKEN" http://169.254.169.254/latest/meta-data/
echo; echo "$TOKEN"
"""

SDK = """
import json, boto3
credentials = boto3.Session().get_credentials()
frozen = credentials.get_frozen_credentials()
print(json.dumps([credentials.method, frozen.access_key, frozen.secret_key, frozen.token]))
"""

# Stands in for `ip` and `nft`: at one of the commands that change something, before or after it, sends its parent a signal.
WRAPPER = """#!/bin/sh
case " $* " in *" add "*|*" set "*|*" delete "*|*" -f "*) ;; *) exec "{real}" "$@" ;; esac
number=$(cat "$COUNT" 2>/dev/null || echo 0)
echo $((number + 1)) >"$COUNT"
if [ "$number" = "$POINT" ] && [ "$WHEN" = before ]; then
  kill -"$SIGNAL" $PPID
  [ "$SIGNAL" = KILL ] && exit 0
fi
"{real}" "$@"
status=$?
if [ "$number" = "$POINT" ] && [ "$WHEN" = after ]; then kill -"$SIGNAL" $PPID; fi
exit $status
"""

pytestmark = pytest.mark.skipif(shutil.which("nft", path="/usr/sbin:/usr/bin") is None, reason="needs nftables")


class Reached:
    """A daemon in a host, and imdsctl beside it."""

    def __init__(self, host: netns.Host, daemon: Daemon) -> None:
        self.host, self.daemon = host, daemon

    def command(self, *arguments: str) -> list[str]:
        return [str(bin_dir() / "imdsctl"), "--socket", str(self.daemon.socket_path), *arguments]

    def ctl(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        done = self.host.run(*self.command(*arguments), check=False)
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def ctl_after(self, preparation: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """imdsctl under mounts of its own: `preparation` is shell. Tests in the background have SIGINT ignored."""
        environment = ["--default-signal=INT", *(f"{name}={value}" for name, value in variables.items())]
        return self.host.run("env", *environment, "unshare", "--mount", "sh", "-ec", preparation + '\nexec "$@"', "sh",
                             *self.command(*arguments), check=False)

    def state(self) -> str:
        """All that `up` may touch, as the kernel's own tools print it."""
        return "\n".join(self.host.run(*command.split()).stdout for command in (
            "ip address", "ip link", "ip route show table all", "ip -6 route show table all", "nft list ruleset",
            "grep -r . /proc/sys/net/ipv4/conf --include=route_localnet"))

    def fetch(self, url: str) -> str:
        return self.host.run("curl", "-sS", "--fail", "-g", "--max-time", "5", f"{url}/latest/meta-data/instance-id").stdout


@pytest.fixture(scope="module")
def reached() -> Iterator[Reached]:
    with netns.hosts(1) as (host,):
        config = {"imds": {"listen": ["127.0.0.1:0", "[::1]:0"]}}
        with Daemon(config, prefix=host.exec_prefix) as daemon:
            yield Reached(host, daemon)


@contextlib.contextmanager
def up(reached: Reached, *arguments: str) -> Iterator[None]:
    reached.ctl("up", *arguments)
    try:
        yield
    finally:
        reached.ctl("down")


def test_up_and_down(reached: Reached) -> None:
    before = reached.state()
    printed = reached.ctl("up", "--ipv6").stdout
    assert "+ ip address add 169.254.169.254/32 dev lo scope host\n" in printed and "dnat ip to 127.0.0.1:" in printed
    assert reached.fetch(V4) == reached.fetch(V6) == INSTANCE
    reached.ctl("down")
    assert reached.state() == before
    assert reached.host.run("curl", "-sS", "--max-time", "2", V4, check=False).returncode != 0


def test_aws_documented_commands(reached: Reached) -> None:
    with up(reached):
        *listing, token = reached.host.run("bash", "-c", DOCUMENTED).stdout.splitlines()
        reached.daemon.note_secret(token)
        assert len(token) == 56 and {"ami-id", "iam/", "instance-id"} <= set(listing)


@pytest.mark.parametrize("mode", ["", "IPv6"])
def test_an_sdk_without_any_setting(reached: Reached, mode: str) -> None:
    environment = [f"{name}={value}" for name, value in clean_environment().items()]
    if mode:
        environment.append(f"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE={mode}")
    with up(reached, "--ipv6"):
        output = reached.host.run("env", "-i", *environment, "AWS_CONFIG_FILE=/dev/null",
                                  "AWS_SHARED_CREDENTIALS_FILE=/dev/null", sys.executable, "-c", SDK).stdout
    method, key, secret, token = json.loads(output)
    reached.daemon.note_secret(secret, token)
    assert method == "iam-role" and key == reached.daemon.status()["instances"][0]["access_key_ids"]["imdsv2"]


def test_twice_is_once(reached: Reached) -> None:
    before = reached.state()
    reached.ctl("up", "--ipv6")
    once = reached.state()
    again = reached.ctl("up", "--ipv6").stdout
    assert reached.state() == once
    assert not any(line.startswith("+") for line in again.splitlines()), again
    reached.ctl("down")
    assert "has made nothing here" in reached.ctl("down").stdout
    assert reached.state() == before


def test_dry_run_does_nothing(reached: Reached) -> None:
    before = reached.state()
    answer = json.loads(reached.ctl("up", "--dry-run", "--json").stdout)
    assert [action["action"] for action in answer["actions"]] == ["run", "run"] and answer["dry_run"] is True
    assert [way["url"] for way in answer["ways"]] == [f"{V4}/"]
    assert reached.state() == before


def test_iptables_where_nft_is_missing(reached: Reached) -> None:
    iptables = shutil.which("iptables-restore", path="/usr/sbin:/usr/bin")
    if iptables is None:
        pytest.skip("needs iptables")
    nft = shutil.which("nft", path="/usr/sbin:/usr/bin")
    # The kernel's older interface, which `nft` does not see.
    legacy = "\n".join(f"mount --bind /usr/sbin/xtables-legacy-multi $(readlink -f /usr/sbin/{name})"
                       for name in ("iptables-restore",) if os.path.exists("/usr/sbin/xtables-legacy-multi"))
    without = f"mount --bind /bin/false {os.path.realpath(str(nft))}\n{legacy}"
    before = reached.state()
    done = reached.ctl_after(without, "up", "--ipv6")
    assert done.returncode == 0, done.stderr
    assert "+ iptables-restore --noflush" in done.stdout and "+ ip6tables-restore --noflush" in done.stdout
    assert reached.fetch(V4) == reached.fetch(V6) == INSTANCE
    assert reached.ctl_after(without, "down").returncode == 0
    assert reached.state() == before


@pytest.fixture(scope="module")
def wrapped(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Shell that puts the wrapper over `ip` and `nft`."""
    folder = tmp_path_factory.mktemp("wrapped")
    lines = []
    for name in ("ip", "nft"):
        found = os.path.realpath(str(shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")))
        real, wrapper = folder / f"{name}.real", folder / name
        shutil.copy(found, real)
        wrapper.write_text(WRAPPER.format(real=real))
        wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)
        lines.append(f"mount --bind {wrapper} {found}")
    return "\n".join(lines)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("point", range(3))
def test_killed_at_each_step(reached: Reached, wrapped: str, tmp_path: Path, point: int, when: str) -> None:
    before = reached.state()
    for repeat in (False, True):
        count = tmp_path / f"count-{repeat}"
        done = reached.ctl_after(wrapped, "up", "--ipv6", COUNT=str(count), POINT=str(point), WHEN=when, SIGNAL="KILL")
        assert done.returncode == -signal.SIGKILL, done.stdout + done.stderr
        if repeat:
            reached.ctl("up", "--ipv6")
            assert reached.fetch(V4) == reached.fetch(V6) == INSTANCE
        reached.ctl("down")
        assert reached.state() == before


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("point", range(3))
def test_interrupted_at_each_step(reached: Reached, wrapped: str, tmp_path: Path, point: int, when: str) -> None:
    before = reached.state()
    done = reached.ctl_after(wrapped, "up", "--ipv6", COUNT=str(tmp_path / "count"), POINT=str(point), WHEN=when,
                             SIGNAL="INT")
    assert done.returncode == -signal.SIGINT and "interrupted; what was done has been taken back" in done.stderr
    assert reached.state() == before


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("point", range(3))
def test_down_killed_at_each_step(reached: Reached, wrapped: str, tmp_path: Path, point: int, when: str) -> None:
    before = reached.state()
    reached.ctl("up", "--ipv6")
    done = reached.ctl_after(wrapped, "down", COUNT=str(tmp_path / "count"), POINT=str(point), WHEN=when, SIGNAL="KILL")
    assert done.returncode == -signal.SIGKILL
    reached.ctl("down")
    assert reached.state() == before


def refused(reached: Reached, words: str, *arguments: str, preparation: str = "") -> None:
    before = reached.state()
    done = reached.ctl_after(preparation, "up", *arguments)
    assert done.returncode == 1 and words in done.stderr and "nothing was done" in done.stderr, done.stderr
    assert reached.state() == before


@pytest.mark.parametrize("field, value", [
    ("sys_vendor", "Amazon EC2"), ("board_asset_tag", "i-0af01c0123456789a"), ("bios_version", "4.11.amazon")])
def test_refused_on_ec2(reached: Reached, field: str, value: str) -> None:
    firmware = ("mount -t tmpfs none /sys/class\nmkdir -p /sys/class/dmi/id\n"
                f"echo '{value}' >/sys/class/dmi/id/{field}")
    for force in ((), ("--force",)):
        refused(reached, "this machine is an EC2 instance", *force, preparation=firmware)


def test_refused_when_somebody_has_the_address(reached: Reached) -> None:
    reached.host.ip("addr", "add", "169.254.169.254/24", "dev", "lo")
    try:
        refused(reached, "`lo` has 169.254.169.254/24 already")
        with up(reached, "--force"):
            assert reached.fetch(V4) == INSTANCE
        assert "169.254.169.254/24" in reached.host.run("ip", "address").stdout, "down leaves it to its owner"
    finally:
        reached.host.ip("addr", "del", "169.254.169.254/24", "dev", "lo")


def test_refused_when_a_route_leads_elsewhere() -> None:
    with netns.hosts(2) as (host, cloud):
        netns.join(host, "10.98.1.2/24", cloud, "10.98.1.1/24")
        host.ip("route", "add", "169.254.169.254", "via", "10.98.1.1")
        with Daemon(prefix=host.exec_prefix) as daemon:
            refused(Reached(host, daemon), "via 10.98.1.1: a metadata service is there already")


def test_refused_when_somebody_listens_there(reached: Reached) -> None:
    reached.host.ip("addr", "add", "169.254.169.254/32", "dev", "lo")
    mock = subprocess.Popen(
        [*reached.host.exec_prefix, sys.executable, "-c",
         "import socket; s = socket.create_server(('169.254.169.254', 80)); print(flush=True); s.accept()"],
        stdout=subprocess.PIPE)
    try:
        assert mock.stdout is not None and mock.stdout.readline() == b"\n"
        refused(reached, f"(process {mock.pid})` listens on 169.254.169.254:80: stop it first", "--force")
    finally:
        mock.kill()
        mock.wait()
        reached.host.ip("addr", "del", "169.254.169.254/32", "dev", "lo")


def test_without_root_it_says_how(reached: Reached) -> None:
    done = reached.host.run("setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin", *reached.command("up"), check=False)
    assert done.returncode == 1
    assert "CAP_NET_ADMIN" in done.stderr and f"sudo {bin_dir() / 'imdsctl'} --socket" in done.stderr


def test_a_daemon_that_listens_there_itself() -> None:
    with netns.hosts(1) as (host,):
        subprocess.run([*host.exec_prefix, bin_dir() / "imdsctl", "up", "--port80", "direct"], check=True,
                       capture_output=True, timeout=30)
        with Daemon({"imds": {"listen": ["169.254.169.254:80"]}}, prefix=host.exec_prefix) as daemon:
            reached = Reached(host, daemon)
            assert reached.fetch(V4) == INSTANCE
            assert "dnat" not in reached.ctl("up").stdout, "it knows without being told"
            reached.ctl("down")


def test_one_of_several_instances() -> None:
    instances = [{"id": INSTANCE}, {"name": "db", "listen": ["127.0.0.1:0"]}, {"name": "peer", "peers": ["10.0.0.1"]}]
    with netns.hosts(1) as (host,), Daemon({"instance": instances}, prefix=host.exec_prefix) as daemon:
        reached = Reached(host, daemon)
        with up(reached, "--instance", "db"):
            database = json.loads(daemon.ctl("status", "--instance", "db", "--json").stdout)["instances"][0]["id"]
            assert reached.fetch(V4) == database != INSTANCE
        with up(reached, "--instance", INSTANCE):
            assert reached.fetch(V4) == INSTANCE, "the default instance is behind imds.listen"
        done = reached.ctl("up", "--instance", "peer", check=False)
        assert done.returncode == 1 and "has no address of its own" in done.stderr


def test_the_doors_for_containers() -> None:
    config = {"ecs": {"listen": ["127.0.0.1:0"]}, "eks": {"listen": ["127.0.0.1:0"]}}
    with netns.hosts(1) as (host,), Daemon(config, prefix=host.exec_prefix) as daemon:
        reached = Reached(host, daemon)
        before = reached.state()
        with up(reached, "--ecs", "--eks"):
            assert reached.fetch(V4) == INSTANCE
            for url, words in (("http://169.254.170.2/v2/credentials/x", "InvalidIdInRequest"),
                               ("http://169.254.170.23/v1/credentials", "Service account token cannot be empty")):
                assert words in host.run("curl", "-sS", "--max-time", "5", url).stdout
        assert reached.state() == before


def attempt(host: netns.Host, url: str) -> int:
    return host.run("curl", "-sS", "--max-time", "2", "-o", "/dev/null", url, check=False).returncode


def test_other_hosts_stay_outside() -> None:
    with netns.hosts(2) as (host, neighbour):
        netns.join(host, "10.98.1.1/24", neighbour, "10.98.1.2/24")
        neighbour.ip("route", "add", "169.254.169.254", "via", "10.98.1.1")
        for mode, listen in (("redirect", "127.0.0.1:0"), ("direct", "0.0.0.0:80")):
            with Daemon({"imds": {"listen": [listen]}}, prefix=host.exec_prefix) as daemon:
                reached = Reached(host, daemon)
                with up(reached, "--port80", mode):
                    assert reached.fetch(V4) == INSTANCE
                    assert attempt(neighbour, V4) == 7, "refused"


def test_containers_on_a_bridge() -> None:
    """Two hosts behind a bridge, as containers are, and one beside it."""
    with netns.hosts(3) as (host, container, neighbour):
        host.set_sysctl("net.ipv6.conf.default.disable_ipv6", "1")  # addresses that come by themselves, and late
        host.ip("link", "add", "bridge0", "type", "bridge")
        netns.join(host, "192.0.2.9/32", container, "10.98.2.2/24")
        port = host.run("ip", "-o", "link", "show", "type", "veth").stdout.split(":")[1].strip().split("@")[0]
        host.ip("addr", "flush", "dev", port)
        host.ip("link", "set", port, "master", "bridge0")
        host.ip("addr", "add", "10.98.2.1/24", "dev", "bridge0")
        host.ip("link", "set", "bridge0", "up")
        container.ip("route", "add", "default", "via", "10.98.2.1")
        netns.join(host, "10.98.1.1/24", neighbour, "10.98.1.2/24")
        neighbour.ip("route", "add", "default", "via", "10.98.1.1")
        with Daemon({"imds": {"hop_limit": 1}}, prefix=host.exec_prefix) as daemon:
            reached = Reached(host, daemon)
            wait_for("the bridge's carrier", lambda: "state UP" in host.run("ip", "link", "show", "bridge0").stdout)
            before = reached.state()
            with up(reached):
                assert attempt(container, V4) == 7, "not without --bridge"
            with up(reached, "--bridge", "bridge0"):
                token = container.run("curl", "-sS", "--fail", "--max-time", "5", "-X", "PUT", f"{V4}/latest/api/token",
                                      "-H", "X-aws-ec2-metadata-token-ttl-seconds: 60").stdout
                daemon.note_secret(token)
                assert len(token) == 56
                assert reached.fetch(V4) == INSTANCE
                assert attempt(neighbour, V4) == 7
                # route_localnet lets 127.0.0.1 in; our rule does not.
                container.ip("link", "set", "lo", "down")
                container.ip("addr", "del", "127.0.0.1/8", "dev", "lo")
                container.ip("route", "add", "127.0.0.0/8", "via", "10.98.2.1")
                container.set_sysctl("net.ipv4.conf.all.route_localnet", "1")
                assert attempt(container, f"http://{daemon.imds}/") == 28, "dropped"
                host.run("nft", "flush", "chain", "inet", "imdsd", "localnet")
                assert attempt(container, f"http://{daemon.imds}/") == 0, "and by that rule"
            assert reached.state() == before
            done = reached.ctl("up", "--bridge", "lo", check=False)
            assert done.returncode == 1 and "`lo` is no bridge" in done.stderr


def test_a_dummy_link(reached: Reached) -> None:
    before = reached.state()
    probe = reached.host.run("ip", "link", "add", "probe0", "type", "dummy", check=False)
    if probe.returncode == 0:
        reached.host.ip("link", "del", "probe0")
        with up(reached, "--interface", "dummy", "--ipv6"):
            assert "imdsd0" in reached.host.run("ip", "address").stdout
            assert reached.fetch(V4) == reached.fetch(V6) == INSTANCE
    else:  # a kernel without them is told of, and the rules before the link are taken back
        done = reached.ctl("up", "--interface", "dummy", check=False)
        assert done.returncode == 1 and probe.stderr.strip() in done.stderr
        assert "+ nft -f -" in done.stdout and "what was done has been taken back" in done.stderr
    assert reached.state() == before


def test_a_link_of_its_own(reached: Reached, tmp_path: Path) -> None:
    """The same on any kernel: a bridge without ports stands in for the dummy link, and holds addresses as one does."""
    found = os.path.realpath(str(shutil.which("ip", path="/usr/sbin:/usr/bin:/sbin:/bin")))
    real, stand_in = tmp_path / "ip.real", tmp_path / "ip"
    shutil.copy(found, real)
    stand_in.write_text(f'#!/bin/sh\n[ "$*" = "link add imdsd0 type dummy" ] && set -- link add imdsd0 type bridge\n'
                        f'exec "{real}" "$@"\n')
    stand_in.chmod(0o755)
    before = reached.state()
    done = reached.ctl_after(f"mount --bind {stand_in} {found}", "up", "--interface", "dummy", "--ipv6")
    try:
        assert done.returncode == 0, done.stdout + done.stderr
        assert "+ ip link add imdsd0 type dummy\n" in done.stdout
        held = reached.host.run("ip", "-br", "address", "show", "dev", "imdsd0").stdout.split()
        assert {"169.254.169.254/32", "fd00:ec2::254/128"} <= set(held)
        assert "169.254.169.254" not in reached.host.run("ip", "address", "show", "dev", "lo").stdout
        assert reached.fetch(V4) == reached.fetch(V6) == INSTANCE
        again = reached.ctl("up", "--interface", "dummy", "--ipv6").stdout
        assert "= ip link add imdsd0 type dummy   (in place)\n" in again and "+ " not in again
    finally:
        reached.ctl("down")
    assert reached.state() == before


def diagnosis(reached: Reached, *variables: str, healthy: bool) -> dict:
    """What doctor says in a shell with these variables and no other AWS setting."""
    environment = [f"{name}={value}" for name, value in clean_environment().items() if name != "HOME"]
    done = reached.host.run("env", "-i", *environment, "HOME=/nonexistent", *variables,
                            *reached.command("doctor", "--json"), check=False)
    assert done.returncode == (0 if healthy else 1), done.stdout + done.stderr
    answer = json.loads(done.stdout)
    assert answer["healthy"] is healthy
    answer["works"] = [route["name"] for route in answer["routes"] if route["works"]]
    answer["problems"] = [finding["id"] for finding in answer["findings"] if finding["level"] == "problem"]
    return answer


def test_doctor_tells_which_ways_work(reached: Reached) -> None:
    variable = "AWS_EC2_METADATA_SERVICE_ENDPOINT"
    before = diagnosis(reached, healthy=False)
    assert before["problems"] == ["no-way"] and before["works"] == [NETNS]
    by_variable = diagnosis(reached, f"{variable}=http://{reached.daemon.imds}/", healthy=True)
    assert by_variable["works"] == [variable, NETNS]
    with up(reached):
        assert diagnosis(reached, healthy=True)["works"] == [f"{V4}/", NETNS]
        hidden = diagnosis(reached, "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE", "http_proxy=http://127.0.0.1:9", healthy=False)
        assert hidden["problems"] == ["hidden-by-variable", "proxy"] and "AKIA" not in json.dumps(hidden)
        reached.host.run("nft", "add table ip f; add chain ip f o { type filter hook output priority 0; }; "
                                "add rule ip f o ip daddr 169.254.169.254 drop")
        try:
            assert diagnosis(reached, healthy=False)["problems"] == ["no-way", "firewall"]
        finally:
            reached.host.run("nft", "delete", "table", "ip", "f")
    with up(reached, "--ipv6"):
        by_ipv6 = diagnosis(reached, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=IPv6", healthy=True)
        assert by_ipv6["works"] == [f"{V4}/", f"{V6}/", NETNS]


def test_doctor_sees_that_up_was_interrupted(reached: Reached) -> None:
    with up(reached):
        reached.host.ip("addr", "del", "169.254.169.254/32", "dev", "lo")
        assert "up-incomplete" in diagnosis(reached, healthy=False)["problems"]
        reached.ctl("up")
        diagnosis(reached, healthy=True)


def test_doctor_connects_to_nobody_else() -> None:
    """A service of somebody else at the address, by a route: it sees no connection."""
    with netns.hosts(2) as (host, cloud):
        netns.join(host, "10.98.1.2/24", cloud, "10.98.1.1/24")
        cloud.ip("addr", "add", "169.254.169.254/32", "dev", "lo")
        host.ip("route", "add", "169.254.169.254", "via", "10.98.1.1")
        cloud.run("nft", "add table ip t; add chain ip t i { type filter hook input priority 0; }; "
                         "add rule ip t i ip daddr 169.254.169.254 counter")
        with Daemon(prefix=host.exec_prefix) as daemon:
            reached = Reached(host, daemon)
            variable = f"AWS_EC2_METADATA_SERVICE_ENDPOINT={V4}/"
            for variables in ((), (variable,)):
                found = diagnosis(reached, *variables, healthy=False)
                assert "somebody else's service" in found["routes"][1]["detail"]
        assert "packets 0 bytes 0" in cloud.run("nft", "list", "ruleset").stdout
        assert attempt(host, V4) == 7 and "packets 0 bytes 0" not in cloud.run("nft", "list", "ruleset").stdout
