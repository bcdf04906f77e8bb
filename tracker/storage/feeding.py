"""A page of the schema: what people let their other programs have, fetched by them or told to them.

Of an address that is a secret the hash is kept; what must be read again to call somebody is sealed.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.feed import FeedKind
from tracker.storage.base import Base, vocabulary


class Feed(Base):
    """Whoever knows its address reads what its person may see, as far as a feed shows that."""

    __tablename__ = "feeds"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    kind: Mapped[FeedKind] = mapped_column(vocabulary(FeedKind, "kind_known"))
    # Where it is used, in its person's words.
    name: Mapped[str] = mapped_column(String(80))
    # The group of countries that it tells of. None: all that its person may see.
    group_key: Mapped[str | None] = mapped_column(ForeignKey("groups.key", ondelete="RESTRICT"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    # To the hour. None: never.
    last_used_at: Mapped[datetime | None]
    # None: it still answers.
    revoked_at: Mapped[datetime | None]
    __table_args__ = (CheckConstraint("name <> ''", name="has_a_name"),)


class Webhook(Base):
    """Where the digests of a subscription are told as well."""

    __tablename__ = "webhooks"
    subscription_id: Mapped[int] = mapped_column(
        ForeignKey("subscriptions.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False
    )
    # By which people know it; the rest of the address may be a secret of the chat's.
    host: Mapped[str] = mapped_column(String(255))
    # The whole address, and the secret of the signature.
    sealed: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]


class OutgoingCall(Base):
    """A call of a webhook that waits for the worker. What it tells is forgotten once it is settled."""

    __tablename__ = "outgoing_calls"
    id: Mapped[int] = mapped_column(primary_key=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscriptions.id", ondelete="RESTRICT"))
    # None: somebody tries whether it works.
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id", ondelete="RESTRICT"))
    # The same however often it is called, so that a call that came twice is recognised.
    message_id: Mapped[str] = mapped_column(String(60), unique=True)
    body: Mapped[str | None] = mapped_column(Text)
    # For whom it was told: what a person may see changes with either of these. Both None: it tells nothing.
    person_version: Mapped[int | None]
    catalogue_version: Mapped[int | None]
    queued_at: Mapped[datetime]
    # Counted when a worker takes it, so that an attempt that ended in a crash counts too.
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime] = mapped_column(index=True)
    # Set while a worker holds it; another may take it over afterwards.
    leased_until: Mapped[datetime | None]
    # Settled is either of these two; neither: it still waits.
    told_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (
        CheckConstraint(
            "(body IS NULL) = (told_at IS NOT NULL OR given_up_at IS NOT NULL)", name="body_kept_until_settled"
        ),
        CheckConstraint("told_at IS NULL OR given_up_at IS NULL", name="settled_one_way"),
        CheckConstraint(
            "(person_version IS NULL) = (catalogue_version IS NULL)",
            name="told_for_somebody",
        ),
        Index("outgoing_calls_delivery_id_unique", "delivery_id", unique=True),
        Index("outgoing_calls_subscription_id_index", "subscription_id"),
    )
