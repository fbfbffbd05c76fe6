# SPDX-License-Identifier: MIT
"""What every SDK must be able to do with S3, on its default settings and with the credentials of an instance."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from support.daemon import REGION, ROLE, Daemon
from support.iam import admin_client
from support.program import Program

BUCKET = "conformance"
LARGE = (bytes(range(251)) * (11 * 1024 * 1024 // 251 + 1))[: 11 * 1024 * 1024]


def allow_bucket(daemon: Daemon) -> str:
    """A bucket, and the instance's role allowed to use it."""
    s3 = admin_client(daemon, "s3")
    if BUCKET not in [entry["Name"] for entry in s3.list_buckets()["Buckets"]]:
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    arns = [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"]
    admin_client(daemon).put_role_policy(
        RoleName=ROLE, PolicyName="s3", PolicyDocument=json.dumps({
            "Version": "2012-10-17",
            "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": arns}}))
    return BUCKET


class S3Suite:
    """The tests of one SDK, for a subclass to inherit. The module has a fixture `built`, too."""

    # What the program's keys begin with.
    prefix = ""
    arguments = ("default",)
    # Besides the text and the large object, and their sizes.
    others: tuple[tuple[str, int], ...] = ()

    def test_puts_gets_lists_and_uploads_in_parts(self, built: list[object], shared_daemon: Daemon) -> None:
        self.check(built, shared_daemon, shared_daemon.sdk_env())

    def check(self, built: list[object], daemon: Daemon, env: Mapping[str, str]) -> None:
        bucket = allow_bucket(daemon)
        with Program([*built, *self.arguments], env) as program:
            answer = program.ask(f"s3 {bucket}")
        assert answer["text"] == "hello, world"
        assert answer["large_sha256"] == hashlib.sha256(LARGE).hexdigest()
        assert answer["large_etag"].strip('"').rpartition("-")[2] in ("2", "3"), answer
        objects = dict(self.others) | {"large": len(LARGE), "text": len("hello, world")}
        assert answer["keys"] == " ".join(f"{self.prefix}/{key}:{objects[key]}" for key in sorted(objects))
