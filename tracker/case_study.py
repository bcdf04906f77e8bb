"""What was seen and when, what was decided and done, what followed, and what was learnt: one case, for the next one.

A closed situation is told once from what is recorded; a case of the past is written by hand. What is recorded can be
filled in by the product; what was learnt is written by a person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from tracker.assessment import Crime, Fault, Stage
from tracker.handling import Mark
from tracker.measure import MeasureKind
from tracker.refusal import N_

LONGEST_TITLE = 200
LONGEST_TEXT = 8000
LONGEST_REASON = 1000


class Part(StrEnum):
    """The six texts of a case, in the order in which they are read."""

    SEEN = "seen"
    KNOWN = "known"
    DECIDED = "decided"
    DONE = "done"
    FOLLOWED = "followed"
    LEARNT = "learnt"


# Without these it teaches nobody anything.
NEEDED = (Part.SEEN, Part.LEARNT)


@dataclass(frozen=True)
class Case:
    """All that a person can write of it."""

    title: str
    began_on: date
    # None: nobody can say when it was over.
    ended_on: date | None = None
    # None: of no country of today; then `place` says where it was.
    iso3: str | None = None
    place: str = ""
    # None: nobody said.
    stage: Stage | None = None
    crimes: tuple[Crime, ...] = ()
    # Keys of the catalogue.
    criteria: tuple[str, ...] = ()
    kinds: tuple[MeasureKind, ...] = ()
    # Empty ones may be left out.
    texts: Mapping[Part, str] = field(default_factory=dict)
    # Where all of it can be read, a line each.
    sources: tuple[str, ...] = ()

    def text(self, part: Part) -> str:
        return self.texts.get(part, "")

    def kept(self) -> dict[str, Any]:
        """In JSON's own types."""
        return {
            "title": self.title,
            "began_on": self.began_on.isoformat(),
            "ended_on": self.ended_on.isoformat() if self.ended_on else None,
            "iso3": self.iso3,
            "place": self.place,
            "stage": self.stage,
            "crimes": sorted(self.crimes),
            "criteria": sorted(self.criteria),
            "kinds": sorted(self.kinds),
            "texts": {part.value: self.text(part) for part in Part},
            "sources": list(self.sources),
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Case":
        return cls(
            title=kept["title"],
            began_on=date.fromisoformat(kept["began_on"]),
            ended_on=date.fromisoformat(kept["ended_on"]) if kept["ended_on"] else None,
            iso3=kept["iso3"],
            place=kept["place"],
            stage=Stage(kept["stage"]) if kept["stage"] else None,
            crimes=tuple(Crime(crime) for crime in kept["crimes"]),
            criteria=tuple(kept["criteria"]),
            kinds=tuple(MeasureKind(kind) for kind in kept["kinds"]),
            texts={Part(part): text for part, text in kept["texts"].items()},
            sources=tuple(kept["sources"]),
        )


@dataclass(frozen=True)
class Said:
    """A case as it was told at one time, and who may read it."""

    case: Case
    handling: Mark
    is_withdrawn: bool = False


_NO_TITLE = N_("Give it a title by which somebody finds it again.")
_LONG_TITLE = N_("Enter at most 200 characters.")
_LONG_TEXT = N_("Enter at most 8000 characters.")
_NOT_YET = N_("Enter a day that is not to come.")
_ENDS_BEFORE = N_("Enter a day that is not before it began.")
_ONE_PLACE = N_("Choose a country, or leave it open and say here where it was.")
_NEEDED = {
    Part.SEEN: N_("Say what was seen: without it nobody can tell whether their case is like this one."),
    Part.LEARNT: N_("Say what was learnt: that is written by a person, and it is what others come for."),
}


def faults(case: Case, today: date) -> list[Fault]:
    """What keeps it from being told, and at which of its fields."""
    found = []
    if not case.title:
        found.append(Fault("title", _NO_TITLE))
    found += [Fault(name, _LONG_TITLE) for name in ("title", "place") if len(getattr(case, name)) > LONGEST_TITLE]
    if case.iso3 and case.place:
        found.append(Fault("place", _ONE_PLACE))
    found += [Fault(name, _NOT_YET) for name in ("began_on", "ended_on") if (getattr(case, name) or today) > today]
    if case.ended_on and case.ended_on < case.began_on:
        found.append(Fault("ended_on", _ENDS_BEFORE))
    found += [Fault(part.value, _NEEDED[part]) for part in NEEDED if not case.text(part)]
    found += [Fault(part.value, _LONG_TEXT) for part in Part if len(case.text(part)) > LONGEST_TEXT]
    if len("\n".join(case.sources)) > LONGEST_TEXT:
        found.append(Fault("sources", _LONG_TEXT))
    return found


class Difference(StrEnum):
    """What can become different from one telling to the next, in the order in which it is told."""

    WITHDRAWN = "withdrawn"
    PUT_BACK = "put_back"
    TITLE = "title"
    PLACE = "place"
    DAYS = "days"
    STAGE = "stage"
    CRIMES = "crimes"
    CRITERIA = "criteria"
    KINDS = "kinds"
    TEXTS = "texts"
    SOURCES = "sources"
    MARK = "mark"


def differences(before: Said, after: Said) -> list[Difference]:
    old, new = before.case, after.case
    changed = {
        Difference.WITHDRAWN: after.is_withdrawn and not before.is_withdrawn,
        Difference.PUT_BACK: before.is_withdrawn and not after.is_withdrawn,
        Difference.TITLE: old.title != new.title,
        Difference.PLACE: (old.iso3, old.place) != (new.iso3, new.place),
        Difference.DAYS: (old.began_on, old.ended_on) != (new.began_on, new.ended_on),
        Difference.STAGE: old.stage is not new.stage,
        Difference.CRIMES: set(old.crimes) != set(new.crimes),
        Difference.CRITERIA: set(old.criteria) != set(new.criteria),
        Difference.KINDS: set(old.kinds) != set(new.kinds),
        Difference.TEXTS: any(old.text(part) != new.text(part) for part in Part),
        Difference.SOURCES: old.sources != new.sources,
        Difference.MARK: before.handling != after.handling,
    }
    return [difference for difference in Difference if changed[difference]]


@dataclass(frozen=True)
class Edit:
    """What went out of a text and what came in instead, each as it stood there; empty: nothing."""

    out: str
    into: str


def edits(before: str, after: str) -> list[Edit]:
    """By whole words, so that what is told can be read. Line breaks alone are no difference."""
    old, new = before.split(), after.split()
    matched = SequenceMatcher(None, old, new, autojunk=False)
    return [
        Edit(" ".join(old[first:last]), " ".join(new[start:stop]))
        for told, first, last, start, stop in matched.get_opcodes()
        if told != "equal"
    ]
