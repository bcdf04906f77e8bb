"""What is coming, in every country that somebody may know of."""

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import situations
from tests.concluding import recorded
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.browsing import browser_of, somebody
from tests.web.conftest import SignInAs, TestClock
from tracker.access import Role
from tracker.actions.occasion_imports import Outcome, enter_file
from tracker.actions.occasions import call_off, enter, write_in
from tracker.exchange.occasion_files import Usual, lines_of
from tracker.handling import Mark
from tracker.occasion import Draft, OccasionKind
from tracker.storage.base import Database, Session
from tracker.storage.conclusions import Occasion
from tracker.storage.watching import Country

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
# As bad as it can be, of each dimension.
WORST = {"wgi_rule_of_law": -2.5, "wgi_political_stability": -2.5, "wgi_voice_and_accountability": -2.5}


def entered(session: Session, name: str, days: int, *, now: datetime, **differing: Any) -> Occasion:
    """An election in Mali, so many days from now."""
    usual: dict[str, Any] = {"iso3": "MLI", "kind": OccasionKind.ELECTION, "handling": Mark.CLEAR} | differing
    by = situations.somebody(session, Role.ANALYST, now=now)
    day = now.date() + timedelta(days=days)
    return enter(session, usual.pop("iso3"), usual.pop("kind"), name, day, by=by, now=now, **usual)


def make_risky(session: Session, iso3: str, now: datetime) -> None:
    for key, value in WORST.items():
        recorded(session, key, value, on=date(2024, 12, 31), at=now, iso3=iso3)


@pytest.fixture
def reader(sign_in_as: SignInAs) -> StrictClient:
    return sign_in_as(Role.READER)


def names(client: StrictClient, address: str = "/calendar") -> list[str]:
    rows = "//table[not(ancestor::details)]//tbody/tr/th[@scope='row']/a/text()"
    return [str(one) for one in parsed(client.get(address)).xpath(rows)]


def flag_words(client: StrictClient, name: str) -> str:
    row = parsed(client.get("/calendar")).xpath(f"//tr[th/a[.='{name}']]/td[last()]")[0]
    return str(row.text_content())


@pytest.mark.parametrize(("days", "is_shown"), [(0, True), (365, True), (366, False)])
def test_the_days_of_the_next_twelve_months_are_shown(
    reader: StrictClient, database: Database, now: datetime, days: int, is_shown: bool
) -> None:
    with database.writing() as session:
        entered(session, "The election", days, now=now)

    assert names(reader) == (["The election"] if is_shown else [])


def test_days_stand_below_their_months_the_nearest_first(
    reader: StrictClient, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        for name, days in (("Later", 40), ("Sooner", 3), ("Tomorrow's", 1)):
            entered(session, name, days, now=now)

    assert names(reader) == ["Tomorrow's", "Sooner", "Later"]
    months = parsed(reader.get("/calendar")).xpath("//th[@scope='rowgroup']/text()")
    assert months == ["March 2026", "April 2026"]
    words = text_of(reader.get("/calendar"))
    assert "3 days within twelve months." in words
    assert "tomorrow" in words
    assert "in 40 days" in words


def test_it_is_said_whether_a_day_sets_off_a_flag(reader: StrictClient, database: Database, now: datetime) -> None:
    with database.writing() as session:
        for iso3 in ("MLI", "NER"):
            make_risky(session, iso3, now)
        for key in WORST:
            recorded(session, key, 2.5, on=date(2024, 12, 31), at=now, iso3="GHA")
        session.get_one(Country, "NER").watched = False
        entered(session, "Near", 45, now=now)
        entered(session, "Far", 46, now=now)
        entered(session, "A session", 10, now=now, kind=OccasionKind.SESSION)
        entered(session, "Calm", 10, now=now, iso3="GHA")
        entered(session, "Unwatched", 10, now=now, iso3="NER")
        entered(session, "Unknown", 10, now=now, iso3="TCD")

    told = {name: flag_words(reader, name) for name in ("Near", "Far", "A session", "Calm", "Unwatched", "Unknown")}

    assert told == {
        "Near": "yes, now",
        "Far": "from 17 March 2026 on",
        "A session": "no",
        "Calm": "no: the score is lower",
        "Unwatched": "no: the country is not watched",
        "Unknown": "not enough evidence",
    }
    assert "1 of them is near where the score is high" in text_of(reader.get("/calendar"))


def test_of_a_group_it_is_said_in_how_many_countries_that_the_reader_may_know_of(
    sign_in_as: SignInAs, database: Database, now: datetime
) -> None:
    vote = Draft(OccasionKind.ELECTION, "The vote", now.date() + timedelta(days=3), group_key="african_union")
    with database.writing() as session:
        for iso3 in ("MLI", "NER", "PRY"):
            make_risky(session, iso3, now)
        ana = situations.somebody(session, Role.ANALYST, now=now)
        write_in(session, vote, handling=Mark.CLEAR, by=ana, now=now)

    for countries, words in (
        (None, "yes, now, in 2 countries"),
        (["MLI", "GHA"], "yes, now, in 1 country"),
        (["GHA"], "no: no score is so high"),
    ):
        assert flag_words(sign_in_as(Role.READER, countries=countries), "The vote") == words


def test_the_calendar_is_narrowed_by_its_address(reader: StrictClient, database: Database, now: datetime) -> None:
    with database.writing() as session:
        entered(session, "The election", 5, now=now)
        entered(session, "The verdict", 6, now=now, kind=OccasionKind.VERDICT, iso3="NER")
        entered(session, "The census", 7, now=now, kind=OccasionKind.CENSUS, iso3="PRY")

    assert names(reader, "/calendar?kind=verdict") == ["The verdict"]
    assert names(reader, "/calendar?country=PRY") == ["The census"]
    assert names(reader, "/calendar?group=african_union") == ["The election", "The verdict"]
    assert names(reader, "/calendar?kind=nonsense") == ["The election", "The verdict", "The census"]
    assert "No such day is coming" in text_of(reader.get("/calendar?country=PRY&kind=verdict"))
    assert reader.get("/calendar?group=nonsense").status_code == 404


def test_what_lies_outside_a_scope_or_above_a_clearance_leaves_no_trace(
    sign_in_as: SignInAs, database: Database, now: datetime
) -> None:
    focal_point = sign_in_as(Role.READER, countries=["MLI"])
    before = text_of(focal_point.get("/calendar"))
    with database.writing() as session:
        entered(session, "Theirs", 5, now=now, iso3="NER")
        entered(session, "Secret", 5, now=now, handling=Mark.AMBER)

    assert text_of(focal_point.get("/calendar")) == before
    assert "No day to come is entered" in before
    assert names(sign_in_as(Role.READER, clearance=Mark.AMBER)) == ["Secret", "Theirs"]


def test_what_is_over_is_folded_away_for_three_months(
    app: Flask, database: Database, clock: TestClock, now: datetime
) -> None:
    with database.writing() as session:
        entered(session, "The election", 8, now=now)
    for days, told in ((8, "today"), (9, "1 day ago"), (100, "92 days ago"), (101, "")):
        clock.moment = now + timedelta(days=days)
        client = browser_of(app, database, somebody(database, clock.moment), clock.moment)
        over = parsed(client.get("/calendar")).xpath("string(//details[@class='calendar-over'])")
        assert ("The election" in over) == (days in (9, 100))
        assert told in text_of(client.get("/calendar"))


def test_as_of_a_past_day_it_shows_what_was_to_come_as_it_had_been_entered(
    app: Flask, database: Database, clock: TestClock, now: datetime
) -> None:
    day = timedelta(days=1)
    with database.writing() as session:
        entered(session, "Early", 5, now=now)
        late = entered(session, "Late", 10, now=now + 2 * day)
    clock.moment = now + 20 * day
    with database.writing() as session:
        by = situations.somebody(session, Role.ANALYST, now=clock.moment)
        call_off(session, late.id, by=by, now=clock.moment)
    client = browser_of(app, database, somebody(database, clock.moment), clock.moment)

    first, third = ((now + days * day).date().isoformat() for days in (0, 2))
    assert names(client) == []
    assert names(client, f"/calendar?as_of={first}") == ["Early"]
    assert names(client, f"/calendar?as_of={first}&known_on={third}") == ["Early", "Late"]
    page = client.get(f"/calendar?as_of={third}")
    assert "in 3 days" in text_of(page)
    assert text_of(page).count("called off since") == 1
    assert f"/countries/MLI?as_of={third}" in page.text


def test_the_empty_calendar_says_who_enters_where(sign_in_as: SignInAs) -> None:
    assert "as soon as an analyst or a reviewer enters them" in text_of(sign_in_as(Role.READER).get("/calendar"))
    assert "as soon as somebody enters them, here or on the page of a country" in text_of(
        sign_in_as(Role.ANALYST).get("/calendar")
    )


def test_the_export_is_what_is_seen(reader: StrictClient, database: Database, now: datetime) -> None:
    with database.writing() as session:
        make_risky(session, "MLI", now)
        entered(session, "=The election", 5, now=now)
        entered(session, "The verdict", 6, now=now, kind=OccasionKind.VERDICT)

    [row] = csv.DictReader(io.StringIO(reader.get("/calendar.csv?kind=election").text))

    assert (row["day"], row["days_left"], row["iso3"], row["name"]) == ("2026-03-21", "5", "MLI", "'=The election")
    assert (row["level"], row["can_set_off_a_flag"], row["called_off"]) == ("critical", "yes, now", "no")


def test_the_export_brought_back_changes_nothing(reader: StrictClient, database: Database, now: datetime) -> None:
    with database.writing() as session:
        entered(session, "=The election", 5, now=now)
        entered(session, "The verdict", 6, now=now, kind=OccasionKind.VERDICT, handling=Mark.GREEN)
        entered(session, "Over", 0, now=now - timedelta(days=3))
        by = situations.somebody(session, Role.ANALYST, now=now)
        again = Draft(OccasionKind.SESSION, "A session", now.date() + timedelta(days=20), every_months=6, note="Kept.")
        write_in(session, again, handling=Mark.CLEAR, by=by, now=now)
        imported = Draft(OccasionKind.REVIEW, "A review", now.date() + timedelta(days=30), iso3="MLI", uid="their-7")
        write_in(session, imported, handling=Mark.CLEAR, by=by, now=now)
    table = reader.get("/calendar.csv").text

    with database.writing() as session:
        lines = lines_of(table, Usual(OccasionKind.SESSION))
        before = session.scalars(select(func.count()).select_from(Occasion)).one()
        found = enter_file(session, lines, handling=Mark.CLEAR, by=by, now=now)
        after = session.scalars(select(func.count()).select_from(Occasion)).one()

    assert {one.line.name: one.outcome for one in found} == {
        "=The election": Outcome.KNOWN,
        "The verdict": Outcome.KNOWN,
        "A session": Outcome.KNOWN,
        "A review": Outcome.KNOWN,
        "Over": Outcome.OVER,
    }
    assert after == before
