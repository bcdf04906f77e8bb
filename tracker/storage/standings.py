"""The newest answer that stands, of each country, indicator and mark: kept, so that nobody reads the whole log."""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Delete, Insert, Select, Subquery, and_, bindparam, delete, exists, func, insert, select, tuple_
from sqlalchemy.orm import aliased

from tracker.storage.base import Session
from tracker.storage.conclusions import Standing
from tracker.storage.observations import is_of_one_observation, stands
from tracker.storage.prepared import Prepared
from tracker.storage.recording import Batch, BatchKind, Observation
from tracker.storage.watching import Source

KEY = (Standing.iso3, Standing.indicator_id, Standing.handling)


class Touched(NamedTuple):
    """The days of a country that some batches speak of."""

    first: date
    last: date
    # They add published figures, and change nothing that was said before.
    adds_figures: bool


def touched_by(session: Session, batch_ids: Collection[int]) -> dict[str, Touched]:
    """By country."""
    rows = _TOUCHED_COUNTRIES.rows(session, {"batches": list(batch_ids)})
    return {iso3: Touched(first, last, bool(adds_figures)) for iso3, first, last, adds_figures in rows}


def renew(session: Session, batch_ids: Collection[int], *, nothing_revised: bool = False) -> None:
    """What these batches touched is looked at again: everything of the same country, indicator and mark.

    `nothing_revised`: they say all of it for the first time, so that nothing of another mark is touched.
    """
    for statement in _RENEWING[nothing_revised]:
        statement.change(session, {"batches": list(batch_ids)})


def renew_all(session: Session) -> None:
    session.execute(delete(Standing))
    session.execute(_standing_anew(_everything_recorded()))


def renew_country(session: Session, iso3: str) -> None:
    session.execute(delete(Standing).where(Standing.iso3 == iso3))
    session.execute(_standing_anew(_everything_recorded(iso3)))


def everything(session: Session) -> list[tuple[Any, ...]]:
    """Every row as it is kept, in order: to compare."""
    columns = list(Standing.__table__.columns)
    return [tuple(row) for row in session.execute(select(*columns).order_by(*KEY))]


def everything_as_it_should_be(session: Session) -> list[tuple[Any, ...]]:
    found = session.execute(_newest(_everything_recorded()))
    return sorted((tuple(row) for row in found), key=lambda row: row[:3])


def countries(session: Session) -> list[str]:
    return list(session.scalars(select(Standing.iso3).distinct().order_by(Standing.iso3)))


def countries_ever(session: Session) -> list[str]:
    """Those too of which everything was withdrawn."""
    return list(session.scalars(select(Observation.iso3).distinct().order_by(Observation.iso3)))


def _touched_countries(_dialect: str) -> Select[*tuple[Any, ...]]:
    batches: Any = bindparam("batches", expanding=True)
    coded = exists().where(Batch.id.in_(batches), Batch.kind != BatchKind.PUBLISHED)
    return (
        select(
            Observation.iso3,
            func.min(Observation.observed_on).label("first"),
            func.max(Observation.observed_on).label("last"),
            and_(func.max(Observation.revision) == 1, ~coded).label("adds_figures"),
        )
        .where(Observation.batch_id.in_(batches))
        .group_by(Observation.iso3)
        .order_by(Observation.iso3)
    )


def _renewing(nothing_revised: bool) -> tuple[Delete, Insert]:
    recorded, revision = aliased(Observation), aliased(Observation)
    of_batches = recorded.batch_id.in_(bindparam("batches", expanding=True))
    if nothing_revised:
        touched = select(recorded.iso3, recorded.indicator_id, recorded.handling).where(of_batches).distinct()
    else:
        touched = (
            select(revision.iso3, revision.indicator_id, revision.handling)
            .select_from(recorded)
            .join(revision, is_of_one_observation(recorded, revision))
            .where(of_batches)
            .distinct()
        )
    return delete(Standing).where(tuple_(*KEY).in_(touched)), _standing_anew(touched.subquery())


def _everything_recorded(iso3: str | None = None) -> Subquery:
    query = select(Observation.iso3, Observation.indicator_id, Observation.handling).distinct()
    return (query if iso3 is None else query.where(Observation.iso3 == iso3)).subquery()


def _standing_anew(keys: Subquery) -> Insert:
    return insert(Standing).from_select([column.name for column in Standing.__table__.columns], _newest(keys))


def _newest(keys: Subquery) -> Select[*tuple[Any, ...]]:
    """Of each country, indicator and mark, found from the end of its series."""
    newest = select(
        *(Observation.iso3, Observation.indicator_id, Observation.handling, Observation.observed_on),
        *(Observation.revision, Observation.value, Observation.standard_error),
        func.coalesce(Observation.reliability, Source.reliability),
        func.coalesce(Observation.credibility, Source.credibility),
    )
    return _of_last_day(newest, keys)


def _of_last_day(query: Select[*tuple[Any, ...]], keys: Subquery) -> Select[*tuple[Any, ...]]:
    """Asked of the newest answer that stands, of each country, indicator and mark."""
    is_it = and_(
        Observation.observed_on == last_day(keys.c),
        Observation.iso3 == keys.c.iso3,
        Observation.indicator_id == keys.c.indicator_id,
        Observation.handling == keys.c.handling,
    )
    return (
        query.select_from(keys)
        .join(Observation, is_it)
        .join(Batch, Batch.id == Observation.batch_id)
        .join(Source, Source.id == Batch.source_id)
        .where(stands())
    )


def last_day(key: Any, until: Any = None) -> Any:
    """On which an answer that stands was observed, of a country, an indicator and a mark; `until`: by that day."""
    before = aliased(Observation)
    days = select(before.observed_on).where(
        before.iso3 == key.iso3,
        before.indicator_id == key.indicator_id,
        before.handling == key.handling,
        stands(before),
    )
    if until is not None:
        days = days.where(before.observed_on <= until)
    return days.order_by(before.observed_on.desc()).limit(1).scalar_subquery()


_TOUCHED_COUNTRIES = Prepared(_touched_countries)
# What is removed, and what stands anew; by whether nothing was revised.
_RENEWING = {
    False: (Prepared(lambda _dialect: _renewing(False)[0]), Prepared(lambda _dialect: _renewing(False)[1])),
    True: (Prepared(lambda _dialect: _renewing(True)[0]), Prepared(lambda _dialect: _renewing(True)[1])),
}
