"""A page that was made at the same numbers says the same."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import insert

from tests import factories
from tests.jobs.outages import outage
from tests.storage.sample_rows import SAMPLE
from tracker.storage.base import Base, Database, Session
from tracker.storage.data_versions import Numbers, numbers, realms_of


def now_of(database: Database) -> Numbers:
    with database.reading() as session:
        return numbers(session.connection())


def add_country(session: Session, iso3: str) -> None:
    session.execute(
        insert(Base.metadata.tables["countries"]).values(SAMPLE["countries"] | {"iso3": iso3, "iso2": iso3[1:]})
    )


def test_a_transaction_raises_a_number_once_however_much_it_changes(database: Database) -> None:
    before = now_of(database)
    with database.writing() as session:
        add_country(session, "XXA")
        add_country(session, "XXB")
    assert now_of(database) == replace(before, catalogue=before.catalogue + 1, content=before.content + 1)


def test_a_transaction_that_is_given_up_raises_nothing(database: Database) -> None:
    before = now_of(database)

    def give_up() -> None:
        with database.writing() as session:
            add_country(session, "XXA")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        give_up()
    assert now_of(database) == before


def test_whoever_only_reads_raises_nothing(database: Database) -> None:
    before = now_of(database)
    with database.writing() as session:
        numbers(session.connection())
    assert now_of(database) == before


def test_a_sign_in_makes_nobodys_page_old(database: Database, now: datetime) -> None:
    with database.writing() as session:
        person = factories.person(session, created_at=now)
    before = now_of(database)
    with database.writing() as session:
        factories.sign_in(session, session.merge(person), now=now)
    assert now_of(database) == replace(before, people=before.people + 1)


@pytest.mark.parametrize(
    ("statement", "realms"),
    [
        ("SELECT 1", ()),
        ("INSERT INTO observations (value) VALUES (1)", ("content",)),
        ('UPDATE "flags" SET version = 2', ("content",)),
        ("DELETE FROM own_countries WHERE person_id = 1", ("people",)),
        ("UPDATE codings SET typed = 'x'", ("desk",)),
        ("INSERT INTO job_runs (job) VALUES ('x')", ()),
        ("UPDATE people SET name = 'x'", ("content", "people")),
        ("UPDATE countries SET watched = true", ("catalogue", "content")),
        ("INSERT INTO a_table_of_tomorrow VALUES (1)", ("content",)),
    ],
)
def test_what_changes_is_told_by_the_table(statement: str, realms: tuple[str, ...]) -> None:
    assert realms_of(statement) == realms


def test_the_driver_tells_the_same_without_a_session(database: Database) -> None:
    with database.writing() as session:
        add_country(session, "XXA")

    assert database.numbers() == now_of(database)


def test_while_the_database_is_away_there_are_no_numbers(database: Database) -> None:
    with outage(database):
        assert database.numbers() is None
    assert database.numbers() == now_of(database)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_who_must_not_wait_is_told_what_is_committed_while_others_write(database: Database) -> None:
    ask = database.numbers_at_once()
    assert ask is not None
    with database.writing() as session:
        before = ask()
        add_country(session, "XXA")
        session.flush()
        assert ask() == before
    assert ask() == now_of(database) != before


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_who_must_not_wait_is_told_at_once_that_it_would_have_to(database: Database) -> None:
    database.engine.dispose()
    with closing(sqlite3.connect(database.engine.url.database or "", isolation_level=None)) as alone:
        alone.execute("PRAGMA locking_mode = EXCLUSIVE")
        alone.execute("BEGIN EXCLUSIVE")
        ask = database.numbers_at_once()
        assert ask is not None
        assert ask() is None


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_a_database_that_is_a_line_away_is_never_asked_without_waiting(database: Database) -> None:
    assert database.numbers_at_once() is None
