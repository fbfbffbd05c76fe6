# SPDX-License-Identifier: MIT
"""s3fs-fuse, a client of S3 that is no SDK, mounts a bucket: what is copied into it is in the bucket, and back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.daemon import REGION, Daemon, clean_environment
from support.iam import admin_client, admin_keys
from support.toolchain import require, skip
from support.waiting import wait_for

BUCKET = "mounted"
# s3fs uploads what is over 20 MiB in parts of 10.
LARGE = os.urandom(1 << 20) * 21


@pytest.fixture(scope="module")
def s3fs() -> str:
    path = require("s3fs")
    require("fusermount")
    try:
        os.close(os.open("/dev/fuse", os.O_RDWR))
    except OSError as error:
        skip(f"/dev/fuse cannot be opened: {error.strerror}")
    return path


@pytest.fixture
def mounted(s3fs: str, shared_daemon: Daemon, tmp_path: Path) -> Iterator[Path]:
    key, secret = admin_keys(shared_daemon)
    shared_daemon.note_secret(secret)
    s3 = admin_client(shared_daemon, "s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    passwords = tmp_path / "passwords"
    passwords.touch(mode=0o600)
    passwords.write_text(f"{key}:{secret}")
    mount = tmp_path / "mount"
    mount.mkdir()
    options = f"url=http://{shared_daemon.aws},endpoint={REGION},use_path_request_style,passwd_file={passwords}"
    process = subprocess.Popen([s3fs, BUCKET, mount, "-f", "-o", options], env=clean_environment(),
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        wait_for("the mount", lambda: os.path.ismount(mount) or process.poll() is not None)
        assert process.poll() is None, process.communicate()[0].decode()
        yield mount
    finally:
        if process.poll() is None:
            subprocess.run(["fusermount", "-u", mount], check=True, timeout=30)
        process.communicate(timeout=30)
        s3.delete_bucket(Bucket=BUCKET)


def test_files_are_objects(mounted: Path, shared_daemon: Daemon) -> None:
    s3 = admin_client(shared_daemon, "s3")
    (mounted / "a folder").mkdir()
    (mounted / "a folder" / "ü.txt").write_text("from a file")
    (mounted / "large").write_bytes(LARGE)
    assert s3.get_object(Bucket=BUCKET, Key="a folder/ü.txt")["Body"].read() == b"from a file"
    large = s3.head_object(Bucket=BUCKET, Key="large")
    assert large["ContentLength"] == len(LARGE)
    assert "-" in large["ETag"], "it was uploaded in parts"

    s3.put_object(Bucket=BUCKET, Key="from-the-api", Body=b"from an object")
    assert (mounted / "from-the-api").read_text() == "from an object"
    assert sorted(path.name for path in mounted.iterdir()) == ["a folder", "from-the-api", "large"]
    assert (mounted / "large").read_bytes() == LARGE

    shutil.move(mounted / "large", mounted / "a folder" / "moved")
    assert s3.head_object(Bucket=BUCKET, Key="a folder/moved")["ContentLength"] == len(LARGE)
    shutil.rmtree(mounted / "a folder")
    (mounted / "from-the-api").unlink()
    assert "Contents" not in s3.list_objects_v2(Bucket=BUCKET)


def test_a_denial_is_a_file_error(mounted: Path, shared_daemon: Daemon) -> None:
    s3 = admin_client(shared_daemon, "s3")
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({
        "Version": "2012-10-17",
        "Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject",
                      "Resource": f"arn:aws:s3:::{BUCKET}/*"}}))
    with pytest.raises(PermissionError):
        (mounted / "refused").write_text("no")
    s3.delete_bucket_policy(Bucket=BUCKET)
