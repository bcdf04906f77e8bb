"""What the invented archipelago is made of, read from archipelago.toml.

The file is part of the product and held by tests; so it is read plainly, not examined line by line.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from tracker.access import Role
from tracker.catalogue.places import Places
from tracker.country import Country, Group, GroupKind
from tracker.handling import Mark
from tracker.occasion import OccasionKind

FILE = Path(__file__).with_name("archipelago.toml")
HOME = "archipelago.example"
SAID_BY = "invented for demonstration"
FOUNDED = date(2020, 1, 1)
NEVER_CODED = "-"


@dataclass(frozen=True)
class Colleague:
    """One of the invented people, named by role only."""

    key: str
    name: str
    roles: frozenset[Role]
    clearance: Mark

    @property
    def address(self) -> str:
        return f"{self.key}@{HOME}"


@dataclass(frozen=True)
class InventedSource:
    key: str
    name: str
    reliability: str
    credibility: int
    handling: Mark
    attributable: bool
    # The criteria for which an analyst turns to it first.
    covers: frozenset[str]
    # It speaks instead of the usual source once in so many; None: never.
    one_in: int | None

    @property
    def address(self) -> str:
        return f"https://{HOME}/{self.key}"


@dataclass(frozen=True)
class Note:
    """Told with the first observation of its month or after."""

    month: int
    indicator: str
    text: str


@dataclass(frozen=True)
class Silence:
    """From the end of that month on, nothing of the criterion is fresh."""

    criterion: str
    after_month: int


@dataclass(frozen=True)
class Isle:
    """One invented country and how it fares over the 24 months."""

    country: Country
    latitude: float
    longitude: float
    # Who usually codes it.
    coded_by: str
    # By indicator: from which month on it stands at which level. What is missing was never coded.
    course: Mapping[str, Mapping[int, int]]
    notes: tuple[Note, ...]
    # None: somebody looks at everything.
    silence: Silence | None

    @property
    def iso3(self) -> str:
        return self.country.iso3

    def level(self, indicator: str, month: int) -> int:
        changes = self.course[indicator]
        return changes[max(start for start in changes if start <= month)]


@dataclass(frozen=True)
class Submitted:
    """What an analyst says in the month of loading, and what waits for a second person."""

    by: str
    iso3: str
    indicator: str
    # How many levels above the newest one; None: nobody could tell.
    moves: int | None = None
    # Of a correction, the source stays; its key is empty.
    source: str = ""
    note: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Coming:
    """A day on which things may come to a head."""

    iso3: str
    kind: OccasionKind
    name: str
    # After the day of loading.
    in_days: int
    handling: Mark


@dataclass(frozen=True)
class Archipelago:
    people: tuple[Colleague, ...]
    sources: tuple[InventedSource, ...]
    isles: tuple[Isle, ...]
    groups: tuple[Group, ...]
    submitted: tuple[Submitted, ...]
    corrected: tuple[Submitted, ...]
    coming: tuple[Coming, ...]

    @cached_property
    def places(self) -> Places:
        return Places(tuple(isle.country for isle in self.isles), self.groups)

    @cached_property
    def usual_sources(self) -> dict[str, InventedSource]:
        """By criterion."""
        return {criterion: source for source in self.sources for criterion in source.covers}


def read_archipelago() -> Archipelago:
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    columns = {indicator: line.split() for indicator, line in content["first_levels"].items()}
    return Archipelago(
        people=tuple(_colleague(entry) for entry in content["person"]),
        sources=tuple(_source(entry) for entry in content["source"]),
        isles=tuple(
            _isle(entry, {indicator: levels[position] for indicator, levels in columns.items()})
            for position, entry in enumerate(content["country"])
        ),
        groups=tuple(_group(entry) for entry in content["group"]),
        submitted=tuple(Submitted(**entry) for entry in content["submitted"]),
        corrected=tuple(Submitted(**entry) for entry in content["corrected"]),
        coming=tuple(_coming(entry) for entry in content["coming"]),
    )


def _colleague(entry: Mapping[str, Any]) -> Colleague:
    roles = frozenset(Role(role) for role in entry["roles"])
    return Colleague(entry["key"], entry["name"], roles, Mark[entry["clearance"]])


def _source(entry: Mapping[str, Any]) -> InventedSource:
    reliability, credibility = entry["grade"]
    return InventedSource(
        key=entry["key"],
        name=entry["name"],
        reliability=reliability,
        credibility=int(credibility),
        handling=Mark[entry["handling"]],
        attributable=entry["attributable"],
        covers=frozenset(entry["covers"]),
        one_in=entry.get("one_in"),
    )


def _isle(entry: Mapping[str, Any], first_levels: Mapping[str, str]) -> Isle:
    return Isle(
        country=Country(entry["iso3"], entry["iso2"], numeric=None, names=entry["names"], un_member=False),
        latitude=entry["latitude"],
        longitude=entry["longitude"],
        coded_by=entry["coded_by"],
        course={
            indicator: {1: int(first)} | _changes(entry["course"].get(indicator, {}))
            for indicator, first in first_levels.items()
            if first != NEVER_CODED
        },
        notes=tuple(Note(**note) for note in entry["note"]),
        silence=Silence(**entry["silence"]) if "silence" in entry else None,
    )


def _changes(written: Mapping[str, int]) -> dict[int, int]:
    return {int(month): level for month, level in written.items()}


def _coming(entry: Mapping[str, Any]) -> Coming:
    return Coming(**{**entry, "kind": OccasionKind(entry["kind"]), "handling": Mark[entry["handling"]]})


def _group(entry: Mapping[str, Any]) -> Group:
    return Group(
        key=entry["key"],
        kind=GroupKind.ORGANISATION,
        names=entry["names"],
        members=tuple(entry["members"]),
        source=SAID_BY,
        address=f"https://{HOME}/",
        as_of=FOUNDED,
        note=None,
    )
