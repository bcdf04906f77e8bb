"""Reviewing with the keyboard alone, and without any script."""

from playwright.sync_api import Browser, FloatRect, Locator, expect

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


def test_on_a_phone_the_bar_stays_in_sight_above_the_navigation_and_covers_nothing_that_has_focus(
    live: Live, browser: Browser
) -> None:
    with browser.new_context(viewport={"width": 375, "height": 812}) as context:
        live.let_in(context, Role.REVIEWER)
        page = context.new_page()
        page.goto(f"{live.address}/review/XAA")
        bar, navigation = page.locator(".review-bar"), page.locator(".rail > .places")
        boxes = page.get_by_role("checkbox").all()
        assert len(boxes) > 2, "the page is longer than a phone"

        for box in boxes[:-1]:
            box.focus()
            top, bottom, covered_from = (
                place["y"] + place["height"] * end
                for place, end in ((_place(bar), 0), (_place(bar), 1), (_place(navigation), 0))
            )
            assert bottom <= covered_from + 1
            assert top > 400, "most of the page is left to read"
            assert _place(box)["y"] + _place(box)["height"] <= top


def _place(shown: Locator) -> FloatRect:
    found = shown.bounding_box()
    assert found is not None, "it is shown"
    return found
