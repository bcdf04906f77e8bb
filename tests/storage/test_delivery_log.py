"""What pages ask about deliveries, feeds and calls, on each engine."""

from datetime import datetime, timedelta

from tests import factories
from tests.deliveries import delivered
from tests.digests import subscribed
from tracker.actions import feeds as making
from tracker.actions.links import hash_of
from tracker.digest import DeliveryAct, DeliveryKind, DeliveryState
from tracker.feed import FeedKind
from tracker.storage import deliveries, delivery_log, feeds, webhooks
from tracker.storage.base import Session
from tracker.storage.delivery_log import Search
from tracker.storage.feeding import OutgoingCall

HOUR = timedelta(hours=1)


def test_deliveries_are_found_by_whose_they_are_what_became_of_them_and_of_what(
    session: Session, now: datetime
) -> None:
    ana, ben = (factories.person(session, name=name, created_at=now) for name in ("Ana", "Ben"))
    weekly = subscribed(session, person=ana, now=now, name="Weekly")
    first = delivered(session, ana, subscription=weekly, now=now - HOUR)
    second = delivered(session, ana, now=now, state=DeliveryState.DEAD)
    third = delivered(session, ben, now=now + HOUR, state=DeliveryState.PLANNED)

    def numbers(search: Search) -> list[int]:
        found = [line.id for line in delivery_log.found(session, search, limit=10)]
        assert delivery_log.how_many(session, search) == len(found)
        return found

    assert numbers(Search()) == [third.id, second.id, first.id]
    assert numbers(Search(people=[ana.id])) == [second.id, first.id]
    assert numbers(Search(people=[])) == []
    assert numbers(Search(states=[DeliveryState.DEAD, DeliveryState.PLANNED])) == [third.id, second.id]
    assert numbers(Search(subscription_id=weekly.id)) == [first.id]
    assert numbers(Search(kind=DeliveryKind.URGENT)) == [third.id, second.id]
    assert [line.id for line in delivery_log.found(session, Search(), limit=1, offset=1)] == [second.id]
    line = delivery_log.one(session, first.id)
    assert line is not None
    assert (line.person, line.subscription, line.attempts) == ("Ana", "Weekly", None)
    assert delivery_log.last_sent(session, [weekly.id, 0]) == {weekly.id: now - HOUR}


def test_the_log_says_who_did_what_and_nobody_where_it_was_the_worker(session: Session, now: datetime) -> None:
    kofi = factories.person(session, name="Kofi", created_at=now)
    number = delivered(session, kofi, now=now, state=DeliveryState.PLANNED).id
    deliveries.write_down(session, number, DeliveryAct.FAILED, at=now, words="421 Later")
    deliveries.write_down(session, number, DeliveryAct.REQUEUED, at=now, by=kofi.id)

    assert delivery_log.events(session, number) == [
        (DeliveryAct.FAILED, now, "", "421 Later"),
        (DeliveryAct.REQUEUED, now, "Kofi", ""),
    ]


def test_the_use_of_a_feed_is_noted_at_most_once_in_a_while(session: Session, now: datetime) -> None:
    ana = factories.person(session, created_at=now)
    token = making.make(session, ana.id, FeedKind.NEWS, "A reader", now=now)
    seen = []
    for at in (now, now + HOUR - timedelta(microseconds=1), now + HOUR):
        found = feeds.behind(session, hash_of(token))
        assert found is not None
        feeds.note_use(session, found[0].id, now=at, at_most_every=HOUR)
        session.expire_all()
        seen.append(found[0].last_used_at)

    assert seen == [now, now, now + HOUR]


def test_the_call_that_is_due_for_longest_comes_first_and_none_that_is_held(session: Session, now: datetime) -> None:
    digest = subscribed(session, now=now)
    for name, due, leased in (("b", now, None), ("a", now - HOUR, None), ("c", now - 2 * HOUR, now + HOUR)):
        usual = {"subscription_id": digest.id, "body": "{}", "queued_at": now, "attempts": 0}
        session.add(OutgoingCall(message_id=name, next_attempt_at=due, leased_until=leased, **usual))
    session.flush()

    found = []
    while (call := webhooks.next_free(session, now=now)) is not None:
        found.append(call.message_id)
        call.told_at, call.body = now, None
        session.flush()

    assert found == ["a", "b"]
    assert webhooks.remove_settled_before(session, now + HOUR) == 2
