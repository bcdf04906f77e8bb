"""What a country's record says, question by question, as light as can be.

Each question is named, so that the index leads to the days that are asked for: of a country by itself all that was ever
said would be gone through.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Date, Select, and_, bindparam, select

from tracker.handling import Mark
from tracker.storage.base import Session
from tracker.storage.observations import last_day_before, stands
from tracker.storage.recording import Observation
from tracker.storage.watching import Indicator


class Said(NamedTuple):
    """One standing answer; no value: "don't know"."""

    observed_on: date
    value: float | None
    unknown: bool


def country_record(
    session: Session,
    iso3: str,
    indicator_ids: Collection[int],
    clearance: Mark,
    *,
    since: date,
    before: date,
) -> dict[int, list[Said]]:
    """By indicator, oldest first."""
    query = (
        select(Observation.indicator_id, Observation.observed_on, Observation.value, Observation.unknown)
        .where(
            Observation.iso3 == iso3,
            Observation.indicator_id.in_(indicator_ids),
            Observation.observed_on >= since,
            Observation.observed_on < before,
            stands(),
            Observation.handling <= clearance,
        )
        .order_by(Observation.indicator_id, Observation.observed_on)
    )
    found: dict[int, list[Said]] = defaultdict(list)
    for indicator_id, observed_on, value, unknown in session.execute(query):
        found[indicator_id].append(Said(observed_on, value, unknown))
    return found


def last_said(session: Session, iso3: str, clearance: Mark, *, since: date, before: date) -> dict[int, Said]:
    """By indicator: the last that was said before that day, and not before `since`."""
    asked = {"iso3": iso3, "clearance": int(clearance), "since": since, "before": before}
    return {number: Said(*said) for number, *said in session.connection().execute(_last_said(), asked)}


@cache
def _last_said() -> Select[*tuple[Any, ...]]:
    iso3: Any = bindparam("iso3")
    clearance: Any = bindparam("clearance")
    since = bindparam("since", type_=Date())
    day = last_day_before(bindparam("before", type_=Date()), iso3, Indicator.id, clearance)
    # worked out first: otherwise SQLite asks it again for every row of the country
    days = select(Indicator.id, day.label("day")).cte("days").prefix_with("MATERIALIZED")
    is_it = and_(Observation.indicator_id == days.c.id, Observation.observed_on == days.c.day)
    return (
        select(Observation.indicator_id, Observation.observed_on, Observation.value, Observation.unknown)
        .join(days, is_it)
        .where(Observation.iso3 == iso3, Observation.observed_on >= since)
        .where(stands(), Observation.handling <= clearance)
    )
