"""Days of the calendar for the reader's own programs."""

from collections.abc import Iterable

from flask_babel import gettext as _

from tracker.delivery.message import host_of
from tracker.exchange.icalendar import Day, icalendar
from tracker.handling import Mark
from tracker.storage.occasions import Occurrence
from tracker.web.installation import settings
from tracker.web.occasions.words import page_of, place_word

MOST_DAYS = 2_000


def calendar_day(one: Occurrence) -> Day:
    """What comes again is another day each time."""
    occasion = one.occasion
    again = f"-{one.day:%Y%m%d}" if occasion.every_months else ""
    return Day(
        id=f"occasion-{one.id}{again}@{host_of(settings().public_url)}",
        on=one.day,
        title=_("%(country)s: %(name)s", country=place_word(one), name=one.name),
        url=settings().public_url + page_of(one.id, one.iso3),
        at=one.entered_at,
        times_changed=occasion.version - 1,
    )


def calendar_file(found: Iterable[Occurrence]) -> bytes:
    """For one reader, who may see all of it: what may not be passed on freely says so in its title."""
    days = [(one, calendar_day(one)) for one in found][:MOST_DAYS]
    return icalendar(_("Early-warning indicator tracker"), [_marked(day, Mark(one.handling)) for one, day in days])


def _marked(day: Day, mark: Mark) -> Day:
    return Day(day.id, day.on, f"{day.title} ({mark.label})", day.url, day.at, day.times_changed) if mark else day
