"""Pictures of evidence, put into the reader's words."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from babel.numbers import format_percent
from flask import Flask
from flask_babel import format_date, get_locale
from flask_babel import gettext as _

from tracker.indicator import Cadence, Voice
from tracker.observation import NINETY_PERCENT, Valued
from tracker.pictures.heat import STEPS, HeatCell, heat_step
from tracker.pictures.interval import interval
from tracker.pictures.line import Line, Point, period_of
from tracker.pictures.part_bar import part_bar
from tracker.pictures.score_spark import score_spark
from tracker.pictures.series import NARROW, WIDE, Axis, series_chart
from tracker.pictures.words import Words
from tracker.score import HIGHEST_SCORE
from tracker.storage.watching import Indicator
from tracker.web.countries.evidence import Measure
from tracker.web.countries.listing import Row, interval_in_points
from tracker.web.countries.scores import Line as Scored
from tracker.web.words import day, figure, points

# The shape of what is unknown, as everywhere.
BLIND = "○"
# A year is as wide as everywhere, where there is a point for each quarter.
QUARTERS = 4
MONTHS_BETWEEN = {Cadence.MONTHLY: 1, Cadence.QUARTERLY: 3, Cadence.YEARLY: 12, Cadence.ONCE: 12}


def teach(app: Flask) -> None:
    """Makes the small pictures known to every template, as filters."""
    app.jinja_env.filters["spark_of"] = spark_of
    app.jinja_env.filters["interval_of"] = interval_of
    app.jinja_env.filters["gives_bar"] = gives_bar


def chart_of(measure: Measure) -> dict[str, str]:
    """Wide and narrow, of one measure in its own unit; a single figure only has a place between best and worst."""
    if len(measure.figures) == 1:
        return {"wide": _single(measure), "narrow": ""}
    indicator, months = measure.indicator, MONTHS_BETWEEN[measure.indicator.cadence]
    by_day = indicator.voice is Voice.CODED
    drawn = [_point(seen) for seen in measure.figures] if by_day else _points(measure.figures, months)
    line = Line("", tuple(drawn))
    options: dict[str, Any] = {
        "title": indicator.name,
        "axis": _axis(indicator),
        "words": _words_by_day() if by_day else _words(),
        "months_between": months,
        "by_day": by_day,
    }
    # five levels need less room than a series of figures
    height = 150 if indicator.levels else 220
    return {
        "wide": series_chart([line], identifier=f"{indicator.key}-wide", width=WIDE, height=height, **options),
        "narrow": series_chart([line], identifier=f"{indicator.key}-narrow", width=NARROW, height=height, **options),
    }


def spark_of(row: Row) -> str:
    """Ten years in points of severity: up is worse, and all rows share one scale and end with the same year."""
    if not row.newest:
        return ""
    level = int(row.level) if row.fresh and row.level is not None else None
    return score_spark([value for value in row.years for _quarter in range(QUARTERS)], level)


def interval_of(row: Row) -> str:
    if row.severity is None or row.lowest is None or row.highest is None or row.level is None:
        return ""
    name = _("90 %% between %(low)s and %(high)s", low=figure(row.lowest, 0), high=figure(row.highest, 0))
    return interval(row.severity, row.lowest, row.highest, highest=HIGHEST_SCORE, level=int(row.level), name=name)


def gives_bar(line: Scored, longest: float) -> str:
    """What a part gives the risk, within the most that its weight would let it give."""
    if line.of_risk is None or line.most_of_risk is None or line.level is None:
        return ""
    return part_bar(line.of_risk, line.most_of_risk, longest=longest, level=int(line.level))


def heat_cell(share: float, age: str = "", *, locale: str, is_enough: bool = True, url: str = "") -> HeatCell:
    """A share in figures. Too little for a score has a ring before it and no shade, however much it is.

    `locale` is asked once for the thousands of them.
    """
    figure = _percent_in(locale, round(share * 100))
    return HeatCell(heat_step(share), figure, age, url) if is_enough else HeatCell(0, f"{BLIND} {figure}", age, url)


def heat_steps() -> list[tuple[int, str]]:
    """What the shades mean, for their legend."""
    locale = str(get_locale())
    ends = [_percent_in(locale, 100 * step // STEPS) for step in range(1, STEPS + 1)]
    return [
        (0, _("%(ring)s too little for a score", ring=BLIND)),
        *((step, _("up to %(share)s", share=end)) for step, end in enumerate(ends, start=1)),
    ]


@lru_cache(maxsize=1024)
def _percent_in(locale: str, whole: int) -> str:
    # thousands of cells share a hundred figures, and writing one takes as long as a row of the table
    return str(format_percent(whole / 100, locale=locale))


def _single(measure: Measure) -> str:
    """From best on the left to worst on the right, with the interval where its publisher gives one."""
    newest, middle = measure.newest, measure.severity
    lowest, highest = interval_in_points(measure.indicator, newest)
    name = _(
        "%(label)s: %(value)s on %(day)s, the only figure; severity %(points)s of 100.",
        label=measure.indicator.name,
        value=figure(newest.value),
        day=day(newest.observed_on),
        points=points(middle),
    )
    level = int(measure.level) if measure.fresh else None
    ends = (middle if lowest is None else lowest, middle if highest is None else highest)
    return interval(middle, *ends, highest=HIGHEST_SCORE, level=level, name=name, width=240)


def _points(series: Sequence[Valued], months: int) -> list[Point]:
    """One figure for each period, its newest; the table beneath the picture shows them all."""
    newest = {period_of(seen.observed_on, months): seen for seen in series}
    return [_point(seen) for seen in newest.values()]


def _point(seen: Valued) -> Point:
    if seen.standard_error is None:
        return Point(seen.observed_on, seen.value)
    margin = NINETY_PERCENT * seen.standard_error
    return Point(seen.observed_on, seen.value, seen.value - margin, seen.value + margin)


def _axis(indicator: Indicator) -> Axis:
    top, bottom = (_("better"), _("worse")) if indicator.best > indicator.worst else (_("worse"), _("better"))
    return Axis(
        unit=indicator.unit,
        lowest=min(indicator.best, indicator.worst),
        highest=max(indicator.best, indicator.worst),
        top=top,
        bottom=bottom,
        in_steps=bool(indicator.levels),
    )


def _words() -> Words:
    return Words(
        summary=_(
            "%(label)s: %(first)s in %(first_period)s, %(last)s in %(last_period)s; "
            "lowest %(lowest)s in %(lowest_period)s, highest %(highest)s in %(highest_period)s."
        ),
        single=_("%(label)s: %(last)s in %(last_period)s, the only figure."),
        missing=_("Periods without a figure in between: %(count)s."),
        none_for=_("%(label)s: no figures."),
        nothing=_("There are no figures to draw yet."),
        unit=_("Unit: %(unit)s."),
        time=_("year"),
        number=figure,
        period=_period,
    )


def _words_by_day() -> Words:
    return replace(
        _words(),
        summary=_(
            "%(label)s: %(first)s on %(first_period)s, %(last)s on %(last_period)s; "
            "lowest %(lowest)s on %(lowest_period)s, highest %(highest)s on %(highest_period)s."
        ),
        time=_("day"),
        period=_day,
    )


def _day(on: date, _months_between: int) -> str:
    return str(format_date(on, format="d MMM y"))


def _period(on: date, months_between: int) -> str:
    return str(on.year) if months_between >= 12 else str(format_date(on, format="MMM yyyy"))
