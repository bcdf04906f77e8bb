"""The worker once: for operators who want to see what it does, and for a moment of their choice."""

from datetime import datetime, time
from pathlib import Path

import pytest

import config
from tests.commands.running import environment
from tests.digests import DAY, all_deliveries, subscribed
from tracker.actions.outgoing_mails import queue
from tracker.commands import worker
from tracker.commands.failure import CannotGoOn
from tracker.commands.register import WRONG_USE, understand
from tracker.digest import DeliveryState
from tracker.storage.base import Database


def once(folder: Path, *words: str) -> int:
    _, arguments = understand(["worker", "--data", str(folder), *words])
    return worker.run(arguments, config.read(environment(TRACKER_DATA=str(folder))))


@pytest.fixture
def database(stocked_folder: Path) -> Database:
    return Database(f"sqlite:///{stocked_folder / 'tracker.sqlite3'}")


def test_once_does_what_is_due_and_says_so(
    stocked_folder: Path, database: Database, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    with database.writing() as session:
        queue(session, recipient="ana@example.org", subject="What is new", body="Nothing.", now=now)
    assert once(stocked_folder, "--once") == 0
    assert "send_mail: Mail: 1 sent.\n" in capsys.readouterr().out
    assert len(list((stocked_folder / "outbox").glob("*.eml"))) == 1


def test_once_at_a_moment_plans_what_is_due_then(stocked_folder: Path, database: Database, now: datetime) -> None:
    with database.writing() as session:
        subscribed(session, now=now)
    due_at = datetime.combine(now.date() + DAY, time(7), now.tzinfo)
    assert once(stocked_folder, "--once", "--now", due_at.isoformat()) == 0
    with database.reading() as session:
        (planned,) = all_deliveries(session)
        assert (planned.due_at, planned.planned_at) == (due_at, due_at)
        assert planned.state in DeliveryState


def test_a_job_that_fails_is_told_by_the_exit_status(
    stocked_folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.storage.leftovers.remove_sign_ins_over_before", lambda *_: 1 // 0)
    assert once(stocked_folder, "--once") == 1
    assert capsys.readouterr().err.endswith("Failed: tidy.\n")


def test_a_worker_that_stays_goes_by_the_clock(stocked_folder: Path) -> None:
    with pytest.raises(CannotGoOn, match="--now goes with --once"):
        once(stocked_folder, "--now", "2026-03-17T07:00Z")


@pytest.mark.parametrize("typed", ["yesterday", "2026-03-17T07:00", "2026-03-17"])
def test_a_moment_has_its_zone(typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ending:
        understand(["worker", "--once", "--now", typed])
    assert ending.value.code == WRONG_USE
    assert "is no moment with its zone" in capsys.readouterr().err
