"""Where do all countries stand on one measure, and which measures is there anything to say of?

The standings say of what there is anything, and the index of the log finds it: a few looks for each country, however
long its record is.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import CTE, CompoundSelect, Date, Integer, Select, and_, false, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from tracker.handling import Mark
from tracker.storage.base import Session
from tracker.storage.conclusions import Standing
from tracker.storage.countries import Scope
from tracker.storage.observations import stands
from tracker.storage.recording import Batch, Observation
from tracker.storage.watching import Source

_MADE = 256


class Figure(NamedTuple):
    observed_on: date
    value: float
    standard_error: float | None
    # None: not for attribution.
    source: str | None


class Newest(NamedTuple):
    """The days of a country's newest answer and of its newest value: where they differ, nobody could tell since."""

    answered_on: date
    # None: there was never a value.
    valued_on: date | None


class Look(NamedTuple):
    """What is looked for: the last value between two days, of countries whose newest value lies between two others."""

    first: date
    last: date
    newest_from: date = date.min
    newest_until: date = date.max


def measures_with_evidence(session: Session, clearance: Mark, scope: Scope = None) -> set[int]:
    return set(session.scalars(_within(select(Standing.indicator_id).distinct(), clearance, scope)))


def countries_with_value(
    session: Session, since: Mapping[int, date], clearance: Mark, scope: Scope = None, *, on: date
) -> dict[int, int]:
    """By indicator: for how many countries a value stands of a day not before the indicator's own, up to that day."""
    query = _countries_with_value(tuple(sorted(since.items())), clearance, _frozen(scope), on)
    return {row.indicator_id: row.countries for row in session.execute(query)}


def newest_days(
    session: Session, indicator_id: int, clearance: Mark, scope: Scope = None, *, on: date
) -> dict[str, Newest]:
    """By country, up to that day."""
    answered = _last_day(Standing.iso3, indicator_id, clearance, until=on)
    valued = _last_day(Standing.iso3, indicator_id, clearance, until=on, with_unknown=False)
    found = session.execute(_countries(indicator_id, clearance, scope).add_columns(answered, valued))
    return {iso3: Newest(answered_on, valued_on) for iso3, answered_on, valued_on in found if answered_on}


def figures(
    session: Session, indicator_id: int, looks: Sequence[Look], clearance: Mark, scope: Scope = None, *, on: date
) -> dict[str, dict[Look, Figure]]:
    """By country and look: what was found. Whatever is looked for, a country's newest value is that up to `on`."""
    query = _figures(indicator_id, tuple(looks), clearance, _frozen(scope), on)
    by_country: dict[str, dict[Look, Figure]] = defaultdict(dict)
    for iso3, number, day, value, standard_error, attributable, source in session.execute(query):
        told = source if attributable else None
        by_country[iso3][looks[number]] = Figure(day, value, standard_error, told)
    return by_country


# What is asked on one day by many is made once: making it takes longer than asking it.
@lru_cache(maxsize=_MADE)
def _countries_with_value(
    since: tuple[tuple[int, date], ...], clearance: Mark, scope: frozenset[str] | None, on: date
) -> Select[*tuple[Any, ...]]:
    of_day: dict[date, list[int]] = defaultdict(list)
    for indicator_id, day in since:
        of_day[day].append(indicator_id)
    asked = [Standing.indicator_id.in_(ids) & _has_value(day, clearance, on) for day, ids in of_day.items()]
    query = select(Standing.indicator_id, func.count(Standing.iso3.distinct()).label("countries"))
    query = query.where(or_(false(), *asked)).group_by(Standing.indicator_id)
    return _within(query, clearance, scope)


@lru_cache(maxsize=_MADE)
def _figures(
    indicator_id: int, looks: tuple[Look, ...], clearance: Mark, scope: frozenset[str] | None, on: date
) -> Select[*tuple[Any, ...]]:
    newest_day = _last_day(Standing.iso3, indicator_id, clearance, until=on, with_unknown=False)
    there = _countries(indicator_id, clearance, scope)
    found = _found(_once(there.add_columns(newest_day.label("day")), "newest"), indicator_id, looks, clearance)
    return (
        select(found.c.iso3, found.c.number, found.c.day, Observation.value, Observation.standard_error)
        .add_columns(Observation.attributable, Source.name)
        .select_from(found)
        .join(Observation, and_(Observation.observed_on == found.c.day, Observation.iso3 == found.c.iso3))
        .join(Batch, Batch.id == Observation.batch_id)
        .join(Source, Source.id == Batch.source_id)
        .where(Observation.indicator_id == indicator_id, stands())
    )


def _frozen(scope: Scope) -> frozenset[str] | None:
    return None if scope is None else frozenset(scope)


def _found(newest: CTE, indicator_id: int, looks: Sequence[Look], clearance: Mark) -> CTE:
    """By country and number of the look: the day of the value that was looked for."""
    asked = _numbered(looks).cte("asked")
    is_asked = and_(newest.c.day >= asked.c.newest_from, newest.c.day <= asked.c.newest_until)
    span = {"since": asked.c.first, "until": asked.c.last}
    day = _last_day(newest.c.iso3, indicator_id, clearance, **span, with_unknown=False)
    found = select(newest.c.iso3, asked.c.number, day.label("day")).select_from(newest.join(asked, is_asked))
    return _once(found, "found")


def _within(query: Select[*tuple[Any, ...]], clearance: Mark, scope: Scope) -> Select[*tuple[Any, ...]]:
    query = query.where(Standing.handling <= clearance)
    return query if scope is None else query.where(Standing.iso3.in_(scope))


def _has_value(since: date, clearance: Mark, on: date) -> Any:
    """The log is asked only where the newest answer is no value, or of a later day."""
    older = _last_day(Standing.iso3, Standing.indicator_id, clearance, since=since, until=on, with_unknown=False)
    is_newest = and_(Standing.value.is_not(None), Standing.observed_on <= on)
    return and_(Standing.observed_on >= since, or_(is_newest, older.is_not(None)))


def _countries(indicator_id: int, clearance: Mark, scope: Scope) -> Select[*tuple[Any, ...]]:
    """Of which anything is recorded, of whatever day."""
    query = select(Standing.iso3).where(Standing.indicator_id == indicator_id).group_by(Standing.iso3)
    return _within(query, clearance, scope)


def _last_day(
    iso3: Any, indicator_id: Any, clearance: Mark, *, since: Any = None, until: Any, with_unknown: bool = True
) -> Any:
    """Asked in the order of the index, from its end."""
    one: Any = aliased(Observation)
    days = select(one.observed_on).where(
        one.iso3 == iso3,
        one.indicator_id == indicator_id,
        one.observed_on <= until,
        one.handling <= clearance,
        stands(one),
    )
    if since is not None:
        days = days.where(one.observed_on >= since)
    if not with_unknown:
        days = days.where(one.unknown == false())
    return days.order_by(one.observed_on.desc()).limit(1).scalar_subquery()


def _once(query: Select[Any], name: str) -> CTE:
    """Worked out first: otherwise SQLite asks it again for every row that it is compared with."""
    return query.cte(name).prefix_with("MATERIALIZED")


def _numbered(looks: Sequence[Look]) -> CompoundSelect[*tuple[Any, ...]]:
    return union_all(
        *(
            select(
                literal(number, Integer()).label("number"),
                *(literal(day, Date()).label(name) for name, day in look._asdict().items()),
            )
            for number, look in enumerate(looks)
        )
    )
