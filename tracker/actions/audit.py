"""Writing down what was done, in the transaction that does it."""

from datetime import datetime
from typing import Any

from tracker.audit import Entry, hash_of
from tracker.storage import audit_entries
from tracker.storage.base import Session


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
    audit_entries.add(session, entry, previous, hash_of(entry, previous))
