# SPDX-License-Identifier: MIT
"""A relay on loopback between a client and the daemon that writes down what passes.

The bytes go through unchanged, the Host header too: a signature made for the relay stays valid. It can also
refuse PUT, which is how clients that fall back to IMDSv1 are made to do it.
"""

from __future__ import annotations

import re
import socket
import threading
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_TIMEOUT = 30.0
_CREDENTIAL = re.compile(r"Credential=([A-Z0-9]+)/")


@dataclass(frozen=True)
class Message:
    """One request or answer: its first line, its headers with names in lower case, its body."""

    start: str
    headers: dict[str, str]
    raw: bytes = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Exchange:
    request: Message
    answer: Message

    @property
    def method(self) -> str:
        return self.request.start.split(" ")[0]

    @property
    def target(self) -> str:
        return self.request.start.split(" ")[1]

    @property
    def status(self) -> int:
        return int(self.answer.start.split(" ")[1])

    @property
    def access_key_id(self) -> str | None:
        """The key that signed the request."""
        match = _CREDENTIAL.search(self.request.headers.get("authorization", ""))
        return match.group(1) if match else None

    @property
    def imds_token(self) -> str | None:
        return self.request.headers.get("x-aws-ec2-metadata-token")


class Relay:
    """Relays to `upstream` (host:port). With refuse_put=405, say, a PUT is answered so and not passed on."""

    def __init__(
        self,
        upstream: str,
        *,
        refuse_put: int | None = None,
        note_secret: Callable[..., None] = lambda *_: None,
    ) -> None:
        host, _, port = upstream.rpartition(":")
        self._upstream = (host.strip("[]"), int(port))
        self._refuse_put = refuse_put
        self._note_secret = note_secret
        self._lock = threading.Lock()
        self._exchanges: list[Exchange] = []
        self._stopping = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Relay:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(_TIMEOUT)

    @property
    def address(self) -> str:
        host, port = self._listener.getsockname()
        return f"{host}:{port}"

    @property
    def exchanges(self) -> list[Exchange]:
        with self._lock:
            return list(self._exchanges)

    def clear(self) -> None:
        with self._lock:
            self._exchanges.clear()

    def last_access_key_id(self) -> str:
        """The key that signed the latest request that passed and was answered 200."""
        for exchange in reversed(self.exchanges):
            if exchange.access_key_id and exchange.status == 200:
                return exchange.access_key_id
        raise AssertionError(f"no signed request was answered 200: {self.summary()}")

    def summary(self) -> list[str]:
        return [f"{e.method} {e.target} -> {e.status}" for e in self.exchanges]

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(_TIMEOUT)
        with connection:
            reader = _Reader(connection)
            try:
                while request := reader.message():
                    answer, keep = self._answer(request)
                    # Written down first: who has read the answer finds the exchange.
                    self._record(request, answer)
                    connection.sendall(answer.raw)
                    if not keep:
                        return
            except OSError:
                return  # the client went away

    def _answer(self, request: Message) -> tuple[Message, bool]:
        if self._refuse_put is not None and request.start.startswith("PUT "):
            raw = b"HTTP/1.1 %d Refused\r\nContent-Length: 0\r\n\r\n" % self._refuse_put
            return _message(raw, b""), True
        with socket.create_connection(self._upstream, timeout=_TIMEOUT) as upstream:
            upstream.sendall(request.raw)
            answer = _Reader(upstream).message(head_only=request.start.startswith("HEAD "), to_end=True)
        if answer is None:
            raise ConnectionError("the daemon closed without an answer")
        closing = answer.headers.get("connection", "").lower() == "close"
        return answer, "content-length" in answer.headers and not closing

    def _record(self, request: Message, answer: Message) -> None:
        token = request.headers.get("x-aws-ec2-metadata-token", "")
        security_token = request.headers.get("x-amz-security-token", "")
        signature = request.headers.get("authorization", "").rpartition("Signature=")[2]
        self._note_secret(token, security_token, urllib.parse.unquote(security_token), signature)
        with self._lock:
            self._exchanges.append(Exchange(request, answer))


def redirected(env: Mapping[str, str], relays: Mapping[str, Relay]) -> dict[str, str]:
    """`env` with every address (host:port) replaced by that of its relay."""
    result = dict(env)
    for address, relay in relays.items():
        result = {name: value.replace(address, relay.address) for name, value in result.items()}
    return result


class _Reader:
    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._buffer = b""

    def message(self, head_only: bool = False, to_end: bool = False) -> Message | None:
        """The next message, or None at the end of the stream. Bodies are framed by Content-Length; with
        `to_end`, one without it runs to the end of the stream (RFC 9112, 6.3)."""
        while (end := self._buffer.find(b"\r\n\r\n")) < 0:
            if not self._more():
                return None
        head, self._buffer = self._buffer[: end + 4], self._buffer[end + 4 :]
        message = _message(head, b"")
        if "transfer-encoding" in message.headers:
            raise ConnectionError("the relay reads no chunked messages")
        length = message.headers.get("content-length")
        if head_only:
            return message
        if length is None:
            while to_end and self._more():
                pass
            size = len(self._buffer) if to_end else 0
        else:
            size = int(length)
            while len(self._buffer) < size:
                if not self._more():
                    raise ConnectionError("the stream ended inside a body")
        body, self._buffer = self._buffer[:size], self._buffer[size:]
        return _message(head, body)

    def _more(self) -> bool:
        chunk = self._connection.recv(65536)
        self._buffer += chunk
        return bool(chunk)


def _message(head: bytes, body: bytes) -> Message:
    start, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    pairs = (line.split(":", 1) for line in lines)
    return Message(start, {name.lower(): value.strip() for name, value in pairs}, head + body, body)
