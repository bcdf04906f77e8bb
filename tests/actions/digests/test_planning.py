import threading
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import update

from tests import factories
from tests.digests import DAY, all_deliveries, principal, subscribed
from tracker.access import PersonStatus
from tracker.actions.digests import making, settling, subscribing
from tracker.actions.digests.planning import MOST_AT_ONCE, OVERTAKEN, plan_due, plan_urgent
from tracker.digest import DeliveryKind, DeliveryState
from tracker.period import Cadence, Timetable
from tracker.storage import deliveries, subscriptions
from tracker.storage.admitting import Person
from tracker.storage.base import Database, Session
from tracker.storage.mailing import Delivery, Subscription
from tracker.subscription import QuietHours

HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)
sqlite_alone = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


def keys(session: Session) -> list[str]:
    return [delivery.period_key for delivery in all_deliveries(session)]


@pytest.fixture
def due_at(now: datetime) -> datetime:
    """Tomorrow at seven."""
    return datetime.combine(now.date() + DAY, time(7), now.tzinfo)


def test_a_period_is_planned_when_it_falls_due_and_not_before(
    session: Session, now: datetime, due_at: datetime
) -> None:
    subscribed(session, now=now)
    assert not subscriptions.anything_due(session, now=due_at - MOMENT)
    assert plan_due(session, now=due_at - MOMENT) == 0
    assert subscriptions.anything_due(session, now=due_at)
    assert plan_due(session, now=due_at) == 1
    (planned,) = all_deliveries(session)
    assert (planned.period_key, planned.due_at, planned.state) == ("2026-03-17", due_at, DeliveryState.PLANNED)


def test_a_period_is_planned_once_however_often_it_is_looked_for(
    session: Session, now: datetime, due_at: datetime
) -> None:
    found = subscribed(session, now=now)
    for _ in range(3):
        session.execute(update(Subscription).values(planned_until=now, next_due_at=due_at))
        plan_due(session, now=due_at)
    assert keys(session) == ["2026-03-17"]
    session.refresh(found)
    assert (found.planned_until, found.next_due_at) == (due_at, due_at + DAY)


@sqlite_alone
def test_of_several_that_fell_due_while_nothing_ran_the_last_is_told(
    session: Session, now: datetime, due_at: datetime
) -> None:
    subscribed(session, now=now)
    plan_due(session, now=due_at + 3 * DAY)
    found = all_deliveries(session)
    assert [one.state for one in found] == [DeliveryState.SKIPPED] * 3 + [DeliveryState.PLANNED]
    assert {one.last_error for one in found[:3]} == {OVERTAKEN}


@sqlite_alone
def test_what_fell_due_more_than_a_week_ago_is_let_go(session: Session, now: datetime, due_at: datetime) -> None:
    subscribed(session, now=now)
    plan_due(session, now=due_at + 20 * DAY)
    assert keys(session) == [f"2026-03-{day}" for day in (31,)] + [f"2026-04-{day:02}" for day in range(1, 7)]


@sqlite_alone
def test_whoever_cannot_sign_in_is_planned_for_when_they_can(session: Session, now: datetime, due_at: datetime) -> None:
    reader = factories.person(session, status=PersonStatus.DEACTIVATED, created_at=now)
    subscribed(session, now=now, person=reader)
    assert not subscriptions.anything_due(session, now=due_at)
    reader.status = PersonStatus.ACTIVE
    session.flush()
    plan_due(session, now=due_at + 2 * HOUR)
    assert keys(session) == ["2026-03-17"]


@sqlite_alone
@pytest.mark.parametrize("ends", [True, False])
def test_nothing_falls_due_of_what_was_ended_or_is_paused(
    session: Session, now: datetime, due_at: datetime, ends: bool
) -> None:
    found = subscribed(session, now=now)
    by = principal(session, session.get_one(Person, found.person_id))
    if ends:
        subscribing.end(session, found.id, by=by, now=now)
    else:
        subscribing.pause(session, found.id, date(2026, 3, 20), by=by, now=now)
    assert plan_due(session, now=due_at + 2 * DAY) == 0
    assert plan_due(session, now=due_at + 3 * DAY) == (0 if ends else 1)
    assert keys(session) == ([] if ends else ["2026-03-20"])


@sqlite_alone
def test_a_zone_that_is_gone_is_due_by_utc(session: Session, now: datetime, due_at: datetime) -> None:
    found = subscribed(session, now=now)
    found.zone = "Europe/Atlantis"
    session.flush()
    assert plan_due(session, now=due_at) == 1
    assert all_deliveries(session)[0].due_at == due_at


@sqlite_alone
def test_many_are_planned_in_several_transactions(session: Session, now: datetime, due_at: datetime) -> None:
    for _ in range(3):
        subscribed(session, now=now)
    assert [plan_due(session, now=due_at, most=2) for _ in range(3)] == [2, 1, 0]
    assert len(all_deliveries(session)) == 3 < MOST_AT_ONCE


def test_two_workers_who_plan_at_once_plan_each_period_once(
    database: Database, now: datetime, due_at: datetime
) -> None:
    with database.writing() as session:
        reader = factories.person(session, created_at=now)
        for number in range(20):
            subscribed(session, now=now, person=reader, name=f"Number {number}")
    barrier = threading.Barrier(2)

    def plan() -> None:
        barrier.wait(timeout=60)
        with database.writing() as session:
            plan_due(session, now=due_at)

    workers = [threading.Thread(target=plan) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    with database.reading() as session:
        found = all_deliveries(session)
        assert len({one.subscription_id for one in found}) == len(found) == 20


# ---- a clock that was wrong ------------------------------------------------------------------------------------


def test_a_clock_that_was_years_ahead_stops_no_digest_once_it_is_put_right(
    session: Session, now: datetime, due_at: datetime
) -> None:
    found = subscribed(session, now=now)
    plan_due(session, now=now + 400 * DAY)
    assert len(keys(session)) > 1
    assert subscriptions.anything_due(session, now=now + HOUR)
    plan_due(session, now=now + HOUR)
    session.refresh(found)
    assert found.next_due_at == due_at
    plan_due(session, now=due_at)
    assert keys(session)[0] == "2026-03-17"


@sqlite_alone
def test_what_was_told_by_a_clock_two_hours_ahead_is_told_up_to_now(
    session: Session, now: datetime, due_at: datetime
) -> None:
    found = subscribed(session, now=now)
    plan_due(session, now=due_at)
    session.execute(update(Delivery).values(state=DeliveryState.SKIPPED, settled_at=now, told_until=due_at + 2 * HOUR))
    assert not deliveries.told_ahead(session, now=due_at + 2 * HOUR)
    assert deliveries.told_ahead(session, now=due_at)
    plan_due(session, now=due_at)
    assert deliveries.told_until(session, found.person_id, found.id) == due_at


# ---- urgent notices --------------------------------------------------------------------------------------------


@pytest.fixture
def hurried(session: Session, now: datetime) -> Person:
    """Wants to be told at once, but not at night."""
    reader = factories.person(session, created_at=now)
    quiet = QuietHours(time(22), time(6))
    subscribing.want_urgent(session, reader.id, quiet, by=principal(session, reader), now=now)
    return reader


def test_what_is_urgent_is_due_at_once_and_takes_along_what_comes_meanwhile(
    session: Session, now: datetime, hurried: Person
) -> None:
    assert [plan_urgent(session, [hurried.id], now=now) for _ in range(2)] == [1, 0]
    (planned,) = all_deliveries(session)
    assert (planned.kind, planned.due_at, planned.subscription_id) == (DeliveryKind.URGENT, now, None)


@sqlite_alone
@pytest.mark.parametrize("ending", [DeliveryState.SENT, DeliveryState.DEAD])
def test_nobody_is_told_of_urgent_things_more_than_once_an_hour(
    session: Session, now: datetime, hurried: Person, ending: DeliveryState
) -> None:
    """Nor tried to be: what was given up may have left."""
    plan_urgent(session, [hurried.id], now=now)
    (first,) = all_deliveries(session)
    first.state, first.settled_at = ending, now
    first.made_at, first.handling = now, 0
    session.flush()
    plan_urgent(session, [hurried.id], now=now + 10 * timedelta(minutes=1))
    second = all_deliveries(session)[1]
    assert second.due_at == second.next_attempt_at == now + HOUR


@sqlite_alone
def test_a_notice_that_was_given_up_is_not_sent_beside_the_next_one(
    session: Session, now: datetime, hurried: Person
) -> None:
    plan_urgent(session, [hurried.id], now=now)
    (first,) = all_deliveries(session)
    first.state, first.settled_at = DeliveryState.DEAD, now
    session.flush()
    plan_urgent(session, [hurried.id], now=now + HOUR)
    with pytest.raises(settling.ToldByAnother):
        settling.requeue(session, first.id, by=hurried.id, now=now + HOUR)
    second = all_deliveries(session)[1]
    second.state, second.settled_at = DeliveryState.SKIPPED, now + HOUR
    session.flush()
    settling.requeue(session, first.id, by=hurried.id, now=now + HOUR)
    assert first.state is DeliveryState.PLANNED


@sqlite_alone
def test_quiet_hours_are_kept(session: Session, now: datetime, hurried: Person) -> None:
    night = datetime.combine(now.date(), time(23), now.tzinfo)
    plan_urgent(session, [hurried.id], now=night)
    (planned,) = all_deliveries(session)
    assert planned.due_at == night + 7 * HOUR
    assert making.claim(session, owner="a", now=night, lease=HOUR) is None
    assert making.claim(session, owner="a", now=night + 7 * HOUR, lease=HOUR) is not None


@sqlite_alone
def test_whoever_does_not_want_urgent_notices_gets_none(session: Session, now: datetime) -> None:
    assert plan_urgent(session, [factories.person(session, created_at=now).id], now=now) == 0


def test_a_weekly_and_a_monthly_digest_are_called_by_week_and_month(session: Session, now: datetime) -> None:
    for cadence in (Cadence.WEEKLY, Cadence.MONTHLY):
        subscribed(session, now=now, timetable=Timetable(cadence, time(7), "UTC", weekday=3, month_day=31))
    plan_due(session, now=datetime(2026, 3, 18, 7, tzinfo=now.tzinfo))
    plan_due(session, now=datetime(2026, 3, 31, 7, tzinfo=now.tzinfo))
    assert keys(session) == ["2026-W12", "2026-W13", "2026-03"]
