"""Signing in as people do, with a password, with a passkey, and without scripts."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests import factories
from tests.browser.conftest import Live, wait_until
from tests.factories import PASSWORD
from tracker.access import Role

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def ana(live: Live) -> str:
    """Her address."""
    with live.database.writing() as session:
        return factories.person(session, name="Ana", roles=list(Role), created_at=datetime.now(UTC)).email


def sign_in(page: Page, live: Live, email: str) -> None:
    page.goto(f"{live.address}/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("link", name="Ana")).to_be_visible()


def plug_in_a_device(page: Page) -> None:
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def test_a_passkey_is_added_and_signs_in(page: Page, live: Live, ana: str) -> None:
    plug_in_a_device(page)
    sign_in(page, live, ana)
    page.goto(f"{live.address}/account/passkeys")
    page.get_by_label("Name of the passkey").fill("office laptop")
    page.get_by_label("Your current password").fill(PASSWORD)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("link", name="office laptop", exact=True)).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out").click()
    page.goto(f"{live.address}/sign-in?next=/people")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(f"{live.address}/people")


def test_a_wrong_password_for_a_passkey_is_said_on_the_page(
    page: Page, live: Live, ana: str, complaints: list[str]
) -> None:
    plug_in_a_device(page)
    sign_in(page, live, ana)
    page.goto(f"{live.address}/account/passkeys")
    page.get_by_label("Name of the passkey").fill("office laptop")
    page.get_by_label("Your current password").fill("wrong password")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("That is not your current password.")).to_be_visible()
    wait_until(page, lambda: bool(complaints))
    assert [complaint for complaint in complaints if "422" not in complaint] == []
    complaints.clear()  # the browser notes every answer that is a refusal


def test_a_device_without_a_passkey_of_ours_says_so_on_the_page(page: Page, live: Live, ana: str) -> None:
    plug_in_a_device(page)
    page.goto(f"{live.address}/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("No passkey was used.")).to_be_visible()


def test_without_scripts_signing_in_works_and_passkeys_are_not_offered(
    context: BrowserContext, live: Live, ana: str
) -> None:
    browser = context.browser
    assert browser is not None
    with browser.new_context(java_script_enabled=False) as without_scripts:
        page = without_scripts.new_page()
        sign_in(page, live, ana)
        page.goto(f"{live.address}/account/passkeys")
        expect(page.get_by_text("For this one thing your browser has to run scripts")).to_be_visible()
        expect(page.get_by_label("Name of the passkey")).to_be_hidden()
