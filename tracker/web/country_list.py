"""The list of countries by one measure: what was asked for in the address, and the rows that answer it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from flask_babel import gettext as _

from tracker.access import Principal
from tracker.country import GroupKind, sort_key
from tracker.indicator import is_fresh, severity
from tracker.observation import NINETY_PERCENT, Change, Valued, change_between, observed_a_year_before
from tracker.refusal import NotThere
from tracker.score import Level, level_of
from tracker.search import Search
from tracker.storage import catalogue, countries, observations
from tracker.storage.base import Session
from tracker.storage.models import Country, Criterion, Group, Indicator
from tracker.storage.observations import Seen
from tracker.web.country_names import rank_of
from tracker.web.words import country_name


class Order(StrEnum):
    WORST = "worst"
    NAME = "name"


@dataclass(frozen=True)
class Asked:
    """All of it stands in the address, so that a view can be sent to a colleague."""

    measure: str = ""
    group: str = ""
    words: str = ""
    everyone: bool = False
    order: Order = Order.WORST

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> "Asked":
        order = arguments.get("order", "")
        return cls(
            measure=arguments.get("measure", ""),
            group=arguments.get("group", ""),
            words=" ".join(arguments.get("q", "").split()),
            everyone=arguments.get("who", "") == "all",
            order=Order(order) if order in set(Order) else Order.WORST,
        )

    def as_arguments(self) -> dict[str, str]:
        wanted = {
            "measure": self.measure,
            "group": self.group,
            "q": self.words,
            "who": "all" if self.everyone else "",
            "order": "" if self.order is Order.WORST else self.order.value,
        }
        return {name: value for name, value in wanted.items() if value}


@dataclass(frozen=True)
class Row:
    country: Country
    # None: UN M49 gives it no region.
    region: Group | None
    # The severities of ten years, all rows ending with the same one; None: a year without a value.
    years: list[float | None] = field(default_factory=list)
    # None: nothing is recorded for this measure; the rest is None then, too.
    newest: Seen | None = None
    severity: float | None = None
    level: Level | None = None
    fresh: bool = False
    # In points of severity; None where the publisher gives no standard error.
    lowest: float | None = None
    highest: float | None = None
    # Against a year earlier; None: there is nothing of that time.
    change: Change | None = None
    # The day on which the newest answer was "don't know": whatever was known before says nothing about now.
    unknown_on: date | None = None


@dataclass(frozen=True)
class CountryList:
    asked: Asked
    # None: nothing is recorded that this reader may see.
    measure: Indicator | None
    measures: list[Indicator]
    groups: list[Group]
    rows: list[Row]
    # How many there would be without the search words and the group.
    of: int
    # The reader has been given no country at all.
    reaches_nothing: bool


def country_list(session: Session, asked: Asked, reader: Principal, today: date) -> CountryList:
    criteria = catalogue.criteria_in_force(session)
    measures = _measures(session, criteria, reader)
    if asked.measure:
        measure: Indicator | None = _chosen(measures, asked.measure)
    else:
        measure = _broadest(session, criteria, measures, reader, today)
    groups = countries.all_groups(session)
    everybody = countries.all_countries(session, reader.scope)
    listed = everybody if asked.everyone else [country for country in everybody if country.watched]
    search = Search.read(asked.words)
    wanted = [country for country in listed if not search.words or rank_of(country, search) is not None]
    if asked.group:
        members = _members(groups, asked.group)
        wanted = [country for country in wanted if country.iso3 in members]
    regions = countries.divisions(session, GroupKind.UN_SUBREGION)
    series = _series(session, measure, reader, today) if measure else {}
    cannot_tell = _cannot_tell(session, measure, reader, today) if measure else {}
    last_year = max((seen.observed_on.year for found in series.values() for seen in found), default=today.year)
    rows = [
        _row(country, regions.get(country.iso3), measure, series.get(country.iso3, []), today, last_year)
        if country.iso3 not in cannot_tell
        else Row(country, regions.get(country.iso3), unknown_on=cannot_tell[country.iso3])
        for country in wanted
    ]
    return CountryList(
        asked,
        measure,
        measures,
        groups,
        _in_order(rows, asked.order),
        of=len(listed),
        reaches_nothing=reader.scope == frozenset(),
    )


def _measures(session: Session, criteria: list[Criterion], reader: Principal) -> list[Indicator]:
    """Only those with evidence, in the order of the catalogue."""
    known = observations.indicators_with_evidence(session, reader.clearance, reader.scope)
    return [indicator for criterion in criteria for indicator in criterion.indicators if indicator.id in known]


def _broadest(
    session: Session, criteria: list[Criterion], measures: list[Indicator], reader: Principal, today: date
) -> Indicator | None:
    """That of the leading criterion which is fresh for the most countries: one single answer is no overview."""
    leading = {criterion.key for criterion in criteria if criterion.leading}
    # the other criteria are looked at only where the leading one has nothing fresh
    for among in ([measure for measure in measures if measure.criterion_key in leading], measures):
        since = {measure.id: today - timedelta(days=measure.fresh_for_days) for measure in among}
        found = observations.countries_with_evidence(session, since, reader.clearance, reader.scope, on=today)
        if found:
            return max(among, key=lambda measure: found.get(measure.id, 0))
    return measures[0] if measures else None


def _chosen(measures: list[Indicator], key: str) -> Indicator:
    for measure in measures:
        if measure.key == key:
            return measure
    raise NotThere(_("There is no such measure, or nothing is recorded for it."))


def _members(groups: list[Group], key: str) -> set[str]:
    for group in groups:
        if group.key == key:
            return {member.iso3 for member in group.members}
    raise NotThere(_("There is no such group of countries."))


def _series(session: Session, measure: Indicator, reader: Principal, today: date) -> dict[str, list[Seen]]:
    by_country: dict[str, list[Seen]] = defaultdict(list)
    for seen in observations.of_indicator(session, measure.id, reader.clearance, reader.scope, on=today):
        by_country[seen.iso3].append(seen)
    return by_country


def _cannot_tell(session: Session, measure: Indicator, reader: Principal, today: date) -> dict[str, date]:
    """By country: the day on which nobody could tell any more."""
    found = observations.unknown_since(session, reader.clearance, reader.scope, on=today)
    return {iso3: day for (iso3, indicator_id), day in found.items() if indicator_id == measure.id}


def _row(
    country: Country, region: Group | None, measure: Indicator | None, series: list[Seen], today: date, last_year: int
) -> Row:
    if measure is None or not series:
        return Row(country, region)
    newest = series[-1]
    points = severity(measure, newest.value)
    lowest, highest = interval_in_points(measure, newest)
    before = observed_a_year_before(series, newest)
    by_year = {seen.observed_on.year: severity(measure, seen.value) for seen in series}
    return Row(
        country=country,
        region=region,
        years=[by_year.get(year) for year in range(last_year - 9, last_year + 1)],
        newest=newest,
        severity=points,
        level=level_of(points),
        fresh=is_fresh(measure, newest.observed_on, today),
        lowest=lowest,
        highest=highest,
        change=change_between(measure, before, newest) if before else None,
    )


def interval_in_points(measure: Indicator, seen: Valued) -> tuple[float, float] | tuple[None, None]:
    if seen.standard_error is None:
        return None, None
    margin = NINETY_PERCENT * seen.standard_error
    lowest, highest = sorted(severity(measure, seen.value + side) for side in (-margin, margin))
    return lowest, highest


def _in_order(rows: list[Row], order: Order) -> list[Row]:
    """Stale stands behind fresh, because it counts no more; then where nobody could tell, then where nothing is."""
    by_name = sorted(rows, key=lambda row: sort_key(country_name(row.country)))
    if order is Order.NAME:
        return by_name
    return sorted(by_name, key=_rank)


def _rank(row: Row) -> tuple[bool, bool, bool, float]:
    return row.severity is None, row.unknown_on is None, not row.fresh, -(row.severity or 0.0)
