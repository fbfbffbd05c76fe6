#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The measures of S3. Called by `./dev bench s3 [SECONDS]`.

What is compared runs in turn, round by round, so that a machine that slows down slows both.
"""
import http.client
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import time
import urllib.parse
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
os.environ.setdefault("IMDSD_BIN_DIR", str(ROOT / "build/release"))

import load  # noqa: E402
import peers  # noqa: E402
from filled import administrator_of  # noqa: E402
from signing import s3_headers  # noqa: E402
from support.daemon import Daemon, bin_dir  # noqa: E402
from table import Table, machine  # noqa: E402

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
ROUNDS = 5
CONNECTIONS = 64
KEYS = 100_000
UPLOAD = 5 * GIB
REGION = "us-east-1"
NAMESPACE = "{http://s3.amazonaws.com/doc/2006-03-01/}"


class Bucket:
    """One bucket of a daemon of its own, by its administrator."""

    def __init__(self, daemon: Daemon, name: str) -> None:
        self.address, self.name = daemon.aws, name
        self.credentials = administrator_of(daemon)
        self.connection = http.client.HTTPConnection(self.address)

    def request(self, method: str, path: str, query: dict[str, str] | None = None) -> tuple[str, dict[str, str]]:
        """Target and headers."""
        text = "&".join(f"{name}={urllib.parse.quote(value, safe='')}" for name, value in sorted((query or {}).items()))
        headers = s3_headers(method, self.address, path, text, REGION, self.credentials, "UNSIGNED-PAYLOAD")
        return f"{path}?{text}" if text else path, headers

    def call(self, method: str, key: str, body: object = b"", query: dict[str, str] | None = None,
             length: int | None = None) -> bytes:
        target, headers = self.request(method, f"/{self.name}{key}", query)
        if length is not None:
            headers["Content-Length"] = str(length)
        self.connection.request(method, target, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        assert answer.status in (200, 204), (answer.status, content)
        return content


def gets(table: Table, seconds: int) -> None:
    contents = {"small": os.urandom(KIB), "large": os.urandom(MIB)}
    with Daemon({"log": {"level": "info"}}) as daemon:
        bucket = Bucket(daemon, "bench")
        bucket.call("PUT", "")
        for key, content in contents.items():
            bucket.call("PUT", f"/{key}", content)
            assert bucket.call("GET", f"/{key}") == content
        nginx = peers.Nginx(0, load.free_port(), contents)
        try:
            for key, what, least in (("small", "1 KiB", 0.4), ("large", "1 MiB", 0.7)):
                ours, theirs = [], []
                for _ in range(ROUNDS):
                    target, headers = bucket.request("GET", f"/bench/{key}")
                    ours.append(load.wrk(f"http://{daemon.aws}{target}", CONNECTIONS, seconds, headers=headers))
                    theirs.append(load.wrk(f"{nginx.url}/{key}", CONNECTIONS, seconds))
                ratio = statistics.median(a / b for a, b in zip(ours, theirs))
                table.add(f"signed GetObject of {what}, {CONNECTIONS} connections",
                          f"{statistics.median(ours):,.0f}/s, {ratio:.2f} of nginx with the same file "
                          f"({statistics.median(theirs):,.0f}/s)", f">= {least:.2f} of nginx", ratio >= least)
        finally:
            nginx.stop()


def puts(table: Table, seconds: int) -> None:
    content = os.urandom(MIB)
    with Daemon({"log": {"level": "info"}}) as daemon:
        bucket = Bucket(daemon, "bench")
        bucket.call("PUT", "")
        ours, theirs = [], []
        for _ in range(ROUNDS):
            count, begin = 0, time.perf_counter()
            while time.perf_counter() - begin < seconds:
                bucket.call("PUT", f"/object-{count}", content)
                count += 1
            ours.append(count / (time.perf_counter() - begin))
            theirs.append(peers.dd_with_sync_per_second(daemon.directory, MIB, seconds))
    ratio = statistics.median(a / b for a, b in zip(ours, theirs))
    table.add("signed PutObject of 1 MiB, one client, durable",
              f"{statistics.median(ours):,.0f}/s, {ratio:.2f} of dd with conv=fsync ({statistics.median(theirs):,.0f}/s); "
              "it waits for three syncs, dd for one", "told", True)


def lists(table: Table) -> None:
    daemon = Daemon({"log": {"level": "info"}})
    state = daemon.directory / "state"
    state.mkdir(mode=0o700)
    subprocess.run([bin_dir() / "bench_objects", state / "s3.db", "bench", str(KEYS)], check=True)
    with daemon:
        bucket = Bucket(daemon, "bench")
        tokens = page_tokens(bucket)
        assert len(tokens) == KEYS // 1000, len(tokens)
        tenth = len(tokens) // 10
        rolls = {"delimiter": "/", "prefix": "data/"}
        in_turn = [(page_ms(bucket, first), page_ms(bucket, last), page_ms(bucket, rolls))
                   for _ in range(5 * ROUNDS) for first, last in zip(tokens[:tenth], tokens[-tenth:])]
        first, last, rolled = (statistics.median(column) for column in zip(*in_turn))
        table.add(f"ListObjectsV2, {KEYS:,} keys in pages of 1,000", f"first tenth {first:.2f} ms a page, last {last:.2f} ms: "
                  f"{last / first:.2f} times", "<= 1.20 times", last / first <= 1.2)
        table.add(f"the same with a delimiter: {KEYS // 1000} common prefixes of 1,000 keys", f"{rolled:.2f} ms",
                  "no more than a page of keys", rolled <= first)


def page_tokens(bucket: Bucket) -> list[dict[str, str]]:
    """What asks for each page."""
    pages, token = [], None
    while True:
        pages.append({"continuation-token": token} if token else {})
        content = bucket.call("GET", "", query={"list-type": "2", **pages[-1]})
        token = ElementTree.fromstring(content).findtext(f"{NAMESPACE}NextContinuationToken")
        if token is None:
            return pages


def page_ms(bucket: Bucket, query: dict[str, str]) -> float:
    begin = time.perf_counter()
    bucket.call("GET", "", query={"list-type": "2", **query})
    return (time.perf_counter() - begin) * 1000


def pieces(size: int) -> Iterator[bytes]:
    piece = os.urandom(MIB)
    for _ in range(size // MIB):
        yield piece


def high_water_megabytes(pid: int) -> float:
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1)) / 1024


def uploads(table: Table) -> None:
    with Daemon({"log": {"level": "info"}}) as daemon:
        what = f"memory during an upload of {UPLOAD // GIB} GiB"
        free = shutil.disk_usage(daemon.directory).free
        if free < 2 * UPLOAD:
            table.add(what, f"not measured: {free // GIB} GiB are free, {2 * UPLOAD // GIB} are wanted", "< 64 MB", False)
            return
        bucket = Bucket(daemon, "bench")
        bucket.call("PUT", "")
        pid = daemon.process.pid
        pathlib.Path(f"/proc/{pid}/clear_refs").write_text("5")  # VmHWM begins anew
        before = high_water_megabytes(pid)
        begin = time.perf_counter()
        bucket.call("PUT", "/large", pieces(UPLOAD), length=UPLOAD)
        took = time.perf_counter() - begin
        grown = high_water_megabytes(pid) - before
        table.add(what, f"{grown:.1f} MB more than before, {UPLOAD / MIB / took:,.0f} MiB/s", "< 64 MB", grown < 64)
        bucket.call("DELETE", "/large")


def main() -> int:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    print(f"{machine()}; {ROUNDS} rounds of {seconds} s, medians")
    table = Table()
    gets(table, seconds)
    puts(table, seconds)
    lists(table)
    uploads(table)
    return table.end()


if __name__ == "__main__":
    sys.exit(main())
