"""An invented country, from its answers to its score, with every number on the way: docs/worked_example.md.

`python -m tests.worked_example` writes it anew; a test compares. The numbers are those of the product's own functions;
tests/test_worked_example.py computes the most important ones by hand.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from tracker.catalogue.reading import read_catalogue
from tracker.catalogue.shape import built_in_shape
from tracker.handling import Mark
from tracker.index import Branch, evaluate
from tracker.indicator import Transform
from tracker.method import ROOT, Measure, Method, built_in
from tracker.score import level_of
from tracker.standing import Answer, Evidence, Placed, evidence_of, placed_on
from tracker.uncertainty import spread
from tracker.workings import Scores, contributions, value_of

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "worked_example.md"

COUNTRY, TODAY = "XAA", date(2026, 3, 31)
MONTH_END, YEAR_END = date(2026, 2, 28), date(2023, 12, 31)


class Recorded(NamedTuple):
    key: str
    observed_on: date
    # None: "don't know".
    value: float | None
    grade: str
    mark: Mark = Mark.CLEAR
    error: float | None = None


RECORDED = (
    Recorded("wgi_rule_of_law", YEAR_END, -0.3, "A2", error=0.18),
    Recorded("wgi_control_of_corruption", YEAR_END, -0.5, "A2", error=0.16),
    Recorded("wgi_government_effectiveness", YEAR_END, -0.1, "A2", error=0.20),
    Recorded("wgi_regulatory_quality", YEAR_END, 0.1, "A2", error=0.20),
    Recorded("wgi_political_stability", YEAR_END, -0.8, "A2", error=0.25),
    Recorded("wgi_voice_and_accountability", YEAR_END, 0.4, "A2", error=0.14),
    # its last fresh day lies a week before the day that is judged
    Recorded("vdem_rule_of_law", date(2023, 3, 24), 0.2, "B2"),
    Recorded("infant_mortality", date(2024, 12, 31), 40.0, "B2", error=6.0),
    Recorded("battle_deaths", date(2025, 12, 31), 400.0, "A2"),
    Recorded("independence_of_courts", MONTH_END, 3.0, "B2"),
    # exactly on its last fresh day
    Recorded("obedience_to_rulings", date(2026, 1, 28), 3.0, "C3"),
    Recorded("emergency_powers", MONTH_END, 2.0, "A1"),
    Recorded("detention_and_fair_trial", TODAY, 4.0, "B3", Mark.RED),
    # a day too old
    Recorded("police_under_law", date(2025, 11, 30), 3.0, "B2"),
    Recorded("killings_by_state_forces", MONTH_END, 2.0, "B2"),
    Recorded("killings_by_state_forces", date(2026, 3, 20), 4.0, "C2", Mark.RED),
    Recorded("enforced_disappearances", MONTH_END, 3.0, "B2"),
    Recorded("enforced_disappearances", TODAY, None, "B2"),
    Recorded("sexual_violence", MONTH_END, 2.0, "D4"),
    Recorded("forced_removal", MONTH_END, 3.0, "B2", Mark.AMBER),
    Recorded("incitement_by_leaders", MONTH_END, 4.0, "F6"),
    Recorded("focal_point", date(2025, 10, 31), 0.0, "A1"),
    Recorded("asking_for_help", date(2025, 12, 31), 1.0, "B2"),
)


@dataclass(frozen=True, eq=False)
class View:
    """The country as a clearance sees it."""

    method: Method
    evidence: Evidence
    clearance: Mark

    @cached_property
    def placed(self) -> Placed:
        """One country on one day: a column."""
        found = placed_on(self.evidence.up_to(self.clearance), self.method, [TODAY])
        return Placed(found.severity[:, 0], found.deviation[:, 0])

    @cached_property
    def scores(self) -> Scores:
        severity = self.placed.severity[:, 0]
        found = evaluate(self.method.tree, severity)
        interval = spread(self.method, self.placed, COUNTRY)
        return Scores(severity, found.values, found.coverage, interval.low[:, 0], interval.high[:, 0])

    def value(self, key: str) -> float:
        return value_of(self.method.tree, self.scores, key)

    def coverage(self, branch: Branch) -> float:
        return float(self.scores.coverage[self.method.tree.positions[branch.key]])

    def interval(self, branch: Branch) -> tuple[float, float]:
        place = self.method.tree.positions[branch.key]
        return float(self.scores.low[place]), float(self.scores.high[place])


def view(clearance: Mark) -> View:
    catalogue = read_catalogue()
    method = built_in(catalogue.criteria, catalogue.indicators, built_in_shape())
    places = {measure.key: place for place, measure in enumerate(method.measures)}
    answers = [
        Answer(0, places[one.key], one.observed_on, one.value, one.error, one.grade, one.mark) for one in RECORDED
    ]
    return View(method, evidence_of(method, answers), clearance)


# The document


def written() -> str:
    most, least = view(Mark.RED), view(Mark.CLEAR)
    parts = [
        *(TITLE, RECORD, table(*recorded())),
        *(PLACES, table(*placings(most)), MISSING),
        *(NODES, table(*nodes(most))),
        *(SUMS, "\n".join(["```text", *sums(most), "```"])),
        *(WHOLE, "\n".join(conclusions(most))),
        *(LESS, table(*differences(most, least)), "\n".join(conclusions(least))),
    ]
    return "\n\n".join(parts) + "\n"


TITLE = f"""\
# A worked example

An invented country, {COUNTRY}, on {TODAY:%-d %B %Y}, by the method that the product brings: its weights are those of
the [catalogue](../tracker/catalogue), what is needed and how far a grade is trusted stands in
[method.toml](../tracker/catalogue/method.toml). Everything below was computed by the product's own functions and is
rounded to two digits for printing, not on the way. `python -m tests.worked_example` (with the Python of `.venv`)
writes this page anew; a test compares it, and computes the most important numbers by hand."""

RECORD = """\
## What is recorded

The standard error, where the publisher states one, is in the unit of the value. The grade is that of the source and
of what it says."""

PLACES = """\
## Which of it counts, how bad it is, and how sure

As a reader sees it who is cleared for `TLP:RED`. Of each measure the newest answer counts, for as long as it is
fresh. Severity is its place on the way from best (0) to worst (100). Its deviation, in the same points, is the
published standard error or what the grade says, and grows by up to 10 as it ages: by 10 times its age over the days
for which it is fresh."""

MISSING = "Every other measure of the method is missing: nothing is known of it, and it is not a zero."

NODES = """\
## What the nodes come to

*There* is the weight of the children that have a value, of the weight of all children. Below what the node *needs* it
has no value, and counts as missing one step higher. *Coverage* is the share of the weight of all measures below it
that are fresh, whether they speak or not; a value with less than 0.60 is *thin*. The interval encloses 90 of 100
draws ([how they are drawn](decisions/0014-what-is-unknown-is-drawn-together.md)), and the value. Nodes of which
nothing is known are left out."""

SUMS = """\
## What each value is made of

The share of each child among those that are there, times its value; in brackets the points that it contributes."""

WHOLE = "## The whole"

LESS = """\
## The same country for a reader who is cleared for `TLP:CLEAR`

What is marked higher does not exist for them. Where the newest answer is hidden, the one before it counts; where a
node then has too little evidence it has no value. Only what differs is shown."""


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [heads := list(heads), ["---" for _ in heads], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def number(value: float | None) -> str:
    return "–" if value is None or math.isnan(value) else f"{value + 0.0:.2f}"


def recorded() -> tuple[list[str], list[list[str]]]:
    heads = ["measure", "observed", "value", "standard error", "grade", "mark"]
    return heads, [
        [
            *(f"`{one.key}`", one.observed_on.isoformat(), "don’t know" if one.value is None else f"{one.value:g}"),
            *(number(one.error), one.grade, one.mark.label),
        ]
        for one in RECORDED
    ]


def placings(seen: View) -> tuple[list[str], list[list[str]]]:
    heads = ["measure", "value", "best to worst", "age", "fresh for", "severity", "deviation", "with age"]
    measures = {measure.key: measure for measure in seen.method.measures}
    return heads, [placing(seen, one, measures[one.key]) for one in RECORDED if one.mark <= seen.clearance]


def placing(seen: View, one: Recorded, measure: Measure) -> list[str]:
    place, age = seen.method.tree.positions[one.key], (TODAY - one.observed_on).days
    scale = f"{measure.best:g} to {measure.worst:g}" + ", logarithmic" * (measure.transform is Transform.LOG)
    value = "don’t know" if one.value is None else f"{one.value:g}"
    begins = [f"`{one.key}`", value, scale, f"{age}", f"{measure.fresh_for_days}"]
    if reason := why_it_does_not_count(seen, one, measure):
        return [*begins, reason, "–", "–"]
    aged = float(seen.placed.deviation[place, 0])
    at_first = aged - seen.method.trust.ageing * age / measure.fresh_for_days
    return [*begins, number(seen.value(one.key)), number(at_first), number(aged)]


def why_it_does_not_count(seen: View, one: Recorded, measure: Measure) -> str:
    """Empty: it counts."""
    others = [other.observed_on for other in RECORDED if other.key == one.key and other.mark <= seen.clearance]
    if one.observed_on < max(others):
        return "there is a newer answer"
    if one.value is None:
        return "nothing is known"
    stale_since = one.observed_on + timedelta(days=measure.fresh_for_days + 1)
    return f"stale since {stale_since}" if stale_since <= TODAY else ""


def nodes(seen: View) -> tuple[list[str], list[list[str]]]:
    heads = ["node", "there", "needs", "value", "coverage", "interval", "missing"]
    return heads, [node(seen, branch) for branch in known_branches(seen)]


def known_branches(seen: View) -> list[Branch]:
    return [branch for branch in seen.method.tree.branches if seen.coverage(branch) > 0]


def node(seen: View, branch: Branch) -> list[str]:
    missing = [child for child in branch.children if math.isnan(seen.value(child))]
    weights = dict(zip(branch.children, branch.weights, strict=True))
    whole = math.fsum(branch.weights)
    there = math.fsum(weight for child, weight in weights.items() if child not in missing)
    has_value = not math.isnan(seen.value(branch.key))
    low, high = seen.interval(branch)
    return [
        f"`{branch.key}`",
        f"{there:g} of {whole:g}",
        f"{branch.needs * whole:g}" + ": " + ("enough" if has_value else "not enough"),
        number(seen.value(branch.key)),
        number(seen.coverage(branch)) + ", thin" * (has_value and seen.method.is_thin(seen.coverage(branch))),
        f"{number(low)} to {number(high)}" if has_value else "–",
        ", ".join(f"`{child}`" for child in missing) or "–",
    ]


def sums(seen: View) -> Iterator[str]:
    for branch in reversed(known_branches(seen)):
        if math.isnan(seen.value(branch.key)):
            continue
        parts = [
            f"{one.share:.4f} x {one.child} {number(one.value)} ({number(one.points)})"
            for one in contributions(seen.method.tree, seen.scores, branch.key)
            if one.share
        ]
        yield f"{branch.key} {number(seen.value(branch.key))}"
        yield from (f"    {'=' if place == 0 else '+'} {part}" for place, part in enumerate(parts))


def conclusions(seen: View) -> Iterator[str]:
    whole = seen.method.branch(ROOT)
    value, coverage, (low, high) = seen.value(ROOT), seen.coverage(whole), seen.interval(whole)
    thin = "below 0.60: the score is thin" if seen.method.is_thin(coverage) else "at least 0.60: the score is firm"
    yield f"- risk {number(value)}, between {number(low)} and {number(high)}"
    yield f"- level: {level_of(value).name.lower()}"
    yield f"- coverage {number(coverage)}, {thin}"


def differences(most: View, least: View) -> tuple[list[str], list[list[str]]]:
    keys = [*most.method.tree.leaves, *(branch.key for branch in known_branches(most))]
    pairs = [(key, most.value(key), least.value(key)) for key in keys]
    heads = ["measure or node", "cleared for TLP:RED", "cleared for TLP:CLEAR"]
    return heads, [
        [f"`{key}`", number(one), number(other)] for key, one, other in pairs if number(one) != number(other)
    ]


def main() -> None:
    DOCUMENT.write_text(written(), encoding="utf-8")


if __name__ == "__main__":
    main()
