"""What a person says about a digest that did not arrive, or about an address that would not take any."""

from datetime import datetime

from tracker.actions import audit
from tracker.digest import DeliveryAct, DeliveryKind, DeliveryState
from tracker.refusal import N_, NotThere, OutOfTurn
from tracker.storage import deliveries, outgoing_mails, refused_addresses, subscriptions
from tracker.storage.base import Session
from tracker.storage.mailing import Delivery


class NoSuchDelivery(NotThere):
    def __init__(self) -> None:
        super().__init__(N_("There is no such digest."))


class NotGivenUp(OutOfTurn):
    def __init__(self) -> None:
        super().__init__(N_("It has not been given up: nothing has to be done about it."))


class ToldByAnother(OutOfTurn):
    def __init__(self) -> None:
        super().__init__(N_("Another urgent notice is on its way to the same person: it tells all of this."))


class NotSuppressed(NotThere):
    def __init__(self) -> None:
        super().__init__(N_("This address is not refused."))


def requeue(session: Session, delivery_id: int, *, by: int, now: datetime) -> None:
    """Made anew, with all that was not told meanwhile, and sent under its old Message-ID."""
    delivery = _dead(session, delivery_id)
    if delivery.kind is DeliveryKind.URGENT:
        # who plans the next one holds this, too
        subscriptions.locked_urgent_wish(session, delivery.person_id)
        if deliveries.urgent_on_its_way(session, delivery.person_id):
            raise ToldByAnother
    outgoing_mails.remove_carrying(session, delivery.id)
    delivery.state, delivery.settled_at = DeliveryState.PLANNED, None
    delivery.attempts, delivery.next_attempt_at, delivery.last_error = 0, now, None
    delivery.made_at = delivery.handling = delivery.subject = None
    deliveries.forget_message(session, delivery.id)
    delivery.told_since = delivery.told_until = None
    _say(session, delivery, DeliveryAct.REQUEUED, "digest requeued", by=by, now=now)


def take_as_sent(session: Session, delivery_id: int, *, by: int, now: datetime) -> None:
    """Nobody could tell whether it was taken; somebody has asked its reader, who has it."""
    delivery = _dead(session, delivery_id)
    if delivery.made_at is None:
        raise NotGivenUp
    outgoing_mails.remove_carrying(session, delivery.id)
    delivery.state, delivery.settled_at, delivery.last_error = DeliveryState.SENT, now, None
    _say(session, delivery, DeliveryAct.TAKEN_AS_SENT, "digest taken as sent", by=by, now=now)


def mail_again(session: Session, address: str, *, by: int, now: datetime) -> None:
    """Digests go to that address again, from the next one on."""
    if not refused_addresses.forget(session, [address]):
        raise NotSuppressed
    audit.record(session, "address mailed again", f"address {address}", by=by, now=now)


def _dead(session: Session, delivery_id: int) -> Delivery:
    delivery = deliveries.locked(session, delivery_id)
    if delivery is None:
        raise NoSuchDelivery
    if delivery.state is not DeliveryState.DEAD:
        raise NotGivenUp
    return delivery


def _say(session: Session, delivery: Delivery, act: DeliveryAct, action: str, *, by: int, now: datetime) -> None:
    session.flush()
    deliveries.write_down(session, delivery.id, act, at=now, by=by)
    audit.record(session, action, f"delivery {delivery.id}", by=by, now=now)
