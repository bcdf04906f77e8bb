"""One measure of one country: every answer, drawn and as a table."""

from datetime import date

import pytest

from tests.strict_client import StrictClient, parsed, text_of
from tests.web.conftest import Record, SignInAs
from tracker.access import Role
from tracker.handling import Mark

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)

COURTS, RULE_OF_LAW = "independence_of_courts", "wgi_rule_of_law"


def test_a_series_comes_as_csv_with_its_source_and_mark(reader: StrictClient, record: Record) -> None:
    record("MLI", 3, source_name="=cmd()")

    lines = reader.get(f"/countries/MLI/{COURTS}.csv").text.splitlines()

    assert lines[1].startswith(f"MLI,{COURTS},2026-02-28,3.0,,1,'=cmd(),B2,TLP:CLEAR,no,")


def test_a_series_says_where_nobody_could_tell(reader: StrictClient, record: Record) -> None:
    record("MLI", 3, on=date(2026, 1, 31))
    record("MLI", None, source_name="A witness", attributable=False)

    lines = reader.get(f"/countries/MLI/{COURTS}.csv").text.splitlines()

    assert lines[0].endswith(",grade,handling,dont_know,as_of,known_on,marked_up_to")
    assert lines[2].startswith(f"MLI,{COURTS},2026-02-28,,,1,not for attribution,B2,TLP:CLEAR,yes,")
    assert "don’t know" in text_of(reader.get(f"/countries/MLI/{COURTS}"))


def chart_dots(page: StrictClient, url: str) -> list[tuple[float, float]]:
    found = parsed(page.get(url)).xpath("//div[@class='picture-wide']//*[name()='circle']")
    return [(float(dot.get("cx")), float(dot.get("cy"))) for dot in found]


def test_two_coded_answers_within_one_period_are_both_drawn_at_their_days(reader: StrictClient, record: Record) -> None:
    record("MLI", 1, indicator="limits_on_power", on=date(2026, 1, 31))
    record("MLI", 4, indicator="limits_on_power", on=date(2026, 2, 20))

    (left, low), (right, high) = chart_dots(reader, "/countries/MLI/limits_on_power")

    assert left < right
    assert high < low
    page = reader.get("/countries/MLI/limits_on_power").text
    assert "1 on 31 Jan 2026, 4 on 20 Feb 2026" in page


def test_a_measure_with_a_single_figure_gets_no_empty_chart(reader: StrictClient, record: Record) -> None:
    record("MLI", 3)
    record("MLI", 0.5, indicator=RULE_OF_LAW, on=date(2025, 12, 31), standard_error=0.1)

    pictures = [
        parsed(reader.get(f"/countries/MLI/{key}")).xpath("//figure//*[name()='svg']")[0]
        for key in (COURTS, RULE_OF_LAW)
    ]

    assert [picture.get("class") for picture in pictures] == ["interval", "interval"]
    assert pictures[0].get("aria-label") == (
        "Independence of the courts: 3 on 28 February 2026, the only figure; severity 75 of 100."
    )
    coded, published = (picture.xpath(".//*[@class='range']")[0] for picture in pictures)
    assert coded.get("x1") == coded.get("x2")
    assert published.get("x1") != published.get("x2")


def test_a_measure_says_how_it_stands_and_lists_every_answer_with_its_way_to_it(
    reader: StrictClient, record: Record
) -> None:
    record("MLI", 4, source_name="A court observer")
    record("MLI", 1, on=date(2025, 6, 30))
    record("MLI", None, on=date(2025, 7, 31))
    record("MLI", 2, on=date(2025, 8, 31), withdrawn=True, reason="A mistake.")

    page = reader.get(f"/countries/MLI/{COURTS}")

    assert "Level 4: A highest or constitutional court was dissolved" in text_of(page)
    assert "severity 100 of 100 · fresh until 1 May 2026" in text_of(page)
    rows = [" ".join(row.text_content().split()) for row in parsed(page).xpath("//tbody/tr")]
    assert rows == [
        "28 February 2026 4 –not known A court observer B2 TLP:CLEAR 1",
        "31 August 2025 withdrawn –not known A field office B2 TLP:CLEAR 1",
        "31 July 2025 don’t know –not known A field office B2 TLP:CLEAR 1",
        "30 June 2025 1 –not known A field office B2 TLP:CLEAR 1",
    ]
    [newest] = parsed(page).xpath("//tbody/tr[1]/th/a/@href")
    assert newest == f"/countries/MLI/{COURTS}/2026-02-28"


def test_a_measure_can_be_seen_as_of_a_past_day(reader: StrictClient, record: Record) -> None:
    record("MLI", 4)
    record("MLI", 1, on=date(2025, 6, 30))
    past = "?as_of=2026-01-31&known_on=2026-03-16"

    page, figures = reader.get(f"/countries/MLI/{COURTS}{past}"), reader.get(f"/countries/MLI/{COURTS}.csv{past}")

    assert "This is what held on 31 January 2026" in text_of(page)
    assert "28 February 2026" not in text_of(page)
    assert "was guarded" in text_of(page)
    assert [line.split(",")[2] for line in figures.text.splitlines()[1:]] == ["2025-06-30"]


@pytest.mark.parametrize(("clearance", "shown"), [(Mark.GREEN, False), (Mark.RED, True)])
def test_a_measure_shows_what_its_reader_may_see(
    sign_in_as: SignInAs, record: Record, clearance: Mark, shown: bool
) -> None:
    record("MLI", 4, handling=Mark.RED)

    page = sign_in_as(Role.READER, clearance=clearance).get(f"/countries/MLI/{COURTS}")

    assert ("28 February 2026" in text_of(page)) is shown
    assert ("Nothing that you may see is recorded" in text_of(page)) is not shown
