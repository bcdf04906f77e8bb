"""Coding by keyboard in a real browser: nothing is lost when it dies, and a block of cells can be pasted."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Error, Page, expect
from sqlalchemy import func, select

from tests import factories
from tests.browser.conftest import Live
from tests.factories import PASSWORD
from tracker.access import Role
from tracker.coding import CodingState, usual_period
from tracker.storage.base import Database
from tracker.storage.models import Coding

EMAIL = "ana@example.org"
CELLS = 40


@pytest.fixture
def analyst(live: Live) -> int:
    with live.database.writing() as session:
        return factories.person(session, email=EMAIL, name="Ana", roles=[Role.ANALYST], created_at=datetime.now(UTC)).id


def grid_of(live: Live) -> str:
    period = usual_period(datetime.now(UTC).date())
    return f"{live.address}/enter/XAG?period={period:%Y-%m}"


def sign_in(page: Page, live: Live) -> None:
    page.goto(grid_of(live))
    page.keyboard.type(EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/enter/XAG**")


def tab_to(page: Page, selector: str) -> None:
    """By the Tab key alone."""
    for _press in range(80):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key does not get to {selector}")


def code(page: Page, how_many: int) -> None:
    """From the cell that has the focus downwards: what it was last time, or that nobody can tell."""
    for _cell in range(how_many):
        last = page.evaluate("document.activeElement.closest('tbody').querySelector('.cell-more').textContent")
        page.keyboard.type("=" if "Last answer" in last else "?")
        page.keyboard.press("Enter")
    expect(page.locator("#entry-status")).to_have_text("Everything is saved.")


def how_many(database: Database, person_id: int, state: CodingState) -> int:
    with database.reading() as session:
        query = select(func.count()).where(Coding.author_id == person_id, Coding.state == state)
        return session.scalar(query) or 0


def test_forty_answers_are_given_by_keyboard_alone_and_survive_the_browsers_death(
    live: Live, analyst: int, launch: Callable[[], Browser]
) -> None:
    first = launch()
    page = first.new_page()
    sign_in(page, live)
    tab_to(page, "input.is-cell")
    code(page, CELLS // 2)
    with pytest.raises(Error):
        first.new_browser_cdp_session().send("Browser.crash")
    assert not first.is_connected()

    second = launch()
    page = second.new_page()
    sign_in(page, live)
    assert page.locator("input.is-cell").evaluate_all("all => all.filter(one => one.value).length") == CELLS // 2
    tab_to(page, "input.is-cell")
    for _given in range(CELLS // 2):
        page.keyboard.press("ArrowDown")
    code(page, CELLS - CELLS // 2)

    page.keyboard.press("Control+Home")
    page.reload()
    tab_to(page, ".for-many summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Reports of the month")
    page.keyboard.press("Tab")
    page.keyboard.type("B2")
    tab_to(page, "button[value=apply]")
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    tab_to(page, "button[value=submit]:not(.heard-only)")
    page.keyboard.press("Enter")
    page.wait_for_load_state()

    second.close()
    assert how_many(live.database, analyst, CodingState.SUBMITTED) == CELLS
    assert how_many(live.database, analyst, CodingState.DRAFT) == 0
