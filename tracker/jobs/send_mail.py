"""Sends the mail that is due: claim, send, settle, one mail at a time, and never while a transaction is open."""

from collections import Counter
from datetime import datetime, timedelta
from email.message import EmailMessage
from enum import StrEnum

from tracker import failure
from tracker.actions import outgoing_mails
from tracker.actions.outgoing_mails import Claim
from tracker.delivery.failures import RefusedForGood, RelayAway
from tracker.delivery.mailbox import Mailbox, open_mailbox
from tracker.delivery.message import compose, host_of
from tracker.jobs.job import Shift
from tracker.settings import Settings
from tracker.storage import outgoing_mails as kept_mails
from tracker.storage.base import DATABASE_AWAY, Session

# Longer than the relay can keep one mail waiting: a dozen answers with a time-out of 30 seconds each.
LEASE = timedelta(minutes=10)
# Then the other jobs have their turn, the heartbeat first; what is left goes out seconds later.
LONGEST_RUN = timedelta(minutes=1)
# A mail that left and is not known to have left is sent again: the database gets this long to come back. Together with
# the longest hand-over this is less than the lease.
PAUSES_BEFORE_SETTLING_AGAIN = (1.0, 5.0, 15.0, 30.0)


class Ending(StrEnum):
    SENT = "sent"
    REFUSED = "refused for good"
    DELAYED = "to be tried again"
    RELAY_AWAY = "kept because the relay is away"


def anything_to_send(session: Session, now: datetime) -> bool:
    return kept_mails.anything_free(session, now=now)


def send_mail(shift: Shift) -> str:
    endings: Counter[Ending] = Counter()
    end = shift.clock() + LONGEST_RUN
    with open_mailbox(shift.settings) as mailbox:
        while not shift.stopping() and shift.clock() < end:
            with shift.database.writing() as session:
                claimed = outgoing_mails.claim(session, now=shift.clock(), lease=LEASE)
            if claimed is None:
                break
            ending = _send(shift, mailbox, claimed)
            endings[ending] += 1
            if ending is Ending.RELAY_AWAY:
                break
    told = ", ".join(f"{endings[ending]} {ending}" for ending in Ending if endings[ending])
    return f"Mail: {told}." if told else ""


def _send(shift: Shift, mailbox: Mailbox, claimed: Claim) -> Ending:
    try:
        mailbox.hand_over(_composed(claimed, shift.settings))
    # Whatever is wrong with one mail, those behind it go out.
    except Exception as problem:
        with shift.database.writing() as session:
            outgoing_mails.settle_failed(
                session,
                claimed,
                error=failure.in_words(problem, shift.settings),
                for_good=isinstance(problem, RefusedForGood),
                now=shift.clock(),
            )
        return _ending(problem)
    _settle_sent(shift, claimed)
    return Ending.SENT


def _settle_sent(shift: Shift, claimed: Claim) -> None:
    sent_at = shift.clock()
    for pause in (*PAUSES_BEFORE_SETTLING_AGAIN, None):
        try:
            with shift.database.writing() as session:
                outgoing_mails.settle_sent(session, claimed, now=sent_at)
        except DATABASE_AWAY:
            if pause is None:
                raise
            shift.pause(pause)
        else:
            return


def _composed(claimed: Claim, settings: Settings) -> EmailMessage:
    return compose(
        sender=settings.mail_from,
        recipient=claimed.recipient,
        subject=claimed.subject,
        body=claimed.body,
        message_id=f"{claimed.message_id}@{host_of(settings.public_url)}",
        # The day it was meant for, not that of the attempt: every attempt is the same mail.
        written_at=claimed.queued_at,
    )


def _ending(problem: Exception) -> Ending:
    if isinstance(problem, RefusedForGood):
        return Ending.REFUSED
    return Ending.RELAY_AWAY if isinstance(problem, RelayAway) else Ending.DELAYED
