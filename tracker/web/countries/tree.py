"""What is asked about a country, from the dimensions down to the indicators, with its score and its evidence.

It follows the catalogue, so that it stands where nothing was ever scored, and adds what an older method counts besides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.criterion import Dimension
from tracker.indicator import Voice
from tracker.method import ROOT, voice_key
from tracker.storage.watching import Criterion
from tracker.web.countries.evidence import Evidence, Measure, Unanswered
from tracker.web.countries.scores import CountryScores, Line
from tracker.web.windows import YEAR
from tracker.web.words import dimension_word, voice_word


@dataclass(frozen=True)
class Asked:
    """One indicator. It has a measure, or is unanswered, or is not asked any more and only the method counts it."""

    key: str
    name: str
    # None: the method does not count it, or nothing was ever scored.
    line: Line | None
    measure: Measure | None
    unanswered: Unanswered | None


@dataclass(frozen=True)
class Heard:
    """One voice of a criterion."""

    voice: Voice
    line: Line | None
    asked: Sequence[Asked]


@dataclass(frozen=True)
class Branch:
    """One criterion."""

    criterion: Criterion
    line: Line | None
    voices: Sequence[Heard]

    @property
    def asked(self) -> list[Asked]:
        return [one for voice in self.voices for one in voice.asked]

    @property
    def fresh(self) -> int:
        return sum(one.measure is not None and one.measure.fresh for one in self.asked)

    def grown_old(self, day: date) -> Measure | None:
        """The newest of what is fresh, where even that is older than a year. None: nothing is fresh, or it is newer."""
        fresh = [one.measure for one in self.asked if one.measure and one.measure.fresh]
        newest = max(fresh, key=lambda one: one.newest.observed_on, default=None)
        return newest if newest and newest.newest.observed_on < day - YEAR else None

    @property
    def has_withdrawn(self) -> bool:
        return any((one.measure or one.unanswered or _NOTHING).withdrawn_on for one in self.asked)


@dataclass(frozen=True)
class Limb:
    """One dimension."""

    dimension: Dimension
    line: Line | None
    branches: Sequence[Branch]


@dataclass(frozen=True)
class _Nothing:
    withdrawn_on: None = None


_NOTHING = _Nothing()


def country_tree(scores: CountryScores | None, criteria: Sequence[Criterion], evidence: Evidence) -> list[Limb]:
    return [
        Limb(
            dimension,
            _line(scores, dimension.value),
            [_branch(one, scores, evidence) for one in criteria if one.dimension is dimension],
        )
        for dimension in Dimension
    ]


def longest_bar(tree: Iterable[Limb]) -> float:
    """The most that any one line could give the risk: all bars share its scale."""
    lines = (line for limb in tree for line in (limb.line, *(branch.line for branch in limb.branches)))
    return max((line.most_of_risk for line in lines if line and line.most_of_risk), default=0.0)


def names_of(criteria: Iterable[Criterion], risk: str) -> dict[str, str]:
    """Of nodes and indicators, by key, in the reader's language."""
    names = {ROOT: risk} | {dimension.value: dimension_word(dimension) for dimension in Dimension}
    voices = {voice: voice_word(voice) for voice in Voice}
    for criterion in criteria:
        names[criterion.key] = criterion.name
        names |= {voice_key(criterion.key, voice): words for voice, words in voices.items()}
        names |= {indicator.key: indicator.name for indicator in criterion.indicators}
    return names


def _branch(criterion: Criterion, scores: CountryScores | None, evidence: Evidence) -> Branch:
    voices = [_heard(criterion, voice, scores, evidence) for voice in (Voice.CODED, Voice.PUBLISHED)]
    return Branch(criterion, _line(scores, criterion.key), [voice for voice in voices if voice.asked])


def _heard(criterion: Criterion, voice: Voice, scores: CountryScores | None, evidence: Evidence) -> Heard:
    key = voice_key(criterion.key, voice)
    asked = [
        Asked(
            *(one.key, one.name, _line(scores, one.key)),
            *(evidence.measures.get(one.key), evidence.unanswered.get(one.key)),
        )
        for one in criterion.indicators
        if one.voice is voice and not one.retired
    ]
    node = scores.by_key.get(key) if scores else None
    found = {one.key for one in asked}
    counted = [part.line for part in node.parts if part.line.key not in found] if node else []
    return Heard(voice, _line(scores, key), [*asked, *(Asked(one.key, one.name, one, None, None) for one in counted)])


def _line(scores: CountryScores | None, key: str) -> Line | None:
    node = scores.by_key.get(key) if scores else None
    return node.line if node else None
