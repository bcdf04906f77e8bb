"""When is a mail that failed tried again, and when is it given up?"""

from datetime import datetime, timedelta
from hashlib import sha256

# After the first failure, the second ... and the last of them from then on.
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=60))
GIVE_UP_AFTER = timedelta(hours=24)
# Mail that waited for days because the worker was not running still gets its fair number of attempts.
LEAST_ATTEMPTS = 5
# A wait grows by up to this part of itself.
JITTER = 0.2


def next_attempt(*, attempts: int, message_id: str, queued_at: datetime, now: datetime) -> datetime | None:
    """The moment of the next attempt after `attempts` that failed; None: it is given up."""
    if attempts >= LEAST_ATTEMPTS and now - queued_at >= GIVE_UP_AFTER:
        return None
    return now + wait_after(attempts, message_id)


def wait_after(attempts: int, message_id: str) -> timedelta:
    """Ever longer, and for each a little different."""
    wait = WAITS[min(attempts, len(WAITS)) - 1]
    return wait * (1 + JITTER * _share(message_id, attempts))


def _share(message_id: str, attempts: int) -> float:
    """From 0 to 1, different for every mail, so that a thousand do not come back in the same second.

    Derived and not drawn: what a mail does next can be told from its row.
    """
    digest = sha256(f"{message_id} {attempts}".encode()).digest()
    return int.from_bytes(digest[:4], "big") / 0xFFFFFFFF
