from datetime import datetime, timedelta

import pytest

from tests.digests import DAY, made, states, subscribed
from tracker.actions.digests import making
from tracker.actions.digests.making import Claim, Order, Told
from tracker.actions.digests.planning import plan_due
from tracker.digest import DeliveryState
from tracker.storage.base import Session

LEASE = timedelta(minutes=5)
pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


def test_two_deliveries_of_one_digest_never_begin_at_the_same_moment(session: Session, now: datetime) -> None:
    """Two workers make them at once: the second is made again, and tells what the first does not."""
    subscribed(session, now=now)
    later = now + 2 * DAY
    for moment in (now + DAY, later):
        plan_due(session, now=moment)
    claims = [making.claim(session, owner=owner, now=later, lease=LEASE) for owner in ("a", "b")]
    both = [(claim, told(session, claim, later)) for claim in claims if claim is not None]

    assert [making.settle_made(session, claim, one, now=later) for claim, one in both] == [True, False]

    assert states(session) == [DeliveryState.QUEUED, DeliveryState.PLANNED]
    assert told(session, both[1][0], later + LEASE).order.asked.since == later


def told(session: Session, claim: Claim, now: datetime) -> Told:
    order = making.look(session, claim.delivery_id, secret="s", public_url="http://t", now=now)
    assert isinstance(order, Order)
    return Told(order, made(order.asked), b"Subject: What is new")
