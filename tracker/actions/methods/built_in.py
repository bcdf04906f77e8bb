"""The method that the product brings, and how it comes into force.

Where nobody has changed anything, the newest one of the product is in force. Where somebody has, theirs stays, and the
product's stands beside it as a draft, to be compared and switched on by a person.
"""

import json
from datetime import datetime
from typing import Any

from tracker.actions import audit
from tracker.actions.concluding import conclude_everything, time_passes_for_all
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
GONE = "The product has this rule no more."


def method_of_the_product(catalogue: Catalogue) -> Method:
    return built_in(catalogue.criteria, catalogue.indicators, built_in_shape())


def load_rules(session: Session, *, now: datetime) -> list[str]:
    """The keys of those that are new, changed or gone. What somebody changed stays as they changed it."""
    in_force = {row.key: row for row in rules.newest_in_force(session)}
    offered = {(row.key, _written(row.content)) for row in rules.everything(session) if not row.discarded_at}
    changed = []
    wanted = {rule.key: rule.as_plain() for rule in built_in_rules()}
    for key, content in wanted.items():
        before = in_force.get(key)
        is_ours = before is None or before.made_by is None
        says_so = before is not None and before.speaks and _written(before.content) == _written(content)
        if says_so or (not is_ours and (key, _written(content)) in offered):
            continue
        _add_rule(session, key, content, speaks=True, taken_over=is_ours, reason=CHANGED if before else FIRST, now=now)
        changed.append(key)
    for key, row in in_force.items():
        if key not in wanted and row.made_by is None and row.speaks:
            _add_rule(session, key, row.content, speaks=False, taken_over=True, reason=GONE, now=now)
            changed.append(key)
    session.flush()
    if changed:
        audit.record(session, "rules loaded", "rules", by=None, now=now, after={"rules": changed})
    return changed


def _written(content: dict[str, Any]) -> str:
    return json.dumps(content, sort_keys=True)


def _add_rule(
    session: Session,
    key: str,
    content: dict[str, Any],
    *,
    speaks: bool,
    taken_over: bool,
    reason: str,
    now: datetime,
) -> None:
    newest = max((row.number for row in rules.versions_of(session, key)), default=0)
    row = RuleVersion(key=key, number=newest + 1, content=content, speaks=speaks, reason=reason, made_at=now)
    row.in_force_since = now if taken_over else None
    session.add(row)


def load_method(session: Session, catalogue: Catalogue, *, now: datetime) -> bool:
    """Whether another method is in force afterwards."""
    method = method_of_the_product(catalogue)
    known = methods.versions(session)
    chosen = methods.in_force(session)
    if chosen is not None and chosen[1].fingerprint == method.fingerprint:
        return False
    taken_over = chosen is None or methods.version_of(session, chosen[0]).made_by is None
    if not taken_over and any(row.fingerprint == method.fingerprint and not row.discarded_at for row in known):
        return False
    # what went stale until now did so by the method before
    time_passes_for_all(session, now=now)
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
