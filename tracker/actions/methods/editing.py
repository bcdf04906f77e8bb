"""Drafts of the method and of rules. Nothing that is in force is ever edited: a change is another version.

A draft decides nothing. It replaces the draft that it was made from; what is made of neither of them is refused, so
that nobody's work is lost unseen.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from tracker.actions import audit
from tracker.explanation import Sentence
from tracker.index import Branch, Tree
from tracker.method import Method
from tracker.refusal import N_, NotThere, OutOfTurn, Refusal
from tracker.rule import Fault, Kind, Rule, Subjects
from tracker.rule import faults as faults_of_rule
from tracker.storage import catalogue, methods, rules, versions
from tracker.storage.base import Session
from tracker.storage.conclusions import MethodVersion, RuleVersion
from tracker.tree_fault import TreeFault
from tracker.tree_fault import faults as faults_of_tree
from tracker.version import differences_of_methods, differences_of_rules

LONGEST_REASON = 500
_NEEDS = N_("What “%(key)s” needs is %(needs)s; make it a share above 0 and up to 1.")


class ChangedMeanwhile(OutOfTurn):
    def __init__(self) -> None:
        super().__init__(
            N_("Another version came into force or another draft was saved since you opened this. Compare, and decide.")
        )


class NothingChanged(Refusal):
    def __init__(self, number: int) -> None:
        super().__init__(
            N_("This is what version %(number)s says, which is in force: nothing was saved."), number=number
        )


class ReasonMissing(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Say why: it stands beside the version, for whoever asks later."))


class NoSuchVersion(NotThere):
    def __init__(self) -> None:
        super().__init__(N_("There is no such version."))


class NoSuchRule(NotThere):
    def __init__(self) -> None:
        super().__init__(N_("There is no such rule."))


class NothingToSet(OutOfTurn):
    def __init__(self) -> None:
        super().__init__(N_("People raise these flags themselves: there is nothing to set."))


class NoDraft(OutOfTurn):
    def __init__(self) -> None:
        super().__init__(N_("It is no draft any more: it was switched on or discarded."))


class TreeNotSound(Refusal):
    """With everything that is wrong with it."""

    def __init__(self, faults: tuple[TreeFault, ...]) -> None:
        super().__init__(N_("The tree cannot be used as it is."))
        self.faults = faults


class RuleNotSound(Refusal):
    """With everything that is wrong with it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(N_("The rule cannot be used as it is."))
        self.faults = faults


Weights = Mapping[tuple[str, str], float]
"""By node and child."""


def base_of_method(session: Session) -> MethodVersion:
    """What a change starts from: the newest draft, or else what is in force."""
    drafts = versions.drafts_of_method(session)
    number = methods.number_in_force(session)
    if not drafts and number is None:
        raise NoSuchVersion
    return drafts[0] if drafts or number is None else methods.version_of(session, number)


def base_of_rule(session: Session, key: str) -> RuleVersion:
    in_force = versions.rule_in_force(session, key)
    if in_force is None:
        raise NoSuchRule
    if in_force.content["kind"] == Kind.MANUAL:
        raise NothingToSet
    return next(iter(versions.drafts_of_rule(session, key)), in_force)


def shown_of_method(session: Session) -> str:
    """Changes with what is in force and with what a change starts from: a form brings it back."""
    return f"{methods.number_in_force(session) or 0}-{base_of_method(session).number}"


def shown_of_rule(session: Session, key: str) -> str:
    base, in_force = base_of_rule(session, key), versions.rule_in_force(session, key)
    return f"{in_force.number if in_force else 0}-{base.number}"


def save_method(
    session: Session,
    weights: Weights,
    needs: Mapping[str, float],
    reason: str,
    *,
    shown: str,
    by: int,
    now: datetime,
) -> MethodVersion:
    """Another draft of the tree: what is not named keeps its weight and its need."""
    if shown != shown_of_method(session):
        raise ChangedMeanwhile
    base = base_of_method(session)
    method = reweighted(Method.from_plain(base.content), weights, needs)
    if faults := faults_of_weights(method.tree):
        raise TreeNotSound(faults)
    _require(reason)
    in_force = methods.in_force(session)
    if in_force is not None and in_force[1].fingerprint == method.fingerprint:
        raise NothingChanged(in_force[0])
    row = MethodVersion(
        number=methods.highest_number(session) + 1,
        fingerprint=method.fingerprint,
        content=method.as_plain(),
        reason=reason,
        made_at=now,
        made_by=by,
    )
    session.add(row)
    _replace(base, now)
    session.flush()
    changes = in_words(differences_of_methods(in_force[1], method)) if in_force else []
    before, after = {"version": in_force[0] if in_force else None}, {"version": row.number, "changes": changes}
    subject = f"method version {row.number}"
    audit.record(session, "method draft saved", subject, by=by, now=now, before=before, after=after, reason=reason)
    return row


def save_rule(
    session: Session, rule: Rule, speaks: bool, reason: str, *, shown: str, by: int, now: datetime
) -> RuleVersion:
    if shown != shown_of_rule(session, rule.key):
        raise ChangedMeanwhile
    base, in_force = base_of_rule(session, rule.key), versions.rule_in_force(session, rule.key)
    if faults := faults_of_rule(rule, subjects(session)):
        raise RuleNotSound(tuple(faults))
    _require(reason)
    content = rule.as_plain()
    assert in_force is not None, "a change starts from it, or from a draft of it"
    if (in_force.content, in_force.speaks) == (content, speaks):
        raise NothingChanged(in_force.number)
    newest = rules.versions_of(session, rule.key)[0]
    row = RuleVersion(
        key=rule.key,
        number=newest.number + 1,
        content=content,
        speaks=speaks,
        reason=reason,
        made_at=now,
        made_by=by,
    )
    session.add(row)
    _replace(base, now)
    session.flush()
    before, after = content_of(in_force), content_of(row) | {"changes": _changes(in_force, row)}
    audit.record(session, "rule draft saved", name_of(row), by=by, now=now, before=before, after=after, reason=reason)
    return row


def discard_method(session: Session, number: int, *, by: int, now: datetime) -> None:
    """What is on its way into force can be called off, too."""
    row = versions.locked_method(session, number)
    if row is None:
        raise NoSuchVersion
    if row.in_force_since or row.discarded_at:
        raise NoDraft
    row.switched_on_at = row.switched_on_by = None
    row.discarded_at = now
    session.flush()
    versions.forget_scores(session, number)
    audit.record(session, "method draft discarded", f"method version {number}", by=by, now=now)


def discard_rule(session: Session, key: str, number: int, *, by: int, now: datetime) -> None:
    row = versions.locked_rule(session, key, number)
    if row is None:
        raise NoSuchVersion
    if row.in_force_since or row.discarded_at:
        raise NoDraft
    row.discarded_at = now
    session.flush()
    audit.record(session, "rule draft discarded", name_of(row), by=by, now=now, before=content_of(row))


def reweighted(method: Method, weights: Weights, needs: Mapping[str, float]) -> Method:
    branches = tuple(
        replace(
            branch,
            weights=tuple(
                weights.get((branch.key, child), weight)
                for child, weight in zip(branch.children, branch.weights, strict=True)
            ),
            needs=needs.get(branch.key, branch.needs),
        )
        for branch in method.tree.branches
    )
    return replace(method, tree=replace(method.tree, branches=branches))


def faults_of_weights(tree: Tree) -> tuple[TreeFault, ...]:
    """A node that needs nothing would have a value where nothing is known of most of it."""
    needless = [branch for branch in tree.branches if branch.needs == 0]
    return (*faults_of_tree(tree), *(_needless(branch) for branch in needless))


def subjects(session: Session) -> Subjects:
    """What rules can speak of: the nodes of the method in force, and the criteria that are asked today."""
    chosen = methods.in_force(session)
    criteria = catalogue.criteria_in_force(session)
    asked = {criterion.key: tuple(one.key for one in criterion.indicators if not one.retired) for criterion in criteria}
    return Subjects(tuple(branch.key for branch in chosen[1].tree.branches) if chosen else (), asked)


def name_of(row: RuleVersion) -> str:
    return f"rule {row.key}, version {row.number}"


def content_of(row: RuleVersion) -> dict[str, object]:
    return {"version": row.number, "speaks": row.speaks, "rule": row.content}


def in_words(sentences: list[Sentence]) -> list[str]:
    """English, as everything that is kept with the evidence."""
    return [sentence.template % sentence.values for sentence in sentences]


def _changes(old: RuleVersion, new: RuleVersion) -> list[str]:
    before, after = Rule.from_plain(old.content), Rule.from_plain(new.content)
    return in_words(differences_of_rules(before, after, spoke=old.speaks, speaks=new.speaks))


def _needless(branch: Branch) -> TreeFault:
    return TreeFault(branch.key, _NEEDS, {"key": branch.key, "needs": f"{branch.needs:g}"})


def _require(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing


def _replace(base: MethodVersion | RuleVersion, now: datetime) -> None:
    """What is in force stays: only a draft is replaced."""
    if base.in_force_since is None:
        base.discarded_at = now
