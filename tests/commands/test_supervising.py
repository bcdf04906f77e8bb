"""Who dies is started again, ever more slowly; who never starts is given up; all end together."""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.commands.running import wait_for
from tracker.commands import supervising
from tracker.commands.failure import CannotGoOn
from tracker.commands.supervising import Child

DIES = "import sys; sys.exit(3)"
LIVES = "import sys; sys.stdin.read()"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open({told!r}, 'w'); time.sleep(600)"


class Told(list[str]):
    def __call__(self, line: str) -> None:
        self.append(line)


@pytest.fixture
def told() -> Told:
    return Told()


NewChild = Callable[..., Child]


@pytest.fixture
def new_child() -> Iterator[NewChild]:
    made: list[Child] = []

    def new(program: str, answers: Callable[[], bool] | None = None) -> Child:
        made.append(Child("web server", [sys.executable, "-S", "-c", program], {}, answers=answers))
        return made[-1]

    yield new
    for child in made:
        if child.process:
            child.process.kill()
            child.end_by(0)


def die(child: Child, at: float, told: Told) -> None:
    """The child, which runs, ends, and is found dead at that moment."""
    assert child.process is not None
    child.process.kill()
    child.process.wait()
    child.look(at, told)


@pytest.mark.parametrize(("deaths", "seconds"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 30), (7, 30), (500, 30)])
def test_each_death_doubles_the_pause_up_to_half_a_minute(deaths: int, seconds: int) -> None:
    assert supervising.pause_before_start(deaths) == seconds


def test_a_dead_child_is_started_again_after_its_pause(new_child: NewChild, told: Told) -> None:
    child = new_child(LIVES)
    child.look(0.0, told)
    die(child, 10.0, told)
    child.look(10.9, told)
    assert child.process is None
    child.look(11.0, told)
    assert child.process is not None


def test_a_death_is_told_in_a_line(new_child: NewChild, told: Told) -> None:
    child = new_child(DIES)
    child.look(0.0, told)
    assert child.process is not None
    child.process.wait()
    child.look(0.1, told)
    assert told == ["The web server ended (status 3); starting it again in 1 second."]


def test_a_killed_child_is_told_with_its_signal(new_child: NewChild, told: Told) -> None:
    child = new_child(LIVES)
    child.look(0.0, told)
    die(child, 0.1, told)
    assert told == ["The web server ended (by SIGKILL); starting it again in 1 second."]


@pytest.mark.parametrize(("lived_seconds", "pause"), [(59, "2 seconds"), (60, "1 second")])
def test_after_a_minute_of_health_a_death_counts_as_the_first(
    new_child: NewChild, told: Told, lived_seconds: int, pause: str
) -> None:
    child = new_child(LIVES)
    child.look(0.0, told)
    die(child, 1.0, told)
    child.look(2.0, told)
    die(child, 2.0 + lived_seconds, told)
    assert told[-1].endswith(f"starting it again in {pause}.")


def fail_to_start(child: Child, times: range, told: Told) -> None:
    for hour in times:
        child.look(3600.0 * hour, told)
        die(child, 3600.0 * hour + 1, told)


def test_a_web_server_that_never_answers_is_given_up_after_five_starts(new_child: NewChild, told: Told) -> None:
    child = new_child(LIVES, lambda: False)
    fail_to_start(child, range(4), told)
    with pytest.raises(CannotGoOn, match="The web server cannot start: it ended 5 times without ever answering"):
        fail_to_start(child, range(4, 5), told)


def test_a_web_server_that_answered_is_never_given_up(new_child: NewChild, told: Told) -> None:
    child = new_child(LIVES, lambda: True)
    for hour in range(6):
        child.look(3600.0 * hour, told)
        child.look(3600.0 * hour + 1, told)  # asked, and it answers
        die(child, 3600.0 * hour + 2, told)
    assert len(told) == 6


def test_a_child_that_is_asked_nothing_is_never_given_up(new_child: NewChild, told: Told) -> None:
    fail_to_start(new_child(LIVES), range(6), told)
    assert len(told) == 6


def test_a_child_that_does_not_listen_is_ended_by_force(new_child: NewChild, told: Told, tmp_path: Path) -> None:
    is_deaf = tmp_path / "it-is-deaf"
    child = new_child(DEAF.format(told=str(is_deaf)))
    child.look(0.0, told)
    wait_for(is_deaf.exists)
    child.ask_to_end()
    process = child.process
    assert process is not None
    child.end_by(time.monotonic() + 0.3)
    assert process.returncode == -9
