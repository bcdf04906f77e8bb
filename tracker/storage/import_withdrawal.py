"""Taking back what came from a file: its figures in a few statements, however many, and its drafts one by one.

Where the file had revised an earlier value, that value stands again, as a further revision of its own source; where
there was none before, or only what came from files that were taken back as well, the observation is withdrawn.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, insert, literal, or_, select, true
from sqlalchemy.orm import aliased, contains_eager

from tracker.coding import CodingState
from tracker.storage.base import Session
from tracker.storage.countries import Scope
from tracker.storage.recording import Batch, BatchKind, Cell, Coding, Import, ImportState, Observation

# What a further revision repeats.
_SAID = (
    *("value", "unknown", "standard_error", "reliability", "credibility", "handling", "attributable"),
    *("note", "evidence_url"),
)
_COLUMNS = ("observed_on", "iso3", "indicator_id", "revision", *_SAID, "withdrawn", "reason", "batch_id")

_earlier = aliased(Observation)
_earlier_batch = aliased(Batch)


def sources_behind(session: Session, batch_ids: Collection[int]) -> list[tuple[int, BatchKind]]:
    """Whose values will stand again: each source, and how they were recorded."""
    query = (
        select(_earlier_batch.source_id, _earlier_batch.kind)
        .select_from(Observation)
        .join(_earlier, _is_behind(batch_ids))
        .join(_earlier_batch, _earlier_batch.id == _earlier.batch_id)
        .where(_still_counts(batch_ids), _earlier.withdrawn == false())
        .distinct()
        .order_by(_earlier_batch.source_id, _earlier_batch.kind)
    )
    return [(row.source_id, row.kind) for row in session.execute(query)]


def restore(session: Session, batch_ids: Collection[int], *, under: Batch, reason: str) -> int:
    """The earlier values of one source stand again; how many that were. `under`: the batch of this act."""
    said = [getattr(_earlier, name) for name in _SAID]
    rows = (
        select(*_key(), *said, false(), literal(reason), literal(under.id))
        .select_from(Observation)
        .join(_earlier, _is_behind(batch_ids))
        .join(_earlier_batch, _earlier_batch.id == _earlier.batch_id)
        .where(
            _still_counts(batch_ids),
            _earlier.withdrawn == false(),
            _earlier_batch.source_id == under.source_id,
            _earlier_batch.kind == under.kind,
        )
    )
    return _insert(session, rows)


def withdraw(session: Session, batch_id: int, *, under: Batch, reason: str) -> int:
    """Whatever of that batch still counts is withdrawn; how many observations that were."""
    said = [getattr(Observation, name) for name in _SAID]
    rows = select(*_key(), *said, true(), literal(reason), literal(under.id)).where(_still_counts([batch_id]))
    return _insert(session, rows)


def discard_drafts(
    session: Session, import_id: int, *, untouched_since: datetime, scope: Scope, by: int, why: str, now: datetime
) -> int:
    """Drafts as the file made them: what their author changed or submitted since is theirs, and stays.

    Only in these countries. Each cell's version grows, so that whoever has it open notices.
    """
    query = (
        select(Coding)
        .join(Coding.cell)
        .where(
            Coding.import_id == import_id,
            Coding.state == CodingState.DRAFT,
            Coding.changed_at <= untouched_since,
            Cell.iso3.in_(scope) if scope is not None else true(),
        )
        .options(contains_eager(Coding.cell))
        # in the order in which everybody takes several cells, so that nobody waits for each other
        .order_by(Coding.cell_id, Coding.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    drafts = list(session.scalars(query))
    for draft in drafts:
        draft.cell.version += 1
        draft.state, draft.settled_at, draft.settled_by, draft.settled_why = CodingState.DISCARDED, now, by, why
        draft.changed_at, draft.cell_version = now, draft.cell.version
    session.flush()
    return len(drafts)


def _key() -> list[Any]:
    return [Observation.observed_on, Observation.iso3, Observation.indicator_id, Observation.revision + 1]


def _still_counts(batch_ids: Collection[int]) -> ColumnElement[bool]:
    newer = aliased(Observation)
    superseded = exists().where(_same(newer, Observation), newer.revision > Observation.revision)
    return and_(Observation.batch_id.in_(batch_ids), ~superseded, Observation.withdrawn == false())


def _is_behind(batch_ids: Collection[int]) -> ColumnElement[bool]:
    """The newest revision before, unless it came from this file or from another that was taken back."""
    before, batch, file = aliased(Observation), aliased(Batch), aliased(Import)
    newest = (
        select(func.max(before.revision))
        .join(batch, batch.id == before.batch_id)
        .outerjoin(file, file.id == batch.import_id)
        .where(
            _same(before, Observation),
            before.revision < Observation.revision,
            before.batch_id.not_in(batch_ids),
            or_(file.id.is_(None), file.state != ImportState.WITHDRAWN),
        )
        .correlate(Observation)
        .scalar_subquery()
    )
    return and_(_same(_earlier, Observation), _earlier.revision == newest)


def _same(one: Any, other: Any) -> ColumnElement[bool]:
    return and_(one.observed_on == other.observed_on, one.iso3 == other.iso3, one.indicator_id == other.indicator_id)


def _insert(session: Session, rows: Any) -> int:
    statement = insert(Observation).from_select(_COLUMNS, rows)
    # of insertions SQLAlchemy does not keep it unasked
    return _rows_of(session.execute(statement.execution_options(preserve_rowcount=True)))


def _rows_of(result: Any) -> int:
    return int(result.rowcount)
