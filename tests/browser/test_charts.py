"""Charts and tables with their scripts, on the style guide: walking along points, and narrowing rows while typing."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import Live
from tests.style_guide.app import style_guide
from tracker.access import Role

DESK, PHONE = 1440, 375


@pytest.fixture
def guide(shown: Live, page: Page) -> Iterator[Page]:
    with style_guide(shown.settings, shown.database, language="en") as address:
        page.goto(address)
        yield page


def chart(page: Page) -> Locator:
    """The picture of a score with its flags, in the width that is seen."""
    return page.locator("#scores svg.chart:visible").first


def heard(page: Page) -> str:
    return page.locator("p[aria-live]").text_content() or ""


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_the_arrow_keys_walk_from_point_to_point_and_each_is_told(guide: Page, width: int) -> None:
    guide.set_viewport_size({"width": width, "height": 900})
    chart(guide).focus()

    for key, told in (
        ("Home", "1 January 2017. 34, 90 % between 28 and 39"),
        ("ArrowRight", "15 March 2017. 36, 90 % between 30 and 41"),
        ("ArrowLeft", "1 January 2017. 34, 90 % between 28 and 39"),
        ("ArrowLeft", "1 January 2017. 34, 90 % between 28 and 39"),
        ("End", "20 November 2026. 68, 90 % between 62 and 73"),
    ):
        guide.keyboard.press(key)
        assert heard(guide) == told

    expect(guide.locator(".chart-tip")).to_contain_text("68 (62–73)")
    guide.keyboard.press("Escape")
    expect(guide.locator(".chart-tip")).to_have_count(0)
    assert heard(guide) == ""


def test_flags_and_times_without_evidence_are_told_where_they_stand(guide: Page) -> None:
    chart(guide).focus()
    told = []
    for _ in range(70):
        guide.keyboard.press("ArrowLeft")
        told.append(heard(guide))

    assert "3 March 2026. 48, 90 % between 42 and 53. alarm: risk at 60" in told
    assert any(words.startswith("8 September 2019. ") and words.endswith(". notice cleared: silence") for words in told)
    assert "18 June 2020. not enough evidence" in told


def test_the_pointer_is_told_the_score_that_held_on_its_day(guide: Page) -> None:
    chart(guide).scroll_into_view_if_needed()
    box = chart(guide).bounding_box()
    assert box
    guide.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tip = guide.locator(".chart-tip")
    expect(tip).to_be_visible()
    assert heard(guide) == "", "what is pointed at is not read out"
    guide.mouse.move(1, 1)
    expect(tip).to_have_count(0)


def test_a_measure_is_walked_from_figure_to_figure(guide: Page) -> None:
    guide.locator("svg.chart:not(.is-scores):visible").first.focus()
    guide.keyboard.press("Home")
    assert heard(guide) == "2002. Isle of Veyra 50.7, 90 % between 43.7 and 57.7"


def test_rows_are_narrowed_while_a_name_is_typed_and_the_address_keeps_up(guide: Page) -> None:
    name = guide.locator("#islands")
    seen = guide.locator("table[data-filter] tbody tr:visible")
    count = guide.locator("output[for=islands]")

    name.fill("RÉ")
    expect(seen.locator("th")).to_have_text(["Sound of Ree", "Grand Ombre"])
    expect(count).to_have_text("2 of 8 rows")
    guide.wait_for_url("**/*?islands=R%C3%89")

    name.fill("isle 4")
    expect(seen.locator("th")).to_have_text(["Upper and Lower Marrow"])
    name.fill("nowhere")
    expect(count).to_have_text("None of 8 rows has this name")
    name.fill("")
    expect(count).to_have_text("8 of 8 rows")
    expect(guide).not_to_have_url(re.compile("islands="))


def test_rows_that_the_server_left_out_come_when_less_is_asked_for(
    shown: Live, context: BrowserContext, page: Page
) -> None:
    shown.let_in(context, Role.READER)
    page.goto(shown.address + "/coverage")
    rows = page.locator("table[data-filter] tbody tr:visible")
    all_of_them = rows.count()
    name = rows.first.locator("th").text_content() or ""

    page.goto(f"{shown.address}/coverage?q={name}")
    expect(rows).to_have_count(1)
    page.locator("#q").fill("")

    expect(rows).to_have_count(all_of_them)
    assert all_of_them > 1
    expect(page).to_have_url(shown.address + "/coverage")
