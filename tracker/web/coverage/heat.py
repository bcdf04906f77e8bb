"""Coverage as a heat map: each figure with its age, and the way to where the gap is closed or read."""

from datetime import date
from functools import lru_cache
from typing import Any

from flask import url_for
from flask_babel import get_locale, ngettext

from tracker.indicator import Voice
from tracker.pictures.heat import HeatCell, HeatColumn, HeatRow
from tracker.web.charts import heat_cell
from tracker.web.coverage.page import Cell, Column, CoveragePage, Row
from tracker.web.filtered_names import filtered_names
from tracker.web.words import country_name

DAYS_A_MONTH, DAYS_A_YEAR = 30.4, 365.25
# Below so many days an age is told in days, below so many months in months.
FEW_DAYS, FEW_MONTHS = 60, 24


def heat_columns(page: CoveragePage) -> list[HeatColumn]:
    return [_column(page, column) for column in page.columns]


def heat_rows(page: CoveragePage, *, may_record: bool) -> list[HeatRow]:
    """Whoever may write answers is led to the questions, everybody else to what is known."""
    to_grid, locale = may_record and page.moment.is_now, str(get_locale())
    return [_row(row, page, locale, to_grid=to_grid) for row in page.rows]


def _column(page: CoveragePage, column: Column) -> HeatColumn:
    arguments: dict[str, Any] = page.arguments | {"order": column.key}
    is_sorted = column.key == page.sorted_by
    return HeatColumn(column.name, url_for("coverage.coverage", **arguments), "ascending" if is_sorted else "")


def _row(row: Row, page: CoveragePage, locale: str, *, to_grid: bool) -> HeatRow:
    iso3, moment = row.country.iso3, page.moment
    then: dict[str, Any] = moment.as_arguments()
    there = url_for("countries.country", iso3=iso3, **then)
    grid = url_for("enter.grid", iso3=iso3) if to_grid else ""
    cells = [
        _cell(cell, moment.day, locale, _place(column, there, grid))
        for cell, column in zip(row.cells, page.columns, strict=True)
    ]
    return HeatRow(country_name(row.country), there, cells, filtered_names(row.country))


def _place(column: Column, there: str, grid: str) -> str:
    """The questions in the grid, where there are any; else what is known on the country's page."""
    if grid and column.voice is not Voice.PUBLISHED:
        return f"{grid}#{column.criterion}" if column.criterion else grid
    return f"{there}#of-{column.criterion}" if column.criterion else there


def _cell(cell: Cell, today: date, locale: str, url: str) -> HeatCell:
    age = age_words(locale, (today - cell.newest).days) if cell.newest else ""
    return heat_cell(cell.share, age, locale=locale, is_enough=cell.is_enough, url=url)


@lru_cache(maxsize=8192)
def age_words(_locale: str, days: int) -> str:
    """As short as a cell is wide."""
    if days < FEW_DAYS:
        return str(ngettext("%(num)s d", "%(num)s d", days))
    months = round(days / DAYS_A_MONTH)
    if months < FEW_MONTHS:
        return str(ngettext("%(num)s mo", "%(num)s mo", months))
    return str(ngettext("%(num)s y", "%(num)s y", round(days / DAYS_A_YEAR)))
