"""Whoever tells digests: the web application, asked by the worker, in the language and by the clocks of the reader."""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g
from werkzeug.test import EnvironBuilder

from tracker.access import Principal
from tracker.actions.digests.telling import Asked, Made
from tracker.country import LANGUAGES
from tracker.digest import DeliveryKind
from tracker.news import Stood
from tracker.period import Cadence, zone_or_utc
from tracker.storage import own_things, people, principals, subscriptions
from tracker.storage.admitting import Person
from tracker.storage.base import Session
from tracker.storage.mailing import Subscription
from tracker.storage.principals import SignedIn
from tracker.subscription import Interest
from tracker.web.digests.content import Digest, gather
from tracker.web.digests.for_programs import lines_for_programs
from tracker.web.digests.items import ItemWords
from tracker.web.digests.looks import dark_looks, looks
from tracker.web.digests.page import DigestPage
from tracker.web.digests.pictures import Courses, courses, level_counts, levels_map, png, signs_on_map
from tracker.web.digests.reach import Recipient, Span, covered_by
from tracker.web.digests.rows import RowWords
from tracker.web.digests.text import text_of
from tracker.web.digests.urgent import gather_urgent
from tracker.web.digests.words import Edition, MapWords, digest_page
from tracker.web.frame import frame
from tracker.web.installation import address_of
from tracker.web.language import DEFAULT_LANGUAGE, days_apart, direction, language_of_pages

PERIODS = {Cadence.DAILY: timedelta(days=1), Cadence.WEEKLY: timedelta(days=7), Cadence.MONTHLY: timedelta(days=31)}
_PICTURE = re.compile(r'src="cid:([\w-]+)"')


@dataclass(frozen=True)
class WebTeller:
    """Tells by the words, names and pictures of the pages."""

    app: Flask

    def tell(self, session: Session, asked: Asked, now: datetime) -> Made | None:
        with reading_as(self.app, session, asked) as who:
            digest = gathered(session, asked, who)
            if not digest.is_news and not _is_wanted_anyway(asked):
                return None
            return _made(session, digest, asked, who)

    def preview(self, session: Session, asked: Asked) -> Made:
        """What it would be now, news or not."""
        with reading_as(self.app, session, asked) as who:
            return _made(session, gathered(session, asked, who), asked, who)


def teller_of(app: Flask) -> WebTeller:
    return WebTeller(app)


def with_pictures_inside(html: str, images: Mapping[str, bytes]) -> str:
    """For a browser, which knows nothing of the other parts of a mail."""

    def inside(found: re.Match[str]) -> str:
        image = images.get(found[1])
        return found[0] if image is None else f'src="data:image/png;base64,{b64encode(image).decode()}"'

    return _PICTURE.sub(inside, html)


@contextmanager
def reading_as(app: Flask, session: Session, asked: Asked) -> Iterator[SignedIn]:
    """As if they asked for a page: with what they may see at this moment."""
    person = people.by_id(session, asked.person_id)
    assert person is not None, "people are never removed"
    who = _reader(session, person, asked)
    environ = EnvironBuilder(base_url=app.extensions["settings"].public_url).get_environ()
    # a context of its own: around it somebody else may be asking for a page
    with app.app_context(), app.request_context(environ):
        g.reading, g.signed_in = session, who
        try:
            yield who
        finally:
            # it is the worker's, who closes it
            g.pop("reading", None)


def _reader(session: Session, person: Person, asked: Asked) -> SignedIn:
    subscription = asked.subscription
    language = subscription.language if subscription else person.language
    return SignedIn(
        principal=principals.principal_of(session, person),
        sign_in_id=0,
        email=person.email,
        language=language if language in LANGUAGES else DEFAULT_LANGUAGE,
        time_zone=zone_or_utc(subscription.zone if subscription else person.time_zone),
        expires_at=asked.until,
        own=own_things.of_person(session, person.id, None),
    )


def gathered(session: Session, asked: Asked, who: SignedIn) -> Digest:
    subscription = asked.subscription
    period = PERIODS[subscription.cadence] if subscription else PERIODS[Cadence.DAILY]
    since, stood = _told_last(session, asked)
    to, span = _recipient(asked, who), Span(since, asked.until, period, ZoneInfo(who.time_zone), asked.since)
    gathering = gather_urgent if asked.kind is DeliveryKind.URGENT else gather
    return gathering(session, to, span, stood, frame())


def _recipient(asked: Asked, who: SignedIn) -> Recipient:
    subscription = asked.subscription
    interest = Interest.from_kept(subscription.interest) if subscription else Interest()
    return Recipient(who.principal, who.own.countries, interest)


def _told_last(session: Session, asked: Asked) -> tuple[datetime, Stood | None]:
    """When, and how things stood then. Who has been told nothing yet is told of all since they wanted to know."""
    begun = _begun_at(session, asked)
    stood = None if asked.stood is None else Stood.from_kept(asked.stood)
    # urgent notices that somebody wanted no more, and wants again
    if stood is not None and stood.at is not None and stood.at < begun:
        return begun, None
    return (min(asked.since, begun), None) if stood is None else (asked.since, stood)


def _begun_at(session: Session, asked: Asked) -> datetime:
    if asked.subscription is not None:
        return asked.subscription.created_at
    wish = subscriptions.urgent_wish(session, asked.person_id)
    return wish.since if wish else asked.since


def _made(session: Session, digest: Digest, asked: Asked, who: SignedIn) -> Made:
    words = _words(session, digest, who.principal)
    page = _page(session, digest, asked, words)
    return Made(
        subject=page.subject,
        text=days_apart(text_of(page)),
        html=days_apart(_html(page)),
        images={picture.name: png(picture) for picture in page.pictures},
        handling=page.mark,
        until=asked.until,
        countries=covered_by(_recipient(asked, who), frame()),
        stood=digest.stood.as_kept(),
        headlines=lines_for_programs(digest, words.items, words.rows),
    )


def _is_wanted_anyway(asked: Asked) -> bool:
    return asked.subscription is not None and asked.subscription.also_when_nothing_is_new


@dataclass(frozen=True)
class _Words:
    items: ItemWords
    rows: RowWords


def _words(session: Session, digest: Digest, reader: Principal) -> _Words:
    drawn = Courses() if digest.kind is DeliveryKind.URGENT else courses(session, digest, reader, frame())
    items = ItemWords(digest, frame(), reader.person_id, drawn)
    return _Words(items, RowWords(digest, frame(), items))


def _page(session: Session, digest: Digest, asked: Asked, words: _Words) -> DigestPage:
    picture = None if digest.kind is DeliveryKind.URGENT else levels_map(digest, frame())
    on_map = MapWords(picture, level_counts(digest), signs_on_map(digest))
    return digest_page(digest, _edition(session, asked), words.items, words.rows, on_map)


def _edition(session: Session, asked: Asked) -> Edition:
    subscription, is_first = asked.subscription, asked.stood is None
    if subscription is None:
        return Edition(address_of("digests.urgent"), "", is_first, "", asked.leave_url)
    url, by = address_of("digests.change", subscription_id=subscription.id), _subscriber(session, subscription)
    return Edition(url, subscription.name, is_first, by, asked.leave_url)


def _subscriber(session: Session, subscription: Subscription) -> str:
    """Empty: they did so themselves."""
    if subscription.created_by == subscription.person_id:
        return ""
    by = people.by_id(session, subscription.created_by)
    return by.name if by else ""


def _html(page: DigestPage) -> str:
    template = current_app.jinja_env.get_template("messages/digest.html")
    of_page = {"page": page, "language": language_of_pages(), "direction": direction()}
    return template.render(**of_page, looks=looks, dark_looks=dark_looks) + "\n"
