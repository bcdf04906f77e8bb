"""One case study as a reader may see it: what it tells, who wrote what of it and why, and what looks like it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.access import Principal, Right
from tracker.actions.case_studies import NoSuchCaseStudy
from tracker.case_study import Case, Part
from tracker.storage import case_studies, situations
from tracker.storage.base import Session
from tracker.storage.case_studies import Revision
from tracker.storage.responding import CaseStudy
from tracker.web.practice.like import Alike, like_case
from tracker.web.practice.words import criterion_names, differences_told


@dataclass(frozen=True)
class Step:
    """One time that it was written."""

    number: int
    who: str
    at: datetime
    handling: int
    # Empty: it is the first.
    reason: str
    # In words, what became different against the one before; empty for the first.
    changes: Sequence[str]
    # What it changed was not for the reader.
    hides_before: bool


@dataclass(frozen=True)
class CasePage:
    study: CaseStudy
    case: Case
    # The situation that it was made from may be opened.
    is_of_situation: bool
    criteria: Sequence[str]
    # Those that say something, in the order in which they are read.
    texts: Sequence[tuple[Part, str]]
    # The newest first.
    steps: Sequence[Step]
    alike: Alike
    may_write: bool


def visible(session: Session, case_study_id: int, reader: Principal) -> CaseStudy:
    found = case_studies.seen(session, case_study_id, reader.scope, reader.clearance)
    if found is None:
        raise NoSuchCaseStudy
    return found


def case_page(session: Session, case_study_id: int, reader: Principal) -> CasePage:
    study = visible(session, case_study_id, reader)
    case, number = Case.read(study.content), study.situation_id
    opens = number is not None and situations.seen(session, number, reader.scope, reader.clearance) is not None
    return CasePage(
        study=study,
        case=case,
        is_of_situation=opens,
        criteria=criterion_names(case.criteria),
        texts=[(part, text) for part in Part if (text := case.text(part))],
        steps=_steps(case_studies.revisions(session, case_study_id), reader),
        alike=like_case(session, study, reader),
        may_write=reader.may(Right.REVIEW),
    )


def _steps(history: Sequence[Revision], reader: Principal) -> list[Step]:
    """One that is not for the reader is left out, even where a later one is marked lower."""
    steps = []
    for position, revision in enumerate(history):
        if not _may_read(revision, reader):
            continue
        before = history[position + 1] if position + 1 < len(history) else None
        hidden = before is not None and not _may_read(before, reader)
        changes = differences_told(before.said, revision.said) if before and not hidden else []
        row = revision.row
        steps.append(Step(row.number, revision.name, row.at, row.handling, row.reason, changes, hidden))
    return steps


def _may_read(revision: Revision, reader: Principal) -> bool:
    iso3 = revision.said.case.iso3
    return revision.row.handling <= reader.clearance and (iso3 is None or reader.reaches(iso3))
