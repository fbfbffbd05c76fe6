# SPDX-License-Identifier: MIT
"""Runs OpenTofu or Terraform with an AWS provider that this machine already has; nothing is downloaded."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from support.daemon import Daemon, clean_environment
from support.iam import admin_keys

# https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
_MIRRORS = ("~/.terraform.d/plugins", "/usr/local/share/terraform/plugins", "/usr/share/terraform/plugins")
_PROVIDER = "registry.terraform.io/hashicorp/aws"


def _mirror() -> Path | None:
    named = os.environ.get("IMDSD_TERRAFORM_PLUGINS")
    for folder in [named] if named else _MIRRORS:
        path = Path(folder).expanduser()
        if (path / _PROVIDER).is_dir():
            return path
    return None


class Terraform:
    """A copy of the module in `source`, worked on by the administrator of `daemon`."""

    def __init__(self, daemon: Daemon, source: Path, directory: Path) -> None:
        self._program = shutil.which("terraform")
        mirror = _mirror()
        if self._program is None or mirror is None:
            pytest.skip("no terraform on PATH, or no AWS provider: IMDSD_TERRAFORM_PLUGINS names the "
                        "folder that has " + _PROVIDER)
        self._directory = directory / "module"
        shutil.copytree(source, self._directory)
        settings = directory / "terraform.rc"
        settings.write_text(f"disable_checkpoint = true\nprovider_installation {{\n"
                            f"  filesystem_mirror {{ path = {json.dumps(str(mirror))} }}\n}}\n")
        key, secret = admin_keys(daemon)
        daemon.note_secret(secret)
        self._env = {name: value for name, value in clean_environment().items() if not name.startswith("TF_")} | {
            "TF_CLI_CONFIG_FILE": str(settings), "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1",
            "TF_VAR_endpoint": f"http://{daemon.aws}", "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
        self._run("init", "-input=false")

    def apply(self, **variables: str) -> None:
        self._run("apply", "-input=false", "-auto-approve", *_variables(variables))

    def destroy(self, **variables: str) -> None:
        self._run("destroy", "-input=false", "-auto-approve", *_variables(variables))

    def planned(self, **variables: str) -> dict[str, Any]:
        """What a plan would change: address to the actions, and the values before and after."""
        self._run("plan", "-input=false", "-out=plan", *_variables(variables))
        plan = json.loads(self._run("show", "-json", "plan"))
        return {change["address"]: change["change"] for change in plan.get("resource_changes", [])
                if change["change"]["actions"] not in (["no-op"], ["read"])}

    def addresses(self) -> list[str]:
        """What the state holds."""
        return self._run("state", "list").split()

    def _run(self, *arguments: str) -> str:
        result = subprocess.run([self._program, *arguments, *(["-no-color"] if arguments[0] != "state" else [])],
                                cwd=self._directory, env=self._env, stdin=subprocess.DEVNULL, capture_output=True,
                                text=True, timeout=300)
        assert result.returncode == 0, f"{' '.join(arguments)}:\n{result.stdout[-2000:]}\n{result.stderr[-8000:]}"
        return result.stdout


def _variables(variables: dict[str, str]) -> list[str]:
    return [f"-var={name}={value}" for name, value in variables.items()]
