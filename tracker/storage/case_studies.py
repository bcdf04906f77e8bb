"""The practice library: case studies, as far as somebody's scope and clearance reach."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, cast, null, or_, select, true, union_all
from sqlalchemy.orm import defer, undefer

from tracker.case_study import Case, Said
from tracker.handling import Mark
from tracker.index import Tree
from tracker.measure import MeasureKind
from tracker.storage import past_scores
from tracker.storage.admitting import Person
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation
from tracker.storage.countries import Scope
from tracker.storage.responding import CaseStudy, CaseStudyRevision
from tracker.workings import Scores

WITHDRAWN = "withdrawn"
MOST_OPENINGS = 400


def seen(session: Session, case_study_id: int, scope: Scope, clearance: Mark) -> CaseStudy | None:
    """Also one that was withdrawn. None: there is none, or it lies outside of what may be known; the two are not told
    apart."""
    return session.scalar(select(CaseStudy).where(CaseStudy.id == case_study_id, _is_visible(scope, clearance)))


def locked(session: Session, case_study_id: int) -> CaseStudy:
    """As it is now, and nobody else's to change; whoever asks knows that it is there."""
    query = select(CaseStudy).where(CaseStudy.id == case_study_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def listed(
    session: Session,
    scope: Scope,
    clearance: Mark,
    *,
    with_withdrawn: bool = False,
    with_content: bool = True,
) -> list[CaseStudy]:
    """Those that began last first. Without their contents they are read many times as fast: see `read_contents`."""
    query = select(CaseStudy).where(_is_visible(scope, clearance))
    if not with_withdrawn:
        query = query.where(CaseStudy.withdrawn_at.is_(None))
    if not with_content:
        query = query.options(defer(CaseStudy.content, raiseload=True), defer(CaseStudy.profile, raiseload=True))
    return list(session.scalars(query.order_by(CaseStudy.began_on.desc(), CaseStudy.id.desc())))


def read_contents(session: Session, studies: Iterable[CaseStudy]) -> None:
    """Of those that were listed without, in one question."""
    wanted = [one.id for one in studies]
    if wanted:
        query = select(CaseStudy).where(CaseStudy.id.in_(wanted)).options(undefer(CaseStudy.content))
        session.scalars(query.execution_options(populate_existing=True)).all()


def called(session: Session, title: str, scope: Scope, clearance: Mark) -> list[CaseStudy]:
    """Those that stand, by their whole title."""
    is_called_so = (CaseStudy.title == title) & CaseStudy.withdrawn_at.is_(None)
    return list(session.scalars(select(CaseStudy).where(is_called_so, _is_visible(scope, clearance))))


def with_kind(session: Session, kind: MeasureKind, scope: Scope, clearance: Mark) -> list[CaseStudy]:
    """Those in which that kind of measure was taken, without their contents."""
    return [one for one in listed(session, scope, clearance, with_content=False) if kind in one.kinds]


def of_situation(session: Session, situation_id: int, clearance: Mark) -> list[CaseStudy]:
    """That stand; whoever asks may know of the situation."""
    query = select(CaseStudy).where(
        CaseStudy.situation_id == situation_id, CaseStudy.handling <= clearance, CaseStudy.withdrawn_at.is_(None)
    )
    return list(session.scalars(query.order_by(CaseStudy.id)))


class Opening(NamedTuple):
    """A situation, with how its country stood when it was opened, as it was known then."""

    situation: Situation
    # None: nothing that may be seen was scored.
    scores: Scores | None


class Comparable(NamedTuple):
    """What something can be likened to: situations, the newest first, and case studies, those that began last first."""

    openings: list[Opening]
    studies: list[CaseStudy]


def comparable(
    session: Session, version: int, tree: Tree, scope: Scope, clearance: Mark, *, besides: int | None = None
) -> Comparable:
    """In one question: the newest situations, as many as can be looked at while somebody waits, that one besides, and
    all case studies that stand, without their contents."""
    within = Situation.iso3.in_(scope) if scope is not None else true()
    order = ((Situation.id == (besides or 0)).desc(), Situation.opened_at.desc(), Situation.id.desc())
    newest = select(Situation.id).where(Situation.handling <= clearance, within).order_by(*order).limit(MOST_OPENINGS)
    found = newest.subquery()
    nothing = cast(null(), Integer)
    stands = CaseStudy.withdrawn_at.is_(None) & _is_visible(scope, clearance)
    keys = union_all(
        select(found.c.id.label("situation_id"), nothing.label("study_id")),
        select(nothing, CaseStudy.id).where(stands),
    ).subquery()
    query = (
        select(Situation, CaseStudy, past_scores.at_opening(version, clearance).label("record"))
        .select_from(keys)
        .outerjoin(Situation, Situation.id == keys.c.situation_id)
        .outerjoin(CaseStudy, CaseStudy.id == keys.c.study_id)
        .options(defer(CaseStudy.content, raiseload=True))
        .order_by(Situation.opened_at.desc(), Situation.id.desc(), CaseStudy.began_on.desc(), CaseStudy.id.desc())
    )
    openings, studies = list[Opening](), list[CaseStudy]()
    for row in session.execute(query):
        if row.CaseStudy is not None:
            studies.append(row.CaseStudy)
        else:
            openings.append(Opening(row.Situation, Scores.unpacked(tree, row.record) if row.record else None))
    return Comparable(openings, studies)


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


def _is_visible(scope: Scope, clearance: Mark) -> ColumnElement[bool]:
    """What is of no country of today is for everybody who may see its mark."""
    within = or_(CaseStudy.iso3.is_(None), CaseStudy.iso3.in_(scope)) if scope is not None else true()
    return (CaseStudy.handling <= clearance) & within
