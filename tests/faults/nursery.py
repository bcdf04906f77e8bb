"""Workers as processes of their own that begin at once: forked from one that has loaded everything already.

`python -m tests.faults.nursery` reads what is wanted line by line and answers in lines; the tests use Nursery.
"""

import gc
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import configure_mappers

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Wanted:
    """What a worker is to do, and where it is to end."""

    url: str
    folder: str
    # 0: there is no relay, and mail goes to the outbox.
    port: int
    # For so long at most; it ends when nothing is left to be done.
    seconds: float = 120.0
    # Does not end by itself.
    stays: bool = False
    lease_seconds: float = 1.0
    point: str = ""
    occurrence: int = 1
    # Stopped there instead of killed.
    is_stopped: bool = False
    holds_what_is_in_doubt: bool = False
    # How far its own clock is ahead.
    ahead_seconds: float = 0.0
    # So that it is known which mail was on its way when it ended; the product has up to eight.
    connections: int = 1


class Nursery:
    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def begin(self, wanted: Wanted) -> int:
        """The number of the process."""
        return int(self._ask({"begin": asdict(wanted)}))

    def end_of(self, pid: int) -> int:
        """How it ended, once it has: the signal that killed it as a negative number."""
        return int(self._ask({"end_of": pid}))

    def _ask(self, question: dict[str, Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@contextmanager
def nursery() -> Iterator[Nursery]:
    command = [sys.executable, "-m", "tests.faults.nursery"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            yield Nursery(process)
        finally:
            # with all who are left of it
            os.killpg(process.pid, signal.SIGKILL)


# ---- in the process itself -------------------------------------------------------------------------------------


def main() -> None:
    import tests.faults.worker  # noqa: F401 (so that those who are forked have it)

    # what else each of them would do for itself first
    configure_mappers()
    gc.freeze()
    for line in sys.stdin:
        question = json.loads(line)
        answer = _begin(question["begin"]) if "begin" in question else _end_of(question["end_of"])
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _begin(wanted: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    from tests.faults.worker import work_until_all_is_done

    status = 1
    try:
        work_until_all_is_done(Wanted(**wanted))
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def _end_of(pid: int) -> int:
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    main()
