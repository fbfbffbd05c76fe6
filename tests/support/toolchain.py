# SPDX-License-Identifier: MIT
"""Finds a toolchain, or skips visibly; with IMDSD_REQUIRE_ALL=1 a skip is a failure."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import pytest

from support.daemon import REPO

CONFORMANCE = REPO / "tests" / "conformance"

_BUILD_TIMEOUT = 1200


def skip(reason: str) -> NoReturn:
    if os.environ.get("IMDSD_REQUIRE_ALL") == "1":
        pytest.fail(f"{reason} (IMDSD_REQUIRE_ALL=1)", pytrace=False)
    pytest.skip(reason)


def require(tool: str, version_args: Sequence[str] = (), at_least: tuple[int, ...] = ()) -> str:
    """The path of `tool`, where it is on PATH and at least of that version."""
    path = shutil.which(tool)
    if path is None:
        skip(f"`{tool}` is not on PATH")
    if at_least:
        said = subprocess.run([path, *version_args], capture_output=True, text=True, timeout=60)
        found = re.search(r"\d+(\.\d+)+", said.stdout + said.stderr)
        version = tuple(int(part) for part in found.group().split(".")) if found else ()
        if version < at_least:
            skip(f"`{tool}` is {'.'.join(map(str, version))}, {'.'.join(map(str, at_least))} is needed")
    return path


def build_dir(sdk: str) -> Path:
    path = REPO / "build" / "conformance" / sdk
    path.mkdir(parents=True, exist_ok=True)
    return path


@contextlib.contextmanager
def unless_built(source: Path, target: Path) -> Iterator[bool]:
    """Whether `target` has yet to be built from the files of `source` as they are now; if the block ends well,
    it has been. For package clients that would do everything again."""
    digest = hashlib.sha256()
    for path in sorted(path for path in source.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(source)} {path.stat().st_size}\n".encode() + path.read_bytes())
    stamp = target / ".built-from"
    needed = not stamp.exists() or stamp.read_text() != digest.hexdigest()
    if needed:
        stamp.unlink(missing_ok=True)
    yield needed
    stamp.write_text(digest.hexdigest())


def run_build(command: Sequence[object], cwd: Path, env: Mapping[str, str] | None = None) -> None:
    """Runs a package client or compiler with this process's environment, HTTP proxies included."""
    result = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=dict(os.environ) | dict(env or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_BUILD_TIMEOUT,
    )
    if result.returncode != 0:
        pytest.fail(f"{' '.join(map(str, command))}:\n{result.stdout[-8000:]}", pytrace=False)


def build_java(name: str) -> list[object]:
    """Compiles tests/conformance/<name> and gives the command that runs it."""
    java, maven = require("java"), require("mvn")
    require("javac", ["-version"], at_least=(11,))
    source, target = CONFORMANCE / name, build_dir(name)
    with unless_built(source, target) as needed:
        if needed:
            goals = ["compiler:compile", "dependency:copy-dependencies"]
            run_build([maven, "-B", "-q", "--strict-checksums", *goals], cwd=source)
    # Short runs: no time for the optimising compiler or for parallel collectors.
    quick = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
    return [java, *quick, "-cp", f"{target / 'classes'}:{target / 'lib'}/*", "Conformance"]


def build_go(name: str) -> list[object]:
    go = require("go", ["version"], at_least=(1, 24))
    program = build_dir(name) / "conformance"
    run_build([go, "build", "-mod=readonly", "-o", program, "."], cwd=CONFORMANCE / name)
    return [program]


def build_js(name: str) -> list[object]:
    node = require("node", ["--version"], at_least=(20,))
    npm = require("npm")
    source, target = CONFORMANCE / name, build_dir(name)
    # Modules are found from where the program is, and nothing is installed into the source tree.
    with unless_built(source, target) as needed:
        if needed:
            for file in ("package.json", "package-lock.json", "program.mjs"):
                shutil.copy(source / file, target / file)
            run_build([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=target)
    return [node, target / "program.mjs"]


def build_rust(name: str) -> list[object]:
    cargo = require("cargo", ["--version"], at_least=(1, 94, 1))
    target = build_dir(name)
    run_build(
        [cargo, "build", "--locked", "--quiet"],
        cwd=CONFORMANCE / name,
        env={"CARGO_TARGET_DIR": str(target)},
    )
    return [target / "debug" / "conformance-rust"]
