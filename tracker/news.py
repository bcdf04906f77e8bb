"""What is new to somebody: how a flag stood when they last looked, and how it stands now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from tracker.handling import Mark

# From when somebody does a thing until everybody sees it: to wait for others and to write takes no longer.
WRITTEN_WITHIN = timedelta(minutes=2)

# A step of a situation, by the day until which it would have been in time.
Step = tuple[int, date]
# A request for assistance, and what had become of it.
Call = tuple[int, str]
# A measure, by its number, with its state or the day since which it has been overdue.
Measured = tuple[int, str]
# One of the days of an occasion, by its number.
Day = tuple[int, date]
# Of what was told before the days themselves were kept: whichever it was.
_SOME_DAY = date.min


class Turn(StrEnum):
    NEW = "new"
    WORSENED = "worsened"
    EASED = "eased"
    CLEARED = "cleared"


def turn_between(before: int, now: int) -> Turn | None:
    """By severity, 0 being no open flag. None: nothing that they would have to be told.

    What was raised and is over again before they looked is no news: it needs nobody any more.
    """
    if before == now:
        return None
    if not before:
        return Turn.NEW
    if not now:
        return Turn.CLEARED
    return Turn.WORSENED if now > before else Turn.EASED


@dataclass(frozen=True)
class Stood:
    """How things stood when somebody was last told of them, all by their numbers.

    What differs from it is news, whenever it was recorded. So nothing is lost between two tellings, or told twice: not
    what was still being written down at the time, nor by a clock that was wrong, nor what they may see only now.
    """

    # The flags that were open, with their severities.
    flags: Mapping[int, int] = field(default_factory=dict)
    # The steps that were overdue.
    late: frozenset[Step] = frozenset()
    # The days to come that they knew of.
    days: frozenset[Day] = frozenset()
    # The situations in their charge.
    charges: frozenset[int] = frozenset()
    # The requests for assistance that they knew of.
    calls: frozenset[Call] = frozenset()
    # The measures that they knew of, and how those stood.
    measures: frozenset[Measured] = frozenset()
    # The events that said so of what stood at alarm. None: nobody asked for them.
    alarms: frozenset[int] | None = None
    # By country, in the order of a method's nodes: the score that they were told last, or that there was when they
    # began to be told. None: there was none.
    scores: Mapping[str, Sequence[float | None]] = field(default_factory=dict)
    # The number of that method. 0: no scores were looked at.
    method: int = 0
    # Up to which mark they saw all this, and when. None: nobody said so.
    clearance: Mark = Mark.RED
    at: datetime | None = None

    def knows(self, number: int, day: date) -> bool:
        return (number, day) in self.days or (number, _SOME_DAY) in self.days

    @property
    def days_told(self) -> list[Day]:
        """In order."""
        return sorted(one for one in self.days if one[1] != _SOME_DAY)

    def as_kept(self) -> dict[str, Any]:
        return {
            "flags": {str(number): severity for number, severity in sorted(self.flags.items())},
            "late": [[number, due_on.isoformat()] for number, due_on in sorted(self.late)],
            "days": [[number, day.isoformat()] for number, day in self.days_told],
            "charges": sorted(self.charges),
            "calls": sorted(self.calls),
            "measures": sorted(self.measures),
            "alarms": None if self.alarms is None else sorted(self.alarms),
            "scores": {iso3: list(points) for iso3, points in sorted(self.scores.items())},
            "method": self.method,
            "clearance": int(self.clearance),
            "at": self.at.isoformat() if self.at else "",
        }

    @classmethod
    def from_kept(cls, kept: Mapping[str, Any]) -> "Stood":
        return cls(
            {int(number): severity for number, severity in kept["flags"].items()},
            frozenset((number, date.fromisoformat(due_on)) for number, due_on in kept["late"]),
            frozenset((number, date.fromisoformat(day)) for number, day in kept.get("days", ()))
            | frozenset((number, _SOME_DAY) for number in kept.get("occasions", ())),
            frozenset(kept["charges"]),
            # told before there were any
            frozenset((number, state) for number, state in kept.get("calls", ())),
            frozenset((number, stood) for number, stood in kept.get("measures", ())),
            None if kept.get("alarms") is None else frozenset(kept["alarms"]),
            {iso3: tuple(points) for iso3, points in kept.get("scores", {}).items()},
            kept.get("method", 0),
            Mark(kept["clearance"]),
            datetime.fromisoformat(kept["at"]) if kept["at"] else None,
        )
