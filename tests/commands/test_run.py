"""One command runs web server and worker as a pair, from nothing to the first page and to a clean end."""

import json
import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import pytest

import config
from tests import factories
from tests.commands.running import Running, is_alive, manage, rows, wait_for
from tests.conftest import NOW
from tests.databases import PUBLISHED, SQLITE, Databases, one_at_a_time
from tracker.access import Role
from tracker.commands import run as running_both
from tracker.commands.register import understand
from tracker.storage.base import Database

LINK = r"^  (http://localhost:\d+/welcome/\S{40,})$"


@dataclass(frozen=True)
class Story:
    """What was seen of one installation, from its start to its end by a signal."""

    url: str
    data: str
    said: str
    answered: bool
    files: list[str]
    # Files that others on the machine may look at.
    open_files: list[str]
    # Web server and worker, when the signal came.
    children: int
    status: int
    # Those of the two that outlived it.
    left_behind: int


def lived(running: Running, by: signal.Signals, *, killing: Sequence[str] = ()) -> Story:
    """`killing`: children that are killed one after the other, each when all is well again."""
    answered, files = running.answers(), [running.data, *running.data.iterdir()]
    open_files = [file.name for file in files if file.stat().st_mode & 0o077]
    for command in killing:
        kill_and_wait_for_another(running, command)
    children = running.children()
    status = running.end(by)
    left_behind = [pid for pid in children if is_alive(pid)]
    return Story(
        running.url,
        str(running.data),
        running.said,
        answered,
        [file.name for file in files],
        open_files,
        len(children),
        status,
        len(left_behind),
    )


def kill_and_wait_for_another(running: Running, command: str) -> None:
    killed = running.child(command)
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: running.child(command) not in (None, killed))
    wait_for(running.answers)


def told_once(folder: Path, tell: Callable[[Path], Story]) -> Story:
    """Once per run for all test processes: each start takes as long as hundreds of other tests."""
    folder.mkdir(exist_ok=True)
    kept = folder / "story.json"
    with one_at_a_time(folder):
        if not kept.exists():
            kept.write_text(json.dumps(asdict(tell(folder / "data"))))
    return Story(**json.loads(kept.read_text()))


@contextmanager
def started(data: Path, **more: str) -> Iterator[Running]:
    running = Running(data, more)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.end()


@pytest.fixture(scope="session")
def first_run(databases: Databases) -> Story:
    """In a folder that was not there before; both children are killed on the way."""

    def tell(data: Path) -> Story:
        with started(data) as running:
            return lived(running, signal.SIGTERM, killing=("serve", "worker"))

    return told_once(databases.shared_folder / "first-run", tell)


@pytest.fixture(scope="session")
def in_production(databases: Databases) -> Story:
    """In a folder that a first run has left, where somebody administers it by now."""

    def tell(data: Path) -> Story:
        data.mkdir(mode=0o700)
        shutil.copy(databases.copy(SQLITE, PUBLISHED, data.parent).removeprefix("sqlite:///"), data / "tracker.sqlite3")
        add_administrator(data, NOW)
        secret = "a long secret that nobody can guess, or so we hope"
        address = "https://tracker.example.org"
        with started(data, TRACKER_MODE="production", TRACKER_SECRET=secret, TRACKER_URL=address) as running:
            return lived(running, signal.SIGINT)

    return told_once(databases.shared_folder / "in-production", tell)


def add_administrator(folder: Path, now: datetime) -> None:
    database = Database(f"sqlite:///{folder / 'tracker.sqlite3'}")
    with database.writing() as session:
        factories.person(session, roles=[Role.ADMINISTRATOR], created_at=now)
    database.dispose()


def test_it_tells_where_everything_is_once_it_answers(first_run: Story) -> None:
    assert f"The tracker is at  {first_run.url}\n" in first_run.said
    assert f"Data:              {first_run.data}\n" in first_run.said
    assert f"Mail:              written to {Path(first_run.data, 'outbox')}, not sent\n" in first_run.said
    assert first_run.answered


def test_everything_is_kept_in_the_folder_that_was_named(first_run: Story) -> None:
    assert {"secret.key", "tracker.sqlite3"} <= set(first_run.files)


def test_nobody_else_on_the_machine_can_read_the_data(first_run: Story) -> None:
    assert first_run.open_files == []


def test_while_nobody_administers_it_a_link_makes_the_first_administrator(first_run: Story) -> None:
    assert len(re.findall(LINK, first_run.said, re.MULTILINE)) == 1


@pytest.mark.parametrize("name", ["web server", "worker"])
def test_a_killed_child_is_started_again(first_run: Story, name: str) -> None:
    assert f"The {name} ended (by SIGKILL); starting it again in 1 second.\n" in first_run.said


@pytest.mark.parametrize("story", ["first_run", "in_production"], ids=["SIGTERM", "SIGINT"])
def test_a_signal_ends_both_in_good_order(request: pytest.FixtureRequest, story: str) -> None:
    ended: Story = request.getfixturevalue(story)
    assert (ended.children, ended.status, ended.left_behind) == (2, 0, 0)
    assert "Traceback" not in ended.said


def test_in_production_it_starts_with_an_administrator(in_production: Story) -> None:
    assert "The tracker is at  https://tracker.example.org\n" in in_production.said


def test_a_killed_supervisor_leaves_no_children(prepared_folder: Path) -> None:
    with started(prepared_folder) as running:
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
