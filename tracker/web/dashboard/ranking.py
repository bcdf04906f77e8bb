"""All countries by the risk or by one criterion: where each stands, how sure that is, and where it comes from.

Of today all of it is kept ready (storage/scores.py). Of a past day it is put together from the history of scores, as it
was known at that moment; only the intervals of places are not: they are drawn for today alone.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from tracker.access import Principal
from tracker.method import ROOT, Method
from tracker.moment import Moment
from tracker.score import Level, level_of
from tracker.storage import past_scores, scores
from tracker.storage.base import Session
from tracker.storage.scores import Now
from tracker.trail import POINTS, Trail, rows_of
from tracker.uncertainty import rank_intervals
from tracker.workings import Scores, value_of

MONTH, YEAR = timedelta(days=30), timedelta(days=365)
# Of a past day there is a point for each year.
_POINTS_A_YEAR = 4


class Standing(NamedTuple):
    """Where one country stands."""

    # None: there is not enough evidence; all that follows from it is None then, too.
    score: float | None
    level: Level | None = None
    # The 90 % interval; None too where it was not drawn.
    low: float | None = None
    high: float | None = None
    # The share of what is asked that is fresh.
    coverage: float = 0.0
    is_thin: bool = False
    # Among those that the reader may see, 1 being the worst.
    place: int | None = None
    # Between which places it lies; None: that is not drawn.
    places: tuple[int, int] | None = None
    # What it has changed by; None: not enough was known then.
    in_a_month: float | None = None
    in_a_year: float | None = None
    # More than the interval of today explains.
    is_clear_rise: bool = False
    # Ten years up to the day, evenly spaced; None: not enough was known.
    way: tuple[float | None, ...] = ()


@dataclass(frozen=True)
class Ranking:
    # By country; every one of which anything was ever scored that the reader may see.
    standings: Mapping[str, Standing]
    # The version of the method; None: none was in force at that moment.
    version: int | None
    # Below this coverage a score is thin.
    firm_from: float
    # By country, of those that have one: the risk as a whole, whatever they are ranked by.
    risks: Mapping[str, float]


def ranking(
    session: Session, method: tuple[int, Method] | None, node: str, reader: Principal, moment: Moment
) -> Ranking:
    """`method`: the one that was in force at that moment."""
    if method is None:
        return Ranking({}, None, 0.0, {})
    number, chosen = method
    if moment.is_now:
        found = scores.now(session, number, chosen.tree, reader.clearance, reader.scope)
        standings = _now(chosen, node, found)
        risks = {iso3: one.scores for iso3, one in found.items()}
    else:
        days = [moment.day, moment.day - MONTH, moment.day - YEAR, *_years_before(moment.day)]
        then = past_scores.on_days(
            session, number, chosen.tree, reader.clearance, reader.scope, days=days, known=moment.known_at
        )
        standings = _placed({iso3: _then(chosen, node, seen) for iso3, seen in then.items() if seen[0]}, {})
        risks = {iso3: seen[0] for iso3, seen in then.items() if seen[0]}
    return Ranking(standings, number, chosen.firm_from, risks_in(chosen, risks))


def risks_in(method: Method, found: Mapping[str, Scores]) -> dict[str, float]:
    """By country, of those that have one."""
    values = {iso3: _known(value_of(method.tree, one, ROOT)) for iso3, one in found.items()}
    return {iso3: value for iso3, value in values.items() if value is not None}


def risk_of(method: Method, one: Now) -> Standing:
    """Of one country by itself: without its place among the others."""
    return standing_of(method, ROOT, one)


def standing_of(method: Method, node: str, one: Now) -> Standing:
    """The same by the risk, a dimension or a criterion."""
    return _standing_now(method, node, rows_of(method.tree).get(node), one.scores, one.trail, one.day)


def _now(method: Method, node: str, found: Mapping[str, Now]) -> dict[str, Standing]:
    row = rows_of(method.tree).get(node)
    standings = {iso3: _standing_now(method, node, row, one.scores, one.trail, one.day) for iso3, one in found.items()}
    return _placed(standings, _places(found, standings) if node == ROOT else {})


@lru_cache(maxsize=4096)
def _standing_now(
    method: Method, node: str, row: int | None, found: Scores, trail: Trail | None, day: date
) -> Standing:
    """`row`: of the trail; None: the method knows no such node. Scores and trails that have not changed are the very
    same, and so is what follows from them."""
    if trail is None or row is None:
        return _standing(method, node, found, None, None, ())
    month, year = _known(trail.on(day - MONTH)[row]), _known(trail.on(day - YEAR)[row])
    return _standing(method, node, found, month, year, tuple(map(_known, trail.quarters(day, POINTS)[row].tolist())))


def _then(method: Method, node: str, seen: Sequence[Scores | None]) -> Standing:
    place = method.tree.positions.get(node)
    values = [None if one is None or place is None else _known(one.values[place]) for one in seen]
    today, month, year, *years = values
    way = tuple(value for value in years for _ in range(_POINTS_A_YEAR))
    assert seen[0] is not None, "it was asked for what was known"
    return _standing(method, node, seen[0], month, year, (*way, today))


def _standing(
    method: Method,
    node: str,
    found: Scores,
    month: float | None,
    year: float | None,
    way: tuple[float | None, ...],
) -> Standing:
    place = method.tree.positions.get(node)
    if place is None:
        # it is asked, and this version of the method does not count it
        return Standing(None)
    score, coverage = _known(found.values[place]), float(found.coverage[place])
    if score is None:
        return Standing(None, coverage=coverage, way=way)
    low = _known(found.low[place])
    return Standing(
        score=score,
        level=level_of(score),
        low=low,
        high=_known(found.high[place]),
        coverage=coverage,
        is_thin=method.is_thin(coverage),
        in_a_month=None if month is None else score - month,
        in_a_year=None if year is None else score - year,
        is_clear_rise=year is not None and low is not None and year < low,
        way=way,
    )


def _places(found: Mapping[str, Now], standings: Mapping[str, Standing]) -> dict[str, tuple[int, int]]:
    """Between which places each lies, of those with enough evidence."""
    ranked = [(iso3, one.draws) for iso3, one in found.items() if one.draws is not None]
    if not ranked:
        return {}
    values = np.array([standings[iso3].score for iso3, _ in ranked], dtype=np.float64)
    highest, lowest = rank_intervals(np.stack([draws for _, draws in ranked]), values)
    return {iso3: (int(first), int(last)) for (iso3, _), first, last in zip(ranked, highest, lowest, strict=True)}


def _placed(standings: Mapping[str, Standing], places: Mapping[str, tuple[int, int]]) -> dict[str, Standing]:
    """Whoever is equally bad shares the smaller number."""
    worst_first = sorted((one.score for one in standings.values() if one.score is not None), reverse=True)
    number = {score: index for index, score in reversed(list(enumerate(worst_first, start=1)))}
    return {
        iso3: one if one.score is None else one._replace(place=number[one.score], places=places.get(iso3))
        for iso3, one in standings.items()
    }


def _years_before(day: date) -> list[date]:
    """The last days of the ten years that are over."""
    return [date(year, 12, 31) for year in range(day.year - 10, day.year)]


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
