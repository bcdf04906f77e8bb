"""What stands for many countries at once, as far as somebody's scope and clearance reach."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select

from tracker.handling import Mark
from tracker.standing import Answer
from tracker.storage.base import Session
from tracker.storage.countries import Scope
from tracker.storage.observations import stands
from tracker.storage.recording import Batch, Observation
from tracker.storage.watching import Source


class Known(NamedTuple):
    iso3: str
    indicator_id: int
    observed_on: date
    value: float | None
    standard_error: float | None
    grade: str
    handling: int


def since(session: Session, day: date, clearance: Mark, scope: Scope) -> list[Known]:
    """What was observed from that day on; of each observation the newest revision, if it may be seen."""
    query = (
        select(
            *(Observation.iso3, Observation.indicator_id, Observation.observed_on, Observation.value),
            *(Observation.standard_error, Observation.handling),
            func.coalesce(Observation.reliability, Source.reliability),
            func.coalesce(Observation.credibility, Source.credibility),
        )
        .join(Batch, Batch.id == Observation.batch_id)
        .join(Source, Source.id == Batch.source_id)
        .where(Observation.observed_on >= day, Observation.handling <= clearance, stands())
        .order_by(Observation.iso3, Observation.indicator_id, Observation.observed_on)
    )
    if scope is not None:
        query = query.where(Observation.iso3.in_(scope))
    return [
        Known(iso3, indicator_id, observed_on, value, error, f"{reliability}{credibility}", handling)
        for iso3, indicator_id, observed_on, value, error, handling, reliability, credibility in (
            session.connection().execute(query)
        )
    ]


def as_answers(known: Sequence[Known], countries: Mapping[str, int], places: Mapping[int, int]) -> Iterator[Answer]:
    """By the places of countries and of a method's measures; what the method does not ask is left out."""
    for one in known:
        if one.indicator_id in places:
            place = places[one.indicator_id]
            yield Answer(countries[one.iso3], place, *one[2:])
