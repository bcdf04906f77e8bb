"""Which day does a reader look at, and as it was known when?

The two are apart: what was true on a day is learnt later, and corrected later still. Without a word on the second, a
past day is shown as it was known then.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from tracker.refusal import N_, Refusal

# No evidence is older, and every page may look back by decades.
FIRST_DAY = date(1800, 1, 1)


class NoSuchMoment(Refusal):
    pass


@dataclass(frozen=True)
class Moment:
    day: date
    # Only what was recorded up to then is shown.
    known_at: datetime
    # Whatever is read at this moment is what is kept ready: today, with all that is known.
    is_now: bool

    @property
    def known_on(self) -> date:
        return self.known_at.date()

    @property
    def done_by(self) -> datetime:
        """What people did later had not been done on that day, however much is known since of how things stood."""
        return self.known_at if self.is_now else _end_of(self.day)

    @property
    def is_hindsight(self) -> bool:
        """More is shown than could be known on the day."""
        return self.known_on > self.day

    def as_arguments(self) -> dict[str, str]:
        """For an address; none of today's, so that a saved address of today stays one of today."""
        if self.is_now:
            return {}
        asked = {"as_of": self.day.isoformat()}
        return asked | ({"known_on": self.known_on.isoformat()} if self.is_hindsight else {})


def moment_asked_for(as_of: str, known_on: str, now: datetime) -> Moment:
    """From an address; empty words are today's. What cannot be understood is refused: today's figures under another
    day's name would be believed."""
    today = now.date()
    known = _day(known_on) if known_on else None
    # as known on a past day alone: what was to be seen on that day
    day = _day(as_of) if as_of else known or today
    if known is None:
        known = day
    if max(day, known) > today:
        raise NoSuchMoment(N_("That day is still to come. Choose today or a day before it."))
    if day < FIRST_DAY:
        raise NoSuchMoment(N_("Nothing is known of that day. Choose one from %(first)s on."), first=FIRST_DAY)
    if known < day:
        raise NoSuchMoment(
            N_("What held on %(day)s could not be known on %(known)s. Choose the same day or a later one."),
            day=day,
            known=known,
        )
    if day == today:
        return Moment(today, now, is_now=True)
    return Moment(day, now if known == today else _end_of(known), is_now=False)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), UTC) - timedelta(microseconds=1)


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words.strip())
    except ValueError:
        raise NoSuchMoment(
            N_("“%(words)s” is no day. Write it as 2026-03-31, or leave it empty for today."), words=words[:40]
        ) from None
