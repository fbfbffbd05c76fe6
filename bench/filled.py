# SPDX-License-Identifier: MIT
"""A daemon with many entities, and signed calls to it."""
import configparser
import random
import shutil
import subprocess

import load
from signing import signed_headers
from support.daemon import REGION, Daemon, bin_dir

REQUESTS = 2000  # different ones, so that what is looked up is not always in the processor's cache


def administrator_of(daemon: Daemon) -> dict[str, str]:
    """Its access key, as signing.py takes it."""
    profiles = configparser.ConfigParser()
    profiles.read(daemon.directory / "state/credentials")
    profile = profiles["imdsd-admin"]
    return {"AccessKeyId": profile["aws_access_key_id"], "SecretAccessKey": profile["aws_secret_access_key"]}


class Filled:
    """A daemon on a directory of `count` users and roles, half and half."""

    def __init__(self, count: int) -> None:
        self.port = load.free_port()
        self.daemon = Daemon({"log": {"level": "info"}, "imds": {"listen": [f"127.0.0.1:{self.port}"]}})
        state = self.daemon.directory / "state"
        state.mkdir(mode=0o700)
        pairs = subprocess.run([bin_dir() / "bench_directory", state / "iam.db", str(count)],
                               capture_output=True, text=True, check=True).stdout
        self.pairs = [line.split() for line in pairs.splitlines()]
        self.copy = self.daemon.directory / "copy.db"  # for SQLite's own rate
        shutil.copyfile(state / "iam.db", self.copy)
        self.daemon.start()
        self.aws = self.daemon.aws
        self.administrator = administrator_of(self.daemon)

    def some(self) -> list[list[str]]:
        """Key, secret and role of REQUESTS pairs by chance, some more than once."""
        return random.Random(1).choices(self.pairs, k=REQUESTS)

    def signed(self, body: str, credentials: dict[str, str], service: str) -> tuple[dict[str, str], str]:
        region = "us-east-1" if service == "iam" else REGION
        return signed_headers(self.aws, body, region, credentials, service), body

    def get_caller_identity(self, connections: int, seconds: int) -> float:
        body = "Action=GetCallerIdentity&Version=2011-06-15"
        return self.run(connections, seconds, [
            self.signed(body, {"AccessKeyId": key, "SecretAccessKey": secret}, "sts") for key, secret, _ in self.some()]).rate

    def assume_role(self, connections: int, seconds: int) -> load.Load:
        return self.run(connections, seconds, [
            self.signed(f"Action=AssumeRole&Version=2011-06-15&RoleSessionName=bench&RoleArn={role}",
                        self.administrator, "sts") for _, _, role in self.some()])

    def update_role(self, seconds: int, connections: int = 1) -> float:
        return self.run(connections, seconds, self.updates()).rate

    def updates(self) -> list[tuple[dict[str, str], str]]:
        """Calls of UpdateRole. Each differs from what the role has: the second half repeats the first one's roles."""
        names = [role.rsplit("/")[-1] for _, _, role in self.some()[:REQUESTS // 2]]
        return [self.signed(f"Action=UpdateRole&Version=2010-05-08&RoleName={name}&Description=number-{number}",
                            self.administrator, "iam") for number, name in enumerate(names * 2)]

    def get_role(self, seconds: int) -> float:
        """One client, as update_role, but nothing is written."""
        return self.run(1, seconds, [
            self.signed(f"Action=GetRole&Version=2010-05-08&RoleName={role.rsplit('/')[-1]}", self.administrator, "iam")
            for _, _, role in self.some()]).rate

    def run(self, connections: int, seconds: int, requests: list[tuple[dict[str, str], str]]) -> load.Load:
        return load.wrk_in_turn(f"http://{self.aws}/", connections, seconds, requests)

    def close(self) -> None:
        self.daemon.close()
