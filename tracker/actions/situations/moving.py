"""From one state to the next, as the table in tracker/situation.py allows it."""

from collections.abc import Collection
from datetime import datetime

from tracker.access import Principal
from tracker.actions.situations.gathering import open_situation, record_move
from tracker.actions.situations.keeping import held, said, write_down
from tracker.handling import Mark, may_see
from tracker.situation import (
    Circumstances,
    CloseReason,
    Move,
    Need,
    NotYet,
    SituationAct,
    SituationState,
    Verdict,
    due_on,
    missing,
    move_between,
)
from tracker.storage import flags, situations
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation, SituationEvent
from tracker.storage.flags import SeenFlag


def move(
    session: Session,
    situation_id: int,
    target: SituationState,
    *,
    reason: CloseReason | None = None,
    words: str = "",
    seen: int,
    by: Principal,
    now: datetime,
) -> Situation:
    """`seen` is the newest change that the mover had before them."""
    situation = held(session, situation_id, by, seen=seen)
    step = move_between(situation.state, target, reason)
    lacking = missing(step, circumstances(session, situation, by))
    if lacking:
        raise NotYet(lacking[0])
    take(session, situation, step, said(words, is_needed=Need.WORDS in step.needs), by=by, now=now)
    return situation


def circumstances(session: Session, situation: Situation, by: Principal) -> Circumstances:
    return circumstances_of(
        situation,
        flags.in_situation(session, situation.id, by.clearance),
        situations.events(session, situation.id, by.clearance),
        whole_of(session, situation, by),
    )


def circumstances_of(
    situation: Situation, seen: Collection[SeenFlag], events: Collection[SituationEvent], whole: Situation | None
) -> Circumstances:
    """As far as somebody may see: what lies above their clearance keeps nobody from a move, or that would tell it."""
    newest = next(iter(situations.assessments_in(events)), None)
    return Circumstances(
        state=situation.state,
        flags=len(seen),
        flags_open=sum(one.is_open for one in seen),
        flags_waiting=sum(one.is_waiting for one in seen),
        flags_discarded=sum(one.flag.verdict is Verdict.DISCARDED for one in seen),
        is_assessed_anew=newest is not None and newest.event.at >= situation.state_since,
        is_in_scope=newest.said.is_in_scope if newest else None,
        can_go_back=whole is not None,
    )


def whole_of(session: Session, situation: Situation, by: Principal) -> Situation | None:
    """The open situation of the whole country, if they may know of it. None also for what is no part."""
    if situation.part == situations.WHOLE:
        return None
    whole = situations.open_in(session, situation.iso3)
    return whole if whole is not None and may_see(by.clearance, Mark(whole.handling)) else None


def take(session: Session, situation: Situation, step: Move, words: str, *, by: Principal, now: datetime) -> None:
    """The step itself, for whoever has made sure that nothing is missing."""
    before = situation.state
    situation.state, situation.state_since = step.target, now
    situation.due_on = due_on(step.target, now.date())
    if step.target is SituationState.CLOSED:
        situation.closed_at, situation.close_reason = now, step.reason
    details = {"before": before, "after": step.target, "reason": step.reason}
    write_down(session, situation, SituationAct.MOVED, details, by=by.person_id, now=now, words=words)
    record_move(session, situation, before, by=by.person_id, now=now)
    if step.reason is CloseReason.MERGED:
        _go_back(session, situation, by=by, now=now)
    elif step.target is SituationState.CLOSED:
        _go_on_unseen(session, situation, by=by, now=now)


def _go_back(session: Session, part: Situation, *, by: Principal, now: datetime) -> None:
    """All flags of the part go along, also those that the mover may not see."""
    whole = whole_of(session, part, by)
    assert whole is not None, "the move needs it"
    for one in flags.in_situation(session, part.id, Mark.RED):
        one.flag.situation_id = whole.id
    handling = max(part.handling, whole.handling)
    whole.handling = min(part.handling, whole.handling)
    details = {"part": part.part, "situation": part.id}
    write_down(session, whole, SituationAct.MERGED, details, by=by.person_id, now=now, handling=handling)


def _go_on_unseen(session: Session, closed: Situation, *, by: Principal, now: datetime) -> None:
    """Open flags above the mover's clearance are not theirs to close: they go on in another situation."""
    unseen = [
        one
        for one in flags.in_situation(session, closed.id, Mark.RED)
        if one.is_open and not may_see(by.clearance, one.lowest_mark)
    ]
    if not unseen:
        return
    handling = min(one.lowest_mark for one in unseen)
    another = open_situation(session, closed.iso3, part=closed.part, handling=handling, by=None, now=now)
    for one in unseen:
        one.flag.situation_id = another.id
        joined, details = SituationAct.FLAG_JOINED, {"flag": one.flag.id}
        write_down(session, another, joined, details, by=None, now=now, handling=one.lowest_mark)
