"""Versions are told apart in sentences: everything that decides something, and nothing else."""

from dataclasses import fields, replace
from typing import Any

import pytest

from tests.panels import a_rule
from tests.small_methods import a_measure, a_method
from tracker.explanation import Sentence
from tracker.index import Branch, Combine, Tree
from tracker.indicator import Transform
from tracker.method import Method
from tracker.rule import Kind, Rule, Severity
from tracker.version import differences_of_methods, differences_of_rules

COURTS, POLICE = a_measure("courts"), a_measure("police")
LAW = Branch("law", "Law", ("courts", "police"), (1.0, 2.0), needs=0.5)
RISK = Branch("risk", "Risk", ("law",), (1.0,))
METHOD = a_method(COURTS, POLICE, branches=(LAW, RISK))
RULE = a_rule(Kind.RISE, nodes=("risk", "law"))


def said(sentences: list[Sentence]) -> list[str]:
    return [sentence.template % sentence.values for sentence in sentences]


def with_law(**differs: Any) -> Method:
    return replace(METHOD, tree=replace(METHOD.tree, branches=(replace(LAW, **differs), RISK)))


def with_courts(**differs: Any) -> Method:
    return replace(METHOD, measures=(replace(COURTS, **differs), POLICE))


def with_trust(**differs: Any) -> Method:
    return replace(METHOD, trust=replace(METHOD.trust, **differs))


def test_the_same_method_does_not_differ_from_itself() -> None:
    assert differences_of_methods(METHOD, Method.from_plain(METHOD.as_plain())) == []


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        (with_law(weights=(1.5, 2.0)), "Weight of courts in law: 1.0 → 1.5."),
        (with_law(needs=0.25), "Share of the weight below it that law needs: 0.5 → 0.25."),
        (with_law(combine=Combine.GEOMETRIC), "How law is combined: arithmetic → geometric."),
        (with_law(round=1), "Digits to which law is rounded: None → 1."),
        (with_law(children=("courts",), weights=(1.0,)), "police counts in law no more; its weight was: 2.0."),
        (with_courts(best=1.0), "Best value of courts: 0.0 → 1.0."),
        (with_courts(worst=5.0), "Worst value of courts: 4.0 → 5.0."),
        (with_courts(transform=Transform.LOG), "How values of courts are bent: none → log."),
        (with_courts(fresh_for_days=63), "Days for which courts counts: 62 → 63."),
        (replace(METHOD, firm_from=0.7), "Coverage below which a score is thin: 0.6 → 0.7."),
        (replace(METHOD, tree=replace(METHOD.tree, scale=10.0)), "Scale of the whole tree: 100.0 → 10.0."),
        (with_trust(ageing=11.0), f"What age adds to a deviation, in points: {METHOD.trust.ageing} → 11.0."),
        (with_trust(jitter=0.3), f"Share by which weights are drawn apart: {METHOD.trust.jitter} → 0.3."),
        (with_trust(draws=500), "Number of draws: 1000 → 500."),
        (
            with_trust(deviations={**METHOD.trust.deviations, "A1": 3.0}),
            f"Standard deviation of grade A1, in points: {METHOD.trust.deviations['A1']} → 3.0.",
        ),
    ],
)
def test_whatever_decides_a_score_is_told_with_both_values(new: Method, sentence: str) -> None:
    assert said(differences_of_methods(METHOD, new)) == [sentence]


def test_a_child_that_comes_in_is_told_with_its_weight() -> None:
    smaller = with_law(children=("courts",), weights=(1.0,))
    assert said(differences_of_methods(smaller, METHOD)) == [
        "police counts in law from now on; its weight: 2.0.",
    ]


def test_a_branch_that_comes_in_or_goes_is_told() -> None:
    flat = replace(METHOD, tree=Tree(METHOD.tree.leaves, (Branch("risk", "Risk", ("courts", "police"), (1.0, 2.0)),)))
    assert said(differences_of_methods(METHOD, flat))[-1] == "law is gone."
    assert said(differences_of_methods(flat, METHOD))[-3:] == [
        "law is new.",
        "courts counts in law from now on; its weight: 1.0.",
        "police counts in law from now on; its weight: 2.0.",
    ]


def test_two_methods_differ_exactly_when_their_fingerprints_do() -> None:
    others = [with_law(needs=0.25), with_courts(best=1.0), with_trust(draws=500), replace(METHOD, firm_from=0.7)]
    assert all(differences_of_methods(METHOD, other) for other in others)
    assert len({METHOD.fingerprint, *(other.fingerprint for other in others)}) == 5


# ---- rules ----


def test_the_same_rule_does_not_differ_from_itself() -> None:
    assert differences_of_rules(RULE, Rule.from_plain(RULE.as_plain())) == []


@pytest.mark.parametrize(
    ("differs", "sentence"),
    [
        ({"lines": {Severity.WARNING: 12, Severity.ALARM: 20}}, "Line of a warning: 10 → 12."),
        ({"lines": {Severity.WARNING: 10}}, "Line of an alarm: 20 → None."),
        ({"lines": {**RULE.lines, Severity.NOTICE: 5}}, "Line of a notice: None → 5."),
        ({"nodes": ("risk",)}, "It looks at law no more."),
        ({"nodes": ("risk", "law", "signs")}, "It looks at signs from now on."),
        ({"months": 12}, "How far back it looks, in months: 2 → 12."),
        ({"days": 3}, "How near or how late, in days: 0 → 3."),
        ({"floor": 3}, "Least score that counts: 0.0 → 3."),
        ({"peers": 3}, "Other countries of the region that must have a score: 0 → 3."),
        ({"margin": 3.0}, "How far below its line a flag still holds: 5.0 → 3.0."),
        ({"quiet_days": 30}, "Days for which a flag stays quiet after it has ended: 90 → 30."),
        ({"name": "Another"}, "Name: “A rule” → “Another”."),
        ({"reason": "Tried."}, "Why it is there: “To be tried.” → “Tried.”."),
        ({"kind": Kind.LEVEL}, "Kind: rise → level."),
    ],
)
def test_whatever_decides_when_a_rule_speaks_is_told(differs: dict[str, Any], sentence: str) -> None:
    assert said(differences_of_rules(RULE, replace(RULE, **differs))) == [sentence]


@pytest.mark.parametrize(("spoke", "speaks", "sentence"), [(True, False, "no more"), (False, True, "again")])
def test_a_rule_that_falls_silent_or_speaks_again_is_told_first(spoke: bool, speaks: bool, sentence: str) -> None:
    found = said(differences_of_rules(RULE, replace(RULE, months=3), spoke=spoke, speaks=speaks))
    assert [sentence in found[0], len(found)] == [True, 2]


OTHER: dict[str, Any] = {
    **dict.fromkeys(("months", "days", "floor", "peers", "margin", "quiet_days"), 77),
    "name": "Another",
    "reason": "Another",
    "lines": {},
    "nodes": (),
    "kind": Kind.LEVEL,
}


@pytest.mark.parametrize("name", [field.name for field in fields(Rule) if field.name != "key"])
def test_no_part_of_a_rule_can_change_in_silence(name: str) -> None:
    assert differences_of_rules(RULE, replace(RULE, **{name: OTHER[name]}))
