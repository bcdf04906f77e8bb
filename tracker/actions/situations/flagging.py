"""A person raises a flag themselves, and says when it no longer holds."""

from datetime import datetime

from tracker.access import Principal, Right
from tracker.actions import audit
from tracker.actions.situations.gathering import gather
from tracker.actions.situations.judging import FlagOver, NoSuchFlag, held_flag
from tracker.actions.situations.keeping import hold_country, refuse_mark, said, subject_of, write_down
from tracker.flag import Change
from tracker.handling import Mark
from tracker.refusal import N_, NotThere
from tracker.rule import Severity
from tracker.situation import SituationAct
from tracker.storage import flags
from tracker.storage.base import Session
from tracker.storage.conclusions import Flag, FlagEvent, Situation
from tracker.storage.flags import SeenFlag

RAISED = N_("Raised by a person: %(words)s")
CLEARED = N_("A person says that it no longer holds.")
CLEARS = N_("It clears when a person says that it no longer holds.")


def raise_flag(
    session: Session, iso3: str, words: str, *, severity: Severity, handling: Mark, by: Principal, now: datetime
) -> Situation:
    """It gathers like any other."""
    words = said(words)
    refuse_mark(handling, by)
    if not by.reaches(iso3) or hold_country(session, iso3) is None:
        raise NotThere(N_("There is no such country."))
    number = flags.next_manual_number(session, iso3)
    flag = Flag(
        iso3=iso3,
        rule_key=flags.MANUAL,
        subject=str(number),
        opened_at=now,
        raised_by=by.person_id,
        verdict_reason="",
    )
    session.add(flag)
    session.flush()
    _say(session, flag, Change.RAISED, RAISED, {"words": words}, severity=severity, handling=handling, now=now)
    situation = gather(session, flag, handling=handling, severity=severity, now=now)
    after = {"flag": flag.id, "severity": severity.name.lower()}
    audit.record(session, "flag raised", subject_of(situation), by=by.person_id, now=now, after=after)
    return situation


def may_clear(one: SeenFlag, by: Principal) -> bool:
    """Whoever raised it, or a reviewer. What a rule raised, its own evidence clears."""
    return one.is_manual and one.is_open and (one.flag.raised_by == by.person_id or by.may(Right.REVIEW))


def clear_flag(
    session: Session, situation_id: int, flag_id: int, words: str, *, by: Principal, now: datetime
) -> SeenFlag:
    situation, one = held_flag(session, situation_id, flag_id, by)
    if not one.is_open:
        raise FlagOver
    if not may_clear(one, by):
        raise NoSuchFlag
    words, mark = said(words), Mark(one.said.handling)
    _say(session, one.flag, Change.CLEARED, CLEARED, {}, severity=Severity(one.severity), handling=mark, now=now)
    one.flag.closed_at = now
    by_id, details = by.person_id, {"flag": flag_id}
    write_down(session, situation, SituationAct.FLAG_CLEARED, details, by=by_id, now=now, handling=mark, words=words)
    audit.record(session, "flag cleared", subject_of(situation), by=by_id, now=now, after=details)
    return one


def _say(
    session: Session,
    flag: Flag,
    kind: Change,
    sentence: str,
    values: dict[str, str],
    *,
    severity: Severity,
    handling: Mark,
    now: datetime,
) -> None:
    session.add(
        FlagEvent(
            flag_id=flag.id,
            handling=handling,
            kind=kind,
            severity=severity,
            day=now.date(),
            at=now,
            explanation={
                "sentence": sentence,
                "values": values,
                "clears": CLEARS if kind is Change.RAISED else "",
                "clears_values": {},
                "behind": [],
            },
        )
    )
    session.flush()
