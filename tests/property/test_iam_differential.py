# SPDX-License-Identifier: MIT
"""Random requests, decided by us and by an independent evaluator, which must agree.

The other one is @cloud-copilot/iam-simulate from the npm registry (AGPL-3.0; run as a program of its own and no
part of imdsd). Ours is iam_decide_tool of the build folder that IMDSD_BIN_DIR names (build/dev unless set).
"""

from __future__ import annotations

import json
import os
import pathlib
import random
import shutil
import subprocess

import pytest

from support.toolchain import build_dir, require, run_build, unless_built

SEED = 20260102
CASES = 4000
HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]

ACCOUNT, OTHER = "123456789012", "210987654321"
USER = f"arn:aws:iam::{ACCOUNT}:user/team/u"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/r/s"
WORDS = {"Allowed": "allowed", "ExplicitlyDenied": "explicit deny", "ImplicitlyDenied": "implicit deny"}

REQUESTS = [
    ("s3:GetObject", ["arn:aws:s3:::bucket/ann/x", "arn:aws:s3:::bucket/bob/y:z", "arn:aws:s3:::other/ann/x"]),
    ("s3:PutObject", ["arn:aws:s3:::bucket/ann/x", "arn:aws:s3:::other/a"]),
    ("s3:ListBucket", ["arn:aws:s3:::bucket", "arn:aws:s3:::other"]),
    ("sqs:SendMessage", [f"arn:aws:sqs:us-east-1:{ACCOUNT}:queue"]),
]
ACTIONS = ["*", "s3:*", "s3:Get*", "S3:getobject", "s3:?etObject", "s3:*Object", "s3:ListBucket", "sqs:*", "iam:*"]
RESOURCES = ["*", "arn:aws:s3:::*", "arn:aws:s3:::bucket", "arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket/ann/x",
             "arn:aws:s3:::*/x", "arn:aws:s3:::b?cket/*", "arn:aws:s3:::bucket/${aws:username}/*",
             "arn:aws:s3:::bucket/${aws:username, 'bob'}/*", f"arn:aws:sqs:*:{ACCOUNT}:q*",
             "arn:*:sqs:us-east-1:*:queue"]
KEYS = {
    "aws:username": ["ann", "bob", "Ann", "a*"],
    # No IPv6 and no 0.0.0.0/0, which the other one compares wrongly.
    "aws:SourceIp": ["192.0.2.1", "198.51.100.7", "203.0.113.9"],
    "aws:SecureTransport": ["true", "false"],
    "aws:MultiFactorAuthAge": ["0", "99", "100", "3600"],
    "aws:CurrentTime": ["2026-01-01T00:00:00Z", "2026-06-01T12:30:00Z"],
    "aws:SourceArn": [f"arn:aws:sns:us-east-1:{ACCOUNT}:topic", "arn:aws:s3:::bucket"],
}
TESTS = [
    (["StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"], "aws:username",
     ["ann", "Ann", "bob", "a*"]),
    (["StringLike", "StringNotLike"], "aws:username", ["a*", "?nn", "*b", "bob"]),
    (["IpAddress", "NotIpAddress"], "aws:SourceIp", ["192.0.2.0/24", "198.51.100.7", "192.0.0.0/5"]),
    (["Bool"], "aws:SecureTransport", ["true", "false"]),
    (["NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan",
      "NumericGreaterThanEquals"], "aws:MultiFactorAuthAge", ["0", "100", "3600"]),
    (["DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan",
      "DateGreaterThanEquals"], "aws:CurrentTime", ["2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z"]),
    (["ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike"], "aws:SourceArn",
     ["arn:aws:s3:::bucket", "arn:aws:sns:*:*:topic", f"arn:aws:sns:us-east-1:{ACCOUNT}:t?pic", "arn:aws:s3:::*"]),
]
DELEGATING = [{"AWS": ACCOUNT}, {"AWS": USER}, {"AWS": ROLE}, {"AWS": [f"arn:aws:iam::{OTHER}:root", USER]},
              {"Service": "ec2.amazonaws.com"}]
PRINCIPALS = ["*", {"AWS": "*"}, {"AWS": SESSION}, *DELEGATING]


class Generator:
    def __init__(self) -> None:
        self.random = random.Random(SEED)

    def one_or_two(self, values: list[str]) -> object:
        chosen = self.random.sample(values, self.random.choice([1, 1, 2]) if len(values) > 1 else 1)
        return chosen[0] if len(chosen) == 1 and self.random.random() < 0.5 else chosen

    def condition(self) -> dict[str, object]:
        if self.random.random() < 0.15:
            return {"Null": {self.random.choice(list(KEYS)): self.random.choice(["true", "false"])}}
        if self.random.random() < 0.15:
            operator = self.random.choice(["ForAllValues:StringEquals", "ForAnyValue:StringLike"])
            return {operator: {"aws:TagKeys": self.one_or_two(["a", "b", "c"])}}
        operators, key, values = self.random.choice(TESTS)
        if_exists = "IfExists" if self.random.random() < 0.3 else ""
        return {self.random.choice(operators) + if_exists: {key: self.one_or_two(values)}}

    def statement(self, principals: list[object]) -> dict[str, object]:
        out: dict[str, object] = {"Effect": self.random.choice(["Allow", "Allow", "Allow", "Deny"])}
        if principals:
            out["Principal"] = self.random.choice(principals)
        out["NotAction" if self.random.random() < 0.15 else "Action"] = self.one_or_two(ACTIONS)
        if self.random.random() < 0.15:
            # With a variable that is absent the other one drops the whole statement; for us NotResource is the
            # complement of Resource, which then matches nothing.
            out["NotResource"] = self.one_or_two([resource for resource in RESOURCES if "$" not in resource])
        else:
            out["Resource"] = self.one_or_two(RESOURCES)
        if self.random.random() < 0.5:
            out["Condition"] = self.condition()
        return out

    def policy(self, principals: list[object] | None = None) -> dict[str, object]:
        statements = [self.statement(principals or []) for _ in range(self.random.randint(1, 3))]
        return {"Version": "2012-10-17", "Statement": statements}

    def case(self) -> dict[str, object]:
        action, resources = self.random.choice(REQUESTS)
        keys = {key: [self.random.choice(values)] for key, values in KEYS.items() if self.random.random() < 0.7}
        if self.random.random() < 0.5:
            keys["aws:TagKeys"] = self.random.choice([["a"], ["a", "b"], ["c", "a"]])
        out: dict[str, object] = {
            "principal": self.random.choice([USER, SESSION]), "action": action,
            "resource": self.random.choice(resources),
            "resource_account": OTHER if self.random.random() < 0.2 and action.startswith("s3:") else ACCOUNT,
            "keys": keys, "identity": [self.policy() for _ in range(self.random.randint(0, 2))]}
        if self.random.random() < 0.3:
            out["boundary"] = self.policy()
        if self.random.random() < 0.4 and out["principal"] == SESSION:
            out["session"] = self.policy()
        if self.random.random() < 0.5:
            # What a policy grants to the session or to everyone is not limited by session policies in AWS (IAM User
            # Guide, access_policies.html#policies_session), but is by the other one.
            out["resource_policy"] = self.policy(DELEGATING if "session" in out else PRINCIPALS)
        return out


def answers(command: list[object], cases: list[dict[str, object]]) -> list[str]:
    text = "".join(json.dumps(case) + "\n" for case in cases)
    done = subprocess.run([str(part) for part in command], input=text, capture_output=True, text=True, check=True,
                          timeout=300)
    lines = done.stdout.splitlines()
    assert len(lines) == len(cases), done.stderr
    return lines


@pytest.fixture(scope="module")
def ours() -> list[object]:
    tool = pathlib.Path(os.environ.get("IMDSD_BIN_DIR", ROOT / "build" / "dev")) / "iam_decide_tool"
    if not os.access(tool, os.X_OK):
        pytest.fail(f"{tool} is missing: build first, or set IMDSD_BIN_DIR")
    return [tool]


@pytest.fixture(scope="module")
def theirs() -> list[object]:
    node = require("node", ["--version"], at_least=(20,))
    npm = require("npm")
    source, target = HERE / "iam_simulate", build_dir("iam_simulate")
    with unless_built(source, target) as needed:
        if needed:
            for name in ("package.json", "package-lock.json", "program.mjs"):
                shutil.copy(source / name, target / name)
            run_build([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=target)
    return [node, target / "program.mjs"]


def test_decisions_agree(ours: list[object], theirs: list[object]) -> None:
    generator = Generator()
    cases = [generator.case() for _ in range(CASES)]
    mine = answers(ours, cases)
    other = [WORDS.get(answer, answer) for answer in answers(theirs, cases)]
    differing = [(case, a, b) for case, a, b in zip(cases, mine, other) if a != b]
    for case, a, b in differing[:5]:
        print(f"imdsd: {a}; iam-simulate: {b}\n{json.dumps(case, indent=1)}")
    assert not differing, f"{len(differing)} of {CASES} differ"
    # Of use only while the cases go all ways.
    assert all(mine.count(word) > CASES // 20 for word in WORDS.values())
