"""The mails that wait for the worker, and those that it is done with."""

from collections.abc import Collection
from datetime import datetime, time
from functools import cache
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    Table,
    Update,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from tracker.digest import DeliveryKind
from tracker.storage.admitting import Person
from tracker.storage.base import Instant, Session
from tracker.storage.mailing import Delivery, DeliveryMessage, RefusedAddress, Subscription, UrgentWish
from tracker.storage.running import OutgoingMail
from tracker.storage.watching import CatalogueVersion


class Waiting(NamedTuple):
    """A mail that is to be sent, with the delivery that it carries."""

    id: int
    message_id: str
    recipient: str
    subject: str
    body: str | None
    queued_at: datetime
    useless_after: datetime | None
    transmitting_at: datetime | None
    # All None: a letter.
    delivery_id: int | None
    message: bytes | None
    made_at: datetime | None
    kind: DeliveryKind | None
    # Whether its reader still wants it, and may see what they might when it was made.
    is_right: bool | None
    # When its reader does not want to be told of anything, by the clocks of which zone. All None: at any hour.
    quiet_from: time | None
    quiet_until: time | None
    zone: str | None
    # Whether the address was refused the last time.
    was_refused: bool


def next_free(session: Session, *, now: datetime, most: int) -> list[Waiting]:
    """Those that have been due for longest and that nobody holds.

    They are locked until the transaction ends. Workers on PostgreSQL step over each other's rows; on SQLite a writer is
    alone already.
    """
    rows = session.connection().execute(_next_free(), {"now": now, "most": most}) if most else ()
    return [Waiting(*row) for row in rows]


def hold(session: Session, mail_ids: Collection[int], *, owner: str, until: datetime) -> None:
    if mail_ids:
        session.connection().execute(_hold(), {"ids": list(mail_ids), "holder": owner, "until": until})


def put_off(session: Session, mail_id: int, delivery_id: int, *, until: datetime) -> None:
    """That is when it is due."""
    session.execute(update(OutgoingMail).where(OutgoingMail.id == mail_id).values(next_attempt_at=until))
    session.execute(update(Delivery).where(Delivery.id == delivery_id).values(due_at=until))


def anything_free(session: Session, *, now: datetime) -> bool:
    return session.scalar(select(OutgoingMail.id).where(_is_free(now)).limit(1)) is not None


def how_many_free(session: Session, *, now: datetime, most: int) -> int:
    """No more than `most` are counted."""
    return len(session.scalars(select(OutgoingMail.id).where(_is_free(now)).limit(most)).all())


def locked(session: Session, mail_id: int) -> OutgoingMail | None:
    return session.get(OutgoingMail, mail_id, with_for_update=True)


def mark_transmitting(session: Session, mail_ids: Collection[int], *, owner: str, now: datetime) -> set[int]:
    """Those that the owner still holds."""
    held = {"ids": list(mail_ids), "holder": owner, "now": now}
    return set(session.connection().execute(_mark_transmitting(), held).scalars())


def mark_sent(session: Session, mail_ids: Collection[int], *, now: datetime) -> set[int]:
    """Those of which it was not known before."""
    return set(session.connection().execute(_mark_sent(), {"ids": list(mail_ids), "now": now}).scalars())


def remove_carrying(session: Session, delivery_id: int) -> None:
    session.execute(delete(OutgoingMail).where(OutgoingMail.delivery_id == delivery_id))


def waiting_letters(session: Session) -> list[OutgoingMail]:
    """The oldest first."""
    query = select(OutgoingMail).where(_is_unsettled(), OutgoingMail.delivery_id.is_(None))
    return list(session.scalars(query.order_by(OutgoingMail.id)))


def how_many_waiting(session: Session) -> int:
    return _how_many(session, _is_unsettled())


def how_many_stuck(session: Session, *, queued_before: datetime) -> int:
    """Those of the waiting that should have left by now, or could not when it was tried."""
    late = or_(OutgoingMail.queued_at < queued_before, OutgoingMail.last_error.is_not(None))
    return _how_many(session, and_(_is_unsettled(), late))


def why_not_yet(session: Session) -> str | None:
    """What became of the last try, of those that wait. None: all wait for their first."""
    query = select(OutgoingMail.last_error).where(_is_unsettled(), OutgoingMail.last_error.is_not(None))
    return session.scalar(query.order_by(OutgoingMail.id.desc()).limit(1))


def how_many_given_up(session: Session) -> int:
    return _how_many(session, OutgoingMail.given_up_at.is_not(None))


def given_up(session: Session) -> list[OutgoingMail]:
    """Those that never left, the latest first: somebody has to look at why."""
    query = (
        select(OutgoingMail)
        .where(OutgoingMail.given_up_at.is_not(None))
        .order_by(OutgoingMail.given_up_at.desc(), OutgoingMail.id.desc())
    )
    return list(session.scalars(query))


def remove_settled_before(session: Session, moment: datetime) -> int:
    """How many were removed."""
    settled_at = func.coalesce(OutgoingMail.sent_at, OutgoingMail.given_up_at)
    old = delete(OutgoingMail).where(settled_at < moment)
    return len(session.scalars(old.returning(OutgoingMail.id)).all())


# ---- asked for each mail, and so put together once -----------------------------------------------------------------

_MAILS = cast("Table", OutgoingMail.__table__)
_THESE = _MAILS.c.id.in_(bindparam("ids", expanding=True))


@cache
def _next_free() -> Select[*tuple[Any, ...]]:
    mail, newest = OutgoingMail, select(func.coalesce(func.max(CatalogueVersion.number), 0)).scalar_subquery()
    same = and_(Delivery.person_version == Person.version, Delivery.catalogue_version == newest)
    is_urgent = Delivery.kind == DeliveryKind.URGENT
    wanted = and_(Subscription.ended_at.is_(None), or_(~is_urgent, UrgentWish.person_id.is_not(None)))
    quiet = [case((is_urgent, column)) for column in (UrgentWish.quiet_from, UrgentWish.quiet_until, Person.time_zone)]
    refused = exists().where(RefusedAddress.address == mail.recipient)
    return (
        select(
            *(mail.id, mail.message_id, mail.recipient, mail.subject, mail.body, mail.queued_at),
            *(mail.useless_after, mail.transmitting_at, mail.delivery_id),
            *(DeliveryMessage.message, Delivery.made_at, Delivery.kind, and_(same, wanted), *quiet, refused),
        )
        .outerjoin(Delivery, Delivery.id == mail.delivery_id)
        .outerjoin(DeliveryMessage, DeliveryMessage.delivery_id == mail.delivery_id)
        .outerjoin(Person, Person.id == Delivery.person_id)
        .outerjoin(Subscription, Subscription.id == Delivery.subscription_id)
        .outerjoin(UrgentWish, UrgentWish.person_id == Delivery.person_id)
        .where(_is_free(bindparam("now", type_=Instant())))
        .order_by(mail.next_attempt_at, mail.id)
        .limit(bindparam("most", type_=Integer()))
        .with_for_update(skip_locked=True, of=mail)
    )


@cache
def _hold() -> Update:
    mail = _MAILS.c
    held = {"attempts": mail.attempts + 1, "owner": bindparam("holder"), "leased_until": bindparam("until")}
    return update(_MAILS).where(_THESE).values(held)


@cache
def _mark_transmitting() -> Any:
    mail, now = _MAILS.c, bindparam("now", type_=Instant())
    mine = and_(_THESE, mail.owner == bindparam("holder", type_=String()), mail.leased_until > now)
    return update(_MAILS).where(mine).values(transmitting_at=now).returning(mail.id)


@cache
def _mark_sent() -> Any:
    ends = dict.fromkeys(("given_up_at", "body", "owner", "leased_until", "last_error"), None)
    now = bindparam("now", type_=Instant())
    return update(_MAILS).where(_THESE, _MAILS.c.sent_at.is_(None)).values(sent_at=now, **ends).returning(_MAILS.c.id)


def _how_many(session: Session, condition: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count(OutgoingMail.id)).where(condition)) or 0


def _is_unsettled() -> ColumnElement[bool]:
    return and_(OutgoingMail.sent_at.is_(None), OutgoingMail.given_up_at.is_(None))


def _is_free(now: Any) -> ColumnElement[bool]:
    return and_(
        _is_unsettled(),
        OutgoingMail.next_attempt_at <= now,
        or_(OutgoingMail.leased_until.is_(None), OutgoingMail.leased_until <= now),
    )
