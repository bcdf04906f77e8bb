"""Who is in charge of a situation, who follows it, and what they note."""

from datetime import datetime

from tracker.access import Principal
from tracker.actions import audit
from tracker.actions.situations.keeping import held, refuse_mark, said, subject_of, visible, write_down
from tracker.handling import Mark
from tracker.refusal import N_, Refusal
from tracker.situation import NotNext, SituationAct, SituationState
from tracker.storage import situations
from tracker.storage.base import Session
from tracker.storage.conclusions import SituationEvent


class CannotOwn(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Choose somebody who works on this country and may know of the situation."))


def assign(
    session: Session, situation_id: int, person_id: int | None, *, seen: int, by: Principal, now: datetime
) -> None:
    """None: nobody is in charge any more. The same once more changes nothing."""
    situation = held(session, situation_id, by, seen=seen)
    if situation.state is SituationState.CLOSED:
        raise NotNext(situation.state)
    if person_id is not None and all(one.id != person_id for one in situations.who_may_own(session, situation)):
        raise CannotOwn
    if situation.owner_id == person_id:
        return
    before, situation.owner_id = situation.owner_id, person_id
    by_id, details = by.person_id, {"before": before, "after": person_id}
    write_down(session, situation, SituationAct.ASSIGNED, details, by=by_id, now=now)
    was, now_is = {"owner": before}, {"owner": person_id}
    audit.record(session, "situation assigned", subject_of(situation), by=by_id, now=now, before=was, after=now_is)


def follow(session: Session, situation_id: int, is_wanted: bool, *, by: Principal, now: datetime) -> None:
    """Each for themselves. It is nobody else's affair, so that it stands in no record."""
    situation = visible(session, situation_id, by)
    if is_wanted:
        situations.follow(session, situation.id, by.person_id, now)
    else:
        situations.stop_following(session, situation.id, by.person_id)


def note(
    session: Session, situation_id: int, words: str, *, handling: Mark, by: Principal, now: datetime
) -> SituationEvent:
    """At a mark of its own; also after the end, because people learn more later."""
    situation = visible(session, situation_id, by)
    refuse_mark(handling, by, lowest=situation.handling)
    noted, words = SituationAct.NOTED, said(words)
    event = write_down(session, situation, noted, by=by.person_id, now=now, handling=handling, words=words)
    audit.record(session, "situation noted", subject_of(situation), by=by.person_id, now=now)
    return event
