# SPDX-License-Identifier: MIT
"""Small policy documents, as JSON."""

from __future__ import annotations

import json
from typing import Any


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def policy(effect: str, action: str, resource: str = "*", **more: Any) -> str:
    return document({"Effect": effect, "Action": action, "Resource": resource, **more})


def trust(*principals: str) -> str:
    return document(*({"Effect": "Allow", "Principal": {"AWS": each}, "Action": "sts:AssumeRole"}
                      for each in principals))
