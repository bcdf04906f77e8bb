"""Writing down what councils did, and taking out what was entered by mistake."""

from datetime import datetime

from tracker.access import Principal
from tracker.actions import audit
from tracker.actions.occasions import NoSuchOccasion
from tracker.actions.situations.keeping import hold_country, refuse_mark
from tracker.council import ActDraft, refuse_unfit
from tracker.handling import Mark, may_see
from tracker.refusal import N_, NotThere
from tracker.storage import council_acts, occasions
from tracker.storage.base import Session
from tracker.storage.responding import CouncilAct


class NoSuchAct(NotThere):
    def __init__(self) -> None:
        super().__init__(N_("There is no such act of a council."))


def enter(
    session: Session,
    iso3: str,
    draft: ActDraft,
    *,
    occasion_id: int | None = None,
    handling: Mark,
    by: Principal,
    now: datetime,
) -> CouncilAct:
    """`occasion_id`: the session at which it happened; None: none of the calendar. The same once more is one act."""
    refuse_unfit(draft, now.date())
    if not by.reaches(iso3) or hold_country(session, iso3) is None:
        raise NotThere(N_("There is no such country."))
    refuse_mark(handling, by, lowest=_mark_of(session, iso3, occasion_id, by))
    act = CouncilAct(
        iso3=iso3,
        occasion_id=occasion_id,
        council=draft.council,
        kind=draft.kind,
        day=draft.day,
        words=draft.words,
        vetoed_by=list(draft.vetoed_by),
        link=draft.link or None,
        handling=int(handling),
        entered_by=by.person_id,
        entered_at=now,
    )
    if already := council_acts.same_as(session, act):
        return already
    session.add(act)
    session.flush()
    audit.record(session, "council act entered", _subject_of(act), by=by.person_id, now=now)
    return act


def remove(session: Session, iso3: str, act_id: int, *, by: Principal, now: datetime) -> CouncilAct:
    """It stands crossed out where it was entered, and nowhere else. Once more changes nothing."""
    hold_country(session, iso3)
    act = council_acts.locked(session, act_id)
    if act is None or act.iso3 != iso3 or not by.reaches(iso3) or not may_see(by.clearance, Mark(act.handling)):
        raise NoSuchAct
    if act.removed_at is None:
        act.removed_at = now
        session.flush()
        audit.record(session, "council act removed", _subject_of(act), by=by.person_id, now=now)
    return act


def _mark_of(session: Session, iso3: str, occasion_id: int | None, by: Principal) -> Mark:
    if occasion_id is None:
        return Mark.CLEAR
    occasion = occasions.seen(session, occasion_id, [iso3], by.clearance)
    if occasion is None:
        raise NoSuchOccasion
    return Mark(occasion.handling)


def _subject_of(act: CouncilAct) -> str:
    """What the audit log calls it: where and when, never what was done."""
    return f"council act {act.id}: {act.iso3} {act.day.isoformat()}"
