"""What happened to flags, gathered by where it belongs: a situation, or a country outside of any."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.news import Step, Turn
from tracker.storage.conclusions import Situation
from tracker.web.dashboard.ranking import Standing
from tracker.web.digests.flags import Turned
from tracker.web.digests.reach import Reach
from tracker.web.digests.scores import ScoreNews


@dataclass(frozen=True)
class Case:
    """What took one turn in one place."""

    iso3: str
    turn: Turn
    # The worst first; never empty.
    flags: Sequence[Turned]
    # None: there is none that is open and that the reader may know of.
    situation: Situation | None
    # What the worst flag speaks of, or else the whole.
    node: str
    # None: nothing of it was ever scored.
    standing: Standing | None

    @property
    def severity(self) -> int:
        return self.flags[0].severity

    @property
    def is_risen(self) -> bool:
        return self.flags[0].is_risen


@dataclass(frozen=True)
class Late:
    """A step that is overdue."""

    situation: Situation
    # Empty: nobody is in charge.
    owner: str


def cases(happened: Iterable[Turned], reach: Reach, scores: ScoreNews) -> list[Case]:
    """The most urgent first: of what is equally grave the new, where the country stands worst, then as it happened."""
    together: dict[tuple[Turn, int | None, str], list[Turned]] = defaultdict(list)
    for one in happened:
        number = one.flag.situation_id if one.flag.situation_id in reach.known else None
        together[one.turn, number, one.flag.iso3].append(one)
    found = [_case(turn, number, flags, reach, scores) for (turn, number, _), flags in together.items()]
    return sorted(found, key=lambda case: _order(case, scores))


def _order(case: Case, scores: ScoreNews) -> tuple[bool, int, bool, float]:
    return not case.is_risen, -case.severity, case.turn is not Turn.NEW, -scores.risk(case.iso3)


def step(situation: Situation) -> Step:
    return situation.id, situation.due_on or date.max


def said_of(found: Iterable[Case]) -> list[int]:
    """The events whose words are told."""
    return [case.flags[0].flag.said.id for case in found]


def _case(turn: Turn, number: int | None, flags: Sequence[Turned], reach: Reach, scores: ScoreNews) -> Case:
    worst = flags[0].flag
    node = reach.node_of(worst, scores)
    situation = None if number is None else reach.known[number]
    return Case(worst.iso3, turn, flags, situation, node, scores.standing(worst.iso3, node))


Said = Mapping[int, Mapping[str, object]]
"""By event: what was said of a flag."""
