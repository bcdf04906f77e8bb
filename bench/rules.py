"""How long do all built-in rules take over fifty years of all countries, against the bare comparisons of NumPy?

    python -m bench.rules [rounds, 3 unless told]

Both get the same ready arrays: a made-up history of 200 countries, 600 months, 75 indicators and a tree of 13 criteria.
Bare NumPy answers, for each rule, where its lowest line is reached; it knows no severities, no margins, no flags that
stay open, no quiet time, and tells no events. Where it says that a line is reached, ours must agree. Medians.
"""

import statistics
import sys
import time
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from tracker.catalogue.rules import built_in_rules
from tracker.flag import bounds, walk
from tracker.index import FloatArray
from tracker.panel import Occasion, Panel, months_up_to
from tracker.rule import Kind, Rule
from tracker.score import CUT_OFFS
from tracker.signal import DEVIATIONS, LEAST_DEVIATION, nodes_of, signal_of

COUNTRIES, MONTHS, REGIONS, INDICATORS = 200, 600, 20, 75
CRITERIA = ("rule_of_law", *(f"criterion_{number}" for number in range(12)))
OCCASIONS_A_YEAR = 2
LIMIT = 10

Reached = NDArray[np.bool_]


def main(rounds: int) -> None:
    panel, total, straight = made(), [0.0] * rounds, [0.0] * rounds
    for rule in built_in_rules():
        if rule.kind is Kind.MANUAL:
            continue
        agree(rule, panel)
        ours = [seconds_of(partial(walk, rule, panel)) for _round in range(rounds)]
        bare = [seconds_of(partial(BARE[rule.kind], rule, panel)) for _round in range(rounds)]
        total = [sum(pair) for pair in zip(total, ours, strict=True)]
        straight = [sum(pair) for pair in zip(straight, bare, strict=True)]
        taken, alone, events = statistics.median(ours), statistics.median(bare), len(walk(rule, panel))
        print(f"{rule.key}: {taken * 1000:.0f} ms, {events:,} events; bare {alone * 1000:.0f} ms")
    taken, alone = statistics.median(total), statistics.median(straight)
    print(f"all rules: {taken:.2f} s, bare NumPy {alone:.2f} s, {taken / alone:.1f} times")
    print(f"limit {LIMIT} times: used to {taken / alone / LIMIT:.0%}")


def seconds_of(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def agree(rule: Rule, panel: Panel) -> None:
    reached, _kept = bounds(rule, signal_of(rule, panel).strength)
    assert np.array_equal(reached > 0, np.concatenate(BARE[rule.kind](rule, panel))), rule.key


def made() -> Panel:
    """Scores that wander, levels that change now and then, and years of which nothing is known; always the same."""
    chance = np.random.default_rng(1)
    shape = (COUNTRIES, MONTHS)

    def unknown() -> Reached:
        return np.repeat(chance.random((COUNTRIES, MONTHS // 12)) < 0.15, 12, axis=1)

    def wandering() -> FloatArray:
        begin = chance.uniform(0, 80, (COUNTRIES, 1))
        return np.where(unknown(), np.nan, np.clip(begin + chance.normal(0, 1.5, shape).cumsum(axis=1), 0, 100))

    def coded() -> FloatArray:
        steps = chance.choice([-25, 0, 25], shape, p=[0.015, 0.97, 0.015]).cumsum(axis=1)
        return np.where(unknown(), np.nan, np.clip(25 * chance.integers(0, 4, (COUNTRIES, 1)) + steps, 0, 100))

    days = months_up_to(date(2025, 12, 31), MONTHS - 1)
    countries = tuple(f"country_{number}" for number in range(COUNTRIES))
    voices = [f"{criterion}.{voice}" for criterion in CRITERIA for voice in ("published", "coded")]
    keys = [f"indicator_{number}" for number in range(INDICATORS)]
    # rule of law has the most
    belong = {key: CRITERIA[max(0, number - 16) % len(CRITERIA)] for number, key in enumerate(keys)}
    return Panel(
        days=days,
        countries=countries,
        regions=tuple(f"region_{number % REGIONS}" for number in range(COUNTRIES)),
        scores={node: wandering() for node in ("risk", *CRITERIA, *voices)},
        spread={node: chance.uniform(2, 12, shape) for node in ("risk", *CRITERIA)},
        severities={key: coded() for key in keys},
        indicators={one: tuple(key for key in keys if belong[key] == one) for one in CRITERIA},
        overdue={
            key: np.repeat(chance.choice([0.0, 40.0], (COUNTRIES, MONTHS // 3), p=[0.98, 0.02]), 3, 1) for key in keys
        },
        occasions=tuple(
            Occasion(f"occasion_{number}", country, days[0] + timedelta(int(chance.integers(365 * MONTHS // 12))))
            for country in countries
            for number in range(OCCASIONS_A_YEAR * MONTHS // 12)
        ),
    )


def level(rule: Rule, panel: Panel) -> list[Reached]:
    return [panel.scores[node] >= rule.lowest_line for node in nodes_of(rule, panel)]


def rise(rule: Rule, panel: Panel) -> list[Reached]:
    reached = []
    for node in nodes_of(rule, panel):
        scores, spread, months = panel.scores[node], panel.spread[node], rule.months
        risen = scores[:, months:] - scores[:, :-months]
        explained = np.hypot(spread[:, months:], spread[:, :-months])
        reached.append(late(months, (risen > rule.lowest_line) & (risen > explained)))
    return reached


def breakdown(rule: Rule, panel: Panel) -> list[Reached]:
    return [worse(rule, [panel.severities[key] for key in panel.indicators[node]]) for node in rule.nodes]


def convergence(rule: Rule, panel: Panel) -> list[Reached]:
    return [worse(rule, [panel.scores[criterion] for criterion in panel.indicators])]


def worse(rule: Rule, series: list[FloatArray]) -> Reached:
    values, months = np.stack(series), rule.months
    # what is unknown lies in no class: below all of them now, above all of them then
    now = sum((values[..., months:] >= cut_off).astype(np.int8) for cut_off in CUT_OFFS)
    then = len(CUT_OFFS) - sum((values[..., :-months] < cut_off).astype(np.int8) for cut_off in CUT_OFFS)
    return late(months, np.asarray(now > then).sum(axis=0) >= rule.lowest_line)


def sustained(rule: Rule, panel: Panel) -> list[Reached]:
    reached = []
    for node in nodes_of(rule, panel):
        padded = np.pad(panel.scores[node] >= rule.floor, ((0, 0), (rule.months - 1, 0)))
        reached.append(sliding_window_view(padded, rule.months, axis=1).sum(axis=-1) >= rule.lowest_line)
    return reached


def new_high(rule: Rule, panel: Panel) -> list[Reached]:
    reached = []
    for values in panel.severities.values():
        known, stands = np.where(np.isnan(values), -np.inf, values), np.zeros(values.shape, dtype=np.bool_)
        for months in (round(line) for line in rule.lines.values()):
            now, then = known[:, months:], known[:, :-months]
            is_high = (now > highest(known, months)[:, :-1] + rule.margin) & (now >= rule.floor) & np.isfinite(then)
            news = round(rule.lowest_line)
            highs = np.pad(np.where(is_high, now, -np.inf), ((0, 0), (months + news - 1, 0)), constant_values=-np.inf)
            latest = highest(highs, news)
            stands |= (known >= latest - rule.margin) & np.isfinite(latest) & np.isfinite(known)
        reached.append(stands)
    return reached


def highest(values: FloatArray, months: int) -> FloatArray:
    """Of each so many columns; without a window that would have to be gone through again for each of them."""
    found, span = values, 1
    while span < months:
        step = min(span, months - span)
        found, span = np.maximum(found[:, step:], found[:, :-step]), span + step
    return found


def outlier(rule: Rule, panel: Panel) -> list[Reached]:
    reached = []
    for node in nodes_of(rule, panel):
        scores = panel.scores[node].reshape(COUNTRIES // REGIONS, REGIONS, MONTHS)
        known = ~np.isnan(scores)
        enough = known.sum(axis=0) > rule.peers
        distance = scores - middle(scores)
        width = np.maximum(DEVIATIONS * middle(np.abs(distance)), LEAST_DEVIATION)
        reached.append(((distance >= rule.lowest_line * width) & enough).reshape(COUNTRIES, MONTHS))
    return reached


def middle(values: FloatArray) -> FloatArray:
    ordered, known = np.sort(values, axis=0), (~np.isnan(values)).sum(axis=0)[None]
    lower, upper = np.maximum(known - 1, 0) // 2, np.minimum(known // 2, len(values) - 1)
    found: FloatArray = (np.take_along_axis(ordered, lower, 0)[0] + np.take_along_axis(ordered, upper, 0)[0]) / 2
    return found


def contradiction(rule: Rule, panel: Panel) -> list[Reached]:
    apart = (panel.scores[f"{one}.published"] - panel.scores[f"{one}.coded"] for one in panel.indicators)
    return [np.abs(difference) >= rule.lowest_line for difference in apart]


def silence(rule: Rule, panel: Panel) -> list[Reached]:
    reached = []
    for criterion, indicators in panel.indicators.items():
        known = ~np.isnan(panel.scores[criterion])
        padded = np.pad(known, ((0, 0), (rule.months, 0)))
        had = sliding_window_view(padded, rule.months + 1, axis=1).any(axis=-1)
        is_late = np.logical_or.reduce([panel.overdue[key] >= rule.days for key in indicators])
        reached.append(is_late | (had & ~known))
    return reached


def trigger(rule: Rule, panel: Panel) -> list[Reached]:
    place = {country: row for row, country in enumerate(panel.countries)}
    days = np.array([day.toordinal() for day in panel.days])
    ahead = np.array([one.day.toordinal() for one in panel.occasions])[:, None] - days
    scores = panel.scores[rule.nodes[0]] >= rule.lowest_line
    return [(ahead >= 0) & (ahead <= rule.days) & scores[[place[one.country] for one in panel.occasions]]]


def late(months: int, reached: Reached) -> Reached:
    return np.pad(reached, ((0, 0), (months, 0)))


BARE: Mapping[Kind, Callable[[Rule, Panel], list[Reached]]] = {
    Kind.LEVEL: level,
    Kind.RISE: rise,
    Kind.BREAKDOWN: breakdown,
    Kind.CONVERGENCE: convergence,
    Kind.SUSTAINED: sustained,
    Kind.NEW_HIGH: new_high,
    Kind.OUTLIER: outlier,
    Kind.CONTRADICTION: contradiction,
    Kind.SILENCE: silence,
    Kind.TRIGGER: trigger,
}


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 3)
