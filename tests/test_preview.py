"""A draft is tried on the past: the panel is the one that rules read, and what it would raise is counted."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from tests.panels import a_panel, a_rule
from tests.small_methods import DAY, a_measure, a_method, an_answer, the_evidence
from tracker.flag import Change, Event
from tracker.index import Branch, evaluate
from tracker.panel import Panel, months_up_to
from tracker.preview import (
    Surroundings,
    events_of,
    flags_in,
    half_widths,
    levels_at_the_end,
    months_needed,
    panel_of,
    shares_of,
)
from tracker.rule import Kind, Severity
from tracker.score import Level
from tracker.standing import Placed
from tracker.uncertainty import spread

COURTS, POLICE, CAMPS = a_measure("courts"), a_measure("police"), a_measure("camps")
LAW = Branch("law", "Law", ("courts", "police"), (1.0, 3.0), needs=0.25)
METHOD = a_method(
    COURTS, POLICE, CAMPS, branches=(LAW, Branch("risk", "Risk", ("law", "camps"), (2.0, 3.0), needs=0.2))
)
AROUND = Surroundings(("XAA", "XAB"), ("north", ""), {"law": ("courts", "police")}, {"courts": 31})


def panel(*answers: Any, months: int = 3, around: Surroundings = AROUND) -> Panel:
    evidence = the_evidence(METHOD, *answers, countries=len(around.countries))
    return panel_of(METHOD, evidence, around, months_up_to(DAY, months))


def event(change: Change, on: date, **differs: Any) -> Event:
    usual = {"country": "XAA", "rule": "high", "subject": "risk", "severity": Severity.WARNING, "strength": 1.0}
    return Event(**{**usual, "day": on, "change": change, **differs})


# ---- the panel ----


def test_each_month_is_scored_by_the_method_from_what_was_fresh_then() -> None:
    found = panel(an_answer(4.0, on=date(2026, 1, 31), country=1), an_answer(2.0, on=DAY, country=1, measure=1))
    courts = found.severities["courts"][1].tolist()
    assert found.days == (date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31))
    assert courts == pytest.approx([np.nan, 100, 100, 100], nan_ok=True)
    assert found.scores["law"][1].tolist() == pytest.approx([np.nan, 100, 100, 62.5], nan_ok=True)
    assert np.isnan(found.scores["law"][0]).all()


def test_an_answer_is_due_so_long_after_the_last_one_and_never_without_a_first() -> None:
    found = panel(an_answer(2.0, on=date(2026, 1, 31)), an_answer(None, on=date(2026, 3, 30), country=1)).overdue
    assert list(found) == ["courts"]
    assert found["courts"][0].tolist() == pytest.approx([np.nan, 0, 0, 59 - 31], nan_ok=True)
    assert found["courts"][1].tolist() == pytest.approx([np.nan, np.nan, np.nan, 0], nan_ok=True)


@pytest.mark.parametrize(("days", "expected"), [(31, 0.0), (32, 1.0)])
def test_the_day_on_which_it_is_due_is_in_time(days: int, expected: float) -> None:
    assert panel(an_answer(on=DAY - timedelta(days))).overdue["courts"][0, -1] == expected


def test_a_panel_begins_as_far_back_as_the_rules_look_in_its_first_month() -> None:
    rules = [a_rule(Kind.LEVEL), a_rule(Kind.RISE, months=12)]
    assert months_needed(rules, DAY, 60) == months_up_to(DAY, 72)
    assert months_needed([], DAY, 60) == months_up_to(DAY, 60)


# ---- intervals ----


def test_the_share_of_a_leaf_is_that_of_all_weights_above_it() -> None:
    assert shares_of(METHOD.tree).tolist() == [[0.25, 0.75, 0], [pytest.approx(0.1), pytest.approx(0.3), 0.6]]


def test_what_is_exact_and_complete_has_no_width() -> None:
    placed = Placed(np.full((3, 1, 1), 50.0), np.zeros((3, 1, 1)))
    assert half_widths(METHOD, placed, evaluate(METHOD.tree, placed.severity).values).tolist() == [[[0]], [[0]]]


def test_an_interval_ends_where_the_scale_ends() -> None:
    placed = Placed(np.full((3, 1, 1), 100.0), np.full((3, 1, 1), 1000.0))
    widths = half_widths(METHOD, placed, evaluate(METHOD.tree, placed.severity).values)
    assert widths.tolist() == [[[50]], [[50]]]


@pytest.mark.parametrize("missing", [0.0, 0.3, 0.7])
def test_the_widths_are_near_those_that_are_drawn(missing: float) -> None:
    chance = np.random.default_rng(7)
    measures = tuple(a_measure(f"m{number}") for number in range(12))
    keys = tuple(one.key for one in measures)
    branches = (
        Branch("law", "Law", keys[:7], (1.0, 2, 1, 1, 2, 1, 1), needs=0.0),
        Branch("risk", "Risk", ("law", *keys[7:]), (4.0, 1, 1, 1, 1, 1), needs=0.0),
    )
    method = a_method(*measures, branches=branches, jitter=0.25)
    severity, deviation = chance.uniform(20, 80, (12, 1, 30)), chance.uniform(2, 12, (12, 1, 30))
    severity[chance.random(severity.shape) < missing] = np.nan
    placed = Placed(severity, np.where(np.isnan(severity), np.nan, deviation))

    found = half_widths(method, placed, evaluate(method.tree, severity).values)[:, 0]
    drawn = spread(method, Placed(severity[:, 0], placed.deviation[:, 0]), "XAA")

    assert np.nanmax(np.abs(found - (drawn.high - drawn.low) / 2)) < 3


# ---- flags ----


def test_only_what_is_watched_is_flagged() -> None:
    rising = a_panel(scores={"risk": [[10, 70], [10, 70]]})
    rule = a_rule(Kind.LEVEL)
    assert [one.country for one in events_of(rule, rising, {"XAB"})] == ["XAB"]


def test_what_was_raised_in_the_time_is_counted_by_its_severity() -> None:
    since = DAY - timedelta(100)
    found = flags_in(
        [
            event(Change.RAISED, since),
            event(Change.RAISED, since + timedelta(1), country="XAB"),
            event(Change.WORSENED, DAY, country="XAB", severity=Severity.ALARM),
            event(Change.RAISED, DAY, subject="law", severity=Severity.ALARM),
        ],
        since,
    )
    assert found.raised == {Severity.NOTICE: 0, Severity.WARNING: 1, Severity.ALARM: 1}
    assert found.all_raised == 2


def test_what_was_raised_before_and_is_open_still_is_open() -> None:
    before = event(Change.RAISED, DAY - timedelta(400))
    assert flags_in([before], DAY - timedelta(100)).open == 1
    assert flags_in([before, event(Change.CLEARED, DAY)], DAY - timedelta(100)).open == 0


def test_flags_of_different_rules_subjects_and_countries_are_different_flags() -> None:
    raised = [event(Change.RAISED, DAY), event(Change.RAISED, DAY, rule="other")]
    raised += [event(Change.RAISED, DAY, subject="law"), event(Change.RAISED, DAY, country="XAB")]
    assert flags_in([*raised, event(Change.CLEARED, DAY)], DAY - timedelta(1)).open == 3


def test_levels_are_those_of_the_last_day() -> None:
    found = levels_at_the_end(a_panel(scores={"risk": [[90.0, 59.9], [90.0, 60.0], [90.0, np.nan]]}))
    assert found == {"XAA": Level.ELEVATED, "XAB": Level.HIGH, "XAC": None}
