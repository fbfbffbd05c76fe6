# SPDX-License-Identifier: MIT
"""Names of issuers that lead where they should not: in a host of the test's own, whose names and resolver it makes."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import netns
from support.daemon import ACCOUNT, Daemon, clean_environment
from support.oidc import AUDIENCE, Authority, SigningKey, service_account_claims

ROLE = f"arn:aws:iam::{ACCOUNT}:role/pod"

# An HTTPS server on port 443 of every address of the host; it writes a line for each connection.
SERVER = """
import socket, ssl, sys
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
listener = socket.create_server(("0.0.0.0", 443))
open(sys.argv[3], "w").close()
while True:
    connection, _ = listener.accept()
    print(connection.getsockname()[0], file=open(sys.argv[3], "a"))
    try:
        secure = context.wrap_socket(connection, server_side=True)
        path = secure.recv(4096).split()[1].decode()
        body = open(sys.argv[4] + path.replace("/", "_"), "rb").read()
        secure.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body) + body)
        secure.close()
    except OSError:
        connection.close()
"""

CALL = """
import sys, boto3, botocore, botocore.config
client = boto3.client("sts", endpoint_url=sys.argv[1], region_name="eu-west-1",
                      config=botocore.config.Config(signature_version=botocore.UNSIGNED, retries={"total_max_attempts": 1}))
try:
    answer = client.assume_role_with_web_identity(RoleArn=sys.argv[2], RoleSessionName="pod-1", WebIdentityToken=sys.argv[3])
    print(answer["Audience"], "-")
except botocore.exceptions.ClientError as error:
    print(error.response["Error"]["Code"], error.response["Error"]["Message"])
"""

# Names as an attacker would have them in DNS.
NAMES = {
    "good.test": ["192.0.2.10"],
    "metadata.test": ["169.254.169.254"],
    "containers.test": ["169.254.170.2"],
    "mixed.test": ["192.0.2.10", "169.254.169.254"],
    "loopback.test": ["127.0.0.1"],
    "inside.test": ["10.0.0.10"],
    "ec2.test": ["fd00:ec2::254"],
}
KEY = SigningKey()


class Network:
    def __init__(self, daemon: Daemon, host: netns.Host, seen: Path) -> None:
        self.daemon, self.host, self.seen = daemon, host, seen
        self.endpoint = f"http://{daemon.aws}"

    def call(self, issuer: str) -> tuple[str, str]:
        token = KEY.sign(service_account_claims(issuer))
        self.daemon.note_secret(token)
        environment = [f"{name}={value}" for name, value in clean_environment().items()]
        done = self.host.run("env", "-i", *environment, sys.executable, "-c", CALL, self.endpoint, ROLE, token)
        code, message = done.stdout.strip().split(" ", 1)
        return code, message

    def connections(self) -> list[str]:
        return self.seen.read_text().split()


@contextlib.contextmanager
def names_of(host: netns.Host) -> Iterator[None]:
    """ip netns exec puts these files over those of /etc. Nobody answers at the resolver's address."""
    folder = Path("/etc/netns") / host.name
    folder.mkdir(parents=True)
    try:
        lines = ["127.0.0.1 localhost"]
        lines += [f"{address} {name}" for name, addresses in NAMES.items() for address in addresses]
        (folder / "hosts").write_text("\n".join(lines) + "\n")
        (folder / "resolv.conf").write_text("nameserver 192.0.2.53\n")
        yield
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    directory = tmp_path_factory.mktemp("issuer")
    authority = Authority(directory, tuple(NAMES))
    jwks = json.dumps({"keys": [KEY.jwk()]})
    (directory / "www").mkdir()

    (directory / "www" / "_.well-known_openid-configuration").write_text(json.dumps({
        "issuer": "https://good.test", "jwks_uri": "https://good.test/keys", "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256"]}))
    (directory / "www" / "_keys").write_text(jwks)
    providers = [{"url": f"https://{name}", "client_ids": [AUDIENCE]} for name in (*NAMES, "unknown.test")]
    trust = json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": [f"arn:aws:iam::{ACCOUNT}:oidc-provider/{name}" for name in NAMES]}}]})
    config = {
        "iam": {"role": [{"name": "pod", "trust_policy": trust}], "oidc_provider": providers},
        "instance": [{"id": "i-0a1b2c3d4e5f60718"}],
        "sts": {"oidc_fetch": [provider["url"] for provider in providers], "oidc_ca": authority.root_pem,
                "oidc_private_ranges": ["192.0.2.0/24"]},
    }
    with netns.hosts(1) as (host,), names_of(host):
        for address in ("192.0.2.10/32", "192.0.2.53/32", "169.254.169.254/32", "169.254.170.2/32", "10.0.0.10/32"):
            host.ip("addr", "add", address, "dev", "lo")
        seen = directory / "seen"
        server = subprocess.Popen([*host.exec_prefix, sys.executable, "-c", SERVER, str(authority.chain),
                                   str(authority.key), str(seen), str(directory / "www") + "/"])
        # A resolver that takes questions and answers none.
        silent = subprocess.Popen([*host.exec_prefix, sys.executable, "-c", (
            "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('192.0.2.53', 53))\n"
            "while True: s.recv(512)")])
        try:
            deadline = time.monotonic() + 20
            while not seen.exists():
                assert server.poll() is None and time.monotonic() < deadline, "the server did not start"
            with Daemon(config, prefix=host.exec_prefix) as daemon:
                yield Network(daemon, host, seen)
        finally:
            for process in (server, silent):
                process.kill()
                process.wait()


def test_a_name_in_a_listed_range(network: Network) -> None:
    assert network.call("https://good.test") == (AUDIENCE, "-")
    assert network.connections() == ["192.0.2.10"] * 2


@pytest.mark.parametrize("name, words", [
    ("metadata.test", "`metadata.test` is at 169.254.169.254, where nothing is ever fetched from"),
    ("containers.test", "`containers.test` is at 169.254.170.2, where nothing is ever fetched from"),
    ("mixed.test", "`mixed.test` is at 169.254.169.254, where nothing is ever fetched from"),
    ("ec2.test", "`ec2.test` is at fd00:ec2::254, where nothing is ever fetched from"),
    ("loopback.test", "`loopback.test` is at 127.0.0.1, which is not public"),
    ("inside.test", "`inside.test` is at 10.0.0.10, which is not public"),
])
def test_names_that_lead_inside(network: Network, name: str, words: str) -> None:
    before = network.connections()
    code, message = network.call(f"https://{name}")
    assert code == "InvalidIdentityToken" and words in message
    assert network.connections() == before, "nobody was connected to"


def test_a_resolver_that_is_silent_costs_five_seconds(network: Network) -> None:
    started = time.monotonic()
    code, message = network.call("https://unknown.test")
    assert code == "IDPCommunicationError" and "resolving `unknown.test`" in message
    assert time.monotonic() - started < 12, "five seconds, and what starting an SDK takes"
