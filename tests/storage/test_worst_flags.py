"""Which flag of a situation is the worst, and how many are open, is what all its flags taken one by one say."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.situations import flag, raised, said, somebody
from tracker.access import Role
from tracker.flag import Change
from tracker.handling import Mark
from tracker.method import ROOT
from tracker.moment import Moment
from tracker.rule import Severity
from tracker.situation import Verdict
from tracker.storage.base import Session
from tracker.storage.conclusions import Flag, FlagEvent, Situation
from tracker.storage.countries import Scope
from tracker.storage.flags import state_at
from tracker.storage.worst_flags import worst_flags

DAY = timedelta(days=1)


@pytest.fixture
def many(session: Session, now: datetime) -> list[int]:
    """Situations with flags that came, grew, eased, ended and were closed, at any mark, at any time of twenty days."""
    chance, by = random.Random(1), somebody(session, Role.REVIEWER, now=now)
    numbers = []
    for iso3 in ("MLI", "NER", "TCD", "FRA"):
        situation = raised(session, iso3=iso3, rule="first", now=now)[1]
        numbers.append(situation.id)
        for number in range(8):
            opened_at = now + chance.randrange(10) * DAY
            subject = chance.choice([ROOT, "rule_of_law"])
            made = flag(session, iso3=iso3, rule=f"rule {number}", subject=subject, now=opened_at)
            made.situation_id = situation.id
            for _event in range(chance.randint(1, 5)):
                at = opened_at + chance.randrange(10) * DAY + timedelta(hours=chance.randrange(24))
                change, severity = chance.choice(list(Change)), chance.choice(list(Severity))
                said(session, made, change, severity=severity, handling=chance.choice(list(Mark)), now=at)
            made.closed_at = opened_at + chance.randrange(12) * DAY if chance.random() < 0.3 else None
            if chance.random() < 0.3:
                made.verdict, made.verdict_by, made.verdict_at = Verdict.CONFIRMED, by.person_id, now
    session.flush()
    return numbers


def one_by_one(
    session: Session, situation_ids: Sequence[int], moment: Moment, clearance: Mark
) -> dict[int, tuple[int, int, int, int, int]]:
    """By situation: the worst flag, its severity, the event that says so, how many are open, how many are judged."""
    found = {}
    for number in situation_ids:
        there = []
        for one in session.scalars(select(Flag).where(Flag.situation_id == number)):
            events = list(session.scalars(select(FlagEvent).where(FlagEvent.flag_id == one.id)))
            if not moment.is_now:
                events = [event for event in events if event.at <= moment.known_at and event.day <= moment.day]
            stands, closed_at = state_at(events, clearance), one.closed_at
            if closed_at is not None and not moment.is_now:
                closed_at = closed_at if closed_at <= moment.known_at and closed_at.date() <= moment.day else None
            if stands is not None and stands.kind is not Change.CLEARED and closed_at is None:
                there.append((one, stands))
        there.sort(
            key=lambda pair: (-pair[1].severity, pair[0].subject != ROOT, -pair[0].opened_at.timestamp(), pair[0].id)
        )
        if there:
            judged = sum(one.verdict is not None for one, _stands in there)
            worst, stands = there[0]
            found[number] = (worst.id, stands.severity, stands.id, len(there), judged)
    return found


@pytest.mark.parametrize("clearance", [Mark.CLEAR, Mark.AMBER, Mark.RED])
def test_it_is_what_all_flags_one_by_one_say(session: Session, now: datetime, many: list[int], clearance: Mark) -> None:
    moments = [
        Moment((now + days * DAY).date(), now + known * DAY, is_now=False)
        for days in (-1, 0, 3, 7, 15)
        for known in (5, 12, 30)
    ]
    for moment in (Moment(now.date(), now, is_now=True), *moments):
        found = worst_flags(session, many, moment, None, clearance)

        told = {number: (one.id, one.severity, one.said.id, one.open, one.judged) for number, one in found.items()}
        assert told == one_by_one(session, many, moment, clearance)
        assert all(session.get_one(FlagEvent, one.said.id).day == one.said.day for one in found.values())


@pytest.mark.parametrize(("hours", "is_open"), [(-1, True), (0, False)])
def test_what_was_closed_at_the_first_moment_of_a_day_was_open_on_the_day_before(
    session: Session, now: datetime, hours: int, is_open: bool
) -> None:
    made, situation = raised(session, now=now)
    made.closed_at = datetime(now.year, now.month, now.day, tzinfo=UTC) + DAY
    session.flush()
    day = (made.closed_at + timedelta(hours=hours)).date()

    found = worst_flags(session, [situation.id], Moment(day, now + 30 * DAY, is_now=False), None, Mark.RED)

    assert (situation.id in found) is is_open


@pytest.mark.parametrize(("scope", "seen"), [(None, True), ({"MLI", "NER"}, True), ({"NER"}, False), (set(), False)])
def test_what_lies_outside_a_scope_is_not_there(session: Session, now: datetime, scope: Scope, seen: bool) -> None:
    situation: Situation = raised(session, now=now)[1]

    found = worst_flags(session, [situation.id], Moment(now.date(), now, is_now=True), scope, Mark.RED)

    assert bool(found) is seen


def test_of_no_situation_there_is_no_flag(session: Session, now: datetime) -> None:
    assert worst_flags(session, [], Moment(now.date(), now, is_now=True), None, Mark.RED) == {}
