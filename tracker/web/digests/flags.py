"""Which flags are news to the reader of a digest: how each stood when they were last told, and how it stands now."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tracker.handling import Mark
from tracker.indicator import Voice
from tracker.method import voice_key
from tracker.news import Turn, turn_between
from tracker.storage.news import StandingFlag
from tracker.web.frame import Frame


@dataclass(frozen=True)
class Turned:
    """A flag that is not what it was."""

    flag: StandingFlag
    # Its severity when they were last told; 0: there was none.
    before: int
    turn: Turn
    # The highest of what it is and of what it was.
    handling: Mark

    @property
    def is_risen(self) -> bool:
        return self.turn in (Turn.NEW, Turn.WORSENED)

    @property
    def severity(self) -> int:
        """The one it has; of one that is cleared, the one it had."""
        return self.flag.severity or self.before


def severities(flags: Iterable[StandingFlag]) -> dict[int, int]:
    """Of those that are open, by their numbers."""
    return {flag.id: flag.severity for flag in flags if flag.severity}


def severities_at(flags: Iterable[StandingFlag], moment: datetime) -> dict[int, int]:
    """The same, as they stood then."""
    return severities(then for flag in flags if (then := flag.as_of(date.max, moment)))


def turned(flags: Iterable[StandingFlag], before: Mapping[int, int]) -> list[Turned]:
    """What is new or worse before what eased or ended, and then the worst first.

    One that ended and was raised anew meanwhile is the same to whoever has not looked.
    """
    return in_order(one for those in alike(flags) if (one := _turned(those, before)))


def in_order(found: Iterable[Turned]) -> list[Turned]:
    return sorted(found, key=lambda one: (not one.is_risen, -one.severity, -one.flag.said.at.timestamp(), one.flag.id))


def alike(flags: Iterable[StandingFlag]) -> list[list[StandingFlag]]:
    """By what they say, in their order: one that ended and was raised anew is another row."""
    found: dict[tuple[str, str, str], list[StandingFlag]] = defaultdict(list)
    for flag in flags:
        found[flag.iso3, flag.rule_key, flag.subject].append(flag)
    return list(found.values())


def criteria_of_subjects(frame: Frame) -> dict[str, str]:
    """By what a flag may be about: its criterion. What is about the whole, or about a day, has none."""
    found = {criterion.key: criterion.key for criterion in frame.every_criterion}
    found |= {voice_key(key, voice): key for key in list(found) for voice in Voice}
    return found | {indicator.key: indicator.criterion_key for indicator in frame.every_indicator}


def _turned(those: Sequence[StandingFlag], before: Mapping[int, int]) -> Turned | None:
    known = [flag for flag in those if before.get(flag.id)]
    was = max((before[flag.id] for flag in known), default=0)
    newest = max(those, key=lambda flag: (flag.severity > 0, flag.opened_at, flag.id))
    turn = turn_between(was, newest.severity)
    mark = Mark(max(flag.said.handling for flag in (newest, *known)))
    return None if turn is None else Turned(newest, was, turn, mark)
