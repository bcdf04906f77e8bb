"""Asking for a check or for the recording, and writing down how it ended. A worker does what lies between."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracker.actions import audit
from tracker.actions.imports.permission import NotNow, own, subject_of
from tracker.mapping import Mapping as ColumnMapping
from tracker.refusal import N_, OutOfTurn, Refusal
from tracker.storage import imports
from tracker.storage.base import Session
from tracker.storage.recording import Import, ImportState

CAN_BE_MAPPED = (ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED)
FOUND_OTHERWISE = N_(
    "Since the check something was recorded that changes what this file comes to, so nothing was recorded. "
    "Look at the new figures."
)


class BroughtBefore(Refusal):
    def __init__(self, earlier: int) -> None:
        super().__init__(
            N_("This very file was brought before, as import %(number)s: say that you know, to go on."), number=earlier
        )


class NoSuchPublisher(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("The catalogue names no such publisher: choose one of those offered."))


class RowsRefused(Refusal):
    def __init__(self, refused: int) -> None:
        super().__init__(
            N_("%(refused)s rows cannot be recorded: say whether to leave them out, or correct the file."),
            refused=refused,
        )


class NothingToRecord(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("There is nothing to record: no row of the file is usable."))


class FileForgotten(OutOfTurn):
    def __init__(self) -> None:
        super().__init__(N_("The file itself is not kept any more: bring it again."))


@dataclass(frozen=True)
class Result:
    """What going through a file came to. Rows in = accepted + empty + refused: the database holds that sum."""

    rows_read: int
    rows_accepted: int
    rows_empty: int
    rows_refused: int
    # Values by what becomes of them, and problems by kind.
    findings: Mapping[str, Any]
    problems: bytes


def choose_columns(
    session: Session,
    import_id: int,
    mapping: ColumnMapping,
    *,
    sheet: str | None,
    header: str | None,
    source_id: int | None,
    knowingly: bool,
    seen: int | None,
    by: int | None,
    now: datetime,
    state: ImportState = ImportState.CHECKING,
) -> Import:
    """And has every row checked that way; nothing is recorded by it. `knowingly`: even if it was brought before.

    Whoever gives the order to record with it has said beforehand what may be left out: `state` is RECORDING then.
    """
    row = own(session, import_id, by=by, seen=seen, states=CAN_BE_MAPPED)
    earlier = brought_before(session, row)
    if earlier is not None and not knowingly:
        raise BroughtBefore(earlier.id)
    if source_id is not None and not imports.is_publisher(session, source_id):
        raise NoSuchPublisher
    row.mapping, row.sheet, row.source_id = mapping.as_plain(), sheet, source_id
    row.header_fingerprint = header
    _send_to_work(row, state)
    after = {"shape": mapping.shape.value, "indicators": sorted(set(mapping.indicators.values()))}
    audit.record(session, "import mapped", subject_of(row), by=by, now=now, after=after)
    return row


def brought_before(session: Session, row: Import) -> Import | None:
    """The latest import of the very same file by the same person."""
    same = imports.of_the_same_file(session, row.fingerprint, besides=row.id)
    return next((one for one in same if one.id < row.id and one.brought_by == row.brought_by), None)


def ask_to_record(
    session: Session, import_id: int, *, leave_out: int, seen: int | None, by: int | None, now: datetime
) -> Import:
    """`leave_out`: how many refused rows the person has agreed to leave out: exactly those that they were shown."""
    row = own(session, import_id, by=by, seen=seen, states=(ImportState.CHECKED,))
    if row.rows_refused != leave_out:
        raise RowsRefused(row.rows_refused) if leave_out == 0 else NotNow
    if row.rows_accepted == 0:
        raise NothingToRecord
    _send_to_work(row, ImportState.RECORDING)
    after = {"rows": row.rows_accepted, "left_out": row.rows_refused}
    audit.record(session, "import ordered", subject_of(row), by=by, now=now, after=after)
    return row


def checked(session: Session, row: Import, result: Result, *, now: datetime, error: str | None = None) -> None:
    _keep(row, result)
    row.state, row.error = ImportState.CHECKED, error
    after = _counts(row)
    audit.record(session, "import checked", subject_of(row), by=row.brought_by, now=now, after=after)


def recorded(session: Session, row: Import, result: Result, *, now: datetime) -> None:
    """In the transaction that records the rows. The file itself is forgotten; what was wrong with it is kept."""
    _keep(row, result)
    row.state, row.error, row.settled_at = ImportState.RECORDED, None, now
    row.content = None
    after = {"file": row.file_name, **_counts(row)}
    audit.record(session, "import recorded", subject_of(row), by=row.brought_by, now=now, after=after)


def failed(session: Session, row: Import, sentence: str, *, now: datetime) -> None:
    """The sentence is kept untranslated where it has no values, so that each reader has it in their own language."""
    row.state, row.error, row.leased_until = ImportState.FAILED, sentence, None
    row.problems, row.findings = None, None
    audit.record(session, "import failed", subject_of(row), by=row.brought_by, now=now, reason=sentence)


def _send_to_work(row: Import, state: ImportState) -> None:
    row.state, row.error, row.leased_until, row.rows_done = state, None, None, 0


def _keep(row: Import, result: Result) -> None:
    row.rows_read, row.rows_done = result.rows_read, result.rows_read
    row.rows_accepted, row.rows_empty = result.rows_accepted, result.rows_empty
    row.rows_refused = result.rows_refused
    row.findings, row.problems, row.leased_until = dict(result.findings), result.problems, None


def _counts(row: Import) -> dict[str, Any]:
    rows = {"read": row.rows_read, "accepted": row.rows_accepted, "empty": row.rows_empty, "refused": row.rows_refused}
    return {"rows": rows, "values": (row.findings or {}).get("values")}
