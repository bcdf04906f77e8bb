"""How a process is asked to end."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Says that it is ready, then waits in a place that only a signal gets it out of.
WAITS = """
import sys, threading
from tracker.commands import ending
ending.PATIENCE_SECONDS = 0.2
ending.when_asked_to_end({end}, input_too={input_too})
print("ready", flush=True)
threading.Event().wait()
"""
LEAVES = "lambda: sys.exit(7)"
STAYS = "lambda: None"

Start = Callable[[str, bool], "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def start(end: str, input_too: bool) -> "subprocess.Popen[str]":
        program = WAITS.format(end=end, input_too=input_too)
        process = subprocess.Popen(
            [sys.executable, "-c", program], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in started:
        with process:  # closes what is left open, and waits
            process.kill()


@pytest.mark.parametrize("asked_by", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_every_signal_that_asks_to_end_is_heard(start: Start, asked_by: signal.Signals) -> None:
    process = start(LEAVES, False)
    process.send_signal(asked_by)
    assert process.wait(60) == 7


def test_the_end_of_input_asks_as_well(start: Start) -> None:
    process = start(LEAVES, True)
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(60) == 7


def test_the_end_of_input_means_nothing_to_who_was_started_by_hand(start: Start) -> None:
    process = start(LEAVES, False)
    assert process.stdin is not None
    process.stdin.close()
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.5)


def test_who_does_not_leave_when_the_input_ends_is_gone_soon_after(start: Start) -> None:
    process = start(STAYS, True)
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(60) == 1
