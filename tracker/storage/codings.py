"""Answers on their way to evidence: who has written what into which cell."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased, contains_eager, joinedload

from tracker.coding import LIVE, CodingAct, CodingState
from tracker.handling import Mark
from tracker.storage.base import Session
from tracker.storage.countries import Scope
from tracker.storage.recording import Cell, Coding, DeskRule, Observation
from tracker.storage.watching import Country

ACCEPTS_OWN = "accepts_own"


@dataclass(frozen=True)
class Place:
    """Which question, about which country, in which month."""

    iso3: str
    indicator_id: int
    period: date


def locked_cell(session: Session, place: Place) -> Cell:
    """The cell, made if nobody wrote into it before, and nobody else's until the transaction ends."""
    kind = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    columns = {"iso3": place.iso3, "indicator_id": place.indicator_id, "period": place.period, "version": 0}
    session.execute(kind.insert(Cell).values(columns).on_conflict_do_nothing())
    query = (
        select(Cell)
        .where(Cell.iso3 == place.iso3, Cell.indicator_id == place.indicator_id, Cell.period == place.period)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).one()


def live_in_cell(session: Session, cell_id: int) -> list[Coding]:
    """Every answer to it that is still on its way, with its author, the earliest first."""
    query = (
        select(Coding)
        .where(Coding.cell_id == cell_id, Coding.act == CodingAct.ANSWER, Coding.state.in_(LIVE))
        .options(joinedload(Coding.author).raiseload("*"), joinedload(Coding.cell))
        .order_by(Coding.started_at, Coding.id)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query))


def live_in_country(session: Session, iso3: str, period: date, clearance: Mark, *, reader: int) -> list[Coding]:
    """Every answer of the month that is still on its way: the reader's own, and others' that they may see."""
    query = (
        select(Coding)
        .join(Coding.cell)
        .where(
            Cell.iso3 == iso3,
            Cell.period == period,
            Coding.act == CodingAct.ANSWER,
            Coding.state.in_(LIVE),
            (Coding.handling <= clearance) | (Coding.author_id == reader),
        )
        .options(contains_eager(Coding.cell), joinedload(Coding.author).raiseload("*"))
        .order_by(Coding.started_at, Coding.id)
    )
    return list(session.scalars(query))


def hold_cells(session: Session, iso3: str, period: date, indicator_ids: Collection[int]) -> None:
    """All that one act will write into, in the order in which everybody takes them: so nobody waits in a ring."""
    query = (
        select(Cell.id)
        .where(Cell.iso3 == iso3, Cell.period == period, Cell.indicator_id.in_(indicator_ids))
        .order_by(Cell.id)
        .with_for_update()
    )
    session.execute(query)


def own_live(session: Session, person_id: int, iso3: str, period: date) -> list[Coding]:
    query = (
        select(Coding)
        .join(Coding.cell)
        .where(
            Cell.iso3 == iso3,
            Cell.period == period,
            Coding.author_id == person_id,
            Coding.act == CodingAct.ANSWER,
            Coding.state.in_(LIVE),
        )
        .options(contains_eager(Coding.cell))
        .order_by(Coding.id)
    )
    return list(session.scalars(query))


def hold_cells_of(session: Session, coding_ids: Collection[int]) -> None:
    """In one order, as by whoever writes into one: in two orders people wait for each other."""
    if session.get_bind().dialect.name == "postgresql":  # on SQLite a writer is alone already
        session.execute(_held_cells(), {"codings": list(coding_ids)})


def locked(session: Session, coding_ids: Collection[int]) -> list[Coding]:
    """With their cells; nobody else changes them until the transaction ends."""
    hold_cells_of(session, coding_ids)
    query = (
        select(Coding)
        .join(Coding.cell)
        .where(Coding.id.in_(coding_ids))
        .options(contains_eager(Coding.cell))
        .order_by(Coding.cell_id, Coding.id)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query))


@dataclass(frozen=True)
class Waiting:
    """How much of one country waits for a second person, and since when."""

    country: Country
    count: int
    since: datetime


def waiting_by_country(session: Session, scope: Scope, clearance: Mark) -> list[Waiting]:
    """The longest waiting first."""
    since = func.min(Coding.submitted_at).label("since")
    query = (
        select(Country, func.count().label("how_many"), since)
        .select_from(Coding)
        .join(Coding.cell)
        .join(Country, Country.iso3 == Cell.iso3)
        .where(Coding.state == CodingState.SUBMITTED, _is_visible(clearance))
        .where(Cell.iso3.in_(scope) if scope is not None else true())
        .group_by(Country.iso3)
        .order_by(since, Country.iso3)
    )
    return [Waiting(row.Country, row.how_many, row.since) for row in session.execute(query)]


def waiting_longest(session: Session, scope: Scope, clearance: Mark, *, iso3: str | None, cells: int) -> list[Coding]:
    """What waits in the cells that wait longest, whole cells only, with cell and author; the earliest first."""
    oldest = (
        select(Coding.cell_id)
        .join(Coding.cell)
        .where(Coding.state == CodingState.SUBMITTED, _is_visible(clearance))
        .where(Cell.iso3 == iso3 if iso3 else true(), Cell.iso3.in_(scope) if scope is not None else true())
        .group_by(Coding.cell_id)
        .order_by(func.min(Coding.submitted_at), Coding.cell_id)
        .limit(cells)
    )
    query = (
        select(Coding)
        .join(Coding.cell)
        .where(Coding.cell_id.in_(oldest), Coding.state == CodingState.SUBMITTED, _is_visible(clearance))
        .options(contains_eager(Coding.cell), joinedload(Coding.author).raiseload("*"))
        .order_by(Coding.submitted_at, Coding.id)
    )
    return list(session.scalars(query))


def how_many_submitted(session: Session, scope: Scope, clearance: Mark) -> int:
    return session.scalar(count_of_submitted(scope, clearance)) or 0


def count_of_submitted(scope: Scope, clearance: Mark) -> Select[int]:
    return (
        select(func.count())
        .select_from(Coding)
        .join(Coding.cell)
        .where(Coding.state == CodingState.SUBMITTED, _is_visible(clearance))
        .where(Cell.iso3.in_(scope) if scope is not None else true())
    )


def count_of_returned(person_id: int) -> Select[int]:
    """What came back to its author, who has not dealt with it yet."""
    return select(func.count()).where(Coding.author_id == person_id, Coding.state == CodingState.RETURNED)


def _is_visible(clearance: Mark) -> ColumnElement[bool]:
    """By its own mark; of a correction also by that of the observation as it stands, beside which it is shown."""
    newer = aliased(Observation)
    superseded = exists().where(
        newer.observed_on == Observation.observed_on,
        newer.iso3 == Observation.iso3,
        newer.indicator_id == Observation.indicator_id,
        newer.revision > Observation.revision,
    )
    above = exists().where(
        Observation.observed_on == Coding.observed_on,
        Observation.iso3 == Cell.iso3,
        Observation.indicator_id == Cell.indicator_id,
        Observation.handling > clearance,
        ~superseded,
    )
    return (Coding.handling <= clearance) & ((Coding.act == CodingAct.ANSWER) | ~above)


def of_author(session: Session, person_id: int, states: Collection[CodingState]) -> list[Coding]:
    """What somebody has in these states, the latest change first."""
    query = (
        select(Coding)
        .join(Coding.cell)
        .where(Coding.author_id == person_id, Coding.state.in_(states))
        .options(contains_eager(Coding.cell))
        .order_by(Coding.changed_at.desc(), Coding.id.desc())
    )
    return list(session.scalars(query))


def sources_used_by(session: Session, person_id: int, limit: int = 100) -> list[str]:
    """The names that somebody gave before, the latest first: their own words, so that nothing is told to them."""
    query = (
        select(Coding.source, func.max(Coding.changed_at).label("last"))
        .where(Coding.author_id == person_id, Coding.source != "")
        .group_by(Coding.source)
        .order_by(func.max(Coding.changed_at).desc(), Coding.source)
        .limit(limit)
    )
    return [row.source for row in session.execute(query)]


def are_there_any(session: Session) -> bool:
    """Whether anybody ever answered, wherever and at whatever mark: for those who run the installation."""
    return session.scalar(select(Coding.id).limit(1)) is not None


def accepts_own(session: Session) -> bool:
    """Whether a person may accept what they submitted, and decide what they proposed, themselves."""
    return bool(session.scalar(select(DeskRule.holds).where(DeskRule.rule == ACCEPTS_OWN)))


@cache
def _held_cells() -> Select[int]:
    cells = select(Coding.cell_id).where(Coding.id.in_(bindparam("codings", expanding=True)))
    return select(Cell.id).where(Cell.id.in_(cells)).order_by(Cell.id).with_for_update()
