"""How old what is known is, and who sees to it: of whole countries at once, never answer by answer.

What is counted are the standings, of which there is one for each indicator, country and mark, however long the record.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import lazyload

from tracker.access import PersonStatus, Principal, Right
from tracker.coding import CodingAct, CodingState
from tracker.handling import Mark
from tracker.indicator import Voice
from tracker.storage.admitting import Person
from tracker.storage.base import Session
from tracker.storage.conclusions import Standing
from tracker.storage.countries import Scope
from tracker.storage.principals import principals_of
from tracker.storage.recording import Cell, Coding
from tracker.storage.watching import Indicator


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
    kinds, kind_of = _kinds(session)
    waiting = _submitted(session, clearance) if with_waiting else frozenset()
    # grouping by all of this takes the database longer than counting what it found by the key of the standings
    counted = Counter(
        (iso3, kind_of[indicator_id], day, (iso3, indicator_id) in waiting)
        for iso3, indicator_id, day in _newest_days(session, clearance, scope)
        if indicator_id in kind_of
    )
    return [
        Answered(iso3, *kinds[kind], is_waiting, day, number)
        for (iso3, kind, day, is_waiting), number in sorted(counted.items())
    ]


def who_records(session: Session) -> list[Principal]:
    """Active people who may write answers, by name, with the countries that each of them works on."""
    query = select(Person).where(Person.status == PersonStatus.ACTIVE).options(lazyload("*"))
    query = query.order_by(Person.name, Person.id)
    everybody = principals_of(session, session.scalars(query).all())
    return [one for one in everybody if one.may(Right.RECORD)]


def _kinds(session: Session) -> tuple[list[tuple[str, Voice, int]], dict[int, int]]:
    """The criterion, the voice and how long an answer stays fresh; and the place there of each indicator by its id."""
    query = select(Indicator.id, Indicator.criterion_key, Indicator.voice, Indicator.fresh_for_days)
    asked = {row[0]: (row[1], row[2], row[3]) for row in session.execute(query.where(~Indicator.retired))}
    kinds = sorted(set(asked.values()))
    places = {kind: place for place, kind in enumerate(kinds)}
    return kinds, {indicator_id: places[kind] for indicator_id, kind in asked.items()}


def _newest_days(session: Session, clearance: Mark, scope: Scope) -> Iterable[Any]:
    """Country, indicator and day."""
    query = select(Standing.iso3, Standing.indicator_id, func.max(Standing.observed_on))
    query = query.where(Standing.handling <= clearance).group_by(Standing.iso3, Standing.indicator_id)
    if scope is not None:
        query = query.where(Standing.iso3.in_(scope))
    return session.connection().execute(query).all()


def _submitted(session: Session, clearance: Mark) -> Collection[tuple[str, int]]:
    """Country and indicator."""
    query = select(Cell.iso3, Cell.indicator_id).join(Coding, Coding.cell_id == Cell.id)
    is_on_its_way = (Coding.state == CodingState.SUBMITTED) & (Coding.act == CodingAct.ANSWER)
    found = session.execute(query.where(is_on_its_way, Coding.handling <= clearance))
    return {(iso3, indicator_id) for iso3, indicator_id in found}
