"""Which worker goes through a file now.

A claim holds until its lease is over and is renewed while the worker gets on. A worker that was killed renews nothing:
another takes over and begins again, and since nothing is recorded but in one last transaction, which makes sure that
the claim still holds, everything is recorded once or not at all.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from tracker.storage import imports
from tracker.storage.base import Session
from tracker.storage.recording import Import, ImportState

# A worker says so every second or so while it reads, and while it compares what it read with the record. Its last
# transaction may take longer, and holds the row: nobody else can claim it before that ends.
LEASE = timedelta(seconds=30)


class ClaimLost(Exception):
    """Another worker took over, or the import was cancelled: whatever was found meanwhile is of no use."""


@dataclass(frozen=True)
class Claim:
    """An import as it was when a worker took it."""

    import_id: int
    state: ImportState
    # Compressed. None: the file was forgotten, which no import at work should have come to.
    content: bytes | None
    sheet: str | None
    mapping: dict[str, Any] | None
    # The publisher that was chosen for the whole file; None: as the rows or the catalogue say.
    source_id: int | None
    brought_by: int | None
    # How many rows the person has agreed to leave out; None: however many there are.
    left_out: int | None
    # What the values came to when the person ordered the recording; None: they ordered it unseen.
    agreed: dict[str, int] | None
    held_until: datetime


def claim_next(session: Session, *, now: datetime) -> Claim | None:
    """The one that has waited for longest. None: there is nothing to do."""
    row = imports.next_free(session, now=now)
    return None if row is None else _claimed(session, row, now)


def claim(session: Session, row: Import, *, left_out: int | None, now: datetime) -> Claim:
    """This very one: whoever asked for it does it, in the transaction in which it was asked for."""
    session.flush()
    return replace(_claimed(session, row, now), left_out=left_out)


def renew(session: Session, claimed: Claim, *, rows_done: int, now: datetime) -> Claim:
    """And says how far it is."""
    until = now + LEASE
    if not imports.lease(session, claimed.import_id, until, held_until=claimed.held_until):
        raise ClaimLost
    imports.tell_progress(session, claimed.import_id, rows_done)
    return replace(claimed, held_until=until)


def release(session: Session, claimed: Claim) -> None:
    """Unfinished, so that the next worker need not wait."""
    imports.lease(session, claimed.import_id, None, held_until=claimed.held_until)


def hold(session: Session, claimed: Claim) -> Import:
    """The import, locked, if it is still this worker's to settle."""
    row = imports.locked(session, claimed.import_id)
    if row is None or row.state is not claimed.state or row.leased_until != claimed.held_until:
        raise ClaimLost
    return row


def _claimed(session: Session, row: Import, now: datetime) -> Claim:
    until = now + LEASE
    imports.lease(session, row.id, until, held_until=row.leased_until)
    imports.tell_progress(session, row.id, 0)
    return Claim(
        import_id=row.id,
        state=row.state,
        content=imports.content_of(session, row.id),
        sheet=row.sheet,
        mapping=row.mapping,
        source_id=row.source_id,
        brought_by=row.brought_by,
        left_out=row.rows_refused,
        agreed=row.findings["values"] if row.findings else None,
        held_until=until,
    )
