"""Days of the calendar for the reader's own programs."""

from collections.abc import Iterable

from flask_babel import gettext as _

from tracker.delivery.message import host_of
from tracker.exchange.icalendar import Day, icalendar
from tracker.exchange.icalendar_rules import rule_of
from tracker.handling import Mark
from tracker.storage.conclusions import Occasion
from tracker.storage.occasions import Occurrence, days_left_out
from tracker.web.installation import settings
from tracker.web.occasions.words import page_of, place_word

MOST_DAYS = 2_000


def calendar_days(found: Iterable[Occurrence]) -> list[Day]:
    """What comes again is one and the same, from its first day on; where no rule says it, another day each time.

    For whoever may see all of it: what may not be passed on freely says so in its title.
    """
    days = dict[str, Day]()
    for one in found:
        day = _day(one)
        days.setdefault(day.id, day)
    return list(days.values())


def calendar_file(found: Iterable[Occurrence]) -> bytes:
    return icalendar(_("Early-warning indicator tracker"), calendar_days(found)[:MOST_DAYS])


def _day(one: Occurrence) -> Day:
    occasion, mark = one.occasion, Mark(one.handling)
    rule = _rule(occasion)
    again = "" if rule is not None else f"-{one.day:%Y%m%d}"
    title = _("%(country)s: %(name)s", country=place_word(one), name=one.name)
    return Day(
        id=f"occasion-{one.id}{again}@{host_of(settings().public_url)}",
        on=occasion.day if rule else one.day,
        title=f"{title} ({mark.label})" if mark else title,
        url=settings().public_url + page_of(one.id, one.iso3),
        at=one.entered_at,
        times_changed=occasion.version - 1,
        category=one.kind.value,
        rule=rule or "",
        left_out=days_left_out(occasion.left_out),
    )


def _rule(occasion: Occasion) -> str | None:
    """Empty: it comes once. None: it comes again in a way that no rule says."""
    return rule_of(occasion.day, occasion.every_months, occasion.until) if occasion.every_months else ""
