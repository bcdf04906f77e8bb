"""The usual rule of each kind, and small panels: a test says what differs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from tracker.index import FloatArray
from tracker.panel import Occasion, Panel, months_up_to
from tracker.rule import Kind, Rule, Severity, usual_margin

TODAY = date(2026, 3, 31)
HERE = "XAA"
NAN = float("nan")

COURTS: Mapping[str, tuple[str, ...]] = {"rule_of_law": ("free", "obeyed", "open", "fair")}

# Of one country: a number for each month. Of several: such a list for each.
Series = Sequence[float] | Sequence[Sequence[float]]

USUAL: Mapping[Kind, Mapping[str, Any]] = {
    Kind.LEVEL: {"nodes": ("risk",), "lines": {Severity.WARNING: 60, Severity.ALARM: 80}},
    Kind.RISE: {"nodes": ("risk",), "months": 2, "lines": {Severity.WARNING: 10, Severity.ALARM: 20}},
    Kind.BREAKDOWN: {"nodes": ("rule_of_law",), "months": 2, "lines": {Severity.ALARM: 3}},
    Kind.CONVERGENCE: {"months": 2, "lines": {Severity.WARNING: 2}},
    Kind.SUSTAINED: {"nodes": ("risk",), "floor": 60, "months": 4, "lines": {Severity.NOTICE: 3}},
    Kind.NEW_HIGH: {"floor": 40, "lines": {Severity.WARNING: 2, Severity.ALARM: 4}},
    Kind.OUTLIER: {"nodes": ("risk",), "peers": 5, "lines": {Severity.NOTICE: 3}},
    Kind.CONTRADICTION: {"lines": {Severity.NOTICE: 25}},
    Kind.SILENCE: {"days": 31, "months": 3, "lines": {Severity.NOTICE: 1, Severity.WARNING: 2}},
    Kind.TRIGGER: {"nodes": ("risk",), "days": 45, "lines": {Severity.WARNING: 60}},
    Kind.MANUAL: {"lines": {}},
}


def a_rule(kind: Kind = Kind.LEVEL, **differs: Any) -> Rule:
    usual = {"key": f"a_{kind}", "name": "A rule", "reason": "To be tried.", "margin": usual_margin(kind)}
    return Rule(kind=kind, **{**usual, **USUAL[kind], **differs})


def a_panel(
    today: date = TODAY,
    regions: Sequence[str] = (),
    indicators: Mapping[str, tuple[str, ...]] | None = None,
    occasions: Sequence[Occasion] = (),
    **series: Mapping[str, Series],
) -> Panel:
    """As many countries and months as the first of the series; where there is none, one country and one month."""
    arrays: dict[str, Any] = {name: {key: as_rows(one) for key, one in its.items()} for name, its in series.items()}
    countries, months = next((one.shape for its in arrays.values() for one in its.values()), (1, 1))
    return Panel(
        days=months_up_to(today, months - 1),
        countries=tuple(f"XA{chr(ord('A') + number)}" for number in range(countries)),
        regions=tuple(regions) or ("north",) * countries,
        indicators=indicators or {},
        occasions=tuple(occasions),
        **{"scores": {}, "severities": {}, **arrays},
    )


def as_rows(series: Series) -> FloatArray:
    return np.atleast_2d(np.array(series, dtype=np.float64))


def any_panel(seed: int, countries: int = 4, months: int = 9) -> Panel:
    """Everything that rules read, full of holes."""
    chance = np.random.default_rng(seed)

    def series(highest: float = 100) -> Any:
        values = chance.choice([0, 19, 20, 45, 60, 61, 80, highest], (countries, months)) * 1.0
        return np.where(chance.random((countries, months)) < 0.2, NAN, values)

    nodes = ["risk", "rule_of_law", "rule_of_law.published", "rule_of_law.coded", "police"]
    return a_panel(
        scores={node: series() for node in nodes},
        spread={"risk": series(0) / 10},
        severities={key: series() for key in (*COURTS["rule_of_law"], "bound")},
        overdue={"free": series()},
        disagreements={"open": series()},
        indicators={**COURTS, "police": ("bound",)},
        regions=["north", "north", "south", ""][:countries],
        occasions=[Occasion("vote", HERE, TODAY), Occasion("vote", "XAB", TODAY - timedelta(40))],
    )


def of_days(panel: Panel, columns: slice) -> Panel:
    """What is known of those days alone."""
    names = ("scores", "severities", "spread", "overdue", "disagreements")
    arrays: dict[str, Any] = {
        name: {key: one[:, columns] for key, one in getattr(panel, name).items()} for name in names
    }
    return replace(panel, days=panel.days[columns], **arrays)
