"""The newest answer that stands, of each country, indicator and mark: kept, so that nobody reads the whole log for it.

And the answers that decide what a country's scores were from some day on, found by way of the standings: where nothing
newer was observed, the standing is all there is to know.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Select,
    Subquery,
    and_,
    delete,
    func,
    insert,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from tracker.indicator import Cadence, Voice
from tracker.method import Method
from tracker.standing import Answer
from tracker.storage.base import Session
from tracker.storage.conclusions import Standing
from tracker.storage.models import Batch, Indicator, Observation, Source
from tracker.storage.observations import is_of_one_observation, stands

_KEY = (Standing.iso3, Standing.indicator_id, Standing.handling)


def touched_by(session: Session, batch_ids: Collection[int]) -> dict[str, date]:
    """The countries that these batches speak of, and the first day of each."""
    query = (
        select(Observation.iso3, func.min(Observation.observed_on))
        .where(Observation.batch_id.in_(batch_ids))
        .group_by(Observation.iso3)
        .order_by(Observation.iso3)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def renew(session: Session, batch_ids: Collection[int]) -> None:
    """What these batches touched is looked at again: everything of the same country, indicator and mark."""
    recorded, revision = aliased(Observation), aliased(Observation)
    touched = (
        select(revision.iso3, revision.indicator_id, revision.handling)
        .select_from(recorded)
        .join(revision, is_of_one_observation(recorded, revision))
        .where(recorded.batch_id.in_(batch_ids))
        .distinct()
    )
    session.execute(delete(Standing).where(tuple_(*_KEY).in_(touched)))
    _stand(session, touched.subquery())


def renew_all(session: Session) -> None:
    session.execute(delete(Standing))
    _stand(session, select(Observation.iso3, Observation.indicator_id, Observation.handling).distinct().subquery())


def everything(session: Session) -> list[tuple[Any, ...]]:
    """Every row as it is kept, in order: to compare."""
    columns = list(Standing.__table__.columns)
    return [tuple(row) for row in session.execute(select(*columns).order_by(*_KEY))]


def everything_as_it_should_be(session: Session) -> list[tuple[Any, ...]]:
    keys = select(Observation.iso3, Observation.indicator_id, Observation.handling).distinct().subquery()
    return sorted((tuple(row) for row in session.execute(_newest(keys))), key=lambda row: row[:3])


def countries(session: Session) -> list[str]:
    return list(session.scalars(select(Standing.iso3).distinct().order_by(Standing.iso3)))


def countries_ever(session: Session) -> list[str]:
    """Those too of which everything was withdrawn."""
    return list(session.scalars(select(Observation.iso3).distinct().order_by(Observation.iso3)))


def _stand(session: Session, keys: Subquery) -> None:
    columns = [column.name for column in Standing.__table__.columns]
    session.execute(insert(Standing).from_select(columns, _newest(keys)))


def _newest(keys: Subquery) -> Select[*tuple[Any, ...]]:
    """Of each country, indicator and mark, found from the end of its series."""
    newest = select(
        *(Observation.iso3, Observation.indicator_id, Observation.handling, Observation.observed_on),
        *(Observation.revision, Observation.value, Observation.standard_error),
        func.coalesce(Observation.reliability, Source.reliability),
        func.coalesce(Observation.credibility, Source.credibility),
    )
    return _of_last_day(newest, keys)


def _of_last_day(
    query: Select[*tuple[Any, ...]], keys: Subquery, until: date | None = None
) -> Select[*tuple[Any, ...]]:
    return (
        query.select_from(keys)
        .join(
            Observation,
            and_(
                Observation.observed_on == _last_day(keys, until),
                Observation.iso3 == keys.c.iso3,
                Observation.indicator_id == keys.c.indicator_id,
                Observation.handling == keys.c.handling,
            ),
        )
        .join(Batch, Batch.id == Observation.batch_id)
        .join(Source, Source.id == Batch.source_id)
        .where(stands(Observation))
    )


def _last_day(keys: Subquery, until: date | None) -> Any:
    before = aliased(Observation)
    query = select(before.observed_on).where(
        before.iso3 == keys.c.iso3,
        before.indicator_id == keys.c.indicator_id,
        before.handling == keys.c.handling,
        stands(before),
    )
    if until is not None:
        query = query.where(before.observed_on <= until)
    return query.order_by(before.observed_on.desc()).limit(1).correlate(keys).scalar_subquery()


# ---- the answers that decide ------------------------------------------------------------------------------------


class Question(NamedTuple):
    """An indicator as far as conclusions ask about it."""

    id: int
    key: str
    criterion: str
    voice: Voice
    cadence: Cadence


def questions(session: Session) -> list[Question]:
    """Those that are asked today, in the order of the catalogue."""
    query = (
        select(Indicator.id, Indicator.key, Indicator.criterion_key, Indicator.voice, Indicator.cadence)
        .where(~Indicator.retired)
        .order_by(Indicator.position, Indicator.id)
    )
    return [Question(*row) for row in session.execute(query)]


def measures_by_indicator(session: Session, method: Method) -> dict[int, int]:
    """By the number of the indicator: its measure's place in the method. What the method does not ask is left out."""
    places = {measure.key: place for place, measure in enumerate(method.measures)}
    found = session.execute(select(Indicator.id, Indicator.key))
    return {number: places[key] for number, key in found if key in places}


def answers_of(session: Session, iso3: str, measures: Mapping[int, int], *, since: date) -> list[Answer]:
    """What stands for a country from that day on, and what stood on it already."""
    standing = list(session.execute(_standings().where(Standing.iso3 == iso3)))
    rows = [row for row in standing if row.observed_on <= since]
    newer = [row for row in standing if row.observed_on > since]
    if newer:
        rows += session.execute(_since(iso3, {row.indicator_id for row in newer}, since))
        later = select(*_KEY).where(Standing.iso3 == iso3, Standing.observed_on > since).subquery()
        rows += session.execute(_of_last_day(select(*_columns(Observation)), later, since))
    return [_answer(row, measures[row.indicator_id]) for row in rows if row.indicator_id in measures]


class Revision(NamedTuple):
    """One revision of one observation, and when it became known."""

    indicator_id: int
    observed_on: date
    withdrawn: bool
    recorded_at: datetime
    # Its measure's place is not filled in: that is the method's affair.
    answer: Answer


def revisions_of(session: Session, iso3: str, *, known: datetime | None = None) -> list[Revision]:
    """Everything that was ever recorded about a country, of each observation the later revision later."""
    query = (
        select(*_columns(Observation), Observation.withdrawn, Batch.recorded_at)
        .join(Batch, Batch.id == Observation.batch_id)
        .join(Source, Source.id == Batch.source_id)
        .where(Observation.iso3 == iso3)
        .order_by(Observation.indicator_id, Observation.observed_on, Observation.revision)
    )
    if known is not None:
        query = query.where(Batch.recorded_at <= known)
    return [
        Revision(row.indicator_id, row.observed_on, row.withdrawn, row.recorded_at, _answer(row, 0))
        for row in session.execute(query)
    ]


def _standings() -> Select[*tuple[Any, ...]]:
    return select(
        Standing.iso3,
        Standing.indicator_id,
        Standing.observed_on,
        Standing.value,
        Standing.standard_error,
        Standing.handling,
        Standing.reliability,
        Standing.credibility,
    )


def _columns(observation: Any) -> list[Any]:
    return [
        observation.iso3,
        observation.indicator_id,
        observation.observed_on,
        observation.value,
        observation.standard_error,
        observation.handling,
        func.coalesce(observation.reliability, Source.reliability).label("reliability"),
        func.coalesce(observation.credibility, Source.credibility).label("credibility"),
    ]


def _since(iso3: str, indicator_ids: Collection[int], since: date) -> Select[*tuple[Any, ...]]:
    return (
        select(*_columns(Observation))
        .join(Batch, Batch.id == Observation.batch_id)
        .join(Source, Source.id == Batch.source_id)
        .where(
            Observation.iso3 == iso3,
            Observation.indicator_id.in_(indicator_ids),
            Observation.observed_on > since,
            stands(Observation),
        )
    )


def _answer(row: Any, measure: int) -> Answer:
    return Answer(
        0,
        measure,
        row.observed_on,
        row.value,
        row.standard_error,
        f"{row.reliability}{row.credibility}",
        row.handling,
    )
