"""What becomes of a digest, from its being due to its end: each is told exactly once.

A delivery is planned for a period, made for its reader with what they may see at that moment, queued as a mail, and
sent; or there is nothing to tell and it is skipped; or it cannot be made or sent, and says so until somebody looks.
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

# Between two urgent notices to one person.
URGENT_AT_MOST_EVERY = timedelta(hours=1)
# What was made so long ago is made anew before it leaves: marks and rights may have changed, and more have happened.
FRESH_FOR = timedelta(hours=1)
# An urgent notice leaves at once. One that does not was not taken, or waits behind thousands.
URGENT_FRESH_FOR = timedelta(minutes=5)
# Then somebody must look at why it cannot be made.
MOST_ATTEMPTS_TO_MAKE = 5
# So often may the worker end that makes it, in an hour at least. Machines are restarted, which is no fault of a digest;
# but one may be such that it ends whoever makes it.
MOST_WORKERS_ENDED = 12
# So often in a row an address is refused before it gets no more digests.
REFUSALS_UNTIL_SUPPRESSED = 3


class DeliveryKind(StrEnum):
    DIGEST = "digest"
    URGENT = "urgent"


class DeliveryState(StrEnum):
    PLANNED = "planned"
    QUEUED = "queued"
    SENT = "sent"
    # Nothing was new, or the reader is not to be told just now, or a later period tells all of it.
    SKIPPED = "skipped"
    # It could not be made, or the relay would not take it. Somebody can have it tried again.
    DEAD = "dead"


class DeliveryAct(StrEnum):
    """What stands in the log of a delivery."""

    MADE = "made"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"
    GIVEN_UP = "given_up"
    # A worker ended after the relay had the text: nobody can tell whether it was taken.
    UNCERTAIN = "uncertain"
    REQUEUED = "requeued"
    # Somebody knows that it arrived.
    TAKEN_AS_SENT = "taken_as_sent"
    # Told to a program as well, or not; the mail is its own affair.
    CALLED = "called"
    CALL_FAILED = "call_failed"
    CALL_GIVEN_UP = "call_given_up"


# The states in which nobody has to do anything more about it by themselves.
SETTLED = frozenset({DeliveryState.SENT, DeliveryState.SKIPPED, DeliveryState.DEAD})
# What a delivery in one of these has told of is not told again.
TOLD = frozenset({DeliveryState.QUEUED, DeliveryState.SENT, DeliveryState.SKIPPED})


def message_id(kind: DeliveryKind, of: int, begun_at: datetime, period_key: str) -> str:
    """What stands before the @: the same for the same period of the same subscription or, if urgent, person.

    Derived and not drawn: planned anew in a database that was put back from a backup, it is still the same mail.
    `begun_at`: when the subscription was made, so that one in a new database has its own.
    """
    named = f"{kind} {of} {begun_at.astimezone(UTC).isoformat()} {period_key}"
    return f"{kind}-{sha256(named.encode()).hexdigest()[:32]}"


def key_of_urgent(due_at: datetime) -> str:
    """2026-11-20T14:05, in UTC."""
    return due_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M")
