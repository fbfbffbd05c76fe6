# SPDX-License-Identifier: MIT
"""S3 with the settings that boto3 and the AWS CLI have by default: whole objects, parts, over HTTP and HTTPS."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import botocore.exceptions
import pytest
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from support.daemon import ACCOUNT, REGION, Daemon
from support.iam import admin_client, admin_keys, refused
from support.s3 import AwsCli, s3_client

MIB = 1 << 20


@pytest.fixture(scope="module")
def daemon() -> Iterator[Daemon]:
    with Daemon({"aws": {"tls_listen": ["127.0.0.1:0"]}}) as running:
        yield running


@pytest.fixture(scope="module")
def s3(daemon: Daemon):
    return s3_client(daemon)


@pytest.fixture
def bucket(s3, request) -> Iterator[str]:
    name = "b-" + hashlib.sha256(request.node.name.encode()).hexdigest()[:12]
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    yield name
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=name):
        for each in page.get("Contents", []):
            s3.delete_object(Bucket=name, Key=each["Key"])
    s3.delete_bucket(Bucket=name)


@pytest.fixture(scope="module")
def secure(daemon: Daemon):
    """Over HTTPS bodies come in chunks, with the checksum behind them."""
    tls = daemon.status()["aws"]["tls_listen"][0]
    authority = daemon.directory / "state" / "ca.pem"
    return s3_client(daemon, url=f"https://{tls}", verify=str(authority))


def fetch(url: str, **headers: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_an_object_comes_back_as_it_was_put(s3, bucket: str) -> None:
    put = s3.put_object(Bucket=bucket, Key="a b/ä+%.txt", Body=b"hello", ContentType="text/plain",
                        Metadata={"colour": "blue"}, Tagging="team=red")
    assert put["ETag"] == '"5d41402abc4b2a76b9719d911017c592"'
    assert put["ChecksumCRC32"] == "NhCmhg=="
    got = s3.get_object(Bucket=bucket, Key="a b/ä+%.txt")
    assert got["Body"].read() == b"hello"
    assert (got["ContentType"], got["Metadata"], got["TagCount"]) == ("text/plain", {"colour": "blue"}, 1)
    assert s3.get_object_tagging(Bucket=bucket, Key="a b/ä+%.txt")["TagSet"] == [{"Key": "team", "Value": "red"}]
    assert [each["Key"] for each in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["a b/ä+%.txt"]
    assert refused(s3.get_object, Bucket=bucket, Key="none") == (404, "NoSuchKey", "The specified key does not exist.")
    assert s3.get_bucket_location(Bucket=bucket)["LocationConstraint"] == REGION


def test_ranges_and_conditions(s3, bucket: str) -> None:
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"0123456789")["ETag"]
    part = s3.get_object(Bucket=bucket, Key="k", Range="bytes=2-4")
    assert (part["Body"].read(), part["ContentRange"]) == (b"234", "bytes 2-4/10")
    assert refused(s3.get_object, Bucket=bucket, Key="k", Range="bytes=10-")[:2] == (416, "InvalidRange")
    assert refused(s3.get_object, Bucket=bucket, Key="k", IfNoneMatch=etag)[:2] == (304, "304")
    assert refused(s3.put_object, Bucket=bucket, Key="k", Body=b"x", IfNoneMatch="*")[:2] == (412, "PreconditionFailed")
    s3.put_object(Bucket=bucket, Key="k", Body=b"x", IfMatch=etag)


@pytest.mark.parametrize("algorithm", ["CRC32", "SHA1", "SHA256"])
def test_chunks_with_a_trailing_checksum_over_https(secure, bucket: str, algorithm: str) -> None:
    body = os.urandom(300_000)
    put = secure.put_object(Bucket=bucket, Key="k", Body=body, ChecksumAlgorithm=algorithm, ContentEncoding="gzip")
    assert put["Checksum" + algorithm]
    got = secure.get_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    assert got["Checksum" + algorithm] == put["Checksum" + algorithm]
    assert got["Body"].read() == body
    assert got["ContentEncoding"] == "gzip"


@pytest.mark.parametrize("client", ["s3", "secure"])
def test_a_large_file_goes_up_and_down_in_parts(client: str, request, bucket: str, tmp_path: Path) -> None:
    s3 = request.getfixturevalue(client)
    file, back = tmp_path / "file", tmp_path / "back"
    file.write_bytes(os.urandom(20 * MIB))
    s3.upload_file(str(file), bucket, "large", ExtraArgs={"Metadata": {"a": "1"}})
    head = s3.head_object(Bucket=bucket, Key="large")
    assert head["ETag"].endswith('-3"')
    assert (head["ContentLength"], head["Metadata"]) == (20 * MIB, {"a": "1"})
    s3.download_file(bucket, "large", str(back))
    assert back.read_bytes() == file.read_bytes()
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=bucket)
    s3.copy({"Bucket": bucket, "Key": "large"}, bucket, "copy")
    assert s3.head_object(Bucket=bucket, Key="copy")["ContentLength"] == 20 * MIB


def test_a_refused_upload_ends_before_its_body(daemon: Daemon, s3, bucket: str) -> None:
    stranger = s3_client(daemon, ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"))
    assert refused(stranger.put_object, Bucket=bucket, Key="k", Body=b"x" * 4 * MIB)[:2] == (403, "InvalidAccessKeyId")
    assert refused(s3.put_object, Bucket="no-such-bucket", Key="k", Body=b"x" * 4 * MIB)[:2] == (404, "NoSuchBucket")


def test_a_body_is_asked_for_once_the_upload_is_allowed(daemon: Daemon, s3, bucket: str) -> None:
    """Who sends `Expect: 100-continue` is told 403 in place of 100, and sends nothing."""
    iam = admin_client(daemon)
    iam.create_user(UserName="no-writer")
    key = iam.create_access_key(UserName="no-writer")["AccessKey"]
    stranger = s3_client(daemon, (key["AccessKeyId"], key["SecretAccessKey"]), signature="s3v4")
    host, port = daemon.aws.rsplit(":", 1)

    def put(client) -> Iterator[bytes]:
        url = client.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "k"})
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            connection.sendall(f"PUT {url.removeprefix(f'http://{daemon.aws}')} HTTP/1.1\r\nHost: {daemon.aws}\r\n"
                               "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n".encode())
            yield connection.recv(4096)
            connection.sendall(b"hello")
            yield connection.recv(4096)

    assert next(put(stranger)).startswith(b"HTTP/1.1 403 ")
    assert [answer.splitlines()[0] for answer in put(s3_client(daemon, signature="s3v4"))] == [
        b"HTTP/1.1 100 Continue", b"HTTP/1.1 200 OK"]
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"hello"


def test_presigned_urls_and_the_anonymous(daemon: Daemon, s3, bucket: str) -> None:
    signing = s3_client(daemon, signature="s3v4")
    s3.put_object(Bucket=bucket, Key="k", Body=b"hello")
    url = signing.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "k"})
    assert "X-Amz-Signature" in url
    assert fetch(url) == (200, b"hello")
    assert fetch(url.replace("/k?", "/other?"))[0] == 403
    plain = f"http://{daemon.aws}/{bucket}/k"
    status, body = fetch(plain)
    assert (status, b"<Message>Access Denied</Message>" in body) == (403, True)

    policy = json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}]})
    code, message = refused(s3.put_bucket_policy, Bucket=bucket, Policy=policy)[1:]
    assert code == "AccessDenied"
    assert message.endswith("because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public "
                            "Access.")
    s3.delete_public_access_block(Bucket=bucket)
    s3.put_bucket_policy(Bucket=bucket, Policy=policy)
    assert s3.get_bucket_policy_status(Bucket=bucket)["PolicyStatus"]["IsPublic"] is True
    assert s3.get_bucket_policy(Bucket=bucket)["Policy"] == policy
    assert fetch(plain) == (200, b"hello")
    assert fetch(f"http://{daemon.aws}/k", Host=f"{bucket}.localhost") == (200, b"hello")
    assert fetch(plain + "?acl")[0] == 403


def test_headers_that_an_sdk_moved_into_a_presigned_url_count(daemon: Daemon, s3, bucket: str) -> None:
    """As those of Java and JavaScript make them, the latter with the checksum of a body that they do not have."""
    moved = {"x-amz-meta-colour": "dark blue", "x-amz-tagging": "team=red", "x-amz-sdk-checksum-algorithm": "CRC32",
             "x-amz-checksum-crc32": "AAAAAA==", "X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD", "x-id": "PutObject"}
    url = AWSRequest("PUT", f"http://{daemon.aws}/{bucket}/k?" + urllib.parse.urlencode(moved))
    S3SigV4QueryAuth(Credentials(*admin_keys(daemon)), "s3", REGION, expires=60).add_auth(url)
    put = urllib.request.Request(url.url, data=b"hello", method="PUT", headers={"Content-Type": "text/plain"})
    with urllib.request.urlopen(put, timeout=10) as answer:
        assert answer.status == 200
    head = s3.head_object(Bucket=bucket, Key="k")
    assert (head["Metadata"], head["ContentType"]) == ({"colour": "dark blue"}, "text/plain")
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == [{"Key": "team", "Value": "red"}]


def test_many_objects_are_listed_and_deleted(s3, bucket: str) -> None:
    for number in range(12):
        s3.put_object(Bucket=bucket, Key=f"folder-{number % 3}/{number:02}", Body=b"x")
    pages = list(s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, PaginationConfig={"PageSize": 5}))
    assert [len(page["Contents"]) for page in pages] == [5, 5, 2]
    folders = s3.list_objects(Bucket=bucket, Delimiter="/")["CommonPrefixes"]
    assert [each["Prefix"] for each in folders] == ["folder-0/", "folder-1/", "folder-2/"]
    keys = [{"Key": each["Key"]} for page in pages for each in page["Contents"]]
    deleted = s3.delete_objects(Bucket=bucket, Delete={"Objects": keys})
    assert len(deleted["Deleted"]) == 12
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


def test_the_commands_of_the_aws_cli(daemon: Daemon, tmp_path: Path) -> None:
    aws = AwsCli(daemon, tmp_path)
    (tmp_path / "site").mkdir()
    for name in ("index.html", "style.css"):
        (tmp_path / "site" / name).write_text(name)
    aws.run("s3", "mb", "s3://cli-bucket")
    aws.run("s3", "sync", "site", "s3://cli-bucket/images")
    assert "PRE images/" in aws.run("s3", "ls", "s3://cli-bucket").stdout
    assert aws.run("s3", "cp", "s3://cli-bucket/images/index.html", "-").stdout == "index.html"
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text("[default]\ns3 =\n  signature_version = s3v4\n")
    assert fetch(aws.run("s3", "presign", "s3://cli-bucket/images/index.html").stdout.strip()) == (200, b"index.html")
    aws.run("s3", "rb", "--force", "s3://cli-bucket")
    missing = aws.run("s3", "ls", "s3://cli-bucket", check=False)
    assert "(NoSuchBucket)" in missing.stderr


def test_calls_are_recorded_and_denials_explained(daemon: Daemon, s3, bucket: str) -> None:
    iam = admin_client(daemon)
    iam.create_user(UserName="s3-reader")
    key = iam.create_access_key(UserName="s3-reader")["AccessKey"]
    reader = s3_client(daemon, (key["AccessKeyId"], key["SecretAccessKey"]))
    with pytest.raises(botocore.exceptions.ClientError) as error:
        reader.get_object(Bucket=bucket, Key="k")
    response = error.value.response
    assert response["Error"]["Message"] == (
        f"User: arn:aws:iam::{ACCOUNT}:user/s3-reader is not authorized to perform: s3:GetObject on resource: "
        f'"arn:aws:s3:::{bucket}/k" because no identity-based policy allows the s3:GetObject action')
    explained = daemon.ctl("explain", response["ResponseMetadata"]["RequestId"]).stdout
    assert f"arn:aws:s3:::{bucket}/k" in explained

