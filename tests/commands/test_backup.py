"""A backup is made while others work, and is whole or not there."""

import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

import config
from tests.commands.running import environment
from tracker.actions.outgoing_mails import queue
from tracker.commands import backup
from tracker.commands.failure import CannotGoOn
from tracker.commands.register import understand
from tracker.storage import outgoing_mails
from tracker.storage.backing_up import CopyFailed, copy_whole
from tracker.storage.base import Database

NOW = datetime(2026, 3, 16, 12, tzinfo=UTC)


def back_up(data: Path, into: Path) -> int:
    _, arguments = understand(["backup", "--data", str(data), str(into)])
    return backup.run(arguments, config.read(environment(TRACKER_DATA=str(data))))


def test_a_backup_has_all_that_was_saved_and_nothing_that_was_not(
    stocked_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = tmp_path / "backups"
    into.mkdir()
    database = Database(f"sqlite:///{stocked_folder / 'tracker.sqlite3'}")
    with database.writing() as session:
        queue(session, recipient="ana@example.org", subject="Saved", body="Link", now=NOW)
    with database.writing() as session:
        queue(session, recipient="ana@example.org", subject="Not yet", body="Link", now=NOW)
        session.flush()
        assert back_up(stocked_folder, into) == 0

    (copy,) = into.iterdir()
    with Database(f"sqlite:///{copy}").reading() as session:
        assert outgoing_mails.how_many_waiting(session) == 1
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert capsys.readouterr().out.startswith(f"{copy}: ")


def test_a_folder_that_is_not_there_is_not_made(stocked_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotGoOn, match="There is no folder"):
        back_up(stocked_folder, tmp_path / "not-mounted")
    assert not (tmp_path / "not-mounted").exists()


def test_of_a_damaged_database_there_is_no_backup(tmp_path: Path) -> None:
    source, target = tmp_path / "damaged.sqlite3", tmp_path / "copy.sqlite3"
    with closing(sqlite3.connect(source)) as made:
        made.executescript("CREATE TABLE told (words TEXT); INSERT INTO told VALUES (zeroblob(20000));")
    whole = source.read_bytes()
    source.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))

    with pytest.raises(CopyFailed, match="There is no backup"):
        copy_whole(source, target)
    assert list(tmp_path.iterdir()) == [source]


def test_the_database_of_a_server_is_left_to_its_own_program(stocked_folder: Path, tmp_path: Path) -> None:
    _, arguments = understand(["backup", "--data", str(stocked_folder), str(tmp_path)])
    elsewhere = environment(TRACKER_DATA=str(stocked_folder), DATABASE_URL="postgresql://tracker@localhost/tracker")

    with pytest.raises(CannotGoOn, match="pg_dump"):
        backup.run(arguments, config.read(elsewhere))
