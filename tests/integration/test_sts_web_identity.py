# SPDX-License-Identifier: MIT
"""AssumeRoleWithWebIdentity as SDKs call it, with tokens that PyJWT made, and issuers that behave or do not."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config

from support.daemon import ACCOUNT, REGION, Daemon, clean_environment
from support.iam import admin_client, refused
from support.oidc import AUDIENCE, DISCOVERY, SUBJECT, Answer, Authority, Issuer, SigningKey, service_account_claims

CLUSTER = "https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF"
NO_KEY = ("Couldn't retrieve verification key from your identity provider,  please reference "
          "AssumeRoleWithWebIdentity documentation for requirements")


def provider_arn(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:oidc-provider/{name}"


def trust(name: str, actions: Any = "sts:AssumeRoleWithWebIdentity", condition: dict | None = None) -> str:
    statement = {"Effect": "Allow", "Principal": {"Federated": provider_arn(name)}, "Action": actions}
    if condition:
        statement["Condition"] = condition
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def pod_role(name: str, **more: Any) -> dict[str, Any]:
    return {"name": "pod", "trust_policy": trust(name, condition={
        "StringEquals": {f"{name}:sub": SUBJECT, f"{name}:aud": AUDIENCE}}), **more}


def config(url: str, roles: list[dict[str, Any]], sts: dict[str, Any], **provider: Any) -> dict[str, Any]:
    return {"iam": {"role": roles, "oidc_provider": [{"url": url, "client_ids": [AUDIENCE], **provider}]},
            "sts": sts, "instance": [{"id": "i-0a1b2c3d4e5f60718"}]}


def sts(daemon: Daemon):
    return boto3.session.Session().client(
        "sts", endpoint_url=f"http://{daemon.aws}", region_name=REGION,
        config=Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1}))


def call(daemon: Daemon, token: str, **more: Any) -> dict[str, Any]:
    daemon.note_secret(token)
    answer = sts(daemon).assume_role_with_web_identity(**{
        "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/pod", "RoleSessionName": "pod-1", "WebIdentityToken": token, **more})
    daemon.note_secret(answer["Credentials"]["SecretAccessKey"], answer["Credentials"]["SessionToken"])
    return answer


def refusal(daemon: Daemon, token: str, **more: Any) -> tuple[int, str, str]:
    return refused(call, daemon=daemon, token=token, **more)


# Keys that the configuration gives

KEY = SigningKey("RS256", "cluster-1")
CLUSTER_NAME = CLUSTER.removeprefix("https://")


@pytest.fixture(scope="module")
def offline() -> Iterator[Daemon]:
    jwks = json.dumps({"keys": [KEY.jwk()]})
    with Daemon(config(CLUSTER, [pod_role(CLUSTER_NAME)],
                       {"oidc_issuer": [{"url": CLUSTER, "jwks": jwks}]})) as daemon:
        yield daemon


def test_a_service_account_becomes_a_role(offline: Daemon) -> None:
    answer = call(offline, KEY.sign(service_account_claims(CLUSTER)))
    assert answer["SubjectFromWebIdentityToken"] == SUBJECT
    assert answer["Audience"] == AUDIENCE
    assert answer["Provider"] == provider_arn(CLUSTER_NAME)
    assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/pod/pod-1"
    assert answer["AssumedRoleUser"]["AssumedRoleId"].startswith("AROA")
    assert "PackedPolicySize" not in answer and "SourceIdentity" not in answer


def test_the_sdks_own_provider(offline: Daemon, tmp_path: Path) -> None:
    token = KEY.sign(service_account_claims(CLUSTER))
    offline.note_secret(token)
    (tmp_path / "token").write_text(token)
    env = clean_environment() | {
        "AWS_WEB_IDENTITY_TOKEN_FILE": str(tmp_path / "token"), "AWS_ROLE_ARN": f"arn:aws:iam::{ACCOUNT}:role/pod",
        "AWS_ROLE_SESSION_NAME": "from-the-file", "AWS_ENDPOINT_URL_STS": f"http://{offline.aws}",
        "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION, "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    expected = f"arn:aws:sts::{ACCOUNT}:assumed-role/pod/from-the-file"
    script = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"
    for command in ([sys.executable, "-c", script],
                    [sys.executable, str(Path(sys.executable).with_name("aws")), "sts", "get-caller-identity",
                     "--query", "Arn", "--output", "text"]):
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)
        assert done.stdout.strip() == expected, done.stderr


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"])
def test_keys_of_every_kind(start_daemon, algorithm: str) -> None:
    key = SigningKey(algorithm)
    files = {"jwks": json.dumps({"keys": [SigningKey("ES256", "another").jwk(), key.jwk()]}),
             "discovery": json.dumps({
                 "issuer": CLUSTER, "jwks_uri": "https://never.fetched.example/keys",
                 "response_types_supported": ["id_token"], "subject_types_supported": ["public"],
                 "id_token_signing_alg_values_supported": [algorithm]})}
    daemon = start_daemon(config(CLUSTER, [pod_role(CLUSTER_NAME)], {"oidc_issuer": [files]}))
    assert call(daemon, key.sign(service_account_claims(CLUSTER)))["SubjectFromWebIdentityToken"] == SUBJECT


def _part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _forgeries() -> dict[str, str]:
    claims = service_account_claims(CLUSTER)
    good = KEY.sign(claims)
    text = f'{_part({"alg": "HS256", "kid": KEY.key_id})}.{_part(claims)}'
    mac = hmac.new(KEY.public_pem(), text.encode(), hashlib.sha256).digest()
    header, _, signature = good.split(".")
    return {
        "none": f'{_part({"alg": "none"})}.{_part(claims)}.',
        "hmac with the public key": f"{text}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}",
        "another subject": f'{header}.{_part({**claims, "sub": "system:serviceaccount:kube-system:admin"})}.{signature}',
        "another key": SigningKey("RS256", KEY.key_id).sign(claims),
        "an unknown key": SigningKey("RS256", "cluster-2").sign(claims),
        "cut": good[:-8],
        "an access token": "Atza|IQEBLjAsAhRmHjNgHpi0U",
    }


@pytest.mark.parametrize("kind", _forgeries())
def test_forged_tokens(offline: Daemon, kind: str) -> None:
    status, code, _ = refusal(offline, _forgeries()[kind])
    assert (status, code) == (400, "InvalidIdentityToken")


def test_each_error_code(offline: Daemon) -> None:
    def signed(**changes: Any) -> str:
        return KEY.sign(service_account_claims(CLUSTER, **changes))

    now = int(time.time())
    assert refusal(offline, signed(exp=now - 301))[:2] == (400, "ExpiredTokenException")
    assert refusal(offline, signed(nbf=now + 400))[:2] == (400, "InvalidIdentityToken")
    assert refusal(offline, signed(aud="https://kubernetes.default.svc")) == (
        400, "InvalidIdentityToken", "Incorrect token audience")
    assert refusal(offline, signed(iss="https://other.example")) == (
        400, "InvalidIdentityToken", "No OpenIDConnect provider found in your account for https://other.example")
    assert refusal(offline, signed(sub="system:serviceaccount:default:writer")) == (
        403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
    assert refusal(offline, signed(), RoleArn=f"arn:aws:iam::{ACCOUNT}:role/none")[2] == (
        "Not authorized to perform sts:AssumeRoleWithWebIdentity")
    assert refusal(offline, signed(**{"https://aws.amazon.com/tags": {"principal_tags": {"team": 7}}}))[:2] == (
        403, "IDPRejectedClaim")
    assert refusal(offline, signed(), DurationSeconds=3601)[:2] == (400, "ValidationError")
    assert refusal(offline, signed(), Policy="{")[:2] == (400, "MalformedPolicyDocument")


def test_tags_and_claims_live_on_in_the_session(start_daemon) -> None:
    document = json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "iam:GetRole", "Resource": f"arn:aws:iam::{ACCOUNT}:role/pod",
        "Condition": {"StringEquals": {"aws:PrincipalTag/team": "web", f"{CLUSTER_NAME}:sub": SUBJECT,
                                       "aws:FederatedProvider": provider_arn(CLUSTER_NAME)}}}]})
    role = {"name": "pod", "policies": [{"name": "own", "document": document}],
            "trust_policy": trust(CLUSTER_NAME, ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"])}
    daemon = start_daemon(config(CLUSTER, [role], {"oidc_issuer": [
        {"url": CLUSTER, "jwks": json.dumps({"keys": [KEY.jwk()]})}]}))

    def get_role(team: str) -> Any:
        token = KEY.sign(service_account_claims(
            CLUSTER, **{"https://aws.amazon.com/tags": {"principal_tags": {"team": [team]}}}))
        credentials = call(daemon, token)["Credentials"]
        return boto3.session.Session().client(
            "iam", endpoint_url=f"http://{daemon.aws}", region_name=REGION,
            aws_access_key_id=credentials["AccessKeyId"], aws_secret_access_key=credentials["SecretAccessKey"],
            aws_session_token=credentials["SessionToken"]).get_role

    assert get_role("web")(RoleName="pod")["Role"]["RoleName"] == "pod"
    assert refused(get_role("db"), RoleName="pod")[:2] == (403, "AccessDenied")


# Keys that are fetched


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with Issuer(path="/realms/test") as running:
        yield running


def fetching(start_daemon, issuer: Issuer, **sts_config: Any) -> Daemon:
    return start_daemon(config(issuer.url, [pod_role(issuer.name)], {"oidc_fetch": [issuer.url], **sts_config}))


def test_keys_are_fetched_once_and_again_when_they_rotate(start_daemon, issuer: Issuer) -> None:
    daemon = fetching(start_daemon, issuer)
    assert not issuer.requests, "nothing before it is needed"
    for _ in range(3):
        call(daemon, issuer.token())
    assert issuer.requests == ["/realms/test" + DISCOVERY, "/realms/test/keys"]
    issuer.keys = [SigningKey("ES256", "key-2")]
    call(daemon, issuer.token())
    assert len(issuer.requests) == 4
    for number in range(3):
        assert refusal(daemon, SigningKey("RS256", f"forged-{number}").sign(service_account_claims(issuer.url)))[:2] == (
            400, "InvalidIdentityToken")
    assert len(issuer.requests) == 6, "a key that is not there is looked for once in 30 seconds"


def test_a_provider_that_the_api_made(start_daemon, issuer: Issuer) -> None:
    daemon = start_daemon({"sts": {"oidc_fetch": [issuer.url]}})
    iam = admin_client(daemon)
    arn = iam.create_open_id_connect_provider(Url=issuer.url, ClientIDList=[AUDIENCE])["OpenIDConnectProviderArn"]
    assert arn == provider_arn(issuer.name)
    iam.create_role(RoleName="pod", AssumeRolePolicyDocument=trust(issuer.name))
    assert call(daemon, issuer.token())["Provider"] == arn
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    assert refusal(daemon, issuer.token())[2].startswith("No OpenIDConnect provider found in your account")


def test_issuers_that_are_not_listed_are_not_asked(start_daemon, issuer: Issuer) -> None:
    daemon = start_daemon(config(issuer.url, [pod_role(issuer.name)], {}))
    status, code, message = refusal(daemon, issuer.token())
    assert (status, code) == (400, "InvalidIdentityToken")
    assert message.startswith(NO_KEY) and "sts.oidc_fetch" in message
    assert not issuer.requests


MISBEHAVIOURS = {
    "discovery is redirected": (DISCOVERY, lambda i: Answer(status=302, headers={"Location": i.url + "/keys"}),
                                "InvalidIdentityToken", "redirects are not followed"),
    "keys are redirected": ("/keys", lambda i: Answer(status=307, headers={"Location": i.url + DISCOVERY}),
                            "InvalidIdentityToken", "redirects are not followed"),
    "not found": (DISCOVERY, lambda i: Answer(status=404), "InvalidIdentityToken", "answered 404"),
    "out of order": (DISCOVERY, lambda i: Answer(status=503), "IDPCommunicationError", "answered 503"),
    "oversized": ("/keys", lambda i: Answer(i.jwks() + b" " * (1 << 20)), "InvalidIdentityToken", "body"),
    "slow": (DISCOVERY, lambda i: Answer(i.discovery(), wait=i.released), "IDPCommunicationError", ""),
    "of another issuer": (DISCOVERY, lambda i: Answer(i.discovery(issuer="https://other.example")),
                          "InvalidIdentityToken", "of issuer `https://other.example`"),
    "keys over plain http": (DISCOVERY, lambda i: Answer(i.discovery(jwks_uri="http://keys.example/")),
                             "InvalidIdentityToken", "must be https"),
    "keys at the metadata service": (DISCOVERY, lambda i: Answer(i.discovery(jwks_uri="https://169.254.169.254/latest/")),
                                     "InvalidIdentityToken", "nothing is ever fetched from"),
    "keys at fd00:ec2::254": (DISCOVERY, lambda i: Answer(i.discovery(jwks_uri="https://[fd00:ec2::254]/latest/")),
                              "InvalidIdentityToken", "nothing is ever fetched from"),
    "keys inside": (DISCOVERY, lambda i: Answer(i.discovery(jwks_uri="https://10.1.2.3/keys")),
                    "InvalidIdentityToken", "sts.oidc_private_ranges"),
    "no JSON": ("/keys", lambda i: Answer(b"<html>"), "InvalidIdentityToken", "not JSON"),
    "no keys": ("/keys", lambda i: Answer(b'{"keys":[]}'), "InvalidIdentityToken", "no key for signatures"),
    "lacks what AWS insists on": (DISCOVERY, lambda i: Answer(i.discovery(subject_types_supported=None)),
                                  "InvalidIdentityToken", "subject_types_supported"),
}


@pytest.mark.parametrize("kind", MISBEHAVIOURS)
def test_issuers_that_misbehave(start_daemon, issuer: Issuer, kind: str) -> None:
    path, answer, code, words = MISBEHAVIOURS[kind]
    issuer.answers[issuer.path + path] = lambda: answer(issuer)
    daemon = fetching(start_daemon, issuer)
    started = time.monotonic()
    assert refusal(daemon, issuer.token())[1] == code
    assert time.monotonic() - started < 8, "five seconds, and what a busy machine adds"
    message = refusal(daemon, issuer.token())[2]
    assert words in message
    asked = [request for request in issuer.requests if request == issuer.path + path]
    assert len(asked) == 1, "a failure is kept"
    assert "no keys of an OpenID Connect issuer" in daemon.log


def test_one_fetch_for_all_who_wait(start_daemon, issuer: Issuer) -> None:
    daemon = fetching(start_daemon, issuer)
    asked = threading.Event()

    def slowly() -> Answer:
        asked.set()
        return Answer(issuer.discovery(), wait=issuer.released)

    issuer.answers[issuer.path + DISCOVERY] = slowly
    token = issuer.token()
    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(call, daemon, token)
        assert asked.wait(10)
        others = [pool.submit(call, daemon, token) for _ in range(5)]
        # Those that may not wait are told at once, and others of the service are not kept waiting.
        assert refused(sts(daemon).assume_role_with_web_identity, RoleArn=f"arn:aws:iam::{ACCOUNT}:role/pod",
                       RoleSessionName="pod-1", WebIdentityToken="not a token")[1] == "InvalidIdentityToken"
        issuer.released.set()
        assert first.result(30)["Audience"] == AUDIENCE
        outcomes = [other.exception(30) for other in others]
    for error in outcomes:
        assert error is None or error.response["Error"]["Code"] == "IDPCommunicationError"
    assert issuer.requests.count(issuer.path + DISCOVERY) == 1


def test_an_issuer_that_is_not_there(start_daemon, issuer: Issuer) -> None:
    url, token = issuer.url, issuer.token()
    daemon = fetching(start_daemon, issuer)
    issuer.__exit__()
    status, code, message = refusal(daemon, token)
    assert (status, code) == (400, "IDPCommunicationError")
    assert url in message


# Over TLS


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[tuple[Issuer, Authority]]:
    authority = Authority(tmp_path)
    with Issuer(context=authority.context) as running:
        yield running, authority


def test_https_needs_an_authority(start_daemon, secure) -> None:
    issuer, authority = secure
    daemon = fetching(start_daemon, issuer)
    assert refusal(daemon, issuer.token()) == (
        400, "InvalidIdentityToken", "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint")
    trusting = fetching(start_daemon, issuer, oidc_ca=authority.root_pem)
    assert call(trusting, issuer.token())["Audience"] == AUDIENCE


def test_a_thumbprint_will_do(start_daemon, secure) -> None:
    issuer, authority = secure
    daemon = fetching(start_daemon, issuer)
    iam = admin_client(daemon)
    arn = provider_arn(issuer.name)
    iam.update_open_id_connect_provider_thumbprint(OpenIDConnectProviderArn=arn, ThumbprintList=["0" * 40])
    assert refusal(daemon, issuer.token())[2].endswith("configured thumbprint")
    iam.update_open_id_connect_provider_thumbprint(OpenIDConnectProviderArn=arn,
                                                   ThumbprintList=[authority.thumbprint.upper()])
    assert call(daemon, issuer.token())["Audience"] == AUDIENCE
