"""What a digest would say now: the very mail, told to its reader and kept nowhere."""

from datetime import datetime

from flask import current_app

from tracker.actions.digests.telling import Asked, Made
from tracker.digest import DeliveryKind
from tracker.storage import deliveries, delivery_log
from tracker.storage.mailing import Subscription
from tracker.web.database import database
from tracker.web.digests.mail import PERIODS, teller_of


def previewed(subscription: Subscription, now: datetime) -> Made:
    """The first tells what was new over the time of one digest, so that there is something to see."""
    with database().reading(one_moment=True) as session:
        told = deliveries.told_until(session, subscription.person_id, subscription.id)
        asked = Asked(
            delivery_id=None,
            kind=DeliveryKind.DIGEST,
            person_id=subscription.person_id,
            subscription=subscription,
            since=told or now - PERIODS[subscription.cadence],
            until=now,
            leave_url="",
            stood=delivery_log.stood_when_told_last(session, subscription.id),
        )
        return teller_of(current_app._get_current_object()).preview(session, asked)  # type: ignore[attr-defined]
