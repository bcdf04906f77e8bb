"""How the scores of the countries of a digest stand, which of them moved since the last one, and which were lost.

What is compared is what the reader was told last of a country with what is to be seen now, so that many small steps
are told once they come to a move; of what they were never told, what was to be seen when that began. Where another
method came into force meanwhile, or the reader sees more or less than they did, it is what was to be seen then by the
one in force: else its change would look like one of the countries.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from tracker.access import Principal
from tracker.handling import Mark
from tracker.method import ROOT, Method
from tracker.news import Stood
from tracker.storage import methods, scores
from tracker.storage.base import Session
from tracker.storage.countries import Scope
from tracker.storage.scores import Now
from tracker.trail import nodes_of
from tracker.web.dashboard.ranking import Standing, standing_of
from tracker.workings import Scores

# So many decimals are kept of what was told.
KEPT_DECIMALS = 2

# A country and what of it a score is of.
Scored = tuple[str, str]


@dataclass(frozen=True)
class Move:
    """A score that is another one, by more than its interval explains."""

    iso3: str
    node: str
    before: float
    now: Standing

    @property
    def by(self) -> float:
        return (self.now.score or 0.0) - self.before


@dataclass(frozen=True)
class Lost:
    """Scores that there were, and for which too little is fresh now."""

    iso3: str
    # The whole, if it is among them, first.
    nodes: Sequence[str]


@dataclass(frozen=True)
class ScoreNews:
    # None: none is in force yet, and there are no scores.
    method: tuple[int, Method] | None = None
    now: Mapping[str, Now] = field(default_factory=dict)
    then: Mapping[str, Scores] = field(default_factory=dict)
    # By country, in the order of the nodes: as they were told last, by the same method and for the same clearance.
    told: Mapping[str, Sequence[float | None]] = field(default_factory=dict)
    # Another method than then is in force.
    is_other_method: bool = False

    def standing(self, iso3: str, node: str) -> Standing | None:
        """None: nothing of it that the reader may see was ever scored."""
        if self.method is None or iso3 not in self.now:
            return None
        return standing_of(self.method[1], node, self.now[iso3])

    def risk(self, iso3: str) -> float:
        """By which countries are put in order; 0: not enough is known of it."""
        whole = self.standing(iso3, ROOT)
        return (whole.score if whole else None) or 0.0

    def has_node(self, key: str) -> bool:
        return self.method is not None and key in nodes_of(self.method[1].tree)

    @property
    def criteria(self) -> list[str]:
        """By key, in the order of the tree."""
        if self.method is None:
            return []
        children = {branch.key: branch.children for branch in self.method[1].tree.branches}
        return [key for dimension in children[ROOT] for key in children[dimension]]

    @cached_property
    def nodes(self) -> list[str]:
        """Of which changes may be told."""
        return [ROOT, *self.criteria]

    def moves(self, nodes: Sequence[str]) -> list[Move]:
        """Of each country the whole, if it is asked for and moved, or else what moved most; the largest first."""
        found = [max(those, key=_weight) for iso3 in self._both() if (those := self._moves_of(iso3, nodes))]
        return sorted(found, key=lambda move: (-abs(move.by), move.iso3))

    def lost(self, nodes: Sequence[str]) -> list[Lost]:
        """Where most was lost first."""
        found = [Lost(iso3, gone) for iso3 in self._both() if (gone := self._gone(iso3, nodes))]
        return sorted(found, key=lambda one: (one.nodes[0] != ROOT, -len(one.nodes), one.iso3))

    def kept(self, told: Collection[Scored]) -> dict[str, list[float | None]]:
        """What the next digest compares with. `told`: by this one; the others stay what they were told as before."""
        return {iso3: [self._kept(iso3, node, told) for node in self.nodes] for iso3 in sorted(self.now)}

    def mark(self) -> Mark:
        """The highest that anything behind these scores bears."""
        return max((one.handling for one in self.now.values()), default=Mark.CLEAR)

    def _both(self) -> list[str]:
        return sorted(self.now.keys() & (self.then.keys() | self.told.keys()))

    def _moves_of(self, iso3: str, nodes: Sequence[str]) -> list[Move]:
        return [move for node in nodes if (move := self._move(iso3, node))]

    def _move(self, iso3: str, node: str) -> Move | None:
        before, one = self._before(iso3, node), self.standing(iso3, node)
        if one is None or before is None or one.low is None or one.high is None:
            return None
        low, was, high = (round(value, KEPT_DECIMALS) for value in (one.low, before, one.high))
        return None if low <= was <= high else Move(iso3, node, before, one)

    def _gone(self, iso3: str, nodes: Sequence[str]) -> list[str]:
        now = self.now[iso3].scores
        return [node for node in nodes if self._value(now, node) is None and self._before(iso3, node) is not None]

    def _before(self, iso3: str, node: str) -> float | None:
        if iso3 in self.told:
            return self.told[iso3][self.nodes.index(node)]
        return self._value(self.then[iso3], node) if iso3 in self.then else None

    def _kept(self, iso3: str, node: str, told: Collection[Scored]) -> float | None:
        now, before = self._value(self.now[iso3].scores, node), self._before(iso3, node)
        value = now if now is None or before is None or (iso3, node) in told else before
        return None if value is None else round(value, KEPT_DECIMALS)

    def _value(self, found: Scores, node: str) -> float | None:
        assert self.method is not None, "there are no scores without one"
        value = float(found.values[self.method[1].tree.positions[node]])
        return None if math.isnan(value) else value


def score_news(
    session: Session,
    method: tuple[int, Method] | None,
    reader: Principal,
    covered: Scope,
    since: datetime,
    stood: Stood | None = None,
) -> ScoreNews:
    """`method`: the one in force. `covered`: the countries that it is about, as far as the reader reaches.
    `stood`: how things stood when they were told last."""
    if method is None:
        return ScoreNews()
    number, tree = method[0], method[1].tree
    begun = [one.since for one in methods.ever_in_force(session) if one.number == number]
    is_other = methods.number_in_force(session, since) not in (None, number)
    # what it says of that day, as it was known when it came into force
    known = max(since, *begun) if is_other else since
    now = scores.now(session, number, tree, reader.clearance, covered)
    then = scores.on_day(session, number, tree, reader.clearance, covered, day=since.date(), known=known)
    is_same = stood is not None and (stood.method, stood.clearance) == (number, reader.clearance)
    return ScoreNews(method, now, then, stood.scores if stood and is_same else {}, is_other)


def _weight(move: Move) -> tuple[bool, float]:
    return move.node == ROOT, abs(move.by)
