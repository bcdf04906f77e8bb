"""What cannot wait, from what happens to the mail: nothing lost between two notices, nothing told for nothing."""

from contextlib import ExitStack
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.digests import all_deliveries
from tests.focal_points import asked
from tests.responses import Hand
from tests.situations import flag, raised, said, somebody
from tests.web.conftest import BOTH_ENGINES
from tests.web.digests import ALARM, BREAKDOWN, EASED, NOTICE, WARNING, WORSENED, Reader, reader_of, sentence
from tracker.access import Role
from tracker.actions.digests.subscribing import stop
from tracker.digest import DeliveryState
from tracker.handling import Mark
from tracker.jobs.runner import run_due_once
from tracker.settings import Settings
from tracker.storage import situations
from tracker.storage.base import Database
from tracker.storage.conclusions import Flag
from tracker.storage.mailing import Delivery, Subscription
from tracker.web.digests.mail import teller_of

HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
sqlite_alone = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def reader(app: Flask, database: Database, now: datetime) -> Reader:
    """Urgent notices and no digest."""
    made = reader_of(app, database, since=now - HOUR, clearance=Mark.AMBER)
    with database.writing() as session:
        stop(session, session.get_one(Subscription, made.subscription_id), by=made.person_id, now=now - HOUR)
    return made


def worked(reader: Reader, settings: Settings, *moments: datetime) -> list[Delivery]:
    """A worker looks at those moments; what became of all notices."""
    for moment in moments:
        run_due_once(settings, reader.database, moment, teller=teller_of(reader.app))
    with reader.database.reading() as session:
        return all_deliveries(session)


def an_alarm(reader: Reader, iso3: str, at: datetime) -> int:
    with reader.database.writing() as session:
        return raised(session, iso3=iso3, severity=ALARM, now=at, **BREAKDOWN, **sentence("Courts were shut."))[0].id


@BOTH_ENGINES
def test_an_alarm_still_being_written_down_while_a_notice_leaves_is_told_by_the_next(
    reader: Reader, settings: Settings, now: datetime
) -> None:
    """On SQLite a writer is alone: it read the clock before, and waits until the notice has left."""
    an_alarm(reader, "MLI", now - 20 * SECOND)
    with ExitStack() as later:
        is_open = reader.database.engine.dialect.name == "postgresql"
        if is_open:
            session = later.enter_context(reader.database.writing())
            said(session, flag(session, iso3="NER", now=now - 10 * SECOND), severity=ALARM, now=now - 10 * SECOND)
            session.flush()
        [first] = worked(reader, settings, now)
        assert first.state is DeliveryState.SENT
        assert "Mali" in (first.subject or "")
        assert "1 new" in (first.subject or "")
        if not is_open:
            session = later.enter_context(reader.database.writing())
            said(session, flag(session, iso3="NER", now=now - 10 * SECOND), severity=ALARM, now=now - 10 * SECOND)

    looks = [now + seconds * SECOND for seconds in (5, 10, 60, 119, 125)]
    found = worked(reader, settings, *looks, now + HOUR, now + 2 * HOUR, now + 3 * HOUR)

    assert [one.state for one in found] == [DeliveryState.SENT, DeliveryState.SENT], "and no line says that nothing was"
    assert "Niger" in (found[1].subject or "")
    assert "1 new" in (found[1].subject or "")


@sqlite_alone
def test_what_a_reader_may_not_see_or_is_over_by_then_leaves_no_trace_among_their_notices(
    reader: Reader, settings: Settings, now: datetime
) -> None:
    an_alarm(reader, "MLI", now - 20 * SECOND)
    worked(reader, settings, now)
    with reader.database.writing() as session:
        late = now - 10 * SECOND
        for iso3, mark in (("NER", Mark.RED), ("TCD", Mark.CLEAR)):
            said(session, flag(session, iso3=iso3, now=late), severity=ALARM, handling=mark, now=late)
        over = session.scalars(select(Flag).where(Flag.iso3 == "TCD")).one()
        said(session, over, EASED, severity=NOTICE, now=late + SECOND)

    found = worked(reader, settings, now + 5 * SECOND, now + 10 * SECOND, now + 2 * HOUR)

    assert [one.state for one in found] == [DeliveryState.SENT]


@BOTH_ENGINES
def test_whoever_was_told_before_alarms_were_kept_is_told_of_new_ones_alone(
    reader: Reader, settings: Settings, now: datetime
) -> None:
    an_alarm(reader, "MLI", now - 20 * SECOND)
    worked(reader, settings, now)
    with reader.database.writing() as session:
        [first] = all_deliveries(session)
        since_then = ("alarms", "days", "scores", "method")
        first.stood = {key: told for key, told in (first.stood or {}).items() if key not in since_then}
        first.stood |= {"occasions": []}
    assert len(worked(reader, settings, now + 5 * SECOND, now + 2 * HOUR)) == 1
    an_alarm(reader, "NER", now + 2 * HOUR)

    [_, second] = worked(reader, settings, now + 3 * HOUR, now + 5 * HOUR)

    assert second.state is DeliveryState.SENT
    assert "Niger" in (second.subject or "")
    assert "1 new" in (second.subject or "")


@sqlite_alone
@pytest.mark.parametrize(("apart", "is_told"), [(10 * SECOND, False), (3 * HOUR, True)])
def test_an_alarm_that_comes_back_is_told_anew_unless_it_was_gone_for_less_than_an_hour(
    reader: Reader, settings: Settings, now: datetime, apart: timedelta, is_told: bool
) -> None:
    number = an_alarm(reader, "MLI", now - 20 * SECOND)
    worked(reader, settings, now)
    with reader.database.writing() as session:
        found = session.get_one(Flag, number)
        said(session, found, EASED, severity=WARNING, now=now + HOUR)
        said(session, found, WORSENED, severity=ALARM, now=now + HOUR + apart)

    sent = [one for one in worked(reader, settings, now + 5 * HOUR) if one.state is DeliveryState.SENT]

    assert len(sent) == 1 + is_told


@sqlite_alone
@pytest.mark.parametrize("as_what", ["owner", "in charge", "follower", "stranger"])
def test_a_measure_is_urgent_the_day_after_it_was_due_to_whom_it_concerns(
    reader: Reader, settings: Settings, now: datetime, as_what: str
) -> None:
    """It was decided, and its due date passes."""
    due_on = now.date() + 3 * DAY
    with reader.database.writing() as session:
        by = somebody(session, Role.REVIEWER, now=now)
        _, situation = raised(session, iso3="MLI", severity=NOTICE, now=now)
        situation.due_on = date(2027, 1, 1)
        made = Hand(session, by, now).propose(situation, title="Send mediators")
        Hand(session, by, now).decide(made)
        made.due_on = due_on
        made.owner_id = reader.person_id if as_what == "owner" else None
        situation.owner_id = reader.person_id if as_what == "in charge" else None
        if as_what == "follower":
            situations.follow(session, situation.id, reader.person_id, now)
    over = datetime.combine(due_on + DAY, datetime.min.time(), now.tzinfo)

    assert worked(reader, settings, over - SECOND) == []
    found = worked(reader, settings, over, over + 2 * HOUR)

    assert [one.subject for one in found] == ["[TLP:GREEN] Mali: a step is overdue · 1 overdue"] * (
        as_what != "stranger"
    )


@sqlite_alone
@pytest.mark.parametrize("is_followed", [True, False])
def test_what_a_state_asks_for_is_urgent_to_those_who_follow_a_situation_there(
    reader: Reader, settings: Settings, now: datetime, is_followed: bool
) -> None:
    with reader.database.writing() as session:
        _, situation = raised(session, iso3="MLI", severity=NOTICE, now=now)
        situation.due_on = date(2027, 1, 1)
        if is_followed:
            situations.follow(session, situation.id, reader.person_id, now)
        asked(session, iso3="MLI", now=now + HOUR)
        asked(session, iso3="NER", now=now + HOUR)
        asked(session, iso3="MLI", handling=Mark.RED, now=now + HOUR)

    found = worked(reader, settings, now + HOUR, now + 3 * HOUR)

    assert [one.state for one in found] == [DeliveryState.SENT] * is_followed
    assert all((one.subject or "").startswith("[TLP:GREEN] Mali: Trainers for the police") for one in found)


@sqlite_alone
def test_what_happens_in_a_situation_that_a_follower_may_see_no_more_leaves_no_trace_among_their_notices(
    reader: Reader, settings: Settings, now: datetime
) -> None:
    """Neither a step of it that is overdue, nor what its State asks for."""
    with reader.database.writing() as session:
        _, situation = raised(session, iso3="MLI", severity=NOTICE, handling=Mark.RED, now=now)
        situation.due_on = now.date()
        situations.follow(session, situation.id, reader.person_id, now)
        asked(session, iso3="MLI", now=now + HOUR)

    looks = [now + HOUR + minutes * 60 * SECOND for minutes in (0, 1, 2)]
    assert worked(reader, settings, *looks, now + DAY, now + 2 * DAY) == []
