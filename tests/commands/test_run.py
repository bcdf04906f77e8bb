"""One command runs web server and worker as a pair, from nothing to the first page and to a clean end."""

import os
import re
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from tests import factories
from tests.commands.running import Running, free_port, is_alive, manage, wait_for
from tracker.access import Role
from tracker.storage.base import Database

Run = Callable[..., Running]
LINK = r"^  (http://localhost:\d+/welcome/\S{40,})$"


@pytest.fixture(scope="module")
def prepared_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared") / "data"
    outcome = manage("migrate", "--data", str(folder))
    assert outcome.returncode == 0, outcome.stderr
    return folder


@pytest.fixture
def prepared(prepared_once: Path, tmp_path: Path) -> Path:
    """A data folder with a database that is at this version."""
    shutil.copytree(prepared_once, tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def run(prepared: Path) -> Iterator[Run]:
    started: list[Running] = []

    def run(**more: str) -> Running:
        started.append(Running(prepared, more))
        return started[-1]

    yield run
    for running in started:
        if running.process.poll() is None:
            running.end()


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """In a folder that was not there before."""
    running = Running(tmp_path_factory.mktemp("first") / "data", {})
    yield running
    running.end()


def rows(folder: Path) -> dict[str, list[object]]:
    """Everything in the database."""
    with closing(sqlite3.connect(folder / "tracker.sqlite3")) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        return {table: connection.execute(f"SELECT * FROM {table}").fetchall() for (table,) in tables}


def add_administrator(folder: Path, now: datetime) -> None:
    database = Database(f"sqlite:///{folder / 'tracker.sqlite3'}")
    with database.writing() as session:
        factories.person(session, roles=[Role.ADMINISTRATOR], created_at=now)
    database.dispose()


def test_it_tells_where_everything_is_once_it_answers(first_run: Running) -> None:
    assert f"The tracker is at  {first_run.url}\n" in first_run.said
    assert f"Data:              {first_run.data}\n" in first_run.said
    assert f"Mail:              written to {first_run.data / 'outbox'}, not sent\n" in first_run.said
    assert first_run.answers()


def test_everything_is_kept_in_the_folder_that_was_named(first_run: Running) -> None:
    assert {"secret.key", "tracker.sqlite3"} <= {file.name for file in first_run.data.iterdir()}


def test_nobody_else_on_the_machine_can_read_the_data(first_run: Running) -> None:
    files = [first_run.data, *first_run.data.iterdir()]
    assert [file for file in files if file.stat().st_mode & 0o077] == []


def test_while_nobody_administers_it_a_link_makes_the_first_administrator(first_run: Running) -> None:
    assert len(re.findall(LINK, first_run.said, re.MULTILINE)) == 1


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_both_in_good_order(run: Run, by: signal.Signals) -> None:
    running = run()
    children = running.children()
    assert len(children) == 2
    assert running.end(by) == 0
    assert [pid for pid in children if is_alive(pid)] == []
    assert "Traceback" not in running.said


@pytest.mark.parametrize(("command", "name"), [("serve", "web server"), ("worker", "worker")])
def test_a_killed_child_is_started_again(run: Run, command: str, name: str) -> None:
    running = run()
    killed = running.child(command)
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: running.has_child(command) and running.child(command) != killed)
    assert f"The {name} ended (by SIGKILL); starting it again in 1 second.\n" in running.said
    wait_for(running.answers)


def test_a_killed_supervisor_leaves_no_children(run: Run) -> None:
    running = run()
    children = running.children()
    assert len(children) == 2
    running.end(by=signal.SIGKILL)
    wait_for(lambda: not any(is_alive(pid) for pid in children))


def test_preparing_again_changes_nothing(prepared: Path) -> None:
    before = rows(prepared)
    assert before["catalogue_versions"] != []
    assert before["observations"] != []
    outcome = manage("migrate", "--data", str(prepared))
    assert "The catalogue is at version 1 (unchanged).\n0 published values were added.\n" in outcome.stdout
    assert rows(prepared) == before


def test_once_somebody_administers_it_no_link_is_given(run: Run, prepared: Path, now: datetime) -> None:
    add_administrator(prepared, now)
    assert "/welcome/" not in run().said


def test_a_relay_is_named_without_its_password(run: Run) -> None:
    running = run(TRACKER_SMTP="smtp://ana:hushhush@127.0.0.1:2525", TRACKER_MAIL_FROM="tracker@example.org")
    assert "Mail:              handed to 127.0.0.1\n" in running.said
    assert "hushhush" not in running.said


def make_newer(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "tracker.sqlite3")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '999'")
        connection.commit()


@pytest.mark.parametrize("command", ["run", "serve", "worker", "migrate"])
def test_a_database_newer_than_the_code_is_left_alone(prepared: Path, command: str) -> None:
    make_newer(prepared)
    before = rows(prepared)
    outcome = manage(command, "--data", str(prepared))
    assert outcome.returncode == 1
    assert "The database is at migration 999, which this version of the tracker " in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert rows(prepared) == before


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_database_that_was_never_prepared_is_not_served(tmp_path: Path, command: str) -> None:
    outcome = manage(command, "--data", str(tmp_path / "data"))
    assert outcome.returncode == 1
    assert outcome.stderr == "The database is not ready for this version: run python3 manage.py migrate first.\n"


def test_a_server_for_databases_that_is_away_is_told_in_a_sentence(tmp_path: Path) -> None:
    address = f"postgresql://tracker@127.0.0.1:{free_port()}/tracker"
    outcome = manage("migrate", "--data", str(tmp_path / "data"), DATABASE_URL=address)
    assert outcome.returncode == 1
    assert outcome.stderr.startswith("The database cannot be used: ")
    assert outcome.stderr.count("\n") == 1


def test_a_wrong_setting_is_told_in_a_sentence(tmp_path: Path) -> None:
    outcome = manage("run", "--data", str(tmp_path / "data"), TRACKER_MODE="staging")
    assert outcome.returncode == 1
    assert outcome.stderr == "TRACKER_MODE is 'staging'; it must be one of: local, production.\n"


PRODUCTION = {
    "TRACKER_MODE": "production",
    "TRACKER_SECRET": "a long secret that nobody can guess, or so we hope",
    "TRACKER_URL": "https://tracker.example.org",
}


@pytest.mark.parametrize("command", ["run", "serve"])
def test_in_production_it_does_not_start_without_an_administrator(prepared: Path, command: str) -> None:
    outcome = manage(command, "--data", str(prepared), "--port", str(free_port()), **PRODUCTION)
    assert outcome.returncode == 1
    assert outcome.stderr.splitlines()[-1].startswith("Nobody administers this installation yet")
    assert "python3 manage.py add-person" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_in_production_it_starts_with_an_administrator(run: Run, prepared: Path, now: datetime) -> None:
    add_administrator(prepared, now)
    running = run(**PRODUCTION)
    assert "The tracker is at  https://tracker.example.org\n" in running.said
