"""How sure is a score, and how sure is a place in the ranking?

A thousand times, every value is drawn anew around what was observed, as far as its source may be wrong, and every
weight as far as reasonable people would differ. What ninety of a hundred draws enclose is the interval. A measure of
which nothing is known could be anything: it is drawn from the whole scale. Within one draw all that is unknown about a
country is equally bad. If each were drawn for itself, the many unknowns would cancel out, and ignorance would look
like knowledge of an average.

The same question gives the same answer: the draws depend on the method and the country alone. So neither the other
countries nor the passing of a day on which nothing was learnt moves an interval.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tracker.index import FloatArray, evaluate, ranks, sums_of
from tracker.method import Method
from tracker.standing import Placed

LOWEST, HIGHEST = 0.05, 0.95
"""The shares of the draws below the interval's ends: ninety of a hundred lie between them."""


# So many days are drawn at once that a year of them needs no more memory than a few.
_DAYS_AT_ONCE = 16


@dataclass(frozen=True)
class Spread:
    """Between which values ninety of a hundred draws lie: branches x days.

    The value itself always lies between them too. It goes by what is known, the draws by all that could be: where
    little is known and that is extreme, most draws are milder than the value, or all of them.
    """

    low: FloatArray
    high: FloatArray
    # The draws of the whole tree, from which ranks are drawn: days x draws.
    whole: FloatArray


@dataclass(frozen=True)
class Place:
    """In a ranking of so many, the worst first."""

    place: int
    of: int
    # Between which places it may lie. None: nobody has drawn that.
    highest: int | None = None
    lowest: int | None = None


def spread(method: Method, placed: Placed, country: str, values: FloatArray | None = None) -> Spread:
    """Of one country, placed by measures x days: on each of the days. `values`: of its branches, if they are known."""
    days = placed.severity.shape[1]
    found = evaluate(method.tree, placed.severity).values if values is None else values
    low, high = np.empty((2, *found.shape))
    whole = np.empty((days, method.trust.draws))
    lowest, highest = _ends(method.trust.draws)
    for first in range(0, days, _DAYS_AT_ONCE):
        some = slice(first, first + _DAYS_AT_ONCE)
        drawn = _drawn(method, placed.severity[:, some], placed.deviation[:, some], country)
        values = evaluate(method.tree, drawn, *_weights(method)).values
        whole[some] = values[-1]
        for place, end in ((lowest, low), (highest, high)):  # both at once would take several times as long
            values.partition(place, axis=-1)
            end[:, some] = values[..., place]
    # where there is no value, fmin and fmax leave the draws alone
    return Spread(np.fmin(low, found), np.fmax(high, found), whole)


def rank_intervals(whole: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Between which places of the ranking each country lies: the lower and the higher; its own place is among them.

    `whole` is countries x draws, `values` the score of each country.
    """
    places, own = _places_drawn(whole), ranks(values)
    lowest, highest = _ends(whole.shape[1])
    places.sort(axis=1)  # so small numbers are sorted sooner than parted
    return np.fmin(places[:, lowest], own), np.fmax(places[:, highest], own)


def _places_drawn(whole: FloatArray) -> NDArray[np.int16]:
    """What `ranks` says of every draw, countries x draws; in the single precision in which draws are kept, one draw
    after the other: that takes a third of the time."""
    drawn = np.ascontiguousarray(-whole.T, dtype=np.float32)
    order = np.argsort(drawn, axis=1)
    in_order = np.take_along_axis(drawn, order, axis=1)
    shared = np.tile(np.arange(1, len(whole) + 1, dtype=np.int16), (len(drawn), 1))
    is_shared = in_order[:, 1:] == in_order[:, :-1]
    if is_shared.any():
        shared[:, 1:][is_shared] = 0
        np.maximum.accumulate(shared, axis=1, out=shared)
    places = np.empty_like(shared)
    np.put_along_axis(places, order, shared, axis=1)
    return np.ascontiguousarray(places.T)


def place_of(whole: FloatArray, values: FloatArray, row: int) -> Place:
    """What `rank_intervals` says of one country alone, without ranking all the others."""
    places = np.sort(1 + (whole > whole[row]).sum(axis=0))
    own = 1 + int((values > values[row]).sum())
    lowest, highest = _ends(whole.shape[1])
    return Place(own, len(values), min(int(places[lowest]), own), max(int(places[highest]), own))


def is_distinguishable(one: FloatArray, other: FloatArray) -> bool:
    """Whether one is worse than the other in at least ninety-five of a hundred draws, or better in as many."""
    return bool(max(np.mean(other > one), np.mean(other < one)) >= HIGHEST)


def _ends(draws: int) -> tuple[int, int]:
    """The places of the interval's ends among so many draws in order."""
    return round(LOWEST * (draws - 1)), round(HIGHEST * (draws - 1))


def _drawn(method: Method, severity: FloatArray, deviation: FloatArray, country: str) -> FloatArray:
    """Every measure on every day, a thousand times: measures x days x draws.

    The same thousand for every country, each time in another order: so no two countries err together.
    """
    noise, unknown = _draws_of_method(method)
    order = _order_of(method.fingerprint, country, method.trust.draws)
    drawn = np.empty((*severity.shape, method.trust.draws))
    for day in range(severity.shape[1]):
        noise.take(order, axis=1, out=drawn[:, day], mode="clip")
    drawn *= deviation[:, :, None]
    drawn += severity[:, :, None]
    np.clip(drawn, 0.0, method.tree.scale, out=drawn)
    drawn[np.isnan(severity)] = unknown[order]
    return drawn


@lru_cache(maxsize=8)
def _draws_of_method(method: Method) -> tuple[FloatArray, FloatArray]:
    generator = _generator(method.fingerprint, "draws")
    noise = generator.standard_normal((len(method.measures), method.trust.draws))
    return noise, generator.uniform(0.0, method.tree.scale, method.trust.draws)


@lru_cache(maxsize=256)
def _order_of(fingerprint: str, country: str, draws: int) -> NDArray[np.int64]:
    return _generator(fingerprint, country).permutation(draws)


@lru_cache(maxsize=8)
def _weights(method: Method) -> tuple[Sequence[FloatArray], Sequence[FloatArray]]:
    """And what they add up to."""
    generator, trust = _generator(method.fingerprint, "weights"), method.trust
    weights = [
        np.array(branch.weights)[:, None]
        * generator.uniform(1.0 - trust.jitter, 1.0 + trust.jitter, (len(branch.weights), trust.draws))
        for branch in method.tree.branches
    ]
    return weights, sums_of(weights)


def _generator(*words: str) -> np.random.Generator:
    seed = int.from_bytes(hashlib.sha256("\n".join(words).encode()).digest()[:16], "big")
    return np.random.Generator(np.random.PCG64(seed))
