"""A rule that cannot be used is refused with a sentence that names the parameter."""

import json
from typing import Any

import pytest

from tests.panels import USUAL, a_rule
from tracker.rule import CRITERIA, TAKES, Fault, Kind, Rule, Severity, Subjects, faults, usual_margin

SUBJECTS = Subjects(
    nodes=("courts.coded", "courts", "police", "pressure", "risk"),
    indicators={"courts": ("obeyed", "free", "open"), "police": ("bound",)},
)
WARNING, ALARM = Severity.WARNING, Severity.ALARM


def sound(kind: Kind, **differs: Any) -> Rule:
    nodes = {"nodes": ("courts",)} if kind is Kind.BREAKDOWN else {}
    return a_rule(kind, **{**nodes, **differs})


def found(kind: Kind, **differs: Any) -> list[Fault]:
    return faults(sound(kind, **differs), SUBJECTS)


def said(fault: Fault) -> str:
    return fault.sentence % fault.values


@pytest.mark.parametrize("kind", Kind)
def test_the_usual_rule_of_each_kind_is_sound(kind: Kind) -> None:
    assert found(kind) == []


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_its_parameters(kind: Kind) -> None:
    assert set(TAKES[kind]) == set(USUAL[kind]) - {"lines"}


LIMITS = [
    (Kind.LEVEL, {"lines": {ALARM: 100}}, {"lines": {ALARM: 100.1}}, "alarm"),
    (Kind.LEVEL, {"lines": {ALARM: 5.1}}, {"lines": {ALARM: 5}}, "margin"),
    (Kind.LEVEL, {"lines": {ALARM: 0.1}, "margin": 0}, {"lines": {ALARM: 0}, "margin": 0}, "alarm"),
    (Kind.LEVEL, {"lines": {WARNING: 60, ALARM: 61}}, {"lines": {WARNING: 60, ALARM: 60}}, "alarm"),
    (Kind.LEVEL, {"margin": 0}, {"margin": -0.1}, "margin"),
    (Kind.LEVEL, {"margin": 59}, {"margin": 60}, "margin"),
    (Kind.LEVEL, {"quiet_days": 0}, {"quiet_days": -1}, "quiet_days"),
    (Kind.LEVEL, {"quiet_days": 3650}, {"quiet_days": 3651}, "quiet_days"),
    (Kind.LEVEL, {"lines": {WARNING: 60}}, {"lines": {}}, "lines"),
    (Kind.LEVEL, {"lines": {WARNING: 60}}, {"lines": {WARNING: float("nan")}}, "warning"),
    (Kind.LEVEL, {"nodes": ("risk",)}, {"nodes": ()}, "nodes"),
    (Kind.LEVEL, {"nodes": ("risk",)}, {"nodes": ("rsik",)}, "nodes"),
    (Kind.LEVEL, {"nodes": (CRITERIA, "risk")}, {"nodes": ("risk", CRITERIA, "risk")}, "nodes"),
    (Kind.RISE, {"months": 1}, {"months": 0}, "months"),
    (Kind.RISE, {"months": 600}, {"months": 601}, "months"),
    (Kind.RISE, {"months": 1}, {"months": -1}, "months"),
    (Kind.BREAKDOWN, {"lines": {ALARM: 3}}, {"lines": {ALARM: 4}}, "alarm"),
    (Kind.BREAKDOWN, {"lines": {ALARM: 2}}, {"lines": {ALARM: 2.5}}, "alarm"),
    (Kind.BREAKDOWN, {"lines": {ALARM: 2}}, {"lines": {ALARM: 1}}, "margin"),
    (Kind.BREAKDOWN, {"nodes": ("courts",)}, {"nodes": ("pressure",), "lines": {ALARM: 2}}, "nodes"),
    (Kind.CONVERGENCE, {"lines": {ALARM: 2}}, {"lines": {ALARM: 3}}, "alarm"),
    (Kind.SUSTAINED, {"lines": {ALARM: 4}}, {"lines": {ALARM: 5}}, "alarm"),
    (Kind.SUSTAINED, {"months": 2, "lines": {ALARM: 2}}, {"months": 1, "lines": {ALARM: 1}, "margin": 0}, "months"),
    (Kind.SUSTAINED, {"floor": 100}, {"floor": 101}, "floor"),
    (Kind.NEW_HIGH, {"floor": 0}, {"floor": -1}, "floor"),
    (Kind.NEW_HIGH, {"lines": {ALARM: 600}}, {"lines": {ALARM: 601}}, "alarm"),
    (Kind.NEW_HIGH, {"lines": {ALARM: 12}}, {"lines": {ALARM: 12.5}}, "alarm"),
    (Kind.OUTLIER, {"peers": 2}, {"peers": 1}, "peers"),
    (Kind.SILENCE, {"days": 1}, {"days": 0}, "days"),
    (Kind.SILENCE, {"lines": {ALARM: 2}}, {"lines": {ALARM: 3}}, "alarm"),
    (Kind.TRIGGER, {"days": 3650}, {"days": 3651}, "days"),
    (Kind.TRIGGER, {"days": 45}, {"days": 45.5}, "days"),
    (Kind.TRIGGER, {"nodes": ("risk",)}, {"nodes": ("risk", "courts")}, "nodes"),
    (Kind.TRIGGER, {"nodes": ("risk",)}, {"nodes": (CRITERIA,)}, "nodes"),
    (Kind.MANUAL, {}, {"lines": {ALARM: 1}}, "lines"),
]


@pytest.mark.parametrize(("kind", "inside", "outside", "parameter"), LIMITS)
def test_a_parameter_is_refused_from_its_limit_on(
    kind: Kind, inside: dict[str, Any], outside: dict[str, Any], parameter: str
) -> None:
    assert found(kind, **inside) == []
    faults_found = found(kind, **outside)
    assert [fault.parameter for fault in faults_found] == [parameter]
    assert said(faults_found[0]).startswith(
        "There is no line" if parameter == "lines" and outside["lines"] == {} else "“"
    )


@pytest.mark.parametrize("parameter", ["nodes", "months", "days", "floor", "peers"])
def test_a_parameter_of_another_kind_is_refused(parameter: str) -> None:
    value = ("risk",) if parameter == "nodes" else 12
    [fault] = found(Kind.CONTRADICTION, **{parameter: value})
    assert said(fault) == f"“{parameter}” says nothing to a rule of the kind “contradiction”; leave it out."


@pytest.mark.parametrize("key", ["", "Risk", "9_lives", "high-risk", "high risk"])
def test_a_malformed_key_is_refused(key: str) -> None:
    assert [fault.parameter for fault in found(Kind.LEVEL, key=key)] == ["key"]


@pytest.mark.parametrize("parameter", ["name", "reason"])
def test_a_rule_says_what_it_is_called_and_why_it_is_there(parameter: str) -> None:
    assert [said(fault) for fault in found(Kind.LEVEL, **{parameter: " "})] == [
        f"“{parameter}” is empty; write it out."
    ]


def test_all_faults_are_told_at_once() -> None:
    told = [fault.parameter for fault in found(Kind.RISE, key="?", nodes=("nowhere",), months=0, lines={ALARM: 101})]
    assert told == ["key", "nodes", "months", "alarm"]


def test_the_sentence_for_a_line_names_the_severity_and_the_limit() -> None:
    [fault] = found(Kind.BREAKDOWN, lines={ALARM: 4})
    assert said(fault) == "“alarm” is 4; this rule reaches no further than 3."


@pytest.mark.parametrize("kind", Kind)
def test_a_rule_survives_json(kind: Kind) -> None:
    rule = a_rule(kind)
    assert Rule.from_plain(json.loads(json.dumps(rule.as_plain()))) == rule


@pytest.mark.parametrize(
    ("kind", "months"),
    [(Kind.LEVEL, 0), (Kind.RISE, 2), (Kind.SUSTAINED, 3), (Kind.NEW_HIGH, 6), (Kind.SILENCE, 3)],
)
def test_a_rule_knows_how_far_back_it_looks(kind: Kind, months: int) -> None:
    assert a_rule(kind).history_months == months


def test_the_usual_margin_fits_what_is_measured() -> None:
    assert {kind: usual_margin(kind) for kind in (Kind.LEVEL, Kind.BREAKDOWN, Kind.OUTLIER, Kind.SILENCE)} == {
        Kind.LEVEL: 5.0,
        Kind.BREAKDOWN: 1.0,
        Kind.OUTLIER: 0.5,
        Kind.SILENCE: 0.0,
    }
