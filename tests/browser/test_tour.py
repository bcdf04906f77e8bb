"""The tour of the README, from sign-in to sign-out, with nothing but a keyboard."""

import re
from datetime import UTC, datetime

from playwright.sync_api import BrowserContext, Page, expect

from tests import factories
from tests.browser.conftest import Live
from tracker.access import Role
from tracker.handling import Mark

MOST_STOPS = 120


def tab_to(page: Page, selector: str) -> None:
    """From stop to stop, as somebody does who has no mouse."""
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"no number of stops leads to {selector} on {page.url}")


def enter(page: Page) -> None:
    """And the page that it leads to."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def choose(page: Page, value: str) -> None:
    """By arrows: letters must follow one another quickly to make a word."""
    for _option in range(MOST_STOPS):
        if page.evaluate("document.activeElement.value") == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"there is no {value}")


def go(page: Page, live: Live, key: str, path: str) -> None:
    page.keyboard.press("g")
    page.keyboard.press(key)
    page.wait_for_url(re.compile(re.escape(live.address + path) + r"(\?.*)?$"))


def test_the_tour_is_made_by_keyboard_alone(live: Live, context: BrowserContext, page: Page) -> None:
    with live.database.writing() as session:
        who = factories.person(
            session, name="A colleague", roles=list(Role), clearance=Mark.RED, created_at=datetime.now(UTC)
        )
        email, password = who.email, factories.PASSWORD

    # two keys that belong together must follow one another quickly: in this browser no time passes between them
    page.clock.set_fixed_time(datetime.now(UTC))
    page.goto(live.address)
    tab_to(page, "#email")
    page.keyboard.type(email)
    tab_to(page, "#password")
    page.keyboard.type(password)
    enter(page)
    page.wait_for_url(live.address + "/")

    # the dashboard, by a criterion, kept as a view to begin with
    tab_to(page, "#by")
    choose(page, "rule_of_law")
    tab_to(page, ".filters button")
    enter(page)
    page.wait_for_url("**/?by=rule_of_law&**")
    tab_to(page, "a[href^='/own/views?address']")
    enter(page)
    tab_to(page, "#name")
    page.keyboard.type("Rule of law")
    tab_to(page, "#start")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    enter(page)
    page.wait_for_url("**/?by=rule_of_law**")

    # a country, what its risk is made of, and beside another one
    tab_to(page, "tr a[href^='/countries/']")
    enter(page)
    page.wait_for_url("**/countries/X**")
    country = page.locator("h1").inner_text()
    tab_to(page, "main a[href^='/compare']")
    enter(page)
    expect(page.get_by_role("link", name=country).first).to_be_visible()

    # each place, and the first thing in the queue
    places = {"v": "/coverage", "k": "/calendar", "c": "/countries", "t": "/criteria", "h": "/method", "e": "/enter"}
    for key, path in (places | {"r": "/review", "i": "/imports", "p": "/people", "a": "/audit"}).items():
        go(page, live, key, path)
    go(page, live, "s", "/situations")
    page.keyboard.press("j")
    enter(page)
    page.wait_for_url(re.compile(r"/situations/\d+$"))
    page.keyboard.press("/")
    page.wait_for_url("**/search")
    page.keyboard.type(country)
    enter(page)
    page.wait_for_url("**/search?q=**")
    page.keyboard.press("j")
    enter(page)
    page.wait_for_url("**/countries/X**")
    expect(page.locator("h1")).to_have_text(country)

    # it begins with the view that was kept, and ends
    go(page, live, "d", "/")
    assert "by=rule_of_law" in page.url
    tab_to(page, ".account .button")
    enter(page)
    page.wait_for_url("**/sign-in")
