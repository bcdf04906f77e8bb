"""What a person concludes from verified flags, and who sees it otherwise."""

from collections.abc import Sequence
from datetime import datetime

from tracker.access import Principal
from tracker.actions import audit
from tracker.actions.situations.keeping import held, refuse_mark, said, subject_of, visible, write_down
from tracker.actions.situations.moving import circumstances, take
from tracker.assessment import Assessment, Fault, faults
from tracker.handling import Mark
from tracker.refusal import N_, NotThere, Refusal
from tracker.situation import NotNext, SituationAct, SituationState, missing, move_between
from tracker.storage import situations
from tracker.storage.base import Session
from tracker.storage.conclusions import SituationEvent

# Nobody assesses what nobody has looked into, nor what is over.
NOT_ASSESSED_IN = (SituationState.NEW, SituationState.CLOSED)


class NotInOrder(Refusal):
    """Something speaks against it; each fault says at which field."""

    def __init__(self, found: Sequence[Fault]) -> None:
        super().__init__(N_("This cannot be recorded as it is."))
        self.found = found


class NoSuchAssessment(NotThere):
    def __init__(self) -> None:
        super().__init__(N_("There is no such assessment."))


def assess(
    session: Session,
    situation_id: int,
    assessment: Assessment,
    *,
    handling: Mark,
    seen: int,
    by: Principal,
    now: datetime,
) -> SituationEvent:
    """Earlier ones are kept. While flags are verified, it is the step after the last verdict, and takes that step."""
    found = faults(assessment)
    if found:
        raise NotInOrder(found)
    situation = held(session, situation_id, by, seen=seen)
    if situation.state in NOT_ASSESSED_IN:
        raise NotNext(situation.state)
    refuse_mark(handling, by, lowest=situation.handling)
    details, summary = assessment.as_concluded().details(), assessment.summary
    assessed = SituationAct.ASSESSED
    event = write_down(
        session, situation, assessed, details, by=by.person_id, now=now, handling=handling, words=summary
    )
    audit.record(session, "situation assessed", subject_of(situation), by=by.person_id, now=now)
    if situation.state is SituationState.VERIFYING:
        step = move_between(SituationState.VERIFYING, SituationState.ASSESSED)
        if not missing(step, circumstances(session, situation, by)):
            take(session, situation, step, "", by=by, now=now)
    return event


def disagree(
    session: Session,
    situation_id: int,
    assessment_id: int,
    words: str,
    *,
    handling: Mark,
    by: Principal,
    now: datetime,
) -> SituationEvent:
    """Kept and shown beside the assessment; it changes nothing of it, and need not wait for anybody."""
    situation = visible(session, situation_id, by)
    about = situations.event(session, assessment_id)
    is_there = about is not None and about.act is SituationAct.ASSESSED and about.situation_id == situation.id
    if about is None or not is_there or about.handling > by.clearance:
        raise NoSuchAssessment
    refuse_mark(handling, by, lowest=about.handling)
    dissented, details = SituationAct.DISSENTED, {"assessment": assessment_id}
    event = write_down(
        session, situation, dissented, details, by=by.person_id, now=now, handling=handling, words=said(words)
    )
    audit.record(session, "assessment disagreed with", subject_of(situation), by=by.person_id, now=now)
    return event
