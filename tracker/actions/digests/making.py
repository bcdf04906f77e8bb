"""One worker makes one delivery: claimed, told for its reader as of this moment, frozen and queued as a mail.

The claim and the end are transactions of their own; the telling, which takes longest, is in neither. A worker that is
killed meanwhile has told nobody anything: another begins again when its lease is over.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.access import PersonStatus
from tracker.actions import outgoing_mails
from tracker.actions.digests import calling
from tracker.actions.digests.leaving import leave_url
from tracker.actions.digests.telling import Asked, Made
from tracker.delivery.message import LONGEST_SUBJECT
from tracker.delivery.retry import wait_after
from tracker.digest import MOST_ATTEMPTS_TO_MAKE, MOST_WORKERS_ENDED, DeliveryAct, DeliveryKind, DeliveryState
from tracker.period import zone_or_utc
from tracker.refusal import N_
from tracker.storage import deliveries, people, refused_addresses, subscriptions
from tracker.storage.admitting import Person
from tracker.storage.base import Session
from tracker.storage.mailing import Delivery, Subscription
from tracker.storage.running import OutgoingMail
from tracker.subscription import pause_ends_at
from tracker.text import one_line

NOTHING_IS_NEW = N_("Nothing was new.")
NOT_ACTIVE = N_("The person cannot sign in at present.")
ENDED = N_("It was ended.")
PAUSED = N_("It is paused.")
SUPPRESSED = N_("The address was refused too often: nothing is sent to it until somebody says so.")
ENDED_EACH_TIME = N_("Given up: the worker ended each time that it made this.")


@dataclass(frozen=True)
class Claim:
    """A delivery that one worker makes until its lease is over."""

    delivery_id: int
    owner: str


@dataclass(frozen=True)
class Order:
    """For whom a delivery is to be made, as things stand."""

    asked: Asked
    recipient: str
    message_id: str
    # What the reader may see changes with either of these.
    person_version: int
    catalogue_version: int


@dataclass(frozen=True)
class Told:
    """A digest as one reader gets it, and the whole mail."""

    order: Order
    made: Made
    message: bytes


@dataclass(frozen=True)
class Obstacle:
    """Why nobody is told anything."""

    words: str
    # Until when it stands in the way. None: for good.
    until: datetime | None = None
    # What was looked at, and nothing of it was new, so that the next one begins afterwards. None: nothing was.
    looked_at: Asked | None = None


def claim(session: Session, *, owner: str, now: datetime, lease: timedelta) -> Claim | None:
    """The next that is due. None: nothing is."""
    while (delivery := deliveries.next_to_make(session, now=now)) is not None:
        if delivery.attempts < MOST_WORKERS_ENDED:
            delivery.attempts += 1
            delivery.owner, delivery.leased_until = owner, now + lease
            return Claim(delivery.id, owner)
        _give_up(session, delivery, ENDED_EACH_TIME, now=now)
        session.flush()
    return None


def look(session: Session, delivery_id: int, *, secret: str, public_url: str, now: datetime) -> Order | Obstacle:
    """Who is to be told since when, or why nobody is. To be asked in the session in which it is told."""
    delivery = session.get_one(Delivery, delivery_id)
    person = people.by_id(session, delivery.person_id)
    assert person is not None, "people are never removed"
    subscription = None
    if delivery.subscription_id is not None:
        subscription = subscriptions.by_id(session, delivery.subscription_id)
    begun_at = _begun_at(session, delivery, subscription)
    obstacle = _obstacle(session, person, subscription, now)
    if obstacle is not None or begun_at is None:
        return obstacle or Obstacle(ENDED)
    told = deliveries.told_until(session, person.id, delivery.subscription_id)
    # what was made already, and is made anew because it became stale, begins where it began
    since = told if delivery.made_at is None else delivery.told_since
    before = deliveries.stood_before(session, delivery)
    asked = Asked(
        delivery_id=delivery.id,
        kind=delivery.kind,
        person_id=person.id,
        subscription=subscription,
        since=since or begun_at,
        until=now,
        leave_url=leave_url(public_url, secret, delivery.kind, subscription.id if subscription else person.id),
        stood=before[1] if before else None,
    )
    return Order(asked, person.email, delivery.message_id, person.version, deliveries.catalogue_version(session))


def settle_made(session: Session, claimed: Claim, told: Told, *, now: datetime) -> bool:
    """Frozen, and queued in the same transaction. False: another worker took it over, or told of it meanwhile."""
    delivery = _held(session, claimed)
    if delivery is None:
        return False
    _let_go(delivery)
    if delivery.subscription_id is not None:
        # so that no two deliveries of one subscription begin at the same moment, whoever makes them
        subscriptions.locked(session, delivery.subscription_id)
    until = deliveries.told_until(session, delivery.person_id, delivery.subscription_id)
    if until is not None and until > told.order.asked.since:
        delivery.next_attempt_at = now
        return False
    _freeze(session, delivery, told, now=now)
    delivery.state = DeliveryState.QUEUED
    session.flush()
    outgoing_mails.queue_delivery(session, delivery, told.order.recipient, now=now)
    calling.queue(session, delivery, told.made, now=now)
    return True


def settle_skipped(session: Session, claimed: Claim, obstacle: Obstacle, *, now: datetime) -> None:
    delivery = _held(session, claimed)
    if delivery is not None:
        skip(session, delivery, obstacle, now=now)


def settle_unmade(session: Session, claimed: Claim, *, error: str, for_good: bool, now: datetime) -> bool:
    """Tried again later, ever less often; after some attempts only once somebody asks for it: False."""
    delivery = _held(session, claimed)
    if delivery is None:
        return True
    if for_good or delivery.attempts >= MOST_ATTEMPTS_TO_MAKE:
        _give_up(session, delivery, error, now=now)
        return False
    delivery.last_error = error
    delivery.next_attempt_at = now + wait_after(delivery.attempts, delivery.message_id)
    _let_go(delivery)
    deliveries.write_down(session, delivery.id, DeliveryAct.FAILED, at=now, words=error)
    return True


def make_anew(
    session: Session, claimed: outgoing_mails.Claim, told: Told, *, now: datetime
) -> outgoing_mails.Claim | None:
    """What was made long ago, or for other rights, leaves as it would be told now. None: another worker has it."""
    mail = outgoing_mails.held(session, claimed)
    if mail is None:
        return None
    delivery = _carried(session, mail)
    _freeze(session, delivery, told, now=now)
    return outgoing_mails.readdress(mail, claimed, delivery, told.order.recipient, told.message)


def take_back(session: Session, claimed: outgoing_mails.Claim, obstacle: Obstacle, *, now: datetime) -> None:
    """Looked at again before it left: there is nothing to tell any more, or nobody who may be told."""
    mail = outgoing_mails.held(session, claimed)
    if mail is None:
        return
    delivery = _carried(session, mail)
    session.delete(mail)
    session.flush()
    skip(session, delivery, obstacle, now=now)


def skip(session: Session, delivery: Delivery, obstacle: Obstacle, *, now: datetime) -> None:
    """It is settled; where nothing was looked at, the next one begins where it would have."""
    delivery.state, delivery.settled_at, delivery.last_error = DeliveryState.SKIPPED, now, obstacle.words
    delivery.made_at = delivery.handling = delivery.subject = delivery.stood = None
    deliveries.forget_message(session, delivery.id)
    looked_at = obstacle.looked_at
    delivery.told_since, delivery.told_until = (looked_at.since, looked_at.until) if looked_at else (None, None)
    _let_go(delivery)
    deliveries.write_down(session, delivery.id, DeliveryAct.SKIPPED, at=now, words=obstacle.words)


def _carried(session: Session, mail: OutgoingMail) -> Delivery:
    assert mail.delivery_id is not None, "only what carries a delivery becomes stale"
    delivery = deliveries.locked(session, mail.delivery_id)
    assert delivery is not None, "deliveries are never removed"
    return delivery


def _freeze(session: Session, delivery: Delivery, told: Told, *, now: datetime) -> None:
    order, made = told.order, told.made
    deliveries.keep_message(session, delivery.id, told.message)
    delivery.handling, delivery.made_at = made.handling, now
    delivery.countries = None if made.countries is None else sorted(made.countries)
    delivery.subject = one_line(made.subject, LONGEST_SUBJECT)
    delivery.told_since, delivery.told_until = order.asked.since, made.until
    delivery.person_version, delivery.catalogue_version = order.person_version, order.catalogue_version
    delivery.stood, delivery.last_error = dict(made.stood) or None, None
    if (before := deliveries.stood_before(session, delivery)) is not None:
        deliveries.forget_stood(session, delivery, but=before[0])
    deliveries.write_down(session, delivery.id, DeliveryAct.MADE, at=now, words=_remark(order.asked.subscription))


def _held(session: Session, claimed: Claim) -> Delivery | None:
    """None: its lease was over, and another worker took it."""
    delivery = deliveries.locked(session, claimed.delivery_id)
    return delivery if delivery is not None and delivery.owner == claimed.owner else None


def _give_up(session: Session, delivery: Delivery, words: str, *, now: datetime) -> None:
    delivery.state, delivery.settled_at, delivery.last_error = DeliveryState.DEAD, now, words
    _let_go(delivery)
    deliveries.write_down(session, delivery.id, DeliveryAct.GIVEN_UP, at=now, words=words)


def _let_go(delivery: Delivery) -> None:
    delivery.owner = delivery.leased_until = None


def _begun_at(session: Session, delivery: Delivery, subscription: Subscription | None) -> datetime | None:
    """From when on the first one tells. None: urgent notices are wanted no more."""
    if delivery.kind is DeliveryKind.DIGEST:
        assert subscription is not None, "a constraint gives every digest its subscription"
        return subscription.created_at
    wish = subscriptions.urgent_wish(session, delivery.person_id)
    return wish.since if wish else None


def _obstacle(session: Session, person: Person, subscription: Subscription | None, now: datetime) -> Obstacle | None:
    if person.status is not PersonStatus.ACTIVE:
        return Obstacle(NOT_ACTIVE)
    if subscription is not None and subscription.ended_at is not None:
        return Obstacle(ENDED)
    if subscription is not None:
        timetable = subscriptions.timetable_of(subscription)
        again_at = pause_ends_at(timetable, now, subscription.paused_until)
        if again_at is not None:
            return Obstacle(PAUSED, until=again_at)
    return Obstacle(SUPPRESSED) if refused_addresses.is_suppressed(session, person.email) else None


def _remark(subscription: Subscription | None) -> str:
    if subscription is None or zone_or_utc(subscription.zone) == subscription.zone:
        return ""
    return f"There is no time zone “{subscription.zone}” any more: it was due by UTC."
