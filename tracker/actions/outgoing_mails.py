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
from tracker.digest import FRESH_FOR, URGENT_FRESH_FOR, DeliveryAct, DeliveryKind
from tracker.refusal import N_
from tracker.storage import deliveries, outgoing_mails, refused_addresses
from tracker.storage.base import Session
from tracker.storage.mailing import Delivery
from tracker.storage.outgoing_mails import Waiting
from tracker.storage.running import OutgoingMail
from tracker.subscription import QuietHours
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
    # Whether the address was refused the last time.
    was_refused: bool
    # None: a letter.
    delivery_id: int | None = None
    # The whole mail, as it was frozen. None: a letter.
    message: bytes | None = None
    # Its reader wants it no more, or what they may see has changed since it was made, or much else may have: it must
    # not leave like that.
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


def claim(session: Session, *, owner: str, now: datetime, lease: timedelta, most: int = 1) -> list[Claim]:
    """The next mails that are due, which no other worker touches until the lease is over. Those whose time is over,
    because no worker ran, are given up on the way; those whose reader is not to be told at this hour, because they
    were delayed into it, are put off."""
    found = outgoing_mails.next_free(session, now=now, most=most)
    while unfit := [one for one in found if _is_late(one, now) or _quiet_until(one, now) > now]:
        for one in unfit:
            if _is_late(one, now):
                _give_up_late(session, one.id, now=now)
            elif one.delivery_id is not None:
                outgoing_mails.put_off(session, one.id, one.delivery_id, until=_quiet_until(one, now))
        found = outgoing_mails.next_free(session, now=now, most=most)
    outgoing_mails.hold(session, [one.id for one in found], owner=owner, until=now + lease)
    return [_claimed(one, owner, now, now + lease) for one in found]


def held(session: Session, claimed: Claim) -> OutgoingMail | None:
    """None: another worker took it over, or somebody took it back."""
    mail = outgoing_mails.locked(session, claimed.mail_id)
    return mail if mail is not None and mail.owner == claimed.owner else None


def readdress(mail: OutgoingMail, claimed: Claim, delivery: Delivery, recipient: str, message: bytes) -> Claim:
    """Its delivery was made anew."""
    assert delivery.subject is not None
    assert delivery.made_at is not None
    mail.recipient, mail.subject = recipient, delivery.subject
    return replace(
        claimed,
        recipient=recipient,
        subject=delivery.subject,
        message=message,
        written_at=delivery.made_at,
        is_stale=False,
    )


def begin_transmitting(session: Session, *claimed: Claim, now: datetime) -> frozenset[int]:
    """Those that may have left from now on. Of the others not a word may be sent: another worker has them by now."""
    owners = {one.owner for one in claimed}
    return frozenset().union(
        *(
            outgoing_mails.mark_transmitting(
                session, [one.mail_id for one in claimed if one.owner == owner], owner=owner, now=now
            )
            for owner in owners
        )
    )


def settle_sent(session: Session, *claimed: Claim, now: datetime) -> None:
    """They left. That is true whoever holds them by now, so it is written down in any case."""
    news = outgoing_mails.mark_sent(session, [one.mail_id for one in claimed], now=now)
    settled = [one for one in claimed if one.mail_id in news]
    refused_addresses.forget(session, [one.recipient for one in settled if one.was_refused])
    carried = {one.delivery_id: one for one in settled if one.delivery_id is not None}
    deliveries.mark_sent(session, carried, now=now)
    told = {delivery_id: PERHAPS_AGAIN if one.is_uncertain else "" for delivery_id, one in carried.items()}
    deliveries.write_down_all(session, DeliveryAct.SENT, told, at=now)


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


def give_up(session: Session, letter: OutgoingMail, words: str, *, now: datetime) -> None:
    letter.last_error = words
    _give_up(session, letter, DeliveryAct.GIVEN_UP, now=now)


def _claimed(found: Waiting, owner: str, now: datetime, until: datetime) -> Claim:
    is_uncertain = found.transmitting_at is not None
    claimed = Claim(
        *(found.id, owner, found.message_id, found.recipient, found.subject, found.body, found.queued_at),
        leased_until=until,
        is_uncertain=is_uncertain,
        was_refused=found.was_refused,
    )
    if found.delivery_id is None:
        return claimed
    assert found.made_at is not None, "a constraint keeps the mail of every delivery that is queued"
    fresh_for = URGENT_FRESH_FOR if found.kind is DeliveryKind.URGENT else FRESH_FOR
    is_old = now - found.made_at > fresh_for and not is_uncertain
    return replace(
        claimed,
        delivery_id=found.delivery_id,
        message=found.message,
        written_at=found.made_at,
        is_stale=is_old or not found.is_right,
    )


def _is_late(one: Waiting, now: datetime) -> bool:
    return one.useless_after is not None and one.useless_after <= now


def _quiet_until(one: Waiting, now: datetime) -> datetime:
    """The moment itself: it is no quiet hour."""
    if one.quiet_from is None or one.quiet_until is None or one.zone is None:
        return now
    return QuietHours(one.quiet_from, one.quiet_until).hold(now, one.zone)


def _give_up_late(session: Session, mail_id: int, *, now: datetime) -> None:
    mail = outgoing_mails.locked(session, mail_id)
    assert mail is not None, "it is held by this transaction"
    mail.last_error = mail.last_error or TOO_LATE
    _give_up(session, mail, DeliveryAct.GIVEN_UP, now=now)
    session.flush()


def _give_up(session: Session, mail: OutgoingMail, act: DeliveryAct, *, now: datetime) -> None:
    mail.given_up_at = now
    mail.body = None
    _let_go(mail)
    if mail.delivery_id is not None:
        words = mail.last_error or ""
        deliveries.mark_dead(session, mail.delivery_id, words, now=now)
        deliveries.write_down(session, mail.delivery_id, act, at=now, words=words)


def _let_go(mail: OutgoingMail) -> None:
    mail.owner = mail.leased_until = None


def _is_useless(mail: OutgoingMail, at: datetime) -> bool:
    return mail.useless_after is not None and at >= mail.useless_after
