"""Everything that came from a file is taken back, in one act and with a reason.

Published figures by whoever imported them, or by a reviewer. Where a second person accepted answers of the file, only
by a second person: nobody undoes alone what two have agreed on.
"""

from dataclasses import dataclass
from datetime import datetime

from tracker.access import Principal, Right
from tracker.actions import audit
from tracker.actions.concluding import draw_conclusions
from tracker.actions.imports.permission import NoSuchImport, NotNow, is_owner, sees, subject_of
from tracker.refusal import N_, Refusal
from tracker.storage import catalogue, codings, import_withdrawal, imports
from tracker.storage.base import Session
from tracker.storage.recording import Batch, BatchKind, Import, ImportState

LONGEST_REASON = 500


class NoReason(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Say why: it stands beside every value that is taken back."))


class ReasonTooLong(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Enter at most %(longest)s characters."), longest=LONGEST_REASON)


class NeedsReviewer(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("A second person accepted answers of this file: only a reviewer who did not import it takes it back.")
        )


class BeyondScope(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("The file also speaks of countries that you do not work on: ask somebody who does."))


@dataclass(frozen=True)
class TakenBack:
    withdrawn: int
    # Values that the file had revised stand again as they were.
    restored: int
    discarded: int


def may_withdraw(asking: Principal, row: Import) -> bool:
    return is_owner(asking, row) or asking.may(Right.REVIEW)


def needs_another(session: Session, asking: Principal, row: Import) -> bool:
    """Whether somebody else has to take it back; not where people accept their own answers, if they review."""
    if asking.may(Right.REVIEW) and (row.brought_by != asking.person_id or codings.accepts_own(session)):
        return False
    return imports.has_accepted_answers(session, row.id)


def withdraw(
    session: Session, import_id: int, reason: str, *, seen: int | None, by: Principal, now: datetime
) -> TakenBack:
    row = imports.locked(session, import_id)
    if row is None or not sees(session, by, row) or not may_withdraw(by, row):
        raise NoSuchImport
    if row.state is not ImportState.RECORDED or (seen is not None and row.version != seen):
        raise NotNow
    if needs_another(session, by, row):
        raise NeedsReviewer
    reason = " ".join(reason.split())
    if not reason:
        raise NoReason
    if len(reason) > LONGEST_REASON:
        raise ReasonTooLong
    if not all(by.reaches(iso3) for iso3 in imports.countries_of(session, import_id)):
        raise BeyondScope
    taken = _take_back(session, row, reason, by=by, now=now)
    row.state, row.withdrawn_by, row.withdrawn_why, row.settled_at = ImportState.WITHDRAWN, by.person_id, reason, now
    after = {"file": row.file_name, **vars(taken)}
    audit.record(session, "import withdrawn", subject_of(row), by=by.person_id, now=now, after=after, reason=reason)
    return taken


def _take_back(session: Session, row: Import, reason: str, *, by: Principal, now: datetime) -> TakenBack:
    assert row.settled_at is not None, "what is recorded was recorded at some time"
    batches = imports.batches_of(session, row.id)
    ids = [batch.id for batch in batches]
    restored = 0
    made = []
    for source_id, kind in import_withdrawal.sources_behind(session, ids):
        under = _batch(session, row, source_id, kind, by=by.person_id, now=now)
        made.append(under.id)
        restored += import_withdrawal.restore(session, ids, under=under, reason=reason)
    withdrawn = 0
    for batch in batches:
        under = _batch(session, row, batch.source_id, batch.kind, by=by.person_id, now=now)
        made.append(under.id)
        withdrawn += import_withdrawal.withdraw(session, batch.id, under=under, reason=reason)
    discarded = import_withdrawal.discard_drafts(
        session, row.id, untouched_since=row.settled_at, scope=by.scope, by=by.person_id, why=reason, now=now
    )
    draw_conclusions(session, made, now=now)
    return TakenBack(withdrawn, restored, discarded)


def _batch(session: Session, row: Import, source_id: int, kind: BatchKind, *, by: int, now: datetime) -> Batch:
    newest = catalogue.newest_version(session)
    assert newest is not None, "what was recorded was recorded under a catalogue"
    batch = Batch(
        kind=kind,
        source_id=source_id,
        catalogue_version=newest.number,
        recorded_by=by,
        recorded_at=now,
        import_id=row.id,
        file_name=row.file_name,
        file_fingerprint=row.fingerprint,
    )
    session.add(batch)
    session.flush()
    return batch
