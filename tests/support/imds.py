# SPDX-License-Identifier: MIT
"""A bare IMDS client: what the daemon says, without an SDK's opinion on it."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from support.waiting import wait_for

TOKEN_PATH = "/latest/api/token"
CREDENTIALS_PATH = "/latest/meta-data/iam/security-credentials/"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class ImdsClient:
    """Speaks to `address` (host:port), a new connection for every request, from the address `source` if one is given."""

    def __init__(self, address: str, note_secret: Callable[..., None] = lambda *_: None, source: str = "") -> None:
        self._source = (source, 0) if source else None
        self.host, _, port = address.rpartition(":")
        self.port = int(port)
        self._note_secret = note_secret

    def request(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, timeout: float = 10.0
    ) -> Answer:
        connection = http.client.HTTPConnection(
            self.host.strip("[]"), self.port, timeout=timeout, source_address=self._source)
        try:
            connection.request(method, path, headers=dict(headers or {}))
            response = connection.getresponse()
            names = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, names, response.read())
        finally:
            connection.close()

    def token(self, ttl: int = 21600) -> str:
        answer = self.request(
            "PUT", TOKEN_PATH, {"X-aws-ec2-metadata-token-ttl-seconds": str(ttl), "Content-Length": "0"}
        )
        assert answer.status == 200, answer
        self._note_secret(answer.text)
        return answer.text

    def get(self, path: str, token: str | None = None) -> Answer:
        return self.request("GET", path, {"X-aws-ec2-metadata-token": token} if token else {})

    def wait_for_signatures(self) -> None:
        """The first start makes the keys of identity documents behind the open ports: 503 until then."""
        token = self.token()
        path = "/latest/dynamic/instance-identity/signature"
        wait_for("the keys of identity documents", lambda: self.get(path, token).status == 200)

    def credentials(self, role: str, version: int = 2) -> dict[str, str]:
        answer = self.get(CREDENTIALS_PATH + role, self.token() if version == 2 else None)
        assert answer.status == 200, answer
        document = json.loads(answer.text)
        self._note_secret(document.get("SecretAccessKey", ""), document.get("Token", ""))
        return document
