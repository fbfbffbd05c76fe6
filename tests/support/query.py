# SPDX-License-Identifier: MIT
"""The AWS port byte for byte: requests that an SDK would not send, signed by botocore, and answers as they came."""

from __future__ import annotations

import http.client
import re
import urllib.parse
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from support.daemon import REGION
from support.imds import Answer

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Key:
    id: str
    secret: str
    token: str | None = None


def signed_headers(method: str, address: str, target: str, headers: Mapping[str, str], body: str, key: Key,
                   region: str = REGION, service: str = "sts") -> dict[str, str]:
    request = AWSRequest(method, f"http://{address}{target}", headers=dict(headers), data=body.encode())
    request.headers["Host"] = address
    SigV4Auth(Credentials(key.id, key.secret, key.token), service, region).add_auth(request)
    return dict(request.headers.items())


SECRET_PARAMETERS = re.compile(
    r"(?:^|&)(?:TokenCode|AuthenticationCode\d|WebIdentityToken|SAMLAssertion|EncodedMessage|TradeInToken|Password|"
    r"X-Amz-Signature|X-Amz-Security-Token|ProvidedContexts\.member\.\d+\.ContextAssertion)=([^&]+)")
SECRET_ELEMENTS = re.compile(
    r"<(?:SecretAccessKey|SessionToken|WebIdentityToken|DecodedMessage|Base32StringSeed)>([^<]+)<")


def secrets_of(target: str, headers: Mapping[str, str], body: str, answer: Answer) -> set[str]:
    """What of a call must be in no log."""
    found = set(SECRET_PARAMETERS.findall(target.partition("?")[2]) + SECRET_PARAMETERS.findall(body))
    found |= {urllib.parse.unquote_plus(value) for value in found}
    found |= set(SECRET_ELEMENTS.findall(answer.body.decode(errors="replace")))
    found |= set(re.findall(r"Signature=(\w+)", headers.get("Authorization", "")))
    return found | {value for name, value in headers.items() if name.lower() == "x-amz-security-token"}


@dataclass(frozen=True)
class QueryClient:
    """Calls to `address` (host:port), each signed with `key` unless told otherwise. `note_secret` is told what of
    them is secret."""

    address: str
    key: Key
    note_secret: Callable[..., None] = lambda *_: None

    def send(self, method: str, target: str, headers: Mapping[str, str], body: str = "") -> Answer:
        connection = http.client.HTTPConnection(self.address, timeout=20)
        try:
            connection.request(method, target, body=body.encode() if body else None, headers=dict(headers))
            response = connection.getresponse()
            names = {name.lower(): value for name, value in response.getheaders()}
            answer = Answer(response.status, names, response.read())
        finally:
            connection.close()
        self.note_secret(*secrets_of(target, headers, body, answer))
        return answer

    def get(self, query: str, **more: str) -> Answer:
        target = f"/?{query}"
        return self.send("GET", target, signed_headers("GET", self.address, target, {}, "", self.key, **more))

    def post(self, form: str, content_type: str | None = FORM, headers: Mapping[str, str] | None = None,
             **more: str) -> Answer:
        all_headers = ({"Content-Type": content_type} if content_type else {}) | dict(headers or {})
        return self.send("POST", "/", signed_headers("POST", self.address, "/", all_headers, form, self.key, **more), form)


@dataclass(frozen=True)
class QueryError:
    status: int
    namespace: str
    type: str
    code: str
    message: str | None


def query_error(answer: Answer) -> QueryError:
    """The error in an XML answer, which must have the shape of the Query services."""
    root = ElementTree.fromstring(answer.body)
    namespace, _, name = root.tag[1:].partition("}")
    assert name == "ErrorResponse", answer.text
    assert [child.tag for child in root] == [f"{{{namespace}}}Error", f"{{{namespace}}}RequestId"], answer.text
    fields = {child.tag.rpartition("}")[2]: child.text or "" for child in root[0]}
    assert list(fields) in (["Type", "Code", "Message"], ["Type", "Code"]), answer.text
    return QueryError(answer.status, namespace, fields["Type"], fields["Code"], fields.get("Message"))


def elements(answer: Answer) -> dict[str, str]:
    """Name and text of every leaf of an XML answer; names must not repeat."""
    leaves = [(element.tag.rpartition("}")[2], element.text or "")
              for element in ElementTree.fromstring(answer.body).iter() if len(element) == 0]
    assert len(dict(leaves)) == len(leaves), answer.text
    return dict(leaves)
