"""One click in a mail ends what it came from, whoever is signed in where (RFC 8058). Looking at the address does not.

Its token is signed and not kept: it works in a mail of years ago, and nobody can make one for somebody else's digest.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from tracker.actions.digests import subscribing
from tracker.digest import DeliveryKind
from tracker.storage import subscriptions
from tracker.storage.base import Session

ONE_CLICK = "by the link in a mail"


@dataclass(frozen=True)
class Leaving:
    """What a token ends: a subscription by its number, or the urgent notices of a person."""

    kind: DeliveryKind
    of: int


def leave_token(secret: str, kind: DeliveryKind, of: int) -> str:
    return f"{kind}-{of}-{_signature(secret, kind, of)}"


def leave_url(public_url: str, secret: str, kind: DeliveryKind, of: int) -> str:
    return f"{public_url}/leave/{leave_token(secret, kind, of)}"


def read_token(secret: str, token: str) -> Leaving | None:
    """None: nobody here made it."""
    word, _, rest = token.partition("-")
    number, _, signature = rest.partition("-")
    if word not in list(DeliveryKind) or not (number.isascii() and number.isdecimal()) or len(number) > 18:
        return None
    kind, of = DeliveryKind(word), int(number)
    is_ours = hmac.compare_digest(signature.encode(), _signature(secret, kind, of).encode())
    return Leaving(kind, of) if is_ours else None


def leave(session: Session, secret: str, token: str, *, now: datetime) -> Leaving | None:
    """None: nobody here made it. The same once more changes nothing."""
    leaving = read_token(secret, token)
    if leaving is None:
        return None
    if leaving.kind is DeliveryKind.URGENT:
        subscribing.stop_urgent(session, leaving.of, by=None, now=now, reason=ONE_CLICK)
        return leaving
    found = subscriptions.locked(session, leaving.of)
    if found is None:
        return None
    subscribing.stop(session, found, by=None, now=now, reason=ONE_CLICK)
    return leaving


def _signature(secret: str, kind: DeliveryKind, of: int) -> str:
    # a key of its own for this use: it signs nothing else
    key = hmac.digest(secret.encode(), b"leaving a digest", sha256)
    return hmac.digest(key, f"{kind} {of}".encode(), sha256).hex()[:40]
