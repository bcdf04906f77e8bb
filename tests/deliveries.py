"""Digests as they were sent, or as they fared, without a worker: `delivered(session, person, now=now)`."""

import itertools
from datetime import datetime
from typing import Any

from tracker.delivery.message import compose
from tracker.digest import SETTLED, DeliveryAct, DeliveryKind, DeliveryState
from tracker.handling import Mark
from tracker.storage import deliveries
from tracker.storage.admitting import Person
from tracker.storage.base import Session
from tracker.storage.mailing import Delivery, Subscription

HTML = '<!DOCTYPE html><html lang="en" dir="ltr"><head><title>D</title></head><body><h1>{words}</h1>{map}</body></html>'
MAP = '<img src="cid:map" alt="The map">'
_numbers = itertools.count(1)


def delivered(
    session: Session,
    person: Person,
    *,
    now: datetime,
    subscription: Subscription | None = None,
    state: DeliveryState = DeliveryState.SENT,
    handling: Mark = Mark.GREEN,
    subject: str = "Mali: alarm, was warning",
    words: str = "Mali: alarm",
    **differing: Any,
) -> Delivery:
    """With its mail, unless nothing was told; without a subscription it is an urgent notice."""
    number = next(_numbers)
    is_made = state in (DeliveryState.QUEUED, DeliveryState.SENT, DeliveryState.DEAD)
    usual: dict[str, Any] = {
        "kind": DeliveryKind.DIGEST if subscription else DeliveryKind.URGENT,
        "person_id": person.id,
        "subscription_id": subscription.id if subscription else None,
        "period_key": f"period-{number}",
        "due_at": now,
        "planned_at": now,
        "state": state,
        "message_id": f"digest-{number}",
        "attempts": 1,
        "next_attempt_at": now,
        "settled_at": now if state in SETTLED else None,
    }
    if is_made:
        usual |= {"made_at": now, "told_since": now, "told_until": now, "handling": handling, "subject": subject}
        usual |= {"person_version": 1, "catalogue_version": 1}
    made = Delivery(**(usual | differing))
    session.add(made)
    session.flush()
    if is_made:
        deliveries.keep_message(session, made.id, _mail(person, subject, words, number, now))
        deliveries.write_down(session, made.id, DeliveryAct.MADE, at=now)
    return made


def _mail(person: Person, subject: str, words: str, number: int, now: datetime) -> bytes:
    mail = compose(
        sender="Tracker <t@localhost>",
        recipient=person.email,
        subject=subject,
        body=f"{words}, in plain words",
        html=HTML.format(words=words, map=MAP),
        images={"map": b"\x89PNG"},
        message_id=f"digest-{number}@localhost",
        written_at=now,
    )
    return mail.as_bytes()
