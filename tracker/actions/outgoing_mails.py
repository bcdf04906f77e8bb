"""Mail on its way out: queued with the change that it tells of, then claimed, sent and settled by a worker.

Queueing is part of somebody else's transaction: if the change is undone, so is its mail. Sending happens outside any
transaction, between a claim and a settlement that are each committed. Just before the relay gets the text, the mail is
marked as being transmitted: a worker that ends before that has certainly sent nothing, and another sends it once the
lease is over. One that ends after it, and before the end is written down, leaves a mail of which nobody can tell
whether it was taken: what then happens is for whoever claims it to decide.

A mail is a letter, with its text, or it carries a delivery, where the whole mail is kept.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tracker.delivery.message import LONGEST_SUBJECT
from tracker.delivery.retry import next_attempt
from tracker.digest import FRESH_FOR, DeliveryAct
from tracker.refusal import N_
from tracker.storage import deliveries, outgoing_mails, refused_addresses
from tracker.storage.base import Session
from tracker.storage.mailing import Delivery
from tracker.storage.models import OutgoingMail
from tracker.text import one_line, plain_text

TOO_LATE = "Not sent: the link in it works no more."
UNCERTAIN = N_("A worker ended while the relay had it: nobody can tell whether it was taken.")

PERHAPS_AGAIN = N_("It may have left before: it has the same Message-ID.")


@dataclass(frozen=True)
class Claim:
    """A mail that one worker holds until its lease is over, with all that is needed to send it."""

    mail_id: int
    owner: str
    message_id: str
    recipient: str
    subject: str
    # Of a letter; None: it carries a delivery.
    body: str | None
    # What its date is: of a letter when it was queued, of a delivery when it was made.
    written_at: datetime
    leased_until: datetime
    # Whether a worker that held it before may have handed it over.
    is_uncertain: bool
    # None: a letter.
    delivery_id: int | None = None
    # The whole mail, as it was frozen. None: a letter.
    message: bytes | None = None
    # What its reader may see has changed since it was made, or much else may have: it must not leave like that.
    is_stale: bool = False


def queue(
    session: Session,
    *,
    recipient: str,
    subject: str,
    body: str,
    now: datetime,
    useless_after: datetime | None = None,
) -> OutgoingMail:
    """A letter. It leaves with this transaction or not at all; not any more once it is useless."""
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


def queue_delivery(session: Session, delivery: Delivery, recipient: str, *, now: datetime) -> OutgoingMail:
    mail = OutgoingMail(
        message_id=delivery.message_id,
        delivery_id=delivery.id,
        recipient=recipient,
        subject=delivery.subject,
        queued_at=now,
        attempts=0,
        next_attempt_at=now,
    )
    session.add(mail)
    session.flush()
    return mail


def claim(session: Session, *, owner: str, now: datetime, lease: timedelta) -> Claim | None:
    """The next mail that is due, which no other worker touches until the lease is over. None: nothing is due."""
    mail = _next_useful(session, now)
    if mail is None:
        return None
    mail.attempts += 1
    mail.owner, mail.leased_until = owner, now + lease
    claimed = Claim(
        *(mail.id, owner, mail.message_id, mail.recipient, mail.subject, mail.body, mail.queued_at),
        leased_until=now + lease,
        is_uncertain=mail.transmitting_at is not None,
    )
    return claimed if mail.delivery_id is None else _with_delivery(session, claimed, mail.delivery_id, now)


def held(session: Session, claimed: Claim) -> OutgoingMail | None:
    """None: another worker took it over, or somebody took it back."""
    mail = outgoing_mails.locked(session, claimed.mail_id)
    return mail if mail is not None and mail.owner == claimed.owner else None


def readdress(mail: OutgoingMail, claimed: Claim, delivery: Delivery, recipient: str) -> Claim:
    """Its delivery was made anew."""
    assert delivery.subject is not None
    assert delivery.made_at is not None
    mail.recipient, mail.subject = recipient, delivery.subject
    return replace(
        claimed,
        recipient=recipient,
        subject=delivery.subject,
        message=delivery.message,
        written_at=delivery.made_at,
        is_stale=False,
    )


def begin_transmitting(session: Session, claimed: Claim, *, now: datetime) -> bool:
    """From now on it may have left. False: another worker has it by now, so that not a word of it may be sent."""
    return outgoing_mails.mark_transmitting(session, claimed.mail_id, claimed.owner, now)


def release(session: Session, claimed: Claim) -> None:
    """It was not even tried."""
    mail = held(session, claimed)
    if mail is not None:
        mail.attempts -= 1
        _let_go(mail)


def settle_sent(session: Session, claimed: Claim, *, now: datetime) -> None:
    """It left. That is true whoever holds the mail by now, so it is written down in any case."""
    if not outgoing_mails.mark_sent(session, claimed.mail_id, now):
        return
    refused_addresses.forget(session, claimed.recipient)
    if claimed.delivery_id is not None:
        deliveries.mark_sent(session, claimed.delivery_id, now)
        words = PERHAPS_AGAIN if claimed.is_uncertain else ""
        deliveries.write_down(session, claimed.delivery_id, DeliveryAct.SENT, at=now, words=words)


def settle_failed(
    session: Session,
    claimed: Claim,
    *,
    error: str,
    now: datetime,
    for_good: bool = False,
    may_have_left: bool = False,
    recipient_refused: bool = False,
) -> None:
    """Tried again later, or given up: for good at once, otherwise after a day or when it would come too late."""
    mail = held(session, claimed)
    # Another worker took it over: letting go of its lease would set a third one on the same mail.
    if mail is None or mail.sent_at is not None or mail.given_up_at is not None:
        return
    mail.last_error = error
    if not may_have_left:
        mail.transmitting_at = None
    if recipient_refused:
        refused_addresses.count(session, claimed.recipient, error, now=now)
    again = next_attempt(attempts=mail.attempts, message_id=mail.message_id, queued_at=mail.queued_at, now=now)
    if for_good or again is None or _is_useless(mail, again):
        _give_up(session, mail, DeliveryAct.GIVEN_UP, now=now)
        return
    mail.next_attempt_at = again
    _let_go(mail)
    if mail.delivery_id is not None:
        deliveries.write_down(session, mail.delivery_id, DeliveryAct.FAILED, at=now, words=error)


def settle_uncertain(session: Session, claimed: Claim, *, now: datetime) -> None:
    """It is not sent again: somebody has to find out whether it arrived."""
    mail = held(session, claimed)
    if mail is not None:
        mail.last_error = UNCERTAIN
        _give_up(session, mail, DeliveryAct.UNCERTAIN, now=now)


def _with_delivery(session: Session, claimed: Claim, delivery_id: int, now: datetime) -> Claim:
    frozen = outgoing_mails.frozen(session, delivery_id)
    is_old = now - frozen.made_at > FRESH_FOR and not claimed.is_uncertain
    return replace(
        claimed,
        delivery_id=delivery_id,
        message=frozen.message,
        written_at=frozen.made_at,
        is_stale=is_old or not frozen.same_rights,
    )


def _next_useful(session: Session, now: datetime) -> OutgoingMail | None:
    """The next that is due; those whose time is over, because no worker ran, are given up on the way."""
    while (mail := outgoing_mails.next_free(session, now=now)) is not None and _is_useless(mail, now):
        mail.last_error = mail.last_error or TOO_LATE
        _give_up(session, mail, DeliveryAct.GIVEN_UP, now=now)
        session.flush()
    return mail


def _give_up(session: Session, mail: OutgoingMail, act: DeliveryAct, *, now: datetime) -> None:
    mail.given_up_at = now
    mail.body = None
    _let_go(mail)
    if mail.delivery_id is not None:
        words = mail.last_error or ""
        deliveries.mark_dead(session, mail.delivery_id, words, now)
        deliveries.write_down(session, mail.delivery_id, act, at=now, words=words)


def _let_go(mail: OutgoingMail) -> None:
    mail.owner = mail.leased_until = None


def _is_useless(mail: OutgoingMail, at: datetime) -> bool:
    return mail.useless_after is not None and at >= mail.useless_after
