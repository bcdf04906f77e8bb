from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from tests import factories
from tests.digests import DAILY, DAY, all_deliveries, principal, states, subscribed
from tracker.access import Role
from tracker.actions.digests import subscribing, webhooks
from tracker.actions.digests.leaving import leave, leave_token, read_token
from tracker.actions.digests.planning import plan_due
from tracker.actions.digests.subscribing import NoSuchSubscription, PauseIsOver, SubscriptionChanged
from tracker.actions.people.access import NobodyThere, UnknownPlace
from tracker.digest import DeliveryKind, DeliveryState
from tracker.period import Cadence, Timetable
from tracker.storage import subscriptions
from tracker.storage.admitting import Person
from tracker.storage.base import Session
from tracker.storage.running import AuditEntry
from tracker.subscription import MOST_OF_ONE_PERSON, Interest, QuietHours, SubscriptionUnfit, Wanted

WEEKLY, MONTHLY = (replace(DAILY, cadence=cadence) for cadence in (Cadence.WEEKLY, Cadence.MONTHLY))
NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)
SECRET = "a secret that only the tests know"
pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


def actions(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)))


def test_a_digest_first_falls_due_at_its_next_hour(session: Session, now: datetime) -> None:
    found = subscribed(session, now=now)
    assert found.next_due_at == datetime.combine(now.date() + DAY, time(7), now.tzinfo)
    assert actions(session)[-1] == "digest subscribed"


def test_somebody_else_is_subscribed_by_an_administrator_alone_and_can_leave(session: Session, now: datetime) -> None:
    reader = factories.person(session, created_at=now)
    stranger = factories.person(session, roles=[Role.ANALYST], created_at=now)
    head = factories.person(session, roles=[Role.ADMINISTRATOR], created_at=now)
    wanted = Wanted("For you", DAILY)
    with pytest.raises(NobodyThere):
        subscribing.subscribe(session, reader.id, wanted, by=principal(session, stranger), now=now)
    made = subscribing.subscribe(session, reader.id, wanted, by=principal(session, head), now=now)
    with pytest.raises(NoSuchSubscription):
        subscribing.end(session, made.id, by=principal(session, stranger), now=now)
    subscribing.end(session, made.id, by=principal(session, reader), now=now)
    assert subscriptions.of_person(session, reader.id) == []
    assert actions(session)[-1] == "digest ended"


def test_nobody_decides_for_somebody_else_what_is_urgent_or_who_is_called(session: Session, now: datetime) -> None:
    """A webhook not even an administrator: they would choose who is told what its reader may see."""
    found = subscribed(session, now=now)
    stranger, head = (
        principal(session, factories.person(session, roles=[role], created_at=now))
        for role in (Role.ANALYST, Role.ADMINISTRATOR)
    )
    with pytest.raises(NobodyThere):
        subscribing.want_urgent(session, found.person_id, None, by=stranger, now=now)
    for somebody in (stranger, head):
        with pytest.raises(NoSuchSubscription):
            webhooks.own(session, found.id, somebody)


def test_only_what_exists_can_be_told_of(session: Session, now: datetime) -> None:
    with pytest.raises(UnknownPlace):
        subscribed(session, now=now, interest=Interest(countries=frozenset({"XXX"})))
    with pytest.raises(SubscriptionUnfit):
        subscribed(session, now=now, interest=Interest(criteria=frozenset({"weather"})))


def test_a_change_is_refused_to_whoever_has_not_seen_the_one_before(session: Session, now: datetime) -> None:
    found = subscribed(session, now=now)
    reader = principal(session, session.get_one(Person, found.person_id))
    seen = found.version
    later = Wanted("Later", replace(DAILY, at=time(9)))
    subscribing.change(session, found.id, later, seen=seen, by=reader, now=now)
    with pytest.raises(SubscriptionChanged):
        subscribing.change(session, found.id, Wanted("Mine", DAILY), seen=seen, by=reader, now=now)
    assert (found.name, found.time_of_day) == ("Later", time(9))


def test_an_hour_that_has_passed_by_the_new_timetable_is_not_made_up_for(session: Session, now: datetime) -> None:
    found = subscribed(session, now=now, timetable=replace(DAILY, at=time(18)))
    reader = principal(session, session.get_one(Person, found.person_id))
    subscribing.change(session, found.id, Wanted("Mine", DAILY), seen=found.version, by=reader, now=now)
    assert not subscriptions.anything_due(session, now=now + timedelta(hours=6))


@pytest.mark.parametrize(
    ("first", "then", "comes_on"),
    [
        (DAILY, replace(DAILY, at=time(18)), "2026-03-18 18:00+00:00"),
        (DAILY, replace(DAILY, zone="Pacific/Niue"), "2026-03-18 18:00+00:00"),
        (replace(WEEKLY, weekday=2), replace(WEEKLY, weekday=5), "2026-03-27 07:00+00:00"),
        (replace(MONTHLY, month_day=17), replace(MONTHLY, month_day=31), "2026-04-30 07:00+00:00"),
        # another calendar: whatever it told, this one has told nothing yet
        (DAILY, replace(WEEKLY, weekday=5), "2026-03-20 07:00+00:00"),
    ],
)
def test_a_period_that_was_told_is_not_promised_once_more(
    session: Session, now: datetime, first: Timetable, then: Timetable, comes_on: str
) -> None:
    """Today's has come when somebody wants it at another hour or on another day: the page says when the next comes."""
    told_at = datetime(2026, 3, 17, 7, tzinfo=now.tzinfo)
    found = subscribed(session, now=now, timetable=first)
    reader = principal(session, session.get_one(Person, found.person_id))
    plan_due(session, now=told_at)

    noon = told_at + timedelta(hours=5)
    changed = subscribing.change(session, found.id, Wanted("Mine", then), seen=found.version, by=reader, now=noon)

    assert changed.next_due_at == datetime.fromisoformat(comes_on)
    plan_due(session, now=changed.next_due_at)
    assert [one.due_at for one in all_deliveries(session)] == [told_at, changed.next_due_at]


def test_a_pause_that_is_ended_early_leaves_nothing_to_make_up_for(session: Session, now: datetime) -> None:
    found = subscribed(session, now=now)
    reader = principal(session, session.get_one(Person, found.person_id))
    subscribing.pause(session, found.id, date(2026, 4, 1), by=reader, now=now)
    subscribing.resume(session, found.id, by=reader, now=now + 3 * DAY)

    plan_due(session, now=now + 4 * DAY)

    assert states(session) == [DeliveryState.PLANNED]


def test_a_pause_holds_it_back_and_can_be_ended(session: Session, now: datetime) -> None:
    found = subscribed(session, now=now)
    reader = principal(session, session.get_one(Person, found.person_id))
    subscribing.pause(session, found.id, date(2026, 4, 1), by=reader, now=now)
    assert found.next_due_at == datetime(2026, 4, 1, 7, tzinfo=now.tzinfo)
    subscribing.resume(session, found.id, by=reader, now=now)
    assert found.next_due_at == datetime(2026, 3, 17, 7, tzinfo=now.tzinfo)
    with pytest.raises(PauseIsOver):
        subscribing.pause(session, found.id, now.date(), by=reader, now=now)


def test_an_ended_digest_that_is_taken_up_again_goes_on_from_its_next_hour_and_only_as_one_of_so_many(
    session: Session, now: datetime
) -> None:
    found = subscribed(session, now=now)
    reader = principal(session, person := session.get_one(Person, found.person_id))
    subscribing.end(session, found.id, by=reader, now=now)
    assert found.next_due_at is None
    stranger = principal(session, factories.person(session, roles=[Role.ANALYST], created_at=now))
    with pytest.raises(NoSuchSubscription):
        subscribing.take_up_again(session, found.id, by=stranger, now=now)

    for _ in range(2):
        again = subscribing.take_up_again(session, found.id, by=reader, now=now + 3 * DAY)

    assert (again.id, again.ended_at) == (found.id, None)
    assert again.next_due_at == datetime(2026, 3, 20, 7, tzinfo=now.tzinfo)
    assert actions(session)[-2:] == ["digest ended", "digest taken up again"]

    subscribing.end(session, found.id, by=reader, now=now + 3 * DAY)
    for number in range(MOST_OF_ONE_PERSON):
        subscribed(session, now=now, person=person, name=f"Another {number}")
    with pytest.raises(SubscriptionUnfit):
        subscribing.take_up_again(session, found.id, by=reader, now=now + 4 * DAY)


# ---- one click -------------------------------------------------------------------------------------------------


def test_one_click_ends_the_digest_it_came_with_and_twice_is_as_once(session: Session, now: datetime) -> None:
    mine, other = subscribed(session, now=now), subscribed(session, now=now)
    token = leave_token(SECRET, DeliveryKind.DIGEST, mine.id)
    for _ in range(2):
        assert leave(session, SECRET, token, now=now) is not None
    assert (mine.ended_at, mine.next_due_at, other.ended_at) == (now, None, None)
    assert actions(session).count("digest ended") == 1


@pytest.mark.parametrize(("number", "is_read"), [(10**18 - 1, True), (10**18, False)])
def test_a_number_that_no_row_has_is_no_token(session: Session, number: int, is_read: bool) -> None:
    assert (read_token(SECRET, leave_token(SECRET, DeliveryKind.DIGEST, number)) is not None) is is_read
    assert leave(session, SECRET, leave_token(SECRET, DeliveryKind.DIGEST, number), now=NOON) is None


def test_one_click_ends_urgent_notices(session: Session, now: datetime) -> None:
    reader = factories.person(session, created_at=now)
    subscribing.want_urgent(session, reader.id, QuietHours(time(22), time(6)), by=principal(session, reader), now=now)
    assert subscriptions.urgent_wish(session, reader.id) is not None
    leave(session, SECRET, leave_token(SECRET, DeliveryKind.URGENT, reader.id), now=now)
    assert subscriptions.urgent_wish(session, reader.id) is None


@pytest.mark.parametrize("change", ["other", "kind", "cut", "number", "nothing", "beyond"])
def test_a_token_that_was_not_made_here_ends_nothing(session: Session, now: datetime, change: str) -> None:
    mine = subscribed(session, now=now)
    token = leave_token(SECRET, DeliveryKind.DIGEST, mine.id)
    _, _, signature = token.split("-")
    wrong = {
        "other": leave_token("another secret", DeliveryKind.DIGEST, mine.id),
        "kind": token.replace("digest", "urgent"),
        "cut": token[:-1],
        "number": f"digest-{mine.id + 1}-{signature}",
        "nothing": "",
        "beyond": f"digest-{'9' * 40}-é",
    }[change]
    assert read_token(SECRET, wrong) is None
    assert leave(session, SECRET, wrong, now=now) is None
    assert mine.ended_at is None
