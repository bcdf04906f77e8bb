"""A decided measure is taken on by somebody, by a day, and ends in words."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.responses import Hand, charge, newest
from tests.situations import somebody
from tracker.access import Principal, Role
from tracker.actions.responses import carrying_out
from tracker.actions.responses.carrying_out import CannotFollowUp
from tracker.actions.responses.keeping import ResponseChanged
from tracker.handling import Mark
from tracker.response import (
    FURTHEST_DAYS,
    LONGEST_LINE,
    DayUnfit,
    LineTooLong,
    Missing,
    Need,
    NotNext,
    ResponseAct,
    ResponseState,
    due_on,
)
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation
from tracker.storage.responding import ResponseEvent

ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
PROPOSED, DECIDED, DECLINED, UNDER_WAY, DONE, ABANDONED = ResponseState


def test_each_step_keeps_who_took_it_when_and_by_when_the_next_is_due(
    session: Session, hand: Hand, situation: Situation, now: datetime
) -> None:
    today = now.date()
    one = hand.propose(situation, due_on=today + timedelta(days=5))
    assert (one.state, one.due_on) == (PROPOSED, today + timedelta(days=5))
    hand.decide(one)
    assert (one.state, one.due_on, one.decided_at) == (DECIDED, due_on(DECIDED, today), now)
    hand.start(one)
    assert (one.state, one.due_on, one.started_at) == (UNDER_WAY, today + timedelta(days=60), now)
    hand.report(one, today + timedelta(days=90))
    assert (one.state, one.due_on) == (UNDER_WAY, today + timedelta(days=90))
    hand.finish(one)
    assert (one.state, one.due_on, one.ended_at) == (DONE, None, now)

    events = session.scalars(select(ResponseEvent).order_by(ResponseEvent.id)).all()
    assert [event.act for event in events] == ["proposed", "decided", "started", "reported", "done"]
    assert {event.handling for event in events} == {one.handling}
    moved = {"before": (today + timedelta(days=60)).isoformat(), "after": (today + timedelta(days=90)).isoformat()}
    assert events[3].details == {"due_on": moved}


@ONE_ENGINE
@pytest.mark.parametrize(("differing", "need"), [({"owner": " "}, Need.OWNER), ({"due_on": None}, Need.DUE_DAY)])
def test_what_lacks_an_owner_or_a_day_cannot_be_under_way(
    hand: Hand, situation: Situation, differing: dict[str, Any], need: Need
) -> None:
    one = hand.decide(hand.propose(situation))
    with pytest.raises(Missing) as missing:
        hand.start(one, **differing)
    assert missing.value.need is need

    hand.start(one)
    with pytest.raises(Missing):
        hand.change(one, **differing)

    assert (one.state, one.owner) == (UNDER_WAY, "The office of the minister")


@ONE_ENGINE
@pytest.mark.parametrize(
    ("days", "is_fit"), [(-1, False), (0, True), (FURTHEST_DAYS, True), (FURTHEST_DAYS + 1, False)]
)
def test_the_end_is_planned_for_a_day_that_comes(
    hand: Hand, situation: Situation, now: datetime, days: int, is_fit: bool
) -> None:
    one = hand.decide(hand.propose(situation))
    day = now.date() + timedelta(days=days)
    if is_fit:
        assert hand.start(one, due_on=day).due_on == day
    else:
        with pytest.raises(DayUnfit):
            hand.start(one, due_on=day)


@ONE_ENGINE
@pytest.mark.parametrize("state", [PROPOSED, DECIDED, UNDER_WAY])
def test_what_is_late_stays_late_when_another_is_to_see_to_it(
    session: Session, hand: Hand, situation: Situation, now: datetime, state: ResponseState
) -> None:
    one = hand.bring(hand.propose(situation), state)
    was = one.due_on
    assert was is not None
    later = Hand(session, hand.by, now + timedelta(days=80))

    later.change(one, owner="Another office", due_on=was)

    assert (one.owner, one.due_on) == ("Another office", was)
    with pytest.raises(DayUnfit):
        later.change(one, due_on=was + timedelta(days=1))


@ONE_ENGINE
@pytest.mark.parametrize("state", [DECIDED, UNDER_WAY])
def test_whoever_starts_or_reports_names_a_day_that_comes(
    session: Session, hand: Hand, situation: Situation, now: datetime, state: ResponseState
) -> None:
    one = hand.bring(hand.propose(situation), state)
    was = one.due_on
    later = Hand(session, hand.by, now + timedelta(days=80))

    with pytest.raises(DayUnfit):
        later.start(one, due_on=was) if state is DECIDED else later.report(one, was)


@ONE_ENGINE
def test_a_line_is_a_line(hand: Hand, situation: Situation) -> None:
    one = hand.decide(hand.propose(situation))
    with pytest.raises(LineTooLong):
        hand.start(one, owner="a" * (LONGEST_LINE + 1))

    assert hand.start(one, owner="a" * LONGEST_LINE).state is UNDER_WAY


@ONE_ENGINE
@pytest.mark.parametrize("act", ["finish", "abandon", "report"])
def test_an_end_and_a_report_say_something(hand: Hand, situation: Situation, now: datetime, act: str) -> None:
    one = hand.start(hand.decide(hand.propose(situation)))
    with pytest.raises(Missing):
        hand.report(one, now.date(), words=" ") if act == "report" else getattr(hand, act)(one, words=" ")

    assert one.state is UNDER_WAY


@ONE_ENGINE
def test_out_of_turn_nothing_is_done(hand: Hand, situation: Situation) -> None:
    proposed = hand.propose(situation)
    for act in (hand.start, hand.finish, hand.abandon):
        with pytest.raises(NotNext):
            act(proposed)
    declined = hand.decline(proposed)
    for act in (hand.decide, hand.start, hand.change):
        with pytest.raises(NotNext):
            act(declined)

    assert declined.state is DECLINED
    assert hand.abandon(hand.decide(hand.propose(situation, title="Another"))).state is ABANDONED


@ONE_ENGINE
def test_who_follows_it_up_works_there_and_may_know_of_it(
    session: Session, hand: Hand, situation: Situation, now: datetime
) -> None:
    able = somebody(session, Role.ANALYST, clearance=Mark.AMBER, countries=["MLI"], now=now)
    elsewhere = somebody(session, Role.ANALYST, countries=["PRY"], now=now)
    kept_out = somebody(session, Role.ANALYST, clearance=Mark.GREEN, now=now)
    reader = somebody(session, Role.READER, now=now)
    one = hand.propose(situation, handling=Mark.AMBER)

    for other in (elsewhere, kept_out, reader):
        with pytest.raises(CannotFollowUp):
            hand.change(one, owner_id=other.person_id)
    hand.change(one, owner_id=able.person_id)

    assert one.owner_id == able.person_id


@ONE_ENGINE
def test_the_same_owner_once_more_changes_nothing(session: Session, hand: Hand, situation: Situation) -> None:
    one = hand.propose(situation)
    hand.change(one)
    before = newest(session, one, hand.by)

    hand.change(one)

    assert newest(session, one, hand.by) == before


def test_a_form_that_has_not_seen_the_newest_change_does_nothing(
    session: Session, hand: Hand, situation: Situation, rita: Principal, now: datetime
) -> None:
    one = hand.decide(hand.propose(situation))
    seen = newest(session, one, rita)
    hand.change(one)

    with pytest.raises(ResponseChanged):
        carrying_out.start(session, one.id, charge(now.date(), owner="Another"), words="", seen=seen, by=rita, now=now)

    acts = session.scalars(select(ResponseEvent.act).order_by(ResponseEvent.id)).all()
    assert acts[-1] is ResponseAct.CHANGED
