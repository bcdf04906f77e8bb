"""What a desk allows itself, beyond what is usual."""

from datetime import datetime

from tracker.actions import audit
from tracker.storage import desk_rules
from tracker.storage.base import Session
from tracker.storage.codings import ACCEPTS_OWN


def let_accept_own(session: Session, holds: bool, *, by: int, now: datetime) -> None:
    """People may accept and decide what is their own, or no longer may: for a desk that has no second person."""
    rule = desk_rules.locked(session, ACCEPTS_OWN, by=by, now=now)
    if rule.holds == holds:
        return
    before, after = {"holds": rule.holds}, {"holds": holds}
    rule.holds, rule.changed_by, rule.changed_at = holds, by, now
    subject = "people accept what they submitted themselves"
    audit.record(session, "desk rule changed", subject, by=by, now=now, before=before, after=after)
