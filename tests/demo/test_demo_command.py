"""manage.py demo: what it prints, and where it refuses."""

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from tracker.actions.passwords import matches
from tracker.commands.main import FAILED, perform_with
from tracker.commands.register import understand
from tracker.settings import Mode, Settings
from tracker.storage import countries, observations, people
from tracker.storage.base import Database, Session
from tracker.storage.migrating import newest_revision, revision_of, upgrade

COMMAND, ARGUMENTS = understand(["demo"])


@contextmanager
def looking_into(settings: Settings) -> Iterator[Session]:
    database = Database(settings.database_url)
    with database.reading() as session:
        yield session
    database.dispose()


def demo(settings: Settings) -> int:
    return perform_with(COMMAND, ARGUMENTS, settings)


def test_a_new_database_holds_the_archipelago_afterwards(settings: Settings) -> None:
    assert demo(settings) == 0
    assert revision_of(settings.database_url) == newest_revision()
    with looking_into(settings) as session:
        assert len(countries.all_countries(session)) == 8
        assert observations.how_many(session) > 4000


def test_whoever_ran_it_is_told_how_to_get_in_and_what_to_do_next(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    demo(settings)
    said = capsys.readouterr().out
    password = said.partition("only this once:")[2].split()[0]
    with looking_into(settings) as session:
        everybody = people.everybody(session)
        assert all(person.email in said for person in everybody)
        assert matches(everybody[0].password_hash, password)
    assert said.endswith(f"python3 manage.py run --data {settings.data_folder}\n")


def test_a_second_time_is_refused_in_one_sentence(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    demo(settings)
    capsys.readouterr()
    assert demo(settings) == FAILED
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert said.err.startswith("This database is not empty")


def test_production_is_refused_before_anything_is_made(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert demo(replace(settings, mode=Mode.PRODUCTION)) == FAILED
    assert capsys.readouterr().err.startswith("In production")
    assert list(settings.data_folder.iterdir()) == []


def test_a_database_of_an_older_version_is_refused_and_stays_old(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    upgrade(settings.database_url)
    rename_revision(settings, "000")
    assert demo(settings) == FAILED
    assert capsys.readouterr().err.startswith("The database is at migration 000, which this version")
    assert revision_of(settings.database_url) == "000"


def rename_revision(settings: Settings, revision: str) -> None:
    database = Database(settings.database_url)
    with database.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")
    database.dispose()


def test_it_takes_a_folder_like_its_neighbours() -> None:
    assert COMMAND.uses_data
    assert not COMMAND.serves
    assert Namespace(data=None) == ARGUMENTS
