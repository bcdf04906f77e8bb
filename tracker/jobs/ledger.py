"""Several who write at once share one transaction: a commit waits for the disk far longer than its rows take.

Whoever comes while another commits waits, and the next commit takes along all who wait. To each of them it is a
transaction of their own: what one of them cannot write keeps nobody else from writing.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from tracker.storage.base import Database, Session

Written = TypeVar("Written")


@dataclass
class _Entry:
    act: Callable[[Session], Any]
    is_done: bool = False
    written: Any = None
    problem: Exception | None = None


class Ledger:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._turn = threading.Lock()
        self._gate = threading.Lock()
        self._waiting: list[_Entry] = []

    def write(self, act: Callable[[Session], Written]) -> Written:
        """What `act` returns, once it is committed. It may be called twice: what it did first is undone then."""
        entry = _Entry(act)
        with self._gate:
            self._waiting.append(entry)
        with self._turn:
            if not entry.is_done:
                with self._gate:
                    together, self._waiting = self._waiting, []
                self._commit(together)
        if entry.problem is not None:
            raise entry.problem
        written: Written = entry.written
        return written

    def _commit(self, together: Sequence[_Entry]) -> None:
        try:
            with self._database.writing() as session:
                written = [entry.act(session) for entry in together]
        except Exception as problem:
            if len(together) == 1:
                together[0].is_done, together[0].problem = True, problem
                return
            for entry in together:
                self._commit([entry])
        else:
            for entry, result in zip(together, written, strict=True):
                entry.is_done, entry.written = True, result
