"""Coding by keyboard in a real browser: nothing is lost when it dies, and a block of cells can be pasted."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect
from sqlalchemy import func, select

from tests import factories
from tests.browser.conftest import Live
from tests.factories import PASSWORD
from tracker.access import Role
from tracker.coding import CodingState, usual_period
from tracker.storage.base import Database
from tracker.storage.recording import Cell, Coding

EMAIL = "ana@example.org"
CELLS = 40
# Once: a month may end while the tests run.
PERIOD = usual_period(datetime.now(UTC).date())


@pytest.fixture
def analyst(live: Live) -> int:
    with live.database.writing() as session:
        return factories.person(session, email=EMAIL, name="Ana", roles=[Role.ANALYST], created_at=datetime.now(UTC)).id


def grid_of(live: Live) -> str:
    return f"{live.address}/enter/XAG?period={PERIOD:%Y-%m}"


def sign_in(page: Page, live: Live) -> None:
    page.goto(grid_of(live))
    expect(page.get_by_label("E-mail address")).to_be_focused()
    page.keyboard.type(EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    opened(page)


def opened(page: Page) -> None:
    """The grid is there, down to its last cell, and its script listens."""
    expect(page.locator("#entry")).to_be_visible()
    page.wait_for_load_state()


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

    page.reload()
    tab_to(page, ".for-many summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Reports of the month")
    page.keyboard.press("Tab")
    page.keyboard.type("B2")
    tab_to(page, "button[value=apply]")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"{CELLS} changes saved.")).to_be_visible()
    opened(page)
    tab_to(page, "input.is-cell, .entry a")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(f"{CELLS} answers are submitted")).to_be_visible()

    second.close()
    assert how_many(live.database, analyst, CodingState.SUBMITTED) == CELLS
    assert how_many(live.database, analyst, CodingState.DRAFT) == 0


def paste(page: Page, block: str) -> None:
    page.evaluate(
        """block => {
          const clipboard = new DataTransfer();
          clipboard.setData("text/plain", block);
          const how = {clipboardData: clipboard, bubbles: true, cancelable: true};
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", how));
        }""",
        block,
    )


def kept(database: Database, person_id: int) -> list[tuple[str, str, str, int, bool]]:
    with database.reading() as session:
        query = select(Coding).join(Coding.cell).where(Coding.author_id == person_id).order_by(Cell.indicator_id)
        return [(one.typed, one.source, one.grade, one.handling, one.attributable) for one in session.scalars(query)]


def test_a_block_copied_from_a_spreadsheet_fills_cells_down_and_across(live: Live, analyst: int, page: Page) -> None:
    sign_in(page, live)
    page.locator("input.is-cell").first.focus()
    paste(page, '2\tThe "gazette"\tB2\tTLP:CLEAR\tno\r\n?\t\t\r\n0\t"A lawyer,\nin court"\tC3\tPURPLE\r\n')
    expect(page.get_by_text("Pasted, and not understood here: PURPLE")).to_be_visible()
    expect(page.locator("#entry-status")).to_contain_text("Everything is saved.")

    assert kept(live.database, analyst) == [
        ("2", 'The "gazette"', "B2", 0, False),
        ("?", "", "", 1, True),
        ("0", "A lawyer, in court", "C3", 1, True),
    ]


def test_a_pasted_block_steps_over_what_is_submitted(live: Live, analyst: int, page: Page) -> None:
    sign_in(page, live)
    page.locator("input.is-cell").nth(1).fill("?")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("1 answer is submitted")).to_be_visible()
    opened(page)
    page.locator("input.is-cell").first.focus()

    paste(page, "1\n2\n0\n")

    expect(page.locator("#entry-status")).to_have_text(
        "Everything is saved. Rows of the block that met no open cell and were left out: 1."
    )
    assert [typed for typed, *_rest in kept(live.database, analyst)] == ["1", "?", "0"]


def test_a_pasted_block_is_taken_back_until_something_is_typed(live: Live, analyst: int, page: Page) -> None:
    sign_in(page, live)
    cells = page.locator("input.is-cell")
    cells.nth(1).fill("2")
    cells.first.focus()
    paste(page, "1\tRadio\n?\n")
    expect(page.locator("#drafted")).to_have_text("2")

    page.keyboard.press("Control+z")
    expect(cells.first).to_have_value("")
    expect(page.locator("#drafted")).to_have_text("1")
    expect(page.locator("#entry-status")).to_have_text("Everything is saved.")
    assert [typed for typed, *_rest in kept(live.database, analyst)][:2] in (["", "2"], ["2"])

    paste(page, "1\n0\n")
    expect(page.get_by_role("button", name="Take the pasted block back")).to_be_visible()
    cells.nth(2).fill("0")
    expect(page.get_by_role("button", name="Take the pasted block back")).to_be_hidden()


def test_a_click_or_a_link_to_a_cell_and_a_digit_replace_what_is_in_it(live: Live, analyst: int, page: Page) -> None:
    sign_in(page, live)
    cells = page.locator("input.is-cell")
    cells.first.fill("2")
    cells.nth(1).click()

    cells.first.click()
    page.keyboard.type("1")

    expect(cells.first).to_have_value("1")
    expect(page.locator("#entry-status")).to_have_text("Everything is saved.")
    page.goto(f"{grid_of(live)}&again=1#{cells.first.get_attribute('id')}")
    opened(page)
    expect(cells.first).to_be_focused()
    page.keyboard.type("0")

    expect(cells.first).to_have_value("0")


def test_the_enter_key_beside_the_grid_goes_on_to_the_next_cell(live: Live, analyst: int, page: Page) -> None:
    sign_in(page, live)
    page.locator("input.is-cell").first.focus()
    page.locator("input[name^=evidence-]").first.fill("https://example.org/a")
    page.keyboard.press("Enter")

    expect(page.locator("input.is-cell").nth(1)).to_be_focused()
    expect(page.locator("#entry-status")).to_have_text("Everything is saved.")


def test_the_arrows_and_enter_move_as_in_a_spreadsheet(live: Live, analyst: int, page: Page) -> None:
    sign_in(page, live)
    cells = page.locator("input.is-cell")
    cells.first.focus()

    page.keyboard.press("ArrowDown")
    expect(cells.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(cells.nth(2)).to_be_focused()
    page.keyboard.press("Shift+Enter")
    expect(cells.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(cells.first).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator("td.source input").first).to_be_focused()


def test_the_levels_of_a_cell_are_at_hand_without_a_mouse(live: Live, analyst: int, page: Page) -> None:
    sign_in(page, live)
    row = page.locator("tbody.cell").first
    expect(row.locator(".levels")).to_be_hidden()

    row.locator("input.is-cell").focus()

    expect(row.locator(".levels li")).to_have_count(5)
    expect(row.locator(".levels")).to_be_visible()


def test_without_scripts_the_grid_works_by_its_buttons(live: Live, analyst: int, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(grid_of(live))
        page.get_by_label("E-mail address").fill(EMAIL)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.locator("input.is-cell").first.fill("?")
        page.keyboard.press("Enter")
        expect(page.get_by_text("1 change saved.")).to_be_visible()
        page.get_by_role("button", name="Submit what is answered").click()
        expect(page.get_by_text("1 answer is submitted")).to_be_visible()

    assert how_many(live.database, analyst, CodingState.SUBMITTED) == 1


def test_typing_goes_on_when_one_signs_in_again_in_another_window(
    live: Live, analyst: int, context: BrowserContext, page: Page, complaints: list[str]
) -> None:
    sign_in(page, live)
    context.clear_cookies()
    page.locator("input.is-cell").first.fill("?")
    page.keyboard.press("Enter")
    expect(page.locator("#entry-status")).to_contain_text("signed out")

    other = context.new_page()
    sign_in(other, live)
    page.bring_to_front()
    page.locator("input.is-cell").nth(1).fill("?")
    page.keyboard.press("Enter")
    expect(page.locator("#entry-status")).to_have_text("Everything is saved.")

    assert how_many(live.database, analyst, CodingState.DRAFT) == 2
    complaints.clear()
