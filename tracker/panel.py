"""What is known of countries, month by month: the table that rules read.

It is the same for a single country today and for all countries over fifty years. NaN: not enough is known.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from tracker.index import FloatArray
from tracker.occasion import months_after


@dataclass(frozen=True)
class Occasion:
    """A day, known beforehand, on which something may be set off in a country."""

    key: str
    country: str
    day: date


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Each array has a row for every country and a column for every day, one calendar month apart.

    The last day is the one that is judged.
    """

    days: tuple[date, ...]
    countries: tuple[str, ...]
    # One for each country; empty: it belongs to none.
    regions: tuple[str, ...]
    # Node -> its score. The voices of criteria are nodes as well.
    scores: Mapping[str, FloatArray]
    # Criterion -> its indicators.
    indicators: Mapping[str, tuple[str, ...]]
    # Indicator -> the severity of its standing observation while that is fresh.
    severities: Mapping[str, FloatArray]
    # Node -> half the width of its interval. A node that is not there is taken as exact.
    spread: Mapping[str, FloatArray] = field(default_factory=dict)
    # Indicator -> for how many days an observation has been due; 0: it is not; NaN: none is expected. Only for what
    # our analysts code: publishers are late by habit, and nobody here can help it.
    overdue: Mapping[str, FloatArray] = field(default_factory=dict)
    # Indicator -> how many points lie between its fresh observations from different sources; NaN: there are no two.
    disagreements: Mapping[str, FloatArray] = field(default_factory=dict)
    # Of one country, for words alone. Indicator -> the days of the two answers that disagree, the newer first;
    # criterion -> the newest day on which each of its voices rests, what is published first. None: on nothing fresh.
    sides: Mapping[str, tuple[date | None, date | None]] = field(default_factory=dict)
    # Those that are past may be left out: an open flag whose occasion is gone clears.
    occasions: tuple[Occasion, ...] = ()

    def __post_init__(self) -> None:
        if len(self.regions) != len(self.countries) or list(self.days) != sorted(set(self.days)) or not self.days:
            raise ValueError("a panel has days that follow one another, and a region (or none) for each country")
        shape = (len(self.countries), len(self.days))
        for arrays in (self.scores, self.severities, self.spread, self.overdue, self.disagreements):
            for key, values in arrays.items():
                if values.shape != shape:
                    raise ValueError(f"“{key}” has the shape {values.shape}, and the panel {shape}")


def of_countries(panel: Panel, countries: Collection[str]) -> Panel:
    """The rows of these countries alone."""
    if all(country in countries for country in panel.countries):
        return panel
    rows = [row for row, country in enumerate(panel.countries) if country in countries]

    def cut(arrays: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        return {key: values[rows] for key, values in arrays.items()}

    return replace(
        panel,
        countries=tuple(panel.countries[row] for row in rows),
        regions=tuple(panel.regions[row] for row in rows),
        scores=cut(panel.scores),
        severities=cut(panel.severities),
        spread=cut(panel.spread),
        overdue=cut(panel.overdue),
        disagreements=cut(panel.disagreements),
        occasions=tuple(one for one in panel.occasions if one.country in countries),
    )


@lru_cache(maxsize=8)
def months_up_to(day: date, months: int) -> tuple[date, ...]:
    """The day and the same day of so many months before, oldest first."""
    return tuple(months_after(day, -back) for back in range(months, -1, -1))
