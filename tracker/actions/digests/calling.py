"""A digest is told to a program as well: queued with the delivery, then called, and settled, by a worker.

What it tells are the headlines, each with its link, as the reader may see them; what is for the persons told and nobody
else is left out, for a chat has more readers than one. The call is made with the rights of that moment: where they
have changed since, it is given up, and the mail alone tells, as of then. A call that is late or made once more
tells what of its lines may still be told, as they read by then: marks may have changed, too.
"""

import json
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from tracker.actions.digests.telling import Headline, Made
from tracker.actions.sealing import Seal, Unreadable
from tracker.delivery.retry import next_attempt
from tracker.digest import DeliveryAct
from tracker.handling import Mark
from tracker.refusal import N_
from tracker.storage import deliveries, subscriptions, webhooks
from tracker.storage.base import Session
from tracker.storage.feeding import OutgoingCall
from tracker.storage.mailing import Delivery

HIGHEST_MARK = Mark.AMBER_STRICT
# What is called within so long, and for the first time, is told as it was made.
FRESH_FOR = timedelta(minutes=1)
OVERTAKEN = N_("Not called: a later digest has been made since, and tells how things stand.")
NOTHING_LEFT = N_("Not called: nothing of it is to be told any more.")
NOT_WANTED = N_("Not called: the webhook, the digest or the rights of its reader are not what they were.")


@dataclass(frozen=True)
class Call:
    """One that a worker makes until its lease is over."""

    call_id: int
    # Which attempt this is: it tells this claim from a later one of another worker.
    attempt: int
    message_id: str
    address: str
    secret: str
    body: str
    # None: somebody tries whether it works.
    delivery_id: int | None = None
    # It must not leave as it was made.
    is_stale: bool = False


def queue(session: Session, delivery: Delivery, made: Made, *, now: datetime) -> None:
    """Nothing where the subscription has no webhook; and what was queued once is not told again."""
    subscription_id = delivery.subscription_id
    if subscription_id is None or webhooks.of_subscription(session, subscription_id) is None:
        return
    if webhooks.is_queued(session, delivery.id):
        return
    told = [one for one in made.headlines if one.handling <= HIGHEST_MARK]
    # the subject counts what is left out, too
    subject = made.subject if made.handling <= HIGHEST_MARK else _name_of(session, subscription_id)
    rights = {"person_version": delivery.person_version, "catalogue_version": delivery.catalogue_version}
    body = _body(delivery.message_id, subscription_id, subject, told, now)
    _add(session, subscription_id, delivery.message_id, body, now, delivery_id=delivery.id, **rights)


def queue_try(session: Session, subscription_id: int, sentence: str, *, now: datetime) -> None:
    """Says nothing but that it works. One at a time."""
    if not webhooks.waits_for_a_try(session, subscription_id):
        message_id = f"try-{secrets.token_hex(16)}"
        _add(session, subscription_id, message_id, _body(message_id, subscription_id, sentence, [], now), now)


def claim(session: Session, seal: Seal, *, now: datetime, lease: timedelta) -> Call | None:
    """The next that is due. None: nothing is."""
    while (call := webhooks.next_free(session, now=now)) is not None:
        webhook = webhooks.of_subscription(session, call.subscription_id)
        opened = _opened(seal, webhook.sealed) if webhook else None
        if opened is None or not webhooks.still_may_be_told(session, call):
            give_up(session, call, NOT_WANTED, now=now)
            session.flush()
            continue
        is_late = call.attempts > 0 or now - call.queued_at > FRESH_FOR
        is_stale = call.delivery_id is not None and is_late
        if is_stale and deliveries.is_overtaken(session, call.delivery_id or 0):
            give_up(session, call, OVERTAKEN, now=now)
            session.flush()
            continue
        call.attempts += 1
        call.leased_until = now + lease
        assert call.body is not None, "a constraint keeps what is not settled"
        return Call(call.id, call.attempts, call.message_id, *opened, call.body, call.delivery_id, is_stale)
    return None


def make_anew(session: Session, claimed: Call, made: Made, *, now: datetime) -> Call | None:
    """Of what was to be told, that which is told of its reader's digest at this moment, too. None: nothing, or another
    worker has it."""
    call = webhooks.locked(session, claimed.call_id)
    if call is None or call.attempts != claimed.attempt or call.body is None:
        return None
    asked = [(one["url"], one["turn"], one["title"]) for one in json.loads(call.body)["headlines"]]
    there = [one for one in made.headlines if one.handling <= HIGHEST_MARK]
    told = _still_told(asked, there)
    if asked and not told:
        give_up(session, call, NOTHING_LEFT, now=now)
        return None
    is_whole = made.handling <= HIGHEST_MARK and len(told) == len(there) == len(asked)
    subject = made.subject if is_whole else _name_of(session, call.subscription_id)
    call.body = _body(call.message_id, call.subscription_id, subject, told, now)
    return replace(claimed, body=call.body, is_stale=False)


def settle_told(session: Session, claimed: Call, *, words: str, now: datetime) -> None:
    """It was taken. That is true whoever holds the call by now."""
    call = webhooks.locked(session, claimed.call_id)
    if call is None or call.told_at is not None:
        return
    call.told_at, call.given_up_at, call.body, call.leased_until, call.last_error = now, None, None, None, None
    _write_down(session, call, DeliveryAct.CALLED, words, now)


def settle_failed(session: Session, claimed: Call, *, error: str, for_good: bool, now: datetime) -> None:
    """Tried again later, as a mail is, or given up."""
    call = webhooks.locked(session, claimed.call_id)
    if call is None or call.attempts != claimed.attempt or call.body is None:
        return
    call.last_error, call.leased_until = error, None
    again = next_attempt(attempts=call.attempts, message_id=call.message_id, queued_at=call.queued_at, now=now)
    # whoever tries whether it works looks at the page now, and can try again
    if for_good or again is None or call.delivery_id is None:
        give_up(session, call, error, now=now)
    else:
        call.next_attempt_at = again
        _write_down(session, call, DeliveryAct.CALL_FAILED, error, now)


def settle_hindered(session: Session, claimed: Call, words: str, *, until: datetime | None, now: datetime) -> None:
    """It may not be told at present, and waits for that; or ever. None: for good."""
    if until is None:
        settle_failed(session, claimed, error=words, for_good=True, now=now)
        return
    call = webhooks.locked(session, claimed.call_id)
    if call is not None and call.attempts == claimed.attempt and call.body is not None:
        call.last_error, call.leased_until, call.next_attempt_at = words, None, until


def give_up(session: Session, call: OutgoingCall, words: str, *, now: datetime) -> None:
    call.given_up_at, call.body, call.leased_until, call.last_error = now, None, None, words
    _write_down(session, call, DeliveryAct.CALL_GIVEN_UP, words, now)


def sealed(seal: Seal, address: str, secret: str, *, now: datetime) -> str:
    return seal.close(json.dumps([address, secret]), now=now)


def _still_told(asked: Sequence[tuple[str, str, str]], there: Sequence[Headline]) -> list[Headline]:
    """Line for line: two days of one country lead to the same place, and one that is new is for the next digest."""
    left = Counter((url, turn) for url, turn, _title in asked)
    alike = sorted(there, key=lambda one: (one.url, one.turn, one.title) not in asked)
    found = []
    for one in alike:
        if left[one.url, one.turn]:
            left[one.url, one.turn] -= 1
            found.append(one)
    return [one for one in there if one in found]


def _name_of(session: Session, subscription_id: int) -> str:
    found = subscriptions.by_id(session, subscription_id)
    assert found is not None, "a delivery refers to its subscription"
    return found.name


def _opened(seal: Seal, closed: str) -> tuple[str, str] | None:
    """Address and secret. None: it was sealed for another installation."""
    try:
        address, secret = json.loads(seal.open(closed))
    except Unreadable:
        return None
    return address, secret


def _body(message_id: str, subscription_id: int, subject: str, told: Sequence[Headline], now: datetime) -> str:
    """`text` is what a chat shows; the rest is for programs that look closer."""
    lines = [f"• {one.title}: {one.words} {one.url}" if one.words else f"• {one.title} {one.url}" for one in told]
    highest = max((one.handling for one in told), default=Mark.CLEAR)
    content = {
        "id": message_id,
        "subscription": subscription_id,
        "made_at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "subject": subject,
        "handling": highest.label,
        "text": "\n".join([subject, *lines]),
        "headlines": [
            {
                "title": one.title,
                "words": one.words,
                "url": one.url,
                "iso3": one.iso3,
                "turn": one.turn,
                "severity": one.severity,
                "handling": one.handling.label,
            }
            for one in told
        ],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _add(
    session: Session,
    subscription_id: int,
    message_id: str,
    body: str,
    now: datetime,
    *,
    delivery_id: int | None = None,
    person_version: int | None = None,
    catalogue_version: int | None = None,
) -> None:
    session.add(
        OutgoingCall(
            subscription_id=subscription_id,
            delivery_id=delivery_id,
            message_id=message_id,
            body=body,
            person_version=person_version,
            catalogue_version=catalogue_version,
            queued_at=now,
            attempts=0,
            next_attempt_at=now,
        )
    )
    session.flush()


def _write_down(session: Session, call: OutgoingCall, act: DeliveryAct, words: str, now: datetime) -> None:
    """In the log of the delivery; a try has none."""
    if call.delivery_id is not None:
        deliveries.write_down(session, call.delivery_id, act, at=now, words=words)
