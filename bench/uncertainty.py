"""How long do a thousand draws of uncertainty take for 200 countries, against bare NumPy drawing the same numbers?

    python -m bench.uncertainty [rounds, 3 unless told]

The built-in method; half of all measures are missing. Nothing is remembered from country to country.
Bare NumPy makes as many random numbers and takes the weighted mean of the leaves in one go: it knows no tree, no
values of nodes and no intervals but those of the whole. Medians; both use one core.
"""

import statistics
import sys
import time
from collections.abc import Callable

import numpy as np

from tracker import uncertainty
from tracker.catalogue.reading import read_catalogue
from tracker.catalogue.shape import built_in_shape
from tracker.index import FloatArray
from tracker.method import Method, built_in
from tracker.standing import Placed

COUNTRIES, MISSING, DEVIATION = 200, 0.5, 12.0
LIMIT_SECONDS = 1.0


def main(rounds: int) -> None:
    catalogue = read_catalogue()
    method = built_in(catalogue.criteria, catalogue.indicators, built_in_shape())
    placed = made(method)
    ours = median(rounds, lambda: intervals(method, placed))
    bare = median(rounds, lambda: bare_intervals(method, placed))
    print(f"{method.trust.draws:,} draws, {COUNTRIES} countries, {len(method.measures)} measures:")
    print(f"  {ours:.2f} s, {ours / COUNTRIES * 1000:.1f} ms for a country")
    print(f"  bare NumPy {bare:.2f} s: {ours / bare:.1f} times")
    print(f"  limit {LIMIT_SECONDS:g} s: used to {ours / LIMIT_SECONDS:.0%}")


def made(method: Method) -> dict[str, Placed]:
    """By country: a column, as of one day."""
    chance = np.random.default_rng(1)
    severity = chance.uniform(0.0, method.tree.scale, (COUNTRIES, len(method.measures), 1))
    severity[chance.random(severity.shape) < MISSING] = np.nan
    deviation = np.where(np.isnan(severity), np.nan, DEVIATION)
    return {f"X{number:03}": Placed(severity[number], deviation[number]) for number in range(COUNTRIES)}


def intervals(method: Method, placed: dict[str, Placed]) -> FloatArray:
    """Of the whole: countries x low and high."""
    uncertainty._draws_of_method.cache_clear()
    uncertainty._weights.cache_clear()
    found = [uncertainty.spread(method, one, iso3) for iso3, one in placed.items()]
    return np.array([(one.low[-1, 0], one.high[-1, 0]) for one in found])


def bare_intervals(method: Method, placed: dict[str, Placed]) -> FloatArray:
    chance, draws, scale = np.random.default_rng(1), method.trust.draws, method.tree.scale
    weights = np.full(len(method.measures), 1.0 / len(method.measures))
    found = []
    for one in placed.values():
        noise = chance.standard_normal((len(weights), draws))
        drawn = np.clip(one.severity + one.deviation * noise, 0.0, scale)
        drawn[np.isnan(one.severity[:, 0])] = chance.uniform(0.0, scale, draws)
        found.append(np.quantile(weights @ drawn, (uncertainty.LOWEST, uncertainty.HIGHEST)))
    return np.array(found)


def median(rounds: int, act: Callable[[], FloatArray]) -> float:
    taken = []
    for _round in range(rounds):
        begun = time.perf_counter()
        found = act()
        taken.append(time.perf_counter() - begun)
        assert (found[:, 0] < found[:, 1]).all(), "every country has an interval"
    return statistics.median(taken)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
