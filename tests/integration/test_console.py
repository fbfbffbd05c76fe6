# SPDX-License-Identifier: MIT
"""The console over HTTP and by imdsctl: sign in, switch role, switch back. The page itself: test_console_page.py."""

from __future__ import annotations

import json
import os
import pty
import stat
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.console import (LISTEN, NEW_PASSWORD, PASSWORD, ConsoleClient, ConsoleCommands, allow, role, trust,
                             user_with_password)
from support.daemon import ACCOUNT, Daemon
from support.iam import admin_client, client
from support.totp import code

ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/S3-role"
SWITCHED = f"arn:aws:sts::{ACCOUNT}:assumed-role/S3-role/James"


@pytest.fixture(scope="module")
def console() -> Iterator[Daemon]:
    with Daemon(LISTEN) as running:
        yield running


@pytest.fixture(scope="module")
def iam(console: Daemon):
    return admin_client(console)


@pytest.fixture
def james(iam) -> Iterator[str]:
    with user_with_password(iam, "James") as name:
        yield name


@pytest.fixture
def s3_role(iam, james: str) -> Iterator[str]:
    with role(iam, "S3-role", f"user/{james}", "s3:*") as name:
        yield name


def test_a_session_from_beginning_to_end(console: Daemon, iam, s3_role: str) -> None:
    browser = ConsoleClient(console)
    assert browser.call("GET", "session")[0] == 401
    assert browser.sign_in("James", "wrong") == (401, {
        "error": "Your authentication information is incorrect. Please try again.", "code": "AuthenticationFailed"})
    status, session = browser.sign_in("James")
    assert status == 200 and session["identity"]["arn"] == f"arn:aws:iam::{ACCOUNT}:user/James"
    status, session = browser.call("POST", "switch-role", {"role": s3_role, "color": "green"})
    assert status == 200 and session["identity"]["arn"] == SWITCHED and session["role"]["color"] == "green"
    given = browser.call("POST", "credentials")[1]
    sts = client(console, given["AccessKeyId"], given["SecretAccessKey"], "sts", given["SessionToken"])
    assert sts.get_caller_identity()["Arn"] == SWITCHED
    assert browser.call("POST", "ask", {"action": "s3:GetObject"})[1]["decision"] == "allowed"
    assert browser.call("POST", "switch-back")[1]["identity"]["arn"].endswith(":user/James")
    assert browser.call("POST", "ask", {"action": "s3:GetObject"})[1]["decision"] == "implicit deny"
    assert browser.call("POST", "sign-out")[0] == 200
    assert browser.call("GET", "session")[0] == 401


def test_the_trust_of_the_account_is_not_enough(console: Daemon, iam, s3_role: str) -> None:
    browser = ConsoleClient(console)
    browser.sign_in("James")
    iam.update_assume_role_policy(RoleName=s3_role, PolicyDocument=trust("root"))
    status, denied = browser.call("POST", "switch-role", {"role": s3_role})
    assert (status, denied["code"]) == (403, "AccessDenied")
    assert f"not authorized to perform: sts:AssumeRole on resource: {ROLE_ARN}" in denied["error"]
    (seen,) = [each for each in browser.call("GET", "requests")[1]["requests"]
               if each["request_id"] == denied["request_id"]]
    assert (seen["decision"], seen["decided_by"]) == ("implicit deny", "identity-based policy")
    assert "implicit deny" in browser.call("GET", f"explanation?id={denied['request_id']}")[1]["text"]
    iam.update_assume_role_policy(RoleName=s3_role, PolicyDocument=trust("user/James"))
    assert browser.call("POST", "switch-role", {"role": s3_role})[0] == 200


def test_instances_are_live(console: Daemon, iam, james: str) -> None:
    browser = ConsoleClient(console)
    browser.sign_in(james)
    assert browser.call("GET", "instances")[1]["code"] == "AccessDenied"
    iam.put_user_policy(UserName=james, PolicyName="see", PolicyDocument=allow("ec2:DescribeInstances"))
    (before,) = browser.call("GET", "instances")[1]["instances"]
    assert before["role"] == "app-role" and before["state"] == "valid" and before["next_rotation"] < before["expiration"]
    console.rotate()
    (after,) = browser.call("GET", "instances")[1]["instances"]
    assert after["next_rotation"] >= before["next_rotation"]


def test_other_pages_get_nothing(console: Daemon, james: str) -> None:
    browser = ConsoleClient(console)
    browser.sign_in(james)
    for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert browser.send("GET", "/api/session", headers=headers)[0] == 403, headers
    assert browser.send("POST", "/api/credentials", {}, {"X-CSRF-Token": ""})[0] == 403
    assert browser.send("POST", "/api/credentials", {}, {"Content-Type": "text/plain"})[0] == 415
    _, headers, page = browser.send("GET", "/")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"] and "<title>imdsd console</title>" in page
    # Its size is bounded, as is everything that strangers send.
    assert browser.send("POST", "/api/sign-in", {"user": "x" * 20_000, "password": "x"})[0] == 413


def test_passwords_at_the_same_time_are_bounded(console: Daemon, james: str) -> None:
    def attempt(_: int) -> int:
        return ConsoleClient(console).sign_in(james)[0]

    with ThreadPoolExecutor(12) as pool:
        statuses = list(pool.map(attempt, range(12)))
    assert set(statuses) <= {200, 429} and 200 in statuses


def test_by_command(console: Daemon, iam, s3_role: str, tmp_path) -> None:
    james = ConsoleCommands(console, tmp_path)
    assert "nobody is signed in" in james.run("whoami", code=1)
    assert "incorrect" in james.run("sign-in", "James", "--password-stdin", typed="wrong\n", code=1)
    assert james.run("sign-in", "James", "--password-stdin", typed=f"{PASSWORD}\n").startswith(f"arn:aws:iam::{ACCOUNT}:user/James\n")
    assert stat.S_IMODE(os.stat(james.session_file).st_mode) == 0o600
    kept = json.loads(james.session_file.read_text())
    console.note_secret(kept["session_token"])
    assert PASSWORD not in james.session_file.read_text()
    assert james.run("switch-role", ROLE_ARN, "--session-name", "audit").splitlines()[0].endswith("S3-role/audit")
    assert json.loads(james.run("whoami", "--json"))["role"]["role"] == s3_role
    variables = json.loads(james.run("env", "--signed-in", "--json"))
    process = json.loads(james.run("credential-process", "--signed-in"))
    assert variables["AWS_SESSION_TOKEN"] == process["SessionToken"] and process["Version"] == 1
    sts = client(console, process["AccessKeyId"], process["SecretAccessKey"], "sts", process["SessionToken"])
    assert sts.get_caller_identity()["Arn"].endswith("assumed-role/S3-role/audit")
    printed = james.run("exec", "--signed-in", "--", "sh", "-c", "echo $AWS_ACCESS_KEY_ID $AWS_ENDPOINT_URL")
    assert printed.split() == [process["AccessKeyId"], f"http://{console.aws}"]
    iam.update_assume_role_policy(RoleName=s3_role, PolicyDocument=trust("root"))
    denied = james.run("switch-role", s3_role, code=1)
    assert "not authorized to perform: sts:AssumeRole" in denied and "identity-based policy     implicit deny" in denied
    assert james.run("switch-back").startswith(f"arn:aws:iam::{ACCOUNT}:user/James\n")
    james.run("sign-out")
    assert not james.session_file.exists()
    assert "is no flag of this command" in james.run("sign-in", "James", "--password", "p", code=2)


def type_in(commands: ConsoleCommands, args: list[str], answers: list[tuple[str, str]]) -> str:
    """Runs imdsctl at a terminal and answers its questions; what the terminal shows."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(commands.command()[0], commands.command(*args), commands.env)
    shown = ""
    try:
        for question, answer in [*answers, ("", "")]:
            while not question or not shown.endswith(question):
                try:
                    piece = os.read(terminal, 1024).decode()
                except OSError:
                    piece = ""  # the other side is closed
                if not piece:
                    break
                shown += piece
            if question:
                os.write(terminal, f"{answer}\n".encode())
    finally:
        os.close(terminal)
        status = os.waitpid(pid, 0)[1]
    assert os.waitstatus_to_exitcode(status) == 0, shown
    return shown


def test_at_a_terminal_with_mfa_and_a_new_password(console: Daemon, iam, tmp_path) -> None:
    with user_with_password(iam, "Mary", reset=True) as mary:
        iam.put_user_policy(UserName=mary, PolicyName="change", PolicyDocument=allow("iam:ChangePassword"))
        device = iam.create_virtual_mfa_device(VirtualMFADeviceName=mary)["VirtualMFADevice"]
        serial, seed = device["SerialNumber"], device["Base32StringSeed"]
        step = int(time.time()) // 30
        iam.enable_mfa_device(UserName=mary, SerialNumber=serial, AuthenticationCode1=code(seed, step - 2),
                              AuthenticationCode2=code(seed, step - 1))
        commands = ConsoleCommands(console, tmp_path)
        console.note_secret(PASSWORD, NEW_PASSWORD)
        shown = type_in(commands, ["sign-in", mary], [
            ("Password: ", PASSWORD), ("New password: ", NEW_PASSWORD), ("Once more: ", NEW_PASSWORD),
            ("MFA code: ", code(seed, step))])
        assert "with MFA" in shown and PASSWORD not in shown and NEW_PASSWORD not in shown
        status, session = ConsoleClient(console).sign_in(mary, NEW_PASSWORD, mfa_code=code(seed, step))
        assert (status, session["code"]) == (401, "MfaFailed"), "a code works once"
        iam.deactivate_mfa_device(UserName=mary, SerialNumber=serial)
        iam.delete_virtual_mfa_device(SerialNumber=serial)


def test_nobody_is_let_in_forever(console: Daemon, iam) -> None:
    with user_with_password(iam, "Eve") as eve:
        browser = ConsoleClient(console)
        assert [browser.sign_in(eve, f"guess-{i}")[0] for i in range(11)] == [401] * 10 + [429]
        assert browser.sign_in(eve)[1]["code"] == "TooManyAttempts"
    log_in = ConsoleClient(console)
    with user_with_password(iam, "Ann") as ann:
        assert log_in.sign_in(ann)[0] == 200
    assert log_in.call("GET", "session")[0] == 401, "the user is gone"


def test_an_address_beyond_loopback_has_to_be_asked_for(start_daemon) -> None:
    with pytest.raises(AssertionError, match="console.allow_remote"):
        start_daemon({"console": {"listen": ["0.0.0.0:0"]}})
