"""Which days are known beforehand on which things may come to a head?

An occasion is of one country, of the members of a group, or of the whole world. It may come again after some months.
"""

from calendar import monthrange
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeAlias

from tracker.refusal import N_, Refusal

LONGEST_NAME = 200
LONGEST_NOTE = 2_000
LONGEST_LINK = 500
LONGEST_UID = 250
# Beyond that nobody knows a day, and a slip of the pen is likelier.
FURTHEST_AHEAD = timedelta(days=3660)
# What comes again seldomer than once in a century is an anniversary that nobody here will see.
MOST_MONTHS = 1200
# Two days of one kind, at one place, so close to each other are likely one and the same.
ALIKE_WITHIN = timedelta(days=7)


Place: TypeAlias = tuple[str | None, str | None]
"""A country, a group, or neither: the world."""


class OccasionKind(StrEnum):
    ELECTION = "election"
    ANNIVERSARY = "anniversary"
    VERDICT = "verdict"
    CENSUS = "census"
    REVIEW = "review"
    SESSION = "session"
    FOCAL_POINTS = "focal_points"


MAY_SET_OFF = (OccasionKind.ELECTION, OccasionKind.ANNIVERSARY, OccasionKind.VERDICT, OccasionKind.CENSUS)
"""What may turn against people on its day; a review or a session of a council does not."""


class NameMissing(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Say what it is, in a few words."))


class TooLong(Refusal):
    def __init__(self, longest: int) -> None:
        super().__init__(N_("Enter at most %(longest)s characters."), longest=longest)


class NameTooLong(TooLong):
    def __init__(self) -> None:
        super().__init__(LONGEST_NAME)


class NoteTooLong(TooLong):
    def __init__(self) -> None:
        super().__init__(LONGEST_NOTE)


class LinkUnfit(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Enter an address that begins with https:// or http://, of at most 500 characters."))


class DayUnfit(Refusal):
    """It is entered to be seen coming: a day that is over sets nothing off."""

    def __init__(self) -> None:
        super().__init__(N_("Enter a day from today on (today in UTC), within the next ten years."))


class NeverAgain(Refusal):
    """What comes again may have begun long ago, such as that of which it is the anniversary."""

    def __init__(self) -> None:
        super().__init__(N_("It would not come again from today on, within the next ten years."))


class RecurrenceUnfit(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Enter after how many months it comes again, from 1 to 1200."))


class EndUnfit(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Only what comes again has a last day, and that is not before the first."))


@dataclass(frozen=True)
class Draft:
    """What is written of an occasion, before it is entered or instead of what was."""

    kind: OccasionKind
    name: str
    day: date
    # At most one of the two; neither: of the world.
    iso3: str | None = None
    group_key: str | None = None
    # None: once.
    every_months: int | None = None
    # None: for as long as nobody calls it off.
    until: date | None = None
    # Days on which it does not come all the same, in order. None: nothing is said of them.
    left_out: tuple[date, ...] | None = None
    # Empty: nothing is noted.
    note: str = ""
    # Empty: nowhere.
    link: str = ""
    # What another calendar calls it; empty: it is entered by hand.
    uid: str = ""

    def next_day(self, today: date) -> date | None:
        """None: it does not come any more."""
        return next_day(self.day, self.every_months, self.until, today, self.left_out or ())

    def without(self, days: Iterable[date]) -> "Draft":
        """Of these days those that it has are left out."""
        if self.every_months is None:
            return replace(self, left_out=())
        had = {one for one in days if occurrences(self.day, self.every_months, self.until, one, one)}
        return replace(self, left_out=tuple(sorted(had)))


def refuse_unfit(draft: Draft, today: date) -> None:
    if not draft.name:
        raise NameMissing
    if len(draft.name) > LONGEST_NAME:
        raise NameTooLong
    if len(draft.note) > LONGEST_NOTE:
        raise NoteTooLong
    if draft.link and not (draft.link.startswith(("https://", "http://")) and len(draft.link) <= LONGEST_LINK):
        raise LinkUnfit
    if draft.every_months is not None and not 1 <= draft.every_months <= MOST_MONTHS:
        raise RecurrenceUnfit
    if draft.until is not None and (draft.every_months is None or draft.until < draft.day):
        raise EndUnfit
    following = draft.next_day(today)
    if following is None or following > today + FURTHEST_AHEAD:
        raise NeverAgain if draft.every_months else DayUnfit


def occurrences(
    day: date,
    every_months: int | None,
    until: date | None,
    since: date,
    till: date,
    left_out: Collection[date] = (),
) -> list[date]:
    """The days on which it comes, from one day to the other, both included.

    Each is counted from the first: what comes on the 31st comes on the last day of a shorter month, and on the 31st
    again after it; what came on a 29 February comes on the 28th in years that have none.
    """
    if every_months is None:
        return [day] if since <= day <= till else []
    last = till if until is None else min(till, until)
    number = max(0, (_month(since) - _month(day)) // every_months)
    found = []
    while _month(day) + number * every_months <= _month(last):
        one = months_after(day, number * every_months)
        if since <= one <= last and one not in left_out:
            found.append(one)
        number += 1
    return found


def next_day(
    day: date, every_months: int | None, until: date | None, today: date, left_out: Collection[date] = ()
) -> date | None:
    """The first from today on. None: it does not come any more."""
    if every_months is None:
        return day if day >= today else None
    number = max(0, (_month(today) - _month(day)) // every_months)
    while _month(day) + number * every_months <= _month(date.max):
        one = months_after(day, number * every_months)
        if until is not None and one > until:
            return None
        if one >= today and one not in left_out:
            return one
        number += 1
    return None


def is_alike(one: Draft, other: Draft, today: date) -> bool:
    """At one place, of one kind, and coming at about the same time."""
    if (one.iso3, one.group_key, one.kind) != (other.iso3, other.group_key, other.kind):
        return False
    days = one.next_day(today), other.next_day(today)
    return days[0] is not None and days[1] is not None and abs(days[0] - days[1]) <= ALIKE_WITHIN


def months_after(day: date, months: int) -> date:
    """The same day of a later month (or of an earlier one); a month that is too short gives its last."""
    year, month = divmod(_month(day) + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1
