"""What cannot be done is told in one sentence, and nothing is changed."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

import config
from manage import perform
from tests.commands.running import free_port, manage, rows
from tracker.catalogue.broken import CatalogueBroken
from tracker.commands import migrate, register, run, serve, worker
from tracker.commands.failure import CannotGoOn
from tracker.commands.main import TOLD_IN_A_SENTENCE, perform_with
from tracker.exchange.published import PublishedFileBroken
from tracker.storage.migrating import DatabaseNewerThanCode, ReferencesBroken

PRODUCTION = {
    "TRACKER_MODE": "production",
    "TRACKER_SECRET": "a long secret that nobody can guess, or so we hope",
    "TRACKER_URL": "https://tracker.example.org",
}

# Does a command in this process; returns its status and what it complained of.
Refused = Callable[..., tuple[int, str]]


LOOKING = [
    ("serve",),
    ("worker",),
    ("audit", "verify"),
    ("doctor",),
    ("add-person", "--email", "ana@example.org", "--name", "Ana", "--role", "reader", "--invite"),
]


@pytest.fixture
def umask_kept() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Refused:
    def must_not_start(*_: object, **__: object) -> None:
        pytest.fail("it was not refused")

    # Else a missing refusal would not fail but serve for ever.
    monkeypatch.setattr(serve, "server_for", must_not_start)
    monkeypatch.setattr(worker, "work", must_not_start)
    monkeypatch.setattr(run, "supervise", must_not_start)

    def refused(name: str, data: Path, **environment: str) -> tuple[int, str]:
        command, arguments = register.understand([name])
        status = perform_with(command, arguments, config.read({"TRACKER_DATA": str(data), **environment}))
        return status, capsys.readouterr().err

    return refused


def make_newer(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "tracker.sqlite3")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '999'")
        connection.commit()


@pytest.mark.parametrize("command", ["run", "serve", "worker", "migrate"])
def test_a_database_newer_than_the_code_is_left_alone(refused: Refused, stocked_folder: Path, command: str) -> None:
    make_newer(stocked_folder)
    before = rows(stocked_folder)
    status, complaint = refused(command, stocked_folder)
    assert status == 1
    assert "The database is at migration 999, which this version of the tracker " in complaint
    assert rows(stocked_folder) == before


def test_a_refusal_is_all_that_is_said(stocked_folder: Path) -> None:
    make_newer(stocked_folder)
    outcome = manage("serve", "--data", str(stocked_folder))
    assert (outcome.returncode, outcome.stdout) == (1, "")
    assert outcome.stderr.startswith("The database is at migration 999, ")
    assert outcome.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_database_that_was_never_prepared_is_not_served(refused: Refused, tmp_path: Path, command: str) -> None:
    sentence = "The database is not ready for this version: run python3 manage.py migrate first.\n"
    assert refused(command, tmp_path) == (1, sentence)
    assert not (tmp_path / "tracker.sqlite3").exists()


@pytest.mark.parametrize("command", ["migrate", "demo", "serve"])
def test_a_server_for_databases_that_is_away_is_told(refused: Refused, tmp_path: Path, command: str) -> None:
    away = f"postgresql://tracker@127.0.0.1:{free_port()}/tracker"
    status, complaint = refused(command, tmp_path, DATABASE_URL=away)
    assert status == 1
    assert complaint.startswith("The database cannot be used: ")
    assert complaint.count("\n") == 1


@pytest.mark.parametrize("problem", TOLD_IN_A_SENTENCE)
def test_what_stops_a_command_is_told_in_one_sentence(
    refused: Refused, tmp_path: Path, problem: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        told = problem.__new__(problem)
        told.args = ("It cannot be done, for this reason.",)
        raise told

    monkeypatch.setattr(migrate, "prepare", stop)
    assert refused("migrate", tmp_path) == (1, "It cannot be done, for this reason.\n")


@pytest.mark.parametrize("problem", [CatalogueBroken, PublishedFileBroken, ReferencesBroken, DatabaseNewerThanCode])
def test_what_may_be_wrong_with_what_the_product_brings_is_among_it(problem: type[Exception]) -> None:
    assert problem in TOLD_IN_A_SENTENCE


@pytest.mark.parametrize("words", LOOKING, ids=" ".join)
def test_where_there_is_no_installation_a_command_that_needs_one_makes_nothing(
    tmp_path: Path, words: tuple[str, ...], umask_kept: None
) -> None:
    command, arguments = register.understand([*words])
    with pytest.raises(CannotGoOn, match=r"^There is no database .*: run .* migrate first, .*--data\.$"):
        perform(command, arguments, {"TRACKER_DATA": str(tmp_path / "wrong")})
    assert list(tmp_path.iterdir()) == []


def test_every_command_but_those_that_begin_one_needs_an_installation() -> None:
    needing = {command.name for command in register.COMMANDS if command.uses_data and command.needs_installation}
    begins = {command.name for command in register.COMMANDS if command.uses_data} - needing
    assert begins == {"run", "migrate", "demo"}


def test_a_wrong_setting_leaves_no_data_folder(tmp_path: Path) -> None:
    manage("migrate", "--data", str(tmp_path / "data"), TRACKER_SMTP="nonsense")
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_setting_is_told(tmp_path: Path) -> None:
    outcome = manage("migrate", "--data", str(tmp_path / "data"), TRACKER_MODE="staging")
    assert outcome.returncode == 1
    assert outcome.stderr == "TRACKER_MODE is 'staging'; it must be one of: local, production.\n"


@pytest.mark.parametrize("command", ["run", "serve"])
def test_in_production_nothing_starts_without_an_administrator(
    refused: Refused, stocked_folder: Path, command: str
) -> None:
    status, complaint = refused(command, stocked_folder, **PRODUCTION)
    assert status == 1
    assert complaint.splitlines()[-1].startswith("Nobody administers this installation yet")
    assert "python3 manage.py add-person" in complaint


def test_in_production_the_worker_starts_without_one(refused: Refused, stocked_folder: Path) -> None:
    """It sends the invitation of the first."""
    with pytest.raises(pytest.fail.Exception, match="it was not refused"):
        refused("worker", stocked_folder, **PRODUCTION)
