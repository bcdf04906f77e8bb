"""Days to come in a digest: those in sight, and those that the reader was told of and that are other ones now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.news import WRITTEN_WITHIN, Day, Stood
from tracker.occasion import next_day, occurrences
from tracker.storage import occasions
from tracker.storage.base import Session
from tracker.storage.conclusions import Occasion
from tracker.storage.occasions import Occurrence, days_left_out
from tracker.web.digests.reach import Reach, Span


@dataclass(frozen=True)
class Changed:
    """A day of which the reader was told, and which it is not any more."""

    occasion: Occasion
    was: date
    # None: it was called off.
    now: date | None

    @property
    def iso3(self) -> str | None:
        return self.occasion.iso3

    @property
    def handling(self) -> int:
        return self.occasion.handling


@dataclass(frozen=True)
class DayNews:
    # The nearest first.
    coming: Sequence[Occurrence] = ()
    # Those of them that are in sight only since the last time, and the occasions that were entered only since it was
    # looked last: a day long known is no new one when it comes near.
    in_sight: frozenset[Day] = frozenset()
    entered: frozenset[int] = frozenset()
    changed: Sequence[Changed] = ()
    # What the next one compares with.
    known: frozenset[Day] = frozenset()

    @property
    def news(self) -> list[Occurrence]:
        return [one for one in self.coming if _day(one) in self.in_sight]

    def is_new(self, one: Occurrence) -> bool:
        return _day(one) in self.in_sight and one.id in self.entered

    @property
    def marked(self) -> list[Occurrence | Changed]:
        """All that is told, what is another day than they know first; each with its mark."""
        return [*self.changed, *self.coming]

    def __bool__(self) -> bool:
        """There is something that the reader would have to be told."""
        return bool(self.in_sight or self.changed)


def day_news(session: Session, found: Sequence[Occurrence], before: Stood, reach: Reach, span: Span) -> DayNews:
    """`found`: all that they may see."""
    told_of = _told_of(session, before, reach)
    changed = [one for one in _changed(told_of, span.here) if reach.is_concerned(one.occasion)]
    moved = {(one.occasion.id, one.now) for one in changed}
    coming = [one for one in found if reach.is_concerned(one.occasion) and _day(one) not in moved]
    entered_after = (span.looked_at or span.since) - WRITTEN_WITHIN
    still = {(one.id, was) for one, was in told_of if was >= span.here and _comes_on(one, was)}
    later = {(number, day) for number, day in moved if day is not None and day >= span.here}
    return DayNews(
        coming=coming,
        in_sight=frozenset(_day(one) for one in coming if not before.knows(*_day(one))),
        entered=frozenset(one.id for one in coming if one.entered_at > entered_after),
        changed=changed,
        known=frozenset(map(_day, found)) | still | later,
    )


def days_at(found: Iterable[Occurrence], span: Span) -> frozenset[Day]:
    """What they could know of when it began, by the clocks."""
    return frozenset(_day(one) for one in found if one.entered_at <= span.since)


def _told_of(session: Session, before: Stood, reach: Reach) -> list[tuple[Occasion, date]]:
    """As they may see them now; of what is marked higher by now nothing is told, not even that it is gone."""
    told = before.days_told
    reader, numbers = reach.reader, {number for number, _was in told}
    found = {one.id: one for one in occasions.of_numbers(session, numbers, reader.scope, reader.clearance)}
    return [(found[number], was) for number, was in told if number in found]


def _changed(told_of: Iterable[tuple[Occasion, date]], today: date) -> list[Changed]:
    """The nearest first."""
    found = [one for occasion, was in told_of if (one := _change(occasion, was, today))]
    return sorted(found, key=lambda one: (one.now or one.was, one.occasion.id, one.was))


def _change(one: Occasion, was: date, today: date) -> Changed | None:
    """None: it comes on that day, as they were told, or came."""
    if one.removed:
        # of an old one it is not kept when it was called off
        is_over = was < (one.removed_at.date() if one.removed_at else today)
        return None if is_over else Changed(one, was, None)
    if _comes_on(one, was):
        return None
    if one.every_months is None:
        return Changed(one, was, one.day)
    # which of its days another one takes the place of can be told of those to come alone
    following = next_day(one.day, one.every_months, one.until, today, days_left_out(one.left_out))
    return Changed(one, was, following) if was >= today else None


def _comes_on(one: Occasion, day: date) -> bool:
    return not one.removed and bool(
        occurrences(one.day, one.every_months, one.until, day, day, days_left_out(one.left_out))
    )


def _day(one: Occurrence) -> Day:
    return one.id, one.day
