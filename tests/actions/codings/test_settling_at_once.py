"""Several reviewers at the same moment: each answer is settled once, each source is made once."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from tests import factories
from tests.at_once import at_once
from tracker.access import Principal, Role
from tracker.actions.codings import correcting, reviewing, submitting, writing
from tracker.answer import Answer
from tracker.coding import CodingState, period_of
from tracker.refusal import Refusal
from tracker.storage.admitting import Person
from tracker.storage.base import Database, Session
from tracker.storage.codings import Place
from tracker.storage.principals import principal_of
from tracker.storage.recording import Batch, Coding, Observation
from tracker.storage.revisions import Observed
from tracker.storage.watching import Source

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


ROUNDS = 12


def test_reviewers_and_authors_of_the_same_cells_never_wait_for_each_other_in_a_ring(
    database: Database, now: datetime
) -> None:
    """Whoever writes holds the cell and then changes answers: whoever settles has to begin with the cell, too."""
    authors = [cast(database, now, Role.ANALYST) for _ in range(3)]
    reviewers = [cast(database, now, Role.REVIEWER) for _ in range(2)]
    for day in days():
        waiting = [of_author(database, by, now, day=day) for by in authors]
        drafts = of_author(database, authors[0], now, day=day, iso3="NER", state=CodingState.DRAFT)
        acts: list[Callable[[Session], object]] = [
            partial(reviewing.accept, coding_ids=waiting[0], by=reviewers[0], now=now),
            partial(reviewing.accept, coding_ids=waiting[1], by=reviewers[1], now=now),
            partial(writing.take_back, coding_ids=waiting[2], by=authors[2], now=now),
            partial(submitting.submit, iso3="NER", period=period_of(day), by=authors[0], now=now),
            *(partial(save_again, draft=draft, by=authors[0], now=now) for draft in reversed(drafts)),
        ]

        told = at_once(len(acts), partial(done, database, acts))

        assert [one for one in told if isinstance(one, Exception)] == []


def test_two_reviewers_of_new_sources_in_opposite_order_both_get_through(database: Database, now: datetime) -> None:
    author, reviewer = cast(database, now, Role.ANALYST), cast(database, now, Role.REVIEWER)
    for day in days():
        names = [f"{day} {letter}" for letter in "abcd"]
        acts: list[Callable[[Session], object]] = [
            partial(
                reviewing.accept,
                coding_ids=of_author(database, author, now, day=day, iso3=iso3, sources=sources),
                by=reviewer,
                now=now,
            )
            for iso3, sources in (("MLI", names), ("NER", names[::-1]))
        ]

        assert at_once(2, partial(done, database, acts)) == ["done", "done"]


def days() -> list[date]:
    """Each in a month of its own, where nobody has written anything."""
    return [date(2025, month, 15) for month in range(1, ROUNDS + 1)]


def done(database: Database, acts: Sequence[Callable[[Session], object]], which: int) -> str:
    """What a rule of the product refuses is an answer, too; what the database refuses is not."""
    try:
        with database.writing() as session:
            acts[which](session)
    except Refusal as refused:
        return type(refused).__name__
    return "done"


def save_again(session: Session, *, draft: int, by: Principal, now: datetime) -> None:
    cell = session.get_one(Coding, draft, options=[joinedload(Coding.cell)]).cell
    place = Place(cell.iso3, cell.indicator_id, cell.period)
    writing.save(session, place, Answer(typed="3", source="Changed", grade="B2"), seen=9999, by=by, now=now)


def of_author(
    database: Database, by: Principal, now: datetime, *, sources: Sequence[str] = ("A field office",) * 4, **usual: Any
) -> list[int]:
    with database.writing() as session:
        author = session.get_one(Person, by.person_id)
        return [
            factories.coding(session, author, indicator=key, value=2, source=source, now=now, **usual).id
            for key, source in zip(INDICATORS, sources, strict=True)
        ]
