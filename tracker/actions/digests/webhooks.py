"""Whose digests are told to which program."""

import base64
import secrets
from datetime import datetime
from urllib.parse import urlsplit

from tracker.access import Principal
from tracker.actions import audit
from tracker.actions.digests import calling
from tracker.actions.digests.subscribing import NoSuchSubscription
from tracker.actions.sealing import Seal
from tracker.refusal import N_, NotThere
from tracker.storage import subscriptions
from tracker.storage import webhooks as kept
from tracker.storage.base import Session
from tracker.storage.feeding import Webhook
from tracker.storage.mailing import Subscription
from tracker.webhook import PREFIX_OF_SECRETS, SECRET_BYTES, Reach, tidy_address


class NoWebhook(NotThere):
    def __init__(self) -> None:
        super().__init__(N_("This digest has no webhook."))


def set_up(
    session: Session, subscription_id: int, typed: str, seal: Seal, *, reach: Reach, by: Principal, now: datetime
) -> str:
    """The secret, which is shown this once. Another address takes the place of the one before, with another secret."""
    found = own(session, subscription_id, by)
    address = tidy_address(typed, reach)
    secret = PREFIX_OF_SECRETS + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    before = kept.of_subscription(session, found.id)
    host = urlsplit(address).hostname or ""
    was = {"host": before.host} if before else None
    webhook = before or Webhook(subscription_id=found.id)
    webhook.host, webhook.made_at = host, now
    webhook.sealed = calling.sealed(seal, address, secret, now=now)
    session.add(webhook)
    session.flush()
    _record(session, "webhook set up", found, by, now, before=was, after={"host": host})
    return secret


def remove(session: Session, subscription_id: int, *, by: Principal, now: datetime) -> None:
    """What waits to be told is not told any more. The same once more changes nothing."""
    found = own(session, subscription_id, by)
    before = kept.of_subscription(session, found.id)
    if before is not None:
        kept.remove(session, found.id)
        _record(session, "webhook removed", found, by, now, before={"host": before.host}, after=None)


def try_out(session: Session, subscription_id: int, sentence: str, *, by: Principal, now: datetime) -> None:
    found = own(session, subscription_id, by)
    if kept.of_subscription(session, found.id) is None:
        raise NoWebhook
    calling.queue_try(session, found.id, sentence, now=now)


def own(session: Session, subscription_id: int, by: Principal) -> Subscription:
    """Of the reader alone: nobody else decides who is told what they may see."""
    found = subscriptions.locked(session, subscription_id)
    if found is None or found.person_id != by.person_id or found.ended_at is not None:
        raise NoSuchSubscription
    return found


def _record(
    session: Session,
    action: str,
    found: Subscription,
    by: Principal,
    now: datetime,
    *,
    before: dict[str, str] | None,
    after: dict[str, str] | None,
) -> None:
    subject = f"subscription {found.id}"
    audit.record(session, action, subject, by=by.person_id, now=now, before=before, after=after)
