"""What is recorded about one country, as somebody sees it: the newest of every indicator, or all of one.

Of the revisions of one observation the newest that was known counts, and its own mark decides who sees it. At a past
moment that is not enough: what was marked higher since, and whose word may no longer be told, stays hidden then too.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, Select, String, and_, bindparam, func, select
from sqlalchemy.orm import aliased

from tracker.handling import Mark
from tracker.storage.base import Instant, Session
from tracker.storage.observations import is_of_one_observation
from tracker.storage.recording import Batch, Observation
from tracker.storage.watching import Indicator, Source

# A year of months, the same month of the year before, and one more.
NEWEST = 14


class Recorded(NamedTuple):
    """What stands of one observation: a value, "don't know", or that it is withdrawn."""

    indicator_id: int
    observed_on: date
    revision: int
    # None: "don't know". Of what is withdrawn, the value that counts no more.
    value: float | None
    standard_error: float | None
    is_withdrawn: bool
    handling: Mark
    # The Admiralty grade, such as B2: its own, or else its source's.
    grade: str
    # None: not for attribution.
    source: str | None


def newest_of_each(
    session: Session, iso3: str, clearance: Mark, *, on: date, known: datetime | None = None
) -> dict[int, list[Recorded]]:
    """By indicator: the newest observed up to that day, oldest first. `known` None: with all that is known."""
    asked = {"iso3": iso3, "clearance": int(clearance), "on": on, "known": known}
    found: dict[int, list[Recorded]] = defaultdict(list)
    for one in _read(session.connection().execute(_newest(known is None), asked)):
        found[one.indicator_id].append(one)
    return found


def all_of_one(
    session: Session, iso3: str, indicator_id: int, clearance: Mark, *, on: date, known: datetime | None = None
) -> list[Recorded]:
    """Oldest first."""
    asked = {"iso3": iso3, "indicator": indicator_id, "clearance": int(clearance), "on": on, "known": known}
    return list(_read(session.connection().execute(_all_of_one(known is None), asked)))


def first_recorded(session: Session, iso3: str, clearance: Mark) -> datetime | None:
    """When the first of what somebody may see was recorded. None: there is nothing."""
    query = (
        select(func.min(Batch.recorded_at))
        .select_from(Observation)
        .join(Batch, Batch.id == Observation.batch_id)
        .where(Observation.iso3 == iso3, _is_visible(Observation, with_all=True))
    )
    found: datetime | None = session.connection().scalar(query, {"clearance": int(clearance)})
    return found


def hidden_since(session: Session, iso3: str, clearance: Mark, *, on: date, known: datetime) -> set[int]:
    """Indicators of which an answer could be seen at that moment, and cannot any more: its mark was raised later."""
    if clearance is max(Mark):
        return set()
    before, own, batch = aliased(Observation), aliased(Batch), aliased(Batch)
    was_seen = (
        select(before.revision)
        .join(batch, batch.id == before.batch_id)
        .where(is_of_one_observation(before, Observation), before.revision < Observation.revision)
        .where(before.handling <= clearance, batch.recorded_at <= known)
    )
    query = select(Observation.indicator_id).join(own, own.id == Observation.batch_id)
    # where nothing at all was recorded later, no answer of the country is looked at
    anything = select(batch.id).where(batch.recorded_at > known)
    query = query.where(
        *(anything.exists(), Observation.iso3 == iso3, Observation.observed_on <= on, own.recorded_at > known),
        *(Observation.handling > clearance, _said_last("handling", Observation) > clearance, was_seen.exists()),
    )
    return set(session.scalars(query))


@cache
def _newest(with_all: bool) -> Select[*tuple[Any, ...]]:
    before: Any = aliased(Observation)
    iso3: Any = bindparam("iso3", type_=String())
    since = (
        select(before.observed_on)
        .where(before.iso3 == iso3, before.indicator_id == Indicator.id, before.observed_on <= _on())
        .where(_is_visible(before, with_all=with_all))
        .order_by(before.observed_on.desc())
        .limit(1)
        .offset(NEWEST - 1)
        .scalar_subquery()
    )
    # worked out first, once for each indicator: otherwise SQLite asks it again for every row of the country
    place = (iso3.label("iso3"), Indicator.id, func.coalesce(since, date.min).label("since"))
    windows = select(*place).cte("windows").prefix_with("MATERIALIZED")
    of_it = and_(
        Observation.iso3 == windows.c.iso3,
        Observation.indicator_id == windows.c.id,
        Observation.observed_on >= windows.c.since,
    )
    return _recorded(with_all).join(windows, of_it)


@cache
def _all_of_one(with_all: bool) -> Select[*tuple[Any, ...]]:
    is_it = (Observation.iso3 == bindparam("iso3"), Observation.indicator_id == bindparam("indicator"))
    return _recorded(with_all).where(*is_it)


def _recorded(with_all: bool) -> Select[*tuple[Any, ...]]:
    told = Observation.attributable
    return (
        select(
            *(Observation.indicator_id, Observation.observed_on, Observation.revision, Observation.value),
            *(Observation.standard_error, Observation.withdrawn, Observation.handling),
            func.coalesce(Observation.reliability, Source.reliability),
            func.coalesce(Observation.credibility, Source.credibility),
            Source.name,
            told if with_all else and_(told, _said_last("attributable", Observation)),
        )
        .join(Batch, Batch.id == Observation.batch_id)
        .join(Source, Source.id == Batch.source_id)
        .where(Observation.observed_on <= _on(), _is_visible(Observation, with_all=with_all))
        .order_by(Observation.indicator_id, Observation.observed_on)
    )


def _on() -> Any:
    return bindparam("on", type_=Date())


def _is_visible(observation: Any, *, with_all: bool) -> ColumnElement[bool]:
    """The newest revision that was known, marked so that it may be seen: then, and now."""
    newer: Any = aliased(Observation)
    clearance: Any = bindparam("clearance")
    later = select(newer.revision).where(
        is_of_one_observation(newer, observation), newer.revision > observation.revision
    )
    if with_all:
        return and_(observation.handling <= clearance, ~later.exists())
    batch, own, known = aliased(Batch), aliased(Batch), bindparam("known", type_=Instant())
    later = later.join(batch, batch.id == newer.batch_id).where(batch.recorded_at <= known)
    was_known = select(own.id).where(own.id == observation.batch_id, own.recorded_at <= known)
    may_be_seen = and_(observation.handling <= clearance, _said_last("handling", observation) <= clearance)
    return and_(may_be_seen, was_known.exists(), ~later.exists())


def _said_last(name: str, observation: Any) -> Any:
    """By the newest revision of all."""
    last = aliased(Observation)
    return (
        select(getattr(last, name))
        .where(is_of_one_observation(last, observation))
        .order_by(last.revision.desc())
        .limit(1)
        .scalar_subquery()
    )


def _read(rows: Iterable[Any]) -> Iterable[Recorded]:
    marks = {int(mark): mark for mark in Mark}
    for indicator, on, revision, value, error, withdrawn, mark, reliability, credibility, source, told in rows:
        grade = f"{reliability}{credibility}"
        yield Recorded(indicator, on, revision, value, error, withdrawn, marks[mark], grade, source if told else None)
