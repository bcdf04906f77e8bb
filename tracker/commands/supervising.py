"""Keeps processes running: who dies is started again, ever more slowly; all end together.

Each child has a pipe from here as its standard input and ends when that closes, so none outlives a killed supervisor.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tracker.commands.ending import PATIENCE_SECONDS, when_asked_to_end
from tracker.commands.failure import CannotGoOn

LOOK_EVERY_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 30
# Who has lived so long was well: its next death is a first one.
WELL_AFTER_SECONDS = 60
# A child that must answer, and died so often without ever having answered, never will.
FUTILE_STARTS = 5

Say = Callable[[str], None]


def pause_before_start(deaths_in_a_row: int) -> int:
    """Seconds: 1, 2, 4, 8, 16, 30, 30 ..."""
    return min(1 << (deaths_in_a_row - 1), LONGEST_PAUSE_SECONDS)


class Child:
    """One process and what is known of its health."""

    def __init__(
        self,
        name: str,
        words: Sequence[str],
        environment: Mapping[str, str],
        *,
        answers: Callable[[], bool] | None = None,
    ) -> None:
        self.name = name
        self.process: subprocess.Popen[bytes] | None = None
        # Whether it has answered since its last start; who is asked nothing need not.
        self.has_answered = answers is None
        self._words = list(words)
        self._environment = dict(environment)
        self._answers = answers
        self._started_at = 0.0
        self._start_at = 0.0
        self._deaths_in_a_row = 0
        self._futile_starts = 0

    def look(self, now: float, say: Say) -> None:
        """Starts it, asks it or mourns it, whichever its state calls for."""
        if self.process is None:
            if now >= self._start_at:
                self._start(now)
        elif self.process.poll() is not None:
            self._died(self.process, now, say)
        elif self._answers and not self.has_answered:
            self.has_answered = self._answers()

    def _start(self, now: float) -> None:
        self.has_answered = self._answers is None
        self._started_at = now
        # A group of its own: Ctrl-C reaches the supervisor alone, which then ends its children in good order.
        self.process = subprocess.Popen(
            self._words, env=self._environment, stdin=subprocess.PIPE, **_in_a_group_of_its_own()
        )

    def _died(self, process: "subprocess.Popen[bytes]", now: float, say: Say) -> None:
        lived_well = now - self._started_at >= WELL_AFTER_SECONDS
        self._deaths_in_a_row = 1 if lived_well else self._deaths_in_a_row + 1
        self._futile_starts = 0 if self.has_answered else self._futile_starts + 1
        self._close(process)
        if self._answers and self._futile_starts >= FUTILE_STARTS:
            raise CannotGoOn(f"The {self.name} cannot start: it ended {FUTILE_STARTS} times without ever answering.")
        pause = pause_before_start(self._deaths_in_a_row)
        self._start_at = now + pause
        how = _how_it_ended(process.returncode)
        say(f"The {self.name} ended ({how}); starting it again in {pause} second{'s' * (pause > 1)}.")

    def ask_to_end(self) -> None:
        if self.process is None:
            return
        if sys.platform == "win32":
            self.process.send_signal(signal.CTRL_BREAK_EVENT)
        else:
            self.process.terminate()

    def end_by(self, deadline: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._close(self.process)

    def _close(self, process: "subprocess.Popen[bytes]") -> None:
        if process.stdin is not None:
            process.stdin.close()
        self.process = None


def supervise(children: Sequence[Child], *, once_all_answer: Callable[[], None], say: Say) -> None:
    """Returns when it was asked to end and all children have ended."""
    asked: list[bool] = []
    when_asked_to_end(lambda: asked.append(True))
    announced = False
    try:
        while not asked:
            for child in children:
                child.look(time.monotonic(), say)
            if not announced and all(child.has_answered for child in children):
                announced = True
                once_all_answer()
            time.sleep(LOOK_EVERY_SECONDS)
    finally:
        _end_all(children)


def _end_all(children: Sequence[Child]) -> None:
    for child in children:
        child.ask_to_end()
    deadline = time.monotonic() + PATIENCE_SECONDS
    for child in children:
        child.end_by(deadline)


def _in_a_group_of_its_own() -> dict[str, Any]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _how_it_ended(status: int) -> str:
    return f"by {signal.Signals(-status).name}" if status < 0 else f"status {status}"
