"""How do observations of one thing at different times compare?"""

from collections.abc import Sequence
from datetime import date
from typing import Protocol, TypeVar

# How many standard deviations hold 90 % of a normal distribution, on each side.
NINETY_PERCENT = 1.645


class Dated(Protocol):
    @property
    def observed_on(self) -> date: ...


AnyObservation = TypeVar("AnyObservation", bound=Dated)


def a_year_before(day: date) -> date:
    """The same day of the year before; 29 February becomes the 28th."""
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 2, 28)
    return day.replace(year=day.year - 1)


def observed_a_year_before(series: Sequence[AnyObservation], newest: AnyObservation) -> AnyObservation | None:
    """What to compare the newest with: exactly the observation of a year earlier. None: there is none.

    The publisher's gap years stay gaps: a change over two years is not shown as a change over one.
    """
    wanted = a_year_before(newest.observed_on)
    return next((observation for observation in series if observation.observed_on == wanted), None)
