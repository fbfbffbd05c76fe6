# SPDX-License-Identifier: MIT
"""An OpenID Connect issuer on loopback: keys and tokens by PyJWT, and a server that can misbehave."""

from __future__ import annotations

import datetime
import hashlib
import http.server
import ipaddress
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

DISCOVERY = "/.well-known/openid-configuration"
AUDIENCE = "sts.amazonaws.com"
SUBJECT = "system:serviceaccount:default:reader"

_CURVES = {"ES256": ec.SECP256R1, "ES384": ec.SECP384R1, "ES512": ec.SECP521R1}


class SigningKey:
    def __init__(self, algorithm: str = "RS256", key_id: str = "key-1") -> None:
        self.algorithm, self.key_id = algorithm, key_id
        if algorithm.startswith("RS"):
            self._private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        else:
            self._private = ec.generate_private_key(_CURVES[algorithm]())

    def jwk(self) -> dict[str, Any]:
        implementation = jwt.get_algorithm_by_name(self.algorithm)
        public = json.loads(implementation.to_jwk(self._private.public_key()))
        public.pop("key_ops", None)
        return {**public, "kid": self.key_id, "alg": self.algorithm, "use": "sig"}

    def public_pem(self) -> bytes:
        return self._private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)

    def sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self._private, self.algorithm, headers={"kid": self.key_id})


def service_account_claims(issuer: str, **changes: Any) -> dict[str, Any]:
    """As the API server of a cluster makes them for a projected volume."""
    now = int(time.time())
    claims = {
        "aud": [AUDIENCE], "exp": now + 3600, "iat": now, "iss": issuer, "nbf": now, "sub": SUBJECT,
        "jti": "0b8f0c3e-9b5c-4d26-9a6c-3f1f3c3c8c11",
        "kubernetes.io": {
            "namespace": "default",
            "node": {"name": "node-1", "uid": "3d7f0a52-6f0b-4a0b-8a43-0c9b7f1d2f10"},
            "pod": {"name": "reader-0", "uid": "8a1c2f3e-1d6b-4f5e-9a58-5b8f7c0e1a22"},
            "serviceaccount": {"name": "reader", "uid": "5f2c7d1e-2b3a-4c6d-8e9f-7a6b5c4d3e33"},
            "warnafter": now + 3607,
        },
    }
    return {name: value for name, value in {**claims, **changes}.items() if value is not None}


class Answer:
    """What the server says to one path."""

    def __init__(self, body: bytes = b"", status: int = 200, headers: dict[str, str] | None = None,
                 wait: threading.Event | None = None) -> None:
        self.body, self.status, self.headers, self.wait = body, status, headers or {}, wait


class Issuer:
    """Serves discovery document and keys at `url` + the path of the issuer."""

    def __init__(self, context: ssl.SSLContext | None = None, path: str = "") -> None:
        self.keys = [SigningKey()]
        self.requests: list[str] = []
        self.answers: dict[str, Callable[[], Answer]] = {}
        self.released = threading.Event()
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.requests.append(self.path)
                make = issuer.answers.get(self.path)
                answer = make() if make else Answer(status=404)
                if answer.wait:
                    answer.wait.wait(30)
                try:
                    self.send_response(answer.status)
                    for name, value in answer.headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(answer.body)))
                    self.end_headers()
                    self.wfile.write(answer.body)
                except OSError:
                    pass  # the client has given up

            def log_message(self, *_: Any) -> None:
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: Any) -> None:
                pass  # a client that does not believe the certificate

        self._server = Server(("127.0.0.1", 0), Handler)
        if context:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True,
                                                      do_handshake_on_connect=False)
        scheme = "https" if context else "http"
        self.origin = f"{scheme}://127.0.0.1:{self._server.server_address[1]}"
        self.url = self.origin + path
        self.path = path
        self.answers[path + DISCOVERY] = lambda: Answer(self.discovery())
        self.answers[path + "/keys"] = lambda: Answer(self.jwks())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def name(self) -> str:
        """As ARNs and condition keys name it."""
        return self.url.split("://", 1)[1]

    def discovery(self, **changes: Any) -> bytes:
        return json.dumps({
            "issuer": self.url, "jwks_uri": self.url + "/keys", "response_types_supported": ["id_token"],
            "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256"],
            **changes,
        }).encode()

    def jwks(self) -> bytes:
        return json.dumps({"keys": [key.jwk() for key in self.keys]}).encode()

    def token(self, **changes: Any) -> str:
        return self.keys[0].sign(service_account_claims(self.url, **changes))

    def __enter__(self) -> Issuer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()


class Authority:
    """A certificate authority and one server's certificate, for 127.0.0.1 and `names`."""

    def __init__(self, directory: Path, names: tuple[str, ...] = ()) -> None:
        now = datetime.datetime.now(datetime.timezone.utc)

        def certificate(subject: str, issuer: str, public: Any, signer: Any, *extensions: Any) -> x509.Certificate:
            builder = (x509.CertificateBuilder()
                       .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
                       .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
                       .public_key(public).serial_number(x509.random_serial_number())
                       .not_valid_before(now - datetime.timedelta(minutes=5))
                       .not_valid_after(now + datetime.timedelta(days=1)))
            for extension in extensions:
                builder = builder.add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
            return builder.sign(signer, hashes.SHA256())

        root_key, leaf_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        root = certificate("test root", "test root", root_key.public_key(), root_key,
                           x509.BasicConstraints(ca=True, path_length=None))
        alternatives = [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), *(x509.DNSName(name) for name in names)]
        leaf = certificate("issuer", "test root", leaf_key.public_key(), root_key,
                           x509.BasicConstraints(ca=False, path_length=None),
                           x509.SubjectAlternativeName(alternatives))
        pem = serialization.Encoding.PEM
        self.root_pem = root.public_bytes(pem).decode()
        self.thumbprint = hashlib.sha1(root.public_bytes(serialization.Encoding.DER)).hexdigest()
        chain, key = directory / "chain.pem", directory / "key.pem"
        chain.write_bytes(leaf.public_bytes(pem) + root.public_bytes(pem))
        key.write_bytes(leaf_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(chain, key)
        self.chain, self.key = chain, key


@contextmanager
def issuer(**arguments: Any) -> Iterator[Issuer]:
    with Issuer(**arguments) as running:
        yield running
