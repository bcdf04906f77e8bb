"""The practice library: case studies, as far as somebody's scope and clearance reach."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, or_, select, true

from tracker.case_study import Case, Said
from tracker.handling import Mark
from tracker.measure import MeasureKind
from tracker.storage.base import Session
from tracker.storage.countries import Scope
from tracker.storage.models import Person
from tracker.storage.responding import CaseStudy, CaseStudyRevision

WITHDRAWN = "withdrawn"


def seen(session: Session, case_study_id: int, scope: Scope, clearance: Mark) -> CaseStudy | None:
    """Also one that was withdrawn. None: there is none, or it lies outside of what may be known; the two are not told
    apart."""
    return session.scalar(select(CaseStudy).where(CaseStudy.id == case_study_id, _is_visible(scope, clearance)))


def locked(session: Session, case_study_id: int) -> CaseStudy:
    """As it is now, and nobody else's to change; whoever asks knows that it is there."""
    query = select(CaseStudy).where(CaseStudy.id == case_study_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def listed(session: Session, scope: Scope, clearance: Mark, *, with_withdrawn: bool = False) -> list[CaseStudy]:
    """Those that began last first."""
    query = select(CaseStudy).where(_is_visible(scope, clearance))
    if not with_withdrawn:
        query = query.where(CaseStudy.withdrawn_at.is_(None))
    return list(session.scalars(query.order_by(CaseStudy.began_on.desc(), CaseStudy.id.desc())))


def with_kind(session: Session, kind: MeasureKind, scope: Scope, clearance: Mark) -> list[CaseStudy]:
    """Those in which that kind of measure was taken."""
    return [one for one in listed(session, scope, clearance) if kind in one.kinds]


def of_situation(session: Session, situation_id: int, clearance: Mark) -> list[CaseStudy]:
    """That stand; whoever asks may know of the situation."""
    query = select(CaseStudy).where(
        CaseStudy.situation_id == situation_id, CaseStudy.handling <= clearance, CaseStudy.withdrawn_at.is_(None)
    )
    return list(session.scalars(query.order_by(CaseStudy.id)))


class Revision(NamedTuple):
    row: CaseStudyRevision
    # Who wrote it.
    name: str

    @property
    def said(self) -> Said:
        return said_in(self.row.content, self.row.handling)


def revisions(session: Session, case_study_id: int) -> list[Revision]:
    """All of them, the newest first; what of it somebody may read is for whoever asks to say."""
    query = (
        select(CaseStudyRevision, Person.name)
        .join(Person, Person.id == CaseStudyRevision.by_id)
        .where(CaseStudyRevision.case_study_id == case_study_id)
        .order_by(CaseStudyRevision.number.desc())
    )
    return [Revision(*row) for row in session.execute(query)]


def newest_revision(session: Session, case_study_id: int) -> int:
    query = select(CaseStudyRevision.number).where(CaseStudyRevision.case_study_id == case_study_id)
    return session.scalars(query.order_by(CaseStudyRevision.number.desc()).limit(1)).one()


def said_in(content: Any, handling: int) -> Said:
    return Said(Case.read(content), Mark(handling), bool(content.get(WITHDRAWN)))


def cases(found: Sequence[CaseStudy]) -> dict[int, Case]:
    """By their numbers, what they tell."""
    return {one.id: Case.read(one.content) for one in found}


def _is_visible(scope: Scope, clearance: Mark) -> ColumnElement[bool]:
    """What is of no country of today is for everybody who may see its mark."""
    within = or_(CaseStudy.iso3.is_(None), CaseStudy.iso3.in_(scope)) if scope is not None else true()
    return (CaseStudy.handling <= clearance) & within
