"""Who answers for a country, what it asks for and what others see, for pages that show more: in one question."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, case, cast, exists, literal, null, select, union_all

from tracker.assistance import AssistanceState
from tracker.handling import Mark
from tracker.measure import MeasureKind
from tracker.response import OPEN, ResponseState
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation
from tracker.storage.responding import AssistanceRequest, FocalPoint, Response
from tracker.storage.sharing import Partner
from tracker.storage.statements import Statement, as_last_told, statements_about


@dataclass(frozen=True)
class Office:
    """A focal point in office."""

    id: int
    office: str
    # Empty: nobody is named. None: that is not for this reader.
    name: str | None
    since: date


@dataclass(frozen=True)
class OpenCall:
    """A request for assistance that nobody has ended."""

    id: int
    title: str
    kind: MeasureKind
    asked_at: datetime
    # None: nobody has said.
    needed_by: date | None
    # No measure that is thought of still, or was taken, is known for it.
    is_unanswered: bool


@dataclass(frozen=True)
class Answering:
    # The longest in office first.
    offices: list[Office]
    # That which waits longest first.
    calls: list[OpenCall]
    # What other organisations concluded: the newest first.
    statements: list[Statement]


def answering(session: Session, iso3: str, clearance: Mark) -> Answering:
    rows = session.execute(_all_of_it(), {"iso3": iso3, "clearance": int(clearance)}).all()
    offices = [Office(row.id, row.line, row.name, row.since) for row in rows if row.is_office]
    calls = [
        OpenCall(row.id, row.line, row.kind, row.asked_at, row.needed_by, not row.has_measure)
        for row in rows
        if row.kind is not None
    ]
    statements = [Statement.read(row.id, row.partner, row.line) for row in rows if row.partner is not None]
    return Answering(
        sorted(offices, key=lambda one: (one.since, one.id)),
        sorted(calls, key=lambda one: (one.asked_at, one.id)),
        as_last_told(statements),
    )


def has_measure(clearance: Any) -> Any:
    """Of a request: a measure that is thought of still, or was taken, is known for it."""
    return exists(
        select(Response.id)
        .join(Situation, Situation.id == Response.situation_id)
        .where(Response.assistance_id == AssistanceRequest.id, Response.state.in_([*OPEN, ResponseState.DONE]))
        .where(Response.handling <= clearance, Situation.handling <= clearance)
    )


@cache
def _all_of_it() -> Any:
    iso3: Any = bindparam("iso3")
    clearance: Any = bindparam("clearance")
    asked, office = AssistanceRequest, FocalPoint
    calls = select(
        *(asked.id.label("id"), asked.title.label("line"), asked.kind.label("kind"), asked.asked_at.label("asked_at")),
        *(asked.needed_by.label("needed_by"), has_measure(clearance).label("has_measure")),
        *(cast(null(), office.name.type).label("name"), cast(null(), office.since.type).label("since")),
        *(literal(False).label("is_office"), cast(null(), Partner.name.type).label("partner")),
    ).where(asked.iso3 == iso3, asked.state == AssistanceState.OPEN, asked.handling <= clearance)
    offices = select(
        *(office.id, office.office, cast(null(), asked.kind.type), cast(null(), asked.asked_at.type)),
        *(cast(null(), asked.needed_by.type), literal(False), case((office.handling <= clearance, office.name))),
        *(office.since, literal(True), cast(null(), Partner.name.type)),
    ).where(office.iso3 == iso3, office.until.is_(None))
    number, partner, content = statements_about(iso3, clearance).selected_columns
    statements = statements_about(iso3, clearance).with_only_columns(
        *(number, content, cast(null(), asked.kind.type), cast(null(), asked.asked_at.type)),
        *(cast(null(), asked.needed_by.type), literal(False), cast(null(), office.name.type)),
        *(cast(null(), office.since.type), literal(False), partner),
    )
    return union_all(calls, offices, statements)
