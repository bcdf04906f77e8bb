"""After a database was put back from a backup: what waited in it may have left since, and must not leave once more.

Nothing is lost by that: what a digest that is skipped would have told is told by the next one. Of a letter nobody else
tells, so that it is among those that were given up.
"""

from dataclasses import dataclass
from datetime import datetime

from tracker.actions import audit
from tracker.actions import outgoing_mails as letters
from tracker.actions.digests import calling, making
from tracker.actions.digests.making import Obstacle
from tracker.refusal import N_
from tracker.storage import deliveries, outgoing_mails, subscriptions, webhooks
from tracker.storage.base import Session
from tracker.subscription import next_due_at

PUT_BACK = N_("The database was put back from a backup: it may have left since then.")


@dataclass(frozen=True)
class Unsent:
    """How many of each waited."""

    letters: int
    digests: int
    calls: int


def leave_unsent(session: Session, *, now: datetime) -> Unsent:
    """Before any worker sees the database."""
    waiting = outgoing_mails.waiting_letters(session)
    for mail in waiting:
        letters.give_up(session, mail, PUT_BACK, now=now)
    unsettled = deliveries.unsettled(session)
    for delivery in unsettled:
        outgoing_mails.remove_carrying(session, delivery.id)
        making.skip(session, delivery, Obstacle(PUT_BACK), now=now)
    calls = webhooks.waiting(session)
    for call in calls:
        calling.give_up(session, call, PUT_BACK, now=now)
    _begin_anew(session, now)
    unsent = Unsent(len(waiting), len(unsettled), len(calls))
    audit.record(session, "database put back", "mail", by=None, now=now, after=vars(unsent))
    return unsent


def _begin_anew(session: Session, now: datetime) -> None:
    """What fell due after the backup was told by those who worked then."""
    held = [one.subscription for one in subscriptions.everybodys(session)]
    timetables = [(one, subscriptions.timetable_of(one)) for one in held]
    after = [(one.id, next_due_at(timetable, now, one.paused_until)) for one, timetable in timetables]
    subscriptions.note_planned(session, now, after)
    subscriptions.begin_urgent_anew(session, now=now)
