"""One-time links: handed out in a mail or on a terminal, good once, for a while, for one purpose.

Only the hash of a token is kept: whoever reads the database cannot use what was handed out.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from tracker.refusal import N_, Refusal
from tracker.storage import links, people
from tracker.storage.admitting import LinkPurpose, OneTimeLink
from tracker.storage.base import Session

FIRST_ADMINISTRATOR_LIFETIME = timedelta(hours=1)


class LinkRefused(Refusal):
    """Unknown, expired or used: which of these is nobody's business."""

    def __init__(self) -> None:
        super().__init__(
            N_("This link does not work (any more). Each link works once and for a limited time: ask for a new one.")
        )


def hash_of(token: str) -> str:
    # A token has 256 random bits: it needs no slow hash.
    return hashlib.sha256(token.encode()).hexdigest()


def make(
    session: Session,
    purpose: LinkPurpose,
    *,
    person_id: int | None,
    lifetime: timedelta,
    now: datetime,
    details: str | None = None,
) -> str:
    """The token, which is kept nowhere. A new link for a person ends the older ones of its purpose."""
    # Who signs in with a passkey is not known yet: there is nobody's older link to end.
    if purpose is not LinkPurpose.PASSKEY_SIGN_IN:
        links.end_open(session, purpose, person_id, now=now)
    token = secrets.token_urlsafe(32)
    session.add(
        OneTimeLink(
            purpose=purpose,
            token_hash=hash_of(token),
            person_id=person_id,
            details=details,
            made_at=now,
            expires_at=now + lifetime,
        )
    )
    session.flush()
    return token


def open_link(session: Session, purpose: LinkPurpose, token: str, *, now: datetime) -> OneTimeLink:
    """Looks, and leaves it as it is."""
    link = links.open_link(session, purpose, hash_of(token), now=now)
    if link is None:
        raise LinkRefused
    return link


def use(session: Session, purpose: LinkPurpose, token: str, *, now: datetime) -> OneTimeLink:
    """Of two at once, one wins."""
    link = links.mark_used(session, purpose, hash_of(token), now=now)
    if link is None:
        raise LinkRefused
    return link


def first_administrator_link(session: Session, *, now: datetime) -> str | None:
    """None: somebody administers this installation already."""
    if people.active_administrators(session):
        return None
    purpose = LinkPurpose.FIRST_ADMINISTRATOR
    return make(session, purpose, person_id=None, lifetime=FIRST_ADMINISTRATOR_LIFETIME, now=now)
