"""A backup was put back: whoever was told after it was made is not told once more, and nobody misses anything."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests import factories
from tests.digests import DAY, SmallTeller, all_deliveries, principal, subscribed, work
from tests.smtp_sink import SmtpSink
from tracker.actions import outgoing_mails
from tracker.actions.digests import calling, planning, restoring, subscribing
from tracker.digest import DeliveryState
from tracker.jobs.job import Shift
from tracker.jobs.make_digests import make_digests
from tracker.jobs.plan_digests import plan_digests
from tracker.settings import Settings
from tracker.storage import deliveries, subscriptions, webhooks
from tracker.storage.base import Database, Session
from tracker.storage.running import OutgoingMail

HOUR = timedelta(hours=1)
SKIPPED, SENT = DeliveryState.SKIPPED, DeliveryState.SENT


def at(shift: Shift, moment: datetime) -> Shift:
    return replace(shift, clock=lambda: moment)


def copy(of: Path, to: Path) -> None:
    """As sqlite3 .backup does, into a database that need not be empty."""
    with closing(sqlite3.connect(of)) as original, closing(sqlite3.connect(to)) as copied:
        original.backup(copied)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_after_a_backup_was_put_back_nothing_is_sent_twice_and_the_next_digest_tells_all(
    settings: Settings, empty_database: Database, smtp_sink: SmtpSink, tmp_path: Path, now: datetime
) -> None:
    teller, due_at = SmallTeller(), datetime.combine(now.date() + DAY, time(7), now.tzinfo)
    relayed = replace(settings, relay=smtp_sink.relay)
    shift = Shift(relayed, empty_database, clock=lambda: due_at, stopping=lambda: False, teller=teller)
    with empty_database.writing() as session:
        for name in ("Ana", "Ben"):
            subscribed(session, now=now, person=factories.person(session, name=name, created_at=now))
        outgoing_mails.queue(session, recipient="eva@example.org", subject="Reset", body="Link", now=due_at)
    plan_digests(shift)
    make_digests(replace(shift, stopping=lambda: bool(teller.asked)))
    file, backup = Path(str(empty_database.engine.url.database)), tmp_path / "backup.sqlite3"
    copy(file, backup)

    work(shift)
    work(at(shift, due_at + DAY))
    sent = [message["Message-ID"] for message in smtp_sink.messages]
    assert len(sent) == len(set(sent)) == 5

    empty_database.dispose()
    copy(backup, file)
    put_back_at = due_at + DAY + HOUR
    with empty_database.writing() as session:
        assert restoring.leave_unsent(session, now=put_back_at) == restoring.Unsent(letters=1, digests=2, calls=0)
    work(at(shift, put_back_at))
    assert len(smtp_sink.messages) == 5

    teller.asked.clear()
    work(at(shift, due_at + 2 * DAY))
    assert [asked.since for asked in teller.asked] == [now, now]
    with empty_database.reading() as session:
        assert sorted(delivery.state for delivery in all_deliveries(session)) == [SENT, SENT, SKIPPED, SKIPPED]
        assert deliveries.balance(session, now=due_at + 2 * DAY).holds
    last = [message["Message-ID"] for message in smtp_sink.messages[5:]]
    assert len(last) == 2
    assert not set(last) & set(sent)


def test_what_waited_to_be_told_to_programs_and_at_once_is_not_told_once_more(session: Session, now: datetime) -> None:
    found = subscribed(session, now=now)
    calling.queue_try(session, found.id, "It works.", now=now)
    reader = factories.person(session, created_at=now)
    subscribing.want_urgent(session, reader.id, None, by=principal(session, reader), now=now)
    planning.plan_urgent(session, [reader.id], now=now)
    letter = outgoing_mails.queue(session, recipient="eva@example.org", subject="Reset", body="Link", now=now)

    unsent = restoring.leave_unsent(session, now=now + DAY)

    assert unsent == restoring.Unsent(letters=1, digests=1, calls=1)
    assert webhooks.next_free(session, now=now + DAY) is None
    assert [delivery.state for delivery in all_deliveries(session)] == [SKIPPED]
    wish = subscriptions.urgent_wish(session, reader.id)
    assert wish is not None
    session.refresh(wish)
    assert wish.since == now + DAY
    session.refresh(found)
    assert found.planned_until == now + DAY
    assert found.next_due_at is not None
    assert now + DAY < found.next_due_at <= now + 2 * DAY
    assert session.scalars(select(OutgoingMail)).one().given_up_at == now + DAY
    assert letter.body is None
    assert restoring.leave_unsent(session, now=now + DAY) == restoring.Unsent(0, 0, 0)
