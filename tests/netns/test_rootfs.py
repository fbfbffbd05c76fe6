# SPDX-License-Identifier: MIT
"""What the image holds, without an engine: the root file system that the Dockerfile makes, entered by chroot as the image's
user, in a network namespace in which port 80 takes no privilege; the address comes as the sidecar's does."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from support import netns
from support.daemon import REPO, bin_dir
from support.waiting import wait_for

USER = 65532


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if os.geteuid() != 0 or any(shutil.which(tool) is None for tool in ("cpack", "dpkg-shlibdeps", "setpriv")):
        pytest.skip("it takes root, cpack and dpkg-dev")
    folder = tmp_path_factory.mktemp("image")
    subprocess.run(["cpack", "--config", bin_dir() / "CPackConfig.cmake", "-B", folder / "deb"], check=True,
                   capture_output=True, timeout=300)
    (deb,) = (folder / "deb").glob("imdsd_*.deb")
    out = folder / "root"
    subprocess.run([REPO / "packaging/rootfs", deb, out], check=True, capture_output=True, timeout=120)
    shutil.copy(REPO / "packaging/container.toml", out / "etc/imdsd/config.toml")
    for parent in out.parents:
        if parent.stat().st_mode & 0o005 != 0o005 and parent.owner() == "root" and parent.is_relative_to(folder.parent):
            parent.chmod(0o755)
    return out


def enter(root: Path, user: int, *command: str) -> list[str]:
    """Behind `ip netns exec`, which has made a mount namespace: what is mounted is seen there alone."""
    script = ('root=$1 user=$2; shift 2; for each in proc dev; do mount --bind "/$each" "$root/$each"; done; '
              'exec chroot --userspec="$user:$user" "$root" "$@"')
    return ["sh", "-c", script, "sh", str(root), str(user), *command]


def test_there_is_no_shell(root: Path) -> None:
    programs = sorted(path.name for path in (root / "usr/bin").iterdir())
    assert set(programs) <= {"imdsctl", "imdsd", "ip", "nft"} and {"imdsctl", "imdsd"} <= set(programs)
    size = sum(path.stat().st_size for path in root.rglob("*") if path.is_file())
    assert size < 64 << 20  # half of it ICU, which comes with libxml2


def test_the_sidecar(root: Path) -> None:
    environment = {"PATH": "/usr/bin:/usr/sbin", "IMDSD_ADMIN_SOCKET": "/run/imdsd/admin.sock"}
    with netns.hosts(1) as (host,):
        host.set_sysctl("net.ipv4.ip_unprivileged_port_start", "80")

        def run(user: int, *command: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run([*host.exec_prefix, *enter(root, user, *command)], env=environment, capture_output=True,
                                  text=True, timeout=60)

        daemon = subprocess.Popen([*host.exec_prefix, *enter(root, USER, "imdsd")], env=environment,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd="/")
        try:
            wait_for("the health check", lambda: run(USER, "imdsctl", "status").returncode == 0)
            up = run(0, "imdsctl", "up", "--interface", "lo", "--port80", "direct")
            assert up.returncode == 0, up.stdout + up.stderr
            document = json.loads(host.run("curl", "-sS", "http://169.254.169.254/latest/dynamic/instance-identity/document").stdout)
            assert document["instanceId"].startswith("i-")
            status = Path(f"/proc/{daemon.pid}/status").read_text()
            assert f"CapEff:\t{0:016x}" in status and f"Uid:\t{USER}" in status
        finally:
            daemon.send_signal(signal.SIGTERM)
            output, _ = daemon.communicate(timeout=30)
        assert daemon.returncode == 0, output
