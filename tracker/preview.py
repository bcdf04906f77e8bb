"""What would a method and rules have said about the past, from the evidence as it stands today?

Month by month, for many countries at once. It differs from what was really said then: evidence has come in since, and
people answered what was raised. And intervals are approximated: nothing is drawn, and weights are taken as certain.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from tracker.flag import Change, Event, walk
from tracker.index import FloatArray, Tree, evaluate
from tracker.method import ROOT, Method
from tracker.panel import Occasion, Panel, months_up_to
from tracker.rule import Rule, Severity
from tracker.score import Level, level_of
from tracker.standing import Evidence, Placed, placed_on

# Of a normal distribution in standard deviations, and of a uniform one in shares of its width: what lies between the
# middle and an end of the interval that holds ninety of a hundred.
NORMAL_HALF, UNIFORM_HALF = 1.645, 0.45


@dataclass(frozen=True)
class Surroundings:
    """What a panel says besides the evidence."""

    countries: tuple[str, ...]
    # One for each country; empty: it belongs to none.
    regions: tuple[str, ...]
    # Criterion -> its indicators.
    indicators: Mapping[str, tuple[str, ...]]
    # Indicator that our analysts code -> for how many days after an answer the next one is not due yet.
    due_after: Mapping[str, int]
    occasions: tuple[Occasion, ...] = ()


class Flags(NamedTuple):
    """How many."""

    # By the severity with which they were raised.
    raised: Mapping[Severity, int]
    # Those among them that are open at the end, and those that were open before.
    open: int

    @property
    def all_raised(self) -> int:
        return sum(self.raised.values())


def months_needed(rules: Iterable[Rule], until: date, months: int) -> tuple[date, ...]:
    """So many months, and before them those that the rules look back on in the first."""
    return months_up_to(until, months + max((rule.history_months for rule in rules), default=0))


def panel_of(method: Method, evidence: Evidence, around: Surroundings, days: Sequence[date]) -> Panel:
    placed = placed_on(evidence, method, days)
    values = evaluate(method.tree, placed.severity).values
    keys = [branch.key for branch in method.tree.branches]
    return Panel(
        days=tuple(days),
        countries=around.countries,
        regions=around.regions,
        scores=dict(zip(keys, values, strict=True)),
        indicators=around.indicators,
        severities=dict(zip(method.tree.leaves, placed.severity, strict=True)),
        spread=dict(zip(keys, half_widths(method, placed, values), strict=True)),
        overdue=_overdue(method, evidence, around, days),
        occasions=around.occasions,
    )


def half_widths(method: Method, placed: Placed, values: FloatArray) -> FloatArray:
    """Of each node's interval, by the rules for adding variances; `values` are the nodes' own.

    What is missing could be anything, and all that is missing of a country is equally bad.
    """
    shares, scale = shares_of(method.tree), method.tree.scale
    known = ~np.isnan(placed.severity)
    middle = np.where(known, placed.severity, scale / 2)
    variance = np.where(known, placed.deviation, 0.0) ** 2
    noise = NORMAL_HALF * np.sqrt(np.tensordot(shares**2, variance, 1))
    ignorance = UNIFORM_HALF * scale * np.tensordot(shares, (~known).astype(np.float64), 1)
    drawn, half = np.tensordot(shares, middle, 1), np.hypot(noise, ignorance)
    low = np.fmin(np.maximum(drawn - half, 0.0), values)
    high = np.fmax(np.minimum(drawn + half, scale), values)
    width: FloatArray = high - low
    return width / 2


def shares_of(tree: Tree) -> FloatArray:
    """Of each leaf in each branch, if all of them are there: branches x leaves."""
    shares = np.zeros((len(tree.branches), len(tree.leaves)))
    for row, branch in enumerate(tree.branches):
        whole = math.fsum(branch.weights)
        for child, weight in zip(branch.children, branch.weights, strict=True):
            place = tree.positions[child]
            if child in tree.leaves:
                shares[row, place] = weight / whole
            else:
                shares[row] += shares[place] * weight / whole
    return shares


def events_of(rule: Rule, panel: Panel, watched: Collection[str]) -> list[Event]:
    """All that happens over the days of the panel in countries that are watched; before them there was no flag."""
    return [event for event in walk(rule, panel) if event.country in watched]


def flags_in(events: Iterable[Event], since: date) -> Flags:
    """What is raised up to that day is not counted, unless it is open at the end."""
    raised = dict.fromkeys(sorted(Severity), 0)
    is_open: dict[tuple[str, str, str], bool] = {}
    for event in events:
        is_open[event.country, event.rule, event.subject] = event.change is not Change.CLEARED
        if event.change is Change.RAISED and event.day > since:
            raised[event.severity] += 1
    return Flags(raised, sum(is_open.values()))


def levels_at_the_end(panel: Panel) -> dict[str, Level | None]:
    """By country: the level of its risk on the last day. None: there is not enough evidence."""
    scores = panel.scores[ROOT][:, -1].tolist()
    return {
        country: None if math.isnan(score) else level_of(score)
        for country, score in zip(panel.countries, scores, strict=True)
    }


def _overdue(method: Method, evidence: Evidence, around: Surroundings, days: Sequence[date]) -> dict[str, FloatArray]:
    """For how many days an answer has been due; of what was never answered none is expected."""
    ordinals = np.array([day.toordinal() for day in days])
    newest = np.full((len(method.measures) * evidence.countries, len(days) + 1), -1)
    # an answer that comes after all days goes where nobody looks
    first = np.searchsorted(ordinals, evidence.day)
    np.maximum.at(newest, (evidence.series, first), evidence.day)
    seen = np.maximum.accumulate(newest[:, :-1], axis=1).reshape(len(method.measures), evidence.countries, len(days))
    return {
        measure.key: np.where(its >= 0, np.maximum(0.0, ordinals - its - around.due_after[measure.key]), np.nan)
        for measure, its in zip(method.measures, seen, strict=True)
        if measure.key in around.due_after
    }
