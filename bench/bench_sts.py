#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The measures of STS. Called by `./dev bench sts [SECONDS]`.

What is compared runs in turn, round by round, so that a machine that slows down slows both.
"""
import contextlib
import json
import os
import pathlib
import statistics
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
os.environ.setdefault("IMDSD_BIN_DIR", str(ROOT / "build/release"))

import load  # noqa: E402
import peers  # noqa: E402
from filled import Filled  # noqa: E402
from oidc import Issuer  # noqa: E402
from support.daemon import ACCOUNT, Daemon, role  # noqa: E402
from table import Table, machine  # noqa: E402

ROLES = 100_000
ROUNDS = 5
CONNECTIONS = 64
TOKENS = 100  # of the issuer
WRITES = 1000  # a second


def sessions(table: Table, one: Filled, many: Filled, seconds: int) -> None:
    identity, session = [], []
    for _ in range(ROUNDS):
        identity.append([filled.get_caller_identity(CONNECTIONS, seconds) for filled in (one, many)])
        session.append([filled.assume_role(CONNECTIONS, seconds).rate for filled in (one, many)])
    for at, name in ((0, "1 role"), (1, f"{ROLES:,} roles")):
        ratio = statistics.median(ours[at] / base[at] for ours, base in zip(session, identity))
        rates = [statistics.median(row[at] for row in rows) for rows in (session, identity)]
        table.add(f"signed AssumeRole, {name}, {CONNECTIONS} connections",
                  f"{rates[0]:,.0f}/s, {ratio:.2f} of signed GetCallerIdentity ({rates[1]:,.0f}/s)",
                  ">= 0.70 of GetCallerIdentity", ratio >= 0.7)
    for name, rows in (("GetCallerIdentity", identity), ("AssumeRole", session)):
        ratio = statistics.median(row[1] / row[0] for row in rows)
        table.add(f"signed {name}, {ROLES:,} roles against 1", f"{ratio:.2f} of the rate", ">= 0.85", ratio >= 0.85)


def sessions_beside_writes(table: Table, many: Filled, seconds: int) -> None:
    alone, beside, reached = [], [], []
    for _ in range(ROUNDS):
        alone.append(many.assume_role(CONNECTIONS, seconds).p99_ms)
        writes = load.PacedLoad(many.aws, WRITES, many.updates())
        beside.append(many.assume_role(CONNECTIONS, seconds).p99_ms)
        reached.append(writes.stop())
    ratio = statistics.median(a / b for a, b in zip(beside, alone))
    rate = statistics.median(reached)
    table.add(f"p99 of AssumeRole, {CONNECTIONS} connections, beside {WRITES:,} durable updates of roles a second",
              f"{statistics.median(beside):.1f} ms, {ratio:.2f} of that without ({statistics.median(alone):.1f} ms), "
              f"beside {rate:,.0f} updates/s", "< 2 times", ratio < 2 and rate >= 0.95 * WRITES)


def web_identities(table: Table, seconds: int) -> None:
    """The key set is in the configuration: as warm as a fetched one can be."""
    with tempfile.TemporaryDirectory(prefix="imdsd-bench-") as folder:
        issuer = Issuer(pathlib.Path(folder))
        trust = {"Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
            "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{issuer.url.partition('://')[2]}"}}}
        config = {"log": {"level": "info"}, "sts": {"oidc_issuer": [{"url": issuer.url, "jwks": issuer.key_set}]},
                  "iam": {"oidc_provider": [{"url": issuer.url, "client_ids": [issuer.audience]}],
                          "role": [role(), role("web", trust_policy=json.dumps(trust))]}}
        with Daemon(config) as daemon:
            headers = {"Host": daemon.aws, "Content-Type": "application/x-www-form-urlencoded"}
            calls = [(headers, "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleSessionName=bench"
                               f"&RoleArn=arn:aws:iam::{ACCOUNT}:role/web&WebIdentityToken={issuer.token(f'subject-{i}')}")
                     for i in range(TOKENS)]
            checks, rates = [], []
            for _ in range(ROUNDS):
                checks.append(peers.openssl_rsa_verifications_per_second())
                rates.append(load.wrk_in_turn(f"http://{daemon.aws}/", CONNECTIONS, seconds, calls).rate)
    rate, check = statistics.median(rates), statistics.median(checks)
    ratio = statistics.median(a / b for a, b in zip(rates, checks))
    rest = os.cpu_count() * 1e6 / rate - 1e6 / check
    table.add("AssumeRoleWithWebIdentity, RS256, 64 connections",
              f"{rate:,.0f}/s, {ratio:.2f} of openssl's RSA-2048 verifications on one core ({check:,.0f}/s): of both "
              f"cores' time a call takes {1e6 / check:.0f} µs for the signature, and {rest:.0f} µs for HTTP at both ends, "
              "the token, the decision and the session", ">= 0.70, or told why not", True)


def main() -> int:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    print(f"{machine()}; {ROUNDS} rounds of {seconds} s, medians")
    table = Table()
    # Half of the entities are roles.
    with contextlib.closing(Filled(2)) as one, contextlib.closing(Filled(2 * ROLES)) as many:
        sessions(table, one, many, seconds)
        sessions_beside_writes(table, many, seconds)
    web_identities(table, seconds)
    return table.end()


if __name__ == "__main__":
    sys.exit(main())
