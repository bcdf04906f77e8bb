"""Addresses at which other programs of a person read along: made, shown once, revoked."""

import secrets
from datetime import datetime

from tracker.actions import audit
from tracker.actions.links import hash_of
from tracker.feed import MOST_OF_ONE_PERSON, NOTED_AT_MOST_EVERY, FeedKind
from tracker.refusal import N_, NotThere, Refusal
from tracker.storage import feeds
from tracker.storage.base import Session
from tracker.storage.feeding import Feed

LONGEST_NAME = 80


class NoSuchFeed(NotThere):
    def __init__(self) -> None:
        super().__init__(N_("There is no such feed of yours."))


class TooManyFeeds(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("You have %(most)s feeds already. Revoke one that you no longer use."), most=MOST_OF_ONE_PERSON
        )


def make(
    session: Session, person_id: int, kind: FeedKind, name: str, *, group_key: str | None = None, now: datetime
) -> str:
    """The token of its address, which is kept nowhere. `group_key`: whose members it is about; None: all countries."""
    if feeds.how_many_of(session, person_id) >= MOST_OF_ONE_PERSON:
        raise TooManyFeeds
    token = secrets.token_urlsafe(32)
    made = Feed(person_id=person_id, kind=kind, name=name, token_hash=hash_of(token), made_at=now)
    made.group_key = group_key
    session.add(made)
    session.flush()
    after = {"kind": kind, "name": name} | ({"group": group_key} if group_key else {})
    audit.record(session, "feed made", f"feed {made.id}", by=person_id, now=now, after=after)
    return token


def revoke(session: Session, person_id: int, feed_id: int, *, now: datetime) -> None:
    """Its address answers nobody any more. The same once more changes nothing."""
    feed = feeds.one_of(session, person_id, feed_id)
    if feed is None:
        raise NoSuchFeed
    if feed.revoked_at is None:
        feed.revoked_at = now
        audit.record(session, "feed revoked", f"feed {feed.id}", by=person_id, now=now)


def note_use(session: Session, feed_id: int, *, now: datetime) -> None:
    """So that its person sees whether anybody still reads along."""
    feeds.note_use(session, feed_id, now=now, at_most_every=NOTED_AT_MOST_EVERY)
