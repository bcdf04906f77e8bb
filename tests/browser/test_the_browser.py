"""The browser tests can fail: whatever the browser complains of is seen."""

import playwright.sync_api
import pytest
from playwright.sync_api import Page

from tests.browser.conftest import wait_until

ADDRESS = "http://localhost/"
STRICT = "default-src 'none'; style-src 'self'; script-src 'self'"


def open_page(page: Page, body: str, policy: str = STRICT) -> None:
    headers = {"Content-Security-Policy": policy, "Content-Type": "text/html"}
    page.route(ADDRESS, lambda route: route.fulfill(body=f"<!doctype html><title>A</title>{body}", headers=headers))
    page.goto(ADDRESS)


def test_a_quiet_page_brings_no_complaint(page: Page, complaints: list[str]) -> None:
    open_page(page, "<h1>A</h1>")
    assert page.title() == "A"
    assert complaints == []


def test_an_inline_style_breaks_the_policy_and_is_seen(page: Page, complaints: list[str]) -> None:
    open_page(page, "<h1 style='color: red'>A</h1>")
    breach = "content security policy: style-src-attr blocked inline"
    wait_until(page, lambda: any(breach in complaint for complaint in complaints))
    complaints.clear()


def test_an_error_of_a_script_is_seen(page: Page, complaints: list[str]) -> None:
    open_page(page, "<script>throw new Error('broken')</script>", "script-src 'unsafe-inline'")
    wait_until(page, lambda: any("broken" in complaint for complaint in complaints))
    complaints.clear()


def test_an_error_on_the_console_is_seen(page: Page, complaints: list[str]) -> None:
    open_page(page, "<script>console.error('strange')</script>", "script-src 'unsafe-inline'")
    wait_until(page, lambda: any("strange" in complaint for complaint in complaints))
    complaints.clear()


def test_the_browser_reaches_no_other_machine(page: Page) -> None:
    with pytest.raises(playwright.sync_api.Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://tracker.example/")
