"""How well would these flags, or this ranking, have warned of what then happened?

A hindcast looks back: it says what rules would have done about a past that is known. It is no forecast, and what it
finds of one past holds for no other. NaN: there is nothing to measure, which is neither good nor bad.

Onsets and flags are marked in tables of countries x months: a flag in the month in which it was raised, an onset in
the month in which it began. A flag warns of an onset in the months after it, up to `within`; in the very month of the
onset it comes too late to warn. What began before a flag was raised is no business of that flag.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tracker.index import FloatArray

BoolArray: TypeAlias = NDArray[np.bool_]
MONTHS_A_YEAR = 12


def recall(raised: BoolArray, begun: BoolArray, within: int) -> float:
    """Of the onsets, the share that a flag warned of."""
    return _share(_seen_ahead(raised, within) & begun, begun)


def precision(raised: BoolArray, begun: BoolArray, within: int) -> float:
    """Of the flags, the share that an onset followed. What is too recent to be judged is left out."""
    judged = raised & _can_be_judged(raised, within)
    return _share(_followed(begun, within) & judged, judged)


def false_alarms(raised: BoolArray, begun: BoolArray, within: int) -> float:
    """Flags that no onset followed, for each country and year. What is too recent to be judged is left out."""
    can_be_judged = _can_be_judged(raised, within)
    years = np.count_nonzero(can_be_judged) / MONTHS_A_YEAR
    false = np.count_nonzero(raised & ~_followed(begun, within) & can_be_judged)
    return false / years if years else float("nan")


def lead_times(raised: BoolArray, begun: BoolArray, within: int) -> FloatArray:
    """Of each onset, country by country: how many months before it the first flag was raised that warned of it.

    NaN: none did.
    """
    found = []
    for country, month in np.argwhere(begun):
        first = max(0, month - within)
        warning = np.flatnonzero(raised[country, first:month])
        found.append(float(month - first - warning[0]) if warning.size else np.nan)
    return np.array(found)


def recall_at(places: int, scores: FloatArray, onsets: BoolArray) -> float:
    """Of the onsets, the share among so many countries with the highest scores.

    Countries, or countries x years, each year with a ranking of its own. Who has no score is on no list. Where equal
    scores compete for the last places, each counts by its chance.
    """
    return _share(_chance_of_place(places, scores) * onsets, onsets)


def precision_at(places: int, scores: FloatArray, onsets: BoolArray) -> float:
    """Of so many countries with the highest scores, the share in which an onset followed."""
    listed = _chance_of_place(places, scores)
    return _share(listed * onsets, listed)


def auc(scores: FloatArray, onsets: BoolArray) -> float:
    """The chance that of two countries, one with an onset and one without, the first has the higher score.

    Equal scores count half. Who has no score is left out. 0.5 is what a coin does.
    """
    known = ~np.isnan(scores)
    with_onset, without = scores[known & onsets], np.sort(scores[known & ~onsets])
    if not with_onset.size or not without.size:
        return float("nan")
    lower = np.searchsorted(without, with_onset, side="left")
    not_higher = np.searchsorted(without, with_onset, side="right")
    return float(np.mean(lower + not_higher) / 2 / without.size)


def _share(part: NDArray[np.generic], whole: NDArray[np.generic]) -> float:
    of = float(np.sum(whole))
    return float(np.sum(part)) / of if of else float("nan")


def _seen_ahead(raised: BoolArray, within: int) -> BoolArray:
    """By month: whether a flag was raised in the months before it."""
    seen = np.zeros_like(raised)
    for months in range(1, min(within, raised.shape[1] - 1) + 1):
        seen[:, months:] |= raised[:, :-months]
    return seen


def _followed(begun: BoolArray, within: int) -> BoolArray:
    """By month: whether an onset came in the months after it."""
    return _seen_ahead(begun[:, ::-1], within)[:, ::-1]


def _can_be_judged(raised: BoolArray, within: int) -> BoolArray:
    """The months after which so many others are known."""
    known = np.zeros_like(raised)
    known[:, : max(0, raised.shape[1] - within)] = True
    return known


def _chance_of_place(places: int, scores: FloatArray) -> FloatArray:
    higher = np.sum(scores[None] > scores[:, None], axis=1)
    alike = np.sum(scores[None] == scores[:, None], axis=1)  # itself included; none where there is no score
    left = np.clip((places - higher) / np.maximum(alike, 1), 0.0, 1.0)
    return np.where(np.isnan(scores), 0.0, left)
