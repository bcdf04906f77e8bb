"""What was done, by whom, and how to notice that somebody changed the record of it.

Each entry's hash covers its own content and the hash of the entry before, so that altering, removing or inserting
one breaks every hash after it. Two things leave a sound chain: cutting off the end, and computing it anew from some
entry on. Only somebody who kept the head (number and hash of the newest entry) can tell: therefore it is shown, and
each mail about an account ends with it.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

BEFORE_THE_FIRST = "0" * 64


@dataclass(frozen=True)
class Entry:
    number: int
    at: datetime
    # None: the product itself, or somebody who has not signed in.
    by_id: int | None
    action: str
    subject: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reason: str | None


def hash_of(entry: Entry, previous_hash: str) -> str:
    content = {
        "number": entry.number,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "by": entry.by_id,
        "action": entry.action,
        "subject": entry.subject,
        "before": entry.before,
        "after": entry.after,
        "reason": entry.reason,
        "previous": previous_hash,
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True)
class Verdict:
    entries: int
    head: str
    # None: the chain is sound.
    first_bad: int | None


def verify(chained: Iterable[tuple[Entry, str, str]]) -> Verdict:
    """Walks the entries, oldest first, each with its stored previous hash and hash."""
    previous, count = BEFORE_THE_FIRST, 0
    for entry, stored_previous, stored in chained:
        count += 1
        if entry.number != count or stored_previous != previous or stored != hash_of(entry, previous):
            return Verdict(count, previous, first_bad=count)
        previous = stored
    return Verdict(count, previous, first_bad=None)
