"""Are countries that cannot be told apart treated alike?

Two countries are compared if their risks cannot be told apart and both call for attention. Four things are asked: was
a flag of the same rule, on the same subject, confirmed here and discarded there; did it take much longer here until
something was decided; are there measures here and none there; is much more known here than there. Each answer depends
on the two alone, so no third country changes what is said of a pair. That they were not treated alike may have a good
reason: it is shown beside it, or asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import combinations
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tracker.index import FloatArray
from tracker.refusal import N_, Refusal
from tracker.response_time import Days
from tracker.uncertainty import HIGHEST

BoolArray = NDArray[np.bool_]
Matter: TypeAlias = tuple[str, str]
"""What a flag is about: the keys of its rule and its subject."""

# It took much longer: by so many days at least, and at least so many times as long.
DAYS_APART, TIMES_APART = 14, 2.0
# Much more is known: by that share of what is asked.
COVERAGE_APART = 0.25
# What is known is what others left undone as well as we: it comes behind what was decided here.
COVERAGE_WEIGHS = 0.5
# Two are a pair.
FEWEST = 3
LONGEST_NOTE = 4000


class Unlike(StrEnum):
    """In what two countries were not treated alike; in the order in which it is told."""

    VERDICTS = "verdicts"
    MEASURES = "measures"
    DAYS = "days"
    COVERAGE = "coverage"


@dataclass(frozen=True)
class Treatment:
    """What was done about one country in a year, and where its risk lay."""

    iso3: str
    # A situation was open, or the risk is elevated or worse.
    calls: bool = True
    # Of what flags got that verdict.
    confirmed: frozenset[Matter] = frozenset()
    discarded: frozenset[Matter] = frozenset()
    # Until something was decided, by half of its situations. None: it had none.
    days: Days | None = None
    # How many measures.
    proposed: int = 0
    decided: int = 0
    # The share of what is asked that is fresh.
    coverage: float = 0.0
    # Its risk, and the ends of its interval.
    risk: float = 0.0
    low: float = 0.0
    high: float = 0.0

    @property
    def only_confirmed(self) -> frozenset[Matter]:
        return self.confirmed - self.discarded

    @property
    def only_discarded(self) -> frozenset[Matter]:
        return self.discarded - self.confirmed


@dataclass(frozen=True)
class Pair:
    """Two countries that cannot be told apart and were not treated alike, in the order of their codes."""

    one: Treatment
    other: Treatment
    # In what, and how much: above 0, at most 1.
    degrees: tuple[tuple[Unlike, float], ...]

    @property
    def unlikeness(self) -> float:
        return sum(degree for _kind, degree in self.degrees)

    @property
    def kinds(self) -> tuple[Unlike, ...]:
        return tuple(kind for kind, _degree in self.degrees)

    @cached_property
    def matters(self) -> frozenset[Matter]:
        """Of which flags were confirmed in one of the two alone, and discarded in the other alone."""
        return contrary(self.one, self.other)


@dataclass(frozen=True)
class Circle:
    """At least three countries of which none can be told apart from any other, and some were not treated alike."""

    # The highest risk first.
    members: Sequence[Treatment]
    # Of them, the most unlike first.
    pairs: Sequence[Pair]

    @property
    def unlikeness(self) -> float:
        return sum(pair.unlikeness for pair in self.pairs)

    @property
    def compared(self) -> int:
        """How many pairs its members make."""
        return len(self.members) * (len(self.members) - 1) // 2

    @cached_property
    def matters(self) -> Sequence[Matter]:
        """Which flags were confirmed for some of them alone, and discarded for others alone."""
        return sorted(frozenset[Matter]().union(*(pair.matters for pair in self.pairs)))


@dataclass(frozen=True)
class Apart:
    """One country among those that cannot be told from it."""

    iso3: str
    # Of those that call for attention as it does.
    alike: int
    # Of them, those that were not treated alike.
    unlike: tuple[str, ...]


class NoteMissing(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Say why they were not treated alike: it stands in the statement of the year."))


class NoteTooLong(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("At most %(longest)s characters can be kept here."), longest=LONGEST_NOTE)


def refuse_note(words: str) -> None:
    if not words.strip():
        raise NoteMissing
    if len(words) > LONGEST_NOTE:
        raise NoteTooLong


def not_told_apart(whole: FloatArray) -> BoolArray:
    """Countries x draws: which pairs cannot be told apart, as `is_distinguishable` says of each."""
    alike = np.ones((len(whole), len(whole)), dtype=np.bool_)
    for place, own in enumerate(whole):
        others = whole[place + 1 :]
        surest = np.maximum((others > own).mean(axis=1), (others < own).mean(axis=1))
        alike[place, place + 1 :] = alike[place + 1 :, place] = surest < HIGHEST
    return alike


def overlapping(low: FloatArray, high: FloatArray) -> BoolArray:
    """Which intervals have something in common: where draws are not kept, that is all that can be said."""
    return (low[:, None] <= high[None, :]) & (low[None, :] <= high[:, None])


def unlike_pairs(treatments: Sequence[Treatment], alike: BoolArray) -> list[Pair]:
    """The most unlike first; `alike`: which of them cannot be told apart."""
    calls = np.array([one.calls for one in treatments], dtype=np.bool_)
    compared = np.triu(alike & calls[:, None] & calls[None, :], k=1)
    degrees = {
        Unlike.VERDICTS: _by_verdicts(treatments),
        Unlike.MEASURES: _by_measures(treatments),
        Unlike.DAYS: _by_days(treatments),
        Unlike.COVERAGE: _by_coverage(treatments),
    }
    found = []
    for row, column in zip(*np.nonzero(compared & (sum(degrees.values()) > 0)), strict=True):
        told = tuple((kind, float(those[row, column])) for kind, those in degrees.items() if those[row, column] > 0)
        one, other = sorted((treatments[row], treatments[column]), key=lambda treated: treated.iso3)
        found.append(Pair(one, other, told))
    return sorted(found, key=lambda pair: (-pair.unlikeness, pair.one.iso3, pair.other.iso3))


def standing_apart(treatments: Sequence[Treatment], alike: BoolArray, pairs: Sequence[Pair]) -> list[Apart]:
    """Countries that were treated otherwise than those like them, the most of them first."""
    calls = np.array([one.calls for one in treatments], dtype=np.bool_)
    like_them = dict(zip((one.iso3 for one in treatments), (alike & calls[None, :]).sum(axis=1) - 1, strict=True))
    unlike: dict[str, list[str]] = {}
    for pair in pairs:
        unlike.setdefault(pair.one.iso3, []).append(pair.other.iso3)
        unlike.setdefault(pair.other.iso3, []).append(pair.one.iso3)
    found = [Apart(iso3, int(like_them[iso3]), tuple(sorted(others))) for iso3, others in unlike.items()]
    return sorted(found, key=lambda one: (-len(one.unlike), one.iso3))


def circles(treatments: Sequence[Treatment], alike: BoolArray, pairs: Sequence[Pair]) -> list[Circle]:
    """The most unlike first. Each country begins one: whoever comes next in risk and cannot be told apart from any that
    is in it already comes in. Of what is much the same the most unlike alone is told: more than half of its pairs stand
    in none before it."""
    of_codes = {(pair.one.iso3, pair.other.iso3): (place, pair) for place, pair in enumerate(pairs)}
    found = [_circle([treatments[place] for place in those], of_codes) for those in _rounds(treatments, alike)]
    told, kept = set[tuple[str, str]](), []
    for circle in sorted(found, key=lambda one: (-one.unlikeness, [member.iso3 for member in one.members])):
        here = {(pair.one.iso3, pair.other.iso3) for pair in circle.pairs}
        if 2 * len(here - told) > len(here):
            kept.append(circle)
            told |= here
    return kept


def contrary(one: Treatment, other: Treatment) -> frozenset[Matter]:
    return (one.only_confirmed & other.only_discarded) | (one.only_discarded & other.only_confirmed)


def _rounds(treatments: Sequence[Treatment], alike: BoolArray) -> list[list[int]]:
    """Of whom each circle is, by place in `treatments`; what is wholly within one before it is none."""
    calling = [place for place, one in enumerate(treatments) if one.calls]
    by_risk = sorted(calling, key=lambda place: (-treatments[place].risk, treatments[place].iso3))
    found: list[list[int]] = []
    for begun, first in enumerate(by_risk):
        like_all, those = alike[first].copy(), [first]
        for place in by_risk[begun + 1 :]:
            if like_all[place]:
                like_all &= alike[place]
                those.append(place)
        if len(those) >= FEWEST and not any(set(those) <= set(others) for others in found):
            found.append(those)
    return found


def _circle(members: Sequence[Treatment], of_codes: Mapping[tuple[str, str], tuple[int, Pair]]) -> Circle:
    codes = sorted(member.iso3 for member in members)
    found = sorted(of_codes[codes_of] for codes_of in combinations(codes, 2) if codes_of in of_codes)
    return Circle(members, [pair for _place, pair in found])


def _by_verdicts(treatments: Sequence[Treatment]) -> FloatArray:
    matters = sorted(frozenset[Matter]().union(*(one.confirmed | one.discarded for one in treatments)))
    shape = len(treatments), len(matters)
    kept = np.array([[matter in one.only_confirmed for matter in matters] for one in treatments], dtype=np.int32)
    dropped = np.array([[matter in one.only_discarded for matter in matters] for one in treatments], dtype=np.int32)
    kept, dropped = kept.reshape(shape), dropped.reshape(shape)
    return ((kept @ dropped.T + dropped @ kept.T) > 0).astype(np.float64)


def _by_measures(treatments: Sequence[Treatment]) -> FloatArray:
    """Wholly, if something was decided for one and nothing even proposed for the other; else by half."""
    proposed = np.array([one.proposed + one.decided > 0 for one in treatments], dtype=np.bool_)
    decided = np.array([one.decided > 0 for one in treatments], dtype=np.bool_)
    by_half = (proposed[:, None] & ~proposed[None, :]) | (decided[:, None] & ~decided[None, :])
    wholly = decided[:, None] & ~proposed[None, :]
    return _both_ways(np.where(wholly, 1.0, np.where(by_half, 0.5, 0.0)))


def _by_days(treatments: Sequence[Treatment]) -> FloatArray:
    """What has not been waited for long yet may still take as long as the other: of that nothing is said."""
    days = np.array([np.nan if one.days is None else one.days.number for one in treatments], dtype=np.float64)
    is_sure = np.array([one.days is not None and not one.days.at_least for one in treatments], dtype=np.bool_)
    longer, shorter = days[:, None], days[None, :]
    # where one of the two has no days, nothing is longer
    is_longer = (longer - shorter >= DAYS_APART) & (longer >= TIMES_APART * shorter) & is_sure[None, :]
    share = np.divide(shorter, longer, out=np.zeros_like(longer - shorter), where=is_longer)
    return _both_ways(np.where(is_longer, 1.0 - share, 0.0))


def _by_coverage(treatments: Sequence[Treatment]) -> FloatArray:
    coverage = np.array([one.coverage for one in treatments], dtype=np.float64)
    apart = np.abs(coverage[:, None] - coverage[None, :])
    return np.where(apart >= COVERAGE_APART, apart * COVERAGE_WEIGHS, 0.0)


def _both_ways(degrees: FloatArray) -> FloatArray:
    return np.maximum(degrees, degrees.T)
