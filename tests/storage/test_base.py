"""Readers cannot write, and writers lose nothing."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import random
from threading import Event, Thread
from time import monotonic, sleep

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests import factories
from tests.at_once import at_once
from tests.databases import SQLITE
from tracker.storage.admitting import Person
from tracker.storage.base import DATABASE_AWAY, Conflict, Database, Session
from tracker.storage.running import JobRun

# Sixteen of them, each saving 25 times, stand where people do it: tests/actions/codings/test_writing.py.
EDITORS = 4
SAVES = 10


def test_a_reader_cannot_write(database: Database) -> None:
    with database.reading() as session, pytest.raises(DBAPIError, match=r"read-?only"):
        session.execute(text("UPDATE countries SET watched = (1 = 0)"))


def test_a_writer_after_a_reader_on_the_same_connection_can_write(database: Database) -> None:
    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM countries WHERE watched")) == 193

    with database.writing() as session:
        session.execute(text("UPDATE countries SET watched = (1 = 0)"))

    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM countries WHERE watched")) == 0


def test_a_reader_after_a_writer_on_the_same_connection_cannot_write(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE countries SET watched = (1 = 0)"))

    for _again in range(2):
        with database.reading() as session, pytest.raises(DBAPIError, match=r"read-?only"):
            session.execute(text("UPDATE countries SET watched = (1 = 1)"))


def test_an_error_rolls_the_whole_transaction_back(database: Database) -> None:
    def fail_half_way() -> None:
        with database.writing() as session:
            session.execute(text("UPDATE countries SET watched = (1 = 0)"))
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        fail_half_way()

    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM countries WHERE watched")) == 193


def test_several_editors_of_one_row_lose_no_save(database: Database, now: datetime) -> None:
    with database.writing() as session:
        who = factories.person(session, name="0", created_at=now).id

    def save(_editor: int) -> int:
        saved = conflicts = 0
        while saved < SAVES:
            try:
                with database.writing() as session:
                    person = session.get_one(Person, who)
                    person.name = str(int(person.name) + 1)
                saved += 1
            except Conflict:
                conflicts += 1
                sleep(random() / 10)  # as a person would: whoever tries again at once only makes the others try again
        return conflicts

    answers = at_once(EDITORS, save)

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    with database.reading() as session:
        assert session.get_one(Person, who).name == str(EDITORS * SAVES)


@pytest.mark.parametrize("engine_name", [SQLITE], indirect=True)
def test_a_second_writer_waits_for_the_first(database: Database) -> None:
    holding, order = Event(), list[str]()

    def first() -> None:
        with database.writing() as session:
            session.execute(text("SELECT 1"))
            holding.set()
            assert not done.wait(0.3)
            order.append("first")

    done = Event()
    thread = Thread(target=first)
    thread.start()
    assert holding.wait(60)
    with database.writing() as session:
        session.execute(text("SELECT 1"))
        order.append("second")
    done.set()
    thread.join()

    assert order == ["first", "second"]


def test_a_writer_is_told_that_others_are_busy_once_it_has_waited(database: Database) -> None:
    address = database.engine.url.render_as_string(hide_password=False)
    impatient = Database(address, busy_seconds=1)
    with database.writing() as first:
        first.execute(text("UPDATE countries SET watched = (1 = 0)"))
        began = monotonic()
        with pytest.raises(DATABASE_AWAY), impatient.writing() as second:
            second.execute(text("UPDATE countries SET watched = (1 = 1)"))
        waited = monotonic() - began
    impatient.dispose()

    assert waited > 0.9


def test_a_new_file_is_opened_once_another_who_opened_it_first_is_done(tmp_path: Path) -> None:
    file, opened = tmp_path / "new.sqlite3", list[str]()

    def second() -> None:
        database = Database(f"sqlite:///{file}")
        with database.reading() as session:
            opened.append(str(session.scalar(text("PRAGMA journal_mode"))))
        database.dispose()

    thread = Thread(target=second)
    with closing(sqlite3.connect(file, isolation_level=None)) as first:
        first.execute("BEGIN IMMEDIATE")
        thread.start()
        thread.join(0.3)
        assert thread.is_alive(), "it waits"
        first.execute("COMMIT")
    thread.join()

    assert opened == ["wal"]


def test_a_reader_is_not_held_up_by_a_writer(database: Database) -> None:
    with database.writing() as writer, database.reading() as reader:
        writer.execute(text("UPDATE countries SET watched = (1 = 0)"))

        assert reader.scalar(text("SELECT count(*) FROM countries WHERE watched")) == 193


def test_a_savepoint_that_is_rolled_back_leaves_the_rest(session: Session, now: datetime) -> None:
    factories.person(session, email="kept@example.org", created_at=now)
    savepoint = session.begin_nested()
    factories.person(session, email="gone@example.org", created_at=now)
    savepoint.rollback()

    emails = set(session.scalars(text("SELECT email FROM people")))

    assert emails == {"kept@example.org"}


@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_commits_is_gone_in_the_next(session: Session, now: datetime, turn: int) -> None:
    assert session.scalar(text("SELECT count(*) FROM people")) == 0, f"turn {turn} found what another left"

    factories.person(session, created_at=now)
    session.commit()


def test_an_instant_comes_back_in_utc(session: Session) -> None:
    there = datetime(2026, 3, 29, 3, 30, tzinfo=timezone(timedelta(hours=2)))
    session.add(JobRun(job="tidy", started_at=there))
    session.flush()
    session.expire_all()

    found = session.get_one(JobRun, "tidy").started_at

    assert found == there
    assert found.tzinfo is UTC


def test_an_instant_without_a_zone_is_refused(session: Session) -> None:
    session.add(JobRun(job="tidy", started_at=datetime(2026, 3, 1)))  # noqa: DTZ001 (that is the point)

    with pytest.raises(Exception, match="without a time zone"):
        session.flush()


def test_a_file_is_in_write_ahead_mode_waits_for_the_disk_and_checks_references(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'tracker.sqlite3'}")

    with database.reading() as session:
        asked = ("journal_mode", "synchronous", "foreign_keys")
        answers = [session.scalar(text(f"PRAGMA {name}")) for name in asked]

    database.dispose()
    assert answers == ["wal", 2, 1]
