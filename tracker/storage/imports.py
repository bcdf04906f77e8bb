"""Files that were brought: found, claimed by a worker, and how far it is with them.

What a worker writes while it works goes past the row's version: nobody's form grows old because a file is being read.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true, update
from sqlalchemy.orm import undefer

from tracker.handling import Mark
from tracker.storage.base import Session
from tracker.storage.countries import Scope
from tracker.storage.recording import Batch, BatchKind, Cell, Coding, Import, ImportState, Observation
from tracker.storage.watching import Indicator, Source

AT_WORK = (ImportState.CHECKING, ImportState.RECORDING)
"""Waiting for a worker, or with one."""
MOST_LISTED = 200


def newest(
    session: Session,
    *,
    brought_by: int | None = None,
    and_of_others: Scope = None,
    about: Scope = None,
    clearance: Mark = Mark.RED,
    limit: int = MOST_LISTED,
) -> list[Import]:
    """The latest first: the person's own, and of others' those that speak of nothing but these countries.

    `about`: those alone of which somebody of that clearance may know that they speak of one of them.
    """
    query = (
        select(Import)
        .where(or_(Import.brought_by == brought_by, _lies_within(and_of_others)))
        .order_by(Import.brought_at.desc(), Import.id.desc())
        .limit(limit)
    )
    return list(session.scalars(query if about is None else query.where(_speaks_of(about, clearance))))


def lies_within(session: Session, import_id: int, scope: Scope) -> bool:
    return session.scalar(select(Import.id).where(Import.id == import_id, _lies_within(scope))) is not None


def _lies_within(scope: Scope) -> ColumnElement[bool]:
    """Whether all that came of it, and there is something, speaks of these countries. None: of whichever."""
    if scope is None:
        return true()
    if not scope:
        return false()
    recorded, written = _spoken_of()
    anything = or_(recorded.exists(), written.exists())
    beyond = or_(
        recorded.where(Observation.iso3.not_in(scope)).exists(), written.where(Cell.iso3.not_in(scope)).exists()
    )
    return and_(anything, ~beyond)


def _speaks_of(countries: Collection[str], clearance: Mark) -> ColumnElement[bool]:
    """Whether something came of it, of such a mark, about one of these countries."""
    recorded, written = _spoken_of()
    return or_(
        recorded.where(Observation.iso3.in_(countries), Observation.handling <= clearance).exists(),
        written.where(Cell.iso3.in_(countries), Coding.handling <= clearance).exists(),
    )


def _spoken_of() -> tuple[Select[str], Select[str]]:
    """Countries of which an import recorded something, and those for which it wrote a proposal."""
    recorded = select(Observation.iso3).join(Batch, Batch.id == Observation.batch_id)
    written = select(Cell.iso3).join(Coding, Coding.cell_id == Cell.id)
    return (
        recorded.where(Batch.import_id == Import.id).correlate(Import),
        written.where(Coding.import_id == Import.id).correlate(Import),
    )


def by_id(session: Session, import_id: int) -> Import | None:
    return session.get(Import, import_id)


def locked(session: Session, import_id: int) -> Import | None:
    """As it is now; whoever else wants to change it waits until this transaction ends."""
    query = select(Import).where(Import.id == import_id).with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def left_since(session: Session, moment: datetime) -> list[Import]:
    """Brought before that, and waiting for a person ever since."""
    waiting = (ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED)
    query = select(Import).where(Import.state.in_(waiting), Import.brought_at < moment).order_by(Import.id)
    return list(session.scalars(query))


def content_of(session: Session, import_id: int) -> bytes | None:
    """Compressed. None: forgotten, because it is settled what became of it."""
    return session.scalar(select(Import.content).where(Import.id == import_id))


def problems_of(session: Session, import_id: int) -> bytes | None:
    return session.scalar(select(Import.problems).where(Import.id == import_id))


def of_the_same_file(session: Session, fingerprint: str, *, besides: int) -> list[Import]:
    """Brought at another time, the latest first; not those that were cancelled."""
    query = (
        select(Import)
        .where(Import.fingerprint == fingerprint, Import.id != besides, Import.state != ImportState.CANCELLED)
        .order_by(Import.id.desc())
    )
    return list(session.scalars(query))


def newest_alike(session: Session, *, header_fingerprint: str, brought_by: int | None, besides: int) -> Import | None:
    """The person's latest import of a file with the same column names that had a mapping."""
    return _newest_mapped(session, Import.header_fingerprint == header_fingerprint, brought_by, besides)


def newest_from(session: Session, *, source_id: int, brought_by: int | None, besides: int) -> Import | None:
    """The person's latest import from the same source that had a mapping."""
    return _newest_mapped(session, Import.source_id == source_id, brought_by, besides)


def _newest_mapped(session: Session, like: ColumnElement[bool], brought_by: int | None, besides: int) -> Import | None:
    query = (
        select(Import)
        .where(like, Import.brought_by == brought_by, Import.mapping.is_not(None), Import.id != besides)
        .order_by(Import.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def publishers(session: Session) -> list[Source]:
    """Those that the catalogue names. All others were named by analysts, and who they are is nobody else's."""
    return list(session.scalars(select(Source).where(_publishes()).order_by(Source.name, Source.id)))


def is_publisher(session: Session, source_id: int) -> bool:
    return session.scalar(select(Source.id).where(Source.id == source_id, _publishes())) is not None


def publishers_mapped(session: Session, *, brought_by: int | None) -> list[Source]:
    """Those from which the person has brought files before."""
    used = select(Import.source_id).where(Import.brought_by == brought_by, Import.mapping.is_not(None))
    query = select(Source).where(Source.id.in_(used), _publishes()).order_by(Source.name, Source.id)
    return list(session.scalars(query))


def _publishes() -> ColumnElement[bool]:
    return Source.id.in_(select(Indicator.source_id))


# ---- the worker's side -----------------------------------------------------------------------------------------


def next_free(session: Session, *, now: datetime) -> Import | None:
    """The one that has waited for longest and that no worker holds, with its content; locked until the end.

    Workers on PostgreSQL step over each other's rows; on SQLite a writer is alone already.
    """
    query = (
        select(Import)
        .where(_is_free(now))
        .options(undefer(Import.content))
        .order_by(Import.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).first()


def anything_free(session: Session, *, now: datetime) -> bool:
    return session.scalar(select(Import.id).where(_is_free(now)).limit(1)) is not None


def lease(session: Session, import_id: int, until: datetime | None, *, held_until: datetime | None) -> bool:
    """The lease is its holder's only as long as it is the one they were given. False: it is not theirs any more."""
    statement = (
        update(Import)
        .where(Import.id == import_id, Import.leased_until == held_until, Import.state.in_(AT_WORK))
        .values(leased_until=until)
        .execution_options(synchronize_session=False)
        .returning(Import.id)
    )
    return session.scalar(statement) is not None


def tell_progress(session: Session, import_id: int, rows_done: int) -> None:
    statement = update(Import).where(Import.id == import_id).values(rows_done=rows_done)
    session.execute(statement.execution_options(synchronize_session=False))


def _is_free(now: datetime) -> ColumnElement[bool]:
    return and_(Import.state.in_(AT_WORK), or_(Import.leased_until.is_(None), Import.leased_until <= now))


# ---- what evidence came of it ----------------------------------------------------------------------------------


def batches_of(session: Session, import_id: int) -> list[Batch]:
    return list(session.scalars(select(Batch).where(Batch.import_id == import_id).order_by(Batch.id)))


def countries_of(session: Session, import_id: int) -> set[str]:
    """About which something was recorded."""
    query = (
        select(Observation.iso3)
        .join(Batch, Batch.id == Observation.batch_id)
        .where(Batch.import_id == import_id)
        .distinct()
    )
    return set(session.scalars(query))


def has_accepted_answers(session: Session, import_id: int) -> bool:
    """Whether a second person accepted anything of it."""
    query = select(Batch.id).where(Batch.import_id == import_id, Batch.kind == BatchKind.CODED).limit(1)
    return session.scalar(query) is not None


def how_many_recorded(session: Session, import_id: int) -> int:
    query = (
        select(func.count())
        .select_from(Observation)
        .join(Batch, Batch.id == Observation.batch_id)
        .where(Batch.import_id == import_id)
    )
    return session.scalar(query) or 0


def sources_named(session: Session, names: Iterable[str]) -> dict[str, int]:
    """By key or by name, whichever the file uses."""
    wanted = set(names)
    query = select(Source.id, Source.key, Source.name).order_by(Source.id.desc())
    found: dict[str, int] = {}
    for row in session.execute(query):
        found.update({word: row.id for word in (row.name, row.key) if word in wanted})
    return found


def indicators_by_key(session: Session) -> dict[str, Indicator]:
    """Retired ones too."""
    return {row.key: row for row in session.scalars(select(Indicator).order_by(Indicator.id))}
