"""The method that the product brings, and how it comes into force.

Where nobody has changed anything, the newest one of the product is in force. Where somebody has, theirs stays, and the
product's stands beside it as a draft, to be compared and switched on by a person.
"""

import json
from datetime import datetime

from tracker.actions import audit
from tracker.actions.concluding import conclude_everything
from tracker.catalogue.reading import Catalogue
from tracker.catalogue.rules import built_in_rules
from tracker.catalogue.shape import built_in_shape
from tracker.method import Method, built_in
from tracker.storage import methods, rules, standings
from tracker.storage.base import Session
from tracker.storage.conclusions import MethodVersion, RuleVersion

# English, as everything that is kept with the evidence.
FIRST = "It came with the product."
CHANGED = "The product's catalogue or its built-in method changed."


def method_of_the_product(catalogue: Catalogue) -> Method:
    return built_in(catalogue.criteria, catalogue.indicators, built_in_shape())


def load_rules(session: Session, *, now: datetime) -> list[str]:
    """The keys of those that are new or changed. What somebody changed stays as they changed it."""
    in_force = {row.key: row for row in rules.newest_in_force(session)}
    known = {(row.key, json.dumps(row.content, sort_keys=True)) for row in rules.everything(session)}
    changed = []
    for rule in built_in_rules():
        content = rule.as_plain()
        if (rule.key, json.dumps(content, sort_keys=True)) in known:
            continue
        before = in_force.get(rule.key)
        taken_over = before is None or before.made_by is None
        newest = max((row.number for row in rules.versions_of(session, rule.key)), default=0)
        session.add(
            RuleVersion(
                key=rule.key,
                number=newest + 1,
                content=content,
                speaks=True,
                reason=CHANGED if before else FIRST,
                made_at=now,
                in_force_since=now if taken_over else None,
            )
        )
        changed.append(rule.key)
    session.flush()
    if changed:
        audit.record(session, "rules loaded", "rules", by=None, now=now, after={"rules": changed})
    return changed


def load_method(session: Session, catalogue: Catalogue, *, now: datetime) -> bool:
    """Whether another method is in force afterwards."""
    method = method_of_the_product(catalogue)
    known = methods.versions(session)
    if any(row.fingerprint == method.fingerprint for row in known):
        return False
    chosen = methods.in_force(session)
    taken_over = chosen is None or methods.version_of(session, chosen[0]).made_by is None
    row = MethodVersion(
        number=methods.highest_number(session) + 1,
        fingerprint=method.fingerprint,
        content=method.as_plain(),
        reason=CHANGED if known else FIRST,
        made_at=now,
        in_force_since=now if taken_over else None,
    )
    session.add(row)
    session.flush()
    after = {"fingerprint": method.fingerprint, "in force": taken_over}
    audit.record(session, "method loaded", f"method version {row.number}", by=None, now=now, after=after)
    if taken_over:
        if chosen is None:
            # evidence that was recorded before there were standings
            standings.renew_all(session)
        conclude_everything(session, now=now)
    return taken_over
