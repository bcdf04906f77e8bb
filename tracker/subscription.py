"""What somebody wants to be told, about which countries, and when."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from tracker.country import LANGUAGES
from tracker.period import Cadence, Period, Timetable, due_at, due_between, next_due, zone_or_utc
from tracker.refusal import N_, Refusal
from tracker.rule import Severity

LONGEST_NAME = 80
MOST_OF_ONE_PERSON = 20
_MOMENT = timedelta(microseconds=1)


class SubscriptionUnfit(Refusal):
    pass


@dataclass(frozen=True)
class Interest:
    """What a digest is about. What the reader may not see is never in it, whatever stands here."""

    # None of the three: every country that the reader may see. Together they add up.
    countries: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    # Those that the reader calls their own, whichever they are by then.
    own_countries: bool = False
    # Flags about other criteria are left out; empty: about whatever.
    criteria: frozenset[str] = frozenset()
    # Flags below it are left out.
    least_severity: Severity = Severity.NOTICE

    def is_everywhere(self) -> bool:
        return not self.countries and not self.groups and not self.own_countries

    def as_kept(self) -> dict[str, Any]:
        """As the database keeps it."""
        return {
            "countries": sorted(self.countries),
            "groups": sorted(self.groups),
            "own_countries": self.own_countries,
            "criteria": sorted(self.criteria),
            "least_severity": int(self.least_severity),
        }

    @classmethod
    def from_kept(cls, kept: Mapping[str, Any]) -> "Interest":
        return cls(
            countries=frozenset(kept["countries"]),
            groups=frozenset(kept["groups"]),
            own_countries=kept["own_countries"],
            criteria=frozenset(kept["criteria"]),
            least_severity=Severity(kept["least_severity"]),
        )


@dataclass(frozen=True)
class Wanted:
    """One digest, as its reader wants it."""

    name: str
    timetable: Timetable
    interest: Interest = Interest()
    # Whatever the person reads pages in: a digest may be passed on to others.
    language: str = "en"
    also_when_nothing_is_new: bool = False


@dataclass(frozen=True)
class QuietHours:
    """When somebody does not want to be told of anything, however urgent, by the clocks of their zone."""

    start: time
    # May lie before the start: then the night is between them.
    end: time

    def hold(self, moment: datetime, zone: str) -> datetime:
        """The moment itself, or the end of the quiet hours that it falls into."""
        where = zone_or_utc(zone)
        shown = moment.astimezone(ZoneInfo(where))
        clock = shown.time()
        has_begun, is_over = clock >= self.start, clock >= self.end
        is_quiet = has_begun and not is_over if self.start <= self.end else has_begun or not is_over
        if not is_quiet:
            return moment
        # today, or tomorrow where that of today is over
        ends_on = shown.date() + timedelta(days=is_over)
        # when the clocks go back, they show an hour once more that was over before
        return max(moment, due_at(ends_on, self.end, where))


def refuse_unfit(wanted: Wanted, *, how_many: int) -> None:
    """`how_many` the person has besides."""
    timetable = wanted.timetable
    if not wanted.name.strip():
        raise SubscriptionUnfit(N_("Give the digest a name, so that you know one from the other."))
    if len(wanted.name) > LONGEST_NAME:
        raise SubscriptionUnfit(N_("A name has at most %(most)s characters."), most=LONGEST_NAME)
    if timetable.zone not in _zones():
        raise SubscriptionUnfit(N_("There is no time zone “%(zone)s”."), zone=timetable.zone[:60])
    if timetable.cadence is Cadence.WEEKLY and timetable.weekday not in range(1, 8):
        raise SubscriptionUnfit(N_("Choose a day of the week."))
    if timetable.cadence is Cadence.MONTHLY and timetable.month_day not in range(1, 32):
        raise SubscriptionUnfit(N_("Choose a day of the month, from 1 to 31."))
    if wanted.language not in LANGUAGES:
        raise SubscriptionUnfit(N_("Choose one of the languages listed."))
    if how_many >= MOST_OF_ONE_PERSON:
        raise SubscriptionUnfit(N_("%(most)s digests for one person are enough."), most=MOST_OF_ONE_PERSON)


def periods_due(timetable: Timetable, since: datetime, now: datetime, paused_until: date | None) -> list[Period]:
    """Those that fell due after `since`, up to now, the oldest first. None of a pause: what it holds back is told
    afterwards."""
    again = _again_at(timetable, paused_until)
    return [period for period in due_between(timetable, since, now) if again is None or period.due_at >= again]


def next_due_at(
    timetable: Timetable, after: datetime, paused_until: date | None, told: Collection[str] = frozenset()
) -> datetime:
    """When the first period falls due later than that, and after the pause. `told`: keys of those that have come: by
    another hour or day of the week they do not come once more."""
    again = _again_at(timetable, paused_until)
    period = next_due(timetable, after if again is None else max(after, again - _MOMENT))
    while period.key in told:
        period = next_due(timetable, period.due_at)
    return period.due_at


def is_paused(timetable: Timetable, now: datetime, paused_until: date | None) -> bool:
    return pause_ends_at(timetable, now, paused_until) is not None


def pause_ends_at(timetable: Timetable, now: datetime, paused_until: date | None) -> datetime | None:
    """None: it is not paused, or no more."""
    again = _again_at(timetable, paused_until)
    return again if again is not None and again > now else None


def countries_of(
    interest: Interest, own: Collection[str], members: Collection[str], reached: Collection[str] | None
) -> frozenset[str] | None:
    """`members`: of the groups; `reached`: the reader's scope. None: every country there is."""
    if interest.is_everywhere():
        return None if reached is None else frozenset(reached)
    wanted = interest.countries | frozenset(members) | (frozenset(own) if interest.own_countries else frozenset())
    return wanted if reached is None else wanted & frozenset(reached)


@cache
def _zones() -> frozenset[str]:
    """Looking through the folders of them takes longer than all else that is asked of a digest."""
    return frozenset(available_timezones())


def _again_at(timetable: Timetable, paused_until: date | None) -> datetime | None:
    """The first moment of the day on which it comes again. None: it is not paused."""
    return None if paused_until is None else due_at(paused_until, time(), zone_or_utc(timetable.zone))
