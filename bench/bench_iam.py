#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The measures of policies and the directory. Called by `./dev bench iam [SECONDS]`."""
import contextlib
import json
import os
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
os.environ.setdefault("IMDSD_BIN_DIR", str(ROOT / "build/release"))

import load  # noqa: E402
import peers  # noqa: E402
from filled import Filled  # noqa: E402
from support.daemon import bin_dir  # noqa: E402
from table import Table, machine  # noqa: E402

FEW, MANY = 100, 100_000
ROUNDS = 5
STARTS = 7


def evaluate(table: Table) -> None:
    output = subprocess.run([bin_dir() / "bench_iam_evaluate"], capture_output=True, text=True, check=True).stdout
    for size, what, most in (("small", "evaluate, one small identity policy", 1000),
                             ("large", "evaluate, 10 policies of 50 statements and conditions", 20_000)):
        nanoseconds, allocations = (json.loads(output)[size][name] for name in ("nanoseconds", "allocations"))
        table.add(what, f"{nanoseconds / 1000:.2f} µs, {allocations:g} allocations", f"< {most // 1000} µs",
                  nanoseconds < most)


def calls(table: Table, few: Filled, many: Filled, seconds: int) -> None:
    """In turn, so that a machine that slows down slows both."""
    for name, call in (("GetCallerIdentity", Filled.get_caller_identity), ("AssumeRole", lambda *load: Filled.assume_role(*load).rate)):
        rates = [(call(few, 64, seconds), call(many, 64, seconds)) for _ in range(ROUNDS)]
        slower = statistics.median(a / b for a, b in rates)
        small, large = (statistics.median(column) for column in zip(*rates))
        table.add(f"signed {name}, {MANY:,} users and roles against {FEW}, 64 connections",
                  f"{large:,.0f}/s against {small:,.0f}/s: {slower:.2f} times the time", "<= 1.20 times", slower <= 1.2)


def least_server(many: Filled, seconds: int) -> float:
    """The same requests by the same client to a server that does nothing but commit: what no IAM can exceed here."""
    server = peers.CommitServer(many.copy, "entity", "body")
    try:
        return load.wrk_in_turn(server.url, 1, seconds, many.updates()).rate
    finally:
        server.stop()


def writes(table: Table, many: Filled, seconds: int) -> None:
    """Beside SQLite alone, without HTTP and signatures, on the same rows in the same file system."""
    empty = many.daemon.directory / "empty.db"
    rounds = [(many.update_role(seconds), many.update_role(seconds, 2), many.update_role(seconds, 10), many.get_role(seconds),
               least_server(many, seconds), peers.sqlite_updates_per_second(many.copy, "entity", "body", seconds),
               peers.sqlite_inserts_per_second(empty, seconds)) for _ in range(ROUNDS)]
    ours, two, ten, reads, least, updates, inserts = (statistics.median(column) for column in zip(*rounds))

    def ratio(own: int, other: int) -> float:
        return statistics.median(figures[own] / figures[other] for figures in rounds)

    what = f"signed UpdateRole, one client, durable, {MANY:,} users and roles"
    of_updates, of_inserts = ratio(0, 5), ratio(0, 6)
    table.add(what, f"{ours:,.0f}/s, {of_updates:.2f} of SQLite's commits of one such row in the same database "
                    f"({updates:,.0f}/s)", ">= 0.80 of SQLite", of_updates >= 0.8)
    table.add(f"{what}, beside an empty database", f"{of_inserts:.2f} of SQLite's commits of one short row "
                                                   f"({inserts:,.0f}/s)", ">= 0.80 of SQLite", of_inserts >= 0.8)
    table.add("the most that can be had of such a write here", f"{least:,.0f}/s, {ratio(4, 5):.2f} of SQLite's commits, by a "
              f"server that does nothing but commit and answer; imdsd has {ratio(0, 4):.2f} of that", "told", True)
    table.add(f"{what}, two requests at a time", f"{two:,.0f}/s, {ratio(1, 5):.2f} of SQLite's commits", "told", True)
    table.add(f"{what}, ten requests at a time", f"{ten:,.0f}/s, {ratio(2, 5):.2f} of SQLite's commits",
              ">= 0.80 of SQLite", ratio(2, 5) >= 0.8)
    whole, read, commit = (1e6 / rate for rate in (ours, reads, updates))
    table.add("what such a write takes", f"{whole:.0f} µs; signed GetRole by the same client {read:.0f} µs, SQLite's commit "
                                         f"{commit:.0f} µs, what is left {whole - read - commit:.0f} µs", "told", True)


def starts(table: Table, few: Filled, many: Filled) -> None:
    """Later starts: the files are in the page cache, as they are after a restart."""
    times, memory = {}, {}
    for filled in (few, many):
        filled.daemon.stop()
        runs = []
        for _ in range(STARTS):
            runs.append(load.start_to_first_credential_ms(filled.daemon, filled.port))
            memory[filled] = load.resident_megabytes(filled.daemon.process.pid)
            filled.daemon.stop()
        times[filled] = statistics.median(runs)
    table.add(f"start of the process to the first credential served, {MANY:,} users and roles",
              f"{times[many]:,.0f} ms ({times[few]:.0f} ms with {FEW})", "< 2,000 ms", times[many] < 2000)
    table.add(f"resident memory, {MANY:,} users and roles", f"{memory[many]:.0f} MB ({memory[few]:.0f} MB with {FEW})",
              "told", True)


def main() -> int:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    print(f"{machine()}; {ROUNDS} rounds of {seconds} s, medians")
    table = Table()
    evaluate(table)
    with contextlib.closing(Filled(FEW)) as few, contextlib.closing(Filled(MANY)) as many:
        calls(table, few, many, seconds)
        writes(table, many, seconds)
        starts(table, few, many)
    return table.end()


if __name__ == "__main__":
    sys.exit(main())
