"""A country's risk and what it is made of: every node with its part in the one above, down to the indicators."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from flask_babel import gettext as _

from tracker.access import Principal
from tracker.criterion import Dimension
from tracker.indicator import Voice
from tracker.method import ROOT, Method, voice_key
from tracker.score import Level, in_points, level_of
from tracker.storage import methods, scores
from tracker.storage.base import Session
from tracker.storage.models import Criterion
from tracker.storage.scores import Step
from tracker.web.words import dimension_word, voice_word
from tracker.workings import Scores, contributions, value_of

YEAR = 365
# In points; less is nothing that anybody would see.
LEAST_TOLD = 0.05


@dataclass(frozen=True)
class Line:
    """One node, or one indicator, with its part in the node above it."""

    key: str
    name: str
    # 0: the whole, 1: a dimension, 2: a criterion.
    depth: int
    # None: not enough evidence, or nothing fresh.
    value: float | None
    level: Level | None
    # The 90 % interval; None: it was not drawn, or this is an indicator.
    low: float | None
    high: float | None
    # The share of the weight of its indicators that is fresh; None: this is an indicator.
    coverage: float | None
    thin: bool
    # Of the node above: its share of the weights that are there, and what it gives, in points; None: it has no value.
    share: float | None
    points: float | None
    # A year before; None: not enough was known.
    year_ago: float | None
    # Of a criterion: its voices; of a voice: its indicators.
    parts: list["Line"] = field(default_factory=list)


@dataclass(frozen=True)
class Moved:
    """A criterion by its part in the risk, or an indicator by its points."""

    key: str
    name: str
    # None: not known.
    before: float | None
    now: float | None

    @property
    def by(self) -> float:
        return (self.now or 0.0) - (self.before or 0.0)


@dataclass(frozen=True)
class LastChange:
    """When the risk was another one last, by what is shown of it, and what made the difference."""

    # The first day of what is now.
    on: date
    before: float
    now: float
    # What moved most first.
    criteria: list[Moved]
    indicators: list[Moved]


@dataclass(frozen=True)
class CountryScores:
    version: int
    day: date
    # Below this coverage a score is thin.
    firm_from: float
    # The whole first, then each dimension followed by its criteria.
    lines: list[Line]
    # None: it has not changed within a year, or was or is not known.
    last_change: LastChange | None

    @property
    def whole(self) -> Line:
        return self.lines[0]


def country_scores(
    session: Session, iso3: str, reader: Principal, criteria: Sequence[Criterion]
) -> CountryScores | None:
    """None: nothing that the reader may see was ever scored. `criteria`, with their indicators, give the names."""
    chosen = methods.in_force(session)
    if chosen is None:
        return None
    number, method = chosen
    found = scores.now(session, number, method.tree, reader.clearance, {iso3}).get(iso3)
    if found is None:
        return None
    year_ago = found.day - timedelta(days=YEAR)
    steps = scores.curve(session, number, method.tree, iso3, found.handling, since=year_ago)
    then = steps[0].scores if steps and steps[0].day <= year_ago else None
    telling = _Telling(method, found.scores, then, _names(criteria))
    lines = [telling.whole()]
    for dimension in telling.below(ROOT, 1):
        lines.append(dimension)
        for criterion in telling.below(dimension.key, 2):
            voices = telling.below(criterion.key, 3)
            for voice in voices:
                voice.parts.extend(telling.below(voice.key, 4))
            criterion.parts.extend(voices)
            lines.append(criterion)
    return CountryScores(number, found.day, method.firm_from, lines, telling.last_change(steps))


def _names(criteria: Sequence[Criterion]) -> dict[str, str]:
    names = {ROOT: str(_("Risk"))} | {dimension.value: dimension_word(dimension) for dimension in Dimension}
    for criterion in criteria:
        names[criterion.key] = criterion.name
        names |= {voice_key(criterion.key, voice): voice_word(voice) for voice in Voice}
        names |= {indicator.key: indicator.name for indicator in criterion.indicators}
    return names


class _Telling:
    def __init__(self, method: Method, found: Scores, year_ago: Scores | None, names: Mapping[str, str]) -> None:
        self._method, self._found, self._year_ago, self._names = method, found, year_ago, names

    def whole(self) -> Line:
        return self._line(ROOT, 0, None, None)

    def below(self, key: str, depth: int) -> list[Line]:
        parts = contributions(self._method.tree, self._found, key)
        has_value = _value(self._method, self._found, key) is not None
        return [
            self._line(one.child, depth, one.share if has_value else None, one.points if has_value else None)
            for one in parts
        ]

    def last_change(self, steps: Sequence[Step]) -> LastChange | None:
        """Of two steps that follow one another, the last between which the risk, as it is shown, was another."""
        now = _value(self._method, self._found, ROOT)
        for before, after in zip(reversed(steps[:-1]), reversed(steps[1:]), strict=True):
            then = _value(self._method, before.scores, ROOT)
            if now is None or then is None:
                return None
            if in_points(then) != in_points(now):
                return LastChange(
                    after.day, then, now, self._moved_criteria(before.scores), self._moved_indicators(before.scores)
                )
        return None

    def _moved_criteria(self, before: Scores) -> list[Moved]:
        then, now = (self._parts_in_risk(one) for one in (before, self._found))
        moved = [Moved(key, self._names[key], then[key], now[key]) for key in now]
        return sorted((one for one in moved if abs(one.by) >= LEAST_TOLD), key=lambda one: -abs(one.by))

    def _parts_in_risk(self, found: Scores) -> dict[str, float]:
        """By criterion: how many of the risk's points it gives."""
        tree, parts = self._method.tree, {}
        for dimension in contributions(tree, found, ROOT):
            for criterion in contributions(tree, found, dimension.child):
                parts[criterion.child] = dimension.share * criterion.points
        return parts

    def _moved_indicators(self, before: Scores) -> list[Moved]:
        pairs = zip(self._method.tree.leaves, before.severity.tolist(), self._found.severity.tolist(), strict=True)
        moved = [Moved(key, self._names.get(key, key), _known(then), _known(now)) for key, then, now in pairs]
        changed = [one for one in moved if (one.before is None) != (one.now is None) or abs(one.by) >= LEAST_TOLD]
        return sorted(changed, key=lambda one: -abs(one.by))

    def _line(self, key: str, depth: int, share: float | None, points: float | None) -> Line:
        tree, found = self._method.tree, self._found
        value = _value(self._method, found, key)
        place = None if key in tree.leaves else tree.positions[key]
        coverage = None if place is None else float(found.coverage[place])
        return Line(
            key=key,
            name=self._names.get(key, key),
            depth=depth,
            value=value,
            level=None if value is None else level_of(value),
            low=None if place is None else _known(float(found.low[place])),
            high=None if place is None else _known(float(found.high[place])),
            coverage=coverage,
            thin=coverage is not None and self._method.is_thin(coverage),
            share=share,
            points=points,
            year_ago=None if self._year_ago is None else _value(self._method, self._year_ago, key),
        )


def _value(method: Method, found: Scores, key: str) -> float | None:
    return _known(value_of(method.tree, found, key))


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
