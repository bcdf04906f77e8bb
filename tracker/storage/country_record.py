"""What a country's record says, question by question, as light as can be: years of it are read for one page."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from tracker.handling import Mark
from tracker.storage.base import Session
from tracker.storage.observations import stands
from tracker.storage.recording import Observation


class Said(NamedTuple):
    """One standing answer; no value: "don't know"."""

    observed_on: date
    value: float | None
    unknown: bool


def country_record(
    session: Session,
    iso3: str,
    clearance: Mark,
    *,
    since: date,
    before: date,
    indicator_ids: Collection[int] | None = None,
) -> dict[int, list[Said]]:
    """By indicator, oldest first; None: of every indicator."""
    query = (
        select(Observation.indicator_id, Observation.observed_on, Observation.value, Observation.unknown)
        .where(
            Observation.iso3 == iso3,
            Observation.observed_on >= since,
            Observation.observed_on < before,
            stands(),
            Observation.handling <= clearance,
        )
        .order_by(Observation.indicator_id, Observation.observed_on)
    )
    if indicator_ids is not None:
        query = query.where(Observation.indicator_id.in_(indicator_ids))
    found: dict[int, list[Said]] = defaultdict(list)
    for indicator_id, observed_on, value, unknown in session.execute(query):
        found[indicator_id].append(Said(observed_on, value, unknown))
    return found
