# SPDX-License-Identifier: MIT
"""An OpenID Connect issuer as far as a verifier sees it: a key set, and tokens signed RS256 by the openssl command."""
import base64
import json
import pathlib
import subprocess
import time


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Issuer:
    url = "https://issuer.bench.example"
    audience = "sts.amazonaws.com"

    def __init__(self, folder: pathlib.Path) -> None:
        self.key = folder / "issuer.pem"
        subprocess.run(["openssl", "genrsa", "-out", self.key, "2048"], check=True, capture_output=True)
        modulus = subprocess.run(["openssl", "rsa", "-in", self.key, "-noout", "-modulus"], check=True,
                                 capture_output=True, text=True).stdout.strip().partition("=")[2]
        self.key_set = json.dumps({"keys": [{"kty": "RSA", "kid": "bench", "use": "sig", "alg": "RS256", "e": "AQAB",
                                             "n": _base64url(bytes.fromhex(modulus))}]})

    def token(self, subject: str) -> str:
        now = int(time.time())
        parts = [{"alg": "RS256", "typ": "JWT", "kid": "bench"},
                 {"iss": self.url, "aud": self.audience, "sub": subject, "iat": now, "exp": now + 3600}]
        text = ".".join(_base64url(json.dumps(part).encode()) for part in parts)
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.key], input=text.encode(), check=True,
                                   capture_output=True).stdout
        return f"{text}.{_base64url(signature)}"
