"""Flags gather in situations, and what grows worse is verified anew."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests import situations
from tests.at_once import at_once
from tests.situations import Desk
from tracker.access import Principal
from tracker.actions.situations.gathering import gather, worsened
from tracker.handling import Mark
from tracker.rule import Severity
from tracker.situation import CloseReason, SituationAct, SituationState, Verdict, due_on
from tracker.storage.base import Database, Session
from tracker.storage.conclusions import Flag, Situation, SituationEvent
from tracker.storage.running import AuditEntry

VERIFYING, RESPONDING, MONITORING = SituationState.VERIFYING, SituationState.RESPONDING, SituationState.MONITORING
WARNING: dict[str, Any] = {"handling": Mark.CLEAR, "severity": Severity.WARNING}


def acts(session: Session, situation: Situation, clearance: Mark = Mark.RED) -> list[SituationAct]:
    query = select(SituationEvent.act).where(
        SituationEvent.situation_id == situation.id, SituationEvent.handling <= clearance
    )
    return list(session.scalars(query.order_by(SituationEvent.id)))


def test_the_first_flag_of_a_country_opens_a_situation(session: Session, now: datetime) -> None:
    flag, situation = situations.raised(session, now=now)

    assert (situation.iso3, situation.part, situation.state) == ("MLI", "", SituationState.NEW)
    assert situation.due_on == due_on(SituationState.NEW, now.date())
    assert flag.situation_id == situation.id
    assert acts(session, situation) == [SituationAct.OPENED, SituationAct.FLAG_JOINED]


def test_the_next_flag_of_the_country_joins_it_and_that_of_another_does_not(session: Session, now: datetime) -> None:
    _, situation = situations.raised(session, now=now)
    _, same = situations.raised(session, subject="risk", now=now)
    _, other = situations.raised(session, iso3="NER", now=now)

    assert same is situation
    assert other is not situation


def test_gathering_a_flag_again_changes_nothing(session: Session, now: datetime) -> None:
    flag, situation = situations.raised(session, now=now)
    before, version = acts(session, situation), situation.version

    again = gather(session, flag, now=now + timedelta(days=1), **WARNING)

    assert again is situation
    assert (acts(session, situation), situation.version) == (before, version)


@pytest.mark.parametrize(("joining", "expected"), [(Mark.GREEN, Mark.GREEN), (Mark.RED, Mark.AMBER)])
def test_a_situation_is_known_to_whoever_knows_of_one_of_its_flags(
    session: Session, now: datetime, joining: Mark, expected: Mark
) -> None:
    _, situation = situations.raised(session, handling=Mark.AMBER, now=now)
    situations.raised(session, subject="risk", handling=joining, now=now)

    assert situation.handling == expected


def test_a_flag_that_speaks_lower_takes_the_mark_of_its_situation_along(session: Session, now: datetime) -> None:
    flag, situation = situations.raised(session, handling=Mark.RED, now=now)

    gather(session, flag, handling=Mark.GREEN, severity=Severity.WARNING, now=now)

    assert situation.handling == Mark.GREEN
    # what was done before stays with those who could know of it
    assert acts(session, situation, Mark.GREEN) == []


@pytest.mark.parametrize("state", [RESPONDING, MONITORING])
def test_what_was_answered_is_verified_anew_when_a_flag_worsens(
    session: Session, desk: Desk, now: datetime, state: SituationState
) -> None:
    flag, situation = situations.raised(session, now=now)
    desk.bring(flag, situation, state)
    later = now + timedelta(days=3)

    worsened(session, flag, handling=Mark.CLEAR, severity=Severity.ALARM, now=later)

    assert (situation.state, situation.state_since) == (VERIFYING, later)
    assert situation.due_on == due_on(VERIFYING, later.date())
    moved = session.scalars(select(SituationEvent).order_by(SituationEvent.id.desc())).first()
    assert moved is not None
    assert moved.details == {"before": state, "after": "verifying", "flag": flag.id}
    assert moved.by_id is None


@pytest.mark.parametrize("state", [SituationState.NEW, VERIFYING, SituationState.ASSESSED])
def test_before_it_was_answered_it_stays_where_it_is(
    session: Session, desk: Desk, now: datetime, state: SituationState
) -> None:
    flag, situation = situations.raised(session, now=now)
    desk.bring(flag, situation, state)
    since = situation.state_since

    worsened(session, flag, handling=Mark.CLEAR, severity=Severity.ALARM, now=now + timedelta(days=3))

    assert (situation.state, situation.state_since) == (state, since)


@pytest.mark.parametrize(
    ("severity", "expected"),
    [(Severity.NOTICE, MONITORING), (Severity.WARNING, VERIFYING), (Severity.ALARM, VERIFYING)],
)
def test_a_new_flag_disturbs_from_a_warning_on(
    session: Session, desk: Desk, now: datetime, severity: Severity, expected: SituationState
) -> None:
    flag, situation = situations.raised(session, now=now)
    desk.bring(flag, situation, MONITORING)

    situations.raised(session, subject="risk", severity=severity, now=now)

    assert situation.state is expected


def test_what_only_some_may_know_moves_nothing(session: Session, desk: Desk, now: datetime) -> None:
    flag, situation = situations.raised(session, handling=Mark.GREEN, now=now)
    desk.bring(flag, situation, MONITORING)
    before = acts(session, situation, Mark.GREEN)

    situations.raised(session, subject="risk", handling=Mark.RED, severity=Severity.ALARM, now=now)

    assert situation.state is MONITORING
    assert acts(session, situation, Mark.GREEN) == before


def test_what_is_raised_after_the_end_opens_another_situation(session: Session, desk: Desk, now: datetime) -> None:
    flag, closed = situations.raised(session, now=now)
    desk.move(closed, VERIFYING)
    desk.judge(flag, Verdict.DISCARDED)
    desk.move(closed, SituationState.CLOSED, reason=CloseReason.UNFOUNDED)

    _, another = situations.raised(session, now=now)

    assert another is not closed
    assert closed.state is SituationState.CLOSED


def test_a_flag_that_worsens_after_the_end_opens_another_situation(
    session: Session, desk: Desk, rita: Principal, now: datetime
) -> None:
    flag, closed = situations.raised(session, now=now)
    desk.move(closed, VERIFYING)
    desk.judge(flag)
    desk.assess(closed, assessment=situations.OUT_OF_SCOPE)
    desk.move(closed, SituationState.CLOSED, reason=CloseReason.OUT_OF_SCOPE)

    another = worsened(session, flag, handling=Mark.CLEAR, severity=Severity.ALARM, now=now)

    assert another is not closed
    assert flag.situation_id == another.id


def test_flags_that_are_raised_at_once_open_one_situation(database: Database, now: datetime) -> None:
    def one_more(number: int) -> int | None:
        with database.writing() as session:
            flag, _ = situations.raised(session, subject=f"subject {number}", now=now)
            return flag.situation_id

    joined = at_once(4, one_more)

    assert len(set(joined)) == 1
    with database.reading() as session:
        assert session.scalar(select(func.count(Situation.id))) == 1
        assert session.scalar(select(func.count(Flag.id))) == 4


def test_opening_and_going_back_stand_in_the_audit_log_without_a_person(
    session: Session, desk: Desk, now: datetime
) -> None:
    flag, situation = situations.raised(session, now=now)
    desk.bring(flag, situation, MONITORING)
    worsened(session, flag, handling=Mark.CLEAR, severity=Severity.ALARM, now=now)

    query = select(AuditEntry).where(AuditEntry.subject == f"situation {situation.id}: MLI").order_by(AuditEntry.number)
    entries = list(session.scalars(query))

    assert (entries[0].action, entries[0].by_id) == ("situation opened", None)
    assert (entries[-1].action, entries[-1].by_id) == ("situation moved", None)
    assert (entries[-1].before, entries[-1].after) == ({"state": "monitoring"}, {"state": "verifying", "reason": None})
