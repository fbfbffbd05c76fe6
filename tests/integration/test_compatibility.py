# SPDX-License-Identifier: MIT
"""docs/compatibility.md lists the actions that are not served: all of them, and no others."""

from __future__ import annotations

import re

import botocore.session

from support.daemon import REPO, Daemon
from support.iam import admin_keys
from support.query import Key, QueryClient, query_error


def test_the_page_lists_what_iam_does_not_serve(daemon: Daemon) -> None:
    admin = QueryClient(daemon.aws, Key(*admin_keys(daemon)))
    model = botocore.session.get_session().get_service_model("iam")

    def is_served(action: str) -> bool:
        answer = admin.post(f"Action={action}&Version={model.api_version}", service="iam")
        return answer.status == 200 or query_error(answer).code != "InvalidAction"

    not_served = {action for action in model.operation_names if not is_served(action)}
    page = (REPO / "docs" / "compatibility.md").read_text()
    table = page[page.index("actions of IAM that are not served"):]
    listed = set(re.findall(r"`(\w+)`", table))
    assert sorted(not_served - listed) == [], "not served, and not listed in docs/compatibility.md"
    assert sorted(listed - not_served) == [], "served by now: take it off the list of docs/compatibility.md"
