"""How do regions and organisations compare: what is known of them, how they stand, and how soon somebody acts?"""

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean

from tracker.access import Principal
from tracker.country import GroupKind
from tracker.exchange.sheets import Cell
from tracker.method import ROOT
from tracker.moment import Moment
from tracker.response_time import Spent, Step
from tracker.score import Level, level_of
from tracker.situation import is_overdue
from tracker.storage import scores, situations
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation
from tracker.storage.watching import Group
from tracker.web.country_choice import Wanted, chosen_countries
from tracker.web.csv_file import sheet
from tracker.web.frame import frame
from tracker.web.response_times.page import all_waits, by_country, groups_among, spent_by_step, waits_in
from tracker.web.words import country_name

CSV_COLUMNS = (
    *("group", "name", "kind", "countries", "share_fresh", *(level.name.lower() for level in reversed(Level))),
    *("not_enough_evidence", "open_situations", "overdue", "median_days_to_a_verdict", "median_days_to_a_decision"),
    *("median_days_to_a_measure", "still_waiting"),
)


@dataclass(frozen=True)
class Asked:
    """All of it stands in the address. What cannot be understood narrows nothing."""

    kind: GroupKind = GroupKind.ORGANISATION
    everyone: bool = False

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> "Asked":
        kind = arguments.get("kind", "")
        return cls(
            GroupKind(kind) if kind in set(GroupKind) else GroupKind.ORGANISATION, arguments.get("who", "") == "all"
        )

    def as_arguments(self) -> dict[str, str]:
        wanted = {
            "kind": "" if self.kind is GroupKind.ORGANISATION else self.kind.value,
            "who": "all" if self.everyone else "",
        }
        return {name: value for name, value in wanted.items() if value}


@dataclass(frozen=True)
class Region:
    group: Group
    # Of its countries, how many the page is about.
    countries: int
    # The share of what is asked that is fresh, on the average of its countries.
    coverage: float
    # How many stand at which level; under None those of which too little is known.
    counts: Mapping[Level | None, int]
    open: int
    overdue: int
    spent: Mapping[Step, Spent]


@dataclass(frozen=True)
class Regions:
    asked: Asked
    # The reader has been given no country at all.
    reaches_nothing: bool
    # By name.
    rows: Sequence[Region]


def regions(session: Session, asked: Asked, reader: Principal, moment: Moment) -> Regions:
    """As things stand now."""
    chosen = {one.iso3 for one in chosen_countries(Wanted(everyone=asked.everyone), reader)}
    standings = _standings(session, chosen, reader)
    waits = by_country(all_waits(session, reader, moment))
    is_open = situations.open_at(session, reader.scope, reader.clearance, moment.done_by)
    rows = [
        Region(
            group=group,
            countries=len(members),
            coverage=fmean(standings.get(iso3, _UNKNOWN)[1] for iso3 in members),
            counts=_counts(members, standings),
            open=sum(one.iso3 in members for one in is_open),
            overdue=_overdue(is_open, members, moment.day),
            spent=spent_by_step(waits_in(members, waits), moment.day),
        )
        for group, members in groups_among(chosen, asked.kind)
    ]
    return Regions(asked, reader.scope == frozenset(), rows)


def regions_as_csv(page: Regions, moment: Moment) -> str:
    return sheet(CSV_COLUMNS, [_cells(row) for row in page.rows], moment)


_UNKNOWN: tuple[Level | None, float] = (None, 0.0)


def _standings(
    session: Session, chosen: Collection[str], reader: Principal
) -> Mapping[str, tuple[Level | None, float]]:
    """By country its level, None being not enough evidence, and the share of what is asked that is fresh."""
    method = frame().method
    if method is None or not chosen:
        return {}
    number, tree = method[0], method[1].tree
    root = tree.positions[ROOT]
    found = scores.alone(session, number, tree, reader.clearance, chosen)
    values = {iso3: (float(one.values[root]), float(one.coverage[root])) for iso3, one in found.items()}
    return {iso3: (None if math.isnan(value) else level_of(value), share) for iso3, (value, share) in values.items()}


def _counts(
    members: Collection[str], standings: Mapping[str, tuple[Level | None, float]]
) -> Mapping[Level | None, int]:
    """The worst first."""
    found = Counter(standings.get(iso3, _UNKNOWN)[0] for iso3 in members)
    return {level: found[level] for level in (*reversed(Level), None) if found[level]}


def _overdue(is_open: Sequence[Situation], members: Collection[str], today: date) -> int:
    return sum(one.iso3 in members and is_overdue(one.due_on, today) for one in is_open)


def _cells(row: Region) -> list[Cell]:
    levels: list[Cell] = [row.counts.get(level, 0) for level in (*reversed(Level), None)]
    medians = [row.spent[step].median for step in Step]
    days: list[Cell] = [None if median is None else median.number for median in medians]
    waiting = sum(len(one.waiting) for one in row.spent.values())
    named: list[Cell] = [row.group.key, country_name(row.group), row.group.kind.value, row.countries]
    return [*named, round(row.coverage, 4), *levels, row.open, row.overdue, *days, waiting]
