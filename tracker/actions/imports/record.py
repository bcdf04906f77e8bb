"""What waits becomes observations and drafts: all of it, or none.

Published figures count at once, under the name of whoever imports them. What our analysts answer becomes drafts of the
importer, which are submitted and reviewed like any others: nobody passes a second pair of eyes by importing.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tracker.actions.concluding import draw_conclusions
from tracker.actions.imports.judge import typed_of
from tracker.actions.imports.sources import NamedSources
from tracker.coding import CodingAct, CodingState, period_of
from tracker.handling import Mark
from tracker.storage import catalogue, import_rows
from tracker.storage.base import Session
from tracker.storage.import_rows import CellKey
from tracker.storage.recording import Batch, BatchKind, Import
from tracker.storage.staging import Staging, Waiting
from tracker.storage.watching import Indicator

# English, as all that is kept with the evidence itself.
PUBLISHED_ANEW = "published anew in %s"


def write(
    session: Session,
    row: Import,
    staging: Staging,
    indicators: Mapping[int, Indicator],
    *,
    by: int | None,
    now: datetime,
) -> None:
    """Sorted by key and in pieces: so a million rows go in quickly, and never stand in memory together."""
    batches = _Batches(session, row, indicators, staging.sources(), by=by, now=now)
    staging.put_into_batches((key, source, batches.of(key, source)) for key, source in staging.pairs_to_record())
    import_rows.add_observations(session, staging, handling=Mark.CLEAR, reason=PUBLISHED_ANEW % row.file_name)
    cells = import_rows.open_cells(session, (_cell(one) for drafts in staging.to_draft() for one in drafts))
    for drafts in staging.to_draft():
        assert by is not None, "nothing becomes a draft without an author"
        rows = [_draft(one, cells[_cell(one)], row, by=by, now=now) for one in drafts]
        import_rows.add_drafts(session, by, rows)
    draw_conclusions(session, batches.made, now=now)


class _Batches:
    """One for each source: who says it stands in the batch."""

    def __init__(
        self,
        session: Session,
        row: Import,
        indicators: Mapping[int, Indicator],
        named: list[str],
        *,
        by: int | None,
        now: datetime,
    ) -> None:
        newest = catalogue.newest_version(session)
        assert newest is not None, "nothing can be imported before there is a catalogue"
        self._session, self._row, self._indicators, self._by, self._now = session, row, indicators, by, now
        self._version = newest.number
        self._sources = NamedSources(session, named)
        self._batches: dict[int, int] = {}

    def of(self, indicator_id: int, source: str | None) -> int:
        source_id = self._source_of(indicator_id, source)
        if source_id not in self._batches:
            self._batches[source_id] = self._made(source_id)
        return self._batches[source_id]

    def _source_of(self, indicator_id: int, source: str | None) -> int:
        """That of the row, or else of the file, or else the publisher of the indicator."""
        if source is not None:
            return self._sources.known_or_made(source)
        publisher = self._row.source_id or self._indicators[indicator_id].source_id
        assert publisher is not None, "a constraint gives every published indicator a source"
        return publisher

    @property
    def made(self) -> list[int]:
        return list(self._batches.values())

    def _made(self, source_id: int) -> int:
        batch = Batch(
            kind=BatchKind.PUBLISHED,
            source_id=source_id,
            catalogue_version=self._version,
            recorded_by=self._by,
            recorded_at=self._now,
            import_id=self._row.id,
            file_name=self._row.file_name,
            file_fingerprint=self._row.fingerprint,
        )
        self._session.add(batch)
        self._session.flush()
        return batch.id


def _cell(waiting: Waiting) -> CellKey:
    return waiting.iso3, waiting.indicator_id, period_of(waiting.observed_on)


def _draft(waiting: Waiting, cell: tuple[int, int], row: Import, *, by: int, now: datetime) -> dict[str, Any]:
    cell_id, cell_version = cell
    return {
        "cell_id": cell_id,
        "cell_version": cell_version,
        "author_id": by,
        "act": CodingAct.ANSWER,
        "state": CodingState.DRAFT,
        "typed": typed_of(waiting),
        "grade": f"{waiting.reliability or ''}{waiting.credibility or ''}",
        "value": waiting.value,
        "unknown": waiting.value is None and not waiting.unchanged,
        "unchanged": bool(waiting.unchanged),
        "source": waiting.source or "",
        "handling": Mark.GREEN if waiting.handling is None else waiting.handling,
        "attributable": waiting.attributable is None or bool(waiting.attributable),
        "note": waiting.note or "",
        "evidence_url": waiting.evidence_url or "",
        "reason": "",
        "confirmed": False,
        "observed_on": waiting.observed_on,
        "started_at": now,
        "changed_at": now,
        "settled_why": "",
        "import_id": row.id,
    }
