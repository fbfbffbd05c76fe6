#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The measures of imdsd, each beside its peer in the same run. Called by `./dev bench [SECONDS]`.

Absolute figures say something about this machine; the ratios say something about imdsd.
"""
import os
import pathlib
import resource
import statistics
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
os.environ.setdefault("IMDSD_BIN_DIR", str(ROOT / "build/release"))

import load  # noqa: E402
import peers  # noqa: E402
from signing import signed_headers  # noqa: E402
from support.daemon import REGION, ROLE, Daemon  # noqa: E402
from table import Table, machine  # noqa: E402

IDLE_CONNECTIONS = 5000
ROUNDS = 3
QUIET = {"log": {"level": "info"}}


def split(address: str) -> tuple[str, int]:
    host, port = address.rsplit(":", 1)
    return host, int(port)


def credential_documents(table: Table, seconds: int) -> None:
    """imdsd and nginx in turn, so that a machine that slows down slows both."""
    with Daemon(QUIET) as daemon:
        client = daemon.imds_client()
        token = client.token()
        path = f"/latest/meta-data/iam/security-credentials/{ROLE}"
        size = len(client.get(path, token).body)
        nginx = peers.Nginx(size, load.free_port())
        try:
            for connections in (64, 512):
                ours, theirs = [], []
                for _ in range(ROUNDS):
                    ours.append(load.wrk(f"http://{daemon.imds}{path}", connections, seconds,
                                         headers={"X-aws-ec2-metadata-token": token}))
                    theirs.append(load.wrk(f"{nginx.url}/", connections, seconds))
                ratio = statistics.median(a / b for a, b in zip(ours, theirs))
                table.add(f"GET credentials (v2 token, {size} bytes), {connections} keep-alive connections",
                          f"{statistics.median(ours):,.0f}/s, {ratio:.2f} of nginx", ">= 0.60 of nginx", ratio >= 0.60)
        finally:
            nginx.stop()


def leaves(table: Table, seconds: int) -> None:
    """Leaves of each kind: short, long, deep, signed, bytes. In turn with the credential document of the same daemon."""
    user_data = "#!/bin/sh\n" + "echo hello\n" * 100
    with Daemon({**QUIET, "instance": [{"profile": ROLE, "user_data": user_data}]}) as daemon:
        client = daemon.imds_client()
        token = client.token()
        mac = client.get("/latest/meta-data/mac", token).text
        paths = ("meta-data/instance-id", "meta-data/placement/availability-zone",
                 f"meta-data/network/interfaces/macs/{mac}/vpc-ipv4-cidr-blocks", "meta-data/iam/info",
                 "dynamic/instance-identity/document", "dynamic/instance-identity/pkcs7", "user-data")

        def per_second(path: str) -> float:
            assert client.get(f"/latest/{path}", token).status == 200, path
            return load.wrk(f"http://{daemon.imds}/latest/{path}", 64, max(1, seconds // 2),
                            headers={"X-aws-ec2-metadata-token": token})

        ratios = {path: [] for path in paths}
        for _ in range(ROUNDS):
            for path in paths:
                document = per_second(f"meta-data/iam/security-credentials/{ROLE}")
                ratios[path].append(per_second(path) / document)
        slowest, ratio = min(((path, statistics.median(values)) for path, values in ratios.items()),
                             key=lambda each: each[1])
        table.add(f"GET any leaf of the tree ({len(paths)} kinds), 64 keep-alive connections",
                  f"{ratio:.2f} of the credential document ({slowest} is the slowest)", ">= 0.90 of it", ratio >= 0.90)


def fault_rules(table: Table, seconds: int) -> None:
    """Twenty fault rules on other paths beside none, in turn, on the credential document."""
    names = ("mac", "hostname", "ami-id", "public-keys/*", "tags/*", "spot/*", "events/*", "placement/*", "network/*",
             "block-device-mapping/*")
    with Daemon(QUIET) as daemon:
        client = daemon.imds_client()
        headers = {"X-aws-ec2-metadata-token": client.token()}
        url = f"http://{daemon.imds}/latest/meta-data/iam/security-credentials/{ROLE}"
        without, under = [], []
        for _ in range(ROUNDS):
            without.append(load.wrk_latency(url, 64, seconds, headers).p99_ms)
            for name in names:
                daemon.ctl("fault", "add", "--path", name, "--status", "503")
                daemon.ctl("fault", "add", "--path", f"*/{name}", "--latency", "1s", "--user-agent", "*Boto3*")
            under.append(load.wrk_latency(url, 64, seconds, headers).p99_ms)
            daemon.ctl("fault", "clear")
        ratio = statistics.median(a / b for a, b in zip(under, without))
        table.add(f"GET credentials, 64 keep-alive connections, {2 * len(names)} fault rules on other paths, p99",
                  f"{statistics.median(under):.2f} ms, {ratio:.2f} of without ({statistics.median(without):.2f} ms)",
                  "<= 1.20 of it", ratio <= 1.2)


def idle_connections(table: Table) -> None:
    with Daemon(QUIET) as daemon:
        address = split(daemon.imds)
        pid = daemon.process.pid
        time.sleep(5)  # until what starting took is given back
        started = load.resident_megabytes(pid)
        load.percentile_ms(address, 50, 99)
        body = "Action=GetCallerIdentity&Version=2011-06-15"
        headers = signed_headers(daemon.aws, body, REGION, daemon.document())
        load.wrk(f"http://{daemon.aws}/", 64, 1, method="POST", headers=headers, body=body)
        idle_memory = load.resident_megabytes(pid)
        before = load.percentile_ms(address, 500, 99)
        with load.idle_connections(address, IDLE_CONNECTIONS):
            under = load.percentile_ms(address, 1000, 99)
            memory = load.resident_megabytes(pid)
        table.add(f"fresh connection, PUT + GET + GET, {IDLE_CONNECTIONS:,} idle connections open, p99",
                  f"{under:.2f} ms ({before:.2f} ms without them)", "< 10 ms", under < 10)
        table.add("resident memory, idle, after some thousand requests",
                  f"{idle_memory:.1f} MB ({started:.1f} MB before the first)", "< 15 MB", idle_memory < 15)
        table.add(f"resident memory, {IDLE_CONNECTIONS:,} idle connections", f"{memory:.1f} MB", "< 60 MB", memory < 60)


def signed_calls(table: Table, seconds: int) -> None:
    with Daemon(QUIET) as daemon:
        credentials = daemon.document()
        body = "Action=GetCallerIdentity&Version=2011-06-15"
        headers = signed_headers(daemon.aws, body, REGION, credentials)
        hmac = peers.openssl_hmac_per_second()
        calls = statistics.median(
            load.wrk(f"http://{daemon.aws}/", 64, seconds, method="POST", headers=headers, body=body)
            for _ in range(ROUNDS))
        table.add("signed GetCallerIdentity, 64 connections",
                  f"{calls:,.0f}/s, {calls / hmac:.3f} of openssl's HMAC-SHA256 of 1 kB ({hmac:,.0f}/s on one core)",
                  ">= 20,000/s", calls >= 20_000)


def start_to_first_credential(table: Table) -> None:
    """From the start of the process; the port is fixed, because asking the daemon for it takes time, too."""
    times = []
    for _ in range(7):
        port = load.free_port()
        daemon = Daemon({**QUIET, "imds": {"listen": [f"127.0.0.1:{port}"]}})
        try:
            times.append(load.start_to_first_credential_ms(daemon, port))
            daemon.stop()
        finally:
            daemon.close()
    median = statistics.median(times)
    table.add("start of the process to the first credential served", f"{median:.1f} ms", "< 50 ms", median < 50)


def main() -> int:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    print(f"{machine()}; {ROUNDS} rounds of {seconds} s, medians")
    table = Table()
    credential_documents(table, seconds)
    leaves(table, seconds)
    fault_rules(table, seconds)
    idle_connections(table)
    signed_calls(table, seconds)
    start_to_first_credential(table)
    return table.end()


if __name__ == "__main__":
    sys.exit(main())
