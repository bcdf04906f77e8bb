"""How long does it take from a warning to an answer? What was asked for in the address, and what answers it."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from tracker.access import Principal
from tracker.country import GroupKind, sort_key
from tracker.exchange.sheets import Cell
from tracker.moment import Moment
from tracker.response_time import Days, Spent, Step, Wait, longest_waiting, spent_on
from tracker.storage import response_times
from tracker.storage.base import Session
from tracker.storage.response_times import Within
from tracker.storage.watching import Country, Group
from tracker.web.country_choice import Wanted, chosen_countries
from tracker.web.csv_file import sheet
from tracker.web.frame import frame
from tracker.web.windows import USUAL, Window, first_day, window_asked_for
from tracker.web.words import country_name

CSV_COLUMNS = (
    *("place", "key", "step", "raised_since", "taken", "waiting", "over_before", "median_days", "median_is_at_least"),
    *("lower_quartile_days", "upper_quartile_days", "longest_waiting_days", "waiting_since"),
)


class By(StrEnum):
    """What a row is about."""

    REGION = ""
    ORGANISATION = "organisation"
    COUNTRY = "country"


@dataclass(frozen=True)
class Asked:
    """All of it stands in the address. What cannot be understood narrows nothing."""

    places: Wanted
    by: By = By.REGION
    window: Window = USUAL

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> "Asked":
        by = arguments.get("by", "")
        return cls(Wanted.read(arguments), By(by) if by in set(By) else By.REGION, window_asked_for(arguments))

    def as_arguments(self) -> dict[str, str]:
        asked = {"by": self.by.value, "window": "" if self.window is USUAL else self.window.value}
        return self.places.as_arguments() | {name: value for name, value in asked.items() if value}


@dataclass(frozen=True)
class Row:
    name: str
    # Of the country or the group. Empty: in no region.
    key: str
    spent: Mapping[Step, Spent]

    @property
    def is_empty(self) -> bool:
        return not any(one.number or one.over for one in self.spent.values())


@dataclass(frozen=True)
class ResponseTimes:
    asked: Asked
    moment: Moment
    # The reader has been given no country at all.
    reaches_nothing: bool
    # Of what was raised from that day on. None: of all that ever was.
    first: date | None
    whole: Mapping[Step, Spent]
    # The slowest to decide first; where nothing was ever waited for, no row.
    rows: Sequence[Row]
    # What still waits, what began first at the beginning; with how many flags of that day wait together.
    waiting: Sequence[tuple[Wait, int]]
    countries: Mapping[str, Country]

    @property
    def arguments(self) -> dict[str, str]:
        """Of this very page, for an address."""
        return self.asked.as_arguments() | self.moment.as_arguments()

    @property
    def is_empty(self) -> bool:
        return not any(one.number or one.over for one in self.whole.values())


def times_of(session: Session, asked: Asked, reader: Principal, moment: Moment) -> ResponseTimes:
    chosen = {one.iso3: one for one in chosen_countries(asked.places, reader)}
    first = first_day(asked.window, moment.day)
    waits = [wait for wait in all_waits(session, reader, moment, asked.window) if wait.iso3 in chosen]
    if asked.by is By.REGION and chosen and not groups_among(chosen.keys(), GroupKind.UN_SUBREGION):
        # nobody divides these countries into regions
        asked = replace(asked, by=By.COUNTRY)
    of_country = by_country(waits)
    rows = [
        Row(name, key, spent_by_step(waits_in(members, of_country), moment.day))
        for name, key, members in _places(asked.by, chosen)
    ]
    return ResponseTimes(
        asked=asked,
        moment=moment,
        reaches_nothing=reader.scope == frozenset(),
        first=first,
        whole=spent_by_step(waits, moment.day),
        rows=sorted((row for row in rows if not row.is_empty), key=_slowest_first),
        waiting=list(Counter(longest_waiting(waits)).items()),
        countries=chosen,
    )


def all_waits(session: Session, reader: Principal, moment: Moment, window: Window = USUAL) -> list[Wait]:
    """In three questions, of what was raised or opened within that time."""
    within = Within(since=first_day(window, moment.day))
    of_reader = reader.scope, reader.clearance, moment.done_by, within
    flags = response_times.looked_into(session, *of_reader)
    return response_times.waits(flags, response_times.cases(session, *of_reader))


def by_country(waits: Iterable[Wait]) -> Mapping[str, Sequence[Wait]]:
    found: dict[str, list[Wait]] = {}
    for wait in waits:
        found.setdefault(wait.iso3, []).append(wait)
    return found


def waits_in(members: Iterable[str], of_country: Mapping[str, Sequence[Wait]]) -> list[Wait]:
    return [wait for iso3 in members for wait in of_country.get(iso3, ())]


def spent_by_step(waits: Collection[Wait], today: date) -> dict[Step, Spent]:
    return {step: spent_on(waits, step, today) for step in Step}


def times_as_csv(page: ResponseTimes) -> str:
    """What is seen, a line for each row and step, the whole first."""
    whole = Row("", "", page.whole)
    return sheet(CSV_COLUMNS, [_cells(row, step, page) for row in (whole, *page.rows) for step in Step], page.moment)


def groups_among(countries: AbstractSet[str], kind: GroupKind) -> list[tuple[Group, Collection[str]]]:
    """The groups of that kind to which any of the countries belongs, with those that do; by name."""
    known = frame()
    found = [
        (group, frozenset(known.members_of(group.key)) & countries) for group in known.groups if group.kind is kind
    ]
    return sorted(((group, those) for group, those in found if those), key=lambda one: sort_key(country_name(one[0])))


def _places(by: By, chosen: Mapping[str, Country]) -> Iterable[tuple[str, str, Collection[str]]]:
    """Of each row its name, its key and its countries."""
    if by is By.COUNTRY:
        return [(country_name(one), one.iso3, {one.iso3}) for one in chosen.values()]
    kind = GroupKind.ORGANISATION if by is By.ORGANISATION else GroupKind.UN_SUBREGION
    found = [(country_name(group), group.key, those) for group, those in groups_among(chosen.keys(), kind)]
    elsewhere = chosen.keys() - {iso3 for _name, _key, those in found for iso3 in those}
    # an organisation leaves most countries out; who has no region must not be lost
    return [*found, ("", "", elsewhere)] if elsewhere and by is By.REGION else found


def _slowest_first(row: Row) -> tuple[int, Any]:
    median = row.spent[Step.DECIDED].median
    return -(median.number if median else -1), sort_key(row.name)


def _cells(row: Row, step: Step, page: ResponseTimes) -> list[Cell]:
    one = row.spent[step]
    median, lower, upper = one.median, one.lower, one.upper
    named: list[Cell] = [row.name, row.key, step.value, page.first, len(one.taken), len(one.waiting), one.over]
    days: list[Cell] = [_number(median), median.at_least if median else None, _number(lower), _number(upper)]
    return [*named, *days, max(one.waiting, default=None), one.waiting_since]


def _number(days: Days | None) -> int | None:
    return days.number if days else None
