# SPDX-License-Identifier: MIT
"""Tokens that imdsd signs, as PyJWT verifies them: it finds the keys over https, like any other verifier."""

from __future__ import annotations

import json
import os
import re
import ssl
import subprocess
import sys
import urllib.error
import urllib.request

import boto3
import botocore
import botocore.config
import botocore.exceptions
import jwt
import pytest

from support.daemon import ACCOUNT, EC2_TRUST, REGION, REPO, ROLE, Daemon, bin_dir, clean_environment
from support.iam import admin_client, admin_keys

AUDIENCE = "https://api.example"


@pytest.fixture
def daemon(start_daemon) -> Daemon:
    allow = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sts:GetWebIdentityToken", "Resource": "*"}]})
    return start_daemon({"aws": {"tls_listen": ["127.0.0.1:0"]}, "iam": {"role": [
        {"name": ROLE, "trust_policy": EC2_TRUST, "policies": [{"name": "tokens", "document": allow}]}]}})


def trusting(daemon: Daemon) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=daemon.ctl("ca").stdout)


def base(daemon: Daemon) -> str:
    return "https://" + daemon.status()["aws"]["tls_listen"][0]


def fetch(daemon: Daemon, url: str) -> dict:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trusting(daemon)))
    with opener.open(url, timeout=20) as answer:
        return json.load(answer)


def verified(daemon: Daemon, token: str, audience: str = AUDIENCE) -> dict:
    """As a verifier that knows nothing but the issuer's URL."""
    issuer = jwt.decode(token, options={"verify_signature": False})["iss"]
    assert issuer.startswith(base(daemon) + "/")
    document = fetch(daemon, issuer + "/.well-known/openid-configuration")
    assert document["issuer"] == issuer
    keys = jwt.PyJWKSet.from_dict(fetch(daemon, document["jwks_uri"]))
    key = keys[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(token, key, algorithms=document["id_token_signing_alg_values_supported"], audience=audience,
                      issuer=issuer, options={"require": ["exp", "iat", "sub", "jti"]})


def instance_sts(daemon: Daemon):
    document = daemon.document()
    return boto3.session.Session().client(
        "sts", endpoint_url=f"http://{daemon.aws}", region_name=REGION, aws_access_key_id=document["AccessKeyId"],
        aws_secret_access_key=document["SecretAccessKey"], aws_session_token=document["Token"])


def get_token(daemon: Daemon, **parameters) -> str:
    asked = {"Audience": [AUDIENCE], "SigningAlgorithm": "ES384", **parameters}
    token = instance_sts(daemon).get_web_identity_token(**asked)["WebIdentityToken"]
    daemon.note_secret(token)
    return token


@pytest.mark.parametrize("algorithm", ["RS256", "ES384"])
def test_others_verify_what_the_instance_was_given(daemon: Daemon, algorithm: str) -> None:
    issuer = admin_client(daemon).enable_outbound_web_identity_federation()["IssuerIdentifier"]
    token = get_token(daemon, SigningAlgorithm=algorithm)
    assert jwt.get_unverified_header(token)["alg"] == algorithm
    claims = verified(daemon, token)
    assert claims["iss"] == issuer
    assert claims["sub"] == f"arn:aws:iam::{ACCOUNT}:role/{ROLE}"
    assert claims["exp"] - claims["iat"] == 300
    told = claims["https://sts.amazonaws.com/"]
    assert (told["aws_account"], told["source_region"]) == (ACCOUNT, REGION)
    assert told["ec2_source_instance_arn"].endswith(":instance/i-0a1b2c3d4e5f60718")
    with pytest.raises(jwt.InvalidAudienceError):
        verified(daemon, token, "https://other.example")


def test_the_account_switches_it_on_and_off(daemon: Daemon) -> None:
    iam = admin_client(daemon)

    def refused(call) -> str:
        with pytest.raises(botocore.exceptions.ClientError) as error:
            call()
        return error.value.response["Error"]["Code"]

    assert refused(lambda: get_token(daemon)) == "OutboundWebIdentityFederationDisabledException"
    assert refused(iam.get_outbound_web_identity_federation_info) == "FeatureDisabled"
    assert refused(iam.disable_outbound_web_identity_federation) == "FeatureDisabled"
    issuer = iam.enable_outbound_web_identity_federation()["IssuerIdentifier"]
    assert refused(iam.enable_outbound_web_identity_federation) == "FeatureEnabled"
    info = iam.get_outbound_web_identity_federation_info()
    assert (info["IssuerIdentifier"], info["JwtVendingEnabled"]) == (issuer, True)
    before = get_token(daemon)
    iam.disable_outbound_web_identity_federation()
    assert refused(lambda: get_token(daemon)) == "OutboundWebIdentityFederationDisabledException"
    assert verified(daemon, before)["iss"] == issuer  # a token from before is as good as it was
    assert iam.enable_outbound_web_identity_federation()["IssuerIdentifier"] == issuer


def test_tokens_and_the_switch_survive_a_restart(start_daemon) -> None:
    # Fixed ports: the issuer's URL has one in it.
    daemon = start_daemon({"aws": {"tls_listen": ["127.0.0.1:0"], "issuer_url": "https://issuer.example"}})
    issuer = admin_client(daemon).enable_outbound_web_identity_federation()["IssuerIdentifier"]
    assert issuer.startswith("https://issuer.example/")
    path = issuer.removeprefix("https://issuer.example") + "/.well-known/jwks.json"
    keys = fetch(daemon, base(daemon) + path)
    daemon.restart()
    assert admin_client(daemon).get_outbound_web_identity_federation_info()["IssuerIdentifier"] == issuer
    assert fetch(daemon, base(daemon) + path) == keys
    assert (daemon.directory / "state" / "signing-keys.json").stat().st_mode & 0o777 == 0o600


def test_a_service_accounts_token_verifies(daemon: Daemon) -> None:
    token = daemon.ctl("token", "--namespace", "web", "--service-account", "front", "--duration", "20m").stdout
    daemon.note_secret(token)
    claims = verified(daemon, token, "sts.amazonaws.com")
    assert claims["sub"] == "system:serviceaccount:web:front"
    assert claims["kubernetes.io"]["serviceaccount"]["name"] == "front"
    assert claims["exp"] - claims["iat"] == 1200
    other = daemon.ctl("token", "--audience", "vault").stdout
    daemon.note_secret(other)
    assert verified(daemon, other, "vault")["sub"] == "system:serviceaccount:default:default"
    for arguments in (["--namespace", "Web"], ["--duration", "1m"], ["--duration", "soon"]):
        assert daemon.ctl("token", *arguments, check=False).returncode == 1


def test_documents_need_no_signature_but_a_host_that_is_ours(daemon: Daemon) -> None:
    url = base(daemon) + "/kubernetes/.well-known/openid-configuration"
    assert fetch(daemon, url)["jwks_uri"].startswith(base(daemon))
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    rebound = urllib.request.Request(f"http://{daemon.aws}/kubernetes/.well-known/jwks.json", headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        opener.open(rebound, timeout=20)
    assert refused.value.code == 403
    with pytest.raises(urllib.error.HTTPError) as missing:
        opener.open(f"http://{daemon.aws}/nobody/.well-known/jwks.json", timeout=20)
    assert missing.value.code == 404


def test_keys_in_the_file_are_refused_when_broken_and_not_overwritten(daemon: Daemon) -> None:
    daemon.stop()
    file = daemon.directory / "state" / "signing-keys.json"
    file.write_text("{}")
    file.chmod(0o600)
    daemon.start()
    result = daemon.ctl("token", check=False)
    assert result.returncode == 1
    assert "signing-keys.json" in result.stderr
    assert file.read_text() == "{}"
    assert admin_keys(daemon)  # all else goes on


def federated_trust(provider: str, **equals: str) -> str:
    keys = {f"{provider}:{claim}": value for claim, value in equals.items()}
    return json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{provider}"},
        "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringEquals": keys}}]})


def assume(daemon: Daemon, role: str, token: str) -> str:
    """The ARN of the session. No keys: the call is not signed."""
    sts = boto3.session.Session().client("sts", endpoint_url=f"http://{daemon.aws}", region_name=REGION,
                                         config=botocore.config.Config(signature_version=botocore.UNSIGNED))
    answer = sts.assume_role_with_web_identity(RoleArn=f"arn:aws:iam::{ACCOUNT}:role/{role}", RoleSessionName="pod",
                                               WebIdentityToken=token)
    daemon.note_secret(answer["Credentials"]["SecretAccessKey"], answer["Credentials"]["SessionToken"])
    return answer["AssumedRoleUser"]["Arn"]


def trust_issuer(daemon: Daemon, role: str, issuer: str, audience: str, subject: str) -> None:
    iam = admin_client(daemon)
    iam.create_open_id_connect_provider(Url=issuer, ClientIDList=[audience])
    iam.create_role(RoleName=role, AssumeRolePolicyDocument=federated_trust(issuer.split("://")[1], sub=subject, aud=audience))


def refusal(daemon: Daemon, role: str, token: str) -> str:
    with pytest.raises(botocore.exceptions.ClientError) as error:
        assume(daemon, role, token)
    return error.value.response["Error"]["Code"]


def test_a_token_of_the_account_is_taken_to_a_role(daemon: Daemon) -> None:
    issuer = admin_client(daemon).enable_outbound_web_identity_federation()["IssuerIdentifier"]
    trust_issuer(daemon, "outside", issuer, AUDIENCE, f"arn:aws:iam::{ACCOUNT}:role/{ROLE}")
    assert assume(daemon, "outside", get_token(daemon)).endswith(":assumed-role/outside/pod")
    head, _, signature = get_token(daemon).rpartition(".")
    assert refusal(daemon, "outside", f"{head}.{'A' * len(signature)}") == "InvalidIdentityToken"
    other = get_token(daemon, Audience=["https://other.example"])
    assert refusal(daemon, "outside", other) == "InvalidIdentityToken"


def test_another_daemon_takes_it_and_fetches_the_keys_over_https(daemon: Daemon, start_daemon) -> None:
    issuer = base(daemon) + "/kubernetes"
    far = start_daemon({"sts": {"oidc_fetch": [issuer], "oidc_ca": daemon.ctl("ca").stdout}})
    trust_issuer(far, "front", issuer, "sts.amazonaws.com", "system:serviceaccount:web:front")
    token = daemon.ctl("token", "--namespace", "web", "--service-account", "front").stdout
    far.note_secret(token)
    assert assume(far, "front", token).endswith(":assumed-role/front/pod")
    stranger = daemon.ctl("token", "--namespace", "web", "--service-account", "back").stdout
    assert refusal(far, "front", stranger) == "AccessDenied"


def test_irsa_on_a_laptop_is_as_the_documentation_has_it(daemon: Daemon) -> None:
    section = (REPO / "docs" / "web-identity.md").read_text().split("## IRSA on a laptop")[1]
    blocks = re.findall(r"(?:^    .*\n|^\n(?=    ))+", section, re.MULTILINE)
    config, once, pod = (re.sub(r"^    ", "", block, flags=re.MULTILINE) for block in blocks)
    assert "tls_listen" in config
    env = clean_environment() | {
        "PATH": f"{bin_dir()}:{os.path.dirname(sys.executable)}:{os.environ['PATH']}",
        "IMDSD_ADMIN_SOCKET": str(daemon.socket_path)}

    def run(script: str) -> str:
        script = script.replace("https://127.0.0.1:1343", base(daemon)).replace("127.0.0.1:1343", base(daemon)[8:])
        done = subprocess.run(["sh", "-ec", script], env=env, cwd=daemon.directory, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run(once)
    identity = json.loads(run(pod))
    daemon.note_secret((daemon.directory / "token").read_text())
    assert identity["Arn"].startswith(f"arn:aws:sts::{ACCOUNT}:assumed-role/front/")
