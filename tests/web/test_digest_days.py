"""Days to come in a digest: near, new, on another day than was told, or called off; by the reader's own calendar."""

from dataclasses import replace as changed
from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask

from tests.situations import somebody
from tests.web.digests import ANYTHING, DAY, WEEK, Reader, a_week, reader_of
from tracker.access import Role
from tracker.actions import occasions
from tracker.actions.occasions import enter, write_in
from tracker.handling import Mark
from tracker.occasion import Draft, OccasionKind
from tracker.period import Cadence, Timetable
from tracker.storage.base import Database
from tracker.storage.conclusions import Occasion
from tracker.storage.occasions import as_draft
from tracker.subscription import Interest

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
HOUR = timedelta(hours=1)
ELECTION = OccasionKind.ELECTION
VOTE = "Vote of the senate"


@pytest.fixture
def reader(app: Flask, database: Database, now: datetime) -> Reader:
    return reader_of(app, database, since=now - WEEK, also_when_nothing_is_new=False)


def a_vote(reader: Reader, day: date, at: datetime, **differing: Mark) -> int:
    with reader.database.writing() as session:
        by = somebody(session, Role.REVIEWER, now=at)
        return enter(session, "MLI", ELECTION, VOTE, day, by=by, now=at, **({"handling": Mark.CLEAR} | differing)).id


def moved(reader: Reader, number: int, day: date, at: datetime, mark: Mark = Mark.CLEAR) -> None:
    with reader.database.writing() as session:
        by, found = somebody(session, Role.REVIEWER, now=at), session.get_one(Occasion, number)
        draft = changed(as_draft(found), day=day)
        occasions.change(session, number, draft, handling=mark, seen=found.version, by=by, now=at)


def called_off(reader: Reader, number: int, at: datetime) -> None:
    with reader.database.writing() as session:
        occasions.call_off(session, number, by=somebody(session, Role.REVIEWER, now=at), now=at)


def coming(reader: Reader, at: datetime) -> str:
    """That passage of the mail on one line; empty: no mail came."""
    made = reader.told(at)
    words = " ".join(made.text.split()) if made else ""
    return words.partition("WHAT IS COMING ")[2].partition(" The calendar:")[0]


def test_a_day_that_was_moved_is_told_with_the_day_that_was_told_before_once(reader: Reader, now: datetime) -> None:
    number = a_vote(reader, now.date() + 4 * DAY, now)
    assert f"{VOTE} (election, new), in 4 days" in coming(reader, now)

    moved(reader, number, now.date() + 60 * DAY, now + HOUR)

    told = f"Mali: {VOTE} (election), was Friday 20 March, is now Friday 15 May"
    assert coming(reader, now + DAY) == f"Fri 15 May {told}"
    assert reader.made[-1] is not None
    assert reader.made[-1].subject == f"[TLP:CLEAR] Mali: {VOTE}, now Friday 15 May"
    assert [one.title for one in reader.made[-1].headlines] == [told]
    assert reader.told(now + 2 * DAY) is None
    moved(reader, number, now.date() + 61 * DAY, now + 2 * DAY)
    assert "was Friday 15 May, is now Saturday 16 May" in coming(reader, now + 3 * DAY)


def test_a_day_that_was_called_off_is_told_once_and_one_that_was_over_is_not(reader: Reader, now: datetime) -> None:
    off, over = (a_vote(reader, now.date() + days * DAY, now) for days in (4, 1))
    reader.told(now)

    called_off(reader, off, now + 2 * DAY)
    called_off(reader, over, now + 2 * DAY)

    assert coming(reader, now + 3 * DAY) == f"Fri 20 Mar Mali: {VOTE} (election) on Friday 20 March is called off"
    assert reader.told(now + 4 * DAY) is None


@pytest.mark.parametrize("is_moved", [True, False])
def test_of_a_day_that_is_marked_higher_by_now_nothing_is_told(reader: Reader, now: datetime, is_moved: bool) -> None:
    reader.edit(clearance=Mark.GREEN)
    number = a_vote(reader, now.date() + 4 * DAY, now)
    reader.told(now)
    moved(reader, number, now.date() + (9 if is_moved else 4) * DAY, now + HOUR, Mark.RED)
    if not is_moved:
        called_off(reader, number, now + HOUR)

    assert reader.told(now + DAY) is None


def test_each_day_of_what_comes_again_is_told_once_and_another_rule_as_another_day(
    reader: Reader, now: datetime
) -> None:
    monthly = Draft(OccasionKind.SESSION, "Session", now.date() + 4 * DAY, iso3="MLI", every_months=1)
    with reader.database.writing() as session:
        by = somebody(session, Role.REVIEWER, now=now)
        number = write_in(session, monthly, handling=Mark.CLEAR, by=by, now=now).id
    assert "(session, new), in 4 days" in coming(reader, now)
    assert reader.told(now + 6 * DAY) is None

    assert "(session), in 13 days" in coming(reader, now + 22 * DAY)

    with reader.database.writing() as session:
        session.get_one(Occasion, number).day = date(2026, 3, 21)
    assert "was Monday 20 April, is now Tuesday 21 April" in coming(reader, now + 23 * DAY)


def test_a_day_long_known_is_coming_and_not_new_when_it_comes_near(reader: Reader, now: datetime) -> None:
    a_vote(reader, now.date() + 20 * DAY, now - HOUR)
    assert reader.told(now) is None

    assert f"{VOTE} (election), in 13 days" in coming(reader, now + WEEK)


@pytest.mark.parametrize(("zone", "days"), [("Pacific/Kiritimati", 3), ("UTC", 4), ("Pacific/Honolulu", 4)])
def test_days_are_counted_by_the_readers_own_calendar(
    app: Flask, database: Database, now: datetime, zone: str, days: int
) -> None:
    """Noon in London is two in the morning of the next day in Kiritimati."""
    reader = reader_of(app, database, since=now - WEEK, timetable=Timetable(Cadence.DAILY, time(7), zone))
    a_vote(reader, now.date() + 4 * DAY, now)
    assert f"in {days} days" in coming(reader, now)


def test_what_is_of_no_interest_is_not_told_when_it_is_called_off(
    app: Flask, database: Database, now: datetime
) -> None:
    reader = reader_of(app, database, since=now - WEEK, interest=Interest(countries=frozenset({"NER"})))
    number = a_vote(reader, now.date() + 4 * DAY, now)
    reader.told(now)
    called_off(reader, number, now + HOUR)
    assert reader.gathered(now + DAY).days.changed == []
    reader.wants(ANYTHING)
    assert reader.gathered(now + 2 * DAY).days.changed == []


def test_whoever_was_told_before_days_and_scores_were_kept_is_told_nothing_twice(reader: Reader, now: datetime) -> None:
    with reader.database.writing() as session:
        a_week(session, reader.person_id, now)
    reader.told(now)
    assert reader.stood is not None
    since_then = ("days", "scores", "method", "alarms")
    known = [number for number, _day in reader.stood["days"]]
    reader.stood = {key: told for key, told in reader.stood.items() if key not in since_then} | {"occasions": known}

    assert reader.told(now + HOUR) is None
