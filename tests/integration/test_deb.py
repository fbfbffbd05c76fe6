# SPDX-License-Identifier: MIT
"""The Debian package that CPack makes of what is built, unpacked into a folder: nothing is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.daemon import REPO, Daemon, bin_dir, clean_environment

pytestmark = pytest.mark.skipif(
    any(shutil.which(tool) is None for tool in ("cpack", "dpkg-deb", "dpkg-shlibdeps")), reason="cpack or dpkg-dev is missing")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deb")
    done = subprocess.run(["cpack", "--config", bin_dir() / "CPackConfig.cmake", "-B", folder], capture_output=True,
                          text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = folder.glob("imdsd_*.deb")
    return made


@pytest.fixture(scope="module")
def tree(package: Path) -> Iterator[Path]:
    root = package.parent / "root"
    subprocess.run(["dpkg-deb", "-x", package, root], check=True)
    yield root


def field(package: Path, name: str) -> str:
    return subprocess.run(["dpkg-deb", "-f", package, name], capture_output=True, text=True, check=True).stdout.strip()


def test_the_control_data(package: Path, tmp_path: Path) -> None:
    assert field(package, "Package") == "imdsd"
    assert re.match(r"\d+\.\d+\.\d+-\d+$", field(package, "Version"))
    depends = field(package, "Depends")
    assert all(f"{library} " in depends for library in ("libc6", "libsqlite3-0", "libxmlsec1-openssl")), depends
    subprocess.run(["dpkg-deb", "-e", package, tmp_path / "control"], check=True)
    assert (tmp_path / "control/conffiles").read_text() == "/etc/imdsd/config.toml\n"
    for script in ("postinst", "prerm", "postrm"):
        subprocess.run(["sh", "-n", tmp_path / "control" / script], check=True)


def test_the_programs_run_where_they_are_unpacked(tree: Path, tmp_path: Path) -> None:
    programs = tree / "usr/bin"
    config = tree / "etc/imdsd/config.toml"
    assert config.read_bytes() == (REPO / "config.toml").read_bytes()
    checked = subprocess.run([programs / "imdsd", "--config", config, "--check-config"], capture_output=True, text=True,
                             env=clean_environment(), timeout=30)
    assert (checked.returncode, checked.stdout) == (0, f"{config}: ok\n"), checked.stderr
    before = os.environ.get("IMDSD_BIN_DIR")
    os.environ["IMDSD_BIN_DIR"] = str(programs)
    try:
        with Daemon() as daemon:
            assert daemon.document()["Code"] == "Success"
    finally:
        os.environ.pop("IMDSD_BIN_DIR")
        if before:
            os.environ["IMDSD_BIN_DIR"] = before


def test_the_units_name_what_is_there(tree: Path) -> None:
    units = tree / "usr/lib/systemd/system"
    assert {unit.name for unit in units.iterdir()} == {"imdsd.service", "imdsd.socket"}
    text = (units / "imdsd.service").read_text() + (units / "imdsd.socket").read_text()
    for path in re.findall(r"ExecStart(?:Pre)?=(\S+)|file:(\S+)|--config (\S+)", text):
        assert (tree / "".join(path).lstrip("/")).exists(), path
    for name, section in re.findall(r"man:(\w+)\((\d)\)", text):
        assert (tree / f"usr/share/man/man{section}/{name}.{section}.gz").exists()


@pytest.mark.skipif(shutil.which("man") is None, reason="man is not on PATH")
@pytest.mark.parametrize("page, words", [
    ("man8/imdsd.8.gz", ["--check-config", "LISTEN_FDNAMES", "imdsd.toml(5)"]),
    ("man1/imdsctl.1.gz", ["exec [--netns]", "check-config [FILE]", "IMDSD_ADMIN_SOCKET"]),
    ("man5/imdsd.toml.5.gz", ["imds.hop_limit", "iam.role.*.trust_policy_file", "a change needs a restart"]),
])
def test_the_manual_pages(tree: Path, page: str, words: list[str]) -> None:
    done = subprocess.run(["man", "--warnings", "-l", tree / "usr/share/man" / page], capture_output=True, text=True,
                          timeout=60, env=clean_environment() | {"LC_ALL": "C.UTF-8", "MANWIDTH": "200", "MANPAGER": "cat"})
    assert done.returncode == 0 and done.stderr == ""
    plain = re.sub(r".\x08", "", done.stdout)
    for word in words:
        assert word in plain.replace("\u2010", "-"), word


@pytest.mark.skipif(shutil.which("lintian") is None, reason="lintian is not on PATH")
def test_lintian_has_nothing_to_say(package: Path) -> None:
    done = subprocess.run(["lintian", package], capture_output=True, text=True, timeout=300)
    assert [line for line in done.stdout.splitlines() if line.startswith(("E:", "W:"))] == []


def test_links_of_the_documentation_lead_somewhere(tree: Path) -> None:
    folder = tree / "usr/share/doc/imdsd"
    pages = sorted(folder.rglob("*.md"))
    assert folder / "docs/decisions/0002-snapshot-cell.md" in pages and folder / "README.md" in pages
    dead = [(page.relative_to(folder), link) for page in pages
            for link in re.findall(r"\]\(([^)#\s]+)", page.read_text())
            if "://" not in link and not (page.parent / link).exists()]
    assert dead == []


def complete(shell: str, tree: Path, line: str) -> list[str]:
    """What the shell offers behind `line`, whose last word may be empty."""
    words = line.split(" ")
    bash = (f"source {tree}/usr/share/bash-completion/completions/imdsctl; COMP_WORDS=({' '.join(words[:-1])} '{words[-1]}'); "
            f"COMP_CWORD={len(words) - 1}; _imdsd imdsctl '{words[-1]}' '{words[-2]}'; printf '%s\\n' \"${{COMPREPLY[@]}}\"")
    fish = f"source {tree}/usr/share/fish/vendor_completions.d/imdsctl.fish; complete -C '{line}'"
    environment = clean_environment() | {"PATH": f"{tree}/usr/bin:{os.environ['PATH']}", "HOME": str(tree)}
    done = subprocess.run([shell, "-c", bash if shell == "bash" else fish], capture_output=True, text=True, timeout=60,
                          env=environment, check=True)
    return [offer.split("\t")[0] for offer in done.stdout.splitlines() if offer]


@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_completions_offer_what_help_tells(shell: str, tree: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not on PATH")
    assert {"env", "exec", "status", "check-config"} <= set(complete(shell, tree, "imdsctl "))
    assert complete(shell, tree, "imdsctl rot") == ["rotate"]
    assert "--netns" in complete(shell, tree, "imdsctl exec --ne")
    assert "uname" in complete(shell, tree, "imdsctl exec unam")
    assert set(complete(shell, tree, "imdsctl fault ")) == {"add", "list", "clear", "scenario"}
    assert {"spot", "rebalance", "maintenance", "play"} <= set(complete(shell, tree, "imdsctl event "))
    assert complete(shell, tree, "imdsctl event spot --act") == ["--action"]
    assert "--state" not in complete(shell, tree, "imdsctl event spot --sta"), "of maintenance and asg"
    assert complete(shell, tree, "imdsctl event maintenance --sta") == ["--state"]


def test_the_help_has_every_flag_of_faults(tree: Path) -> None:
    """Completions offer what it tells."""
    told = subprocess.run([tree / "usr/bin/imdsctl", "--help"], check=True, capture_output=True, text=True, timeout=30).stdout
    table = (Path(__file__).parents[2] / "docs/faults.md").read_text()
    flags = set(re.findall(r"--[a-z][a-z-]+", "\n".join(line for line in table.splitlines() if line.startswith("| `--"))))
    missing = {flag for flag in flags if flag not in told}
    assert len(flags) > 20 and not missing


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not on PATH")
def test_the_completion_for_zsh_parses(tree: Path) -> None:
    subprocess.run(["zsh", "-n", tree / "usr/share/zsh/vendor-completions/_imdsctl"], check=True, timeout=30)
