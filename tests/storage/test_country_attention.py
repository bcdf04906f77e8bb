"""A past moment shows flags and situations as they stood then."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from tests import situations as cases
from tests.situations import Desk, raised, said, somebody
from tracker.access import Role
from tracker.actions.situations.attending import assign
from tracker.flag import Change
from tracker.handling import Mark
from tracker.situation import CloseReason, SituationState, Verdict
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation
from tracker.storage.country_attention import FlagStood, SituationStood, flags_of, situations_of

LONG_AGO = timedelta(days=400)


def stood(session: Session, known: datetime, clearance: Mark = Mark.RED) -> list[SituationStood]:
    return list(situations_of(session, "MLI", clearance, known=known, is_now=False).open)


def seen_flags(session: Session, known: datetime, clearance: Mark = Mark.RED) -> list[FlagStood]:
    return flags_of(session, "MLI", clearance, ended_since=known - LONG_AGO, day=known.date(), known=known)


def told(situation: Situation) -> tuple[SituationState, datetime, date | None, int | None]:
    return situation.state, situation.state_since, situation.due_on, situation.owner_id


def test_the_timeline_says_of_every_moment_what_the_situation_said_then(session: Session, now: datetime) -> None:
    rita = somebody(session, Role.REVIEWER, now=now)
    about, situation = raised(session, now=now)
    as_it_was = {now: told(situation)}

    def assess(at: datetime) -> None:
        Desk(session, rita, at).judge(about)
        Desk(session, rita, at).assess(situation)

    acts: list[Callable[[datetime], object]] = [
        lambda at: Desk(session, rita, at).move(situation, SituationState.VERIFYING),
        lambda at: assign(
            *(session, situation.id, rita.person_id), seen=cases.newest(session, situation, rita), by=rita, now=at
        ),
        assess,
        lambda at: Desk(session, rita, at).move(situation, SituationState.MONITORING),
        lambda at: Desk(session, rita, at).move(situation, SituationState.MONITORING),
    ]
    for days, act in enumerate(acts, start=1):
        at = now + timedelta(days=days)
        act(at)
        as_it_was[at] = told(situation)

    assert len(set(as_it_was.values())) > 4
    for at, then in as_it_was.items():
        [one] = stood(session, at)
        assert (one.state, one.since, one.due_on, one.owner_id) == then
        assert max(event.at for event in one.events) <= at
    today = situations_of(session, "MLI", Mark.RED, known=at, is_now=True)
    assert [told(one.situation) for one in today.open] == [told(situation)]
    assert today.people[rita.person_id] == rita.name


def test_a_situation_is_there_from_its_opening_to_its_end_for_whoever_knew_of_it(
    session: Session, now: datetime
) -> None:
    rita = somebody(session, Role.REVIEWER, now=now)
    about, situation = raised(session, now=now, handling=Mark.AMBER)
    desk, later = Desk(session, rita, now), now + timedelta(days=2)
    desk.move(situation, SituationState.VERIFYING)
    said(session, about, Change.CLEARED, handling=Mark.AMBER, now=later)
    about.closed_at = later
    session.flush()
    Desk(session, rita, later).move(situation, SituationState.CLOSED, reason=CloseReason.RESOLVED)

    assert stood(session, now - timedelta(seconds=1)) == []
    assert len(stood(session, now)) == 1
    assert stood(session, now, Mark.GREEN) == []
    assert stood(session, later) == []


def test_a_flag_stands_as_it_was_said_and_judged_by_then(session: Session, now: datetime) -> None:
    rita = somebody(session, Role.REVIEWER, now=now)
    about, situation = raised(session, now=now)
    desk = Desk(session, rita, now + timedelta(days=1))
    desk.move(situation, SituationState.VERIFYING)
    desk.judge(about)
    cleared = now + timedelta(days=2)
    said(session, about, Change.CLEARED, now=cleared)
    about.closed_at = cleared
    session.flush()

    assert seen_flags(session, now - timedelta(days=1)) == []
    [first], [second], [third] = (seen_flags(session, now + timedelta(days=days)) for days in range(3))
    assert (first.is_open, first.verdict, len(first.one.events)) == (True, None, 1)
    assert (second.is_open, second.verdict) == (True, Verdict.CONFIRMED)
    assert (third.is_open, len(third.one.events)) == (False, 2)


@pytest.mark.parametrize(("clearance", "number"), [(Mark.GREEN, 0), (Mark.AMBER, 1)])
def test_a_flag_is_there_for_whoever_may_see_what_it_says(
    session: Session, now: datetime, clearance: Mark, number: int
) -> None:
    raised(session, now=now, handling=Mark.AMBER)
    raised(session, now=now, iso3="NER")

    assert len(seen_flags(session, now, clearance)) == number


def test_what_ended_long_ago_is_not_read(session: Session, now: datetime) -> None:
    about, _situation = raised(session, now=now)
    about.closed_at = now + timedelta(days=1)
    session.flush()

    assert len(seen_flags(session, now + LONG_AGO)) == 1
    assert seen_flags(session, now + LONG_AGO + timedelta(days=2)) == []
