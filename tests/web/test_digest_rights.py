"""What somebody may not see is in no part of their digest: not in words, numbers, marks, alternatives or pictures."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.dashboards import LAST_YEAR, scored
from tests.focal_points import asked
from tests.responses import Hand
from tests.situations import raised, said, somebody
from tests.web.digests import (
    ALARM,
    ANYTHING,
    CLEARED,
    DAY,
    WARNING,
    WEEK,
    WORSENED,
    Reader,
    a_flag,
    a_week,
    reader_of,
    sentence,
)
from tracker.access import Role
from tracker.actions.digests.telling import Made
from tracker.actions.occasions import enter
from tracker.actions.situations.gathering import open_situation
from tracker.digest import DeliveryKind
from tracker.handling import Mark
from tracker.occasion import OccasionKind
from tracker.storage import subscriptions
from tracker.storage.base import Database, Session
from tracker.storage.conclusions import Flag, Situation
from tracker.subscription import Interest

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
CANARY, HOUR = "CANARY", timedelta(hours=1)
KINDS = [DeliveryKind.DIGEST, DeliveryKind.URGENT]


def everything_in(made: Made) -> str:
    return "\n".join([made.subject, made.text, made.html, *map(repr, made.headlines), *made.images])


def without_log(made: Made) -> Made:
    """The head of the log tells that something was done, to everybody, and nothing of what."""
    text, html = (made.text.partition("Audit log")[0], made.html.partition("Audit log")[0])
    return replace(made, text=text, html=html)


def hidden(session: Session, iso3: str, handling: Mark, now: datetime) -> None:
    """Of each kind something, all of it said since the last digest; the country has been scored before."""
    by = somebody(session, Role.REVIEWER, now=now)
    marked: dict[str, Any] = {"handling": handling, "now": now - DAY}
    raised(session, iso3=iso3, rule="rising_criterion", severity=ALARM, **marked, **sentence(f"{CANARY} told."))
    place = open_situation(session, iso3, part=f"{CANARY} place", handling=handling, by=None, now=now - DAY)
    place.due_on = now.date() - 2 * DAY
    Hand(session, by, now - DAY).propose(place, handling, title=f"{CANARY} measure").due_on = now.date() - 2 * DAY
    decided = Hand(session, by, now - DAY).propose(place, handling, title=f"{CANARY} talks")
    Hand(session, by, now - DAY).decide(decided)
    asked(session, iso3=iso3, title=f"{CANARY} trainers", by=by, **marked)
    day = now.date() + 2 * DAY
    enter(session, iso3, OccasionKind.SESSION, f"{CANARY} day", day, handling=handling, by=by, now=now - DAY)
    factories.observation(
        session, indicator="militias", iso3=iso3, on=LAST_YEAR, value=4, recorded_at=now - DAY, handling=handling
    )


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_marked_above_a_reader_changes_not_a_byte_of_what_they_get(
    app: Flask, database: Database, now: datetime, kind: DeliveryKind
) -> None:
    reader = reader_of(app, database, since=now - WEEK, clearance=Mark.GREEN)
    with database.writing() as session:
        a_week(session, reader.person_id, now)
        # also where a flag of theirs goes on: above them it is over, or worse
        flags = [
            a_flag(session, iso3, WARNING, now - 3 * DAY, rule="silence", subject="risk") for iso3 in ("TGO", "BEN")
        ]
    before = reader.told(now, kind=kind)
    assert before is not None

    with database.writing() as session:
        hidden(session, "MLI", Mark.AMBER, now)
        for one, change in zip(flags, (CLEARED, WORSENED), strict=True):
            said(session, session.merge(one), change, severity=ALARM, handling=Mark.RED, now=now - DAY)
    reader.told_until, reader.stood = now - WEEK, None
    after = reader.told(now, kind=kind)

    assert after is not None
    assert CANARY not in everything_in(after)
    assert without_log(after) == without_log(before)
    assert after.images == before.images
    reader.edit(clearance=Mark.RED)
    reader.told_until, reader.stood = now - WEEK, None
    of_all = reader.told(now, kind=kind)
    assert of_all is not None
    assert CANARY in everything_in(of_all)
    assert of_all.handling is Mark.RED


def test_each_line_for_programs_has_the_mark_of_what_it_says(app: Flask, database: Database, now: datetime) -> None:
    """So that what is for the reader alone is told to no chat."""
    reader = reader_of(app, database, since=now - WEEK, clearance=Mark.RED)
    with database.writing() as session:
        for iso3, mark in (("MLI", Mark.RED), ("NER", Mark.GREEN)):
            hidden(session, iso3, mark, now)

    made = reader.told(now)

    assert made is not None
    assert {(one.iso3, one.handling) for one in made.headlines} == {("MLI", Mark.RED), ("NER", Mark.GREEN)}
    for words in ("Rising", "place", "measure", "talks", "day", "trainers"):
        assert any(words in one.title for one in made.headlines), words


def test_a_line_for_programs_bears_the_mark_of_the_situation_that_it_names(
    app: Flask, database: Database, now: datetime
) -> None:
    reader = reader_of(app, database, since=now - WEEK, clearance=Mark.RED)
    with database.writing() as session:
        _, situation = raised(session, severity=ALARM, now=now - DAY)
        situation.part, situation.handling = "The hidden place", Mark.RED

    made = reader.told(now)

    assert made is not None
    assert [("The hidden place" in one.title, one.handling) for one in made.headlines] == [(True, Mark.RED)]


def test_a_day_is_told_to_programs_without_a_score_that_bears_a_higher_mark(
    app: Flask, database: Database, now: datetime
) -> None:
    reader = reader_of(app, database, since=now - WEEK, clearance=Mark.RED)
    with database.writing() as session:
        scored(session, {"MLI": 61}, at=now - DAY, handling=Mark.RED)
        by, day = somebody(session, Role.REVIEWER, now=now), now.date() + 2 * DAY
        enter(session, "MLI", OccasionKind.SESSION, "A session", day, handling=Mark.CLEAR, by=by, now=now - DAY)

    made = reader.told(now)

    assert made is not None
    assert "in 2 days; risk" in " ".join(made.text.split())
    [line] = [one for one in made.headlines if "A session" in one.title]
    assert ("risk" in line.title + line.words, line.handling) == (False, Mark.CLEAR)


def test_what_a_flag_was_bears_its_mark_when_another_takes_its_place(
    app: Flask, database: Database, now: datetime
) -> None:
    """Cleared for who sees all, and raised anew for everybody, lower: that it eased tells of the one before."""
    reader = reader_of(app, database, since=now - WEEK, clearance=Mark.RED)
    with database.writing() as session:
        number = a_flag(session, "MLI", ALARM, now - DAY, handling=Mark.RED).id
    assert reader.told(now) is not None
    with database.writing() as session:
        was = session.get_one(Flag, number)
        said(session, was, CLEARED, severity=ALARM, handling=Mark.RED, now=now + HOUR)
        was.closed_at = now + HOUR
        a_flag(session, "MLI", WARNING, now + 2 * HOUR)

    made = reader.told(now + DAY)

    assert made is not None
    assert [(one.turn, one.handling) for one in made.headlines] == [("eased", Mark.RED)]
    assert made.handling is Mark.RED


@pytest.mark.parametrize("kind", KINDS)
def test_a_country_out_of_reach_changes_not_a_byte_of_what_they_get(
    app: Flask, database: Database, now: datetime, kind: DeliveryKind
) -> None:
    reader = reader_of(app, database, since=now - WEEK, countries=["MLI", "NER", "CMR", "BFA"])
    with database.writing() as session:
        a_week(session, reader.person_id, now)
    before = reader.told(now, kind=kind)
    assert before is not None

    with database.writing() as session:
        hidden(session, "BEN", Mark.CLEAR, now)
        scored(session, {"SEN": 99}, at=now - DAY, on=LAST_YEAR + 40 * DAY)
    reader.told_until, reader.stood = now - WEEK, None
    after = reader.told(now, kind=kind)

    assert after is not None
    assert without_log(after) == without_log(before)
    assert after.images == before.images
    told = everything_in(after)
    assert [name for name in (CANARY, "Benin", "BEN", "Chad", "Ghana", "Senegal", "Nigeria") if name in told] == []
    assert kind is DeliveryKind.URGENT or "4 countries" in told


def reads(reader: Reader, now: datetime) -> str:
    made = reader.told(now)
    assert made is not None
    return everything_in(made)


def test_rights_are_those_of_the_moment_of_telling(app: Flask, database: Database, now: datetime) -> None:
    reader = reader_of(app, database, since=now - WEEK, clearance=Mark.RED)
    with database.writing() as session:
        hidden(session, "MLI", Mark.AMBER, now)
    with database.reading() as session:
        asked = reader.asked(session, now)
    assert asked.person_id == reader.person_id

    reader.edit(clearance=Mark.CLEAR)

    assert CANARY not in reads(reader, now)
    reader.edit(clearance=Mark.RED)
    assert CANARY in reads(reader, now + timedelta(hours=1))


@pytest.mark.parametrize(
    ("countries", "interest", "about"),
    [
        (None, ANYTHING, None),
        (None, Interest(countries=frozenset({"MLI"})), {"MLI"}),
        (["MLI", "NER"], ANYTHING, {"MLI", "NER"}),
        (["MLI", "NER"], Interest(countries=frozenset({"MLI", "TCD"})), {"MLI"}),
    ],
)
def test_it_says_which_countries_it_is_about(
    app: Flask, database: Database, now: datetime, countries: list[str] | None, interest: Interest, about: Any
) -> None:
    """So that it is known who may read it again."""
    reader = reader_of(app, database, since=now - WEEK, interest=interest, countries=countries)

    made = reader.told(now)

    assert made is not None
    assert made.countries == about


def test_a_reader_without_any_country_is_told_of_none(app: Flask, database: Database, now: datetime) -> None:
    reader = reader_of(app, database, since=now - WEEK)
    with database.writing() as session:
        a_week(session, reader.person_id, now)
    reader.edit(sees_all=False)

    made = reader.told(now)

    assert made is not None
    assert "0 countries · 0 observations" in made.text
    assert "nothing is new" in made.subject
    assert made.images == {}


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("nothing", Mark.CLEAR),
        ("flag", Mark.AMBER),
        ("day", Mark.AMBER),
        ("observation", Mark.AMBER),
        ("situation", Mark.AMBER),
    ],
)
def test_the_mark_is_the_highest_of_anything_in_it(
    app: Flask, database: Database, now: datetime, marked: str, expected: Mark
) -> None:
    reader = reader_of(app, database, since=now - WEEK, clearance=Mark.RED)
    amber: dict[str, Any] = {"handling": Mark.AMBER}
    with database.writing() as session:
        a_flag(session, "NER", WARNING, now - DAY)
        by = somebody(session, Role.REVIEWER, now=now)
        if marked == "flag":
            a_flag(session, "MLI", WARNING, now - DAY, **amber)
        if marked == "day":
            day = now.date() + 5 * DAY
            enter(session, "MLI", OccasionKind.REVIEW, "A review", day, by=by, now=now, **amber)
        if marked == "observation":
            scored(session, {"MLI": 40}, at=now - DAY, **amber)
        if marked == "situation":
            open_situation(session, "MLI", part="", by=None, now=now - DAY, **amber)

    made = reader.told(now)

    assert made is not None
    assert made.handling is expected
    assert made.subject.startswith(f"[{expected.label}] ")
    first, *_, last = made.text.split("\n\n")
    assert (first, last.partition(": ")[0]) == (expected.label, expected.label)


# Urgent notices


def test_only_what_cannot_wait_is_in_an_urgent_notice(app: Flask, database: Database, now: datetime) -> None:
    reader = reader_of(app, database, since=now - DAY, clearance=Mark.RED)
    with database.writing() as session:
        a_flag(session, "NER", WARNING, now)
    assert reader.told(now, kind=DeliveryKind.URGENT) is None
    with database.writing() as session:
        number = a_flag(session, "MLI", WARNING, now).id
    assert reader.told(now, kind=DeliveryKind.URGENT) is None

    with database.writing() as session:
        said(session, session.get_one(Flag, number), WORSENED, severity=ALARM, now=now)

    made = reader.told(now, kind=DeliveryKind.URGENT)
    assert made is not None
    assert "Niger" not in made.text
    assert [one.title.partition(":")[0] for one in made.headlines] == ["Mali (alarm)"]
    assert reader.told(now + DAY, kind=DeliveryKind.URGENT) is None


def test_a_situation_is_told_to_whom_it_was_given_by_somebody_else(
    app: Flask, database: Database, now: datetime
) -> None:
    reader = reader_of(app, database, since=now - DAY, clearance=Mark.RED)
    with database.writing() as session:
        desk = somebody(session, Role.REVIEWER, now=now)
        numbers = [raised(session, iso3=iso3, now=now)[1].id for iso3 in ("MLI", "NER")]
    with database.writing() as session:
        for number, by in zip(numbers, (desk.person_id, reader.person_id), strict=True):
            reader.is_given(session, number, by=by, now=now)

    made = reader.told(now, kind=DeliveryKind.URGENT)

    assert made is not None
    assert "Mali: yours now · 1 given to you" in made.subject
    assert [one.title for one in made.headlines] == ["Mali"]
    assert reader.told(now + timedelta(hours=1), kind=DeliveryKind.URGENT) is None


def test_an_alarm_stands_before_what_was_given_to_the_reader(app: Flask, database: Database, now: datetime) -> None:
    """In the mail as in its subject and for programs."""
    reader = reader_of(app, database, since=now - DAY, clearance=Mark.RED)
    with database.writing() as session:
        desk = somebody(session, Role.REVIEWER, now=now)
        reader.is_given(session, raised(session, iso3="NER", now=now)[1].id, by=desk.person_id, now=now)
        a_flag(session, "MLI", ALARM, now)

    made = reader.told(now, kind=DeliveryKind.URGENT)

    assert made is not None
    assert made.text.index("NEW (1)") < made.text.index("GIVEN TO YOU (1)")
    assert [one.iso3 for one in made.headlines] == ["MLI", "NER"]


def test_an_overdue_step_is_told_at_once_to_who_is_in_charge(app: Flask, database: Database, now: datetime) -> None:
    reader = reader_of(app, database, since=now - WEEK)
    with database.writing() as session:
        numbers = [raised(session, iso3=iso3, now=now - 4 * DAY)[1].id for iso3 in ("MLI", "NER")]
        session.get_one(Situation, numbers[0]).owner_id = reader.person_id

    made = reader.told(now, kind=DeliveryKind.URGENT)

    assert made is not None
    assert "Mali: a step is overdue · 1 overdue" in made.subject
    assert "Niger" not in made.text


def test_who_wants_urgent_notices_again_is_told_of_what_happens_from_then_on(
    app: Flask, database: Database, now: datetime
) -> None:
    reader = reader_of(app, database, since=now - WEEK, clearance=Mark.RED)
    with database.writing() as session:
        a_flag(session, "MLI", ALARM, now - DAY)
    assert reader.told(now, kind=DeliveryKind.URGENT) is not None
    with database.writing() as session:
        a_flag(session, "NER", ALARM, now + DAY)
        wish = subscriptions.urgent_wish(session, reader.person_id)
        assert wish is not None
        wish.since = now + 2 * DAY

    assert reader.told(now + 3 * DAY, kind=DeliveryKind.URGENT) is None
    with database.writing() as session:
        a_flag(session, "TCD", ALARM, now + 4 * DAY)
    made = reader.told(now + 5 * DAY, kind=DeliveryKind.URGENT)
    assert made is not None
    assert [one.iso3 for one in made.headlines] == ["TCD"]


def test_what_was_skipped_because_nothing_was_new_loses_nothing_that_was_being_written_down(
    app: Flask, database: Database, now: datetime
) -> None:
    reader = reader_of(app, database, since=now - DAY, also_when_nothing_is_new=False)
    assert reader.told(now) is None
    with database.writing() as session:
        a_flag(session, "MLI", ALARM, now - timedelta(minutes=1))

    made = reader.told(now + DAY)

    assert made is not None
    assert [one.iso3 for one in made.headlines] == ["MLI"]
