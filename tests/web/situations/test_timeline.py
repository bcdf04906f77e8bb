"""Everything that was done and that flags said, by day, the newest first."""

from datetime import datetime, timedelta

import pytest

from tests import situations
from tests.strict_client import StrictClient, parsed
from tests.web.conftest import SignInAs
from tests.web.situations.desk import CLOSED, ONE_ENGINE, VERIFYING, Raise, followed, judge, page_of, timeline
from tracker.access import Role
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


@ONE_ENGINE
@pytest.mark.parametrize(("flags", "is_folded"), [(3, False), (4, True)])
def test_one_verdict_on_many_flags_is_told_once(
    reviewer: StrictClient, raise_one: Raise, flags: int, is_folded: bool
) -> None:
    _, situation = raise_one(VERIFYING)
    for number in range(1, flags):
        raise_one(subject=f"measure_{number}")
    followed(reviewer, judge(reviewer, page_of(situation), "all", words="Two sources say the same."))

    found = parsed(reviewer.get(page_of(situation))).xpath("//section[@aria-labelledby='timeline']")[0].text_content()

    assert (f"{flags} flags were confirmed." in found) == is_folded
    assert found.count("Two sources say the same.") == (1 if is_folded else flags)
    assert sum("The flag was confirmed" in line for line in timeline(reviewer, situation)) == flags


@ONE_ENGINE
def test_what_rules_say_before_and_after_a_deed_is_told_apart(
    reviewer: StrictClient, raise_one: Raise, now: datetime
) -> None:
    _, situation = raise_one()
    for number in range(3):
        raise_one(subject=f"before_{number}")
    reviewer.submit(f"{page_of(situation)}/note", words="Somebody was here.")
    raise_one(subject="after", now=now + timedelta(hours=1))

    summaries = parsed(reviewer.get(page_of(situation))).xpath("//section[@aria-labelledby='timeline']//summary/text()")
    told = timeline(reviewer, situation)

    assert summaries == ["Rules spoke 4 times."]
    assert "after" in told[0]
    assert told[1] == "A note was made."


@ONE_ENGINE
def test_days_are_those_of_the_readers_own_zone(sign_in_as: SignInAs, raise_one: Raise, now: datetime) -> None:
    _, situation = raise_one(now=now.replace(hour=23))

    def days(time_zone: str) -> list[str]:
        page = sign_in_as(Role.READER, time_zone=time_zone).get(page_of(situation))
        return [str(one) for one in parsed(page).xpath("//section[@aria-labelledby='timeline']//h3/time/text()")]

    assert days("UTC") == ["16 March 2026"]
    assert days("Asia/Tokyo") == ["17 March 2026"]
