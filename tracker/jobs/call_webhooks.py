"""Tells digests to programs: claim, call, settle, one at a time, and never while a transaction is open."""

from datetime import datetime, timedelta

from tracker import failure
from tracker.actions.digests import calling
from tracker.actions.digests.calling import Call
from tracker.actions.sealing import WEBHOOKS, Seal
from tracker.delivery.failures import NotHandedOver, RefusedForGood
from tracker.delivery.webhook import Message, call
from tracker.jobs.job import Shift
from tracker.storage import webhooks
from tracker.storage.base import Session

LEASE = timedelta(minutes=5)
# Then mail has its turn: a program that answers slowly, or never, must not keep it waiting.
LONGEST_RUN = timedelta(seconds=15)


def anything_to_call(session: Session, now: datetime) -> bool:
    return webhooks.anything_free(session, now=now)


def call_webhooks(shift: Shift) -> str:
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


def _call(shift: Shift, claimed: Call) -> bool:
    now = shift.clock()
    message = Message(claimed.message_id, claimed.body, claimed.secret, int(now.timestamp()))
    try:
        words = call(claimed.address, message, shift.settings.reach)
    # Whatever is wrong with one, those behind it are called.
    except Exception as problem:
        told = str(problem) if isinstance(problem, NotHandedOver) else failure.in_words(problem, shift.settings)
        for_good = isinstance(problem, RefusedForGood)
        with shift.database.writing() as session:
            calling.settle_failed(session, claimed, error=told, for_good=for_good, now=shift.clock())
        return False
    with shift.database.writing() as session:
        calling.settle_told(session, claimed, words=words, now=shift.clock())
    return True
