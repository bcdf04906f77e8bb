"""Writing down days to come, and calling them off."""

from datetime import date, datetime

from tracker.access import Principal
from tracker.actions import audit
from tracker.actions.concluding import judge_one
from tracker.actions.situations.keeping import hold_country
from tracker.handling import Mark, may_see
from tracker.occasion import OccasionKind, refuse_unfit
from tracker.refusal import N_, NotThere, Refusal
from tracker.storage import occasions
from tracker.storage.base import Session
from tracker.storage.conclusions import Occasion


class NoSuchOccasion(NotThere):
    def __init__(self) -> None:
        super().__init__(N_("There is no such occasion."))


class MarkTooHigh(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Choose a mark that you may see yourself."))


def enter(
    session: Session,
    iso3: str,
    kind: OccasionKind,
    name: str,
    day: date,
    *,
    handling: Mark,
    by: Principal,
    now: datetime,
) -> Occasion:
    refuse_unfit(name, day, now.date())
    if not may_see(by.clearance, handling):
        raise MarkTooHigh
    if not by.reaches(iso3) or hold_country(session, iso3) is None:
        raise NotThere(N_("There is no such country."))
    occasion = Occasion(
        iso3=iso3,
        kind=kind,
        name=name,
        day=day,
        handling=handling,
        entered_by=by.person_id,
        entered_at=now,
        removed=False,
    )
    session.add(occasion)
    session.flush()
    audit.record(session, "occasion entered", _subject_of(occasion), by=by.person_id, now=now)
    judge_one(session, iso3, now=now)
    return occasion


def call_off(session: Session, iso3: str, occasion_id: int, *, by: Principal, now: datetime) -> Occasion:
    """It sets nothing off any more. Once more changes nothing."""
    hold_country(session, iso3)
    occasion = occasions.locked(session, occasion_id)
    if occasion is None or occasion.iso3 != iso3 or not by.reaches(iso3):
        raise NoSuchOccasion
    if not may_see(by.clearance, Mark(occasion.handling)):
        raise NoSuchOccasion
    if not occasion.removed:
        occasion.removed = True
        audit.record(session, "occasion called off", _subject_of(occasion), by=by.person_id, now=now)
        judge_one(session, iso3, now=now)
    return occasion


def _subject_of(occasion: Occasion) -> str:
    """What the audit log calls it: where and when, never what it is."""
    return f"occasion {occasion.id}: {occasion.iso3} {occasion.day.isoformat()}"
