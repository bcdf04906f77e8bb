"""Who is a focal point, and which countries miss one: what was asked for in the address, and what answers it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _

from tracker.access import Principal
from tracker.country import GroupKind, in_order, sort_key
from tracker.exchange.sheets import Cell
from tracker.focal_point import Share, shares
from tracker.handling import Mark
from tracker.storage import focal_points
from tracker.storage.base import Session
from tracker.storage.focal_points import SeenFocalPoint
from tracker.storage.watching import Country
from tracker.web.country_choice import Wanted, chosen_countries
from tracker.web.csv_file import sheet
from tracker.web.frame import Frame, frame
from tracker.web.moments import of_today
from tracker.web.words import country_name, day, reader_language

CSV_COLUMNS = (
    *("iso3", "country_or_organisation", "region", "has_a_focal_point", "office", "name", "contact", "since", "until"),
    *("link", "handling"),
)


class Show(StrEnum):
    ALL = "all"
    THERE = "there"
    MISSING = "missing"


@dataclass(frozen=True)
class Asked:
    """All of it stands in the address. What cannot be understood narrows nothing."""

    places: Wanted
    show: Show = Show.ALL

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> "Asked":
        show = arguments.get("show", "")
        return cls(Wanted.read(arguments), Show(show) if show in set(Show) else Show.ALL)

    def as_arguments(self) -> dict[str, str]:
        return self.places.as_arguments() | ({} if self.show is Show.ALL else {"show": self.show.value})


@dataclass(frozen=True)
class Entry:
    one: SeenFocalPoint
    # Of the country or the organisation.
    place: str
    # Empty: UN M49 gives it none, or it is an organisation's.
    region: str


@dataclass(frozen=True)
class Region:
    name: str
    missing: Sequence[Country]
    share: Share


@dataclass(frozen=True)
class Directory:
    asked: Asked
    # The reader has been given no country at all.
    reaches_nothing: bool
    # In office, by the names of their places.
    in_office: Sequence[Entry]
    organisations: Sequence[Entry]
    # Those who left, the last first.
    left: Sequence[Entry]
    # That with the most missing first.
    regions: Sequence[Region]
    whole: Share

    @property
    def missing(self) -> int:
        return self.whole.of - self.whole.covered

    @property
    def shows_entries(self) -> bool:
        return self.asked.show is not Show.MISSING

    @property
    def shows_missing(self) -> bool:
        return self.asked.show is not Show.THERE


def directory(session: Session, asked: Asked, reader: Principal) -> Directory:
    known = focal_points.listed(session, reader.scope, reader.clearance)
    wanted = {one.iso3: one for one in chosen_countries(asked.places, reader)}
    entries = [entry_of(one, frame()) for one in known]
    of_countries = [entry for entry in entries if entry.one.iso3 in wanted]
    in_office = [entry for entry in of_countries if entry.one.until is None]
    groups = [entry for entry in entries if entry.one.group_key and _is_meant(entry, asked.places)]
    covered = {entry.one.iso3 for entry in in_office if entry.one.iso3}
    left = [entry for entry in (*of_countries, *groups) if entry.one.until is not None]
    return Directory(
        asked=asked,
        reaches_nothing=reader.scope == frozenset(),
        in_office=_by_place(in_office),
        organisations=_by_place([entry for entry in groups if entry.one.until is None]),
        left=sorted(left, key=lambda entry: (entry.one.until, entry.one.id), reverse=True),
        regions=_regions(wanted, covered),
        whole=Share("", len(covered), len(wanted)),
    )


def entry_of(one: SeenFocalPoint, frame: Frame) -> Entry:
    if one.iso3:
        region = frame.regions.get(one.iso3)
        return Entry(one, country_name(frame.countries[one.iso3]), country_name(region) if region else "")
    group = next(group for group in frame.groups if group.key == one.group_key)
    return Entry(one, country_name(group), "")


def who_words(one: SeenFocalPoint) -> str:
    """Who holds it or held it, as far as the reader may know; empty: there is nothing to say."""
    named = [one.who.name] if one.who and one.who.name else []
    return ", ".join([*named, *([str(_("until %(day)s", day=day(one.until)))] if one.until else [])])


def places_to_choose(reader: Principal) -> list[tuple[str, str]]:
    """Countries by their codes, then organisations by their keys, as far as the reader reaches one of their members."""
    known = in_order([one for one in frame().countries.values() if reader.reaches(one.iso3)], reader_language())
    groups = [
        (group.key, str(_("%(name)s (organisation)", name=country_name(group))))
        for group in frame().groups
        if group.kind is GroupKind.ORGANISATION
        and (reader.scope is None or any(reader.reaches(iso3) for iso3 in frame().members_of(group.key)))
    ]
    return [(one.iso3, country_name(one)) for one in known] + sorted(groups, key=lambda one: sort_key(one[1]))


def directory_as_csv(listed: Directory) -> str:
    """The directory as it is seen: who is there, who is missing, and who left."""
    rows: list[list[Cell]] = []
    if listed.shows_entries:
        rows += [_cells(entry) for entry in (*listed.in_office, *listed.organisations)]
    if listed.shows_missing:
        rows += [
            [one.iso3, country_name(one), region.name, False, *([None] * 7)]
            for region in listed.regions
            for one in region.missing
        ]
    if listed.shows_entries:
        rows += [_cells(entry) for entry in listed.left]
    return sheet(CSV_COLUMNS, rows, of_today())


def _cells(entry: Entry) -> list[Cell]:
    """Of who must not be named here, nothing but the office."""
    one, who = entry.one, entry.one.who
    place: list[Cell] = [one.iso3, entry.place, entry.region, one.until is None, one.office]
    if who is None:
        return [*place, None, None, one.since, one.until, None, None]
    return [*place, who.name, who.contact, one.since, one.until, who.link, Mark(who.handling).label]


def _is_meant(entry: Entry, places: Wanted) -> bool:
    return places.group in ("", entry.one.group_key) and (
        not places.words or places.words.casefold() in entry.place.casefold()
    )


def _by_place(entries: Sequence[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (sort_key(entry.place), entry.one.since, entry.one.id))


def _regions(wanted: Mapping[str, Country], covered: set[str]) -> list[Region]:
    places: dict[str, list[str]] = {}
    has_regions = any(iso3 in frame().regions for iso3 in wanted)
    nowhere = str(_("In no region") if has_regions else _("All of them"))
    for iso3 in wanted:
        region = frame().regions.get(iso3)
        places.setdefault(country_name(region) if region else nowhere, []).append(iso3)
    return [
        Region(share.place, [wanted[iso3] for iso3 in places[share.place] if iso3 not in covered], share)
        for share in shares(places, covered)
    ]
