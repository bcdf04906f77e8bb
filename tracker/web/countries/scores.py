"""A country's risk and what it is made of: every node with its part in the one above, down to the indicators."""

import math
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tracker.index import Tree
from tracker.method import ROOT, Method
from tracker.score import Level, in_points, level_of
from tracker.storage.scores import Step
from tracker.web.windows import YEAR
from tracker.workings import Scores, contributions, value_of

# In points; less is nothing that anybody would see.
LEAST_TOLD = 0.05


@dataclass(frozen=True)
class Line:
    """One node, or one indicator, with its part in the node above it."""

    key: str
    name: str
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
    # What it gives the risk as a whole, and the most that its weight would let it give; None: the risk has no value.
    of_risk: float | None
    most_of_risk: float | None
    # A year before; None: not enough was known.
    year_ago: float | None


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
    criteria: Sequence[Moved]
    indicators: Sequence[Moved]
    # The criterion that carried the largest part of it, and the indicator behind that which moved the same way most.
    # None: none that can be shown.
    carried_by: Moved | None
    behind: Moved | None
    # Criteria that have a score now and had none before, or the other way round: the others weigh otherwise for it.
    known_otherwise: Sequence[Moved]


@dataclass(frozen=True)
class LevelChange:
    # The first day of the level of now.
    on: date
    before: Level


@dataclass(frozen=True)
class Node:
    """A line with the lines that it is made of."""

    line: Line
    parts: "Sequence[Node]"


class CountryScores:
    """What one country's evidence adds up to on a day, told in words.

    `steps`: how it came to that, with every step of the last year. `names`: of nodes and indicators, by key. `hidden`:
    indicators that are a part of what was told then, but of which the reader may not be told any more.
    """

    def __init__(
        self,
        version: int,
        method: Method,
        day: date,
        found: Scores,
        steps: Sequence[Step],
        names: Mapping[str, str],
        hidden: Collection[str] = (),
    ) -> None:
        self.version, self.day, self.firm_from, self.hidden = version, day, method.firm_from, hidden
        self._method, self._found, self._steps, self._names = method, found, steps, names

    @property
    def tree(self) -> Tree:
        return self._method.tree

    @cached_property
    def whole(self) -> Node:
        """The risk, its dimensions, their criteria, their voices, and the indicators that these hear."""
        value = _value(self._method, self._found, ROOT)
        return Node(self._line(ROOT), self._below(ROOT, None if value is None else 1.0))

    @cached_property
    def by_key(self) -> Mapping[str, Node]:
        return dict(_everything(self.whole))

    @property
    def change(self) -> float | None:
        """Of the risk, over a year. None: not enough is known now, or was then."""
        now, then = self.whole.line.value, self.whole.line.year_ago
        return None if now is None or then is None else now - then

    @property
    def is_clear_change(self) -> bool:
        """More than the interval of now explains: what it was a year ago lies outside, and the same is known."""
        whole = self.whole.line
        if whole.year_ago is None or whole.low is None or whole.high is None or self.known_otherwise:
            return False
        return not whole.low <= whole.year_ago <= whole.high

    @cached_property
    def known_otherwise(self) -> Sequence[Moved]:
        """Criteria with a score now and none a year ago, or the other way round. Where there are any, the risk of then
        and of now are not of the same, and what lies between them is no change in the country alone."""
        return self._known_otherwise(self._year_ago) if self._year_ago else []

    @cached_property
    def carried_the_year(self) -> Sequence[Moved]:
        """The criteria that made the risk what it is and not what it was a year ago, what gave most of that first.

        None: the risk, as it is shown, is what it was, or was or is not known.
        """
        whole = self.whole.line
        if self._year_ago is None or whole.value is None or whole.year_ago is None:
            return []
        if in_points(whole.value) == in_points(whole.year_ago):
            return []
        moved = self._moved_criteria(self._year_ago)
        return [one for one in moved if (one.by > 0) is (whole.value > whole.year_ago)]

    @cached_property
    def last_change(self) -> LastChange | None:
        """Of the steps of a year that follow one another, the last between which the risk, as shown, was another.

        None: it has not changed, or was or is not known.
        """
        now = _value(self._method, self._found, ROOT)
        for before, after in self._steps_back:
            then = _value(self._method, before.scores, ROOT)
            if now is None or then is None:
                return None
            if in_points(then) != in_points(now):
                criteria, indicators = self._moved_criteria(before.scores), self._moved_indicators(before.scores)
                carried_by, behind = self._carried(criteria, indicators, up=now > then)
                otherwise = self._known_otherwise(before.scores)
                return LastChange(after.day, then, now, criteria, indicators, carried_by, behind, otherwise)
        return None

    @cached_property
    def level_change(self) -> LevelChange | None:
        """Since when, within a year, the risk stands at its level. None: for longer, or it was or is not known."""
        now = self.whole.line.level
        for before, after in self._steps_back:
            then = _value(self._method, before.scores, ROOT)
            if now is None or then is None:
                return None
            if level_of(then) is not now:
                return LevelChange(after.day, level_of(then))
        return None

    @property
    def _steps_back(self) -> Iterator[tuple[Step, Step]]:
        """Of the steps of a year each with the one before it, the last first."""
        of_a_year = self._steps[max(0, self._number_of_year_ago - 1) :]
        return zip(reversed(of_a_year[:-1]), reversed(of_a_year[1:]), strict=True)

    def _carried(
        self, criteria: Sequence[Moved], indicators: Sequence[Moved], *, up: bool
    ) -> tuple[Moved | None, Moved | None]:
        """A criterion that moved the other way did not carry it, however far it moved."""
        carried_by = next((one for one in criteria if (one.by > 0) is up), None)
        if carried_by is None:
            return None, None
        below = self._method.tree.leaves_of(carried_by.key)
        return carried_by, next((one for one in indicators if one.key in below and (one.by > 0) is up), None)

    @property
    def _number_of_year_ago(self) -> int:
        """How many steps there were by then."""
        return bisect_right([step.day for step in self._steps], self.day - YEAR)

    @cached_property
    def _year_ago(self) -> Scores | None:
        number = self._number_of_year_ago
        return self._steps[number - 1].scores if number else None

    def _below(self, key: str, of_risk: float | None) -> list[Node]:
        """`of_risk`: what one point of this node is of the risk."""
        if key in self._method.tree.leaves:
            return []
        has_value = _value(self._method, self._found, key) is not None
        nodes = []
        for part in contributions(self._method.tree, self._found, key):
            is_told = has_value and part.child not in self.hidden
            share, points = (part.share, part.points) if is_told else (None, None)
            line = self._line(part.child, share, points, of_risk)
            one_point = None if of_risk is None or share is None else of_risk * share
            nodes.append(Node(line, self._below(part.child, one_point)))
        return nodes

    def _line(
        self, key: str, share: float | None = None, points: float | None = None, of_risk: float | None = None
    ) -> Line:
        tree, found = self._method.tree, self._found
        is_hidden, place = key in self.hidden, tree.positions[key]
        value = None if is_hidden else _value(self._method, found, key)
        is_leaf = key in tree.leaves
        coverage = None if is_leaf else float(found.coverage[place])
        gives = of_risk is not None and points is not None and share is not None
        return Line(
            key=key,
            name=self._names.get(key, key),
            value=value,
            level=None if value is None else level_of(value),
            low=None if is_leaf else known(float(found.low[place])),
            high=None if is_leaf else known(float(found.high[place])),
            coverage=coverage,
            thin=coverage is not None and self._method.is_thin(coverage),
            share=share,
            points=points,
            of_risk=(of_risk or 0.0) * (points or 0.0) if gives else None,
            most_of_risk=(of_risk or 0.0) * (share or 0.0) * tree.scale if gives else None,
            year_ago=None if self._year_ago is None or is_hidden else _value(self._method, self._year_ago, key),
        )

    def _known_otherwise(self, before: Scores) -> list[Moved]:
        told = []
        for key in _parts_in_risk(self._method, self._found):
            then, now = (_value(self._method, one, key) for one in (before, self._found))
            if (then is None) != (now is None):
                told.append(Moved(key, self._names.get(key, key), then, now))
        return told

    def _moved_criteria(self, before: Scores) -> list[Moved]:
        then, now = (_parts_in_risk(self._method, one) for one in (before, self._found))
        moved = [Moved(key, self._names.get(key, key), then[key], now[key]) for key in now]
        return sorted((one for one in moved if abs(one.by) >= LEAST_TOLD), key=lambda one: -abs(one.by))

    def _moved_indicators(self, before: Scores) -> list[Moved]:
        pairs = zip(self._method.tree.leaves, before.severity.tolist(), self._found.severity.tolist(), strict=True)
        moved = [Moved(key, self._names.get(key, key), known(then), known(now)) for key, then, now in pairs]
        moved = [one for one in moved if one.key not in self.hidden]
        changed = [one for one in moved if (one.before is None) != (one.now is None) or abs(one.by) >= LEAST_TOLD]
        return sorted(changed, key=lambda one: -abs(one.by))


def known(value: float) -> float | None:
    return None if math.isnan(value) else value


def _everything(node: Node) -> list[tuple[str, Node]]:
    return [(node.line.key, node), *(pair for part in node.parts for pair in _everything(part))]


def _parts_in_risk(method: Method, found: Scores) -> dict[str, float]:
    """By criterion: how many of the risk's points it gives."""
    parts = {}
    for dimension in contributions(method.tree, found, ROOT):
        for criterion in contributions(method.tree, found, dimension.child):
            parts[criterion.child] = dimension.share * criterion.points
    return parts


def _value(method: Method, found: Scores, key: str) -> float | None:
    return known(value_of(method.tree, found, key))
