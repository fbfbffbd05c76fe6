# SPDX-License-Identifier: MIT
"""The unit file, held against systemd's own judgement."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from support.daemon import REPO, bin_dir

UNIT = REPO / "systemd" / "imdsd.service"

pytestmark = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not on PATH")


def test_the_unit_verifies(tmp_path) -> None:
    # The unit names installed paths; verify wants the programs to be there.
    text = re.sub(r"/usr/(local/)?s?bin/imdsd\b", str(bin_dir() / "imdsd"), UNIT.read_text())
    copy = tmp_path / "imdsd.service"
    copy.write_text(text)
    result = subprocess.run(["systemd-analyze", "verify", "--man=no", copy], capture_output=True, text=True, timeout=60)
    ours = [line for line in result.stderr.splitlines() if "imdsd.service" in line]
    assert ours == []


def test_the_exposure_stays_low() -> None:
    output = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager", UNIT],
                            capture_output=True, text=True, timeout=60).stdout
    exposure = float(re.search(r"Overall exposure level for imdsd\.service: ([\d.]+)", output).group(1))
    assert exposure < 2.0, output
