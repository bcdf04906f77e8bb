"""A digest that is made is told to its program, once, with the rights of its reader, until it is taken or given up."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests import factories
from tests.delivery.programs import Program, program
from tests.digests import DAY, SmallTeller, all_deliveries, made, principal, subscribed, work
from tracker.access import PersonStatus
from tracker.actions.digests import calling, settling, subscribing, webhooks
from tracker.actions.digests.telling import Asked, Headline, Made
from tracker.actions.sealing import WEBHOOKS, Seal
from tracker.delivery.retry import LEAST_ATTEMPTS
from tracker.digest import DeliveryAct, DeliveryState
from tracker.handling import Mark
from tracker.jobs.call_webhooks import LEASE, call_webhooks
from tracker.jobs.job import Shift
from tracker.settings import Mode
from tracker.storage import delivery_log
from tracker.storage import webhooks as kept
from tracker.storage.admitting import Person
from tracker.storage.base import Session
from tracker.storage.feeding import OutgoingCall
from tracker.storage.mailing import Subscription
from tracker.webhook import Reach, signature

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
CLEAR = Headline("Mali: Weak rule of law", "It fell by ten points.", "http://t/1", "MLI", "new", "alarm", Mark.CLEAR)
RED = replace(CLEAR, title="Chad: the secret", handling=Mark.RED)


@pytest.fixture
def chat() -> Iterator[Program]:
    with program(Program()) as chat:
        yield chat


@pytest.fixture
def due(shift: Shift, chat: Program, now: datetime) -> Shift:
    """One reader's digest is due at this moment, and is told to a program on this machine."""
    with shift.database.writing() as session:
        reader = factories.person(session, email="ana@example.org", clearance=Mark.RED, created_at=now)
        found = subscribed(session, now=now, person=reader, name="Sahel")
        _call_from_now_on(session, found, chat, shift, now)
    due_at = datetime.combine(now.date() + DAY, datetime.min.time(), now.tzinfo) + timedelta(hours=7)
    return replace(shift, clock=lambda: due_at, teller=SmallTeller(what=_tells(CLEAR)))


def _call_from_now_on(session: Session, found: Subscription, chat: Program, shift: Shift, now: datetime) -> None:
    reader = session.get_one(Person, found.person_id)
    webhooks.set_up(
        *(session, found.id, f"http://127.0.0.1:{chat.port}/hooks/a", Seal(shift.settings.secret, WEBHOOKS)),
        reach=Reach(this_machine=True),
        by=principal(session, reader),
        now=now,
    )


def _tells(*lines: Headline) -> Any:
    handling = max(one.handling for one in lines)

    def told(asked: Asked) -> Made:
        return replace(made(asked, subject="3 new", handling=handling), headlines=lines)

    return told


def later(shift: Shift, by: timedelta) -> Shift:
    moment = shift.clock() + by
    return replace(shift, clock=lambda: moment)


def call_of(shift: Shift) -> OutgoingCall:
    with shift.database.reading() as session:
        return session.scalars(select(OutgoingCall)).one()


def log_of(shift: Shift) -> list[DeliveryAct]:
    with shift.database.reading() as session:
        [delivery] = all_deliveries(session)
        return [event.act for event in delivery_log.events(session, delivery.id)]


def change(shift: Shift, **differing: Any) -> None:
    with shift.database.writing() as session:
        person = session.scalars(select(Person)).one()
        for name, value in differing.items():
            setattr(person, name, value)


def test_the_headlines_are_told_signed_once_and_written_down(due: Shift, chat: Program) -> None:
    work(due)
    assert call_webhooks(due) == "Webhooks: 1 told, 0 not."
    assert call_webhooks(later(due, 2 * LEASE)) == ""

    [(path, headers, body)] = chat.heard
    told = json.loads(body)
    assert path == "/hooks/a"
    assert told["text"] == "3 new\n• Mali: Weak rule of law: It fell by ten points. http://t/1"
    assert (told["subject"], told["handling"], told["id"]) == ("3 new", "TLP:CLEAR", headers["webhook-id"])
    assert told["headlines"] == [
        {"title": CLEAR.title, "words": CLEAR.words, "url": CLEAR.url, "iso3": "MLI", "turn": "new"}
        | {"severity": "alarm", "handling": "TLP:CLEAR"}
    ]
    assert headers["webhook-timestamp"] == str(int(due.clock().timestamp()))
    secret = json.loads(Seal(due.settings.secret, WEBHOOKS).open(_webhook(due)))[1]
    signed = signature(secret, headers["webhook-id"], int(headers["webhook-timestamp"]), body)
    assert headers["webhook-signature"] == signed
    assert DeliveryAct.CALLED in log_of(due)
    assert call_of(due).body is None


def _webhook(shift: Shift) -> str:
    with shift.database.reading() as session:
        found = kept.of_subscription(session, call_of(shift).subscription_id)
        assert found is not None
        return found.sealed


def test_what_is_for_the_persons_told_alone_is_told_to_no_program(due: Shift, chat: Program) -> None:
    """Not even counted: the subject of the mail counts it."""
    work(replace(due, teller=SmallTeller(what=_tells(RED, CLEAR))))
    call_webhooks(due)

    [(_path, _headers, body)] = chat.heard
    told = json.loads(body)
    assert "secret" not in body.decode()
    assert (told["subject"], told["handling"], len(told["headlines"])) == ("Sahel", "TLP:CLEAR", 1)


def test_a_digest_without_a_webhook_calls_nobody(due: Shift, chat: Program) -> None:
    with due.database.writing() as session:
        found = session.scalars(select(Subscription)).one()
        reader = session.get_one(Person, found.person_id)
        webhooks.remove(session, found.id, by=principal(session, reader), now=due.clock())

    work(due)

    assert call_webhooks(due) == ""


def test_what_was_not_taken_is_tried_again_as_a_mail_is_and_given_up_after_a_day(due: Shift, chat: Program) -> None:
    chat.status = 500
    work(due)
    assert call_webhooks(due) == "Webhooks: 0 told, 1 not."
    assert call_webhooks(due) == ""

    for hours in range(1, 30):
        call_webhooks(later(due, timedelta(hours=hours)))

    assert len({headers["webhook-id"] for _path, headers, _body in chat.heard}) == 1
    assert LEAST_ATTEMPTS < len(chat.heard) < 30
    assert log_of(due)[-1] is DeliveryAct.CALL_GIVEN_UP
    assert call_of(due).last_error == "127.0.0.1 answered 500 Internal Server Error"
    # the mail is its own affair
    with due.database.reading() as session:
        assert [one.state for one in all_deliveries(session)] == [DeliveryState.SENT]


def test_a_program_that_is_gone_for_good_is_called_no_more(due: Shift, chat: Program) -> None:
    chat.status = 410
    work(due)
    call_webhooks(due)

    assert call_webhooks(later(due, DAY)) == ""
    assert len(chat.heard) == 1


@pytest.mark.parametrize("differing", [{"clearance": Mark.GREEN}, {"status": "deactivated"}])
def test_what_was_told_for_other_rights_is_not_told(due: Shift, chat: Program, differing: dict[str, Any]) -> None:
    work(due)
    change(due, **differing)

    assert call_webhooks(due) == ""
    assert chat.heard == []
    assert log_of(due)[-1] is DeliveryAct.CALL_GIVEN_UP


def test_a_digest_that_was_ended_meanwhile_is_not_told(due: Shift, chat: Program) -> None:
    work(due)
    with due.database.writing() as session:
        found = session.scalars(select(Subscription)).one()
        subscribing.stop(session, found, by=None, now=due.clock())

    call_webhooks(due)

    assert chat.heard == []


def test_what_is_made_anew_is_not_told_again(due: Shift, chat: Program) -> None:
    work(due)
    call_webhooks(due)
    with due.database.writing() as session:
        [delivery] = all_deliveries(session)
        delivery.state = DeliveryState.DEAD
        by = delivery.person_id
        settling.requeue(session, delivery.id, by=by, now=due.clock())

    work(later(due, LEASE))
    call_webhooks(later(due, LEASE))

    assert len(chat.heard) == 1


def test_a_worker_that_comes_too_late_changes_nothing_of_what_another_does(due: Shift, chat: Program) -> None:
    work(due)
    seal, again = Seal(due.settings.secret, WEBHOOKS), later(due, LEASE)
    with due.database.writing() as session:
        slow = calling.claim(session, seal, now=due.clock(), lease=LEASE)
        assert slow is not None
    with due.database.writing() as session:
        assert calling.claim(session, seal, now=again.clock(), lease=LEASE) is not None
        calling.settle_failed(session, slow, error="Too slow.", for_good=True, now=again.clock())

    found = call_of(due)
    assert (found.given_up_at, found.last_error, found.leased_until) == (None, None, again.clock() + LEASE)


def test_a_try_of_somebody_who_can_do_nothing_here_any_more_is_not_made(due: Shift, chat: Program) -> None:
    with due.database.writing() as session:
        calling.queue_try(session, session.scalars(select(Subscription.id)).one(), "Heard?", now=due.clock())
    change(due, status=PersonStatus.DEACTIVATED)

    call_webhooks(due)

    assert (chat.heard, call_of(due).last_error) == ([], calling.NOT_WANTED)


def test_a_worker_that_died_is_taken_over_when_its_lease_is_over(due: Shift, chat: Program) -> None:
    work(due)
    with due.database.writing() as session:
        call = session.scalars(select(OutgoingCall)).one()
        call.attempts, call.leased_until = 1, due.clock() + LEASE

    assert call_webhooks(later(due, LEASE - timedelta(seconds=1))) == ""
    assert call_webhooks(later(due, LEASE)) == "Webhooks: 1 told, 0 not."


def test_in_production_this_machine_is_not_called(due: Shift, chat: Program) -> None:
    work(due)

    call_webhooks(replace(due, settings=replace(due.settings, mode=Mode.PRODUCTION)))

    assert chat.heard == []
    assert "may not be called from here" in (call_of(due).last_error or "")


def test_what_is_called_once_more_tells_what_may_still_be_told_as_it_reads_by_then(due: Shift, chat: Program) -> None:
    """Of three lines one is marked higher by now, one reads otherwise, and one is news for the next digest alone."""
    kept_line, raised_line = replace(CLEAR, url="http://t/2"), replace(CLEAR, url="http://t/3", title="Chad: canary")
    chat.status = 500
    work(replace(due, teller=SmallTeller(what=_tells(kept_line, raised_line))))
    call_webhooks(due)
    chat.status = 200
    now_is = replace(kept_line, title="Mali: otherwise"), replace(raised_line, handling=Mark.RED)
    teller = SmallTeller(what=_tells(*now_is, replace(CLEAR, url="http://t/4")))

    assert call_webhooks(replace(later(due, timedelta(hours=1)), teller=teller)) == "Webhooks: 1 told, 0 not."

    told = json.loads(chat.heard[-1][2])
    assert [one["title"] for one in told["headlines"]] == ["Mali: otherwise"]
    assert "canary" not in chat.heard[-1][2].decode()
    assert told["subject"] == "Sahel"
    assert chat.heard[0][1]["webhook-id"] == chat.heard[-1][1]["webhook-id"]


def test_of_lines_that_lead_to_the_same_place_those_that_are_new_wait_for_the_next_digest(
    due: Shift, chat: Program
) -> None:
    """Two days of one country were told; a third was entered meanwhile."""
    first, second, third = (replace(CLEAR, title=f"Mali: day {number}", turn="") for number in (1, 2, 3))
    chat.status = 500
    work(replace(due, teller=SmallTeller(what=_tells(first, second))))
    call_webhooks(due)
    chat.status = 200

    call_webhooks(replace(later(due, timedelta(hours=1)), teller=SmallTeller(what=_tells(third, first, second))))

    assert [one["title"] for one in json.loads(chat.heard[-1][2])["headlines"]] == ["Mali: day 1", "Mali: day 2"]


@pytest.mark.parametrize("reason", ["nothing is left", "a later one was told"])
def test_what_is_not_to_be_told_any_more_is_not_called_once_more(due: Shift, chat: Program, reason: str) -> None:
    stood: dict[str, Any] = {"flags": {}}
    teller = SmallTeller(what=lambda asked: replace(_tells(CLEAR)(asked), stood=stood))
    due = replace(due, teller=teller)
    chat.status = 500
    work(due)
    call_webhooks(due)
    chat.status = 200
    after = later(due, timedelta(hours=2))
    if reason == "nothing is left":
        after = replace(after, teller=SmallTeller(what=lambda _asked: None))
    else:
        work(replace(later(due, DAY), teller=SmallTeller(what=lambda asked: replace(made(asked), stood=stood))))
        after = later(due, DAY)

    call_webhooks(after)

    assert all("Mali" not in body.decode() for _path, _headers, body in chat.heard[1:])
    with after.database.reading() as session:
        first = session.scalars(select(OutgoingCall).order_by(OutgoingCall.id)).first()
    assert first is not None
    assert first.given_up_at is not None


@pytest.mark.parametrize("goes_on", ["by itself", "when its reader says so"])
def test_while_a_digest_is_paused_a_call_that_failed_waits(due: Shift, chat: Program, goes_on: str) -> None:
    chat.status = 500
    work(due)
    call_webhooks(due)
    chat.status = 200
    begins_again = due.clock() + 2 * DAY
    with due.database.writing() as session:
        found = session.scalars(select(Subscription)).one()
        by = principal(session, session.get_one(Person, found.person_id))
        subscribing.pause(session, found.id, begins_again.date(), by=by, now=due.clock())

    for hours in (1, 2, 30):
        call_webhooks(later(due, timedelta(hours=hours)))
    assert len(chat.heard) == 1
    assert call_of(due).given_up_at is None

    if goes_on == "when its reader says so":
        with due.database.writing() as session:
            subscribing.resume(session, found.id, by=by, now=later(due, timedelta(hours=31)).clock())
        call_webhooks(later(due, timedelta(hours=31)))
    else:
        call_webhooks(later(due, 2 * DAY))
    assert len(chat.heard) == 2
    assert call_of(due).told_at is not None


def test_what_is_told_once_more_begins_where_it_began(due: Shift, chat: Program) -> None:
    chat.status = 500
    work(due)
    call_webhooks(due)
    teller = SmallTeller(what=_tells(CLEAR))

    call_webhooks(replace(later(due, timedelta(hours=1)), teller=teller))

    [asked] = teller.asked
    with due.database.reading() as session:
        [delivery] = all_deliveries(session)
    assert asked.since == delivery.told_since
