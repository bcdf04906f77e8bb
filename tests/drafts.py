"""A draft of the method or of a rule, as a methodologist would save it."""

from dataclasses import replace
from datetime import datetime

from tracker.actions.methods import editing
from tracker.rule import Rule, Severity
from tracker.storage.base import Session


def a_draft(session: Session, by: int, *, now: datetime, of_rule: str | None = None, line: float = 65) -> int:
    """Its number. Of the method: pressure weighs more; of a rule: it warns from another line on."""
    if of_rule is None:
        shown, weights = editing.shown_of_method(session), {("risk", "pressure"): 0.6}
        return editing.save_method(session, weights, {}, "Tried on history.", shown=shown, by=by, now=now).number
    rule = replace(Rule.from_plain(editing.base_of_rule(session, of_rule).content), lines={Severity.WARNING: line})
    shown = editing.shown_of_rule(session, of_rule)
    return editing.save_rule(session, rule, True, "Too many of them.", shown=shown, by=by, now=now).number
