# SPDX-License-Identifier: MIT
"""The console's page in a real browser: headless Chromium. Screenshots are in build/screenshots/."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest

from support.console import LISTEN, PASSWORD, allow, role, trust, user_with_password
from support.daemon import ACCOUNT, REPO, Daemon
from support.iam import admin_client

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed beside Python")
expect = sync_api.expect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not on PATH")

SHOTS = REPO / "build" / "screenshots"
TIMEOUT = 30_000  # a busy machine


@pytest.fixture(scope="module")
def console() -> Iterator[Daemon]:
    with Daemon(LISTEN) as running:
        yield running


@pytest.fixture(scope="module")
def iam(console: Daemon) -> Iterator:
    iam = admin_client(console)
    with user_with_password(iam, "James") as james, role(iam, "S3-role", f"user/{james}", "s3:*"):
        iam.put_user_policy(UserName=james, PolicyName="view", PolicyDocument=allow(
            "ec2:Describe*", "cloudtrail:LookupEvents", "iam:SimulatePrincipalPolicy"))
        yield iam


@pytest.fixture(scope="module")
def chromium() -> Iterator:
    with sync_api.sync_playwright() as playwright:
        # Its own sandbox does not work for root, nor in most containers.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def context(chromium, console: Daemon, iam) -> Iterator:
    made = chromium.new_context(base_url=f"http://{console.status()['console']['listen'][0]}", locale="en-GB")
    made.set_default_timeout(TIMEOUT)
    expect.set_options(timeout=TIMEOUT)
    yield made
    made.close()


@pytest.fixture
def page(context, console: Daemon) -> Iterator:
    """A page that asks nobody but the console, and has no errors of its own."""
    own, foreign, errors = f"http://{console.status()['console']['listen'][0]}/", [], []
    opened = context.new_page()
    opened.on("request", lambda request: None if request.url.startswith(own) else foreign.append(request.url))
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda message: errors.append(message.text) if "Content Security" in message.text else None)
    opened.goto("/")
    yield opened
    assert foreign == [] and errors == []


def sign_in(page, password: str = PASSWORD) -> None:
    page.get_by_label("IAM user name").fill("James")
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def switch_role(page, name: str = "S3-role") -> None:
    page.get_by_role("button", name="Switch role").first.click()
    dialog = page.get_by_role("dialog", name="Switch role")
    dialog.get_by_label("Role", exact=True).fill(name)
    dialog.get_by_role("button", name="Switch role").click()


def test_a_wrong_password_and_the_right_one(page, console: Daemon) -> None:
    console.note_secret(PASSWORD)
    expect(page.get_by_label("Account ID or alias").first).to_have_value(ACCOUNT)
    sign_in(page, "wrong")
    expect(page.get_by_role("alert").first).to_contain_text("authentication information is incorrect")
    expect(page.get_by_label("Password", exact=True)).to_be_focused()
    sign_in(page)
    expect(page.get_by_role("heading", name="Who you are")).to_be_visible()
    expect(page.locator("#identity")).to_contain_text(f"arn:aws:iam::{ACCOUNT}:user/James")
    expect(page.locator("#policies")).to_contain_text("view (identity-based policy, inline)")
    (cookie,) = page.context.cookies()
    assert cookie["httpOnly"] and cookie["sameSite"] == "Strict"
    assert page.evaluate("document.cookie") == ""
    page.reload()
    expect(page.locator("#badge")).to_have_text(f"James @ {ACCOUNT}")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in as IAM user")).to_be_visible()


def test_switching_denied_then_allowed_and_back(page, iam) -> None:
    iam.update_assume_role_policy(RoleName="S3-role", PolicyDocument=trust("root"))
    sign_in(page)
    switch_role(page)
    dialog = page.get_by_role("dialog", name="Switch role")
    expect(dialog.get_by_role("alert")).to_contain_text("is not authorized to perform: sts:AssumeRole")
    expect(dialog).to_contain_text("identity-based policy     implicit deny")
    iam.update_assume_role_policy(RoleName="S3-role", PolicyDocument=trust("user/James"))
    dialog.get_by_label("red").check()
    dialog.get_by_label("Display name").fill("Buckets")
    dialog.get_by_role("button", name="Switch role").click()
    expect(page.locator("#badge")).to_have_text("Buckets")
    expect(page.locator("#badge")).to_have_class("badge red")
    expect(page.locator("#identity")).to_contain_text("assumed-role/S3-role/James")
    page.get_by_role("button", name="Switch back").click()
    expect(page.locator("#badge")).to_have_text(f"James @ {ACCOUNT}")
    # It is remembered: one click does it again.
    page.get_by_role("button", name="Switch role").first.click()
    dialog.get_by_role("button", name="Buckets").click()
    expect(page.locator("#identity")).to_contain_text("assumed-role/S3-role/James")


def test_a_link_fills_the_form(page) -> None:
    page.goto(f"/switchrole?account={ACCOUNT}&roleName=S3-role&displayName=From%20a%20link")
    sign_in(page)
    dialog = page.get_by_role("dialog", name="Switch role")
    expect(dialog.get_by_label("Display name")).to_have_value("From a link")
    dialog.get_by_role("button", name="Switch role").click()
    expect(page.locator("#badge")).to_have_text("From a link")


def test_may_a_principal_do_something(page) -> None:
    sign_in(page)
    page.get_by_role("textbox", name="Principal").fill(f"arn:aws:iam::{ACCOUNT}:role/S3-role")
    page.get_by_label("Action", exact=True).fill("s3:GetObject")
    page.get_by_label("Resource").fill("arn:aws:s3:::bucket/*")
    page.get_by_role("button", name="Ask").click()
    answer = page.locator("#answer")
    expect(answer.get_by_role("heading")).to_have_text("allowed by the identity-based policy")
    expect(answer).to_contain_text("Allow by may, line 1")
    page.get_by_role("textbox", name="Principal").fill("")
    page.get_by_role("button", name="Ask").click()
    expect(answer.get_by_role("heading")).to_have_text("implicit deny by the identity-based policy")
    page.get_by_label("Action", exact=True).fill("GetObject")
    page.get_by_role("button", name="Ask").click()
    expect(answer).to_contain_text("an action is SERVICE:ACTION")


def test_instances_and_requests_are_live(page, iam) -> None:
    sign_in(page)
    expect(page.locator("#instances tr")).to_have_count(1)
    expect(page.locator("#instances")).to_contain_text(re.compile(r"app-role.*valid.*\d+ h \d+ min \d+ s"))
    iam.list_users()
    expect(page.locator("#requests")).to_contain_text("iam:ListUsers")
    switch_role(page, "no-such-role")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Why was AssumeRole denied?").first.click()
    expect(page.get_by_role("dialog", name="Why it was denied")).to_contain_text("sts:AssumeRole")


def test_credentials_leave_with_the_dialog(page, console: Daemon) -> None:
    sign_in(page)
    page.get_by_role("button", name="Credentials of this session").click()
    dialog = page.get_by_role("dialog", name="Credentials of this session")
    text = dialog.locator("pre")
    expect(text).to_contain_text("export AWS_SESSION_TOKEN='")
    console.note_secret(*re.findall(r"(?:SECRET_ACCESS_KEY|SESSION_TOKEN)='([^']+)'", text.inner_text()))
    for name, line in (("fish", "set -gx AWS_ACCESS_KEY_ID 'ASIA"), ("PowerShell", "$Env:AWS_ACCESS_KEY_ID='ASIA"),
                       ("credentials file", "[James]\naws_access_key_id = ASIA")):
        dialog.get_by_label("For").select_option(name)
        expect(text).to_contain_text(line)
    # Before anything else of the page runs.
    assert page.evaluate("""() => {
        document.getElementById('exports-close').click();
        return document.getElementById('exports-text').textContent;
    }""") == ""
    page.get_by_role("button", name="Credentials of this session").click()
    expect(text).to_contain_text("aws_session_token")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert page.locator("#exports-text").text_content() == ""


def test_a_role_that_ends_is_not_shown_any_longer(page, console: Daemon, iam) -> None:
    sign_in(page)
    with role(iam, "Short-lived", "user/James", "s3:*"):
        switch_role(page, "Short-lived")
        expect(page.locator("#badge")).to_have_text(f"Short-lived @ {ACCOUNT}")
        page.get_by_role("button", name="Credentials of this session").click()
        dialog = page.get_by_role("dialog", name="Credentials of this session")
        expect(dialog).to_contain_text(f"Of arn:aws:sts::{ACCOUNT}:assumed-role/Short-lived/James")
    # Deleted, while its credentials are open.
    expect(page.locator("#badge")).to_have_text(f"James @ {ACCOUNT}")
    expect(page.locator("#status")).to_contain_text(f"The session in the role Short-lived @ {ACCOUNT} has ended")
    expect(dialog).to_be_hidden()
    assert page.locator("#exports-text").text_content() == ""
    page.get_by_role("button", name="Credentials of this session").click()
    expect(dialog).to_contain_text(f"Of arn:aws:iam::{ACCOUNT}:user/James")
    dialog.get_by_label("For").select_option("credentials file")
    expect(dialog.locator("pre")).to_contain_text("[James]")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark(page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"console-sign-in-{scheme}.png")
    sign_in(page)
    expect(page.locator("#requests tr").first).to_be_visible()
    page.screenshot(path=SHOTS / f"console-{scheme}.png", full_page=True)

    def luminance(selector: str, what: str) -> float:
        color = page.locator(selector).first.evaluate(f"element => getComputedStyle(element).{what}")
        channels = [int(each) / 255 for each in re.findall(r"\d+", color)[:3]]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    card = luminance(".card.wide", "backgroundColor")
    assert (card < 0.2) == (scheme == "dark")
    # WCAG 2.1, 1.4.3: 4.5 to 1.
    for selector in ("#identity dd", "#identity dt", "#requests td", "th"):
        light, dark = sorted((luminance(selector, "color"), card), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, selector


def test_by_keyboard_alone(page) -> None:
    """What has the focus is seen, and everything can be reached."""
    press, write = page.keyboard.press, page.keyboard.type
    expect(page.get_by_label("IAM user name")).to_be_focused()
    write("James")
    press("Tab")
    write(PASSWORD)
    press("Enter")
    expect(page.locator("#content")).to_be_focused()
    press("Shift+Tab")  # Sign out
    press("Shift+Tab")
    expect(page.get_by_role("button", name="Switch role").first).to_be_focused()
    assert page.locator("#open-switch").evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    press("Enter")
    expect(page.get_by_label("Role", exact=True)).to_be_focused()
    write("S3-role")
    press("Enter")
    expect(page.locator("#badge")).to_have_text(f"S3-role @ {ACCOUNT}")
    press("Tab")
    expect(page.get_by_role("button", name="Switch back")).to_be_focused()
    press("Enter")
    expect(page.locator("#badge")).to_have_text(f"James @ {ACCOUNT}")
    expect(page.get_by_role("button", name="Switch role").first).to_be_focused()
    # From the header through the whole page: everything that can be used has a place in the order.
    seen = set()
    for _ in range(40):
        press("Tab")
        seen.add(page.evaluate("document.activeElement.id"))
    assert {"sign-out", "open-exports", "principal", "action", "resource", "keys"} <= seen
