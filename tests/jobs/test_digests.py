"""From the hour at which a digest is due to the mail in its reader's hands, and to its end whatever goes wrong."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

import pytest
from sqlalchemy import event, select, update

from tests import factories
from tests.delivery.relays import Mood, port_where_nobody_answers, relay
from tests.digests import DAY, SmallTeller, all_deliveries, made, principal, states, subscribed, work
from tests.smtp_sink import SmtpSink
from tracker.access import PersonStatus
from tracker.actions import outgoing_mails
from tracker.actions.digests import making, planning, settling, subscribing
from tracker.actions.digests.telling import Asked, Made
from tracker.actions.people import access
from tracker.digest import (
    FRESH_FOR,
    MOST_ATTEMPTS_TO_MAKE,
    MOST_WORKERS_ENDED,
    URGENT_FRESH_FOR,
    DeliveryAct,
    DeliveryState,
)
from tracker.jobs import make_digests as make_job
from tracker.jobs.clock import DatabaseClock
from tracker.jobs.job import Shift
from tracker.jobs.make_digests import make_digests
from tracker.jobs.plan_digests import plan_digests
from tracker.jobs.send_mail import LEASE, send_mail
from tracker.settings import Relay, UncertainMail
from tracker.storage import deliveries, delivery_log, refused_addresses
from tracker.storage.admitting import Person
from tracker.storage.base import DATABASE_AWAY, Database, Session
from tracker.storage.mailing import Delivery, Subscription
from tracker.storage.running import OutgoingMail
from tracker.subscription import QuietHours

MOMENT = timedelta(microseconds=1)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
PLANNED, QUEUED, SENT = DeliveryState.PLANNED, DeliveryState.QUEUED, DeliveryState.SENT
SKIPPED, DEAD = DeliveryState.SKIPPED, DeliveryState.DEAD
sqlite_alone = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def teller() -> SmallTeller:
    return SmallTeller()


@pytest.fixture
def due(shift: Shift, teller: SmallTeller, smtp_sink: SmtpSink, now: datetime) -> Shift:
    """One reader's digest is due at this moment, and there is a relay."""
    with shift.database.writing() as session:
        subscribed(session, now=now, person=factories.person(session, email="ana@example.org", created_at=now))
    due_at = datetime.combine(now.date() + DAY, time(7), now.tzinfo)
    settings = replace(shift.settings, relay=smtp_sink.relay)
    return replace(shift, settings=settings, clock=lambda: due_at, teller=teller)


def later(shift: Shift, by: timedelta) -> Shift:
    moment = shift.clock() + by
    return replace(shift, clock=lambda: moment)


def through(shift: Shift, port: int) -> Shift:
    return replace(shift, settings=replace(shift.settings, relay=Relay("127.0.0.1", port)))


def holding(shift: Shift) -> Shift:
    return replace(shift, settings=replace(shift.settings, uncertain_mail=UncertainMail.HOLD))


def add_reader(shift: Shift, name: str = "Ben", **more: str) -> None:
    with shift.database.writing() as session:
        begun_at = shift.clock() - DAY / 2
        reader = factories.person(session, name=name, email=f"{name.lower()[:9]}@example.org", created_at=begun_at)
        found = subscribed(session, now=begun_at, person=reader)
        for column, value in more.items():
            setattr(found, column, value)


def change(shift: Shift, act: Callable[[Session, Person, Subscription], object]) -> None:
    with shift.database.writing() as session:
        found = session.scalars(select(Subscription).order_by(Subscription.id).limit(1)).one()
        act(session, session.get_one(Person, found.person_id), found)


def kept(shift: Shift) -> list[Delivery]:
    with shift.database.reading() as session:
        return all_deliveries(session)


def log(shift: Shift, delivery_id: int) -> list[DeliveryAct]:
    with shift.database.reading() as session:
        return [event.act for event in delivery_log.events(session, delivery_id)]


def received(sink: SmtpSink) -> list[str]:
    return [recipient for recipients in sink.recipients for recipient in recipients]


def accounts_hold(shift: Shift) -> bool:
    with shift.database.reading() as session:
        return deliveries.balance(session, now=shift.clock()).holds


# ---- as it should go -------------------------------------------------------------------------------------------


def test_a_digest_that_is_due_is_in_its_readers_hands_after_one_look(due: Shift, smtp_sink: SmtpSink) -> None:
    work(due)
    (delivery,) = kept(due)
    assert (delivery.state, delivery.settled_at) == (SENT, due.clock())
    assert log(due, delivery.id) == [DeliveryAct.MADE, DeliveryAct.SENT]
    (message,) = smtp_sink.messages
    assert received(smtp_sink) == ["ana@example.org"]
    assert message["Message-ID"] == f"<{delivery.message_id}@localhost>"
    assert accounts_hold(due)


@sqlite_alone
def test_a_digest_can_be_left_by_one_click_of_a_mail_program(due: Shift, smtp_sink: SmtpSink) -> None:
    work(due)
    (message,) = smtp_sink.messages
    assert message["List-Unsubscribe"] == f"<{due.teller.asked[0].leave_url}>"  # type: ignore[union-attr]
    assert message["List-Unsubscribe"].startswith("<http://localhost:8000/leave/digest-")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"


@sqlite_alone
def test_a_digest_is_kept_as_it_was_sent(due: Shift) -> None:
    mood, about = Mood(), frozenset({"NER", "MLI"})
    due = replace(due, teller=SmallTeller(what=lambda asked: replace(made(asked), countries=about)))
    with relay(mood) as port:
        work(through(due, port))
    with due.database.reading() as session:
        (delivery,) = all_deliveries(session)
        assert [deliveries.message(session, delivery.id)] == mood.taken
    assert (delivery.subject, delivery.handling, delivery.countries) == ("What is new", 0, ["MLI", "NER"])


def test_the_next_one_tells_what_happened_since(due: Shift, teller: SmallTeller, now: datetime) -> None:
    for day in range(3):
        work(later(due, day * DAY))
    assert [asked.since for asked in teller.asked] == [now, due.clock(), due.clock() + DAY]


def test_where_nothing_is_new_none_is_sent_and_the_next_begins_later(
    due: Shift, teller: SmallTeller, smtp_sink: SmtpSink
) -> None:
    teller.what = lambda _: None
    work(due)
    teller.what = None
    work(later(due, DAY))
    assert [delivery.state for delivery in kept(due)] == [SKIPPED, SENT]
    assert teller.asked[1].since == due.clock()
    assert len(smtp_sink.messages) == 1


@sqlite_alone
def test_a_worker_without_a_teller_leaves_digests_to_others(due: Shift) -> None:
    work(replace(due, teller=None))
    assert [delivery.state for delivery in kept(due)] == [PLANNED]
    work(due)
    assert [delivery.state for delivery in kept(due)] == [SENT]


# ---- who is not to be told -------------------------------------------------------------------------------------


def deactivate(_session: Session, person: Person, _subscription: Subscription) -> None:
    person.status = PersonStatus.DEACTIVATED


def end(session: Session, person: Person, subscription: Subscription) -> None:
    subscribing.end(session, subscription.id, by=principal(session, person), now=subscription.created_at)


def pause(session: Session, person: Person, subscription: Subscription) -> None:
    until = date(2026, 3, 20)
    subscribing.pause(session, subscription.id, until, by=principal(session, person), now=subscription.created_at)


def suppress(session: Session, person: Person, subscription: Subscription) -> None:
    for _ in range(3):
        refused_addresses.count(session, person.email, "550 Gone", now=subscription.created_at)


@sqlite_alone
@pytest.mark.parametrize(
    ("act", "words"),
    [
        (deactivate, making.NOT_ACTIVE),
        (end, making.ENDED),
        (pause, making.PAUSED),
        (suppress, making.SUPPRESSED),
    ],
)
def test_who_is_not_to_be_told_any_more_when_it_is_made_is_not_told(
    due: Shift, teller: SmallTeller, act: Callable[[Session, Person, Subscription], None], words: str
) -> None:
    plan_digests(due)
    change(due, act)
    work(due)
    (delivery,) = kept(due)
    assert (delivery.state, delivery.last_error, teller.asked) == (SKIPPED, words, [])
    # nothing was looked at, so that the next one begins where this one would have
    assert delivery.told_until is None


# ---- one that cannot be made -----------------------------------------------------------------------------------


def test_one_that_cannot_be_told_is_tried_again_and_keeps_nobody_else_waiting(
    due: Shift, teller: SmallTeller, smtp_sink: SmtpSink
) -> None:
    add_reader(due)

    def stumble(asked: Asked) -> Made:
        if len(teller.asked) == 1:
            raise ZeroDivisionError
        return made(asked)

    teller.what = stumble
    work(due)
    failed, told = kept(due)
    assert (failed.state, told.state) == (PLANNED, SENT)
    assert failed.last_error == "ZeroDivisionError"
    work(later(due, failed.next_attempt_at - due.clock() - MOMENT))
    assert len(smtp_sink.messages) == 1
    work(later(due, failed.next_attempt_at - due.clock()))
    assert sorted(received(smtp_sink)) == ["ana@example.org", "ben@example.org"]


def _never(_asked: Asked) -> Made:
    raise ZeroDivisionError


def test_one_that_can_never_be_told_is_given_up_until_somebody_asks_for_it(
    due: Shift, teller: SmallTeller, smtp_sink: SmtpSink, now: datetime
) -> None:
    teller.what = _never
    for hour in range(MOST_ATTEMPTS_TO_MAKE + 3):
        work(later(due, hour * 2 * HOUR))
    (dead,) = kept(due)
    assert (dead.state, len(teller.asked)) == (DEAD, MOST_ATTEMPTS_TO_MAKE)
    assert log(due, dead.id) == [DeliveryAct.FAILED] * (MOST_ATTEMPTS_TO_MAKE - 1) + [DeliveryAct.GIVEN_UP]
    teller.what = None
    with due.database.writing() as session:
        head = factories.person(session, created_at=now)
        settling.requeue(session, dead.id, by=head.id, now=due.clock() + DAY / 2)
    work(later(due, DAY / 2))
    assert [delivery.state for delivery in kept(due)] == [SENT]
    assert len(smtp_sink.messages) == 1


@sqlite_alone
def test_one_whose_worker_ends_each_time_is_given_up(due: Shift) -> None:
    plan_digests(due)
    for number in range(MOST_WORKERS_ENDED):
        with due.database.writing() as session:
            taken = making.claim(
                session, owner=f"worker {number}", now=due.clock() + number * HOUR, lease=make_job.LEASE
            )
        assert taken is not None
    work(later(due, MOST_WORKERS_ENDED * HOUR))
    (dead,) = kept(due)
    assert (dead.state, dead.last_error) == (DEAD, making.ENDED_EACH_TIME)


def test_a_worker_that_was_held_up_does_not_tell_what_another_has_told(
    due: Shift, teller: SmallTeller, smtp_sink: SmtpSink
) -> None:
    def slowly(asked: Asked) -> Made:
        teller.what = None
        overtaking = later(due, make_job.LEASE)
        make_digests(overtaking)
        send_mail(overtaking)
        return made(asked)

    plan_digests(due)
    teller.what = slowly
    assert make_digests(due) == "Digests: 1 made by another worker."
    send_mail(due)
    assert len(teller.asked) == 2
    assert len(smtp_sink.messages) == 1


# ---- one that cannot be sent -----------------------------------------------------------------------------------


def test_the_next_one_waits_while_the_one_before_is_on_its_way_and_then_tells_both(
    due: Shift, teller: SmallTeller, smtp_sink: SmtpSink, now: datetime
) -> None:
    with relay(Mood(to_recipient="450 4.2.1 Try later")) as port:
        for hour in range(0, 31, 6):
            work(through(later(due, hour * HOUR), port))
    first, second = kept(due)
    # told anew as time went by, always from the beginning; given up after a day; the next begins there again
    assert {asked.since for asked in teller.asked} == {now}
    assert (first.state, second.state) == (DEAD, QUEUED)
    work(later(due, 32 * HOUR))
    assert [delivery.state for delivery in kept(due)] == [DEAD, SENT]
    assert received(smtp_sink) == ["ana@example.org"]
    assert accounts_hold(later(due, 32 * HOUR))


@sqlite_alone
def test_while_the_relay_is_away_for_an_hour_digests_wait_and_none_is_lost(due: Shift, smtp_sink: SmtpSink) -> None:
    add_reader(due)
    with port_where_nobody_answers() as port:
        for minute in range(60):
            work(through(later(due, minute * HOUR / 60), port))
    with due.database.reading() as session:
        assert all(mail.attempts > 1 for mail in session.scalars(select(OutgoingMail)))
    assert [delivery.state for delivery in kept(due)] == [QUEUED, QUEUED]
    work(later(due, 3 * HOUR))
    assert [delivery.state for delivery in kept(due)] == [SENT, SENT]
    assert sorted(received(smtp_sink)) == ["ana@example.org", "ben@example.org"]
    assert accounts_hold(later(due, 3 * HOUR))


def test_a_refused_reader_is_shown_and_keeps_nobody_else_waiting(due: Shift, smtp_sink: SmtpSink) -> None:
    add_reader(due)
    smtp_sink.refused.add("ana@example.org")
    work(due)
    dead, sent = kept(due)
    assert (dead.state, sent.state) == (DEAD, SENT)
    assert dead.last_error is not None
    assert "No such person here" in dead.last_error
    assert accounts_hold(due)


@sqlite_alone
def test_an_address_refused_three_times_in_a_row_gets_no_digest_until_somebody_says_so(
    due: Shift, smtp_sink: SmtpSink, now: datetime
) -> None:
    smtp_sink.refused.add("ana@example.org")
    for day in range(4):
        work(later(due, day * DAY))
    assert [delivery.state for delivery in kept(due)] == [DEAD, DEAD, DEAD, SKIPPED]
    smtp_sink.refused.clear()
    with due.database.writing() as session:
        assert [found.address for found in refused_addresses.suppressed(session)] == ["ana@example.org"]
        head = factories.person(session, created_at=now)
        settling.mail_again(session, "ana@example.org", by=head.id, now=now)
        assert refused_addresses.suppressed(session) == []
    work(later(due, 4 * DAY))
    assert received(smtp_sink) == ["ana@example.org"]


@sqlite_alone
def test_a_letter_about_an_account_is_tried_though_the_address_was_refused(due: Shift, smtp_sink: SmtpSink) -> None:
    change(due, suppress)
    with due.database.writing() as session:
        outgoing_mails.queue(session, recipient="ana@example.org", subject="Reset", body="Link", now=due.clock())
    send_mail(due)
    assert received(smtp_sink) == ["ana@example.org"]
    with due.database.reading() as session:
        assert refused_addresses.suppressed(session) == []


# ---- what changed between making and sending -------------------------------------------------------------------


def test_who_may_see_less_since_it_was_made_is_told_anew(
    due: Shift, teller: SmallTeller, smtp_sink: SmtpSink, now: datetime
) -> None:
    plan_digests(due)
    make_digests(due)
    change(due, lambda _session, person, _: setattr(person, "email", "ana@elsewhere.example"))
    send_mail(due)
    assert [asked.since for asked in teller.asked] == [now, now]
    assert received(smtp_sink) == ["ana@elsewhere.example"]
    assert [delivery.state for delivery in kept(due)] == [SENT]


@sqlite_alone
def test_whose_countries_become_fewer_after_it_was_made_is_told_anew(due: Shift, teller: SmallTeller) -> None:
    def narrow(session: Session, person: Person, _subscription: Subscription) -> None:
        current = access.access_of(person)
        fewer = replace(current, sees_all=False)
        access.change_access(session, person.id, fewer, shown=current.digest(), by=None, now=due.clock())

    plan_digests(due)
    make_digests(due)
    change(due, narrow)
    send_mail(due)
    assert len(teller.asked) == 2
    assert [delivery.state for delivery in kept(due)] == [SENT]


@sqlite_alone
@pytest.mark.parametrize(("waited", "times_told"), [(FRESH_FOR, 1), (FRESH_FOR + MOMENT, 2)])
def test_what_waited_for_more_than_an_hour_is_told_anew(
    due: Shift, teller: SmallTeller, waited: timedelta, times_told: int
) -> None:
    plan_digests(due)
    make_digests(due)
    send_mail(later(due, waited))
    assert len(teller.asked) == times_told
    assert kept(due)[0].told_until == teller.asked[-1].until


@sqlite_alone
@pytest.mark.parametrize(("waited", "times_told"), [(URGENT_FRESH_FOR, 1), (URGENT_FRESH_FOR + MOMENT, 2)])
def test_an_urgent_notice_that_was_not_taken_is_told_anew_after_minutes(
    shift: Shift, teller: SmallTeller, waited: timedelta, times_told: int
) -> None:
    """Marks may have become higher since."""
    with shift.database.writing() as session:
        reader = factories.person(session, created_at=shift.clock())
        subscribing.want_urgent(session, reader.id, None, by=principal(session, reader), now=shift.clock())
        planning.plan_urgent(session, [reader.id], now=shift.clock())
    shift = replace(shift, teller=teller)
    make_digests(shift)
    with port_where_nobody_answers() as port:
        send_mail(through(shift, port))

    send_mail(later(shift, waited))

    assert len(teller.asked) == times_told
    assert [delivery.state for delivery in kept(shift)] == [SENT]


@sqlite_alone
@pytest.mark.parametrize(("act", "words"), [(deactivate, making.NOT_ACTIVE), (end, making.ENDED)])
def test_who_is_not_to_be_told_any_more_when_it_is_sent_gets_nothing(
    due: Shift, smtp_sink: SmtpSink, act: Callable[[Session, Person, Subscription], None], words: str
) -> None:
    plan_digests(due)
    make_digests(due)
    change(due, act)
    send_mail(due)
    (delivery,) = kept(due)
    assert (delivery.state, delivery.last_error, smtp_sink.messages) == (SKIPPED, words, [])
    assert accounts_hold(due)


@sqlite_alone
@pytest.mark.parametrize("is_ended", [False, True])
def test_an_urgent_notice_leaves_while_its_reader_wants_them(due: Shift, smtp_sink: SmtpSink, is_ended: bool) -> None:
    with due.database.writing() as session:
        reader = factories.person(session, email="eva@example.org", created_at=due.clock())
        subscribing.want_urgent(session, reader.id, None, by=principal(session, reader), now=due.clock())
        planning.plan_urgent(session, [reader.id], now=due.clock())
    make_digests(due)
    if is_ended:
        with due.database.writing() as session:
            subscribing.stop_urgent(session, reader.id, by=None, now=due.clock())
    send_mail(due)
    (delivery,) = kept(due)
    assert delivery.state == (SKIPPED if is_ended else SENT)
    assert received(smtp_sink) == ([] if is_ended else ["eva@example.org"])


@sqlite_alone
def test_an_urgent_notice_that_is_delayed_into_quiet_hours_waits_until_they_are_over(
    due: Shift, smtp_sink: SmtpSink
) -> None:
    """It is seven; they begin a minute later and end at nine. A digest is told at its hour all the same."""
    add_reader(due)
    with due.database.writing() as session:
        reader = factories.person(session, email="eva@example.org", created_at=due.clock(), time_zone="UTC")
        quiet = QuietHours(time(7, 1), time(9))
        subscribing.want_urgent(session, reader.id, quiet, by=principal(session, reader), now=due.clock())
        planning.plan_urgent(session, [reader.id], now=due.clock())
    with port_where_nobody_answers() as port:
        work(through(due, port))
    for minutes in (2, 20, 119):
        send_mail(later(due, minutes * MINUTE))
        assert sorted(received(smtp_sink)) == ["ana@example.org", "ben@example.org"]
        with due.database.reading() as session:
            found = deliveries.balance(session, now=due.clock() + minutes * MINUTE)
        assert (found.holds, found.late) == (True, 0)

    send_mail(later(due, 120 * MINUTE))

    assert received(smtp_sink)[2:] == ["eva@example.org"]


# ---- what may have left ----------------------------------------------------------------------------------------


def leave_in_doubt(due: Shift) -> None:
    """As a worker leaves it that ends while the relay has the text."""
    plan_digests(due)
    make_digests(due)
    with due.database.writing() as session:
        (taken,) = outgoing_mails.claim(session, owner="a dead worker", now=due.clock(), lease=LEASE)
        assert outgoing_mails.begin_transmitting(session, taken, now=due.clock())


def test_what_may_have_left_is_sent_again_as_the_same_mail(due: Shift, smtp_sink: SmtpSink) -> None:
    leave_in_doubt(due)
    send_mail(later(due, LEASE - MOMENT))
    assert smtp_sink.messages == []
    send_mail(later(due, LEASE))
    (message,) = smtp_sink.messages
    (delivery,) = kept(due)
    assert message["Message-ID"] == f"<{delivery.message_id}@localhost>"
    with due.database.reading() as session:
        assert delivery_log.events(session, delivery.id)[-1].words == outgoing_mails.PERHAPS_AGAIN


def test_what_may_have_left_is_held_where_that_is_wanted(due: Shift, smtp_sink: SmtpSink, now: datetime) -> None:
    leave_in_doubt(due)
    assert send_mail(holding(later(due, LEASE))).startswith("Mail: 1 held")
    (held,) = kept(due)
    assert (held.state, held.last_error, smtp_sink.messages) == (DEAD, outgoing_mails.UNCERTAIN, [])
    with due.database.writing() as session:
        head = factories.person(session, created_at=now)
        settling.take_as_sent(session, held.id, by=head.id, now=due.clock())
    assert [delivery.state for delivery in kept(due)] == [SENT]
    assert accounts_hold(due)


@sqlite_alone
def test_what_may_have_left_is_not_sent_again_to_who_may_see_less_by_now(due: Shift, smtp_sink: SmtpSink) -> None:
    leave_in_doubt(due)
    change(due, lambda _session, person, _: setattr(person, "clearance", 0))
    send_mail(later(due, LEASE))
    assert ([delivery.state for delivery in kept(due)], smtp_sink.messages) == ([DEAD], [])


@sqlite_alone
@pytest.mark.parametrize("is_there", [True, False])
def test_the_outbox_is_asked_what_is_in_it(due: Shift, is_there: bool) -> None:
    without_relay = replace(due, settings=replace(due.settings, relay=None))
    leave_in_doubt(without_relay)
    if is_there:
        send_mail(later(without_relay, LEASE))
        with due.database.writing() as session:
            in_doubt = {"sent_at": None, "transmitting_at": due.clock()}
            session.execute(update(OutgoingMail).values(**in_doubt))
            session.execute(update(Delivery).values(state=QUEUED, settled_at=None))
    (outbox := due.settings.outbox_folder).mkdir(exist_ok=True)
    before = [file.stat().st_mtime_ns for file in outbox.glob("*.eml")]
    send_mail(holding(later(without_relay, LEASE)))
    after = [file.stat().st_mtime_ns for file in outbox.glob("*.eml")]
    assert [delivery.state for delivery in kept(due)] == [SENT]
    assert (before == after) == is_there
    assert len(after) == 1


@sqlite_alone
def test_a_relay_that_hangs_up_after_the_text_leaves_it_in_doubt(due: Shift, smtp_sink: SmtpSink) -> None:
    plan_digests(due)
    make_digests(due)
    with relay(HangsUp()) as port:
        assert send_mail(through(due, port)) == "Mail: 1 to be tried again."
    assert send_mail(holding(later(due, HOUR))).startswith("Mail: 1 held")
    assert smtp_sink.messages == []


class HangsUp(Mood):
    """Takes all of a text and ends the conversation instead of an answer."""

    async def handle_DATA(self, server: object, _session: object, _envelope: object) -> str:  # noqa: N802
        server.transport.close()  # type: ignore[attr-defined]
        return "250 OK"


# ---- hostile ---------------------------------------------------------------------------------------------------


@sqlite_alone
@pytest.mark.parametrize(
    "hostile",
    ["Up\r\nBcc: eva@example.org", "n" * 10_000, "\x00\ud800\u202e\u2028", "=?utf-8?q?=0D=0ABcc:_eva=40example.org?="],
)
def test_hostile_words_in_a_digest_are_made_harmless_and_it_goes_out(
    due: Shift, teller: SmallTeller, smtp_sink: SmtpSink, hostile: str
) -> None:
    add_reader(due)
    teller.what = lambda asked: made(asked, subject=hostile, text=f"{hostile}\n.\n", html=f"<p>{hostile}</p>")
    work(due)
    assert [delivery.state for delivery in kept(due)] == [SENT, SENT]
    assert sorted(received(smtp_sink)) == ["ana@example.org", "ben@example.org"]
    for message in smtp_sink.messages:
        assert message["Bcc"] is None
        assert len(message["Subject"]) <= 200
        assert max(len(line) for line in message.as_bytes().split(b"\r\n")) <= 998
        assert not message.defects


@sqlite_alone
def test_a_reader_without_a_fit_address_and_one_in_a_zone_that_is_gone_keep_nobody_waiting(
    due: Shift, smtp_sink: SmtpSink
) -> None:
    add_reader(due, "Eva", zone="Europe/Atlantis")
    change(due, lambda _session, person, _: setattr(person, "email", "a@b@c"))
    plan_digests(due)
    assert make_digests(due) == "Digests: 1 made, 1 given up."
    send_mail(due)
    unfit, gone = kept(due)
    assert (unfit.state, gone.state) == (DEAD, SENT)
    assert received(smtp_sink) == ["eva@example.org"]
    with due.database.reading() as session:
        assert "There is no time zone “Europe/Atlantis” any more" in delivery_log.events(session, gone.id)[0].words


# ---- a full disk, a wrong clock --------------------------------------------------------------------------------


@contextmanager
def full_disk(database: Database) -> Iterator[None]:
    """The database may not grow by a page."""

    def limit(connection: Any, _entry: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")

    event.listen(database.engine, "connect", limit)
    database.dispose()
    yield
    event.remove(database.engine, "connect", limit)
    database.dispose()


@sqlite_alone
def test_while_the_disk_is_full_digests_wait(due: Shift, teller: SmallTeller, smtp_sink: SmtpSink) -> None:
    teller.what = lambda asked: made(asked, html=f"<p>{'What is new. ' * 20_000}</p>")
    plan_digests(due)
    with full_disk(due.database):
        with pytest.raises(DATABASE_AWAY, match="database or disk is full"):
            make_digests(due)
        send_mail(due)
    assert smtp_sink.messages == []
    work(later(due, make_job.LEASE))
    assert [delivery.state for delivery in kept(due)] == [SENT]
    assert received(smtp_sink) == ["ana@example.org"]


@sqlite_alone
@pytest.mark.parametrize("wrong_by", [2 * HOUR, -2 * HOUR])
def test_a_clock_that_was_two_hours_off_costs_nothing_of_what_a_worker_left(
    due: Shift, smtp_sink: SmtpSink, wrong_by: timedelta
) -> None:
    right = later(due, 2 * HOUR)
    leave_in_doubt(later(right, wrong_by))
    for quarter in range(12):
        work(later(right, quarter * HOUR / 4))
    assert received(smtp_sink) == ["ana@example.org"]
    work(later(due, DAY))
    assert [delivery.state for delivery in kept(due)] == [SENT, SENT]
    assert received(smtp_sink) == ["ana@example.org"] * 2
    assert accounts_hold(later(due, DAY))


def test_workers_go_by_the_clock_of_the_database(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    class Ahead:
        @staticmethod
        def now(zone: tzinfo) -> datetime:
            return datetime.now(zone) + 2 * HOUR

    monkeypatch.setattr("tracker.jobs.clock.datetime", Ahead)
    watch = DatabaseClock(database)
    watch.set()
    ahead = watch() - datetime.now(UTC)
    expected = 2 * HOUR if database.engine.dialect.name == "sqlite" else timedelta()
    assert abs(ahead - expected) < HOUR


# ---- the accounts ----------------------------------------------------------------------------------------------


def test_the_accounts_do_not_hold_when_a_mail_or_a_period_is_lost(due: Shift) -> None:
    assert accounts_hold(due)
    assert not accounts_hold(later(due, HOUR))
    plan_digests(due)
    make_digests(due)
    assert accounts_hold(later(due, HOUR))
    with due.database.writing() as session:
        session.query(OutgoingMail).delete()
        assert states(session) == [QUEUED]
    assert not accounts_hold(due)
