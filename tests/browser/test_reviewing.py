"""Reviewing with the keyboard alone, and without any script."""

from playwright.sync_api import Browser, expect

from tests.browser.conftest import Live
from tracker.access import Role


def test_an_answer_is_ticked_and_accepted_with_the_keyboard_and_no_script(live: Live, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        live.let_in(context, Role.REVIEWER)
        page = context.new_page()
        page.goto(f"{live.address}/review/XAF")
        page.get_by_role("checkbox").focus()
        page.keyboard.press("Space")
        page.keyboard.press("Enter")

        expect(page.get_by_text("1 answer is accepted. Nothing else waits for Cape Ilveth.")).to_be_visible()
        page.goto(f"{live.address}/review/XAA")
        for box in page.get_by_role("checkbox").all()[:2]:
            box.focus()
            page.keyboard.press("Space")
        page.get_by_label("Why, if you return it").fill("Which court?")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")

        expect(page.get_by_text("2 answers are returned; their authors see why.")).to_be_visible()
