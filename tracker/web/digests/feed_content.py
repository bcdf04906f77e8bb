"""What a feed tells its person's programs: titles and links, of what they may see now and may be passed on."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from flask_babel import gettext as _

from tracker.access import Principal
from tracker.delivery.message import host_of
from tracker.exchange.atom import Entry, atom
from tracker.exchange.atom import Feed as AtomFeed
from tracker.exchange.icalendar import Day, icalendar
from tracker.feed import DAYS_AHEAD, DAYS_BACK, HIGHEST_MARK, MOST_DAYS, MOST_NEWS, NEWS_BACK
from tracker.situation import is_overdue
from tracker.storage import assistance, news, occasions, responses, situations
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation
from tracker.storage.feeding import Feed
from tracker.storage.news import FlagNews
from tracker.text import straight_line
from tracker.web.dashboard.words import next_step_word, turn_word
from tracker.web.digests.calls import is_open
from tracker.web.digests.items import flag_title
from tracker.web.digests.page import LONGEST_NAME
from tracker.web.flag_words import FlagNames, flag_names, severity_word
from tracker.web.frame import frame
from tracker.web.installation import address_of, settings
from tracker.web.language import language
from tracker.web.occasions.as_icalendar import calendar_days
from tracker.web.words import country_name


def news_feed(session: Session, feed: Feed, reader: Principal, now: datetime) -> bytes:
    """How flags stand that stood otherwise a month ago, what States ask for, and what is overdue; the newest first."""
    reader, since = _as_feeds_show(reader, feed), now - NEWS_BACK
    found = news.news_in(news.flags_since(session, since, reader.scope, reader.clearance), since)
    newest = sorted(found, key=lambda one: (one.at, one.flag.id), reverse=True)[:MOST_NEWS]
    names = flag_names(session, sorted({one.flag.iso3 for one in newest}), reader.clearance)
    known = {one.id for one in situations.listed(session, reader.scope, reader.clearance, is_closed=False)}
    entries = [_entry(one, feed, names, one.flag.situation_id in known) for one in newest]
    entries += [one for one in _besides(session, feed, reader, now.date()) if one.at > since]
    entries = sorted(entries, key=lambda one: (one.at, one.id), reverse=True)[:MOST_NEWS]
    return atom(
        AtomFeed(
            id=_tag(feed, "news"),
            title=_with_group(_("What is new, as the early-warning indicator tracker tells it"), feed),
            subtitle=_(
                "Flags, requests for help and what is overdue, of the last 30 days, up to %(mark)s.",
                mark=HIGHEST_MARK.label,
            ),
            author=_("Early-warning indicator tracker"),
            language=language(),
            home=address_of("dashboard.news"),
            entries=entries,
        ),
        now,
    )


def calendar_feed(session: Session, feed: Feed, reader: Principal, now: datetime) -> bytes:
    """Days to come, those of the last three months, and the next steps of what they are in charge of or follow."""
    reader, today = _as_feeds_show(reader, feed), now.date()
    since, until = today - DAYS_BACK, today + DAYS_AHEAD
    coming = occasions.coming(session, reader.scope, since, until, clearance=reader.clearance)
    days = [*calendar_days(coming), *(_step(one) for one in _own_steps(session, reader))]
    return icalendar(_with_group(_("Early-warning indicator tracker"), feed), days[:MOST_DAYS])


def _as_feeds_show(reader: Principal, feed: Feed) -> Principal:
    """Of its group those whom the reader reaches."""
    reader = replace(reader, clearance=min(reader.clearance, HIGHEST_MARK))
    if feed.group_key is None:
        return reader
    return replace(reader, scope=frozenset(filter(reader.reaches, frame().members_of(feed.group_key))))


def _with_group(title: str, feed: Feed) -> str:
    """So that one feed is told from another."""
    group = next((one for one in frame().groups if one.key == feed.group_key), None)
    return str(_("%(group)s: %(title)s", group=country_name(group), title=title)) if group else title


def _entry(one: FlagNews, feed: Feed, names: FlagNames, is_known: bool) -> Entry:
    flag = one.flag
    told = {
        "country": country_name(frame().countries[flag.iso3]),
        "title": flag_title(names, flag),
        # how urgent it is; of what is over, that it is
        "turn": f"{severity_word(flag.severity)}, {turn_word(one)}" if flag.severity else turn_word(one),
    }
    return Entry(
        # not by its turn: as the month goes by, what was new becomes worse than it was, and is no other news for it
        id=_tag(feed, f"flag-{flag.id}-{flag.said.id}{'-closed' if flag.closed_at else ''}"),
        title=_("%(country)s: %(title)s (%(turn)s)", **told),
        url=(
            address_of("situations.situation", situation_id=flag.situation_id)
            if is_known
            else address_of("countries.country", iso3=flag.iso3)
        ),
        at=one.at,
    )


def _besides(session: Session, feed: Feed, reader: Principal, today: date) -> Iterator[Entry]:
    for asked in assistance.listed(session, reader.scope, reader.clearance):
        one = asked.request
        if is_open(asked):
            title = _("%(where)s asks for help: %(title)s", where=_place(one.iso3), title=_line(one.title))
            url = address_of("assistance.one", request_id=one.id)
            yield Entry(id=_tag(feed, f"request-{one.id}"), title=title, url=url, at=one.asked_at)
    for listed in responses.ledger(session, reader.scope, reader.clearance):
        due_on, number = listed.response.due_on, listed.response.id
        if due_on and is_overdue(due_on, today):
            told = {"where": _place(listed.iso3, listed.part), "title": _line(listed.response.title)}
            url = address_of("responses.response", response_id=number)
            name = _tag(feed, f"measure-{number}-{due_on}")
            yield Entry(id=name, title=_("%(where)s: %(title)s (overdue)", **told), url=url, at=_over(due_on))
    for situation in situations.listed(session, reader.scope, reader.clearance, is_closed=False):
        if situation.due_on and is_overdue(situation.due_on, today):
            told = {"where": _place(situation.iso3, situation.part), "step": next_step_word(situation.state)}
            url = address_of("situations.situation", situation_id=situation.id)
            name = _tag(feed, f"step-{situation.id}-{situation.due_on}")
            title = _("%(where)s: situation %(step)s (overdue)", **told)
            yield Entry(id=name, title=title, url=url, at=_over(situation.due_on))


def _over(due_on: date) -> datetime:
    """From when on it is overdue."""
    return datetime.combine(due_on + timedelta(days=1), time(), UTC)


def _line(title: str) -> str:
    return straight_line(title, LONGEST_NAME)


def _place(iso3: str, part: str = "") -> str:
    country = country_name(frame().countries[iso3])
    return f"{country}, {part}" if part else country


def _own_steps(session: Session, reader: Principal) -> Sequence[Situation]:
    found = situations.queued(session, reader.scope, reader.clearance, reader.person_id)
    return [one.situation for one in found if one.situation.owner_id == reader.person_id or one.is_followed]


def _step(one: Situation) -> Day:
    assert one.due_on is not None, "a constraint gives every open situation a day"
    told = {"where": _place(one.iso3, one.part), "step": next_step_word(one.state)}
    return Day(
        id=f"step-{one.id}@{_host()}",
        on=one.due_on,
        title=_("%(where)s: situation %(step)s", **told),
        url=address_of("situations.situation", situation_id=one.id),
        at=one.state_since,
    )


def _tag(feed: Feed, what: str) -> str:
    """A name that nobody else gives to anything (RFC 4151)."""
    return f"tag:{_host()},{feed.made_at:%Y-%m-%d}:feed-{feed.id}/{what}"


def _host() -> str:
    return host_of(settings().public_url)
