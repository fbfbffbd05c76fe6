# SPDX-License-Identifier: MIT
"""S3 as boto3 and the AWS CLI see it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from support.daemon import REGION, Daemon, clean_environment
from support.iam import admin_keys


def s3_client(daemon: Daemon, keys: tuple[str, ...] | None = None, url: str | None = None,
              signature: str | None = None, **options: Any):
    """The administrator's client, or that of these keys: id, secret, and a session token if there is one.

    signature: of presigned URLs; boto3 has the old one by default.
    """
    key, secret, *token = keys or admin_keys(daemon)
    daemon.note_secret(secret)
    return boto3.session.Session().client(
        "s3", endpoint_url=url or f"http://{daemon.aws}", region_name=REGION, aws_access_key_id=key,
        aws_secret_access_key=secret, aws_session_token=token[0] if token else None,
        config=Config(retries={"total_max_attempts": 1}, signature_version=signature), **options)


class AwsCli:
    """The real `aws`, with the administrator's keys and default settings."""

    def __init__(self, daemon: Daemon, home: Path, **more: str) -> None:
        key, secret = admin_keys(daemon)
        self._environment: Mapping[str, str] = {
            **clean_environment(), "HOME": str(home), "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_ENDPOINT_URL": f"http://{daemon.aws}", "AWS_REGION": REGION, "AWS_PAGER": "",
            "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1", **more}
        self._home = home

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        program = Path(sys.executable).parent / "aws"
        result = subprocess.run([os.fspath(program), *arguments], env=self._environment, cwd=self._home, check=False,
                                capture_output=True, text=True, timeout=120)
        assert not check or result.returncode == 0, result.stdout + result.stderr
        return result
