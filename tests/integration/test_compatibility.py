# SPDX-License-Identifier: MIT
"""docs/compatibility.md lists the actions that are not served: all of them, and no others."""

from __future__ import annotations

import re

import botocore.session

from support.daemon import REPO, Daemon
from support.iam import admin_keys
from support.query import Key, QueryClient, query_error


def not_served(daemon: Daemon, service: str) -> set[str]:
    """The actions of botocore's model that are answered as AWS answers those that it does not have."""
    admin = QueryClient(daemon.aws, Key(*admin_keys(daemon)), daemon.note_secret)
    model = botocore.session.get_session().get_service_model(service)

    def is_served(action: str) -> bool:
        answer = admin.post(f"Action={action}&Version={model.api_version}", service=service)
        return answer.status == 200 or query_error(answer).code != "InvalidAction"

    return {action for action in model.operation_names if not is_served(action)}


def test_all_of_sts_is_served(daemon: Daemon) -> None:
    assert not_served(daemon, "sts") == set()


def test_the_page_lists_what_iam_does_not_serve(daemon: Daemon) -> None:
    missing = not_served(daemon, "iam")
    page = (REPO / "docs" / "compatibility.md").read_text()
    table = page[page.index("actions of IAM that are not served"):]
    listed = set(re.findall(r"`(\w+)`", table))
    assert sorted(missing - listed) == [], "not served, and not listed in docs/compatibility.md"
    assert sorted(listed - missing) == [], "served by now: take it off the list of docs/compatibility.md"
