"""Working on a situation: what is typed and not sent outlives a way to another page."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Live
from tracker.access import Role


def test_what_was_typed_about_flags_is_there_again_after_a_look_at_another_page(live: Live, page: Page) -> None:
    live.let_in(page.context, Role.REVIEWER)
    page.goto(f"{live.address}/situations")
    page.get_by_role("link", name="Isle of Veyra").click()
    box, words = page.get_by_role("checkbox").first, page.get_by_label("What did you find?")
    box.check()
    words.fill("Three sources say no.")

    page.get_by_role("link", name="Make a note").click()
    page.get_by_role("link", name="The situation").click()

    expect(page.get_by_text("It is not saved yet.")).to_be_visible()
    expect(words).to_have_value("Three sources say no.")
    expect(box).to_be_checked()
    page.get_by_role("button", name="Discard what is ticked").click()
    expect(page.get_by_text("1 flag is discarded.")).to_be_visible()
    expect(page.get_by_text("It is not saved yet.")).to_have_count(0)


def test_a_form_that_is_cancelled_is_forgotten(live: Live, page: Page) -> None:
    live.let_in(page.context, Role.ANALYST)
    page.goto(f"{live.address}/situations/raise")
    page.get_by_label("What needs attention?").fill("A curfew since Monday.")
    page.get_by_role("link", name="Situations", exact=True).last.click()
    page.goto(f"{live.address}/situations/raise")
    expect(page.get_by_label("What needs attention?")).to_have_value("A curfew since Monday.")

    page.get_by_role("link", name="Cancel").click()
    page.goto(f"{live.address}/situations/raise")

    expect(page.get_by_label("What needs attention?")).to_have_value("")
