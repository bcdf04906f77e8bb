"""Telling a closed situation or a case of the past, telling it otherwise, and withdrawing it.

The audit log says that it was done, and never what was told.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tracker.access import Principal
from tracker.actions import audit
from tracker.actions.situations.keeping import held as held_situation
from tracker.actions.situations.keeping import refuse_mark
from tracker.assessment import Fault
from tracker.case_study import LONGEST_REASON, Case, Said, differences, faults
from tracker.handling import Mark
from tracker.likeness import profile_of
from tracker.refusal import N_, NotThere, OutOfTurn, Refusal
from tracker.situation import SituationState, WordsMissing, WordsTooLong
from tracker.storage import audit_entries, case_studies, methods, past_scores, situations
from tracker.storage.base import Session
from tracker.storage.case_studies import WITHDRAWN
from tracker.storage.responding import CaseStudy, CaseStudyRevision

# Kept beside what is told: the mark below which it is never marked, because it was filled with what bears it.
LOWEST = "lowest"


class NoSuchCaseStudy(NotThere):
    def __init__(self) -> None:
        super().__init__(N_("There is no such case study."))


class NotClosed(OutOfTurn):
    def __init__(self) -> None:
        super().__init__(N_("Only a closed situation is told as a case: this one goes on."))


class ToldAlready(OutOfTurn):
    """`case_study_id`: the one that stands."""

    def __init__(self, case_study_id: int) -> None:
        super().__init__(N_("This situation is told already: look at what is written, and change it there."))
        self.case_study_id = case_study_id


class CaseStudyChanged(OutOfTurn):
    def __init__(self) -> None:
        super().__init__(
            N_("The case study was changed since you opened it. Look at how it stands, and send it again.")
        )


class NotInOrder(Refusal):
    """Each fault says at which field."""

    def __init__(self, found: Sequence[Fault]) -> None:
        super().__init__(N_("The case study is not complete yet."))
        self.found = found


class ElsewhereCase(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Choose one of your countries, or leave it open."))


def tell(
    session: Session,
    situation_id: int,
    case: Case,
    *,
    handling: Mark,
    filled: Mark,
    by: Principal,
    now: datetime,
) -> CaseStudy:
    """A closed situation becomes a case study. `filled`: with what bears up to that mark its form was filled; it bears
    no lower one, for a figure tells of all that it was computed from. The same once more changes nothing."""
    situation = held_situation(session, situation_id, by)
    if situation.state is not SituationState.CLOSED:
        raise NotClosed
    case = replace(case, iso3=situation.iso3, place="")
    _refuse_unfit(case, by, now)
    for standing in case_studies.of_situation(session, situation_id, by.clearance):
        if _says(standing, case, handling, by):
            return standing
        raise ToldAlready(standing.id)
    lowest = Mark(max(situation.handling, min(filled, by.clearance)))
    refuse_mark(handling, by, lowest=lowest)
    return _made(session, case, handling, lowest, situation_id, situation.opened_at, by=by, now=now)


def write(session: Session, case: Case, *, handling: Mark, by: Principal, now: datetime) -> CaseStudy:
    """A case of the past, by hand. The same once more changes nothing."""
    audit_entries.locked_head(session)
    _refuse_unfit(case, by, now)
    refuse_mark(handling, by)
    for standing in case_studies.called(session, case.title, by.scope, by.clearance):
        if _says(standing, case, handling, by):
            return standing
    return _made(session, case, handling, Mark.CLEAR, None, now, by=by, now=now)


def change(
    session: Session,
    case_study_id: int,
    case: Case,
    *,
    handling: Mark,
    reason: str,
    seen: int,
    by: Principal,
    now: datetime,
) -> CaseStudy:
    """`seen`: the version that the form was made with. What says the same as it does now is no revision, also where it
    is sent twice."""
    found = held(session, case_study_id, by)
    if found.situation_id is not None:
        case = replace(case, iso3=found.iso3, place="")
    before = case_studies.said_in(found.content, found.handling)
    if not differences(before, Said(case, handling)):
        return found
    if found.version != seen:
        raise CaseStudyChanged
    _refuse_unfit(case, by, now)
    refuse_mark(handling, by, lowest=found.content[LOWEST])
    is_measured_anew = (found.iso3, found.began_on, found.handling) != (case.iso3, case.began_on, handling)
    _take_over(found, case, handling, found.content[LOWEST])
    if is_measured_anew:
        found.profile = _profile(session, found, _known_at(session, found, by) or now)
    _revised(session, found, _reason(reason), by=by, now=now)
    audit.record(session, "case study changed", _subject_of(found), by=by.person_id, now=now)
    return found


def withdraw(session: Session, case_study_id: int, reason: str, *, by: Principal, now: datetime) -> CaseStudy:
    """It stands in no list any more. Once more changes nothing."""
    found = held(session, case_study_id, by)
    if found.withdrawn_at is None:
        found.withdrawn_at = now
        _revised(session, found, _reason(reason), by=by, now=now)
        audit.record(session, "case study withdrawn", _subject_of(found), by=by.person_id, now=now)
    return found


def put_back(session: Session, case_study_id: int, reason: str, *, by: Principal, now: datetime) -> CaseStudy:
    found = held(session, case_study_id, by)
    if found.withdrawn_at is not None:
        if found.situation_id is not None:
            for standing in case_studies.of_situation(session, found.situation_id, by.clearance):
                raise ToldAlready(standing.id)
        found.withdrawn_at = None
        _revised(session, found, _reason(reason), by=by, now=now)
        audit.record(session, "case study put back", _subject_of(found), by=by.person_id, now=now)
    return found


def held(session: Session, case_study_id: int, by: Principal) -> CaseStudy:
    """Nobody else's to change until the transaction ends: the audit log first, then the situation, as everywhere."""
    found = case_studies.seen(session, case_study_id, by.scope, by.clearance)
    if found is None:
        raise NoSuchCaseStudy
    audit_entries.locked_head(session)
    found = case_studies.locked(session, case_study_id)
    if case_studies.seen(session, case_study_id, by.scope, by.clearance) is None:
        raise NoSuchCaseStudy
    return found


def _made(
    session: Session,
    case: Case,
    handling: Mark,
    lowest: Mark,
    situation_id: int | None,
    known: datetime,
    *,
    by: Principal,
    now: datetime,
) -> CaseStudy:
    made = CaseStudy(situation_id=situation_id, made_at=now, made_by=by.person_id, withdrawn_at=None)
    _take_over(made, case, handling, lowest)
    made.profile = _profile(session, made, known)
    session.add(made)
    session.flush()
    _revised(session, made, "", by=by, now=now)
    audit.record(session, "case study written", _subject_of(made), by=by.person_id, now=now)
    return made


def _take_over(found: CaseStudy, case: Case, handling: Mark, lowest: int) -> None:
    found.title, found.iso3 = case.title, case.iso3
    found.began_on, found.ended_on, found.stage = case.began_on, case.ended_on, case.stage
    found.criteria, found.kinds = sorted(case.criteria), sorted(case.kinds)
    found.content = case.kept() | {LOWEST: int(lowest)}
    found.handling = int(handling)


def _revised(session: Session, found: CaseStudy, reason: str, *, by: Principal, now: datetime) -> None:
    """What it says now, for its history."""
    session.flush()
    number = 1 if not reason else case_studies.newest_revision(session, found.id) + 1
    content = found.content | {WITHDRAWN: found.withdrawn_at is not None}
    session.add(
        CaseStudyRevision(
            case_study_id=found.id,
            number=number,
            content=content,
            handling=found.handling,
            at=now,
            by_id=by.person_id,
            reason=reason,
        )
    )
    session.flush()


def _profile(session: Session, found: CaseStudy, known: datetime) -> dict[str, float] | None:
    """How the criteria stood when it began, as it was known then, for whoever sees its mark. None: nothing was
    scored."""
    method = methods.in_force(session)
    if found.iso3 is None or method is None:
        return None
    number, said = method
    mark, on = Mark(found.handling), [found.began_on]
    scores = past_scores.on_days(session, number, said.tree, mark, [found.iso3], days=on, known=known)
    then = scores.get(found.iso3, [None])[0]
    return profile_of(said.tree, then) if then is not None else None


def _known_at(session: Session, found: CaseStudy, by: Principal) -> datetime | None:
    """When its situation was opened. None: it is of none."""
    if found.situation_id is None:
        return None
    situation = situations.seen(session, found.situation_id, by.scope, by.clearance)
    return situation.opened_at if situation else None


def _says(standing: CaseStudy, case: Case, handling: Mark, by: Principal) -> bool:
    """The same person has said just that, for the same readers."""
    is_theirs = (standing.made_by, standing.handling) == (by.person_id, handling)
    return is_theirs and Case.read(standing.content).kept() == case.kept()


def _refuse_unfit(case: Case, by: Principal, now: datetime) -> None:
    found = faults(case, now.date())
    if found:
        raise NotInOrder(found)
    if case.iso3 is not None and not by.reaches(case.iso3):
        raise ElsewhereCase


def _reason(typed: str) -> str:
    typed = typed.strip()
    if not typed:
        raise WordsMissing
    if len(typed) > LONGEST_REASON:
        raise WordsTooLong
    return typed


def _subject_of(found: CaseStudy) -> str:
    """What the audit log calls it: where, never what it tells."""
    return f"case study {found.id}: {found.iso3 or 'of no country'}"
