"""Handing drafts to a second person."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from tests import factories
from tracker.access import Principal, Role
from tracker.actions.codings import submitting, writing
from tracker.answer import Answer, Field
from tracker.coding import CodingState
from tracker.refusal import NotThere
from tracker.storage import audit_entries, catalogue, codings
from tracker.storage.base import Session
from tracker.storage.codings import Place
from tracker.storage.principals import principal_of
from tracker.storage.recording import Coding

JANUARY, FEBRUARY, MARCH = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)
TWO = Answer(typed="2", source="A report")


@pytest.fixture
def ana(session: Session, now: datetime) -> Principal:
    return principal_of(session, factories.person(session, roles=[Role.ANALYST], created_at=now))


def indicator(session: Session, key: str = "independence_of_courts") -> int:
    return catalogue.indicator_ids(session)[key]


def draft(
    session: Session,
    by: Principal,
    now: datetime,
    answer: Answer = TWO,
    *,
    key: str = "independence_of_courts",
    period: date = FEBRUARY,
) -> Coding:
    return writing.save(session, Place("MLI", indicator(session, key), period), answer, seen=0, by=by, now=now)


def test_what_is_in_order_goes_and_what_is_not_stays_and_says_why(
    session: Session, ana: Principal, now: datetime
) -> None:
    good = draft(session, ana, now)
    bad = draft(session, ana, now, replace(TWO, source=""), key="emergency_powers")

    outcome = submitting.submit(session, "MLI", FEBRUARY, by=ana, now=now)

    assert outcome.submitted == 1
    assert [one.field for one in outcome.troubles[indicator(session, "emergency_powers")]] == [Field.SOURCE]
    assert (good.state, bad.state) == (CodingState.SUBMITTED, CodingState.DRAFT)


def test_an_answer_is_dated_when_it_is_submitted(session: Session, ana: Principal, now: datetime) -> None:
    over, lasting = draft(session, ana, now), draft(session, ana, now, period=MARCH)

    submitting.submit(session, "MLI", FEBRUARY, by=ana, now=now)
    submitting.submit(session, "MLI", MARCH, by=ana, now=now)

    assert (over.observed_on, lasting.observed_on) == (FEBRUARY, now.date())


def test_unchanged_becomes_the_value_that_it_was(session: Session, ana: Principal, now: datetime) -> None:
    factories.observation(session, indicator="independence_of_courts", iso3="MLI", on=JANUARY, value=3, recorded_at=now)
    same = draft(session, ana, now, replace(TWO, typed="="))

    submitting.submit(session, "MLI", FEBRUARY, by=ana, now=now)

    assert (same.state, same.value, same.unchanged) == (CodingState.SUBMITTED, 3.0, True)


def test_a_day_that_has_an_accepted_answer_takes_no_second_one(session: Session, ana: Principal, now: datetime) -> None:
    factories.observation(
        session, indicator="independence_of_courts", iso3="MLI", on=FEBRUARY, value=2, recorded_at=now
    )
    draft(session, ana, now)

    outcome = submitting.submit(session, "MLI", FEBRUARY, by=ana, now=now)

    assert outcome.submitted == 0
    assert [one.field for one in outcome.troubles[indicator(session)]] == [Field.VALUE]


def test_an_empty_draft_is_neither_submitted_nor_blamed(session: Session, ana: Principal, now: datetime) -> None:
    draft(session, ana, now, Answer(note="to be looked up"))

    outcome = submitting.submit(session, "MLI", FEBRUARY, by=ana, now=now)

    assert (outcome.submitted, outcome.troubles) == (0, {})


def test_only_ones_own_answers_of_that_country_and_month_go(session: Session, ana: Principal, now: datetime) -> None:
    ben = principal_of(session, factories.person(session, roles=[Role.ANALYST], created_at=now))
    mine, later = draft(session, ana, now), draft(session, ana, now, period=JANUARY)
    theirs = writing.save(
        session, Place("MLI", indicator(session), FEBRUARY), TWO, seen=mine.cell_version, by=ben, now=now
    )

    submitting.submit(session, "MLI", FEBRUARY, by=ana, now=now)

    assert [one.state for one in (mine, later, theirs)] == [CodingState.SUBMITTED, CodingState.DRAFT, CodingState.DRAFT]


def test_each_answer_leaves_an_entry_in_the_log_that_says_where_and_not_what(
    session: Session, ana: Principal, now: datetime
) -> None:
    draft(session, ana, now, replace(TWO, note="SECRET", source="SECRET"))
    submitting.submit(session, "MLI", FEBRUARY, by=ana, now=now)

    last = list(audit_entries.chained(session))[-1]
    assert (last[0].action, last[0].by_id) == ("answer submitted", ana.person_id)
    assert "MLI" in last[0].subject
    assert "SECRET" not in repr(last)


def test_what_is_submitted_cannot_be_changed_until_it_is_taken_back(
    session: Session, ana: Principal, now: datetime
) -> None:
    one = draft(session, ana, now)
    submitting.submit(session, "MLI", FEBRUARY, by=ana, now=now)
    place = Place("MLI", indicator(session), FEBRUARY)

    with pytest.raises(writing.AlreadySubmitted):
        writing.save(session, place, replace(TWO, typed="3"), seen=one.cell_version, by=ana, now=now)
    assert writing.take_back(session, [one.id], by=ana, now=now) == 1

    writing.save(session, place, replace(TWO, typed="3"), seen=one.cell_version, by=ana, now=now)
    assert [kept.typed for kept in codings.live_in_cell(session, one.cell_id)] == ["3"]


def test_what_another_submitted_and_what_does_not_exist_are_refused_alike(
    session: Session, ana: Principal, now: datetime
) -> None:
    one = draft(session, ana, now)
    submitting.submit(session, "MLI", FEBRUARY, by=ana, now=now)
    ben = principal_of(session, factories.person(session, roles=[Role.ANALYST], created_at=now))

    told = []
    for number in (one.id, one.id + 4711):
        with pytest.raises(NotThere) as refused:
            writing.take_back(session, [number], by=ben, now=now)
        told.append(str(refused.value))

    assert told == ["There is no such entry of yours."] * 2
