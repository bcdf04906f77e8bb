"""The list of countries by one measure: what was asked for in the address, and the rows that answer it."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from flask_babel import gettext as _

from tracker.access import Principal
from tracker.country import sort_key
from tracker.indicator import is_fresh, severity
from tracker.observation import NINETY_PERCENT, Change, Valued, change_between
from tracker.refusal import NotThere
from tracker.score import Level, level_of
from tracker.storage import measured_countries
from tracker.storage.base import Session
from tracker.storage.measured_countries import Figure, Look
from tracker.storage.watching import Country, Group, Indicator
from tracker.web.country_choice import Wanted, chosen_countries
from tracker.web.frame import frame
from tracker.web.words import country_name

# So many are drawn.
YEARS = 10


class Order(StrEnum):
    WORST = "worst"
    NAME = "name"


@dataclass(frozen=True)
class Asked:
    """All of it stands in the address, so that a view can be sent to a colleague."""

    places: Wanted
    measure: str = ""
    order: Order = Order.WORST

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> "Asked":
        order = arguments.get("order", "")
        return cls(
            Wanted.read(arguments),
            measure=arguments.get("measure", ""),
            order=Order(order) if order in set(Order) else Order.WORST,
        )

    def as_arguments(self) -> dict[str, str]:
        wanted = {"measure": self.measure, "order": "" if self.order is Order.WORST else self.order.value}
        return self.places.as_arguments() | {name: value for name, value in wanted.items() if value}


@dataclass(frozen=True)
class Row:
    country: Country
    # None: UN M49 gives it no region.
    region: Group | None
    # The severities of ten years, all rows ending with the same one; None: a year without a value.
    years: list[float | None] = field(default_factory=list)
    # None: nothing is recorded for this measure; the rest is None then, too.
    newest: Figure | None = None
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
class Told:
    """What is recorded of a country for the measure, as somebody may see it."""

    # None: nothing is, or nobody could tell since.
    newest: Figure | None = None
    # Of the same month a year earlier.
    before: Figure | None = None
    # The last one of each year.
    years: Sequence[Figure | None] = ()
    unknown_on: date | None = None


@dataclass(frozen=True)
class CountryList:
    asked: Asked
    # None: nothing is recorded that this reader may see.
    measure: Indicator | None
    measures: list[Indicator]
    rows: list[Row]
    # How many there would be without the search words and the group.
    of: int
    # The reader has been given no country at all.
    reaches_nothing: bool


def country_list(session: Session, asked: Asked, reader: Principal, today: date) -> CountryList:
    measures = _measures(session, reader)
    if asked.measure:
        measure: Indicator | None = _chosen(measures, asked.measure)
    else:
        measure = _broadest(session, measures, reader, today)
    listed = chosen_countries(Wanted(everyone=asked.places.everyone), reader)
    wanted = chosen_countries(asked.places, reader)
    told = _told(session, measure, reader, today) if measure else {}
    rows = [_row(country, measure, told.get(country.iso3, Told()), today) for country in wanted]
    return CountryList(
        asked,
        measure,
        measures,
        _in_order(rows, asked.order),
        of=len(listed),
        reaches_nothing=reader.scope == frozenset(),
    )


def _measures(session: Session, reader: Principal) -> list[Indicator]:
    """Only those with evidence, in the order of the catalogue."""
    known = measured_countries.measures_with_evidence(session, reader.clearance, reader.scope)
    return [indicator for criterion in frame().criteria for indicator in criterion.indicators if indicator.id in known]


def _broadest(session: Session, measures: list[Indicator], reader: Principal, today: date) -> Indicator | None:
    """That of the leading criterion which is fresh for the most countries: one single answer is no overview."""
    leading = {criterion.key for criterion in frame().criteria if criterion.leading}
    # the other criteria are looked at only where the leading one has nothing fresh
    for among in ([measure for measure in measures if measure.criterion_key in leading], measures):
        since = {measure.id: today - timedelta(days=measure.fresh_for_days) for measure in among}
        found = measured_countries.countries_with_value(session, since, reader.clearance, reader.scope, on=today)
        if found:
            return max(among, key=lambda measure: found.get(measure.id, 0))
    return measures[0] if measures else None


def _chosen(measures: list[Indicator], key: str) -> Indicator:
    for measure in measures:
        if measure.key == key:
            return measure
    raise NotThere(_("There is no such measure, or nothing is recorded for it."))


def _told(session: Session, measure: Indicator, reader: Principal, today: date) -> dict[str, Told]:
    """By country."""
    whose = (reader.clearance, reader.scope)
    days = measured_countries.newest_days(session, measure.id, *whose, on=today)
    valued = {one.valued_on for one in days.values() if one.valued_on}
    if not valued:
        return {iso3: Told(unknown_on=one.answered_on) for iso3, one in days.items()}
    newest, last_year = Look(date.min, today), max(valued).year
    years = [
        Look(date(year, 1, 1), min(date(year, 12, 31), today)) for year in range(last_year - YEARS + 1, last_year + 1)
    ]
    before = {day: _a_year_before(day) for day in valued}
    looks = [newest, *years, *sorted(set(before.values()))]
    found = measured_countries.figures(session, measure.id, looks, *whose, on=today)
    return {
        iso3: Told(
            newest=found[iso3][newest],
            before=found[iso3].get(before[one.valued_on]),
            years=[found[iso3].get(year) for year in years],
        )
        if one.valued_on == one.answered_on
        else Told(unknown_on=one.answered_on)
        for iso3, one in days.items()
    }


def _a_year_before(day: date) -> Look:
    """The publisher's gap years stay gaps: only the same month a year earlier is looked at."""
    month = day.replace(day=1)
    before = month.replace(year=day.year - 1)
    return Look(before, _last_day_of(before), newest_from=month, newest_until=_last_day_of(month))


def _last_day_of(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])


def _row(country: Country, measure: Indicator | None, told: Told, today: date) -> Row:
    region, newest = frame().regions.get(country.iso3), told.newest
    if measure is None or newest is None:
        return Row(country, region, unknown_on=told.unknown_on)
    points = severity(measure, newest.value)
    lowest, highest = interval_in_points(measure, newest)
    return Row(
        country=country,
        region=region,
        years=[severity(measure, one.value) if one else None for one in told.years],
        newest=newest,
        severity=points,
        level=level_of(points),
        fresh=is_fresh(measure, newest.observed_on, today),
        lowest=lowest,
        highest=highest,
        change=change_between(measure, told.before, newest) if told.before else None,
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
