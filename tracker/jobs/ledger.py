"""What several connections write about their mails goes into one transaction: a commit waits for the disk far longer
than its rows take.

Whoever comes while another commits waits, and the next commit takes along all who wait, in a few statements for all of
them. To each of them it is a transaction of their own: what cannot be written for one keeps nobody else from writing.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracker.actions import outgoing_mails
from tracker.actions.outgoing_mails import Claim
from tracker.storage.base import Database, Session

# Longer than it takes another to come by, and no longer than a commit takes.
MOMENT_SECONDS = 0.002


@dataclass
class _Entry:
    # Each of these, where it is wanted.
    begins: Claim | None = None
    sent: Claim | None = None
    act: Callable[[Session], Any] | None = None
    wants_another: bool = False
    # What came of it.
    is_done: bool = False
    may_begin: bool = False
    written: Any = None
    another: Claim | None = None
    problem: Exception | None = None


@dataclass
class Ledger:
    database: Database
    clock: Callable[[], datetime]
    # Up to so many mails that are to be sent now.
    claim: Callable[[Session, int], list[Claim]]
    # How many write in it: a commit waits a moment for a quarter of them. Were it more, the relay would wait for us.
    writers: int = 1

    def __post_init__(self) -> None:
        self._turn = threading.Lock()
        self._arrival = threading.Condition()
        self._waiting: list[_Entry] = []

    def next_mail(self) -> Claim | None:
        return self._written(_Entry(wants_another=True)).another

    def begin(self, claimed: Claim) -> bool:
        """It may have left from now on. False: another worker has it."""
        return self._written(_Entry(begins=claimed)).may_begin

    def settle_sent(self, claimed: Claim) -> Claim | None:
        """The next one."""
        return self._written(_Entry(sent=claimed, wants_another=True)).another

    def settle(self, act: Callable[[Session], object]) -> Claim | None:
        """As `act` says; it may be called twice, and what it did first is undone then. The next one."""
        return self._written(_Entry(act=act, wants_another=True)).another

    def write(self, act: Callable[[Session], Any]) -> Any:
        """What `act` returns, once it is committed."""
        return self._written(_Entry(act=act)).written

    def _written(self, entry: _Entry) -> _Entry:
        with self._arrival:
            self._waiting.append(entry)
            self._arrival.notify()
        with self._turn:
            if not entry.is_done:
                self._commit(self._those_who_wait())
        if entry.problem is not None:
            raise entry.problem
        return entry

    def _those_who_wait(self) -> list[_Entry]:
        with self._arrival:
            self._arrival.wait_for(lambda: len(self._waiting) >= self.writers // 4, MOMENT_SECONDS)
            together, self._waiting = self._waiting, []
        return together

    def _commit(self, together: Sequence[_Entry]) -> None:
        try:
            with self.database.writing() as session:
                self._write(session, together)
        except Exception as problem:
            if len(together) > 1:
                for entry in together:
                    self._commit([entry])
                return
            together[0].problem = problem
        for entry in together:
            entry.is_done = True

    def _write(self, session: Session, together: Sequence[_Entry]) -> None:
        now = self.clock()
        for entry in together:
            if entry.act is not None:
                entry.written = entry.act(session)
        session.flush()
        if sent := [entry.sent for entry in together if entry.sent is not None]:
            outgoing_mails.settle_sent(session, *sent, now=now)
        if beginning := [entry.begins for entry in together if entry.begins is not None]:
            begun = outgoing_mails.begin_transmitting(session, *beginning, now=now)
            for entry in together:
                entry.may_begin = entry.begins is not None and entry.begins.mail_id in begun
        if wanting := [entry for entry in together if entry.wants_another]:
            found = self.claim(session, len(wanting))
            for number, entry in enumerate(wanting):
                entry.another = found[number] if number < len(found) else None
