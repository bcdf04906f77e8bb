"""Tells digests to programs: claim, call, settle, one at a time, and never while a transaction is open.

What is told later than at once is told as its reader may see it then.
"""

from datetime import datetime, timedelta

from tracker import failure
from tracker.actions.digests import calling
from tracker.actions.digests.calling import Call
from tracker.actions.digests.making import Obstacle
from tracker.actions.sealing import WEBHOOKS, Seal
from tracker.delivery.failures import NotHandedOver, RefusedForGood
from tracker.delivery.webhook import Message, call
from tracker.jobs.job import Shift
from tracker.jobs.make_digests import tell
from tracker.storage import webhooks
from tracker.storage.base import DATABASE_AWAY, Session

LEASE = timedelta(minutes=5)
# Then mail has its turn: a program that answers slowly, or never, must not keep it waiting.
LONGEST_RUN = timedelta(seconds=15)


def anything_to_call(session: Session, now: datetime) -> bool:
    return webhooks.anything_free(session, now=now)


def call_webhooks(shift: Shift) -> str:
    if shift.teller is None:
        return ""
    seal = Seal(shift.settings.secret, WEBHOOKS)
    told, failed, end = 0, 0, shift.clock() + LONGEST_RUN
    while not shift.stopping() and shift.clock() < end:
        with shift.database.writing() as session:
            claimed = calling.claim(session, seal, now=shift.clock(), lease=LEASE)
        if claimed is None:
            break
        if _call(shift, claimed):
            told += 1
        else:
            failed += 1
    return f"Webhooks: {told} told, {failed} not." if told or failed else ""


def _told_anew(shift: Shift, claimed: Call) -> Call | None:
    """As its reader may see it at this moment. None: nothing of it is left to be told."""
    assert claimed.delivery_id is not None, "a try does not become stale"
    told = tell(shift, claimed.delivery_id)
    with shift.database.writing() as session:
        if isinstance(told, Obstacle):
            calling.settle_hindered(session, claimed, told.words, until=told.until, now=shift.clock())
            return None
        return calling.make_anew(session, claimed, told.made, now=shift.clock())


def _call(shift: Shift, claimed: Call) -> bool:
    try:
        ready = _told_anew(shift, claimed) if claimed.is_stale else claimed
        if ready is None:
            return False
        message = Message(ready.message_id, ready.body, ready.secret, int(shift.clock().timestamp()))
        words = call(ready.address, message, shift.settings.reach)
    except DATABASE_AWAY:
        raise
    # Whatever is wrong with one, those behind it are called.
    except Exception as problem:
        told = failure.in_words(problem, shift.settings, is_sentence=isinstance(problem, NotHandedOver))
        for_good = isinstance(problem, RefusedForGood)
        with shift.database.writing() as session:
            calling.settle_failed(session, claimed, error=told, for_good=for_good, now=shift.clock())
        return False
    with shift.database.writing() as session:
        calling.settle_told(session, claimed, words=words, now=shift.clock())
    return True
