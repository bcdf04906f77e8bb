"""What somebody is told, and when: their digests in words, and what differs when two changed one at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from tracker.access import Principal
from tracker.country import sort_key
from tracker.storage import delivery_log, people, subscriptions, webhooks
from tracker.storage.base import Session
from tracker.storage.mailing import Subscription
from tracker.subscription import Interest, Wanted, is_paused
from tracker.web.digests import subscription_words as words
from tracker.web.forms.account import LANGUAGE_NAMES
from tracker.web.forms.people import Places
from tracker.web.forms.subscriptions import Offer
from tracker.web.frame import frame
from tracker.web.words import country_name, day


@dataclass(frozen=True)
class Row:
    subscription: Subscription
    # "Every Monday at 07:00, Europe/Berlin".
    rhythm: str
    # "on Monday 23 November at 07:00, Europe/Berlin".
    next: str
    # Until which day it is paused. Empty: it is not.
    paused: str
    # "Mali, ECOWAS · warnings and alarms · English".
    about: str
    # None: none was sent yet.
    last_sent_at: datetime | None
    # Where it is told as well. Empty: nowhere.
    host: str
    # Who subscribed them to it. Empty: they did so themselves.
    subscribed_by: str


def own_rows(session: Session, reader: Principal, now: datetime) -> list[Row]:
    found = subscriptions.of_person(session, reader.person_id)
    numbers = [one.id for one in found]
    last, hosts = delivery_log.last_sent(session, numbers), webhooks.hosts(session, numbers)
    by_others = {one.created_by for one in found} - {reader.person_id}
    names = people.names(session, by_others) if by_others else {}
    return [_row(one, reader, now, last, hosts, names) for one in found]


def rows_of_others(session: Session, reader: Principal, now: datetime) -> list[tuple[str, Row]]:
    """Everybody's, person by person, with the name of each."""
    return [
        (held.person_name, _row(held.subscription, reader, now, {}, {}, {}))
        for held in subscriptions.everybodys(session)
    ]


def next_due(rows: Sequence[Row], now: datetime) -> str:
    """The one that comes first; empty: none does."""
    coming = [row.subscription for row in rows if row.subscription.next_due_at is not None]
    first = min(coming, key=lambda one: (one.next_due_at or now, one.id), default=None)
    return _next(first, now) if first else ""


def wanted_of(found: Subscription) -> Wanted:
    return Wanted(
        name=found.name,
        timetable=subscriptions.timetable_of(found),
        interest=Interest.from_kept(found.interest),
        language=found.language,
        also_when_nothing_is_new=found.also_when_nothing_is_new,
    )


def summary(wanted: Wanted, reader: Principal, *, is_own: bool) -> list[tuple[str, str]]:
    """Each question of the form, with its answer in words."""
    interest, gone = wanted.interest, out_of_sight(wanted.interest, reader, is_own=is_own)
    return [
        (_("Name"), wanted.name),
        (_("When"), words.rhythm(wanted.timetable)),
        (_("Countries"), words.about(interest, frame(), is_own=is_own, out_of_sight=gone)),
        (_("Criteria"), words.criteria_about(interest, frame()) or _("all of them")),
        (_("Flags"), words.flags_about(interest.least_severity)),
        (_("When nothing is new"), _("sent all the same") if wanted.also_when_nothing_is_new else _("not sent")),
        (_("Language"), LANGUAGE_NAMES[wanted.language]),
    ]


def offer(reader: Principal, *, is_own: bool) -> Offer:
    """Of countries: those that the reader reaches. For somebody else: any, as the rest of their access."""
    known = frame()
    there = [one for one in known.countries.values() if not is_own or reader.reaches(one.iso3)]
    named = sorted(((one.iso3, country_name(one)) for one in there), key=lambda one: sort_key(one[1]))
    return Offer(
        places=Places(dict(named), {group.key: country_name(group) for group in known.groups}),
        criteria={one.key: one.name for one in known.criteria},
        cadences=words.cadence_words(),
        severities=words.severity_choices(),
        everywhere=_("Every country that you may see") if is_own else _("Every country that they may see"),
    )


def out_of_sight(interest: Interest, reader: Principal, *, is_own: bool) -> frozenset[str]:
    """Chosen before, and lost since with a scope: kept, should it come back."""
    return frozenset(iso3 for iso3 in interest.countries if is_own and not reader.reaches(iso3))


def _row(
    one: Subscription,
    reader: Principal,
    now: datetime,
    last: Mapping[int, datetime],
    hosts: Mapping[int, str],
    names: Mapping[int, str],
) -> Row:
    is_own = one.person_id == reader.person_id
    timetable, interest = subscriptions.timetable_of(one), Interest.from_kept(one.interest)
    paused = one.paused_until if is_paused(timetable, now, one.paused_until) else None
    return Row(
        subscription=one,
        rhythm=words.rhythm(timetable),
        next=_next(one, now),
        paused=day(paused) if paused else "",
        about=" · ".join(_about(interest, one, reader, is_own=is_own)),
        last_sent_at=last.get(one.id),
        host=hosts.get(one.id, ""),
        subscribed_by=names.get(one.created_by, ""),
    )


def _about(interest: Interest, one: Subscription, reader: Principal, *, is_own: bool) -> list[str]:
    gone = out_of_sight(interest, reader, is_own=is_own)
    told = [
        words.about(interest, frame(), is_own=is_own, out_of_sight=gone),
        words.criteria_about(interest, frame()),
        words.flags_about(interest.least_severity),
        LANGUAGE_NAMES.get(one.language, one.language),
        _("also when nothing is new") if one.also_when_nothing_is_new else "",
    ]
    return [str(part) for part in told if part]


def _next(one: Subscription, now: datetime) -> str:
    return words.due_words(one.next_due_at, one.zone, now) if one.next_due_at else ""
