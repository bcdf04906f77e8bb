"""A change is a draft: checked, with its reason, and never an edit of what is in force."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from tracker.actions.methods import editing
from tracker.actions.methods.editing import (
    ChangedMeanwhile,
    NoDraft,
    NoSuchRule,
    NoSuchVersion,
    NothingChanged,
    NothingToSet,
    ReasonMissing,
    RuleNotSound,
    TreeNotSound,
)
from tracker.refusal import Refusal
from tracker.rule import Rule, Severity
from tracker.storage import audit_entries, methods, rules, versions
from tracker.storage.admitting import Person
from tracker.storage.base import Session
from tracker.storage.conclusions import MethodVersion, RuleVersion
from tracker.storage.running import AuditEntry

RISK, PRESSURE = "risk", "pressure"


def newest_entry(session: Session) -> AuditEntry:
    return audit_entries.found(session, audit_entries.Search(), limit=1)[0]


@pytest.fixture
def reweigh(session: Session, methodologist: Person, now: datetime) -> Callable[..., MethodVersion]:
    """Makes pressure weigh so much in the risk, from what the page shows now."""

    def saved(weight: float = 0.6, **differs: Any) -> MethodVersion:
        usual: dict[str, Any] = {"needs": {}, "reason": "Tried on history.", "by": methodologist.id, "now": now}
        usual |= {"shown": editing.shown_of_method(session), "weights": {(RISK, PRESSURE): weight}}
        return editing.save_method(session, **(usual | differs))

    return saved


@pytest.fixture
def redraw(session: Session, methodologist: Person, now: datetime) -> Callable[..., RuleVersion]:
    """Gives the rule on high risk another line."""

    def saved(line: float = 65, speaks: bool = True, key: str = "high_risk", **differs: Any) -> RuleVersion:
        rule = Rule.from_plain(editing.base_of_rule(session, key).content)
        usual: dict[str, Any] = {"reason": "Too many.", "by": methodologist.id, "now": now}
        usual |= {"rule": replace(rule, lines={Severity.ALARM: line}), "speaks": speaks}
        return editing.save_rule(session, **(usual | {"shown": editing.shown_of_rule(session, key)} | differs))

    return saved


def weight_of(session: Session, number: int) -> float:
    branch = methods.method_of(session, number).branch(RISK)
    return dict(zip(branch.children, branch.weights, strict=True))[PRESSURE]


# ---- the tree ----


def test_a_change_is_a_draft_and_what_is_in_force_stays_as_it_is(
    session: Session, reweigh: Callable[..., MethodVersion]
) -> None:
    before = methods.version_of(session, 1).content
    draft = reweigh(0.6)

    assert (draft.number, draft.in_force_since, draft.discarded_at) == (2, None, None)
    assert (weight_of(session, 2), weight_of(session, 1)) == (0.6, 0.4)
    session.expire_all()
    assert methods.number_in_force(session) == 1
    assert methods.version_of(session, 1).content == before


def test_what_is_not_named_keeps_its_weight_and_its_need(
    session: Session, reweigh: Callable[..., MethodVersion]
) -> None:
    reweigh(0.6, needs={PRESSURE: 0.3})
    old, new = methods.method_of(session, 1), methods.method_of(session, 2)

    assert new.branch(PRESSURE) == replace(old.branch(PRESSURE), needs=0.3)
    changed = [one.key for one, other in zip(old.tree.branches, new.tree.branches, strict=True) if one != other]
    assert changed == [PRESSURE, RISK]
    assert replace(new, tree=old.tree).fingerprint == old.fingerprint


def test_a_draft_goes_on_from_the_draft_before_and_replaces_it(
    session: Session, reweigh: Callable[..., MethodVersion], now: datetime
) -> None:
    reweigh(0.6)
    reweigh(0.4, needs={PRESSURE: 0.3})
    second = editing.base_of_method(session)
    reweigh(0.7)

    assert (second.number, second.discarded_at) == (3, now)
    assert [row.number for row in versions.drafts_of_method(session)] == [4]
    assert methods.method_of(session, 4).branch(PRESSURE).needs == 0.3


def test_a_draft_is_in_the_audit_log_in_words_with_its_reason(
    session: Session, reweigh: Callable[..., MethodVersion], methodologist: Person
) -> None:
    reweigh(0.6)
    entry = newest_entry(session)

    assert (entry.action, entry.subject, entry.by_id) == ("method draft saved", "method version 2", methodologist.id)
    assert entry.reason == "Tried on history."
    assert entry.before == {"version": 1}
    assert entry.after == {"version": 2, "changes": ["Weight of pressure in risk: 0.4 → 0.6."]}


@pytest.mark.parametrize(
    ("differs", "refusal"),
    [
        ({"weight": 0.4}, NothingChanged),
        ({"weight": 0.0}, TreeNotSound),
        ({"weight": -1.0}, TreeNotSound),
        ({"weight": float("nan")}, TreeNotSound),
        ({"needs": {PRESSURE: 0.0}}, TreeNotSound),
        ({"needs": {PRESSURE: 1.01}}, TreeNotSound),
        ({"reason": " "}, ReasonMissing),
        ({"shown": "1-2"}, ChangedMeanwhile),
        ({"shown": ""}, ChangedMeanwhile),
    ],
)
def test_what_cannot_be_saved_is_refused_and_leaves_nothing(
    session: Session, reweigh: Callable[..., MethodVersion], differs: dict[str, Any], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        reweigh(**differs)
    assert [row.number for row in methods.versions(session)] == [1]


def test_what_is_wrong_is_said_of_its_node_and_child(session: Session, reweigh: Callable[..., MethodVersion]) -> None:
    with pytest.raises(TreeNotSound) as refused:
        reweigh(0.0, needs={"signs": 0.0})
    told = [(fault.key, fault.values.get("child")) for fault in refused.value.faults]
    assert told == [(RISK, PRESSURE), ("signs", None)]


@pytest.mark.parametrize("needs", [0.001, 1.0])
def test_a_need_may_be_as_small_or_as_large_as_a_share_can_be(
    session: Session, reweigh: Callable[..., MethodVersion], needs: float
) -> None:
    reweigh(needs={PRESSURE: needs})
    assert methods.method_of(session, 2).branch(PRESSURE).needs == needs


def test_who_opened_the_page_before_another_draft_was_saved_is_told(
    session: Session, reweigh: Callable[..., MethodVersion]
) -> None:
    opened = editing.shown_of_method(session)
    reweigh(0.6)
    with pytest.raises(ChangedMeanwhile):
        reweigh(0.7, shown=opened)
    assert [row.number for row in versions.drafts_of_method(session)] == [2]


def test_a_discarded_draft_is_kept_and_is_no_draft_any_more(
    session: Session, reweigh: Callable[..., MethodVersion], methodologist: Person, now: datetime
) -> None:
    reweigh(0.6)
    editing.discard_method(session, 2, by=methodologist.id, now=now)

    assert versions.drafts_of_method(session) == []
    assert methods.version_of(session, 2).discarded_at == now
    assert newest_entry(session).action == "method draft discarded"
    with pytest.raises(NoDraft):
        editing.discard_method(session, 2, by=methodologist.id, now=now)


@pytest.mark.parametrize(("number", "refusal"), [(1, NoDraft), (9, NoSuchVersion)])
def test_only_a_draft_can_be_discarded(
    session: Session, methodologist: Person, now: datetime, number: int, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        editing.discard_method(session, number, by=methodologist.id, now=now)


# ---- rules ----


def test_a_rule_is_changed_in_a_draft_and_speaks_as_before(
    session: Session, redraw: Callable[..., RuleVersion]
) -> None:
    draft = redraw(65)

    assert (draft.number, draft.in_force_since) == (2, None)
    assert Rule.from_plain(draft.content).lines == {Severity.ALARM: 65}
    assert next(one for one in rules.in_force(session) if one.rule.key == "high_risk").rule.lowest_line == 60


def test_a_rule_that_is_to_fall_silent_is_a_change(session: Session, redraw: Callable[..., RuleVersion]) -> None:
    assert redraw(60, speaks=False).speaks is False


def test_the_draft_of_a_rule_replaces_the_one_it_was_made_from_and_no_other(
    session: Session, redraw: Callable[..., RuleVersion]
) -> None:
    other = redraw(55, key="weak_rule_of_law")
    first = redraw(65)
    redraw(70)

    assert (first.discarded_at is None, other.discarded_at) == (False, None)
    assert [row.number for row in versions.drafts_of_rule(session, "high_risk")] == [3]


def test_the_draft_of_a_rule_is_in_the_audit_log_with_before_and_after(
    session: Session, redraw: Callable[..., RuleVersion]
) -> None:
    draft = redraw(65)
    entry = newest_entry(session)

    assert (entry.action, entry.subject) == ("rule draft saved", "rule high_risk, version 2")
    assert entry.before is not None
    assert entry.after is not None
    assert entry.before["rule"]["lines"] == {"alarm": 60}
    assert entry.after["rule"] == draft.content
    assert entry.after["changes"] == ["Line of an alarm: 60.0 → 65."]


@pytest.mark.parametrize(
    ("differs", "refusal"),
    [
        ({"line": 60}, NothingChanged),
        ({"line": 0}, RuleNotSound),
        ({"line": 101}, RuleNotSound),
        ({"reason": ""}, ReasonMissing),
        ({"shown": "2-2"}, ChangedMeanwhile),
        ({"key": "no_such_rule"}, NoSuchRule),
        ({"key": "manual"}, NothingToSet),
    ],
)
def test_a_rule_that_cannot_be_saved_is_refused(
    session: Session, redraw: Callable[..., RuleVersion], differs: dict[str, Any], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        redraw(**differs)
    assert versions.drafts_of_rules(session) == []


def test_a_node_that_the_method_does_not_have_is_named_as_the_fault(
    session: Session, methodologist: Person, now: datetime
) -> None:
    rule = Rule.from_plain(editing.base_of_rule(session, "high_risk").content)
    with pytest.raises(RuleNotSound) as refused:
        editing.save_rule(
            session,
            replace(rule, nodes=("nowhere",)),
            speaks=True,
            reason="Tried.",
            shown=editing.shown_of_rule(session, "high_risk"),
            by=methodologist.id,
            now=now,
        )
    assert [fault.parameter for fault in refused.value.faults] == ["nodes"]


def test_the_draft_of_a_rule_can_be_discarded(
    session: Session, redraw: Callable[..., RuleVersion], methodologist: Person, now: datetime
) -> None:
    redraw(65)
    editing.discard_rule(session, "high_risk", 2, by=methodologist.id, now=now)

    assert versions.drafts_of_rules(session) == []
    assert newest_entry(session).subject == "rule high_risk, version 2"
    with pytest.raises(NoDraft):
        editing.discard_rule(session, "high_risk", 1, by=methodologist.id, now=now)
    with pytest.raises(NoSuchVersion):
        editing.discard_rule(session, "high_risk", 9, by=methodologist.id, now=now)
