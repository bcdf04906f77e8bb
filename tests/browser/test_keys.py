"""Places, lists and the sheet of keys, reached with nothing but keys."""

import re
from datetime import UTC, datetime

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Live
from tracker.access import Role


def open_on(live: Live, context: BrowserContext, page: Page, path: str) -> None:
    # two keys that belong together must follow one another quickly: in this browser no time passes between them
    page.clock.set_fixed_time(datetime.now(UTC))
    live.let_in(context, *Role)
    page.goto(live.address + path)


def test_places_are_reached_by_two_keys(shown: Live, context: BrowserContext, page: Page) -> None:
    open_on(shown, context, page, "/situations")
    found = page.locator(".places a[data-key]").evaluate_all("all => all.map((one) => [one.dataset.key, one.pathname])")
    places = {key: path for key, path in found if key != "/"}
    assert len(places) > 10

    for key in ("c", "d", "v", "k", "s"):
        page.keyboard.press("g")
        page.keyboard.press(key)
        page.wait_for_url(shown.address + places[key])


def test_a_list_is_walked_opened_and_left(shown: Live, context: BrowserContext, page: Page) -> None:
    open_on(shown, context, page, "/situations")
    rows = page.locator("[data-rows] h3 a, [data-rows] > li > a")

    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("Escape")
    expect(rows.nth(0)).not_to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/situations/\d+$"))


def test_search_is_one_key_away_and_what_is_typed_there_is_only_typed(
    shown: Live, context: BrowserContext, page: Page
) -> None:
    open_on(shown, context, page, "/situations")

    page.keyboard.press("/")
    page.wait_for_url("**/search")
    expect(page.locator("[data-search]")).to_be_focused()
    page.keyboard.type("g/port?")
    expect(page.locator("[data-search]")).to_have_value("g/port?")
    page.locator("[data-search]").fill("port")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=port*")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Port Ansel").first).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[data-search]")).not_to_be_focused()


def test_the_sheet_opens_upon_the_page_and_closes_again(shown: Live, context: BrowserContext, page: Page) -> None:
    open_on(shown, context, page, "/situations")

    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keys")
    expect(sheet).to_be_visible()
    expect(sheet.get_by_text("Audit log")).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    assert page.url == f"{shown.address}/situations"


def test_keys_are_switched_off_and_stay_so(shown: Live, context: BrowserContext, page: Page) -> None:
    open_on(shown, context, page, "/situations")
    page.keyboard.press("?")
    switch = page.get_by_label("Keys of one letter are on in this browser")
    expect(switch).to_be_checked()

    switch.uncheck()
    page.keyboard.press("Escape")
    page.reload()
    for key in "?jgc/":
        page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("[data-rows] h3 a, [data-rows] > li > a").first).not_to_be_focused()
    assert page.url == f"{shown.address}/situations"

    page.get_by_role("link", name="Keys", exact=True).click()
    page.get_by_label("Keys of one letter are on in this browser").check()
    page.locator("h1").click()
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url("**/situations")


def test_with_a_modifier_a_key_is_the_browsers(shown: Live, context: BrowserContext, page: Page) -> None:
    open_on(shown, context, page, "/situations")

    page.keyboard.press("Alt+j")
    page.keyboard.press("j")

    expect(page.locator("[data-rows] h3 a, [data-rows] > li > a").first).to_be_focused()
