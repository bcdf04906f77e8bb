"""`manage.py run` for real: its processes, what it says, the pages that it serves."""

import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LAST_LINE = "Ctrl-C ends it.\n"
LONGEST_WAIT_SECONDS = 300


def free_port() -> int:
    """None of those that the system gives out by itself: else somebody may have got it before it is used."""
    while True:
        port = random.randrange(20_000, 32_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def environment(**more: str) -> dict[str, str]:
    """Of a machine on which nothing is set that the product looks at."""
    ours = ("TRACKER_", "DATABASE_URL", "FLASK_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | more


def manage(*words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """A command that ends by itself, inside the environment that runs the tests."""
    command = [sys.executable, str(ROOT / "manage.py"), "--inside", *words]
    return subprocess.run(command, capture_output=True, text=True, env=environment(**more), timeout=300)


class Running:
    """A supervisor with its two children, started and answering."""

    def __init__(self, data: Path, more: Mapping[str, str]) -> None:
        self.data = data
        self.port = free_port()
        self._log = data.with_suffix(".log")
        words = ["--inside", "run", "--port", str(self.port), "--data", str(data)]
        with self._log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), *words],
                stdout=log,
                stderr=log,
                env=environment(**more),
            )
        try:
            wait_for(lambda: LAST_LINE in self.said, self._why_not)
        except BaseException:
            self.process.kill()
            raise

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def said(self) -> str:
        return self._log.read_text()

    def child(self, name: str) -> int | None:
        """The process that runs `serve` or `worker`; None: there is none just now."""
        return next((pid for pid, command in self._children() if f" {name} " in f"{command} "), None)

    def children(self) -> list[int]:
        return [pid for pid, _ in self._children()]

    def end(self, by: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(by)
        return self.process.wait(LONGEST_WAIT_SECONDS)

    def answers(self) -> bool:
        """The page on which everybody starts."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=LONGEST_WAIT_SECONDS) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def _children(self) -> list[tuple[int, str]]:
        listed = subprocess.run(
            ["ps", "-A", "-ww", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
        )
        rows = [line.split(maxsplit=2) for line in listed.stdout.splitlines()]
        return [(int(row[0]), row[2]) for row in rows if int(row[1]) == self.process.pid and len(row) == 3]

    def _why_not(self) -> str:
        assert self.process.poll() is None, self.said
        return self.said


def wait_for(condition: Callable[[], bool], why_not: Callable[[], str] = lambda: "it did not happen") -> None:
    deadline = time.monotonic() + LONGEST_WAIT_SECONDS
    while not condition():
        said = why_not()
        assert time.monotonic() < deadline, said
        time.sleep(0.05)


def rows(folder: Path) -> dict[str, list[object]]:
    """Everything in the database."""
    with closing(sqlite3.connect(folder / "tracker.sqlite3")) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        return {table: connection.execute(f"SELECT * FROM {table}").fetchall() for (table,) in tables}


def is_alive(pid: int) -> bool:
    listed = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return listed.stdout.strip() not in ("", "Z")
