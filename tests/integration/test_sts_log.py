# SPDX-License-Identifier: MIT
"""No secret of a call reaches the log, at any level, whether the call succeeds or not. Daemon looks for what
QueryClient noted when it ends; here are calls that carry each kind of secret, and answers with each."""

from __future__ import annotations

import base64
import json
import time
import urllib.parse

import pytest
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from support.daemon import ACCOUNT, REGION, Daemon, role
from support.iam import admin_client, admin_keys
from support.policies import trust
from support.query import Key, QueryClient, elements
from support.totp import code

SECRET = "a-long-term-secret-of-this-test-run-0003"
DEV = Key("AKIAIMDSDTESTKEY0001", SECRET)
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/assumed"
CONFIG = {
    "iam": {
        "user": [{"name": "dev", "access_keys": [{"id": DEV.id, "secret_env": "TEST_SECRET"}],
                  "policies": [{"name": "all", "document": json.dumps(
                      {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:*", "Resource": "*"}})}]}],
        "role": [role(), {"name": "assumed", "trust_policy": trust(f"arn:aws:iam::{ACCOUNT}:user/dev")}],
    }
}


def jwt_like() -> str:
    """A token that nobody signed."""
    parts = [{"alg": "RS256", "typ": "JWT", "kid": "k"}, {"iss": "https://issuer.test", "sub": "somebody", "aud": "sts"}]
    texts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*texts, "c2lnbmF0dXJlLW9mLW5vYm9keS1hdC1hbGw"])


def form(action: str, **parameters: str) -> str:
    return urllib.parse.urlencode({"Action": action, "Version": "2011-06-15", **parameters})


@pytest.fixture
def daemon(start_daemon) -> Daemon:
    running = start_daemon(CONFIG, env={"TEST_SECRET": SECRET})
    running.note_secret(SECRET)
    return running


def test_calls_with_every_kind_of_secret(daemon: Daemon) -> None:
    dev = QueryClient(daemon.aws, DEV, daemon.note_secret)
    assumed = {"RoleArn": ROLE_ARN, "RoleSessionName": "session"}
    answer = dev.post(form("AssumeRole", **assumed))
    assert answer.status == 200, answer.text
    credentials = elements(answer)
    session = QueryClient(dev.address, Key(credentials["AccessKeyId"], credentials["SecretAccessKey"],
                                           credentials["SessionToken"]), daemon.note_secret)
    identity = form("GetCallerIdentity")
    assert session.post(identity).status == 200
    assert session.get(identity).status == 200
    # Refused, in each stage: what is told of it holds nothing of the secrets either.
    assert session.post(form("NoSuchAction")).status == 400
    assert session.post(form("AssumeRole", **assumed)).status == 403
    assert QueryClient(dev.address, Key(session.key.id, "wrong", session.key.token), daemon.note_secret).post(identity).status == 403
    assert QueryClient(dev.address, Key(session.key.id, session.key.secret, session.key.token[:-4]),
                       daemon.note_secret).post(identity).status == 403
    for action, parameters in (
        ("AssumeRoleWithWebIdentity", {**assumed, "WebIdentityToken": jwt_like()}),
        ("AssumeRoleWithSAML", {"RoleArn": ROLE_ARN, "PrincipalArn": f"arn:aws:iam::{ACCOUNT}:saml-provider/p",
                                "SAMLAssertion": base64.b64encode(b"<Response>an assertion</Response>").decode()}),
        ("DecodeAuthorizationMessage", {"EncodedMessage": "not-a-message-of-ours-but-encoded-somewhere"}),
        ("GetDelegatedAccessToken", {"TradeInToken": "a-token-to-be-traded-in-for-another"}),
        ("AssumeRole", {**assumed, "ProvidedContexts.member.1.ProviderArn": f"arn:aws:iam::{ACCOUNT}:oidc-provider/p",
                        "ProvidedContexts.member.1.ContextAssertion": "an-assertion-of-a-context-provider"}),
    ):
        for send in (dev.post, dev.get):
            assert send(form(action, **parameters)).status >= 400


def test_presigned_urls(daemon: Daemon) -> None:
    dev = QueryClient(daemon.aws, DEV, daemon.note_secret)
    credentials = elements(dev.post(form("AssumeRole", RoleArn=ROLE_ARN, RoleSessionName="session")))
    request = AWSRequest("GET", f"http://{daemon.aws}/?{form('GetCallerIdentity')}", headers={"Host": daemon.aws})
    SigV4QueryAuth(Credentials(credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials["SessionToken"]),
                   "sts", REGION).add_auth(request)
    target = request.url.split(daemon.aws, 1)[1]
    assert dev.send("GET", target, {"Host": daemon.aws}).status == 200
    assert dev.send("GET", target + "&Tampered", {"Host": daemon.aws}).status == 403
    assert dev.send("PUT", target, {"Host": daemon.aws, "Content-Length": "0"}).status >= 300


def test_codes_and_seeds(daemon: Daemon) -> None:
    iam = QueryClient(daemon.aws, Key(*admin_keys(daemon)), daemon.note_secret)

    def call(action: str, **parameters: str):
        query = urllib.parse.urlencode({"Action": action, "Version": "2010-05-08", **parameters})
        return iam.post(query, service="iam", region="us-east-1")

    device = elements(call("CreateVirtualMFADevice", VirtualMFADeviceName="phone"))
    serial, seed = device["SerialNumber"], base64.b64decode(device["Base32StringSeed"])
    daemon.note_secret(seed.decode())
    step = int(time.time()) // 30
    assert call("EnableMFADevice", UserName="dev", SerialNumber=serial, AuthenticationCode1=code(seed, step - 1),
                AuthenticationCode2=code(seed, step)).status == 200
    dev = QueryClient(daemon.aws, DEV, daemon.note_secret)
    with_code = dev.post(form("GetSessionToken", SerialNumber=serial, TokenCode=code(seed, step + 1)))
    assert with_code.status == 200, with_code.text
    again = dev.post(form("GetSessionToken", SerialNumber=serial, TokenCode=code(seed, step + 1)))
    assert again.status == 403
    admin_client(daemon).create_login_profile(UserName="dev", Password="a-Pass-word-of-this-run-1!")
    daemon.note_secret("a-Pass-word-of-this-run-1!")


def test_tokens_of_our_own(daemon: Daemon) -> None:
    admin_client(daemon).enable_outbound_web_identity_federation()
    dev = QueryClient(daemon.aws, DEV, daemon.note_secret)
    answer = dev.post(form("GetWebIdentityToken", **{"Audience.member.1": "sts.amazonaws.com", "SigningAlgorithm": "RS256"}))
    assert answer.status == 200, answer.text
    token = elements(answer)["WebIdentityToken"]
    refused = dev.post(form("AssumeRoleWithWebIdentity", RoleArn=ROLE_ARN, RoleSessionName="session", WebIdentityToken=token))
    assert refused.status == 400, refused.text  # its issuer is no provider of the account


def test_the_log_was_at_debug(daemon: Daemon) -> None:
    QueryClient(daemon.aws, DEV).post(form("GetCallerIdentity"))
    assert any(" debug " in line and "GetCallerIdentity" in line for line in daemon.log.splitlines())
