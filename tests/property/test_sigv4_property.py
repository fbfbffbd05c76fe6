# SPDX-License-Identifier: MIT
"""What the SDKs' signers sign, we accept; what is changed afterwards, we refuse.

Random requests from a fixed seed: odd headers, queries, paths and bodies, signed by botocore's SigV4Auth,
S3SigV4Auth, SigV4QueryAuth and S3SigV4QueryAuth, and with SigV4A by awscrt; verified by sigv4_verify_tool of the build folder that
IMDSD_BIN_DIR names (build/dev unless set).
"""

import base64
import datetime
import io
import json
import os
import pathlib
import random
import subprocess
import urllib.parse

import pytest
from awscrt.auth import (AwsCredentialsProvider, AwsSignatureType, AwsSigningAlgorithm, AwsSigningConfig,
                         aws_sign_request)
from awscrt.http import HttpHeaders, HttpRequest
from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

SEED = 20260102
PER_SIGNER = 150
ROOT = pathlib.Path(__file__).resolve().parents[2]
NOW = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
MISMATCH = "error 403 SignatureDoesNotMatch The request signature we calculated"


class SigV4aAuth:
    """awscrt with the interface of botocore's signers; no region, but a set of them."""

    kind = AwsSignatureType.HTTP_REQUEST_HEADERS

    def __init__(self, credentials, service, region):
        self.provider = AwsCredentialsProvider.new_static(
            credentials.access_key, credentials.secret_key, credentials.token)
        self.service, self.region = service, region

    def add_auth(self, request):
        host = request.headers["Host"]
        target = request.url.split(host, 1)[1]
        body = io.BytesIO(request.data) if request.data else None
        signed = HttpRequest(request.method, target, HttpHeaders(request.headers.items()), body)
        config = AwsSigningConfig(
            algorithm=AwsSigningAlgorithm.V4_ASYMMETRIC, signature_type=self.kind,
            credentials_provider=self.provider, region=self.region, service=self.service, date=NOW)
        aws_sign_request(signed, config).result(10)
        request.url = f"http://{host}{signed.path}"
        for name in list(request.headers):
            del request.headers[name]
        for name, value in signed.headers:
            request.headers.add_header(name, value)


class SigV4aQueryAuth(SigV4aAuth):
    kind = AwsSignatureType.HTTP_REQUEST_QUERY_PARAMS


SIGNERS = {
    "header": (auth.SigV4Auth, "normalize", "sts"),
    "presigned": (auth.SigV4QueryAuth, "normalize", "sts"),
    "s3-header": (auth.S3SigV4Auth, "verbatim", "s3"),
    "s3-presigned": (auth.S3SigV4QueryAuth, "verbatim", "s3"),
    "sigv4a-header": (SigV4aAuth, "normalize", "sts"),
    "sigv4a-presigned": (SigV4aQueryAuth, "normalize", "sts"),
}

PIECES = ["a", "Z", "0", "-", "_", ".", "~", " ", "+", "%", "/", "é", "ሴ", "😀", "&", "=", "?", "#",
          "'", '"', "(", ")", "*", "!", "$", ",", ";", ":", "@", "[", "\\", "\x7f", "\t"]
VALUE_PIECES = ["a", "Z", "9", " ", "  ", "   ", "\t", '"', ",", ";", "=", "é", "\\", ":", "/"]


@pytest.fixture(scope="module")
def verify():
    tool = pathlib.Path(os.environ.get("IMDSD_BIN_DIR", ROOT / "build" / "dev")) / "sigv4_verify_tool"
    if not os.access(tool, os.X_OK):
        pytest.fail(f"{tool} is missing: build first, or set IMDSD_BIN_DIR")

    def run(lines):
        text = "".join(json.dumps(line) + "\n" for line in lines)
        done = subprocess.run([tool], input=text.encode(), stdout=subprocess.PIPE, check=True, timeout=120)
        answers = done.stdout.decode("utf-8", "replace").split("\n")[:-1]
        assert len(answers) == len(lines)
        return answers

    return run


@pytest.fixture(autouse=True)
def fixed_time(monkeypatch):
    monkeypatch.setattr(auth, "get_current_datetime", lambda *_, **__: NOW)


def text(rng, pieces, longest):
    return "".join(rng.choice(pieces) for _ in range(rng.randrange(longest + 1)))


def random_path(rng, rule):
    # S3 decodes the path before it encodes it: no client of it escapes a slash.
    pieces = [piece for piece in PIECES if rule == "normalize" or piece != "/"]
    segments = []
    for _ in range(rng.randrange(6)):
        segments.append(rng.choice(["", ".", "..", text(rng, pieces, 6), text(rng, pieces, 6)]))
    return "/" + "/".join(urllib.parse.quote(segment, safe="-_.~") for segment in segments)


def random_query(rng):
    names = ["Action", "Version", "a", "A", "a-", "a.", ""] + [text(rng, PIECES, 5) for _ in range(3)]
    pairs = []
    for _ in range(rng.randrange(8)):
        name = urllib.parse.quote(rng.choice(names), safe="-_.~")
        value = urllib.parse.quote(text(rng, PIECES, 8), safe="-_.~")
        pairs.append(f"{name}={value}")
    return "&".join(pairs)


def random_headers(rng):
    headers = []
    for i in range(rng.randrange(6)):
        name = rng.choice(["X-Amz-Meta-{}", "x-amz-target{}", "X-ODD_{}", "content-language", "x{}", "X-{}-X"])
        for _ in range(rng.choice([1, 1, 1, 2, 3])):
            headers.append((name.format(i), text(rng, VALUE_PIECES, 12).strip(" \t")))
    if rng.random() < 0.5:
        headers.append(("Content-Type", "application/x-www-form-urlencoded"))
    if rng.random() < 0.3:
        headers.append(("User-Agent", "not signed"))
    return headers


def random_body(rng):
    return rng.choice([b"", b"Action=GetCallerIdentity&Version=2011-06-15", rng.randbytes(rng.randrange(300))])


def signed_line(rng, kind):
    """A request as it goes over the wire, with what the verifier needs to know."""
    signer, rule, service = SIGNERS[kind]
    presigned = "presigned" in kind
    host = rng.choice(["127.0.0.1:1339", "localhost", "[::1]:1339", "sts.us-east-1.localhost:80"])
    key, secret = "AKIA" + text(rng, "ABC234", 16), text(rng, "abcXYZ019+/", 40)
    if "sigv4a" in kind:
        secret = secret or "s"  # awscrt refuses none
    token = rng.choice([None, text(rng, "abcXYZ019+/=", 200) or "t"])
    region = rng.choice(["us-east-1", "ap-southeast-1", "aws-global"])
    query = random_query(rng)
    url = f"http://{host}{random_path(rng, rule)}" + ("?" + query if query else "")
    request = AWSRequest(rng.choice(["GET", "POST", "PUT", "DELETE"]), url,
                         data=b"" if presigned else random_body(rng))
    request.headers["Host"] = host
    for name, value in random_headers(rng):
        request.headers.add_header(name, value)
    signer(Credentials(key, secret, token), service, region).add_auth(request)
    target = request.url.split(host, 1)[1]
    body = request.data or b""
    if presigned and rule == "verbatim":
        body = random_body(rng)  # S3 signs URLs without their body
    return {
        "method": request.method, "target": target,
        "headers": [[name, " ".join(value.split("\n"))] for name, value in request.headers.items()],
        "body_b64": base64.b64encode(body).decode(), "secret": secret, "service": service,
        "region": region, "rule": rule, "now": "2026-01-02T03:04:05Z",
    }, " ".join(["ok", key] + ([token] if token else []))


def signed_lines(kind):
    rng = random.Random(f"{SEED} {kind}")
    return rng, [signed_line(rng, kind) for _ in range(PER_SIGNER)]


@pytest.mark.parametrize("kind", SIGNERS)
def test_accepts_what_the_sdks_sign(verify, kind):
    _, cases = signed_lines(kind)
    for (line, expected), answer in zip(cases, verify([line for line, _ in cases])):
        assert answer == expected, json.dumps(line, indent=1)


def tampered(rng, line):
    """One change that a signature must notice."""
    line = json.loads(json.dumps(line))
    presigned = "X-Amz-Signature=" in line["target"]
    changes = ["method", "host", "secret", "query"]
    if line["rule"] == "normalize":
        changes.append("body")
    if not presigned:
        changes.append("header")
    change = rng.choice(changes)
    if change == "method":
        line["method"] += "X"
    elif change == "host":
        line["headers"] = [[n, v + "0" if n.lower() == "host" else v] for n, v in line["headers"]]
    elif change == "secret":
        line["secret"] += "x"
    elif change == "query":
        line["target"] += ("&" if "?" in line["target"] else "?") + "Tampered"
    elif change == "body":
        line["body_b64"] = base64.b64encode(base64.b64decode(line["body_b64"]) + b"x").decode()
    else:
        line["headers"].insert(0, ["x-amz-date", "20260102T030406Z"])
    return line


@pytest.mark.parametrize("kind", SIGNERS)
def test_refuses_what_was_changed_afterwards(verify, kind):
    rng, cases = signed_lines(kind)
    changed = [tampered(rng, line) for line, _ in cases]
    for line, answer in zip(changed, verify(changed)):
        assert answer.startswith(MISMATCH), json.dumps(line, indent=1)


@pytest.mark.parametrize("kind", SIGNERS)
def test_bounds_the_age_of_a_signature(verify, kind):
    _, cases = signed_lines(kind)
    for now, verdict in [("2026-01-02T03:19:05Z", "ok "), ("2026-01-02T03:19:06Z", "error 403 "),
                         ("2026-01-02T02:49:05Z", "ok "), ("2026-01-02T02:49:04Z", "error 403 ")]:
        lines = [dict(line, now=now) for line, _ in cases[:20]]
        for answer in verify(lines):
            assert answer.startswith(verdict), now
