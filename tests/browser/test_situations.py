"""Working on a situation: what is typed and not sent outlives a way to another page."""

import json

from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from tests.browser.conftest import Live, wait_until
from tracker.access import Role
from tracker.actions.sealing import Seal
from tracker.storage.recording import ParkedForm

TYPED = "Three sources say no."


def kept(live: Live) -> list[dict[str, list[str]]]:
    """The forms that wait for their writers."""
    with live.database.reading() as session:
        sealed = [one.sealed for one in session.scalars(select(ParkedForm))]
    return [json.loads(Seal(live.settings.secret).open(one)) for one in sealed]


def wait_until_kept(live: Live, page: Page, **wanted: str) -> None:
    def is_kept() -> bool:
        return any(all(form.get(name) == [typed] for name, typed in wanted.items()) for form in kept(live))

    wait_until(page, is_kept)


def open_situation(live: Live, page: Page) -> None:
    live.let_in(page.context, Role.REVIEWER)
    page.goto(f"{live.address}/situations")
    page.get_by_role("link", name="Isle of Veyra").click()
    page.wait_for_url("**/situations/*")


def test_what_was_typed_about_flags_is_there_again_after_a_look_at_another_page(live: Live, page: Page) -> None:
    open_situation(live, page)
    box, words = page.get_by_role("checkbox").first, page.get_by_label("What did you find?")
    box.check()
    words.fill(TYPED)

    page.get_by_role("link", name="Make a note").click()
    page.wait_for_url("**/note")
    wait_until_kept(live, page, words=TYPED)
    page.get_by_role("link", name="The situation").click()

    expect(page.get_by_text("It is not saved yet.")).to_be_visible()
    expect(words).to_have_value(TYPED)
    expect(box).to_be_checked()
    page.get_by_role("button", name="Discard what is ticked").click()
    expect(page.get_by_text("1 flag is discarded.")).to_be_visible()
    expect(page.get_by_text("It is not saved yet.")).to_have_count(0)
    assert kept(live) == []


def test_what_was_typed_is_kept_though_nobody_leaves_the_page(live: Live, page: Page) -> None:
    open_situation(live, page)
    page.get_by_label("What did you find?").press_sequentially(TYPED)
    wait_until_kept(live, page, words=TYPED)

    page.reload()

    expect(page.get_by_label("What did you find?")).to_have_value(TYPED)
    page.get_by_label("What did you find?").fill("")
    wait_until(page, lambda: kept(live) == [])


def test_what_was_typed_before_the_script_came_is_kept(live: Live, page: Page) -> None:
    words = page.get_by_label("What needs attention?")

    def type_first(route: Route) -> None:
        words.fill(TYPED)
        route.continue_()

    page.route("**/unsent.js*", type_first)
    live.let_in(page.context, Role.ANALYST)
    page.goto(f"{live.address}/situations/raise")

    wait_until_kept(live, page, words=TYPED)


def test_a_form_waits_for_what_is_being_kept_and_leaves_nothing_behind(live: Live, page: Page) -> None:
    """On a slow way what is kept would otherwise arrive after the form that was carried out."""
    open_situation(live, page)
    held: list[Route] = []
    page.route("**/unsent", lambda route: route.continue_() if held else held.append(route))
    page.get_by_role("checkbox").first.check()
    page.get_by_label("What did you find?").fill(TYPED)
    wait_until(page, lambda: bool(held))

    page.get_by_role("button", name="Discard what is ticked").click()
    held[0].continue_()

    expect(page.get_by_text("1 flag is discarded.")).to_be_visible()
    assert kept(live) == []


def test_what_was_refused_is_kept_until_it_is_put_right(live: Live, page: Page, complaints: list[str]) -> None:
    open_situation(live, page)
    words = page.get_by_label("What did you find?")
    words.fill(TYPED)
    page.get_by_role("button", name="Discard what is ticked").click()
    page.wait_for_url("**/verdicts")
    words.fill(f"{TYPED} Truly.")
    wait_until_kept(live, page, words=f"{TYPED} Truly.")

    page.get_by_role("link", name="Make a note").click()
    page.get_by_role("link", name="The situation").click()

    expect(words).to_have_value(f"{TYPED} Truly.")
    assert [complaint for complaint in complaints if "422" not in complaint] == []
    complaints.clear()  # the browser notes every answer that is a refusal


def test_a_form_that_is_cancelled_is_forgotten(live: Live, page: Page) -> None:
    live.let_in(page.context, Role.ANALYST)
    page.goto(f"{live.address}/situations/raise")
    words = page.get_by_label("What needs attention?")
    words.fill("A curfew since Monday.")
    page.get_by_role("link", name="Situations", exact=True).last.click()
    page.wait_for_url("**/situations")
    wait_until_kept(live, page, words="A curfew since Monday.")
    page.goto(f"{live.address}/situations/raise")
    expect(words).to_have_value("A curfew since Monday.")

    page.get_by_role("link", name="Cancel").click()
    page.wait_for_url("**/situations")
    assert kept(live) == [], "who cancels is led away once it is forgotten"
    page.goto(f"{live.address}/situations/raise")

    expect(words).to_have_value("")
