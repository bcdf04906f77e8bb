"""How old what is known is, and who sees to it: of whole countries at once, never answer by answer.

What is counted are the standings, of which there is one for each indicator, country and mark, however long the record.
"""

from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, func, literal, select
from sqlalchemy.orm import lazyload

from tracker.access import PersonStatus, Principal, Right
from tracker.coding import CodingAct, CodingState
from tracker.handling import Mark
from tracker.indicator import Voice
from tracker.storage.base import Session
from tracker.storage.conclusions import Standing
from tracker.storage.countries import Scope
from tracker.storage.models import Cell, Coding, Indicator, Person
from tracker.storage.principals import principals_of


class Answered(NamedTuple):
    """Indicators of one country, criterion and voice that were answered last on the same day."""

    iso3: str
    criterion: str
    voice: Voice
    fresh_for_days: int
    # Another answer to them is submitted and waits for a second person.
    is_waiting: bool
    day: date
    number: int


def newest_answers(
    session: Session, clearance: Mark, scope: Scope = None, *, with_waiting: bool = False
) -> list[Answered]:
    """As far as they may be seen; "don't know" is an answer, too. What is retired is not asked any more.

    Without `with_waiting` nobody looks at what is on its way: it is not for everybody to know of.
    """
    query = _newest_answers(with_waiting)
    if scope is not None:
        query = query.where(query.exported_columns.iso3.in_(scope))
    asked = {"clearance": int(clearance)}
    return [Answered._make(row) for row in session.connection().execute(query, asked)]


def who_records(session: Session) -> list[Principal]:
    """Active people who may write answers, by name, with the countries that each of them works on."""
    query = select(Person).where(Person.status == PersonStatus.ACTIVE).options(lazyload("*"))
    query = query.order_by(Person.name, Person.id)
    everybody = principals_of(session, session.scalars(query).all())
    return [one for one in everybody if one.may(Right.RECORD)]


@cache
def _newest_answers(with_waiting: bool) -> Select[*tuple[Any, ...]]:
    newest = (
        select(Standing.iso3, Standing.indicator_id, func.max(Standing.observed_on).label("day"))
        .where(Standing.handling <= bindparam("clearance"))
        .group_by(Standing.iso3, Standing.indicator_id)
        .subquery()
    )
    asked = (Indicator.criterion_key, Indicator.voice, Indicator.fresh_for_days)
    query = select(newest.c.iso3, *asked).join(Indicator, Indicator.id == newest.c.indicator_id)
    is_waiting: Any = literal(False)
    if with_waiting:
        waiting = _submitted()
        is_it = (waiting.c.iso3 == newest.c.iso3) & (waiting.c.indicator_id == newest.c.indicator_id)
        query, is_waiting = query.outerjoin(waiting, is_it), waiting.c.iso3.is_not(None)
    columns = (is_waiting.label("is_waiting"), newest.c.day, func.count().label("number"))
    groups = (newest.c.iso3, *asked, newest.c.day, *([is_waiting] if with_waiting else []))
    return query.add_columns(*columns).where(~Indicator.retired).group_by(*groups).order_by(*groups)


def _submitted() -> Any:
    query = select(Cell.iso3, Cell.indicator_id).join(Coding, Coding.cell_id == Cell.id)
    is_on_its_way = (Coding.state == CodingState.SUBMITTED) & (Coding.act == CodingAct.ANSWER)
    return query.where(is_on_its_way, Coding.handling <= bindparam("clearance")).distinct().subquery()
