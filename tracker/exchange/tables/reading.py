"""Reads a table from a file of unknown make, row by row, without trusting the file.

    with read_table(path) as table:
        for number, cells in table.rows:
            ...

A child process does the parsing, within limits of memory and time; this side only reads its lines. It never forks,
because the server has threads, and it never unpickles, because the child handles what strangers send. Whatever goes
wrong is a TableRefused, raised at once or while the rows are gone through.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from tracker.exchange.tables.kinds import Kind
from tracker.exchange.tables.limits import Limits
from tracker.exchange.tables.refused import TableRefused, TableTooLarge, refused

__all__ = ["Cell", "Kind", "Limits", "Row", "Table", "TableRefused", "TableTooLarge", "read_table"]

Cell = str | int | float | None
"""Days are ISO text, booleans “true” and “false”, errors of a spreadsheet their own text. None: blank (XLSX)."""

Row = tuple[int, list[Cell]]
"""The number that a spreadsheet shows, from 1, and the cells from the first column on. Blank rows are there, too."""

_ROOT = Path(__file__).resolve().parents[3]
_CHILD = [sys.executable, "-E", "-s", "-m", "tracker.exchange.tables.child"]
# Nothing of the server's own environment, in which there are secrets.
_PASSED_ON = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_LONGEST_LINE = 200_000_000
_LOOK_SECONDS = 0.05
_TIMED_OUT = ("SIGXCPU", "SIGKILL")


@dataclass(frozen=True)
class Table:
    format: Kind
    encoding: str | None  # None: a workbook, which has none
    delimiter: str | None  # None: a workbook
    sheets: tuple[str, ...]  # none for CSV
    sheet: str | None  # the one that is read; None: CSV
    rows: Iterator[Row]


@contextmanager
def read_table(path: Path, *, sheet: str | None = None, limits: Limits | None = None) -> Iterator[Table]:
    """`sheet` is the first visible one unless said. Leaving the block early ends the child."""
    limits = limits or Limits()
    _check_size(path, limits)
    child = _Child(path, sheet, limits)
    try:
        yield child.table()
    finally:
        child.end()


def _check_size(path: Path, limits: Limits) -> None:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise refused("missing") from error
    if not path.is_file():
        raise refused("missing")
    if size > limits.file_bytes:
        raise refused("file_bytes", size=-(-size // 1_000_000), limit=limits.file_bytes // 1_000_000)


class _Child:
    def __init__(self, path: Path, sheet: str | None, limits: Limits) -> None:
        self._process = subprocess.Popen(
            _CHILD,
            cwd=_ROOT,
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._patience = _Patience(self._process, limits.waiting_seconds)
        request = {"path": str(path.resolve()), "sheet": sheet, "limits": limits._asdict()}
        # Where the child is dead already, reading from it will tell.
        with suppress(BrokenPipeError):
            self._stdin.write(json.dumps(request).encode() + b"\n")
            self._stdin.flush()

    def table(self) -> Table:
        description = self._next()["table"]
        return Table(
            format=Kind(description["format"]),
            encoding=description.get("encoding"),
            delimiter=description.get("delimiter"),
            sheets=tuple(description.get("sheets", ())),
            sheet=description.get("sheet"),
            rows=self._rows(),
        )

    def end(self) -> None:
        self._patience.over()
        self._process.kill()
        self._process.wait()
        for pipe in (self._stdin, self._stdout):
            with suppress(BrokenPipeError):
                pipe.close()

    def _rows(self) -> Iterator[Row]:
        number = 0
        while "rows" in (message := self._next()):
            for number, cells in enumerate(message["rows"], start=number + 1):  # noqa: B020 (goes on counting)
                yield number, cells
        if message.get("end") != number:
            raise refused("broke_off")

    def _next(self) -> dict[str, Any]:
        with self._patience:
            line = self._stdout.readline(_LONGEST_LINE)
        if not line.endswith(b"\n"):
            raise self._cause_of_death()
        message: dict[str, Any] = json.loads(line)
        if "refused" in message:
            raise refused(message["refused"], **message["values"])
        return message

    def _cause_of_death(self) -> TableRefused:
        self._process.kill()
        code = self._process.wait()
        if self._patience.lost or _died_of(code, "SIGXCPU"):
            return refused("time")
        # Rust gives up with SIGABRT where it gets no more memory; the system kills where there is none.
        if _died_of(code, "SIGABRT", "SIGKILL", "SIGSEGV"):
            return refused("memory")
        return refused("broke_off")

    @property
    def _stdin(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    @property
    def _stdout(self) -> IO[bytes]:
        assert self._process.stdout is not None
        return self._process.stdout


def _died_of(code: int, *names: str) -> bool:
    import signal

    return any(code == -getattr(signal, name, 0) for name in names if hasattr(signal, name))


class _Patience(threading.Thread):
    """Kills the child when it has been waited for too long, all in all. Time between the waits does not count."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        super().__init__(daemon=True)
        self.lost = False
        self._process, self._left = process, seconds
        self._since: float | None = None
        self._over = threading.Event()
        self.start()

    def __enter__(self) -> None:
        self._since = time.monotonic()

    def __exit__(self, *_raised: object) -> None:
        if self._since is not None:
            self._left -= time.monotonic() - self._since
        self._since = None

    def over(self) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        while not self._over.wait(_LOOK_SECONDS):
            since = self._since
            if since is not None and time.monotonic() - since > self._left:
                self.lost = True
                self._process.kill()
                return
