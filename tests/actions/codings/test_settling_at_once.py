"""Several reviewers at the same moment: each answer is settled once, each source is made once."""

from datetime import date, datetime
from functools import partial

from sqlalchemy import func, select

from tests import factories
from tests.at_once import at_once
from tracker.access import Principal, Role
from tracker.actions.codings import correcting, reviewing
from tracker.coding import CodingState
from tracker.storage.base import Database
from tracker.storage.models import Batch, Coding, Observation, Source
from tracker.storage.principals import principal_of
from tracker.storage.revisions import Observed

INDICATORS = ("independence_of_courts", "emergency_powers", "militias", "hostilities")


def cast(database: Database, now: datetime, *roles: Role) -> Principal:
    with database.writing() as session:
        return principal_of(session, factories.person(session, roles=roles, created_at=now))


def answers(database: Database, now: datetime, *, source: str) -> list[int]:
    with database.writing() as session:
        author = factories.person(session, roles=[Role.ANALYST], created_at=now)
        made = [factories.coding(session, author, indicator=key, value=2, source=source, now=now) for key in INDICATORS]
        return [coding.id for coding in made]


def accept(database: Database, now: datetime, by: Principal, coding_id: int) -> str:
    try:
        with database.writing() as session:
            reviewing.accept(session, [coding_id], by=by, now=now)
    except (reviewing.SettledAlready, reviewing.ObservationChanged) as refused:
        return type(refused).__name__
    return "accepted"


def test_one_answer_is_accepted_once(database: Database, now: datetime) -> None:
    reviewers = [cast(database, now, Role.REVIEWER) for _ in range(4)]
    coding_id = answers(database, now, source="A field office")[0]

    told = at_once(4, lambda number: accept(database, now, reviewers[number], coding_id))

    assert sorted(map(str, told)) == ["SettledAlready"] * 3 + ["accepted"]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Observation)) == 1
        assert session.scalar(select(func.count()).select_from(Batch)) == 1


def test_a_source_that_nobody_named_before_is_made_once(database: Database, now: datetime) -> None:
    reviewer = cast(database, now, Role.REVIEWER)
    coding_ids = answers(database, now, source="Somebody new")

    told = at_once(4, lambda number: accept(database, now, reviewer, coding_ids[number]))

    assert told == ["accepted"] * 4
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Source).where(Source.name == "Somebody new")) == 1


def test_of_several_corrections_of_one_observation_one_becomes_the_next_revision(
    database: Database, now: datetime
) -> None:
    analysts = [cast(database, now, Role.ANALYST) for _ in range(3)]
    reviewer = cast(database, now, Role.REVIEWER)
    with database.writing() as session:
        made = factories.observation(
            session, indicator=INDICATORS[0], iso3="MLI", on=date(2026, 2, 28), value=2, recorded_at=now
        )
        observed = Observed(made.iso3, made.indicator_id, made.observed_on)
        withdraw = partial(correcting.withdraw, session, observed, "Another country.", based_on=1, now=now)
        coding_ids = [withdraw(by=by).id for by in analysts]

    told = at_once(3, lambda number: accept(database, now, reviewer, coding_ids[number]))

    assert sorted(map(str, told)) == ["ObservationChanged"] * 2 + ["accepted"]
    with database.reading() as session:
        assert session.scalar(select(func.max(Observation.revision))) == 2
        states = list(session.scalars(select(Coding.state)))
    assert sorted(states) == [CodingState.ACCEPTED, CodingState.SUBMITTED, CodingState.SUBMITTED]
