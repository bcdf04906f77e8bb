"""A country's risk and what it is made of: every node with its part in the one above, down to the indicators."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _

from tracker.access import Principal
from tracker.criterion import Dimension
from tracker.indicator import Voice
from tracker.method import ROOT, Method, voice_key
from tracker.score import Level, level_of
from tracker.storage import methods, scores
from tracker.storage.base import Session
from tracker.storage.models import Criterion
from tracker.web.words import dimension_word, voice_word
from tracker.workings import Scores, contributions, value_of


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
    # Of the node above: its share of the weights that are there, and what it gives, in points.
    share: float
    points: float
    # Of a criterion: its voices; of a voice: its indicators.
    parts: list["Line"] = field(default_factory=list)


@dataclass(frozen=True)
class CountryScores:
    version: int
    day: date
    # Below this coverage a score is thin.
    firm_from: float
    # The whole first, then each dimension followed by its criteria.
    lines: list[Line]

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
    telling = _Telling(method, found.scores, _names(criteria))
    lines = [telling.whole()]
    for dimension in telling.below(ROOT, 1):
        lines.append(dimension)
        for criterion in telling.below(dimension.key, 2):
            voices = telling.below(criterion.key, 3)
            for voice in voices:
                voice.parts.extend(telling.below(voice.key, 4))
            criterion.parts.extend(voices)
            lines.append(criterion)
    return CountryScores(number, found.day, method.firm_from, lines)


def _names(criteria: Sequence[Criterion]) -> dict[str, str]:
    names = {ROOT: str(_("Risk"))} | {dimension.value: dimension_word(dimension) for dimension in Dimension}
    for criterion in criteria:
        names[criterion.key] = criterion.name
        names |= {voice_key(criterion.key, voice): voice_word(voice) for voice in Voice}
        names |= {indicator.key: indicator.name for indicator in criterion.indicators}
    return names


class _Telling:
    def __init__(self, method: Method, found: Scores, names: Mapping[str, str]) -> None:
        self._method, self._found, self._names = method, found, names

    def whole(self) -> Line:
        return self._line(ROOT, 0, 1.0, value_of(self._method.tree, self._found, ROOT))

    def below(self, key: str, depth: int) -> list[Line]:
        parts = contributions(self._method.tree, self._found, key)
        return [self._line(one.child, depth, one.share, one.points) for one in parts]

    def _line(self, key: str, depth: int, share: float, points: float) -> Line:
        tree, found = self._method.tree, self._found
        value = _known(value_of(tree, found, key))
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
            points=0.0 if math.isnan(points) else points,
        )


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
