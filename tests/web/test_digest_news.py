"""What a digest tells is what differs from what was told before: nothing twice, and nothing lost between two."""

import random
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.dashboards import scored
from tests.focal_points import asked
from tests.responses import Hand
from tests.situations import raised, said, somebody
from tests.web.digests import (
    ALARM,
    ANNIVERSARY,
    ANYTHING,
    CLEARED,
    DAY,
    EASED,
    NOTICE,
    WARNING,
    WEEK,
    WORSENED,
    Reader,
    a_flag,
    reader_of,
)
from tracker.access import Role
from tracker.actions import assistance
from tracker.actions.occasions import enter
from tracker.assistance import AssistanceState
from tracker.flag import Change
from tracker.handling import Mark
from tracker.news import Turn
from tracker.rule import Severity
from tracker.storage.admitting import ScopeCountry
from tracker.storage.base import Database, Session
from tracker.storage.conclusions import Flag
from tracker.storage.responding import AssistanceRequest, Response
from tracker.subscription import Interest
from tracker.web.digests.content import Digest

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
HOUR = timedelta(hours=1)
PLACES = ("MLI", "GHA", "TCD")
RULES = ("weak_rule_of_law", "rising_risk")


def turns(digest: Digest) -> list[tuple[str, Turn]]:
    return [(one.flag.iso3, one.turn) for case in digest.cases for one in case.flags]


# Flags, whatever happens to them


@dataclass
class History:
    """Flags in all their ways, as they are written down, and what somebody knows who believes their digests."""

    database: Database
    reader: Reader
    chance: random.Random
    now: datetime
    clearance: Mark = Mark.CLEAR
    # By country and rule: the marks, severities and times of its newest flag's events, 0 being cleared.
    written: dict[tuple[str, str], list[tuple[Mark, int, datetime, int]]] = field(default_factory=dict)
    believed: dict[tuple[str, str], int] = field(default_factory=dict)

    def something_happens(self) -> None:
        """Perhaps in a transaction that began before the last digest was made."""
        began = self.now - self.chance.choice((timedelta(), timedelta(), 5 * HOUR))
        place = self.chance.choice(PLACES), self.chance.choice(RULES)
        with self.database.writing() as session:
            open_one = session.query(Flag).filter_by(iso3=place[0], rule_key=place[1], closed_at=None).first()
            if open_one is None:
                open_one = Flag(iso3=place[0], rule_key=place[1], subject="risk", opened_at=began, verdict_reason="")
                session.add(open_one)
                session.flush()
                self.written[place] = []
            elif self.chance.random() < 0.2:
                open_one.closed_at = began
                self.written[place] = []
                return
            self._say(session, open_one, place, began)

    def _say(self, session: Session, about: Flag, place: tuple[str, str], began: datetime) -> None:
        mark = self.chance.choice((Mark.CLEAR, Mark.CLEAR, Mark.AMBER))
        is_first = all(known[0] > mark for known in self.written[place])
        severity = self.chance.choice((NOTICE, WARNING, ALARM))
        kind = Change.RAISED if is_first else self.chance.choice((WORSENED, EASED, CLEARED))
        event = said(session, about, kind, severity=severity, handling=mark, now=began)
        self.written[place].append((mark, 0 if kind is CLEARED else severity, began, event.id))

    def true_severities(self) -> dict[tuple[str, str], int]:
        """Worked out anew from all that was written."""
        found = {}
        for place, events in self.written.items():
            seen = [event for event in events if event[0] <= self.clearance]
            if seen:
                highest = max(event[0] for event in seen)
                newest = max((event for event in seen if event[0] == highest), key=lambda event: event[2:])
                found[place] = newest[1]
        return {place: severity for place, severity in found.items() if severity}

    def is_told(self) -> int:
        """By a clock that may be wrong; how much."""
        digest = self.reader.gathered(self.now + self.chance.choice((timedelta(), timedelta(), 2 * HOUR)))
        told = [one for case in digest.cases for one in case.flags]
        for one in told:
            place = one.flag.iso3, one.flag.rule_key
            assert self.believed.get(place, 0) == one.before, "it was told before, or something was lost"
            assert one.flag.severity != one.before, "nothing has happened"
            self.believed[place] = one.flag.severity
        assert {place: severity for place, severity in self.believed.items() if severity} == self.true_severities()
        return len(told)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_everything_is_told_and_nothing_twice(
    app: Flask, database: Database, now: datetime, seed: int
) -> None:
    history = History(
        database, reader_of(app, database, since=now - DAY, clearance=Mark.CLEAR), random.Random(seed), now
    )
    told = 0
    for hour in range(60):
        history.now = now + hour * HOUR
        if history.chance.random() < 0.7:
            history.something_happens()
        if hour == 30:
            history.clearance = Mark.AMBER
            history.reader.edit(clearance=Mark.AMBER)
        if history.chance.random() < 0.4:
            told += history.is_told()
    assert told > 10


def test_who_sees_less_than_before_is_not_told_that_anything_eased(
    app: Flask, database: Database, now: datetime
) -> None:
    reader = reader_of(app, database, since=now - WEEK, clearance=Mark.AMBER)
    with database.writing() as session:
        made = a_flag(session, "MLI", NOTICE, now - DAY)
        said(session, made, WORSENED, severity=ALARM, handling=Mark.AMBER, now=now - DAY)
    assert turns(reader.gathered(now)) == [("MLI", Turn.NEW)]

    reader.edit(clearance=Mark.CLEAR)

    assert turns(reader.gathered(now + DAY)) == []
    with database.writing() as session:
        said(session, session.merge(made), WORSENED, severity=WARNING, now=now + DAY)
    [case] = reader.gathered(now + 2 * DAY).cases
    assert (case.turn, case.flags[0].before, case.severity) == (Turn.WORSENED, NOTICE, WARNING)


def test_the_first_digest_begins_when_somebody_subscribed(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        a_flag(session, "MLI", ALARM, now - 2 * DAY)
    reader = reader_of(app, database, since=now - DAY)
    with database.writing() as session:
        a_flag(session, "NER", NOTICE, now - HOUR)

    assert turns(reader.gathered(now)) == [("NER", Turn.NEW)]


def test_what_happened_in_one_situation_is_one_case_with_its_worst_flag_first(
    app: Flask, database: Database, now: datetime
) -> None:
    reader = reader_of(app, database, since=now - WEEK)
    with database.writing() as session:
        raised(session, severity=NOTICE, rule="rising_risk", now=now - DAY)
        raised(session, severity=ALARM, now=now - 2 * DAY)
        a_flag(session, "NER", WARNING, now - DAY)

    found = reader.gathered(now).cases

    assert [(case.iso3, [one.severity for one in case.flags]) for case in found] == [("MLI", [3, 1]), ("NER", [2])]
    assert found[0].situation is not None
    assert found[1].situation is None


# What somebody wants to hear of


@pytest.mark.parametrize(
    ("interest", "told"),
    [
        (ANYTHING, {"MLI", "GHA", "TCD"}),
        (Interest(countries=frozenset({"MLI"})), {"MLI"}),
        (Interest(groups=frozenset({"ecowas"})), {"GHA"}),
        (Interest(groups=frozenset({"ecowas", "a_group_that_is_gone"}), countries=frozenset({"TCD"})), {"GHA", "TCD"}),
        (Interest(own_countries=True), set()),
        (Interest(least_severity=ALARM), {"TCD"}),
        (Interest(criteria=frozenset({"security_sector"})), {"GHA", "TCD"}),
    ],
)
def test_a_digest_is_about_what_its_reader_chose(
    app: Flask, database: Database, now: datetime, interest: Interest, told: set[str]
) -> None:
    reader = reader_of(app, database, since=now - WEEK)
    reader.wants(interest)
    flags: list[tuple[str, Severity, str]] = [
        ("MLI", NOTICE, "rule_of_law"),
        ("GHA", WARNING, "militias"),
        ("TCD", ALARM, "risk"),
    ]
    with database.writing() as session:
        for iso3, severity, subject in flags:
            a_flag(session, iso3, severity, now - DAY, subject=subject)

    assert {iso3 for iso3, _turn in turns(reader.gathered(now))} == told


def test_what_was_below_the_line_of_interest_is_told_when_it_crosses_it_either_way(
    app: Flask, database: Database, now: datetime
) -> None:
    reader = reader_of(app, database, since=now - WEEK, interest=Interest(least_severity=ALARM))
    with database.writing() as session:
        number = a_flag(session, "MLI", WARNING, now - DAY).id
    found = [turns(reader.gathered(now))]
    for days, kind, severity in ((1, WORSENED, ALARM), (2, EASED, NOTICE), (3, CLEARED, NOTICE)):
        with database.writing() as session:
            said(session, session.get_one(Flag, number), kind, severity=severity, now=now + days * DAY)
        found.append(turns(reader.gathered(now + days * DAY)))

    assert found == [[], [("MLI", Turn.WORSENED)], [("MLI", Turn.EASED)], []]


def test_to_want_more_makes_nothing_old_new(app: Flask, database: Database, now: datetime) -> None:
    reader = reader_of(app, database, since=now - WEEK, interest=Interest(countries=frozenset({"NER"})))
    with database.writing() as session:
        a_flag(session, "MLI", ALARM, now - DAY)
    assert turns(reader.gathered(now)) == []

    reader.wants(ANYTHING)

    assert turns(reader.gathered(now + DAY)) == []


@pytest.mark.parametrize("widened", ["interest", "scope"])
def test_what_was_over_before_somebody_could_see_it_is_not_told_when_they_can(
    app: Flask, database: Database, now: datetime, widened: str
) -> None:
    """A request that was answered and a measure that ended; an open one of each is told to whom it is new."""
    interest = Interest(countries=frozenset({"NER"})) if widened == "interest" else ANYTHING
    countries = ["NER", "MLI"] if widened == "interest" else ["NER"]
    reader = reader_of(app, database, since=now - 2 * WEEK, interest=interest, countries=countries)
    with database.writing() as session:
        _what_mali_asks_and_does(session, now - WEEK)
    assert not reader.gathered(now - DAY).is_news

    if widened == "interest":
        reader.wants(ANYTHING)
    else:
        reader.edit(scope_countries=[ScopeCountry(iso3=iso3) for iso3 in ("NER", "MLI")])

    digest = reader.gathered(now)
    is_new = [one.request.title for one in digest.calls if one.request.id in digest.new_calls]
    settled = [one.response.title for one in digest.measures.settled]
    new_days = [one.name for one in digest.days.news]
    if widened == "interest":
        assert (is_new, settled, new_days) == ([], [], [])
    else:
        assert (is_new, settled, new_days) == (["Observers"], ["Talks"], ["Day of the republic"])


def test_what_ended_while_the_last_digest_was_made_is_told_by_the_next(
    app: Flask, database: Database, now: datetime
) -> None:
    """They knew of it, and its end was still being written down."""
    reader = reader_of(app, database, since=now - 2 * WEEK)
    with database.writing() as session:
        _what_mali_asks_and_does(session, now - WEEK)
    reader.gathered(now)
    with database.writing() as session:
        by = somebody(session, Role.REVIEWER, now=now - HOUR)
        talks = session.scalars(select(Response).where(Response.title == "Talks")).one()
        Hand(session, by, now - HOUR).abandon(talks)
        request = session.scalars(select(AssistanceRequest).where(AssistanceRequest.title == "Observers")).one()
        assistance.settle(session, request.id, AssistanceState.ANSWERED, "They came.", by=by, now=now - HOUR)

    digest = reader.gathered(now + DAY)

    assert [one.request.title for one in digest.calls] == ["Observers"]
    assert [one.response.title for one in digest.measures.settled] == ["Talks"]


def test_what_came_of_a_measure_is_said_once_in_its_row_and_with_its_measure_at_the_head(
    app: Flask, database: Database, now: datetime
) -> None:
    reader = reader_of(app, database, since=now - WEEK)
    with database.writing() as session:
        hand = Hand(session, somebody(session, Role.REVIEWER, now=now - HOUR), now - HOUR)
        _, situation = raised(session, iso3="MLI", severity=NOTICE, now=now - 2 * WEEK)
        situation.due_on = now.date() + WEEK
        hand.decide(hand.propose(situation, title="Talks"))
    made = reader.told(now)

    assert made is not None
    [decider] = re.findall(r"decided  Mali: “Talks” \((.+)\)\n", made.text)
    assert f"Mali: “Talks” ({decider}), decided\n" in made.text


def _what_mali_asks_and_does(session: Session, at: datetime) -> None:
    by = somebody(session, Role.REVIEWER, now=at)
    answered = asked(session, title="Trainers", now=at)
    assistance.settle(session, answered.id, AssistanceState.ANSWERED, "They came.", by=by, now=at)
    asked(session, title="Observers", now=at)
    hand = Hand(session, by, at)
    _, situation = raised(session, iso3="MLI", severity=NOTICE, now=at - WEEK)
    situation.due_on = at.date() + 2 * WEEK
    over, open_one = (hand.propose(situation, title=title) for title in ("Over", "Talks"))
    for one in (over, open_one):
        hand.decide(one)
    hand.abandon(over)
    day = at.date() + WEEK + 10 * DAY
    enter(session, "MLI", ANNIVERSARY, "Day of the republic", day, handling=Mark.CLEAR, by=by, now=at)


@pytest.mark.parametrize("also_when_nothing_is_new", [True, False])
def test_that_nothing_is_new_is_told_only_to_who_wants_to_hear_it(
    app: Flask, database: Database, now: datetime, also_when_nothing_is_new: bool
) -> None:
    reader = reader_of(app, database, since=now - WEEK, also_when_nothing_is_new=also_when_nothing_is_new)

    quiet = reader.told(now)

    assert (quiet is not None) is also_when_nothing_is_new
    with database.writing() as session:
        a_flag(session, "MLI", NOTICE, now + HOUR)
    loud = reader.told(now + DAY)
    assert loud is not None
    assert "Mali: notice" in loud.subject


def test_a_score_that_a_flag_names_beside_another_subject_is_told_as_its_reader_sees_it(
    app: Flask, database: Database, now: datetime
) -> None:
    reader = reader_of(app, database, since=now - WEEK)
    about: dict[str, Any] = {
        "sentence": "An occasion comes, and the score of the risk was %(now)s on %(on)s.",
        "clears": "In time.",
    }
    with database.writing() as session:
        scored(session, {"MLI": 45, "NER": 46}, at=now - DAY)
        for iso3 in ("MLI", "NER"):
            values = {"node": "risk", "now": 46.3, "on": "2026-03-15"}
            raised(
                session,
                iso3=iso3,
                rule="occasion_under_risk",
                subject="occasion",
                now=now - HOUR,
                values=values,
                clears_values={},
                **about,
            )

    made = reader.told(now)

    assert made is not None
    mali, niger = (" ".join(made.text.partition(f"* {name}")[2].split()) for name in ("Mali", "Niger"))
    assert "was 46 on 15 March 2026. Risk, by what you may see: 45" in mali
    assert "Risk: 46" in niger.partition("* Mali")[0]
    assert "by what you may see" not in niger.partition("* Mali")[0]
