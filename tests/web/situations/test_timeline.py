"""Everything that was done and that flags said, by day, the newest first."""

from datetime import datetime, timedelta

from tests import situations
from tests.strict_client import StrictClient, parsed
from tests.web.situations.desk import CLOSED, VERIFYING, Raise, page_of, timeline
from tracker.actions.situations.gathering import gather
from tracker.flag import Change
from tracker.handling import Mark
from tracker.rule import Severity
from tracker.situation import CloseReason
from tracker.storage.base import Database
from tracker.storage.conclusions import Flag, Situation


def test_a_flag_that_is_raised_stands_once_in_the_timeline_with_who_raised_it(
    analyst: StrictClient, reviewer: StrictClient, raise_one: Raise
) -> None:
    _, situation = raise_one()
    analyst.submit("/situations/raise", iso3="MLI", words="A curfew since Monday.")

    told = timeline(analyst, situation)

    assert sum("a flag was raised" in line for line in told) == 2
    assert [line for line in told if "A flag joined" in line] == []
    by_ana = parsed(analyst.get(page_of(situation))).xpath(
        "//section[@aria-labelledby='timeline']//li[contains(., 'Ana')]"
    )
    assert ["curfew" in line.text_content() for line in by_ana] == [True]


def test_a_flag_that_joins_later_than_it_was_raised_is_told_as_joining(
    reviewer: StrictClient, raise_one: Raise, database: Database, now: datetime
) -> None:
    flag, situation = raise_one(VERIFYING)
    with database.writing() as session:
        session.get_one(Situation, situation.id).state = CLOSED
        closed = session.get_one(Situation, situation.id)
        closed.closed_at, closed.close_reason, closed.due_on = now, CloseReason.RESOLVED, None
        session.flush()
        known, later = session.get_one(Flag, flag.id), now + timedelta(hours=1)
        another = gather(session, known, handling=Mark.GREEN, severity=Severity.ALARM, now=later)

    assert any("A flag joined" in line for line in timeline(reviewer, another))


def test_what_a_flag_goes_through_stands_in_the_timeline(
    reviewer: StrictClient, raise_one: Raise, database: Database, now: datetime
) -> None:
    flag, situation = raise_one()
    with database.writing() as session:
        known = session.get_one(Flag, flag.id)
        for hours, kind in enumerate((Change.WORSENED, Change.EASED, Change.CLEARED), start=1):
            situations.said(session, known, kind, handling=Mark.GREEN, now=now + timedelta(hours=hours))

    told = [line for line in timeline(reviewer, situation) if line.startswith("Weak rule of law")]

    for line, happened in zip(told, ("it cleared", "it eased", "it worsened", "a flag was raised"), strict=True):
        assert happened in line
