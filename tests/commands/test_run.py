"""One command runs web server and worker as a pair, from nothing to the first page and to a clean end."""

import os
import re
import signal
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

import config
from tests import factories
from tests.commands.running import Running, is_alive, manage, rows, wait_for
from tracker.access import Role
from tracker.commands import run as running_both
from tracker.commands.register import understand
from tracker.storage.base import Database

Run = Callable[..., Running]
LINK = r"^  (http://localhost:\d+/welcome/\S{40,})$"


@pytest.fixture
def run(prepared_folder: Path) -> Iterator[Run]:
    started: list[Running] = []

    def run(**more: str) -> Running:
        started.append(Running(prepared_folder, more))
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
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: running.child(command) not in (None, killed))
    assert f"The {name} ended (by SIGKILL); starting it again in 1 second.\n" in running.said
    wait_for(running.answers)


def test_a_killed_supervisor_leaves_no_children(run: Run) -> None:
    running = run()
    children = running.children()
    assert len(children) == 2
    running.end(by=signal.SIGKILL)
    wait_for(lambda: not any(is_alive(pid) for pid in children))


def test_preparing_again_changes_nothing(prepared_folder: Path) -> None:
    before = rows(prepared_folder)
    assert before["catalogue_versions"] != []
    assert before["observations"] != []
    outcome = manage("migrate", "--data", str(prepared_folder))
    assert "The catalogue is at version 1 (unchanged).\n0 published values were added.\n" in outcome.stdout
    assert rows(prepared_folder) == before


@pytest.fixture
def said_by_run(
    prepared_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """What it says once web server and worker answer, without starting them."""

    def told(**more: str) -> str:
        monkeypatch.setattr(running_both, "supervise", lambda *_, once_all_answer, say: once_all_answer())
        settings = config.read({"TRACKER_DATA": str(prepared_folder), **more})
        assert running_both.run(understand(["run"])[1], settings) == 0
        said = capsys.readouterr()
        return said.out + said.err

    return told


def test_once_somebody_administers_it_no_link_is_given(
    said_by_run: Callable[..., str], prepared_folder: Path, now: datetime
) -> None:
    assert "/welcome/" in said_by_run()
    add_administrator(prepared_folder, now)
    assert "/welcome/" not in said_by_run()


def test_a_relay_is_named_without_its_password(said_by_run: Callable[..., str]) -> None:
    relay = {"TRACKER_SMTP": "smtp://ana:hushhush@127.0.0.1:2525", "TRACKER_MAIL_FROM": "tracker@example.org"}
    said = said_by_run(**relay)
    assert "Mail:              handed to 127.0.0.1\n" in said
    assert "hushhush" not in said


def test_in_production_it_starts_with_an_administrator(run: Run, prepared_folder: Path, now: datetime) -> None:
    add_administrator(prepared_folder, now)
    secret = "a long secret that nobody can guess, or so we hope"
    running = run(TRACKER_MODE="production", TRACKER_SECRET=secret, TRACKER_URL="https://tracker.example.org")
    assert "The tracker is at  https://tracker.example.org\n" in running.said
