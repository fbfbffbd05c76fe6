# SPDX-License-Identifier: MIT
"""systemd's own tool opens port 80, and a daemon without any privilege serves it."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from support import netns
from support.daemon import INSTANCE, Daemon, bin_dir

NOBODY = 65534
BECOME_NOBODY = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--inh-caps=-all"]


@pytest.mark.skipif(shutil.which("systemd-socket-activate") is None, reason="systemd-socket-activate is not on PATH")
def test_port_80_of_a_daemon_without_privileges() -> None:
    with netns.hosts(1) as (host,):
        if subprocess.run([*BECOME_NOBODY, bin_dir() / "imdsd", "--version"], capture_output=True).returncode:
            pytest.skip(f"nobody may not run {bin_dir()}/imdsd")
        host.ip("addr", "add", "169.254.169.254/32", "dev", "lo")
        host.ip("addr", "add", "fd00:ec2::254/128", "dev", "lo", "nodad")
        activate = ["systemd-socket-activate", "--listen=169.254.169.254:80", "--listen=[fd00:ec2::254]:80",
                    "--fdname=imds:imds", "--setenv=NOTIFY_SOCKET"]
        daemon = Daemon(prefix=[*host.exec_prefix, *activate, *BECOME_NOBODY])
        os.chown(daemon.directory, NOBODY, NOBODY)
        before = os.umask(0)  # nobody's daemon writes to the socket that tells when it is ready
        first: list[str] = []
        curl = ["curl", "-sS", "--retry", "20", "--retry-connrefused", "--retry-delay", "1"]
        # The tool starts the daemon at the first connection, which waits for it.
        client = threading.Thread(target=lambda: first.append(
            host.run(*curl, "http://169.254.169.254/latest/meta-data/instance-id").stdout))
        client.start()
        try:
            with daemon:
                client.join(30)
                assert first == [INSTANCE]
                over_v6 = host.run("curl", "-sSg", "http://[fd00:ec2::254]/latest/meta-data/instance-id").stdout
                assert over_v6 == INSTANCE
                assert daemon.status()["imds"]["listen"] == ["169.254.169.254:80", "[fd00:ec2::254]:80"]
                status = Path(f"/proc/{daemon.process.pid}/status").read_text()
                assert f"CapEff:\t{0:016x}" in status and f"Uid:\t{NOBODY}" in status
        finally:
            os.umask(before)
            client.join(30)
