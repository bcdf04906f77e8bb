"""The map in a real browser: walked by keys, asked by finger, and coloured though its shapes are in another file."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Live, watched_context
from tests.style_guide.app import style_guide

ISLES = ("XAA", "XAB", "XAC", "XAD", "XAE", "XAF", "XAG", "XAH")


@pytest.fixture
def guide(shown: Live) -> Iterator[str]:
    with style_guide(shown.settings, shown.database, language="en") as address:
        yield address


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.getAttribute('aria-label') ?? ''"))


def on_isle(page: Page, iso3: str) -> None:
    page.locator(f"#map .map a[href='#{iso3}']").first.focus()


def test_shapes_from_the_other_file_are_drawn_in_the_colour_of_the_level(page: Page, guide: str) -> None:
    page.goto(guide)
    page.wait_for_load_state("networkidle")
    isle = page.locator("#map .map a[href='#XAA']").first

    box = isle.bounding_box()
    fill = isle.locator("use").evaluate("shape => getComputedStyle(shape).fill")

    assert box is not None
    assert box["width"] > 10, "a shape that was not found has no size"
    assert fill == "rgb(102, 27, 46)"


def test_arrow_keys_lead_to_the_nearest_isle_and_say_its_name(page: Page, guide: str) -> None:
    page.goto(guide)
    on_isle(page, "XAA")

    for key, expected in {"ArrowRight": "Port Ansel", "ArrowDown": "Low Cays", "End": "Cape Hollin"}.items():
        page.keyboard.press(key)
        assert focused(page).startswith(expected), key
        expect(page.locator(".map-tip")).to_have_text(focused(page))


def test_every_isle_is_reached_by_arrows(page: Page, guide: str) -> None:
    page.goto(guide)
    isles = {iso3: page.locator(f"#map .map a[href='#{iso3}']").first for iso3 in ISLES}
    reached, waiting = set[str](), {"XAA"}
    while waiting:
        here = waiting.pop()
        reached.add(here)
        for key in ("ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp"):
            isles[here].focus()
            page.keyboard.press(key)
            waiting |= {str(page.evaluate("document.activeElement.getAttribute('href').slice(1)"))} - reached
    assert reached == set(ISLES)


def test_the_map_is_one_stop_for_tab(page: Page, guide: str) -> None:
    page.goto(guide)
    on_isle(page, "XAC")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.map') === document.querySelector('#map .map')") is False
    page.keyboard.press("Shift+Tab")
    assert focused(page).startswith("Low Cays")


def test_escape_takes_the_words_away(page: Page, guide: str) -> None:
    page.goto(guide)
    on_isle(page, "XAA")
    page.keyboard.press("Escape")
    expect(page.locator(".map-tip")).to_have_count(0)


def test_a_pointer_is_told_where_it_is(page: Page, guide: str) -> None:
    page.goto(guide)
    page.locator("#map .map a[href='#XAF']").first.hover()
    expect(page.locator(".map-tip")).to_contain_text("Tessaly Bank")


def test_the_first_tap_says_what_it_is_and_offers_the_link(browser: Browser, guide: str) -> None:
    complaints: list[str] = []
    with watched_context(browser, complaints, has_touch=True) as context:
        page = context.new_page()
        page.goto(guide)
        page.locator("#map .map a[href='#XAA']").first.tap()
        assert not page.url.endswith("#XAA")
        page.locator(".map-tip a").tap()
        page.wait_for_url("**#XAA")
    assert complaints == []


def test_without_the_script_every_isle_is_a_plain_link(browser: Browser, guide: str) -> None:
    complaints: list[str] = []
    with watched_context(browser, complaints, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(guide)
        page.locator("#map .map a[href='#XAF']").first.click()
        page.wait_for_url("**#XAF")
    assert complaints == []
