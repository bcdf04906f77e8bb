"""Which days are known beforehand on which things may come to a head?"""

from datetime import date, timedelta
from enum import StrEnum

from tracker.refusal import N_, Refusal

LONGEST_NAME = 200
# Beyond that nobody knows a day, and a slip of the pen is likelier.
FURTHEST_AHEAD = timedelta(days=3660)


class OccasionKind(StrEnum):
    ELECTION = "election"
    ANNIVERSARY = "anniversary"
    VERDICT = "verdict"
    CENSUS = "census"
    REVIEW = "review"
    SESSION = "session"
    FOCAL_POINTS = "focal_points"


class NameMissing(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Say what it is, in a few words."))


class NameTooLong(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Enter at most %(longest)s characters."), longest=LONGEST_NAME)


class DayUnfit(Refusal):
    """It is entered to be seen coming: a day that is over sets nothing off."""

    def __init__(self) -> None:
        super().__init__(N_("Enter a day from today on, within the next ten years."))


def refuse_unfit(name: str, day: date, today: date) -> None:
    if not name:
        raise NameMissing
    if len(name) > LONGEST_NAME:
        raise NameTooLong
    if not today <= day <= today + FURTHEST_AHEAD:
        raise DayUnfit


MAY_SET_OFF = (OccasionKind.ELECTION, OccasionKind.ANNIVERSARY, OccasionKind.VERDICT, OccasionKind.CENSUS)
"""What may turn against people on its day; a review or a session of a council does not."""
