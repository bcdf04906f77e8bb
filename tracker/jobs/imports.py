"""Goes through the files that people brought: reads them, checks them, records them.

Three steps, and a reason for their order. Reading takes longest and needs no transaction at all: what is read waits in
a private file of the worker, and every second a transaction of its own says how far it is. Then each value is
compared with the record, reading only. Only at the end is there one writing transaction, as short as it can be: on
SQLite nobody else can write while it is open, not even how far it is, and whoever saves a form waits for it. If
something was recorded between the comparison and that transaction, the comparison is made again inside it.
"""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tracker.actions.imports import bring, check, claims, record, understand
from tracker.actions.imports.claims import Claim, ClaimLost
from tracker.actions.imports.judge import judge
from tracker.actions.imports.problems import ProblemBook
from tracker.jobs.job import Shift
from tracker.refusal import N_, Refusal
from tracker.storage import import_rows
from tracker.storage import imports as kept
from tracker.storage.base import DATABASE_AWAY, Database, Session
from tracker.storage.recording import ImportState
from tracker.storage.staging import Staging

# What a worker that was killed left there is of no use to anybody.
LEFT_BEHIND_AFTER = timedelta(days=1)
SECONDS_BETWEEN_REPORTS = 0.5
BROKE_OFF = N_("Something went wrong with this file that is not its fault. Try again; if it happens again, tell us.")


class Stopped(Exception):
    """The worker is to come to an end."""


def anything_to_import(session: Session, now: datetime) -> bool:
    return kept.anything_free(session, now=now)


def work_on_imports(shift: Shift) -> str:
    """One file; the next has its turn with the next tick, so that mail and heartbeat are not kept waiting by many."""
    folder = shift.settings.data_folder / understand.FOLDER
    _sweep(folder)
    with shift.database.writing() as session:
        claimed = claims.claim_next(session, now=shift.clock())
    if claimed is None:
        return ""
    run = Run(shift.database, folder, shift.clock, claimed, shift.stopping)
    try:
        run.go()
    except (ClaimLost, Stopped):
        return ""
    return f"Import {claimed.import_id}: {claimed.state} done."


@dataclass
class Run:
    """One worker with one import, from the claim to its end."""

    database: Database
    folder: Path
    clock: Callable[[], datetime]
    claimed: Claim
    stopping: Callable[[], bool] = lambda: False
    # Told how many rows have been read; besides the page, which asks the database.
    watching: Callable[[int], object] = lambda _rows: None
    _reported_at: float = field(default_factory=time.monotonic)

    def go(self) -> None:
        try:
            with bring.own_folder(self.folder) as own, Staging(own / "rows") as staging, _uncollected():
                self._go(staging)
        except Refusal as refused:
            self._fail(str(refused))
        except Stopped:
            with self.database.writing() as session:
                claims.release(session, self.claimed)
            raise
        except ClaimLost:
            raise
        except DATABASE_AWAY:
            # tried again, by whoever is first, when the lease is over and the database is back
            raise
        except Exception:
            self._fail(BROKE_OFF)
            raise

    def _go(self, staging: Staging) -> None:
        with self.database.reading() as session:
            setting = understand.setting_for(session, self.claimed, on=self.clock().date())
        if self.claimed.content is None:
            raise check.FileForgotten
        with bring.unpacked(self.claimed.content, self.folder) as path:
            read = understand.read(path, setting, staging, self._report)
        with self.database.reading() as session:
            state = import_rows.state_of_record(session)
            found = self._judged(session, setting, staging, read, lambda: self._report(read.tally.rows))
        with self.database.writing() as session:
            row = claims.hold(session, self.claimed)
            if self.claimed.state is ImportState.CHECKING:
                check.checked(session, row, found, now=self.clock())
                return
            if import_rows.state_of_record(session) != state:
                staging.forget_decisions()
                found = self._judged(session, setting, staging, read)
            if self._is_not_what_was_shown(found):
                check.checked(session, row, found, now=self.clock(), error=check.FOUND_OTHERWISE)
                return
            # one moment for all of it: what is changed later was changed by hand
            recorded_at = self.clock()
            record.write(session, row, staging, setting.by_id, by=self.claimed.brought_by, now=recorded_at)
            check.recorded(session, row, found, now=recorded_at)

    def _is_not_what_was_shown(self, found: check.Result) -> bool:
        """More is left out than was agreed to, its values come to something else, or nothing is left to record."""
        left_out, agreed = self.claimed.left_out, self.claimed.agreed
        if agreed is not None and agreed != found.findings["values"]:
            return True
        return found.rows_accepted == 0 or (left_out is not None and found.rows_refused > left_out)

    def _judged(
        self,
        session: Session,
        setting: understand.Setting,
        staging: Staging,
        read: understand.Reading,
        get_on: Callable[[], object] = lambda: None,
    ) -> check.Result:
        book, record_before = ProblemBook(), import_rows.state_of_record(session)
        judge(session, staging, setting.by_id, setting.asker, self.claimed.source_id, book, read.headings, get_on)
        return understand.result_of(read, staging, book, record_before, self.claimed.source_id, setting)

    def _report(self, rows: int) -> None:
        if self.stopping():
            raise Stopped
        if time.monotonic() - self._reported_at < SECONDS_BETWEEN_REPORTS:
            return
        with self.database.writing() as session:
            self.claimed = claims.renew(session, self.claimed, rows_done=rows, now=self.clock())
        self.watching(rows)
        self._reported_at = time.monotonic()

    def _fail(self, sentence: str) -> None:
        with self.database.writing() as session:
            check.failed(session, claims.hold(session, self.claimed), sentence, now=self.clock())


@contextmanager
def _uncollected() -> Iterator[None]:
    """Rows are tuples that refer to nothing of their kind: looking for rings among them takes a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _sweep(folder: Path) -> None:
    if not folder.is_dir():
        return
    oldest = time.time() - LEFT_BEHIND_AFTER.total_seconds()
    for left in folder.glob(f"{bring.FOLDER_PREFIX}*/*"):
        if left.stat().st_mtime < oldest:
            left.unlink(missing_ok=True)
            left.parent.rmdir()
