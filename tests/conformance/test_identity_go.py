# SPDX-License-Identifier: MIT
"""Identity documents, verified by the code of HashiCorp Vault's AWS auth method and as SPIRE's attestor does it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from support.daemon import Daemon
from support.toolchain import CONFORMANCE, build_dir, require, run_build


def test_vault_and_spire_accept_identity_documents(shared_daemon: Daemon, tmp_path: Path) -> None:
    go = require("go", ["version"], at_least=(1, 24))
    program = build_dir("identity_go") / "conformance"
    run_build([go, "build", "-mod=readonly", "-o", program, "."], cwd=CONFORMANCE / "identity_go")
    for kind in ("signature", "pkcs7", "rsa2048"):
        (tmp_path / f"{kind}.pem").write_text(shared_daemon.ctl("identity-cert", "--type", kind).stdout)
    result = subprocess.run([program, shared_daemon.imds, tmp_path], capture_output=True, text=True, timeout=60)
    assert (result.returncode, result.stdout.splitlines()) == (0, [
        "signature: verified",
        "pkcs7 by vault: verified",
        "rsa2048 by vault: verified",
        "rsa2048 by fullsailor/pkcs7: verified",
    ]), result.stderr
