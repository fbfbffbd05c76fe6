# SPDX-License-Identifier: MIT
"""Objects on a disk that is full: the writer is told, nothing that was acknowledged is lost, nothing half is there, and
it works again when there is room."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import botocore.exceptions
import pytest

from support.daemon import Daemon
from support.iam import admin_client
from support.small_disk import SmallDisk, small_disk

BUCKET = "bucket"
KEPT = os.urandom(100_000)


@pytest.fixture
def on_small_disk() -> Iterator[tuple[Daemon, SmallDisk]]:
    """A daemon with one object that has stopped; its state directory is a small disk now."""
    with contextlib.ExitStack() as stack:
        daemon = stack.enter_context(Daemon())
        s3 = admin_client(daemon, "s3")
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name})
        s3.put_object(Bucket=BUCKET, Key="kept", Body=KEPT)
        daemon.stop()
        disk = stack.enter_context(small_disk(daemon.directory / "state", megabytes=4))
        stack.callback(daemon.stop)  # before the disk goes
        yield daemon, disk


def objects(s3) -> dict[str, bytes]:
    keys = [each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]
    return {key: s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() for key in keys}


def files(daemon: Daemon) -> list[Path]:
    return [path for path in (daemon.directory / "state/s3").rglob("*") if path.is_file()]


def failed(error: pytest.ExceptionInfo[botocore.exceptions.ClientError]) -> bool:
    """As a failure of the service, so that SDKs try again."""
    return error.value.response["ResponseMetadata"]["HTTPStatusCode"] in (500, 503)


def test_an_upload_that_does_not_fit_leaves_what_there_was(on_small_disk) -> None:
    daemon, _ = on_small_disk
    daemon.start()
    s3 = admin_client(daemon, "s3")
    for key in ("new", "kept"):  # and one that replaces
        with pytest.raises(botocore.exceptions.ClientError) as error:
            s3.put_object(Bucket=BUCKET, Key=key, Body=os.urandom(6_000_000))
        assert failed(error)
    assert "the disk is full; free space, and it works again" in daemon.log
    assert objects(s3) == {"kept": KEPT}
    assert len(files(daemon)) == 1
    s3.put_object(Bucket=BUCKET, Key="new", Body=KEPT)
    assert objects(s3) == {"kept": KEPT, "new": KEPT}


def test_writes_fail_while_the_disk_is_full_and_work_again_then(on_small_disk) -> None:
    daemon, disk = on_small_disk
    daemon.start()
    s3 = admin_client(daemon, "s3")
    expected = {"kept": KEPT}
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"k")  # its log has room for some changes now
    disk.fill()
    for number in range(500):
        try:
            # Of no bytes: what does not fit is the row.
            s3.put_object(Bucket=BUCKET, Key=f"object-{number:03}")
        except botocore.exceptions.ClientError as failure:
            assert failure.response["ResponseMetadata"]["HTTPStatusCode"] in (500, 503)
            break
        expected[f"object-{number:03}"] = b""
    else:
        raise AssertionError("no write failed")
    assert objects(s3) == expected | {"k": b"k"}
    assert len(files(daemon)) == len(expected) + 1, "what failed left no file"
    disk.free()
    s3.delete_object(Bucket=BUCKET, Key="k")
    s3.put_object(Bucket=BUCKET, Key="later", Body=b"later")
    daemon.restart()
    assert objects(admin_client(daemon, "s3")) == expected | {"later": b"later"}
    assert len(files(daemon)) == len(expected) + 1


def test_a_start_on_a_read_only_disk_serves_objects(on_small_disk) -> None:
    daemon, disk = on_small_disk
    disk.set_read_only(True)
    daemon.start()
    s3 = admin_client(daemon, "s3")
    assert objects(s3) == {"kept": KEPT}
    for call in (lambda: s3.put_object(Bucket=BUCKET, Key="new", Body=b"new"),
                 lambda: s3.delete_object(Bucket=BUCKET, Key="kept")):
        with pytest.raises(botocore.exceptions.ClientError) as error:
            call()
        assert failed(error)
    disk.set_read_only(False)
    s3.put_object(Bucket=BUCKET, Key="new", Body=b"new")
    assert objects(s3) == {"kept": KEPT, "new": b"new"}
