"""What other programs of a person fetch: feeds, made and revoked here, and read at an address that is the secret."""

from datetime import datetime

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from tracker.actions import feeds as acting
from tracker.actions.links import hash_of
from tracker.feed import HIGHEST_MARK, NOTED_AT_MOST_EVERY, FeedKind
from tracker.storage import feeds as kept
from tracker.storage import own_things, principals
from tracker.storage.admitting import Person
from tracker.storage.feeding import Feed
from tracker.storage.principals import SignedIn
from tracker.web.clock import now
from tracker.web.database import reading, transaction
from tracker.web.digests.feed_content import calendar_feed, news_feed
from tracker.web.digests.subscription_words import feed_word
from tracker.web.forms.feeds import FeedForm
from tracker.web.forms.fields import blame
from tracker.web.frame import frame
from tracker.web.installation import address_of
from tracker.web.session import asker
from tracker.web.words import country_name, group_kind_word

pages = Blueprint("feeds", __name__)
Answer = str | AnyResponse | tuple[str, int]
ADDRESSES = {FeedKind.NEWS: "feeds.news", FeedKind.CALENDAR: "feeds.calendar"}


@pages.route("/digests/feeds", methods=["GET", "POST"], endpoint="feeds")
def own_feeds() -> Answer:
    form = FeedForm()
    form.offer({kind: feed_word(kind) for kind in FeedKind}, _groups())
    if not form.validate_on_submit():
        return _page(form), 422 if form.is_submitted() else 200
    kind, about = FeedKind(form.kind.data), form.group.data or None
    try:
        with transaction() as session:
            token = acting.make(session, asker().person_id, kind, form.name_.data or "", group_key=about, now=now())
    except acting.TooManyFeeds as refused:
        blame(form.name_, refused)
        return _page(form), 422
    return render_template("feeds/made.html", address=address_of(ADDRESSES[kind], token=token), kind=kind)


@pages.post("/digests/feeds/<int:feed_id>/revoke")
def revoke(feed_id: int) -> AnyResponse:
    with transaction() as session:
        acting.revoke(session, asker().person_id, feed_id, now=now())
    flash(_("Its address answers nobody any more."))
    return redirect(url_for("feeds.feeds"))


@pages.get("/feeds/<token>.atom")
def news(token: str) -> Response:
    feed, who = _behind(token, FeedKind.NEWS)
    content = news_feed(reading(), feed, who.principal, now())
    _note_use(feed)
    return Response(content, mimetype="application/atom+xml")


@pages.get("/feeds/<token>.ics")
def calendar(token: str) -> Response:
    feed, who = _behind(token, FeedKind.CALENDAR)
    content = calendar_feed(reading(), feed, who.principal, now())
    _note_use(feed)
    return Response(content, mimetype="text/calendar")


def _page(form: FeedForm) -> str:
    found = kept.of_person(reading(), asker().person_id)
    named = {group.key: country_name(group) for group in frame().groups}
    return render_template("feeds/list.html", form=form, feeds=found, named=named, highest=HIGHEST_MARK.label)


def _groups() -> dict[str, list[tuple[str, str]]]:
    """By what they are. One of which the reader reaches nobody would be empty."""
    found: dict[str, list[tuple[str, str]]] = {}
    for group in frame().groups:
        if any(asker().reaches(iso3) for iso3 in frame().members_of(group.key)):
            found.setdefault(group_kind_word(group.kind), []).append((group.key, country_name(group)))
    return found


def _behind(token: str, kind: FeedKind) -> tuple[Feed, SignedIn]:
    """From here on this request is answered as that person's, in their language."""
    found = kept.behind(reading(), hash_of(token))
    if found is None or found[0].kind is not kind:
        abort(404)
    feed, person = found
    g.signed_in = _as_reader(person, now())
    return feed, g.signed_in


def _as_reader(person: Person, until: datetime) -> SignedIn:
    return SignedIn(
        principal=principals.principal_of(reading(), person),
        sign_in_id=0,
        email=person.email,
        language=person.language,
        time_zone=person.time_zone,
        expires_at=until,
        own=own_things.Own(frozenset(), (), None),
    )


def _note_use(feed: Feed) -> None:
    """The one reading that writes: whoever gave an address away must see whether it is used. Once an hour, no more."""
    if feed.last_used_at is None or now() - feed.last_used_at >= NOTED_AT_MOST_EVERY:
        with transaction() as session:
            acting.note_use(session, feed.id, now=now())
