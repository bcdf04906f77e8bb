"""How flags stand for somebody, and what has happened to them since they last looked."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

import pytest

from tests.situations import Desk, flag, raised, said, somebody
from tracker.access import Role
from tracker.flag import Change
from tracker.handling import Mark
from tracker.news import Turn
from tracker.rule import Severity
from tracker.situation import SituationState, Verdict
from tracker.storage import news
from tracker.storage.base import Session
from tracker.storage.conclusions import Flag
from tracker.storage.countries import Scope
from tracker.storage.news import StandingFlag

DAY = timedelta(days=1)
RAISED, WORSENED, EASED, CLEARED = Change
NOTICE, WARNING, ALARM = Severity


class Said(NamedTuple):
    """What happened, so many days after somebody looked; below zero before."""

    days: float
    change: Change
    severity: Severity
    mark: Mark = Mark.CLEAR


def lived_through(session: Session, now: datetime, *events: Said, iso3: str = "MLI", rule: str = "high_risk") -> Flag:
    """In no situation; the subject is found nowhere else."""
    made = flag(session, iso3=iso3, rule=rule, now=now + events[0].days * DAY)
    for one in events:
        said(session, made, one.change, severity=one.severity, handling=one.mark, now=now + one.days * DAY)
    return made


def told(
    session: Session, now: datetime, scope: Scope = None, clearance: Mark = Mark.CLEAR
) -> list[tuple[int, Turn, datetime]]:
    flags = news.flags_since(session, now, scope, clearance)
    return [(one.flag.id, one.turn, one.at) for one in news.news_in(flags, now)]


def stands(session: Session, made: Flag, clearance: Mark = Mark.CLEAR) -> StandingFlag:
    [found] = news.flags_since(session, made.opened_at - DAY, None, clearance)
    return found


@pytest.mark.parametrize(
    ("events", "turn"),
    [
        ([Said(1, RAISED, NOTICE)], Turn.NEW),
        ([Said(-1, RAISED, WARNING), Said(1, WORSENED, ALARM)], Turn.WORSENED),
        ([Said(-1, RAISED, WARNING), Said(1, EASED, NOTICE)], Turn.EASED),
        ([Said(-1, RAISED, WARNING), Said(1, CLEARED, WARNING)], Turn.CLEARED),
        ([Said(-2, RAISED, WARNING), Said(-1, WORSENED, ALARM), Said(1, EASED, WARNING)], Turn.EASED),
        ([Said(-1, RAISED, WARNING), Said(1, WORSENED, ALARM), Said(2, EASED, WARNING)], None),
        ([Said(1, RAISED, WARNING), Said(2, CLEARED, WARNING)], None),
        ([Said(1, RAISED, NOTICE), Said(2, WORSENED, ALARM)], Turn.NEW),
        ([Said(-1, RAISED, WARNING)], None),
        ([Said(0, RAISED, WARNING)], None),
    ],
)
def test_what_is_told_of_a_flag_is_how_it_differs_from_when_somebody_looked(
    session: Session, now: datetime, events: Sequence[Said], turn: Turn | None
) -> None:
    made = lived_through(session, now, *events)
    lived_through(session, now, Said(-1, RAISED, ALARM), iso3="NER")

    expected = [] if turn is None else [(made.id, turn, now + events[-1].days * DAY)]
    assert told(session, now) == expected


def test_what_a_reviewer_discarded_is_told_as_over_with_their_verdict(session: Session, now: datetime) -> None:
    made, situation = raised(session, now=now - DAY)
    desk = Desk(session, somebody(session, Role.REVIEWER, now=now), now + DAY)
    desk.move(situation, SituationState.VERIFYING)
    desk.judge(made, Verdict.DISCARDED)

    assert told(session, now) == [(made.id, Turn.CLEARED, now + DAY)]
    assert (stands(session, made).severity, stands(session, made).verdict) == (0, Verdict.DISCARDED)
    assert told(session, now + DAY) == []


def test_the_worst_is_told_first_and_of_equals_the_newest(session: Session, now: datetime) -> None:
    old, new = (lived_through(session, now, Said(days, RAISED, WARNING), rule=f"rule {days}") for days in (1, 2))
    worst = lived_through(session, now, Said(1, RAISED, ALARM))
    over = lived_through(session, now, Said(-1, RAISED, ALARM), Said(0.5, CLEARED, ALARM), rule="over")
    least = lived_through(session, now, Said(3, RAISED, NOTICE), rule="least")

    assert [number for number, *_ in told(session, now)] == [worst.id, over.id, new.id, old.id, least.id]


def test_what_lies_above_a_clearance_is_no_news(session: Session, now: datetime) -> None:
    grew = lived_through(session, now, Said(-1, RAISED, WARNING), Said(1, WORSENED, ALARM, Mark.RED))
    hidden = lived_through(session, now, Said(1, RAISED, ALARM, Mark.RED), rule="hidden")

    assert told(session, now, clearance=Mark.AMBER) == []
    assert {(number, turn) for number, turn, _ in told(session, now, clearance=Mark.RED)} == {
        (grew.id, Turn.WORSENED),
        (hidden.id, Turn.NEW),
    }
    assert stands(session, grew, Mark.AMBER).severity == WARNING
    assert [one.severity for one in stands(session, grew, Mark.AMBER).events] == [WARNING]


def test_what_a_higher_mark_says_goes_before_what_a_lower_one_says_later(session: Session, now: datetime) -> None:
    made = lived_through(session, now, Said(-2, RAISED, ALARM, Mark.RED), Said(1, RAISED, NOTICE))

    assert told(session, now, clearance=Mark.RED) == []
    assert [(number, turn) for number, turn, _ in told(session, now)] == [(made.id, Turn.NEW)]


@pytest.mark.parametrize(("scope", "seen"), [(None, 2), ({"MLI", "TCD"}, 1), (frozenset(), 0)])
def test_what_lies_outside_a_scope_is_no_news(session: Session, now: datetime, scope: Scope, seen: int) -> None:
    for iso3 in ("MLI", "NER"):
        lived_through(session, now, Said(1, RAISED, WARNING), iso3=iso3)

    assert len(told(session, now, scope)) == seen


@pytest.mark.parametrize(
    ("hours", "severity"), [(-1, None), (0, WARNING), (47, WARNING), (48, ALARM), (71, ALARM), (72, 0), (500, 0)]
)
def test_a_flag_can_be_seen_as_it_stood(
    session: Session, now: datetime, hours: float, severity: Severity | None
) -> None:
    made = lived_through(
        session,
        now,
        Said(0, RAISED, WARNING),
        Said(2, WORSENED, ALARM),
        Said(3, CLEARED, ALARM),
        Said(9, RAISED, ALARM),
    )
    made.closed_at = now + 3 * DAY
    session.flush()

    then = stands(session, made).as_of(date.max, now + timedelta(hours=hours))

    assert (None if then is None else then.severity) == severity


@pytest.mark.parametrize(("day", "severity"), [(-1, None), (0, WARNING), (1, WARNING), (2, ALARM), (3, 0)])
def test_of_a_past_day_nothing_counts_that_came_after_it_however_much_is_known_since(
    session: Session, now: datetime, day: int, severity: Severity | None
) -> None:
    made = lived_through(session, now, Said(0, RAISED, WARNING), Said(2, WORSENED, ALARM))
    made.closed_at = now + 3 * DAY
    session.flush()

    then = stands(session, made).as_of(now.date() + day * DAY, now + 400 * DAY)

    assert (None if then is None else then.severity) == severity


def test_what_was_said_is_read_of_those_events_alone_that_are_asked_for(session: Session, now: datetime) -> None:
    made = flag(session, now=now)
    first = said(session, made, now=now, sentence="First.")
    said(session, made, WORSENED, now=now, sentence="Second.")

    found = news.explanations(session, [first.id])

    assert {number: one["sentence"] for number, one in found.items()} == {first.id: "First."}
    assert news.explanations(session, []) == {}
