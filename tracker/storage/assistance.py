"""Who asked for help, and what was proposed for it, as far as somebody's scope and clearance reach."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from tracker.assistance import AssistanceState
from tracker.handling import Mark
from tracker.measure import MeasureKind
from tracker.storage.admitting import Person
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation
from tracker.storage.countries import Scope
from tracker.storage.responding import AssistanceRequest, Response

# With who wrote it down and who ended it.
Requests = Select[AssistanceRequest, str, str]


@dataclass(frozen=True)
class SeenRequest:
    request: AssistanceRequest
    # Who wrote it down, and who ended it; empty: nobody yet.
    asker: str
    answerer: str


def listed(session: Session, scope: Scope, clearance: Mark) -> list[SeenRequest]:
    """The open ones first, that which waits longest before the others; then what ended last."""
    request = AssistanceRequest
    in_order = request.answered_at.is_not(None), request.answered_at.desc(), request.asked_at, request.id
    return _found(session, _reached(scope, clearance).order_by(*in_order))


def open_in(session: Session, iso3: str, clearance: Mark) -> list[SeenRequest]:
    """That which waits longest first."""
    query = _reached(frozenset({iso3}), clearance).where(AssistanceRequest.state == AssistanceState.OPEN)
    return _found(session, query.order_by(AssistanceRequest.asked_at, AssistanceRequest.id))


def ended_in(session: Session, iso3: str, clearance: Mark, *, most: int) -> list[SeenRequest]:
    """Those that ended last."""
    query = _reached(frozenset({iso3}), clearance).where(AssistanceRequest.answered_at.is_not(None))
    return _found(session, query.order_by(AssistanceRequest.answered_at.desc(), AssistanceRequest.id).limit(most))


def seen(session: Session, request_id: int, scope: Scope, clearance: Mark) -> SeenRequest | None:
    return next(iter(_found(session, _reached(scope, clearance).where(AssistanceRequest.id == request_id))), None)


def locked(session: Session, request_id: int) -> AssistanceRequest | None:
    """As it is now, and nobody else's to change."""
    query = select(AssistanceRequest).where(AssistanceRequest.id == request_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def alike(session: Session, iso3: str, asked_by: int, kind: MeasureKind, title: str) -> list[AssistanceRequest]:
    """Open ones of the same person for the same."""
    request = AssistanceRequest
    query = select(request).where(
        *(request.iso3 == iso3, request.asked_by == asked_by, request.kind == kind, request.title == title),
        request.state == AssistanceState.OPEN,
    )
    return list(session.scalars(query.order_by(request.id)))


def count_of_open(scope: Scope, clearance: Mark) -> Select[Any]:
    query = select(func.count(AssistanceRequest.id)).where(
        AssistanceRequest.state == AssistanceState.OPEN, AssistanceRequest.handling <= clearance
    )
    return query if scope is None else query.where(AssistanceRequest.iso3.in_(scope))


def measures_for(session: Session, request_ids: Collection[int], clearance: Mark) -> dict[int, list[Response]]:
    """By request: what was proposed for it, the earliest first; of situations that may be known of."""
    query = (
        select(Response)
        .join(Situation, Situation.id == Response.situation_id)
        .where(Response.assistance_id.in_(request_ids), Response.handling <= clearance, Situation.handling <= clearance)
        .order_by(Response.proposed_at, Response.id)
    )
    found: dict[int, list[Response]] = {}
    for one in session.scalars(query):
        assert one.assistance_id is not None, "only those that refer to a request were asked for"
        found.setdefault(one.assistance_id, []).append(one)
    return found


def _reached(scope: Scope, clearance: Mark) -> Requests:
    asker, answerer = aliased(Person), aliased(Person)
    query = (
        select(AssistanceRequest, asker.name.label("asker"), answerer.name.label("answerer"))
        .join(asker, asker.id == AssistanceRequest.asked_by)
        .outerjoin(answerer, answerer.id == AssistanceRequest.answered_by)
        .where(AssistanceRequest.handling <= clearance)
    )
    return query if scope is None else query.where(AssistanceRequest.iso3.in_(scope))


def _found(session: Session, query: Requests) -> list[SeenRequest]:
    rows = session.execute(query)
    return [SeenRequest(row.AssistanceRequest, row.asker, row.answerer or "") for row in rows]
