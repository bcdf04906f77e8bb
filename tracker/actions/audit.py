"""Writing down what was done, in the transaction that does it."""

from datetime import datetime
from typing import Any

from tracker.audit import Entry, hash_of
from tracker.storage import audit_entries
from tracker.storage.base import Session
from tracker.storage.running import AuditEntry


def record(
    session: Session,
    action: str,
    subject: str,
    *,
    by: int | None,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    """One entry for one change. `action` reads like "person invited", `subject` like "person 7"."""
    number, previous = audit_entries.locked_head(session)
    entry = Entry(number + 1, now, by, action, subject, before, after, reason)
    session.add(
        AuditEntry(
            number=entry.number,
            at=entry.at,
            by_id=entry.by_id,
            action=entry.action,
            subject=entry.subject,
            before=entry.before,
            after=entry.after,
            reason=entry.reason,
            previous_hash=previous,
            hash=hash_of(entry, previous),
        )
    )
    # The next entry of the same transaction must see this one.
    session.flush()
