#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The measures of many instances in one daemon. Called by `./dev bench fleet [SECONDS]`.

What is compared runs in turn, round by round, so that a machine that slows down slows both. Requests name their instance in
the header of a trusted proxy; the daemon of one instance gets the same number of different requests.
"""
import contextlib
import http.client
import os
import pathlib
import statistics
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
os.environ.setdefault("IMDSD_BIN_DIR", str(ROOT / "build/release"))

import load  # noqa: E402
from support.daemon import Daemon, bin_dir, role  # noqa: E402
from table import Table, machine  # noqa: E402

INSTANCES = 10_000
ROUNDS = 5
CONNECTIONS = 64
ROLE = "app-role"
DOCUMENT = f"/latest/meta-data/iam/security-credentials/{ROLE}"
LEAF = "/latest/meta-data/instance-id"


class Fleet:
    """A daemon of `count` instances, and a token of each."""

    def __init__(self, count: int) -> None:
        self.port = load.free_port()
        self.names = [f"machine-{i}" for i in range(count)]
        self.daemon = Daemon({
            "log": {"level": "warn"},
            "imds": {"listen": [f"127.0.0.1:{self.port}"], "trusted_proxies": ["127.0.0.1"]},
            "instance": [{"name": name, "profile": ROLE, "peers": [f"10.{i >> 8}.{i & 255}.0/24"]}
                         for i, name in enumerate(self.names)],
            "iam": {"role": [role(ROLE)]}})
        self.start_ms = self._start()
        self.fresh_mb = load.resident_megabytes(self.daemon.process.pid)
        self.tokens = dict(zip(self.names, self._ask("PUT", "/latest/api/token", {
            "X-aws-ec2-metadata-token-ttl-seconds": "21600"})))

    def _start(self) -> float:
        """To the first answer, in milliseconds."""
        before = time.perf_counter()
        self.daemon.process = subprocess.Popen([bin_dir() / "imdsd", "--config", self.daemon.config_path],
                                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while time.perf_counter() - before < 120:
            try:
                load.sdk_exchange(("127.0.0.1", self.port))
                return (time.perf_counter() - before) * 1000
            except ConnectionRefusedError:
                time.sleep(0.001)
        raise TimeoutError("the daemon did not start")

    def _ask(self, method: str, path: str, headers: dict[str, str]) -> list[str]:
        """The answers for all instances."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        answers = []
        for name in self.names:
            connection.request(method, path, headers={**headers, "X-Imdsd-Instance": name})
            answer = connection.getresponse()
            answers.append(answer.read().decode())
            if answer.status != 200:
                raise RuntimeError(f"{name}: {answer.status} {answers[-1]}")
        connection.close()
        return answers

    def crawl(self) -> float:
        """Resident memory once the tree of each instance has been read."""
        ids = self._ask("GET", LEAF, {})
        assert len(set(ids)) == len(self.names)
        return load.resident_megabytes(self.daemon.process.pid)

    def rate(self, path: str, seconds: int) -> load.Load:
        requests = [("GET", path, {"Host": "127.0.0.1", "X-Imdsd-Instance": name,
                                   "X-aws-ec2-metadata-token": self.tokens[name], "X-Number": str(i)})
                    for i, name in ((i, self.names[i % len(self.names)]) for i in range(INSTANCES))]
        return load.wrk_each(f"http://127.0.0.1:{self.port}/", CONNECTIONS, seconds, requests)

    def rotate(self) -> None:
        self.daemon.ctl("rotate", "--json")

    def close(self) -> None:
        self.daemon.close()


def rates(table: Table, one: Fleet, many: Fleet, seconds: int) -> None:
    for path, what in ((DOCUMENT, "GET credentials"), (LEAF, "GET instance-id")):
        pairs = [(one.rate(path, seconds).rate, many.rate(path, seconds).rate) for _ in range(ROUNDS)]
        ratio = statistics.median(b / a for a, b in pairs)
        table.add(f"{what} (v2 token), {CONNECTIONS} connections, of {INSTANCES:,} instances in turn against 1",
                  f"{statistics.median(b for _, b in pairs):,.0f}/s, {ratio:.2f} of "
                  f"{statistics.median(a for a, _ in pairs):,.0f}/s", ">= 0.85", ratio >= 0.85)


def rotations(table: Table, many: Fleet, seconds: int) -> None:
    alone, beside, counts = [], [], []
    for _ in range(ROUNDS):
        alone.append(many.rate(DOCUMENT, seconds).p99_ms)
        with rotating(many) as count:
            beside.append(many.rate(DOCUMENT, seconds).p99_ms)
        counts.append(count[0])
    ratio = statistics.median(b / a for a, b in zip(alone, beside))
    table.add(f"p99 of the same while all {INSTANCES:,} rotate, again and again",
              f"{statistics.median(beside):.2f} ms, {ratio:.2f} of that without ({statistics.median(alone):.2f} ms), "
              f"{sum(counts) * INSTANCES / (ROUNDS * seconds):,.0f} rotations/s", "<= 2 times", ratio <= 2)


@contextlib.contextmanager
def rotating(fleet: Fleet):
    ending, count = threading.Event(), [0]

    def work() -> None:
        while not ending.is_set():
            fleet.rotate()
            count[0] += 1

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield count
    finally:
        ending.set()
        thread.join()


def main() -> int:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    print(f"{machine()}; {ROUNDS} rounds of {seconds} s, medians")
    table = Table()
    with contextlib.closing(Fleet(1)) as one, contextlib.closing(Fleet(INSTANCES)) as many:
        table.add(f"start of the process to the first credential served, {INSTANCES:,} instances",
                  f"{many.start_ms:,.0f} ms ({one.start_ms:.0f} ms with 1)", "told", True)
        crawled = many.crawl()
        per_instance = [(mb - one.fresh_mb) * 1024 / INSTANCES for mb in (many.fresh_mb, crawled)]
        table.add(f"resident memory, {INSTANCES:,} instances",
                  f"{many.fresh_mb:,.0f} MB, {per_instance[0]:.1f} kB an instance; {crawled:,.0f} MB, "
                  f"{per_instance[1]:.1f} kB once each has been read", "< 50 kB an instance", per_instance[1] < 50)
        rates(table, one, many, seconds)
        rotations(table, many, seconds)
    return table.end()


if __name__ == "__main__":
    sys.exit(main())
