"""The dashboard left open, walked by keys and narrowed while typing."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect

from tests import situations
from tests.browser.conftest import Live, wait_until, watched_context
from tracker.access import Role
from tracker.actions import sign_ins
from tracker.actions.situations.flagging import raise_flag
from tracker.handling import Mark
from tracker.rule import Severity
from tracker.storage.readers import Visit

# Longer than an open page waits before it asks.
A_WHILE = 25_000
SHIFTS = """
window.shifted = 0;
new PerformanceObserver((found) => {
  for (const one of found.getEntries()) window.shifted += one.value;
}).observe({ type: "layout-shift", buffered: true });
"""


def open_dashboard(live: Live, context: BrowserContext, page: Page, *roles: Role) -> int:
    who = live.let_in(context, *(roles or (Role.READER,)))
    page.goto(live.address + "/")
    return who


def time_passes_until(page: Page, true: Callable[[], bool]) -> None:
    """A while after another: the page may not yet have set its clock when the first is over."""

    def passes() -> bool:
        page.clock.fast_forward(A_WHILE)
        return true()

    wait_until(page, passes)


def raise_one(live: Live) -> None:
    now = datetime.now(UTC)
    with live.database.writing() as session:
        by = situations.somebody(session, Role.REVIEWER, now=now)
        raise_flag(session, "XAA", "A curfew.", severity=Severity.ALARM, handling=Mark.CLEAR, by=by, now=now)


def test_a_page_left_open_says_that_something_has_changed_and_moves_nothing(
    live: Live, context: BrowserContext, page: Page
) -> None:
    page.clock.install()
    open_dashboard(live, context, page)
    mark = page.locator("body").get_attribute("data-mark")
    page.locator("#q").fill("port")
    page.clock.run_for(1000)
    page.wait_for_url("**/?q=port")
    told: list[Response] = []
    page.on("response", lambda answer: told.append(answer) if answer.request.method == "HEAD" else None)
    time_passes_until(page, lambda: len(told) > 1)
    assert all(answer.ok for answer in told)
    expect(page.locator(".live")).to_have_count(0)

    raise_one(live)
    time_passes_until(page, lambda: page.locator(".live").count() == 1)
    page.clock.run_for(1000)

    expect(page.get_by_role("status").get_by_text(re.compile("^This has changed: .*Situations"))).to_be_visible()
    expect(page.locator("#q")).to_be_focused()
    expect(page.locator("#q")).to_have_value("port")
    page.get_by_role("link", name="Show it").click()
    expect(page.locator("body")).not_to_have_attribute("data-mark", str(mark))
    expect(page.locator("#q")).to_have_value("port")


def test_a_page_left_open_says_when_its_reader_was_signed_out(live: Live, context: BrowserContext, page: Page) -> None:
    page.clock.install()
    who = open_dashboard(live, context, page)
    with live.database.writing() as session:
        sign_ins.end_all(session, who, by=None, now=datetime.now(UTC))

    time_passes_until(page, lambda: page.locator(".live").count() == 1)
    page.clock.run_for(1000)

    expect(page.get_by_role("status").get_by_text("You are signed out.")).to_be_visible()
    page.get_by_role("link", name="Sign in and go on").click()
    page.wait_for_url("**/sign-in**")


def test_how_far_somebody_has_read_is_told_when_the_page_is_put_away(
    live: Live, context: BrowserContext, page: Page
) -> None:
    raise_one(live)
    who = open_dashboard(live, context, page)
    until = page.locator("[data-seen-until]").get_attribute("data-seen-until")
    assert until is not None

    with page.expect_response("**/own/seen") as told:
        page.evaluate(
            """() => {
              Object.defineProperty(document, "visibilityState", { get: () => "hidden", configurable: true });
              document.dispatchEvent(new Event("visibilitychange"));
            }"""
        )
    assert told.value.status == 204
    with live.database.reading() as session:
        assert session.get_one(Visit, who).seen_until == datetime.fromisoformat(until)


def test_the_map_is_walked_from_the_dashboard_and_leads_to_a_country(
    shown: Live, context: BrowserContext, page: Page
) -> None:
    open_dashboard(shown, context, page)
    page.locator("#attention ~ ol a, #attention ~ p a").last.focus()

    page.keyboard.press("Tab")
    first = str(
        page.evaluate("document.activeElement.closest('.map') && document.activeElement.getAttribute('aria-label')")
    )
    page.keyboard.press("ArrowRight")
    second = str(page.evaluate("document.activeElement.getAttribute('aria-label')"))

    assert ":" in first
    assert ":" in second
    assert first != second
    expect(page.locator(".map-tip")).to_have_text(second)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/countries/XA[A-H]$"))
    expect(page.get_by_role("heading", level=1)).to_have_text(second.partition(":")[0])


def test_the_ranking_is_narrowed_while_a_name_is_typed(shown: Live, context: BrowserContext, page: Page) -> None:
    open_dashboard(shown, context, page)
    rows = page.locator("table[data-filter] tbody tr")
    everything = rows.count()
    assert everything >= 8

    page.locator("#q").fill("PÓRT")

    expect(rows.locator("visible=true")).to_have_count(1)
    expect(page.locator("output[for=q]")).to_have_text(f"1 of {everything} rows")
    expect(page.get_by_role("link", name="Export as CSV")).to_have_attribute(
        "href", re.compile(r"/dashboard\.csv\?q=P%C3%93RT$")
    )
    expect(page.get_by_role("link", name="Save this view")).to_have_attribute(
        "href", re.compile(r"/own/views\?address=%2F%3Fq%3DP%25C3%2593RT&name=Risk$")
    )
    page.locator("#q").fill("atlantis")
    expect(page.locator("output[for=q]")).to_have_text(f"None of {everything} rows has this name")
    page.locator("#q").fill("")
    expect(rows.locator("visible=true")).to_have_count(everything)


def test_without_the_script_the_form_does_the_same(shown: Live, browser: Browser) -> None:
    complaints: list[str] = []
    with watched_context(browser, complaints, java_script_enabled=False) as context:
        page = context.new_page()
        open_dashboard(shown, context, page)
        page.locator("#q").fill("port")
        page.locator("#q").press("Enter")
        page.wait_for_url("**/?**q=port**")
        expect(page.locator("table[data-filter] tbody tr")).to_have_count(1)
    assert complaints == []


@pytest.mark.parametrize("width", [375, 768, 1440])
def test_nothing_moves_while_the_page_comes(shown: Live, context: BrowserContext, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.add_init_script(SHIFTS)
    open_dashboard(shown, context, page, *Role)
    page.wait_for_load_state("networkidle")

    assert page.evaluate("window.shifted") < 0.02
    page.evaluate("document.querySelector('h1').style.marginBlockStart = '200px'")
    page.wait_for_function("window.shifted > 0.02")
