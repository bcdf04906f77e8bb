"""What the catalogue holds now, and every version of it that was in force."""

from collections.abc import Collection

from sqlalchemy import func, select, text
from sqlalchemy.orm import joinedload, selectinload

from tracker.storage.base import Session
from tracker.storage.prepared import Prepared
from tracker.storage.watching import CatalogueVersion, Criterion, Indicator, Source

# Any number, as long as no other lock of this database has it.
STOCKING_LOCK = 138_143


def queue_up(session: Session) -> None:
    """Of several that fill the database at once, one does it and the others find it filled.

    On SQLite a writer is alone already.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": STOCKING_LOCK})


def newest_version(session: Session) -> CatalogueVersion | None:
    return session.scalar(select(CatalogueVersion).order_by(CatalogueVersion.number.desc()).limit(1))


def newest_number(session: Session) -> int | None:
    """Without the catalogue itself, which is large."""
    session.flush()
    [(number,)] = _NEWEST_NUMBER.rows(session, {})
    return None if number is None else int(number)


def all_criteria(session: Session) -> list[Criterion]:
    """Retired ones too."""
    return list(session.scalars(select(Criterion).order_by(Criterion.position, Criterion.key)))


def whole(session: Session) -> list[Criterion]:
    """Every criterion with its indicators, retired ones too, the leading one first; by one question."""
    query = (
        select(Criterion)
        .options(joinedload(Criterion.indicators).joinedload(Indicator.source))
        .order_by(Criterion.position, Criterion.key)
    )
    return list(session.scalars(query).unique())


def all_indicators(session: Session) -> list[Indicator]:
    """Retired ones too."""
    return list(session.scalars(select(Indicator).order_by(Indicator.position, Indicator.id)))


def all_sources(session: Session) -> list[Source]:
    return list(session.scalars(select(Source).order_by(Source.key)))


def criteria_in_force(session: Session) -> list[Criterion]:
    return [criterion for criterion in whole(session) if not criterion.retired]


def criterion(session: Session, key: str) -> Criterion | None:
    query = (
        select(Criterion)
        .where(Criterion.key == key)
        .options(selectinload(Criterion.indicators).joinedload(Indicator.source))
    )
    return session.scalar(query)


def indicator(session: Session, key: str) -> Indicator | None:
    return session.scalar(select(Indicator).where(Indicator.key == key).options(selectinload(Indicator.source)))


def indicators_by_id(session: Session, ids: Collection[int]) -> dict[int, Indicator]:
    return {row.id: row for row in session.scalars(select(Indicator).where(Indicator.id.in_(ids)))}


def asked_under(session: Session, ids: Collection[int]) -> list[tuple[Criterion, Indicator]]:
    """Indicators with their criteria, retired ones too, in the order of the catalogue."""
    query = (
        select(Criterion, Indicator)
        .join(Indicator, Indicator.criterion_key == Criterion.key)
        .where(Indicator.id.in_(ids))
        .order_by(Criterion.position, Criterion.key, Indicator.position, Indicator.id)
    )
    return [(row.Criterion, row.Indicator) for row in session.execute(query)]


def indicator_ids(session: Session) -> dict[str, int]:
    return {row.key: row.id for row in session.execute(select(Indicator.key, Indicator.id))}


def highest_indicator_id(session: Session) -> int:
    return session.scalar(select(func.max(Indicator.id))) or 0


_NEWEST_NUMBER = Prepared(lambda _dialect: select(func.max(CatalogueVersion.number)))
