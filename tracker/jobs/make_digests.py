"""Puts into words what has fallen due, for one reader after the other, and queues it as mail.

What goes wrong with one is that one's affair: it is tried again later, and the others are told.
"""

import logging
import secrets
from collections import Counter
from datetime import datetime, timedelta
from enum import StrEnum

from tracker import failure
from tracker.actions.digests import making
from tracker.actions.digests.making import Claim, Obstacle, Told
from tracker.delivery.failures import NotHandedOver, RefusedForGood
from tracker.delivery.message import compose, host_of
from tracker.jobs.job import Shift
from tracker.storage import deliveries
from tracker.storage.base import DATABASE_AWAY, Session

logger = logging.getLogger(__name__)

# Longer than it takes to tell anybody anything, even on a slow day.
LEASE = timedelta(minutes=5)
# Then mail, files and the heartbeat have their turn; what is left is made seconds later.
LONGEST_RUN = timedelta(minutes=1)


class NoTeller(Exception):
    """This worker cannot put digests into words."""


class Ending(StrEnum):
    MADE = "made"
    SKIPPED = "skipped"
    FAILED = "to be tried again"
    GIVEN_UP = "given up"
    TAKEN_OVER = "made by another worker"


def anything_to_make(session: Session, now: datetime) -> bool:
    return deliveries.anything_to_make(session, now=now)


def make_digests(shift: Shift) -> str:
    if shift.teller is None:
        return ""
    endings: Counter[Ending] = Counter()
    owner, end = f"maker {secrets.token_hex(8)}", shift.clock() + LONGEST_RUN
    while not shift.stopping() and shift.clock() < end:
        with shift.database.writing() as session:
            claimed = making.claim(session, owner=owner, now=shift.clock(), lease=LEASE)
        if claimed is None:
            break
        endings[_make(shift, claimed)] += 1
    told = ", ".join(f"{endings[ending]} {ending}" for ending in Ending if endings[ending])
    return f"Digests: {told}." if told else ""


def tell(shift: Shift, delivery_id: int) -> Told | Obstacle:
    """As of this moment, with what its reader may see now. Nothing is written."""
    if shift.teller is None:
        raise NoTeller
    settings, now = shift.settings, shift.clock()
    with shift.database.reading(one_moment=True) as session:
        found = making.look(session, delivery_id, secret=settings.secret, public_url=settings.public_url, now=now)
        if isinstance(found, Obstacle):
            return found
        made = shift.teller.tell(session, found.asked, now)
    if made is None:
        return Obstacle(making.NOTHING_IS_NEW, looked_at=found.asked)
    message = compose(
        sender=settings.mail_from,
        recipient=found.recipient,
        subject=made.subject,
        body=made.text,
        html=made.html,
        images=made.images,
        leave_url=found.asked.leave_url,
        message_id=f"{found.message_id}@{host_of(settings.public_url)}",
        written_at=now,
    )
    return Told(found, made, message.as_bytes())


def _make(shift: Shift, claimed: Claim) -> Ending:
    try:
        told = tell(shift, claimed.delivery_id)
    except DATABASE_AWAY:
        raise
    except Exception as problem:
        return _settle_unmade(shift, claimed, problem)
    with shift.database.writing() as session:
        if isinstance(told, Obstacle):
            making.settle_skipped(session, claimed, told, now=shift.clock())
            return Ending.SKIPPED
        is_ours = making.settle_made(session, claimed, told, now=shift.clock())
    return Ending.MADE if is_ours else Ending.TAKEN_OVER


def _settle_unmade(shift: Shift, claimed: Claim, problem: Exception) -> Ending:
    error = failure.in_words(problem, shift.settings, is_sentence=isinstance(problem, NotHandedOver))
    logger.error("Delivery %s could not be made: %s\n%s", claimed.delivery_id, error, failure.way(problem))
    for_good = isinstance(problem, RefusedForGood)
    with shift.database.writing() as session:
        is_tried_again = making.settle_unmade(session, claimed, error=error, for_good=for_good, now=shift.clock())
    return Ending.FAILED if is_tried_again else Ending.GIVEN_UP
