"""What is recorded about one country, as its page says it."""

import csv
import io
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from tests.concluding import recorded
from tests.dashboards import scored
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.browsing import browser_of, somebody
from tests.web.conftest import Record, SignInAs, TestClock
from tracker.access import Role
from tracker.handling import Mark
from tracker.storage.base import Database

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)

COURTS, RULE_OF_LAW = "independence_of_courts", "wgi_rule_of_law"
LAST_MONTH = date(2026, 2, 28)
DAY = timedelta(days=1)


def test_a_countrys_page_shows_its_figures_in_words(reader: StrictClient, record: Record) -> None:
    record("MLI", 3, source_name="A court observer")

    words = text_of(reader.get("/countries/MLI"))

    assert "Independence of the courts" in words
    assert "high: 3 28 February 2026" in words
    assert "A court observer B2, TLP:CLEAR" in words
    assert "1 of 74 indicators has fresh evidence." in words


def test_a_source_that_is_not_for_attribution_is_not_named(reader: StrictClient, record: Record) -> None:
    record("MLI", 3, source_name="A court observer", attributable=False)

    series = f"/countries/MLI/{COURTS}"
    pages = [reader.get(url) for url in ("/countries/MLI", "/countries/MLI.csv", series, f"{series}.csv")]

    assert all("not for attribution" in page.text for page in pages)
    assert not any("A court observer" in page.text for page in pages)


def test_a_country_without_evidence_is_not_called_safe(reader: StrictClient) -> None:
    words = text_of(reader.get("/countries/MLI"))

    assert "Nothing that you may see is recorded about this country" in words
    assert "That is no sign of safety" in words


def test_where_nobody_could_tell_the_older_value_is_not_shown_as_current(reader: StrictClient, record: Record) -> None:
    record("MLI", 4, on=date(2026, 1, 31))
    record("MLI", None)
    record("NER", 1)
    record("TCD", None, indicator="militias")

    page, other = text_of(reader.get("/countries/MLI")), text_of(reader.get("/countries/TCD"))

    assert "could not be told 28 February 2026before: 4 (Jan 2026)" in page
    assert "critical" not in page
    assert (
        "0 of 74 indicators have fresh evidence. For 1 our analysts looked and could not tell. "
        "Nothing that you may see is recorded for the other 73"
    ) in page
    assert "Our analysts could not tell on 28 February 2026" in other
    assert "for the other 73" in other


def test_what_a_countrys_page_says_first_stands_as_sentences(reader: StrictClient, record: Record) -> None:
    record("MLI", 1)
    record("MLI", 1, indicator="militias", on=date(2024, 1, 31))
    record("MLI", None, indicator="emergency_powers")

    assert (
        "1 of 74 indicators has fresh evidence. 1 is stale. For 1 our analysts looked and could not tell. "
        "Nothing that you may see is recorded for the other 71"
    ) in text_of(reader.get("/countries/MLI"))


def corrected_on(client: StrictClient) -> list[str]:
    links = parsed(client.get("/countries/MLI")).xpath("//tr[@id]//a[normalize-space()='corrected']/@href")
    return [str(link) for link in links]


@pytest.mark.parametrize("value", [1, None])
def test_a_correction_of_the_newest_answer_is_announced_and_leads_to_its_history(
    reader: StrictClient, record: Record, value: float | None
) -> None:
    record("MLI", 3, on=date(2026, 1, 31))
    record("MLI", 4)
    assert corrected_on(reader) == []

    record("MLI", value, revision=2, reason="It was another court.")
    assert corrected_on(reader) == [f"/countries/MLI/{COURTS}/2026-02-28#history"]


def test_an_older_correction_is_not_announced(reader: StrictClient, record: Record) -> None:
    record("MLI", 3, on=date(2026, 1, 31), revision=2)
    record("MLI", 4)

    assert corrected_on(reader) == []


def test_a_withdrawn_answer_can_be_found_from_the_countrys_page(reader: StrictClient, record: Record) -> None:
    record("MLI", 4)
    record("MLI", 4, revision=2, withdrawn=True, reason="It was another court.")

    page = parsed(reader.get("/countries/MLI"))
    [summary] = page.xpath("//details[.//a[contains(., 'was withdrawn')]]/summary")
    [link] = page.xpath(f"//tr[@id='{COURTS}']//a[contains(., 'was withdrawn')]")

    assert "an answer withdrawn" in " ".join(summary.text_content().split())
    assert link.text == "an answer of 28 February 2026 was withdrawn"
    assert "It was another court." in text_of(reader.get(str(link.get("href"))))


def test_a_withdrawn_answer_beside_others_is_told_and_what_was_restored_is_not(
    reader: StrictClient, record: Record
) -> None:
    record("MLI", 1, on=date(2026, 1, 31))
    record("MLI", 4)
    record("MLI", 4, revision=2, withdrawn=True, reason="It was another court.")
    assert "an answer of 28 February 2026 was withdrawn" in text_of(reader.get("/countries/MLI"))

    record("MLI", 4, revision=3, reason="It was this one.")
    assert "was withdrawn" not in text_of(reader.get("/countries/MLI"))


def test_a_withdrawal_above_a_clearance_and_one_of_another_country_are_not_told(
    sign_in_as: SignInAs, record: Record
) -> None:
    record("MLI", 4)
    record("MLI", 4, revision=2, withdrawn=True, reason="It was another court.", handling=Mark.RED)
    record("NER", 4, withdrawn=True, reason="Not there.")

    assert "was withdrawn" not in text_of(sign_in_as(Role.READER, clearance=Mark.AMBER).get("/countries/MLI"))
    assert "was withdrawn" in text_of(sign_in_as(Role.READER, clearance=Mark.RED).get("/countries/MLI"))
    assert "was withdrawn" not in text_of(sign_in_as(Role.READER, clearance=Mark.AMBER).get("/countries/TCD"))


def test_a_value_after_dont_know_counts_again(reader: StrictClient, record: Record) -> None:
    record("MLI", None, on=date(2026, 1, 31))
    record("MLI", 4)

    words = text_of(reader.get("/countries/MLI"))
    assert "critical: 4 28 February 2026A highest or constitutional court was dissolved" in words
    assert "before: don’t know (Jan 2026)" in words


def test_every_day_of_a_series_leads_to_its_observation(reader: StrictClient, record: Record) -> None:
    record("MLI", 3)

    links = parsed(reader.get("/countries/MLI")).xpath(f"//a[@href='/countries/MLI/{COURTS}/2026-02-28']")

    assert len(links) == 1
    assert reader.get(str(links[0].get("href"))).status_code == 200


@pytest.mark.parametrize("place", ["XYZ", "XYZ.csv", f"XYZ/{COURTS}", f"XYZ/{COURTS}.csv", "MLI/no_such_measure"])
def test_an_unknown_country_is_not_found(reader: StrictClient, place: str) -> None:
    assert reader.get(f"/countries/{place}").status_code == 404


def test_an_administrator_stops_and_starts_watching(sign_in_as: SignInAs, database: Database) -> None:
    administrator = sign_in_as(Role.ADMINISTRATOR)

    page = administrator.get("/countries/MLI")
    administrator.submit_form(page, action="/countries/MLI/watch")

    with database.reading() as session:
        assert session.scalar(text("SELECT watched FROM countries WHERE iso3 = 'MLI'")) in (False, 0)
        entry = session.execute(text("SELECT action, subject FROM audit_entries ORDER BY number DESC")).first()
    assert entry is not None
    assert tuple(entry) == ("country no longer watched", "country MLI")
    assert "is not watched" in text_of(administrator.get("/countries/MLI"))


def test_watching_what_is_watched_is_not_written_down_again(sign_in_as: SignInAs, database: Database) -> None:
    administrator = sign_in_as(Role.ADMINISTRATOR)
    token = parsed(administrator.get("/countries/MLI")).xpath("//input[@name='csrf_token']/@value")[0]
    with database.reading() as session:
        before = session.scalar(text("SELECT count(*) FROM audit_entries"))

    administrator.post("/countries/MLI/watch", data={"watched": "yes", "csrf_token": token})

    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM audit_entries")) == before


def test_a_countrys_page_begins_with_what_became_worse_most(reader: StrictClient, record: Record) -> None:
    a_year_ago = date(2025, 2, 28)
    for indicator, then, newest in ((COURTS, 1, 2), ("militias", 0, 3), ("emergency_powers", 2, 1)):
        record("MLI", then, indicator=indicator, on=a_year_ago)
        record("MLI", newest, indicator=indicator)

    table = parsed(reader.get("/countries/MLI")).xpath("//section[@aria-labelledby='moved']//tbody/tr")

    assert [row.xpath("string(th//a/@href)") for row in table] == ["#militias", f"#{COURTS}", "#emergency_powers"]
    assert [row.xpath("string(td[3])").strip() for row in table] == ["+75.0", "+25.0", "−25.0"]


def jumps_on(client: StrictClient) -> list[str]:
    items = parsed(client.get("/countries/MLI")).xpath("//section[@aria-labelledby='jumped']//li")
    return [" ".join(item.text_content().split()) for item in items]


def test_a_jump_of_a_coded_level_within_weeks_is_told_and_leads_to_its_reason(
    reader: StrictClient, record: Record
) -> None:
    record("MLI", 1, indicator="limits_on_power", on=date(2026, 1, 31))
    record("MLI", 4, indicator="limits_on_power", on=date(2026, 2, 20))

    assert jumps_on(reader) == ["Limits on terms and powers: level 1 became 4 (31 January 2026 → 20 February 2026)"]
    links = parsed(reader.get("/countries/MLI")).xpath("//section[@aria-labelledby='jumped']//a/@href")
    assert [str(link) for link in links] == ["/countries/MLI/limits_on_power/2026-02-20"]


@pytest.mark.parametrize(
    ("values", "newest_on", "told"),
    [
        ((1, 2), LAST_MONTH, False),
        ((1, 3), LAST_MONTH, True),
        ((3, 1), LAST_MONTH, True),
        ((1, 3), date(2025, 3, 17), True),
        ((1, 3), date(2025, 3, 16), False),
    ],
)
def test_only_what_moved_by_two_levels_within_a_year_is_a_jump(
    reader: StrictClient, record: Record, values: tuple[float, float], newest_on: date, told: bool
) -> None:
    """Today is 16 March 2026."""
    record("MLI", values[0], on=newest_on - timedelta(days=20))
    record("MLI", values[1], on=newest_on)

    assert bool(jumps_on(reader)) is told


def test_from_yes_to_no_is_a_jump(reader: StrictClient, record: Record) -> None:
    record("MLI", 1, indicator="focal_point", on=date(2025, 12, 31))
    record("MLI", 0, indicator="focal_point")

    assert len(jumps_on(reader)) == 1


def test_a_jump_is_told_only_as_far_as_both_answers_may_be_seen(sign_in_as: SignInAs, record: Record) -> None:
    record("MLI", 1, on=date(2026, 1, 31))
    record("MLI", 4, handling=Mark.RED)

    assert len(jumps_on(sign_in_as(Role.READER, clearance=Mark.RED))) == 1
    assert jumps_on(sign_in_as(Role.READER, clearance=Mark.AMBER)) == []


def test_published_figures_and_what_nobody_can_tell_any_more_are_no_jumps(reader: StrictClient, record: Record) -> None:
    record("MLI", 1, on=date(2026, 1, 10))
    record("MLI", 4, on=date(2026, 1, 31))
    record("MLI", None)
    record("MLI", 2.0, indicator=RULE_OF_LAW, on=date(2024, 12, 31))
    record("MLI", -2.0, indicator=RULE_OF_LAW, on=date(2025, 12, 31))

    assert jumps_on(reader) == []


def test_on_a_past_day_the_points_of_an_answer_that_is_hidden_since_are_not_told(
    app: Flask, database: Database, clock: TestClock, now: datetime
) -> None:
    """The scores of nodes that rested on it then stay as they were told."""
    with database.writing() as session:
        scored(session, {"MLI": 50.0}, at=now)
        for key in ("civilian_control_of_forces", "militias", "safeguards_in_forces"):
            recorded(session, key, 3, on=LAST_MONTH, at=now, handling=Mark.GREEN)
        recorded(session, "militias", 3, on=LAST_MONTH, at=now + 2 * DAY, handling=Mark.RED, revision=2)
    clock.moment = now + 3 * DAY
    then = f"as_of={(now + DAY).date()}"

    def told(clearance: Mark) -> tuple[dict[str, str], list[str], bool, bool]:
        client = browser_of(app, database, somebody(database, now, clearance=clearance), clock.moment)
        page = parsed(client.get(f"/countries/MLI?{then}"))
        rows = csv.DictReader(io.StringIO(client.get(f"/countries/MLI.csv?{then}").text))
        cells = page.xpath("//tr[@id='militias']/td[position()>3]")
        figures = [" ".join(cell.text_content().split()) for cell in cells]
        spark = page.xpath("//tr[@id='militias']//svg[contains(@class, 'spark')]")
        behind = page.xpath("//*[starts-with(@class, 'why')]//a[@href='#militias']")
        return {row["key"]: row["points"] for row in rows if row["what"] == "score"}, figures, bool(spark), bool(behind)

    seen, *told_then = told(Mark.RED)
    assert (seen["militias"], *told_then) == ("75.0", ["75", "40%", "30.0"], True, True)
    hidden, *told_since = told(Mark.GREEN)
    assert (hidden["militias"], *told_since) == ("", ["–not known"] * 3, False, False)
    assert {key for key in seen if seen[key] != hidden[key]} == {"militias"}
