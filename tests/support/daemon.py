# SPDX-License-Identifier: MIT
"""Runs the real imdsd in a directory of its own, on ports the kernel chooses."""

from __future__ import annotations

import json
import os
import re
import selectors
import shutil
import signal
import socket
import subprocess
import tempfile
import urllib.parse
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from support import toml_text
from support.imds import ImdsClient

REPO = Path(__file__).resolve().parents[2]

ACCOUNT = "123456789012"
# Not us-east-1: SDKs fall back to that one by themselves, and a test could not tell.
REGION = "eu-west-1"
ZONE = "eu-west-1b"
INSTANCE = "i-0a1b2c3d4e5f60718"
ROLE = "app-role"

EC2_TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ec2.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)

# sun_path is 108 bytes with its final NUL (unix(7)).
_SUN_PATH_MAX = 107

# Names the daemon's own settings and the SDKs' would leak in through.
_UNWANTED_PREFIXES = ("AWS_", "IMDSD_")
_PROXIES = {"http_proxy", "https_proxy", "all_proxy", "ftp_proxy", "no_proxy"}


def bin_dir() -> Path:
    return Path(os.environ.get("IMDSD_BIN_DIR") or REPO / "build" / "dev").resolve()


def clean_environment() -> dict[str, str]:
    """This process's environment without AWS settings, our own settings and HTTP proxies."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(_UNWANTED_PREFIXES)
        and name.lower() not in _PROXIES
        and name not in ("JAVA_TOOL_OPTIONS", "NOTIFY_SOCKET")
    }


def role(name: str = ROLE, **more: Any) -> dict[str, Any]:
    return {"name": name, "trust_policy": EC2_TRUST, **more}


def default_config(directory: Path) -> dict[str, Any]:
    return {
        "state_dir": str(directory / "state"),
        "log": {"level": "debug", "format": "text"},
        "imds": {"listen": ["127.0.0.1:0"]},
        "aws": {"listen": ["127.0.0.1:0"], "account_id": ACCOUNT, "region": REGION},
        "admin": {"socket": str(directory / "admin.sock")},
        "instance": [
            {"id": INSTANCE, "type": "t3.micro", "availability_zone": ZONE, "profile": ROLE}
        ],
        "iam": {"role": [role()]},
    }


class StartFailed(AssertionError):
    """The daemon ended, or said nothing, before it was ready."""


class Daemon:
    """One imdsd process. `with Daemon(...) as d:` starts it, stops it, and checks its log for secrets.

    config: merged over default_config(); None as a value removes a key.
    text:   the whole config file instead, with {dir} standing for the temporary directory.
    args, env: added to the command line ({dir} as in `text`) and to the environment of the process.
    prefix: put before the command line; it must exec, as `ip netns exec NAME` does.
    """

    def __init__(
        self,
        config: Mapping[str, Any] | None = None,
        *,
        text: str | None = None,
        args: Iterable[str] = (),
        env: Mapping[str, str] | None = None,
        prefix: Iterable[str] = (),
    ) -> None:
        self.directory = short_directory()
        self.config_path = self.directory / "config.toml"
        self.log_path = self.directory / "log"
        self.socket_path = self.directory / "admin.sock"
        self._config = toml_text.merged(default_config(self.directory), config or {})
        self._args = [argument.replace("{dir}", str(self.directory)) for argument in args]
        self._env = dict(env or {})
        self._prefix = list(prefix)
        self._secrets: set[str] = set()
        self.process: subprocess.Popen[bytes] | None = None
        self.stdout_path = self.directory / "stdout"
        if text is None:
            self.write_config()
        else:
            self.config_path.write_text(text.replace("{dir}", str(self.directory)))

    # Life

    def __enter__(self) -> Daemon:
        try:
            return self.start()
        except BaseException:
            self.close()
            raise

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                self.stop()
                self.assert_no_secret_in_log()
        finally:
            self.close()

    def start(self, timeout: float = 30.0) -> Daemon:
        notify_path = self.directory / "notify"
        notify_path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.bind(str(notify_path))
            env = clean_environment() | self._env | {"NOTIFY_SOCKET": str(notify_path)}
            with open(self.log_path, "ab") as log, open(self.stdout_path, "ab") as out:
                self.process = subprocess.Popen(
                    [*self._prefix, bin_dir() / "imdsd", "--config", self.config_path, *self._args],
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=log,
                    env=env,
                )
            wait_until_ready(self.process, notify, timeout, self.tail)
        return self

    def stop(self, timeout: float = 30.0) -> None:
        """SIGTERM; the daemon must drain and end with 0."""
        if self.process is None or self.process.returncode is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"imdsd was still there {timeout:g} s after SIGTERM\n{self.tail()}")
        assert code == 0, f"imdsd ended with {code} after SIGTERM\n{self.tail()}"

    def restart(self) -> Daemon:
        """Stops and starts again with the same state directory; the ports may change."""
        self.stop()
        return self.start()

    def close(self) -> None:
        """Kills what is left and removes the directory."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

    # Configuration

    def write_config(self, override: Mapping[str, Any] | None = None) -> None:
        """Writes the configuration, with `override` merged into it from now on."""
        self._config = toml_text.merged(self._config, override or {})
        self.config_path.write_text(toml_text.dumps(self._config))

    def reload(self) -> None:
        """SIGHUP. The effect is to be waited for: the status, a document or the log tells."""
        assert self.process is not None
        self.process.send_signal(signal.SIGHUP)

    # imdsctl

    def ctl(self, *args: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        result = subprocess.run(
            [bin_dir() / "imdsctl", "--socket", self.socket_path, *args],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            env=clean_environment(),
        )
        if check and result.returncode != 0:
            raise AssertionError(
                f"imdsctl {' '.join(args)} ended with {result.returncode}: "
                f"{result.stdout}{result.stderr}\n{self.tail()}"
            )
        return result

    def status(self) -> dict[str, Any]:
        return json.loads(self.ctl("status", "--json").stdout)

    def rotate(self) -> None:
        """Has every instance's credentials renewed now."""
        self.ctl("rotate")

    # Addresses

    @property
    def imds(self) -> str:
        """host:port of the first IMDS listener."""
        return self.status()["imds"]["listen"][0]

    @property
    def aws(self) -> str:
        """host:port of the first AWS listener."""
        return self.status()["aws"]["listen"][0]

    def imds_client(self, source: str = "") -> ImdsClient:
        """`source`: the peer's address, any of 127.0.0.0/8."""
        return ImdsClient(self.imds, note_secret=self.note_secret, source=source)

    def document(self, version: int = 2) -> dict[str, str]:
        """The credential document of ROLE as IMDSv1 or v2 serves it; its secrets are noted."""
        return self.imds_client().credentials(ROLE, version)

    def sdk_env(self, *options: str) -> dict[str, str]:
        """The environment of an SDK process: clean, plus what `imdsctl env --json` says."""
        env = clean_environment()
        for name, value in json.loads(self.ctl("env", "--json", *options).stdout).items():
            if value is None:
                env.pop(name, None)
            else:
                env[name] = str(value)
        # An SDK that fell back to 169.254.169.254 would leave this machine.
        imds = "AWS_EC2_METADATA_SERVICE_ENDPOINT"
        assert imds in env or env.get("AWS_EC2_METADATA_DISABLED") == "true"
        for name in {imds, "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_ENDPOINT_URL"} & env.keys():
            host = urllib.parse.urlsplit(env[name]).hostname
            assert host in ("127.0.0.1", "::1"), f"{name} is {env[name]!r}"
        return env

    # Log

    @property
    def log(self) -> str:
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def tail(self, lines: int = 40) -> str:
        return "\n".join(self.log.splitlines()[-lines:])

    def note_secret(self, *secrets: str) -> None:
        """Remembers a secret that this run used; assert_no_secret_in_log() looks for it."""
        self._secrets.update(secret for secret in secrets if secret)

    def assert_no_secret_in_log(self) -> None:
        text = self.log + self.stdout_path.read_text(errors="replace")
        for secret in self._secrets:
            for form in {secret, urllib.parse.quote(secret, safe="")}:
                # The digits of a one-time code may be part of an account id.
                pattern = re.compile(rf"(?<!\d){form}(?!\d)" if form.isdigit() else re.escape(form))
                if pattern.search(text):
                    line = next(line for line in text.splitlines() if pattern.search(line))
                    shown = pattern.sub(f"<secret of {len(form)} characters>", line)
                    raise AssertionError(f"a secret is in the daemon's log: {shown}")


def wait_until_ready(
    process: subprocess.Popen[bytes], notify: socket.socket, timeout: float, tail: Callable[[], str]
) -> None:
    """Waits for READY=1 (sd_notify(3)) or for the end of the process, whichever is first. `tail`: what it has said."""
    pidfd = os.pidfd_open(process.pid)
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(notify, selectors.EVENT_READ)
            selector.register(pidfd, selectors.EVENT_READ)
            while True:
                ready = [key.fileobj for key, _ in selector.select(timeout)]
                if notify in ready:
                    if b"READY=1" in notify.recv(65536).split(b"\n"):
                        return
                elif pidfd in ready:
                    raise StartFailed(f"imdsd ended with {process.wait()} before it was ready\n{tail()}")
                else:
                    raise StartFailed(f"imdsd was not ready after {timeout:g} s\n{tail()}")
    finally:
        os.close(pidfd)


def short_directory() -> Path:
    """A new one, short enough for the path of a socket in it."""
    for parent in (None, "/tmp"):
        path = tempfile.mkdtemp(prefix="imdsd-", dir=parent)
        if len(os.fsencode(path)) + len("/admin.sock") <= _SUN_PATH_MAX:
            return Path(path)
        os.rmdir(path)
    raise RuntimeError("no temporary directory short enough for a Unix socket")
