"""The answers that decide a country's scores: what stands from some day on, and everything that was ever said.

They are found by way of the standings: where nothing newer was observed, the standing is all there is to know.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, func, select

from tracker.indicator import Cadence, Voice
from tracker.method import Method
from tracker.standing import Answer
from tracker.storage.base import Session
from tracker.storage.conclusions import Standing
from tracker.storage.observations import stands
from tracker.storage.prepared import Prepared
from tracker.storage.recording import Batch, Observation
from tracker.storage.standings import last_day
from tracker.storage.watching import Indicator, Source

# Among the columns that are asked of what stands.
_INDICATOR, _OBSERVED_ON = 1, 2


class Question(NamedTuple):
    """An indicator as far as conclusions ask about it."""

    id: int
    key: str
    criterion: str
    voice: Voice
    cadence: Cadence
    # No longer asked; old methods may still count it.
    retired: bool


def questions(session: Session) -> list[Question]:
    """In the order of the catalogue."""
    return [Question._make(row) for row in session.connection().execute(_questions())]


def places_of(method: Method, asked: Sequence[Question]) -> dict[int, int]:
    """By the number of the indicator: its measure's place in the method. What the method does not ask is left out."""
    places = {measure.key: place for place, measure in enumerate(method.measures)}
    return {one.id: places[one.key] for one in asked if one.key in places}


def answers_of(
    session: Session, iso3: str, places: Mapping[int, int], *, since: date, until: date = date.max
) -> list[Answer]:
    """What stands for a country from one day to another, and what stood on the first of them already."""
    connection = session.connection()
    standing = _STANDINGS.rows(session, {"iso3": iso3})
    rows: list[Any] = [row for row in standing if row[_OBSERVED_ON] <= since]
    newer = sorted({row[_INDICATOR] for row in standing if row[_OBSERVED_ON] > since})
    if newer:
        asked = {"iso3": iso3, "since": since, "until": until, "indicators": newer}
        rows += connection.execute(_observed_after(), asked).all()
        found = connection.execute(_days_before(), {"iso3": iso3, "since": since})
        stood = {(row.indicator_id, row.day) for row in found if row.day is not None}
        days = sorted({day for _indicator, day in stood})
        asked = {"iso3": iso3, "indicators": newer, "days": days}
        rows += [
            row for row in connection.execute(_observed_on(), asked) if (row.indicator_id, row.observed_on) in stood
        ]
    return [
        Answer(0, places[indicator], day, value, error, f"{reliability}{credibility}", handling)
        for _iso3, indicator, day, value, error, handling, reliability, credibility in rows
        if indicator in places
    ]


class Revision(NamedTuple):
    """One revision of one observation, and when it became known."""

    indicator_id: int
    observed_on: date
    withdrawn: bool
    recorded_at: datetime
    # Its measure's place is not filled in: that is the method's affair.
    answer: Answer


def revisions_of(session: Session, iso3: str) -> list[Revision]:
    """Everything that was ever recorded about a country, of each observation the later revision later."""
    query = (
        _with_their_sources(Observation.withdrawn, Batch.recorded_at)
        .where(Observation.iso3 == iso3)
        .order_by(Observation.indicator_id, Observation.observed_on, Observation.revision)
    )
    return [
        Revision(row.indicator_id, row.observed_on, row.withdrawn, row.recorded_at, _answer(row, 0))
        for row in session.execute(query)
    ]


def standing_of(revisions: Iterable[Revision], places: Mapping[int, int]) -> list[Answer]:
    """What stands when these have been said; of each observation the later revision comes later."""
    newest = {(one.indicator_id, one.observed_on): one for one in revisions if one.indicator_id in places}
    return [one.answer._replace(measure=places[one.indicator_id]) for one in newest.values() if not one.withdrawn]


@cache
def _questions() -> Select[*tuple[Any, ...]]:
    asked = (Indicator.id, Indicator.key, Indicator.criterion_key, Indicator.voice, Indicator.cadence)
    return select(*asked, Indicator.retired).order_by(Indicator.position, Indicator.id)


def _standings(_dialect: str) -> Select[*tuple[Any, ...]]:
    said = (Standing.value, Standing.standard_error, Standing.handling, Standing.reliability, Standing.credibility)
    query = select(Standing.iso3, Standing.indicator_id, Standing.observed_on, *said)
    return query.where(Standing.iso3 == bindparam("iso3"))


@cache
def _observed_after() -> Select[*tuple[Any, ...]]:
    later, not_beyond = Observation.observed_on > bindparam("since"), Observation.observed_on <= bindparam("until")
    return _that_stand().where(later, not_beyond)


@cache
def _days_before() -> Select[*tuple[Any, ...]]:
    """Where something newer stands today: the day of what stood then. First the days alone, each found by its index."""
    since: Any = bindparam("since")
    query = select(Standing.indicator_id, last_day(Standing, since).label("day"))
    return query.where(Standing.iso3 == bindparam("iso3"), Standing.observed_on > since)


@cache
def _observed_on() -> Select[*tuple[Any, ...]]:
    return _that_stand().where(Observation.observed_on.in_(bindparam("days", expanding=True)))


def _that_stand() -> Select[*tuple[Any, ...]]:
    """Of a country, to some questions."""
    asked = Observation.indicator_id.in_(bindparam("indicators", expanding=True))
    return _with_their_sources().where(Observation.iso3 == bindparam("iso3"), asked, stands())


def _with_their_sources(*more: Any) -> Select[*tuple[Any, ...]]:
    query = select(*_columns(Observation), *more).join(Batch, Batch.id == Observation.batch_id)
    return query.join(Source, Source.id == Batch.source_id)


def _columns(observation: Any) -> list[Any]:
    return [
        *(observation.iso3, observation.indicator_id, observation.observed_on, observation.value),
        *(observation.standard_error, observation.handling),
        func.coalesce(observation.reliability, Source.reliability).label("reliability"),
        func.coalesce(observation.credibility, Source.credibility).label("credibility"),
    ]


def _answer(row: Any, measure: int) -> Answer:
    grade = f"{row.reliability}{row.credibility}"
    return Answer(0, measure, row.observed_on, row.value, row.standard_error, grade, row.handling)


_STANDINGS = Prepared(_standings)
