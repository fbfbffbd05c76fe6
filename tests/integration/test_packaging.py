# SPDX-License-Identifier: MIT
"""The unit files, held against systemd's own judgement."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from support.daemon import REPO, bin_dir

UNIT = REPO / "systemd" / "imdsd.service"

pytestmark = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not on PATH")


def test_the_units_verify(tmp_path) -> None:
    # The unit names installed paths; verify wants the programs to be there.
    text = re.sub(r"/usr/(local/)?s?bin/imdsd\b", str(bin_dir() / "imdsd"), UNIT.read_text())
    (tmp_path / "imdsd.service").write_text(text)
    shutil.copy(UNIT.parent / "imdsd.socket", tmp_path)
    for name in ("imdsd.service", "imdsd.socket"):
        result = subprocess.run(["systemd-analyze", "verify", "--man=no", tmp_path / name], capture_output=True,
                                text=True, timeout=60)
        assert [line for line in result.stderr.splitlines() if "imdsd." in line] == []


def test_the_exposure_stays_low() -> None:
    output = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager", UNIT],
                            capture_output=True, text=True, timeout=60).stdout
    exposure = float(re.search(r"Overall exposure level for imdsd\.service: ([\d.]+)", output).group(1))
    assert exposure < 2.0, output
