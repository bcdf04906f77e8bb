"""What stands at the head of a digest, and in its subject: the one thing that matters most, said once and exactly."""

from datetime import datetime

import pytest
from flask import Flask

from tests.dashboards import scored
from tests.focal_points import asked
from tests.situations import raised, said, somebody
from tests.web.digests import ALARM, BREAKDOWN, CLEAR, DAY, ELECTION, WARNING, WEEK, WORSENED, Reader, reader_of
from tracker.access import Role
from tracker.actions.digests.telling import Made
from tracker.actions.occasions import enter
from tracker.actions.situations.flagging import raise_flag
from tracker.digest import DeliveryKind
from tracker.handling import Mark
from tracker.storage.base import Database
from tracker.storage.conclusions import Situation
from tracker.storage.mailing import Subscription

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
SEEN = "Checkpoints of the harbour guard sort passengers by the names of their families since Tuesday."


def told(reader: Reader, now: datetime, kind: DeliveryKind = DeliveryKind.DIGEST) -> Made:
    made = reader.told(now, kind=kind)
    assert made is not None
    return made


def raised_by_a_person(database: Database, now: datetime, handling: Mark) -> None:
    with database.writing() as session:
        by = somebody(session, Role.REVIEWER, name="Desk", now=now)
        raise_flag(session, "MLI", SEEN, severity=ALARM, handling=handling, by=by, now=now)


def test_what_a_person_saw_is_said_once_and_heads_the_mail(app: Flask, database: Database, now: datetime) -> None:
    reader = reader_of(app, database, since=now - WEEK, clearance=Mark.RED)
    raised_by_a_person(database, now, Mark.GREEN)

    made = told(reader, now)

    assert made.subject == "[TLP:GREEN] Mali: alarm. Checkpoints of the harbour guard sort… · 1 new"
    assert "\nMali: alarm. Checkpoints of the harbour guard sort passengers by the" in made.text
    assert made.text.count("Raised by a person") == 1
    assert "Raised by a person. Checkpoints" in made.text
    [line] = made.headlines
    assert (line.title, line.words) == ("Mali (alarm): Raised by a person", SEEN)


def test_what_is_for_the_reader_alone_is_on_no_locked_screen(app: Flask, database: Database, now: datetime) -> None:
    reader = reader_of(app, database, since=now - WEEK, clearance=Mark.RED)
    raised_by_a_person(database, now, Mark.RED)

    made = told(reader, now)

    assert made.subject == "[TLP:RED] Mali: alarm. Raised by a person · 1 new"
    assert "Checkpoints" in made.text


def test_a_request_for_help_heads_the_digest_in_which_it_is_new(app: Flask, database: Database, now: datetime) -> None:
    reader = reader_of(app, database, since=now - WEEK)
    with database.writing() as session:
        asked(session, handling=CLEAR, now=now - DAY)

    first, second = told(reader, now), told(reader, now + DAY)

    assert "Mali: Trainers for the police" in first.subject
    assert "nothing is new" not in first.subject
    assert "Nothing is new" not in first.text
    assert "The Sahel, weekly: nothing is new" in second.subject


def test_a_digest_that_tells_of_a_day_to_come_does_not_say_that_nothing_is_new(
    app: Flask, database: Database, now: datetime
) -> None:
    reader = reader_of(app, database, since=now - WEEK)
    with database.writing() as session:
        by = somebody(session, Role.REVIEWER, now=now)
        enter(session, "MLI", ELECTION, "Vote", now.date() + 4 * DAY, handling=CLEAR, by=by, now=now)

    made = told(reader, now)

    assert made.subject == "[TLP:CLEAR] Mali, Fri 20 Mar: Vote (election, new), in 4 days"
    assert "NOTHING IS NEW" not in made.text.upper()
    assert "No flag was raised, grew, eased or was cleared, and no step became\noverdue." in made.text


@pytest.mark.parametrize(("zone", "day"), [("Pacific/Tongatapu", "10 March 2026"), ("UTC", "9 March 2026")])
def test_since_when_nothing_is_new_is_said_by_the_clocks_of_the_digest(
    app: Flask, database: Database, now: datetime, zone: str, day: str
) -> None:
    reader = reader_of(app, database, since=now - WEEK)
    with database.writing() as session:
        session.get_one(Subscription, reader.subscription_id).zone = zone

    made = told(reader, now)

    assert made.subject.endswith(f"nothing is new since {day}")
    assert f"\nNothing is new since {day}\n" in made.text
    assert made.text.count("othing is new") == 1


def test_a_step_that_became_overdue_is_not_told_beside_what_happened_as_well(
    app: Flask, database: Database, now: datetime
) -> None:
    reader = reader_of(app, database, since=now - WEEK)
    with database.writing() as session:
        flag, situation = raised(session, now=now - 6 * DAY)
        situation.due_on, number = now.date() + DAY, situation.id
    told(reader, now - 5 * DAY)
    with database.writing() as session:
        said(session, session.merge(flag), WORSENED, severity=ALARM, now=now + DAY)
        assert session.get_one(Situation, number).due_on == now.date() + DAY

    assert "Next: to be verified by" in told(reader, now + DAY).text
    with database.writing() as session:
        said(session, session.merge(flag), WORSENED, severity=ALARM, now=now + 2 * DAY)
    text = told(reader, now + 2 * DAY).text
    assert text.count("Next: ") == 1
    assert text.count("overdue since") == 1


def test_of_what_is_equally_grave_the_country_that_stands_worst_comes_first(
    app: Flask, database: Database, now: datetime
) -> None:
    reader = reader_of(app, database, since=now - WEEK)
    with database.writing() as session:
        scored(session, {"TGO": 8, "NER": 40, "MLI": 20}, at=now - WEEK - DAY)
        for iso3 in ("TGO", "NER", "MLI"):
            _, situation = raised(session, iso3=iso3, severity=WARNING, now=now - 2 * DAY, **BREAKDOWN)
            situation.due_on = now.date() - DAY

    digest = reader.gathered(now)

    assert [case.iso3 for case in digest.cases] == ["NER", "MLI", "TGO"]
    assert [late.situation.iso3 for late in digest.late] == ["NER", "MLI", "TGO"]
