"""What somebody has in hand that is not over: situations that they are in charge of, measures that they see to."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, select, true

from tracker.handling import Mark
from tracker.response import OPEN
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation
from tracker.storage.countries import Scope
from tracker.storage.responding import Response
from tracker.storage.watching import Country


class SituationInHand(NamedTuple):
    id: int
    country: Country
    # Which part of the country, in words; empty: all of it.
    part: str


class MeasureInHand(NamedTuple):
    id: int
    country: Country
    title: str


class InHand(NamedTuple):
    situations: list[SituationInHand]
    measures: list[MeasureInHand]


def in_hand(session: Session, person_id: int, scope: Scope, clearance: Mark) -> InHand:
    """`scope` and `clearance`: of whoever asks."""
    reached = _reached(scope, clearance)
    situations = (
        select(Situation.id, Country, Situation.part)
        .join(Country, Country.iso3 == Situation.iso3)
        .where(Situation.owner_id == person_id, Situation.closed_at.is_(None), reached)
        .order_by(Situation.id)
    )
    measures = (
        select(Response.id, Country, Response.title)
        .join(Situation, Situation.id == Response.situation_id)
        .join(Country, Country.iso3 == Situation.iso3)
        .where(Response.owner_id == person_id, Response.state.in_(OPEN), Response.handling <= clearance, reached)
        .order_by(Response.id)
    )
    return InHand(
        [SituationInHand(*row) for row in session.execute(situations)],
        [MeasureInHand(*row) for row in session.execute(measures)],
    )


def _reached(scope: Scope, clearance: Mark) -> ColumnElement[bool]:
    within = true() if scope is None else Situation.iso3.in_(scope)
    return (Situation.handling <= clearance) & within
