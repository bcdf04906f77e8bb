"""One analyst's answer to one question about one country in one month, on its way to becoming evidence.

It is written down as a draft, submitted, and then accepted, returned or set aside by a second person. What is
accepted becomes an observation; what is set aside is kept beside it as dissent.
"""

import calendar
from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

# In the first days of a month the desk still writes about the month before.
DAYS_INTO_A_MONTH = 10


class CodingState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    # Sent back by the reviewer, with a reason; the author can change it and submit it again.
    RETURNED = "returned"
    ACCEPTED = "accepted"
    # Another coding of the same cell was accepted; this one is kept as it was.
    SET_ASIDE = "set_aside"
    # Taken back by its author, or with the file it came from.
    DISCARDED = "discarded"


LIVE = (CodingState.DRAFT, CodingState.SUBMITTED, CodingState.RETURNED)
"""Still on its way."""
IN_AUTHORS_HANDS = (CodingState.DRAFT, CodingState.RETURNED)


class CodingAct(StrEnum):
    """What the author wants to happen."""

    ANSWER = "answer"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"


def period_of(day: date) -> date:
    """A period is a calendar month, named by its last day."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def usual_period(today: date) -> date:
    """The month that a desk writes about on that day."""
    return period_of(today - timedelta(days=DAYS_INTO_A_MONTH))


def period_before(period: date, months: int = 1) -> date:
    for _month in range(months):
        period = period.replace(day=1) - timedelta(days=1)
    return period


def month_after(period: date) -> date:
    return period_of(period + timedelta(days=1))


def observed_on(period: date, today: date) -> date:
    """The day an answer speaks of: the month's last, or today while the month lasts."""
    return min(period, today)


def has_begun(period: date, today: date) -> bool:
    return period.replace(day=1) <= today


class Agreement(StrEnum):
    SAME = "same"
    ONE_STEP = "one_step"
    APART = "apart"


def agreement(values: Sequence[float | None], step: float) -> Agreement | None:
    """How far several analysts' answers lie apart, in steps of the scale. None: there is only one answer.

    "Don't know" agrees with itself alone.
    """
    if len(values) < 2:
        return None
    known = [value for value in values if value is not None]
    if not known:
        return Agreement.SAME
    if len(known) < len(values):
        return Agreement.APART
    spread = max(known) - min(known)
    if spread == 0:
        return Agreement.SAME
    return Agreement.ONE_STEP if spread <= step else Agreement.APART
