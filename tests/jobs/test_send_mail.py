import asyncio
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.delivery.relays import Mood, port_where_nobody_answers, relay
from tests.jobs.outages import outage
from tests.smtp_sink import SmtpSink
from tracker.actions.outgoing_mails import queue
from tracker.jobs.job import Shift
from tracker.jobs.send_mail import LEASE, send_mail
from tracker.settings import Relay
from tracker.storage.base import DATABASE_AWAY
from tracker.storage.running import OutgoingMail

ROOT = Path(__file__).resolve().parents[2]
# A worker of its own, that can be killed. It gets the address of the database, the relay's port and a folder.
WORKER = """
import sys
from datetime import datetime
from pathlib import Path
from tracker.jobs.job import Shift
from tracker.jobs.send_mail import send_mail
from tracker.settings import Mode, Relay, Settings
from tracker.storage.base import Database

url, port, folder, instant = sys.argv[1:]
settings = Settings(
    Mode.LOCAL, Path(folder), url, "", "http://localhost:8000", Relay("127.0.0.1", int(port)), "tracker@localhost"
)
now = datetime.fromisoformat(instant)
send_mail(Shift(settings, Database(url), clock=lambda: now, stopping=lambda: False))
"""


def queued(shift: Shift, *recipients: str, subject: str = "What is new") -> None:
    with shift.database.writing() as session:
        for recipient in recipients:
            queue(session, recipient=recipient, subject=subject, body="Nothing.", now=shift.clock())


def through(shift: Shift, way_out: Relay | None) -> Shift:
    return replace(shift, settings=replace(shift.settings, relay=way_out))


def at(shift: Shift, moment: datetime) -> Shift:
    return replace(shift, clock=lambda: moment)


def mails(shift: Shift) -> list[OutgoingMail]:
    with shift.database.reading() as session:
        return list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def received(sink: SmtpSink) -> list[str]:
    return [recipient for recipients in sink.recipients for recipient in recipients]


def test_everything_that_is_due_is_sent_in_its_order(shift: Shift, smtp_sink: SmtpSink) -> None:
    queued(shift, "ana@example.org", "ben@example.org", "eva@example.org")
    told = send_mail(through(shift, smtp_sink.relay))
    assert received(smtp_sink) == ["ana@example.org", "ben@example.org", "eva@example.org"]
    assert told == "Mail: 3 sent."
    assert [mail.sent_at for mail in mails(shift)] == [shift.clock()] * 3


def test_what_was_sent_is_not_sent_again(shift: Shift, smtp_sink: SmtpSink) -> None:
    queued(shift, "ana@example.org")
    send_mail(through(shift, smtp_sink.relay))
    assert send_mail(through(shift, smtp_sink.relay)) == ""
    assert received(smtp_sink) == ["ana@example.org"]


def test_a_mail_says_where_it_comes_from_and_when_it_was_meant(
    shift: Shift, smtp_sink: SmtpSink, now: datetime
) -> None:
    queued(shift, "ana@example.org")
    send_mail(at(through(shift, smtp_sink.relay), now + timedelta(hours=3)))
    (message,) = smtp_sink.messages
    (mail,) = mails(shift)
    assert message["From"] == "Early-warning tracker <tracker@localhost>"
    assert message["Message-ID"] == f"<{mail.message_id}@localhost>"
    assert message["Date"].datetime == now


def test_without_a_relay_mail_goes_to_the_outbox(shift: Shift) -> None:
    queued(shift, "ana@example.org", "ben@example.org")
    assert send_mail(shift) == "Mail: 2 sent."
    assert len(list(shift.settings.outbox_folder.glob("*.eml"))) == 2


def test_a_refused_recipient_does_not_stop_the_others(shift: Shift, smtp_sink: SmtpSink) -> None:
    smtp_sink.refused.add("gone@example.org")
    queued(shift, "ana@example.org", "gone@example.org", "eva@example.org")
    assert send_mail(through(shift, smtp_sink.relay)) == "Mail: 2 sent, 1 refused for good."
    assert received(smtp_sink) == ["ana@example.org", "eva@example.org"]
    gone = mails(shift)[1]
    assert gone.given_up_at == shift.clock()
    assert gone.last_error is not None
    assert "No such person here" in gone.last_error


@pytest.mark.parametrize("recipient", ["nobody", "a@b@c", "ana@example.org\r\nRCPT TO:<eva@example.org>", "\x01@b.c"])
def test_an_address_that_is_none_does_not_stop_the_others(shift: Shift, smtp_sink: SmtpSink, recipient: str) -> None:
    queued(shift, recipient, "eva@example.org")
    send_mail(through(shift, smtp_sink.relay))
    assert received(smtp_sink) == ["eva@example.org"]
    assert mails(shift)[0].given_up_at is not None


@pytest.mark.parametrize(
    "subject", ["Good\r\nBcc: eva@example.org", "x" * 10_000, "=?utf-8?q?=0D=0ABcc:_eva=40example.org?=", "\ud800"]
)
def test_a_hostile_title_is_sent_to_its_reader_alone(shift: Shift, smtp_sink: SmtpSink, subject: str) -> None:
    queued(shift, "ana@example.org", subject=subject)
    assert send_mail(through(shift, smtp_sink.relay)) == "Mail: 1 sent."
    (message,) = smtp_sink.messages
    assert received(smtp_sink) == ["ana@example.org"]
    assert message["Bcc"] is None
    assert len(message["Subject"]) <= 200


def test_a_sender_that_cannot_be_used_costs_no_mail(shift: Shift, smtp_sink: SmtpSink) -> None:
    nameless = replace(shift, settings=replace(shift.settings, mail_from="nobody", relay=smtp_sink.relay))
    queued(shift, "ana@example.org")
    assert send_mail(nameless) == "Mail: 1 to be tried again."
    (mail,) = mails(shift)
    assert mail.given_up_at is None
    assert mail.body is not None
    send_mail(at(through(shift, smtp_sink.relay), mail.next_attempt_at))
    assert received(smtp_sink) == ["ana@example.org"]


def test_what_the_relay_cannot_take_now_it_gets_later(shift: Shift, smtp_sink: SmtpSink) -> None:
    queued(shift, "ana@example.org")
    with relay(Mood(to_recipient="450 4.2.1 Try later")) as port:
        assert send_mail(through(shift, Relay("127.0.0.1", port))) == "Mail: 1 to be tried again."
    (mail,) = mails(shift)
    assert mail.next_attempt_at > shift.clock()
    send_mail(at(through(shift, smtp_sink.relay), mail.next_attempt_at))
    assert received(smtp_sink) == ["ana@example.org"]


def test_mail_waits_while_the_relay_is_away_and_leaves_when_it_is_back(
    shift: Shift, smtp_sink: SmtpSink, now: datetime
) -> None:
    recipients = [f"reader{number}@example.org" for number in range(5)]
    queued(shift, *recipients)
    with port_where_nobody_answers() as port:
        for minute in range(60):
            send_mail(at(through(shift, Relay("127.0.0.1", port)), now + timedelta(minutes=minute)))
    assert [mail.attempts > 1 for mail in mails(shift)] == [True] * 5
    send_mail(at(through(shift, smtp_sink.relay), now + timedelta(hours=3)))
    assert sorted(received(smtp_sink)) == recipients


def test_while_the_relay_is_away_it_is_asked_once_and_not_for_every_mail(shift: Shift) -> None:
    queued(shift, "ana@example.org", "ben@example.org", "eva@example.org")
    with port_where_nobody_answers() as port:
        told = send_mail(through(shift, Relay("127.0.0.1", port)))
    assert told == "Mail: 1 kept because the relay is away."
    assert [mail.attempts for mail in mails(shift)] == [1, 0, 0]


def test_a_worker_that_is_to_stop_takes_no_further_mail(shift: Shift, smtp_sink: SmtpSink) -> None:
    queued(shift, "ana@example.org", "ben@example.org")
    stopping = replace(through(shift, smtp_sink.relay), stopping=lambda: len(smtp_sink.messages) == 1)
    send_mail(stopping)
    assert received(smtp_sink) == ["ana@example.org"]
    assert [mail.attempts for mail in mails(shift)] == [1, 0]


def test_an_error_is_kept_without_the_relays_password(shift: Shift) -> None:
    queued(shift, "ana@example.org")
    chatty = Mood(to_recipient="450 4.7.1 I will not believe open-sesame")
    with relay(chatty) as port:
        settings = replace(shift.settings, relay=Relay("127.0.0.1", port, password="open-sesame"))
        send_mail(replace(shift, settings=settings))
    (mail,) = mails(shift)
    assert mail.last_error is not None
    assert mail.last_error.endswith("I will not believe ***")


def test_a_long_queue_is_left_after_a_minute_so_that_other_jobs_have_their_turn(
    shift: Shift, smtp_sink: SmtpSink, now: datetime
) -> None:
    queued(shift, *[f"reader{number}@example.org" for number in range(5)])
    slow = replace(through(shift, smtp_sink.relay), clock=lambda: now + timedelta(seconds=20 * len(smtp_sink.messages)))
    assert send_mail(slow) == "Mail: 3 sent."
    assert send_mail(slow) == "Mail: 2 sent."


class EndsWith(Mood):
    """Does something just before it says that it took the mail."""

    def __init__(self, last: Callable[[], object]) -> None:
        super().__init__()
        self.last = last

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.last()
        return await super().handle_DATA(server, session, envelope)


def test_a_mail_that_left_while_the_database_went_away_is_not_sent_twice(shift: Shift, now: datetime) -> None:
    queued(shift, "ana@example.org")
    away = ExitStack()
    mood = EndsWith(lambda: away.enter_context(outage(shift.database)))
    with relay(mood) as port:
        sending = replace(through(shift, Relay("127.0.0.1", port)), pause=lambda _: away.close())
        assert send_mail(sending) == "Mail: 1 sent."
        assert send_mail(at(sending, now + LEASE)) == ""
    assert len(mood.taken) == 1


def test_a_database_that_stays_away_is_waited_for_less_long_than_the_lease(shift: Shift) -> None:
    queued(shift, "ana@example.org")
    waited: list[float] = []
    with ExitStack() as away, relay(EndsWith(lambda: away.enter_context(outage(shift.database)))) as port:
        sending = replace(through(shift, Relay("127.0.0.1", port)), pause=waited.append)
        with pytest.raises(DATABASE_AWAY):
            send_mail(sending)
    assert len(waited) > 1
    assert timedelta(seconds=sum(waited)) < LEASE / 5


# ---- several workers, and dead ones ----------------------------------------------------------------------------


class WaitsForCompany(Mood):
    """Takes a first text only when a second one is being sent at the same time."""

    def __init__(self, company: int) -> None:
        super().__init__()
        self.company = company
        self.senders: set[int] = set()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.senders.add(session.peer[1])
        deadline = server.loop.time() + 60
        while len(self.senders) < self.company and server.loop.time() < deadline:
            await asyncio.sleep(0.01)
        return await super().handle_DATA(server, session, envelope)


def test_two_workers_send_each_mail_once(shift: Shift) -> None:
    queued(shift, *[f"reader{number}@example.org" for number in range(9)])
    mood = WaitsForCompany(2)
    with relay(mood) as port:
        workers = [
            threading.Thread(target=send_mail, args=[through(shift, Relay("127.0.0.1", port))]) for _ in range(2)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(timeout=60)
    assert len(mood.senders) == 2
    assert len(mood.taken) == len(set(mood.taken)) == 9
    assert all(mail.sent_at for mail in mails(shift))


class Holds(Mood):
    """Lets a sender wait in the middle of a mail."""

    def __init__(self) -> None:
        super().__init__()
        self.holding = threading.Event()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        self.holding.set()
        await asyncio.sleep(60)
        return await super().handle_RCPT(server, session, envelope, address, options)


@contextmanager
def another_worker(shift: Shift, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    url = shift.database.engine.url.render_as_string(hide_password=False)
    folder = str(shift.settings.data_folder)
    command = [sys.executable, "-c", WORKER, url, str(port), folder, shift.clock().isoformat()]
    with subprocess.Popen(command, cwd=ROOT) as worker:
        try:
            yield worker
        finally:
            worker.kill()


def test_the_mail_of_a_killed_worker_is_sent_by_another_once_its_lease_is_over(
    shift: Shift, smtp_sink: SmtpSink, now: datetime
) -> None:
    queued(shift, "ana@example.org")
    holds = Holds()
    with relay(holds) as port, another_worker(shift, port) as killed:
        assert holds.holding.wait(timeout=60)
        killed.kill()
        assert killed.wait(timeout=60) == -signal.SIGKILL
    survivor = through(shift, smtp_sink.relay)
    assert send_mail(at(survivor, now + LEASE - timedelta(microseconds=1))) == ""
    assert send_mail(at(survivor, now + LEASE)) == "Mail: 1 sent."
    assert received(smtp_sink) == ["ana@example.org"]


def test_a_mail_whose_worker_died_before_writing_down_that_it_left_keeps_its_message_id(
    shift: Shift, smtp_sink: SmtpSink, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued(shift, "ana@example.org")
    sending = through(shift, smtp_sink.relay)
    with monkeypatch.context() as dying:
        dying.setattr("tracker.actions.outgoing_mails.settle_sent", _die)
        with pytest.raises(KeyboardInterrupt):
            send_mail(sending)
    assert len(smtp_sink.messages) == 1
    send_mail(at(sending, now + LEASE))
    first, second = smtp_sink.messages
    assert first.as_bytes() == second.as_bytes()


def _die(*_arguments: object, **_named: object) -> None:
    raise KeyboardInterrupt
