"""Digests in words: when they come, what they are about, what became of each."""

from collections.abc import Collection
from datetime import datetime, time
from zoneinfo import ZoneInfo

from babel import dates
from flask import Flask
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from tracker.country import in_order
from tracker.digest import DeliveryAct, DeliveryState
from tracker.feed import FeedKind
from tracker.period import Cadence, Timetable, zone_or_utc
from tracker.rule import Severity
from tracker.subscription import Interest
from tracker.web.frame import Frame
from tracker.web.words import country_name, reader_language

# So many names are read at a glance; of more, how many more there are.
MOST_NAMES = 5
_CLOCK = "%H:%M"


def teach(app: Flask) -> None:
    for word in (delivery_word, act_word, feed_word, hour):
        app.jinja_env.filters[word.__name__] = word


def cadence_words() -> dict[Cadence, str]:
    return {Cadence.DAILY: _("Every day"), Cadence.WEEKLY: _("Every week"), Cadence.MONTHLY: _("Every month")}


def severity_choices() -> dict[Severity, str]:
    return {
        Severity.NOTICE: _("All: notices, warnings and alarms"),
        Severity.WARNING: _("Warnings and alarms"),
        Severity.ALARM: _("Alarms alone"),
    }


def hour(at: time) -> str:
    return at.strftime(_CLOCK)


def rhythm(one: Timetable) -> str:
    """Every Monday at 07:00, Europe/Berlin."""
    told = {"time": hour(one.at), "zone": _zone(one.zone)}
    if one.cadence is Cadence.DAILY:
        return str(_("Every day at %(time)s, %(zone)s", **told))
    if one.cadence is Cadence.WEEKLY:
        weekday = dates.get_day_names("wide", locale=get_locale())[one.weekday - 1]
        return str(_("Every %(weekday)s at %(time)s, %(zone)s", weekday=weekday, **told))
    if one.month_day == 31:
        return str(_("On the last day of every month at %(time)s, %(zone)s", **told))
    return str(_("On day %(number)s of every month at %(time)s, %(zone)s", number=one.month_day, **told))


def due_words(due_at: datetime, zone: str, now: datetime) -> str:
    """On Friday 27 November at 07:00, Europe/Berlin."""
    where = ZoneInfo(zone_or_utc(zone))
    shown, today = due_at.astimezone(where), now.astimezone(where)
    pattern = "EEEE d MMMM" if shown.year == today.year else "EEEE d MMMM y"
    day = dates.format_date(shown.date(), format=pattern, locale=get_locale())
    told = {"day": day, "time": hour(shown.time()), "zone": _zone(zone)}
    return str(_("on %(day)s at %(time)s, %(zone)s", **told))


def about(interest: Interest, frame: Frame, *, is_own: bool, out_of_sight: Collection[str] = ()) -> str:
    """`is_own`: whoever reads it is whoever gets the digest. What is out of their sight is not named."""
    if interest.is_everywhere():
        return str(_("every country that you may see") if is_own else _("every country that they may see"))
    names = [country_name(group) for group in frame.groups if group.key in interest.groups]
    seen = [frame.countries[key] for key in interest.countries - set(out_of_sight) if key in frame.countries]
    names += [country_name(country) for country in in_order(seen, reader_language())]
    if interest.own_countries:
        names = [str(_("your own countries") if is_own else _("their own countries")), *names]
    return listed(names) or str(_("no country that you may see now"))


def criteria_about(interest: Interest, frame: Frame) -> str:
    """Empty: all of them."""
    return listed([one.name for one in frame.criteria if one.key in interest.criteria])


def flags_about(severity: Severity) -> str:
    words: dict[Severity, str] = {
        Severity.NOTICE: _("notices, warnings and alarms"),
        Severity.WARNING: _("warnings and alarms"),
        Severity.ALARM: _("alarms alone"),
    }
    return words[severity]


def listed(names: Collection[str]) -> str:
    shown, left = list(names)[:MOST_NAMES], len(names) - MOST_NAMES
    told = ", ".join(shown)
    return (
        str(ngettext("%(names)s and %(num)s more", "%(names)s and %(num)s more", left, names=told))
        if left > 0
        else told
    )


def delivery_word(state: DeliveryState) -> str:
    words: dict[DeliveryState, str] = {
        DeliveryState.PLANNED: _("planned"),
        DeliveryState.QUEUED: _("on its way"),
        DeliveryState.SENT: _("sent"),
        DeliveryState.SKIPPED: _("not sent"),
        DeliveryState.DEAD: _("given up"),
    }
    return words[state]


def act_word(act: DeliveryAct) -> str:
    words: dict[DeliveryAct, str] = {
        DeliveryAct.MADE: _("made and frozen"),
        DeliveryAct.SENT: _("taken by the mail server"),
        DeliveryAct.FAILED: _("failed, to be tried again"),
        DeliveryAct.SKIPPED: _("not sent"),
        DeliveryAct.GIVEN_UP: _("given up"),
        DeliveryAct.UNCERTAIN: _("held: nobody can tell whether it was taken"),
        DeliveryAct.REQUEUED: _("requeued"),
        DeliveryAct.TAKEN_AS_SENT: _("taken as sent"),
        DeliveryAct.CALLED: _("told to the webhook"),
        DeliveryAct.CALL_FAILED: _("the webhook failed, to be tried again"),
        DeliveryAct.CALL_GIVEN_UP: _("the webhook was given up"),
    }
    return words[act]


def feed_word(kind: FeedKind) -> str:
    words: dict[FeedKind, str] = {
        FeedKind.NEWS: _("What is new, for a feed reader"),
        FeedKind.CALENDAR: _("Days to come and the next steps of your situations, for a calendar"),
    }
    return words[kind]


def _zone(zone: str) -> str:
    known = zone_or_utc(zone)
    return zone if known == zone else str(_("%(known)s (“%(zone)s” is no time zone any more)", known=known, zone=zone))
