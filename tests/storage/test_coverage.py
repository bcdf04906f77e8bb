"""How old what is known is, by country, criterion and voice, and who may answer."""

from datetime import date, datetime

from tests import factories
from tests.concluding import recorded
from tracker.access import PersonStatus, Role
from tracker.handling import Mark
from tracker.indicator import Voice
from tracker.storage.base import Session
from tracker.storage.coverage import Answered, newest_answers, who_records
from tracker.storage.watching import Indicator

JANUARY, FEBRUARY = date(2026, 1, 31), date(2026, 2, 28)


def days(found: list[Answered]) -> list[tuple[str, str, Voice, date, int]]:
    return [(one.iso3, one.criterion, one.voice, one.day, one.number) for one in found]


def test_what_was_answered_last_on_the_same_day_is_counted_together(session: Session, now: datetime) -> None:
    for key, day in (("independence_of_courts", JANUARY), ("independence_of_courts", FEBRUARY)):
        recorded(session, key, 2, on=day, at=now)
    recorded(session, "obedience_to_rulings", 1, on=FEBRUARY, at=now)
    recorded(session, "emergency_powers", None, on=JANUARY, at=now)
    recorded(session, "wgi_rule_of_law", -1.0, on=JANUARY, at=now)
    recorded(session, "militias", 2, on=FEBRUARY, at=now, iso3="NER")

    assert days(newest_answers(session, Mark.GREEN)) == [
        ("MLI", "rule_of_law", Voice.CODED, JANUARY, 1),
        ("MLI", "rule_of_law", Voice.CODED, FEBRUARY, 2),
        ("MLI", "rule_of_law", Voice.PUBLISHED, JANUARY, 1),
        ("NER", "security_sector", Voice.CODED, FEBRUARY, 1),
    ]


def test_what_lies_above_a_clearance_or_outside_a_scope_is_not_counted(session: Session, now: datetime) -> None:
    recorded(session, "militias", 2, on=JANUARY, at=now)
    recorded(session, "militias", 3, on=FEBRUARY, at=now, handling=Mark.RED)
    recorded(session, "militias", 3, on=FEBRUARY, at=now, iso3="NER")

    assert days(newest_answers(session, Mark.AMBER, {"MLI"})) == [
        ("MLI", "security_sector", Voice.CODED, JANUARY, 1),
    ]
    assert [one.day for one in newest_answers(session, Mark.RED, {"MLI"})] == [FEBRUARY]
    assert newest_answers(session, Mark.RED, frozenset()) == []


def test_what_is_no_longer_asked_is_not_counted(session: Session, now: datetime) -> None:
    recorded(session, "militias", 2, on=JANUARY, at=now)
    session.query(Indicator).filter_by(key="militias").one().retired = True
    session.flush()

    assert newest_answers(session, Mark.RED) == []


def test_an_answer_on_its_way_is_told_to_those_alone_who_may_know_of_it(session: Session, now: datetime) -> None:
    analyst = factories.person(session, roles=[Role.ANALYST], created_at=now)
    for key, mark in (("militias", Mark.GREEN), ("independence_of_courts", Mark.RED)):
        recorded(session, key, 2, on=JANUARY, at=now)
        factories.coding(session, analyst, indicator=key, value=3, now=now, handling=mark)

    def waiting(clearance: Mark, *, with_waiting: bool = True) -> list[str]:
        found = newest_answers(session, clearance, with_waiting=with_waiting)
        return [one.criterion for one in found if one.is_waiting]

    assert waiting(Mark.RED) == ["rule_of_law", "security_sector"]
    assert waiting(Mark.GREEN) == ["security_sector"]
    assert waiting(Mark.RED, with_waiting=False) == []


def test_active_people_who_may_write_answers_are_found_with_their_countries(session: Session, now: datetime) -> None:
    for name, role, differing in (
        ("Bea", Role.ANALYST, {"countries": ["MLI"]}),
        ("Ana", Role.ANALYST, {}),
        ("Rita", Role.REVIEWER, {}),
        ("Gone", Role.ANALYST, {"status": PersonStatus.DEACTIVATED}),
    ):
        factories.person(session, name=name, roles=[role], created_at=now, **differing)

    assert [(one.name, one.scope) for one in who_records(session)] == [("Ana", None), ("Bea", frozenset({"MLI"}))]
