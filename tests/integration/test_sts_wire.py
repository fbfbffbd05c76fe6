# SPDX-License-Identifier: MIT
"""STS on the wire, as the real service was seen to answer: dispatch, the parameters of AssumeRole, the order of the
authentication checks. Where this one answers otherwise, docs/compatibility.md says so."""

from __future__ import annotations

import datetime
import json
import socket
import time
import urllib.parse
import xml.etree.ElementTree as ElementTree
from email.utils import parsedate_to_datetime

import botocore.session
import pytest
from botocore.parsers import QueryParser

from support.daemon import ACCOUNT, EC2_TRUST, ROLE, Daemon
from support.iam import admin_client, admin_keys
from support.imds import Answer
from support.policies import document, policy, trust
from support.query import FORM, Key, QueryClient, QueryError, elements, query_error, signed_headers

STS = "https://sts.amazonaws.com/doc/2011-06-15/"
FAULT = "http://webservices.amazon.com/AWSFault/2005-15-09"
PRODUCT_PAGE = "https://aws.amazon.com/iam"
VERSION = "Version=2011-06-15"
IDENTITY = f"Action=GetCallerIdentity&{VERSION}"

SECRET = "a-long-term-secret-of-this-test-run-0002"
DEV = Key("AKIAIMDSDTESTKEY0001", SECRET)
RETIRED = Key("AKIAIMDSDTESTKEY0002", SECRET)
NOBODY = Key("AKIAIMDSDTESTKEY0009", SECRET)
DEV_ARN = f"arn:aws:iam::{ACCOUNT}:user/dev"


def role_arn(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def sets_source_identity(principal: str) -> str:
    return document({"Effect": "Allow", "Principal": {"AWS": principal},
                     "Action": ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"]})


CONFIG = {
    "iam": {
        "user": [
            {"name": "dev", "access_keys": [{"id": DEV.id, "secret_env": "TEST_SECRET"}]},
            {"name": "retired", "access_keys": [{"id": RETIRED.id, "secret_env": "TEST_SECRET"}]},
        ],
        "role": [
            {"name": ROLE, "trust_policy": EC2_TRUST, "policies": [{"name": "all", "document": policy("Allow", "sts:*")}]},
            {"name": "long", "trust_policy": sets_source_identity(DEV_ARN), "max_session_duration": 43200,
             "policies": [{"name": "all", "document": policy("Allow", "sts:*")}]},
            {"name": "short", "trust_policy": trust(DEV_ARN), "max_session_duration": 3600},
            {"name": "chained", "trust_policy": sets_source_identity(role_arn("long")), "max_session_duration": 43200},
            {"name": "untrusting", "trust_policy": EC2_TRUST},
        ],
    }
}


@pytest.fixture(scope="module")
def daemon():
    with Daemon(CONFIG, env={"TEST_SECRET": SECRET}) as running:
        running.note_secret(SECRET)
        admin_client(running).update_access_key(UserName="retired", AccessKeyId=RETIRED.id, Status="Inactive")
        yield running


@pytest.fixture(scope="module")
def dev(daemon: Daemon) -> QueryClient:
    return QueryClient(daemon.aws, DEV, daemon.note_secret)


def error(status: int, code: str, message: str | None, namespace: str = STS) -> QueryError:
    return QueryError(status, namespace, "Sender", code, message)


def assert_caller(answer: Answer, arn: str = DEV_ARN) -> None:
    assert answer.status == 200, answer.text
    assert elements(answer)["Arn"] == arn


# Dispatch


@pytest.mark.parametrize("form", [
    IDENTITY,
    f"Action=GetCallerIdentity&Action=NoSuchAction&{VERSION}",
    f"{IDENTITY}&Version=2000-01-01",
    f"{IDENTITY}&Unknown=value",
], ids=["plain", "first action", "first version", "unknown parameter"])
@pytest.mark.parametrize("send", [
    QueryClient.get, QueryClient.post, lambda dev, form: dev.post(form, f"{FORM}; charset=utf-8")
], ids=["GET", "POST", "POST with charset"])
def test_a_call_is_an_action_and_a_version(dev: QueryClient, send, form: str) -> None:
    answer = send(dev, form)
    assert_caller(answer)
    assert ElementTree.fromstring(answer.body).tag == f"{{{STS}}}GetCallerIdentityResponse"


@pytest.mark.parametrize("form, action, version", [
    (f"Action=NoSuchAction&{VERSION}", "NoSuchAction", "2011-06-15"),
    ("Action=GetCallerIdentity", "GetCallerIdentity", "NO_VERSION_SPECIFIED"),
    ("Action=GetCallerIdentity&Version=", "GetCallerIdentity", ""),
    ("Action=GetCallerIdentity&Version=2000-01-01", "GetCallerIdentity", "2000-01-01"),
    (f"Action=&{VERSION}", "", "2011-06-15"),
    (f"Action=NoSuchAction&Action=GetCallerIdentity&{VERSION}", "NoSuchAction", "2011-06-15"),
], ids=["action", "no version", "empty version", "version", "empty action", "first action"])
def test_any_other_is_not_found(dev: QueryClient, form: str, action: str, version: str) -> None:
    expected = error(400, "InvalidAction", f"Could not find operation {action} for version {version}", FAULT)
    assert query_error(dev.post(form)) == expected
    assert query_error(dev.get(form)) == expected


def test_without_an_action_or_a_form_the_product_page_is_shown(dev: QueryClient) -> None:
    for answer, location in (
        (dev.post(IDENTITY, content_type=None), PRODUCT_PAGE),
        (dev.post(IDENTITY, content_type="text/plain"), PRODUCT_PAGE),
        (dev.post(VERSION), PRODUCT_PAGE),
        (dev.get(VERSION), f"{PRODUCT_PAGE}?{VERSION}"),
    ):
        assert (answer.status, answer.headers["location"], answer.body) == (302, location, b"")


def test_answers_are_xml_without_a_declaration(dev: QueryClient) -> None:
    answer = dev.post(IDENTITY)
    assert answer.headers["content-type"] == "text/xml"
    request_id = answer.headers["x-amzn-requestid"]
    assert answer.text == (
        f'<GetCallerIdentityResponse xmlns="{STS}">\n  <GetCallerIdentityResult>\n    <Arn>{DEV_ARN}</Arn>\n'
        f'    <UserId>{elements(answer)["UserId"]}</UserId>\n    <Account>{ACCOUNT}</Account>\n'
        f"  </GetCallerIdentityResult>\n  <ResponseMetadata>\n    <RequestId>{request_id}</RequestId>\n"
        "  </ResponseMetadata>\n</GetCallerIdentityResponse>\n")


def test_a_client_that_accepts_json_gets_json(daemon: Daemon, dev: QueryClient) -> None:
    accept = {"Accept": "application/json"}
    answer = dev.post(IDENTITY, headers=accept)
    assert answer.headers["content-type"] == "application/json"
    told = json.loads(answer.body)
    assert told["GetCallerIdentityResponse"]["GetCallerIdentityResult"].keys() == {"Account", "Arn", "UserId"}
    assert told["GetCallerIdentityResponse"]["ResponseMetadata"] == {"RequestId": answer.headers["x-amzn-requestid"]}

    before = time.time()
    answer = dev.post(f"Action=AssumeRole&{VERSION}&RoleSessionName=session&RoleArn={role_arn('long')}", headers=accept)
    credentials = json.loads(answer.body)["AssumeRoleResponse"]["AssumeRoleResult"]["Credentials"]
    daemon.note_secret(credentials["SecretAccessKey"], credentials["SessionToken"])
    assert abs(credentials["Expiration"] - before - 3600) < 10
    session = QueryClient(dev.address, Key(*(credentials[name] for name in ("AccessKeyId", "SecretAccessKey", "SessionToken"))))
    assert session.post(IDENTITY).status == 200

    refused = dev.post(f"Action=NoSuchAction&{VERSION}", headers=accept)
    assert refused.status == 400
    assert json.loads(refused.body) == {
        "Error": {"Code": "InvalidAction", "Type": "Sender",
                  "Message": "Could not find operation NoSuchAction for version 2011-06-15"},
        "RequestId": refused.headers["x-amzn-requestid"]}


def plain(value):
    """What botocore parsed, with dates as JSON has them."""
    if isinstance(value, datetime.datetime):
        return int(value.timestamp())
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("action", [
    "ListUsers", "ListRoles", "ListGroups", "ListPolicies", "ListInstanceProfiles", "ListSAMLProviders",
    "ListOpenIDConnectProviders", "ListVirtualMFADevices", "GetAccountSummary", "GetAccountAuthorizationDetails",
    f"GetRole&RoleName={ROLE}", "ListAccessKeys&UserName=dev", f"GetAccessKeyLastUsed&AccessKeyId={DEV.id}",
    f"GetRolePolicy&RoleName={ROLE}&PolicyName=all", "ListUserTags&UserName=dev", "GetUser&UserName=dev"])
def test_iam_tells_the_same_in_json_as_in_xml(daemon: Daemon, action: str) -> None:
    admin = QueryClient(daemon.aws, Key(*admin_keys(daemon)))
    xml, told = (admin.post(f"Action={action}&Version=2010-05-08", headers={"Accept": accept}, service="iam")
                 for accept in ("text/xml", "application/json"))
    name = action.partition("&")[0]
    model = botocore.session.get_session().get_service_model("iam").operation_model(name)
    parsed = QueryParser().parse({"status_code": 200, "headers": {}, "body": xml.body}, model.output_shape)
    del parsed["ResponseMetadata"]
    assert parsed
    assert json.loads(told.body)[f"{name}Response"][f"{name}Result"] == plain(parsed)


# Sizes


def test_a_body_may_have_ten_million_bytes(dev: QueryClient) -> None:
    def padded(size: int) -> str:
        return f"{IDENTITY}&Unknown=".ljust(size, "x")

    assert_caller(dev.post(padded(10_000_000)))
    too_large = dev.post(padded(10_000_001))
    assert (too_large.status, too_large.body) == (413, b"")


def test_the_head_of_a_get_may_have_about_16_kb(dev: QueryClient) -> None:
    assert_caller(dev.get(f"{IDENTITY}&Unknown=".ljust(15_000, "x")))
    # AWS answers 400 without a body.
    assert dev.get(f"{IDENTITY}&Unknown=".ljust(17_000, "x")).status == 431


# The parameters of AssumeRole


def assume_role(client: QueryClient, *parameters: tuple[str, str]) -> Answer:
    return client.post(urllib.parse.urlencode([("Action", "AssumeRole"), ("Version", "2011-06-15"), *parameters]))


def to_long(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [("RoleArn", role_arn("long")), ("RoleSessionName", "session"), *more]


def violation(member: str, value: str, constraint: str) -> QueryError:
    return error(400, "ValidationError", f"1 validation error detected: Value {value} at '{member}' failed to satisfy "
                                         f"constraint: Member must {constraint}")


ARN_PATTERN = r"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+"
TOO_SHORT = "have length greater than or equal to"


@pytest.mark.parametrize("parameters, expected", [
    ([("RoleSessionName", "session")], violation("roleArn", "null", "not be null")),
    ([("RoleArn", "not-an-arn"), ("RoleSessionName", "session")], violation("roleArn", "'not-an-arn'", f"{TOO_SHORT} 20")),
    ([("RoleArn", "x" * 20), ("RoleSessionName", "session")], error(400, "ValidationError", f"{'x' * 20} is invalid")),
    ([("RoleArn", role_arn("long"))], violation("roleSessionName", "null", "not be null")),
    ([("RoleArn", role_arn("long")), ("RoleSessionName", "")], violation("roleSessionName", "''", f"{TOO_SHORT} 2")),
    ([("RoleArn", role_arn("long")), ("RoleSessionName", "a")], violation("roleSessionName", "'a'", f"{TOO_SHORT} 2")),
    ([("RoleArn", role_arn("long")), ("RoleSessionName", "a" * 65)],
     violation("roleSessionName", f"'{'a' * 65}'", "have length less than or equal to 64")),
    ([("RoleArn", role_arn("long")), ("RoleSessionName", "bad/name")],
     violation("roleSessionName", "'bad/name'", r"satisfy regular expression pattern: [\w+=,.@-]*")),
    (to_long(("DurationSeconds", "")), error(400, "MalformedInput", "missing value for decimal type")),
    (to_long(("DurationSeconds", "abc")), error(400, "MalformedInput", None)),
    (to_long(("DurationSeconds", "900.0")), error(400, "MalformedInput", None)),
    (to_long(("DurationSeconds", "2147483648")), error(400, "MalformedInput", None)),
    (to_long(("DurationSeconds", "-2147483649")), error(400, "MalformedInput", None)),
    (to_long(("DurationSeconds", "-1")), violation("durationSeconds", "'-1'", "have value greater than or equal to 900")),
    (to_long(("DurationSeconds", "899")), violation("durationSeconds", "'899'", "have value greater than or equal to 900")),
    (to_long(("DurationSeconds", "43201")), violation("durationSeconds", "'43201'", "have value less than or equal to 43200")),
    ([("RoleArn", role_arn("short")), ("RoleSessionName", "session"), ("DurationSeconds", "3601")],
     error(400, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")),
    *(([("RoleArn", role_arn(name)), ("RoleSessionName", "session")],
       error(403, "AccessDenied", f"User: {DEV_ARN} is not authorized to perform: sts:AssumeRole on resource: {role_arn(name)}"))
      for name in ("missing", "untrusting")),
], ids=["no role", "short role", "no ARN", "no session name", "empty session name", "short session name",
        "long session name", "bad session name", "empty duration", "duration of letters", "decimal duration",
        "large duration", "small duration", "negative duration", "duration 899", "duration 43201", "over the role's maximum",
        "missing role", "role that does not trust"])
def test_assume_role_refuses(dev: QueryClient, parameters, expected: QueryError) -> None:
    assert query_error(assume_role(dev, *parameters)) == expected


def test_an_empty_role_arn_violates_two_constraints(dev: QueryClient) -> None:
    refused = query_error(assume_role(dev, ("RoleArn", ""), ("RoleSessionName", "session")))
    assert (refused.status, refused.code) == (400, "ValidationError")
    head, _, rest = refused.message.partition(": ")
    assert head == "2 validation errors detected"
    start = "Value '' at 'roleArn' failed to satisfy constraint: Member must "
    # AWS prints the two in either order.
    assert sorted(rest.split("; ")) == sorted(
        [f"{start}satisfy regular expression pattern: {ARN_PATTERN}", f"{start}{TOO_SHORT} 20"])


@pytest.mark.parametrize("text, seconds", [("900", 900), ("43200", 43200), ("+900", 900), ("0900", 900)])
def test_a_session_lasts_as_long_as_was_asked(dev: QueryClient, text: str, seconds: int) -> None:
    answer = assume_role(dev, *to_long(("DurationSeconds", text)))
    assert answer.status == 200, answer.text
    end = datetime.datetime.fromisoformat(elements(answer)["Expiration"].replace("Z", "+00:00"))
    assert (end - parsedate_to_datetime(answer.headers["date"])).total_seconds() in (seconds, seconds - 1)


def test_of_duplicate_parameters_the_first_one_counts(dev: QueryClient) -> None:
    answer = assume_role(dev, *to_long(("DurationSeconds", "900")), ("RoleArn", "not-an-arn"),
                         ("RoleSessionName", "bad/name"), ("DurationSeconds", "899"))
    assert answer.status == 200, answer.text
    assert elements(answer)["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/long/session"


def test_the_elements_of_a_session_come_in_order(dev: QueryClient) -> None:
    answer = assume_role(dev, *to_long())
    assert list(elements(answer)) == ["AssumedRoleId", "Arn", "AccessKeyId", "SecretAccessKey", "SessionToken",
                                      "Expiration", "RequestId"]


def session_of(daemon: Daemon, answer: Answer) -> Key:
    found = elements(answer)
    daemon.note_secret(found["SecretAccessKey"], found["SessionToken"])
    return Key(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])


def test_a_chained_session_is_bounded_by_an_hour(daemon: Daemon, dev: QueryClient) -> None:
    session = QueryClient(dev.address, session_of(daemon, assume_role(dev, *to_long())))
    chained = [("RoleArn", role_arn("chained")), ("RoleSessionName", "session")]
    assert query_error(assume_role(session, *chained, ("DurationSeconds", "3601"))) == error(
        400, "ValidationError",
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.")
    assert assume_role(session, *chained, ("DurationSeconds", "3600")).status == 200


def test_a_source_identity_stays(daemon: Daemon, dev: QueryClient) -> None:
    answer = assume_role(dev, *to_long(("SourceIdentity", "one")))
    assert elements(answer)["SourceIdentity"] == "one"
    session = QueryClient(dev.address, session_of(daemon, answer))
    chained = [("RoleArn", role_arn("chained")), ("RoleSessionName", "session")]
    assert query_error(assume_role(session, *chained, ("SourceIdentity", "other"))) == error(
        400, "ValidationError", "The source identity is already set for this assume role session")
    assert elements(assume_role(session, *chained, ("SourceIdentity", "one")))["SourceIdentity"] == "one"
    assert elements(assume_role(session, *chained))["SourceIdentity"] == "one"


# The order of the authentication checks: each refusal comes although everything behind it is wrong, too

INVALID_TOKEN = error(403, "InvalidClientTokenId", "The security token included in the request is invalid.")
MISMATCH = error(
    403, "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details.")
DENIED_CALL = f"Action=AssumeRole&{VERSION}&RoleSessionName=session&RoleArn={role_arn('untrusting')}"


def with_secret(key: Key, secret: str = "another") -> Key:
    return Key(key.id, secret, key.token)


def refusal_of(address: str, key: Key, form: str = DENIED_CALL, **more: str) -> QueryError:
    return query_error(QueryClient(address, key).post(form, **more))


def test_the_scope_comes_first(daemon: Daemon) -> None:
    headers = signed_headers("POST", daemon.aws, "/", {"Content-Type": FORM}, DENIED_CALL, with_secret(NOBODY))
    headers["Authorization"] = headers["Authorization"].replace("/aws4_request", "/aws5_request")
    refused = query_error(QueryClient(daemon.aws, NOBODY).send("POST", "/", headers, DENIED_CALL))
    assert (refused.status, refused.code) == (403, "SignatureDoesNotMatch")
    assert refused.message.startswith("Credential should be scoped with a valid terminator")


@pytest.mark.parametrize("key", [NOBODY, RETIRED, Key(RETIRED.id, "another", "token"), Key("ASIAIMDSDTESTKEY0001", "x"),
                                 Key("ASIAIMDSDTESTKEY0001", "x", "not-a-token")],
                         ids=["unknown", "inactive", "inactive with a token", "no token", "bad token"])
def test_then_the_key_and_its_token(daemon: Daemon, key: Key) -> None:
    assert refusal_of(daemon.aws, key) == INVALID_TOKEN
    assert refusal_of(daemon.aws, with_secret(key)) == INVALID_TOKEN


def test_a_token_belongs_to_its_key(daemon: Daemon, dev: QueryClient) -> None:
    one, two = (session_of(daemon, assume_role(dev, *to_long())) for _ in range(2))
    assert refusal_of(daemon.aws, Key(one.id, one.secret, two.token)) == INVALID_TOKEN
    assert refusal_of(daemon.aws, Key(one.id, one.secret)) == INVALID_TOKEN


def test_then_the_signature(daemon: Daemon, dev: QueryClient) -> None:
    assert refusal_of(daemon.aws, with_secret(DEV)) == MISMATCH
    session = session_of(daemon, assume_role(dev, *to_long()))
    assert refusal_of(daemon.aws, with_secret(session)) == MISMATCH
    # A live long-term key with a token fails behind the signature only.
    assert refusal_of(daemon.aws, Key(DEV.id, "another", "token")) == MISMATCH
    assert refusal_of(daemon.aws, Key(DEV.id, DEV.secret, "token")) == INVALID_TOKEN


def test_then_the_action_and_last_the_authorization(daemon: Daemon) -> None:
    assert refusal_of(daemon.aws, DEV, f"Action=NoSuchAction&{VERSION}").code == "InvalidAction"
    assert refusal_of(daemon.aws, DEV, DENIED_CALL + "&DurationSeconds=899").code == "ValidationError"
    assert refusal_of(daemon.aws, DEV).code == "AccessDenied"
    assert refusal_of(daemon.aws, with_secret(DEV), f"Action=NoSuchAction&{VERSION}") == MISMATCH


# Headers


def raw_post(address: str, headers: list[tuple[str, str]], body: str) -> bytes:
    host, port = address.rsplit(":", 1)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(f"POST / HTTP/1.1\r\n{lines}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode())
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return answer


def test_a_signed_header_of_two_lines_is_their_values_with_a_comma(daemon: Daemon) -> None:
    signed = signed_headers("POST", daemon.aws, "/", {"Content-Type": FORM, "X-Amz-Odd": "one,two"}, IDENTITY, DEV)
    others = [(name, value) for name, value in signed.items() if name != "X-Amz-Odd"]
    assert b"<Arn>" in raw_post(daemon.aws, [*others, ("X-Amz-Odd", "one"), ("x-amz-odd", "two")], IDENTITY)
    assert b"SignatureDoesNotMatch" in raw_post(daemon.aws, [*others, ("X-Amz-Odd", "two"), ("X-Amz-Odd", "one")], IDENTITY)


def test_runs_of_spaces_in_a_signed_header_are_one(daemon: Daemon) -> None:
    signed = signed_headers("POST", daemon.aws, "/", {"Content-Type": FORM, "X-Amz-Odd": "one two"}, IDENTITY, DEV)
    others = [(name, value) for name, value in signed.items() if name != "X-Amz-Odd"]
    assert b"<Arn>" in raw_post(daemon.aws, [*others, ("X-Amz-Odd", "  one    two ")], IDENTITY)


def test_a_token_header_need_not_be_signed(daemon: Daemon, dev: QueryClient) -> None:
    session = session_of(daemon, assume_role(dev, *to_long()))
    headers = signed_headers("POST", daemon.aws, "/", {"Content-Type": FORM}, IDENTITY, Key(session.id, session.secret))
    client = QueryClient(daemon.aws, session)
    assert_caller(client.send("POST", "/", headers | {"X-Amz-Security-Token": session.token}, IDENTITY),
                  f"arn:aws:sts::{ACCOUNT}:assumed-role/long/session")
