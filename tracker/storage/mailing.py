"""A page of the schema: who wants to be told what and when, and what they were told.

That a period has one delivery is a rule of the database: however many workers plan it, it is planned once.
"""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from tracker.digest import DeliveryAct, DeliveryKind, DeliveryState
from tracker.period import Cadence
from tracker.storage.base import Base, vocabulary


class Subscription(Base):
    """One digest that one person gets, for as long as they want it."""

    __tablename__ = "subscriptions"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    cadence: Mapped[Cadence] = mapped_column(vocabulary(Cadence, "cadence_known"))
    time_of_day: Mapped[time]
    # Zones come and go: one that is gone is treated as UTC (tracker/period.py).
    zone: Mapped[str] = mapped_column(String(60))
    weekday: Mapped[int] = mapped_column(SmallInteger)
    month_day: Mapped[int] = mapped_column(SmallInteger)
    # Whatever the person reads pages in: a digest may be passed on to others.
    language: Mapped[str] = mapped_column(String(10))
    # Countries, groups, criteria, whether their own, the least severity (tracker/subscription.py).
    interest: Mapped[dict[str, Any]] = mapped_column(JSON)
    also_when_nothing_is_new: Mapped[bool]
    # The first day on which it comes again. None: it is not paused.
    paused_until: Mapped[date | None]
    created_at: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    # Whatever fell due up to then has its delivery.
    planned_until: Mapped[datetime] = mapped_column(index=True)
    # When the next period falls due. None: it has ended.
    next_due_at: Mapped[datetime | None] = mapped_column(index=True)
    # None: it still comes.
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads a plain attribute)
    __table_args__ = (
        CheckConstraint("name <> ''", name="has_a_name"),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday_known"),
        CheckConstraint("month_day BETWEEN 1 AND 31", name="month_day_known"),
        CheckConstraint("(ended_at IS NULL) = (next_due_at IS NOT NULL)", name="due_until_it_ends"),
    )


class UrgentWish(Base):
    """Somebody wants to be told at once of what cannot wait for a digest."""

    __tablename__ = "urgent_wishes"
    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False
    )
    since: Mapped[datetime]
    # By the clocks of the person's zone. Both None: at any hour.
    quiet_from: Mapped[time | None]
    quiet_until: Mapped[time | None]
    __table_args__ = (
        CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet_hours_begin_and_end"),
    )


class Delivery(Base):
    """One mail that somebody is to get for one period, and what became of it."""

    __tablename__ = "deliveries"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DeliveryKind] = mapped_column(vocabulary(DeliveryKind, "kind_known"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    # None: an urgent notice.
    subscription_id: Mapped[int | None] = mapped_column(ForeignKey("subscriptions.id", ondelete="RESTRICT"))
    # A day, a week, a month; of an urgent notice the minute.
    period_key: Mapped[str] = mapped_column(String(20))
    due_at: Mapped[datetime]
    planned_at: Mapped[datetime]
    state: Mapped[DeliveryState] = mapped_column(vocabulary(DeliveryState, "state_known"))
    # What stands before the @ of the Message-ID, however often it is made or sent.
    message_id: Mapped[str] = mapped_column(String(60), unique=True)
    # Of making it.
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime]
    # While a worker makes it; another may take it over afterwards.
    owner: Mapped[str | None] = mapped_column(String(60))
    leased_until: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)
    # What it tells of lies between these. Of what was skipped: nothing of it was new. None: nothing was looked at.
    told_since: Mapped[datetime | None]
    told_until: Mapped[datetime | None] = mapped_column(index=True)
    # How things stood when it was told, which the next one compares with (tracker/news.py). Kept no longer than needed.
    stood: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)
    # When it was frozen, for whom: what a person may see changes with either of these numbers. None: it was not made.
    made_at: Mapped[datetime | None]
    person_version: Mapped[int | None]
    catalogue_version: Mapped[int | None]
    subject: Mapped[str | None] = mapped_column(Text)
    # The highest mark of anything in it.
    handling: Mapped[int | None] = mapped_column(SmallInteger)
    # Those that it is about, told of or not. None: whatever there was.
    countries: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    settled_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("subscription_id", "period_key"),
        CheckConstraint("(kind = 'digest') = (subscription_id IS NOT NULL)", name="digest_has_a_subscription"),
        CheckConstraint("handling BETWEEN 0 AND 4", name="handling_known"),
        CheckConstraint("(state IN ('planned', 'queued')) = (settled_at IS NULL)", name="settled_at_some_time"),
        CheckConstraint("state NOT IN ('queued', 'sent') OR made_at IS NOT NULL", name="queued_is_made"),
        CheckConstraint("(made_at IS NULL) = (handling IS NULL)", name="made_has_a_mark"),
        CheckConstraint("(owner IS NULL) = (leased_until IS NULL)", name="lease_has_an_owner"),
        # one urgent notice at a time: what happens meanwhile goes into it
        Index(
            "deliveries_urgent_unique",
            "person_id",
            unique=True,
            sqlite_where=text("kind = 'urgent' AND state IN ('planned', 'queued')"),
            postgresql_where=text("kind = 'urgent' AND state IN ('planned', 'queued')"),
        ),
        Index("deliveries_state_next_attempt_at_index", "state", "next_attempt_at"),
    )


class DeliveryMessage(Base):
    """The whole mail, as it is sent: it stays readable. Apart, because a state is written often and this once."""

    __tablename__ = "delivery_messages"
    delivery_id: Mapped[int] = mapped_column(
        ForeignKey("deliveries.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False
    )
    message: Mapped[bytes] = mapped_column(LargeBinary)


class DeliveryEvent(Base):
    """What happened to a delivery. It only grows."""

    __tablename__ = "delivery_events"
    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id", ondelete="RESTRICT"), index=True)
    act: Mapped[DeliveryAct] = mapped_column(vocabulary(DeliveryAct, "act_known"))
    at: Mapped[datetime]
    # None: the worker.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    # Why, or what the relay said; empty: the act speaks for itself.
    words: Mapped[str] = mapped_column(Text)


class RefusedAddress(Base):
    """An address that the relay has refused for good ever since the last mail that it took for it."""

    __tablename__ = "refused_addresses"
    address: Mapped[str] = mapped_column(String(254), primary_key=True)
    times: Mapped[int]
    last_at: Mapped[datetime]
    # What the relay said.
    words: Mapped[str] = mapped_column(Text)
    __table_args__ = (CheckConstraint("times >= 1", name="times_from_one"),)
