"""What the pages of countries show, as tables to take away."""

from collections.abc import Sequence

from flask_babel import gettext as _

from tracker.exchange.sheets import Cell
from tracker.score import hundredths
from tracker.storage.country_evidence import Recorded
from tracker.storage.measured_countries import Figure
from tracker.storage.watching import Indicator
from tracker.web.countries.listing import CountryList, Row
from tracker.web.csv_file import sheet
from tracker.web.moments import moment, of_today
from tracker.web.words import country_name

LIST_COLUMNS = (
    *("iso3", "country", "measure", "observed_on", "value", "standard_error", "severity", "level", "fresh"),
    *("severity_lowest", "severity_highest", "change_in_one_year", "worse_beyond_its_errors", "source"),
)
SERIES_COLUMNS = (
    *("iso3", "indicator", "observed_on", "value", "standard_error", "revision", "source", "grade", "handling"),
    "dont_know",
)


def list_as_csv(listed: CountryList) -> str:
    """The list as it is seen: the same rows in the same order."""
    return sheet(LIST_COLUMNS, [_listed(row, listed.measure) for row in listed.rows], of_today())


def series_as_csv(iso3: str, indicator: Indicator, recorded: Sequence[Recorded]) -> str:
    """Where nobody could tell there is a row without a value, which says so; what is withdrawn is none."""
    return sheet(
        SERIES_COLUMNS, [_observed(iso3, one, indicator) for one in recorded if not one.is_withdrawn], moment()
    )


def _listed(row: Row, measure: Indicator | None) -> list[Cell]:
    named: list[Cell] = [row.country.iso3, country_name(row.country), measure.key if measure else None]
    if row.unknown_on:
        cannot_tell: list[Cell] = [row.unknown_on, None, None, None, "unknown", False]
        return [*named, *cannot_tell, *[None] * (len(LIST_COLUMNS) - len(named) - len(cannot_tell))]
    if row.newest is None or row.level is None:
        return [*named, *[None] * (len(LIST_COLUMNS) - len(named))]
    newest = row.newest
    found: list[Cell] = [newest.observed_on, newest.value, newest.standard_error]
    judged: list[Cell] = [hundredths(row.severity), row.level.name.lower(), row.fresh]
    compared: list[Cell] = [hundredths(row.lowest), hundredths(row.highest)]
    compared += [hundredths(row.change.points), row.change.is_rise] if row.change else [None, None]
    return [*named, *found, *judged, *compared, _source(newest, measure)]


def _observed(iso3: str, said: Recorded, indicator: Indicator) -> list[Cell]:
    told: list[Cell] = [_source(said, indicator), said.grade, said.handling.label, said.value is None]
    return [iso3, indicator.key, said.observed_on, said.value, said.standard_error, said.revision, *told]


def _source(seen: Figure | Recorded, measure: Indicator | None) -> str:
    """For published series the sentence that their licence asks for."""
    if measure and measure.source:
        return measure.source.attribution
    return seen.source or str(_("not for attribution"))
