"""Assessments are rows that only grow, and so is dissent."""

from datetime import datetime

import pytest
from sqlalchemy import select

from tests import situations
from tests.situations import IN_SCOPE, OUT_OF_SCOPE, Desk, newest, somebody
from tracker.access import Principal, Role
from tracker.actions.situations.assessing import NoSuchAssessment, NotInOrder, disagree
from tracker.actions.situations.keeping import MarkTooHigh, MarkTooLow, SituationChanged
from tracker.assessment import Assessment
from tracker.handling import Mark
from tracker.situation import NotNext, SituationAct, SituationState, Verdict, WordsMissing
from tracker.storage import situations as stored
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation, SituationEvent

VERIFYING, ASSESSED = SituationState.VERIFYING, SituationState.ASSESSED


@pytest.fixture
def situation(session: Session, desk: Desk, now: datetime) -> Situation:
    """Known from TLP:GREEN on; its one flag is confirmed."""
    flag, made = situations.raised(session, handling=Mark.GREEN, now=now)
    desk.move(made, VERIFYING)
    desk.judge(flag)
    return made


def assessments(session: Session, situation: Situation, clearance: Mark = Mark.RED) -> list[Assessment]:
    return [one.said for one in stored.assessments_in(stored.events(session, situation.id, clearance))]


def test_an_assessment_after_the_last_verdict_takes_its_step(
    session: Session, desk: Desk, situation: Situation
) -> None:
    desk.assess(situation)

    assert situation.state is ASSESSED
    assert assessments(session, situation) == [IN_SCOPE]


def test_an_assessment_before_the_last_verdict_waits_for_it(
    session: Session, desk: Desk, situation: Situation, now: datetime
) -> None:
    late, _ = situations.raised(session, subject="risk", now=now)
    desk.assess(situation)
    assert situation.state is VERIFYING

    desk.judge(late, Verdict.DISCARDED)
    desk.move(situation, ASSESSED)

    assert situation.state is ASSESSED


def test_earlier_assessments_are_kept(session: Session, desk: Desk, situation: Situation) -> None:
    desk.assess(situation)
    desk.assess(situation, assessment=OUT_OF_SCOPE)

    assert assessments(session, situation) == [OUT_OF_SCOPE, IN_SCOPE]


def test_what_is_not_in_order_is_not_kept(session: Session, desk: Desk, situation: Situation) -> None:
    with pytest.raises(NotInOrder) as refused:
        desk.assess(situation, assessment=Assessment(summary=""))

    assert [fault.field for fault in refused.value.found] == ["crimes", "summary"]
    assert assessments(session, situation) == []


def test_nobody_assesses_what_nobody_has_looked_into(session: Session, desk: Desk, now: datetime) -> None:
    _, new = situations.raised(session, iso3="NER", now=now)

    with pytest.raises(NotNext):
        desk.assess(new)


def test_an_assessment_is_made_of_what_was_seen(
    session: Session, desk: Desk, situation: Situation, now: datetime
) -> None:
    seen = newest(session, situation, desk.by)
    situations.raised(session, subject="risk", now=now)

    with pytest.raises(SituationChanged):
        desk.assess(situation, seen=seen)

    assert assessments(session, situation) == []


def test_an_assessment_bears_a_mark_between_its_situations_and_its_authors(
    session: Session, situation: Situation, now: datetime
) -> None:
    low = Desk(session, somebody(session, Role.REVIEWER, clearance=Mark.AMBER, now=now), now)

    with pytest.raises(MarkTooLow):
        low.assess(situation, handling=Mark.CLEAR)
    with pytest.raises(MarkTooHigh):
        low.assess(situation, handling=Mark.RED)
    low.assess(situation, handling=Mark.AMBER)

    assert assessments(session, situation, Mark.GREEN) == []
    assert assessments(session, situation, Mark.AMBER) == [IN_SCOPE]


# ---- dissent ----


@pytest.fixture
def assessed(session: Session, desk: Desk, situation: Situation) -> SituationEvent:
    """At TLP:AMBER."""
    desk.assess(situation, handling=Mark.AMBER)
    return session.scalars(select(SituationEvent).where(SituationEvent.act == SituationAct.ASSESSED)).one()


def test_whoever_disagrees_says_why_beside_the_assessment(
    session: Session, ana: Principal, assessed: SituationEvent, now: datetime
) -> None:
    acts = {"handling": Mark.AMBER, "by": ana, "now": now}
    event = disagree(session, assessed.situation_id, assessed.id, " It is worse. ", **acts)  # type: ignore[arg-type]

    assert (event.words, event.by_id) == ("It is worse.", ana.person_id)
    assert event.details == {"assessment": assessed.id}


def test_dissent_says_why(session: Session, ana: Principal, assessed: SituationEvent, now: datetime) -> None:
    with pytest.raises(WordsMissing):
        disagree(session, assessed.situation_id, assessed.id, "", handling=Mark.AMBER, by=ana, now=now)


def test_dissent_travels_no_further_than_the_assessment(
    session: Session, ana: Principal, assessed: SituationEvent, now: datetime
) -> None:
    with pytest.raises(MarkTooLow):
        disagree(session, assessed.situation_id, assessed.id, "No.", handling=Mark.GREEN, by=ana, now=now)


def test_nobody_disagrees_with_what_they_cannot_see_or_what_is_none(
    session: Session, ana: Principal, assessed: SituationEvent, now: datetime
) -> None:
    low = somebody(session, Role.ANALYST, clearance=Mark.GREEN, now=now)
    _, other = situations.raised(session, iso3="NER", now=now)

    for number, by in ((assessed.id, low), (assessed.id - 1, ana), (999_999, ana)):
        with pytest.raises(NoSuchAssessment):
            disagree(session, assessed.situation_id, number, "No.", handling=Mark.RED, by=by, now=now)
    with pytest.raises(NoSuchAssessment):
        disagree(session, other.id, assessed.id, "No.", handling=Mark.RED, by=ana, now=now)


def test_notes_and_dissent_make_no_form_stale(
    session: Session, desk: Desk, ana: Principal, assessed: SituationEvent, situation: Situation, now: datetime
) -> None:
    seen = newest(session, situation, desk.by)
    disagree(session, situation.id, assessed.id, "No.", handling=Mark.AMBER, by=ana, now=now)

    desk.move(situation, SituationState.MONITORING, seen=seen)

    assert situation.state is SituationState.MONITORING
