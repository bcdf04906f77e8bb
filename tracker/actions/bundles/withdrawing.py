"""One act takes back everything that came with a bundle. Nothing is deleted by it: the history shows both."""

from datetime import datetime

from tracker.access import Principal
from tracker.actions import audit
from tracker.actions.bundles.kept import NoSuchBundle, subject_of, visible
from tracker.actions.bundles.receiving import BundleMovedOn
from tracker.actions.imports import bring, withdraw
from tracker.actions.imports.permission import NoSuchImport
from tracker.bundle import BundleDirection
from tracker.refusal import N_, Refusal
from tracker.storage import bundles, imports
from tracker.storage.base import Session
from tracker.storage.recording import ImportState
from tracker.storage.sharing import Bundle


class NeedsWhoTookItIn(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("Its observations are taken back by whoever took it in, or by a reviewer: ask one of them.")
        )


def take_back(session: Session, bundle_id: int, reason: str, *, by: Principal, now: datetime) -> Bundle:
    visible(session, bundle_id, by)
    row = bundles.locked_bundle(session, bundle_id)
    if row is None or row.direction is not BundleDirection.RECEIVED:
        raise NoSuchBundle
    if row.entered_at is None or row.withdrawn_at is not None:
        raise BundleMovedOn
    reason = " ".join(reason.split())
    if not reason:
        raise withdraw.NoReason
    if len(reason) > withdraw.LONGEST_REASON:
        raise withdraw.ReasonTooLong
    if row.import_id is not None:
        _take_back_observations(session, row.import_id, reason, by=by, now=now)
    row.withdrawn_at = now
    audit.record(session, "bundle withdrawn", subject_of(row), by=by.person_id, now=now, reason=reason)
    return row


def _take_back_observations(session: Session, import_id: int, reason: str, *, by: Principal, now: datetime) -> None:
    """What is recorded is withdrawn; what is on its way is stopped."""
    brought = imports.locked(session, import_id)
    assert brought is not None, "imports are never removed"
    try:
        if brought.state is ImportState.RECORDED:
            withdraw.withdraw(session, import_id, reason, seen=None, by=by, now=now)
        elif brought.state in bring.CAN_BE_CANCELLED:
            bring.cancel(session, import_id, seen=None, by=by.person_id, now=now)
    except NoSuchImport:
        raise NeedsWhoTookItIn from None
