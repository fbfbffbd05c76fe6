# SPDX-License-Identifier: MIT
"""AssumeRoleWithSAML from the provider's metadata to the session, with responses that signxml signed."""

from __future__ import annotations

import base64
import concurrent.futures
import json
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime, timedelta, timezone
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from lxml import etree

from support.daemon import ACCOUNT, REGION, Daemon, clean_environment
from support.iam import admin_client, client, refusal, refused
from support.saml_idp import ENDPOINT, ENTITY_ID, SamlIdp

PROVIDER = f"arn:aws:iam::{ACCOUNT}:saml-provider/corp"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/sso"
ALL_ACTIONS = ["sts:AssumeRoleWithSAML", "sts:TagSession", "sts:SetSourceIdentity"]


def document(**statement) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


def trust(condition: dict | None = None, actions: list[str] | None = None) -> str:
    return document(Principal={"Federated": PROVIDER}, Action=actions or ["sts:AssumeRoleWithSAML"],
                    Condition=condition or {"StringEquals": {"SAML:aud": ENDPOINT}})


def attributes(**more: list[str]) -> dict[str, list[str]]:
    return {"Role": [f"{ROLE_ARN},{PROVIDER}"], "RoleSessionName": ["alice"], **more}


@pytest.fixture(scope="module")
def idp() -> SamlIdp:
    return SamlIdp()


class SignIn:
    """A daemon with the provider `corp` and the role `sso`, and whoever signs in there."""

    def __init__(self, daemon: Daemon, idp: SamlIdp) -> None:
        self.daemon, self.idp = daemon, idp
        self.iam = admin_client(daemon)
        self.iam.create_saml_provider(Name="corp", SAMLMetadataDocument=idp.metadata())
        self.iam.create_role(RoleName="sso", AssumeRolePolicyDocument=trust(), MaxSessionDuration=14400)
        self.iam.put_role_policy(RoleName="sso", PolicyName="read", PolicyDocument=document(
            Action="iam:ListUsers", Resource="*", Condition={"StringEquals": {"saml:sub": "alice"}}))

    def set_trust(self, text: str, role: str = "sso") -> None:
        self.iam.update_assume_role_policy(RoleName=role, PolicyDocument=text)

    @property
    def sts(self):
        """A client without credentials: the call needs none."""
        return boto3.session.Session().client("sts", endpoint_url=f"http://{self.daemon.aws}", region_name=REGION,
                                              config=Config(retries={"total_max_attempts": 1}))

    def parameters(self, assertion: str | bytes, **more) -> dict:
        if isinstance(assertion, bytes):
            assertion = base64.b64encode(assertion).decode()
        self.daemon.note_secret(assertion)
        return {"RoleArn": ROLE_ARN, "PrincipalArn": PROVIDER, "SAMLAssertion": assertion, **more}

    def assume(self, assertion: str | bytes | None = None, **more) -> dict:
        return self.sts.assume_role_with_saml(**self.parameters(assertion or self.idp.assertion(attributes()), **more))

    def refused(self, assertion: str | bytes, **more) -> tuple[int, str, str]:
        return refused(self.sts.assume_role_with_saml, **self.parameters(assertion, **more))

    def client(self, answer: dict, service: str = "sts"):
        credentials = answer["Credentials"]
        self.daemon.note_secret(credentials["SessionToken"])
        return client(self.daemon, credentials["AccessKeyId"], credentials["SecretAccessKey"], service,
                      credentials["SessionToken"])


@pytest.fixture
def sign_in(daemon: Daemon, idp: SamlIdp) -> SignIn:
    return SignIn(daemon, idp)


def test_a_user_of_the_provider_gets_a_session_that_works(sign_in: SignIn) -> None:
    answer = sign_in.assume()
    assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/sso/alice"
    assert (answer["Subject"], answer["SubjectType"]) == ("alice", "persistent")
    assert (answer["Issuer"], answer["Audience"]) == (ENTITY_ID, ENDPOINT)
    assert len(base64.b64decode(answer["NameQualifier"])) == 20
    assert "PackedPolicySize" not in answer and "SourceIdentity" not in answer
    assert sign_in.client(answer).get_caller_identity()["Arn"] == answer["AssumedRoleUser"]["Arn"]
    # saml:sub stays with the session.
    sign_in.client(answer, "iam").list_users()
    bob = sign_in.assume(sign_in.idp.assertion(attributes(), subject="bob"))
    assert refusal(sign_in.client(bob, "iam").list_users) == (403, "AccessDenied")


def test_a_provider_may_sign_the_response_and_with_an_elliptic_curve(sign_in: SignIn) -> None:
    sign_in.assume(sign_in.idp.assertion(attributes(), whole=True))
    curve = SamlIdp(curve=True)
    sign_in.iam.update_saml_provider(SAMLProviderArn=PROVIDER, SAMLMetadataDocument=curve.metadata())
    sign_in.assume(curve.assertion(attributes()))


def test_a_new_key_replaces_the_old_one_and_a_restart_changes_nothing(sign_in: SignIn) -> None:
    old = sign_in.assume()
    renewed = SamlIdp()
    sign_in.iam.update_saml_provider(SAMLProviderArn=PROVIDER, SAMLMetadataDocument=renewed.metadata())
    sign_in.daemon.restart()
    status, code, message = sign_in.refused(sign_in.idp.assertion(attributes()))
    assert (status, code) == (400, "InvalidIdentityToken")
    assert message.startswith("Response signature invalid")
    sign_in.assume(renewed.assertion(attributes()))
    sign_in.client(old).get_caller_identity()  # sessions outlive what they began with


def test_tags_and_a_source_identity_go_on_through_a_chain(sign_in: SignIn) -> None:
    sign_in.set_trust(trust(actions=ALL_ACTIONS))
    sign_in.iam.put_role_policy(RoleName="sso", PolicyName="chain",
                                PolicyDocument=document(Action="sts:*", Resource="*"))
    sign_in.iam.create_role(RoleName="blue", AssumeRolePolicyDocument=document(
        Principal={"AWS": ROLE_ARN}, Action=["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
        Condition={"StringEquals": {"aws:PrincipalTag/team": "blue"}}))
    tagged = attributes(**{"PrincipalTag:team": ["blue"], "TransitiveTagKeys": ["team"], "SourceIdentity": ["alice"]})
    answer = sign_in.assume(sign_in.idp.assertion(tagged))
    assert answer["SourceIdentity"] == "alice"
    assert 0 < answer["PackedPolicySize"] < 100
    blue = f"arn:aws:iam::{ACCOUNT}:role/blue"
    chained = sign_in.client(answer).assume_role(RoleArn=blue, RoleSessionName="next")
    assert chained["SourceIdentity"] == "alice"
    red = sign_in.assume(sign_in.idp.assertion(attributes(**{"PrincipalTag:team": ["red"]})))
    assert refusal(sign_in.client(red).assume_role, RoleArn=blue, RoleSessionName="next") == (403, "AccessDenied")


def test_trust_policies_read_what_the_provider_says(sign_in: SignIn) -> None:
    affiliation = "urn:oid:1.3.6.1.4.1.5923.1.1.1.1"
    sign_in.set_trust(trust({"StringEquals": {"saml:iss": ENTITY_ID, "saml:doc": f"{ACCOUNT}/corp",
                                              "saml:sub_type": "persistent"},
                             "ForAnyValue:StringLike": {"saml:edupersonaffiliation": ["staff", "faculty"]}}))
    staff = sign_in.idp.assertion({**attributes(), affiliation: ["member", "staff"]})
    sign_in.assume(staff)
    student = sign_in.idp.assertion({**attributes(), affiliation: ["member", "student"]})
    assert sign_in.refused(student) == (
        403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML")
    assert f"{PROVIDER} alice" in sign_in.daemon.log


def test_the_shortest_of_all_durations_counts(sign_in: SignIn) -> None:
    def lasts(assertion: str, **more) -> float:
        end = sign_in.assume(assertion, **more)["Credentials"]["Expiration"]
        return (end - datetime.now(timezone.utc)).total_seconds()

    idp = sign_in.idp
    assert 3500 < lasts(idp.assertion(attributes())) <= 3600
    assert 14300 < lasts(idp.assertion(attributes(SessionDuration=["43200"])), DurationSeconds=14400) <= 14400
    assert 800 < lasts(idp.assertion(attributes(SessionDuration=["900"])), DurationSeconds=7200) <= 900
    ends = datetime.now(timezone.utc) + timedelta(minutes=3)
    assert 100 < lasts(idp.assertion(attributes(), session_ends=ends)) <= 180
    assert sign_in.refused(idp.assertion(attributes()), DurationSeconds=14401) == (
        400, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")


def test_each_refusal_has_its_code(sign_in: SignIn) -> None:
    idp = sign_in.idp
    hour = timedelta(hours=1)
    now = datetime.now(timezone.utc)
    invalid, expired = (400, "InvalidIdentityToken"), (400, "ExpiredTokenException")
    for assertion, expected in (
        (etree.tostring(idp.response(attributes())), invalid),
        (SamlIdp().assertion(attributes()), invalid),
        (SamlIdp("https://other.example").assertion(attributes()), invalid),
        (b"no XML", invalid),
        ("?" * 8, invalid),
        (idp.assertion(attributes(), audience="https://sp.example"), invalid),
        (idp.assertion(attributes(), recipient="https://sp.example/saml"), invalid),
        (idp.assertion({"Role": [f"{ROLE_ARN},{PROVIDER}"]}), invalid),
        (idp.assertion({"RoleSessionName": ["alice"]}), invalid),
        (idp.assertion(attributes(), issued=now + hour), invalid),
        (idp.assertion(attributes(), issued=now - hour, lifetime=2 * hour), expired),
        (idp.assertion(attributes(), lifetime=timedelta(seconds=-1)), expired),
        (idp.assertion(attributes(), session_ends=now - hour), expired),
        (idp.assertion(attributes(), status="urn:oasis:names:tc:SAML:2.0:status:Responder"),
         (403, "IDPRejectedClaim")),
    ):
        assert sign_in.refused(assertion)[:2] == expected
    none = PROVIDER.replace("corp", "none")
    status, code, message = sign_in.refused(idp.assertion(attributes()), PrincipalArn=none)
    assert (status, code) == invalid
    assert message.startswith("Specified provider doesn't exist")


def test_a_response_cannot_be_bent(sign_in: SignIn) -> None:
    good = sign_in.idp.signed(sign_in.idp.response(attributes()))
    sign_in.assume(good)
    evil = good.replace(b">alice</saml:NameID>", b">admin</saml:NameID>")
    assert evil != good
    start, end = good.index(b"<saml:Assertion"), good.index(b"</saml:Assertion>") + len("</saml:Assertion>")
    unsigned = etree.tostring(sign_in.idp.response(attributes(), subject="admin").find(
        "{urn:oasis:names:tc:SAML:2.0:assertion}Assertion")).replace(b'"_a1"', b'"_a2"')
    for bent in (
        evil,
        good[:start] + unsigned + good[start:],
        good[:end] + unsigned + good[end:],
        b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + good.replace(b">alice<", b">&x;<", 1),
        b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>' + good,
    ):
        assert sign_in.refused(bent)[:2] == (400, "InvalidIdentityToken")
    # A comment changes nothing of what was signed, nor of what is read.
    commented = good.replace(b">alice</saml:NameID>", b">al<!-- -->ice</saml:NameID>")
    assert sign_in.assume(commented)["Subject"] == "alice"


def test_a_session_policy_limits_it(sign_in: SignIn) -> None:
    answer = sign_in.assume(Policy=document(Action="sts:*", Resource="*"))
    assert answer["PackedPolicySize"] > 0
    assert refusal(sign_in.client(answer, "iam").list_users) == (403, "AccessDenied")


def test_the_cli_signs_in(sign_in: SignIn, tmp_path: Path) -> None:
    # With line breaks, as `base64` writes it.
    assertion = base64.encodebytes(sign_in.idp.signed(sign_in.idp.response(attributes()))).decode()
    path = tmp_path / "assertion"
    path.write_text(assertion)
    result = subprocess.run(
        [Path(sys.executable).parent / "aws", "sts", "assume-role-with-saml", "--role-arn", ROLE_ARN,
         "--principal-arn", PROVIDER, "--saml-assertion", f"file://{path}", "--output", "json"],
        env=clean_environment() | {"AWS_ENDPOINT_URL": f"http://{sign_in.daemon.aws}", "AWS_REGION": REGION,
                                   "AWS_EC2_METADATA_DISABLED": "true", "HOME": str(tmp_path)},
        capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["Subject"] == "alice"


def test_many_sign_in_at_once(sign_in: SignIn) -> None:
    good = sign_in.parameters(sign_in.idp.assertion(attributes()))
    bad = sign_in.parameters(SamlIdp().assertion(attributes()))
    sts = sign_in.sts

    def both(_: int) -> tuple[str, tuple[int, str]]:
        return sts.assume_role_with_saml(**good)["Subject"], refusal(sts.assume_role_with_saml, **bad)

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert set(pool.map(both, range(40))) == {("alice", (400, "InvalidIdentityToken"))}


def test_an_assertion_in_the_address_is_not_logged_either(sign_in: SignIn) -> None:
    parameters = sign_in.parameters("A" * 2000)
    query = urllib.parse.urlencode({"Action": "AssumeRoleWithSAML", "Version": "2011-06-15", **parameters})
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(f"http://{sign_in.daemon.aws}/?{query}", timeout=30)
    assert b"InvalidIdentityToken" in error.value.read()


def test_metadata_that_cannot_verify_are_refused(own_iam) -> None:
    good = SamlIdp()
    broken = good.metadata().replace(good.certificate, "aGVsbG8=" * 200)
    assert refused(own_iam.create_saml_provider, Name="corp", SAMLMetadataDocument=broken) == (
        400, "InvalidInput", "Could not parse metadata")
