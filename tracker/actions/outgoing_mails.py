"""Mail on its way out: queued with the change that it tells of, then claimed, sent and settled by a worker.

Queueing is part of somebody else's transaction: if the change is undone, so is its mail. Sending happens outside any
transaction, between a claim and a settlement that are each committed. A worker that is killed after the relay took a
mail and before that is written down cannot be told from one that was killed before: once its lease is over, another
sends the mail again, with the same Message-ID, by which a mail program shows it once.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.delivery.message import LONGEST_SUBJECT
from tracker.delivery.retry import next_attempt
from tracker.storage import outgoing_mails
from tracker.storage.base import Session
from tracker.storage.models import OutgoingMail
from tracker.text import one_line, plain_text

TOO_LATE = "Not sent: the link in it works no more."


@dataclass(frozen=True)
class Claim:
    """A mail that one worker holds until its lease is over, with all that is needed to send it."""

    mail_id: int
    # Which attempt this is: it tells this claim from a later one of another worker.
    attempt: int
    message_id: str
    recipient: str
    subject: str
    body: str
    queued_at: datetime


def queue(
    session: Session,
    *,
    recipient: str,
    subject: str,
    body: str,
    now: datetime,
    useless_after: datetime | None = None,
) -> OutgoingMail:
    """Leaves with this transaction or not at all; not any more once it is useless."""
    mail = OutgoingMail(
        message_id=secrets.token_hex(16),
        recipient=recipient,
        # What a mail cannot carry must not reach the database either: PostgreSQL takes no NUL.
        subject=one_line(subject, LONGEST_SUBJECT),
        body=plain_text(body),
        queued_at=now,
        attempts=0,
        next_attempt_at=now,
        useless_after=useless_after,
    )
    session.add(mail)
    session.flush()
    return mail


def claim(session: Session, *, now: datetime, lease: timedelta) -> Claim | None:
    """The next mail that is due, which no other worker touches until the lease is over. None: nothing is due."""
    mail = _next_useful(session, now)
    if mail is None:
        return None
    mail.attempts += 1
    mail.leased_until = now + lease
    # A constraint keeps the text of every mail that is not settled.
    assert mail.body is not None
    return Claim(mail.id, mail.attempts, mail.message_id, mail.recipient, mail.subject, mail.body, mail.queued_at)


def settle_sent(session: Session, claimed: Claim, *, now: datetime) -> None:
    """It left. That is true whoever holds the mail by now, so it is written down in any case."""
    mail = outgoing_mails.locked(session, claimed.mail_id)
    if mail is None or mail.sent_at is not None:
        return
    mail.sent_at = now
    mail.given_up_at = None
    mail.body = None
    mail.leased_until = None
    mail.last_error = None


def settle_failed(session: Session, claimed: Claim, *, error: str, for_good: bool, now: datetime) -> None:
    """Tried again later, or given up: for good at once, otherwise after a day or when it would come too late."""
    mail = outgoing_mails.locked(session, claimed.mail_id)
    # Another worker took it over: letting go of its lease would set a third one on the same mail.
    if mail is None or mail.attempts != claimed.attempt or mail.body is None:
        return
    mail.last_error = error
    mail.leased_until = None
    again = next_attempt(attempts=mail.attempts, message_id=mail.message_id, queued_at=mail.queued_at, now=now)
    if for_good or again is None or _is_useless(mail, again):
        mail.given_up_at = now
        mail.body = None
    else:
        mail.next_attempt_at = again


def _next_useful(session: Session, now: datetime) -> OutgoingMail | None:
    """The next that is due; those whose time is over, because no worker ran, are given up on the way."""
    while (mail := outgoing_mails.next_free(session, now=now)) is not None and _is_useless(mail, now):
        mail.last_error = mail.last_error or TOO_LATE
        mail.given_up_at = now
        mail.body = None
        mail.leased_until = None
        session.flush()
    return mail


def _is_useless(mail: OutgoingMail, at: datetime) -> bool:
    return mail.useless_after is not None and at >= mail.useless_after
