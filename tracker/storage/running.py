"""A page of the schema: what was done, what leaves the house, and what runs by itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.storage.admitting import Person
from tracker.storage.base import Base


class AuditEntry(Base):
    """One change, chained to the one before. The database refuses to alter or remove it."""

    __tablename__ = "audit_entries"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    # None: the product itself, or somebody who has not signed in.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    action: Mapped[str] = mapped_column(String(60), index=True)
    subject: Mapped[str] = mapped_column(String(120), index=True)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    reason: Mapped[str | None] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    by: Mapped[Person | None] = relationship(viewonly=True, lazy="raise")


class OutgoingMail(Base):
    """Mail waiting for the worker. The text is forgotten once it is settled: it may hold a one-time link.

    One that carries a delivery has no text of its own: it is kept there, whole.
    """

    __tablename__ = "outgoing_mails"
    id: Mapped[int] = mapped_column(primary_key=True)
    # What stands before the @ of the Message-ID. It never changes, so that a mail sent twice is recognised.
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    # None: a letter.
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id", ondelete="RESTRICT"))
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str | None] = mapped_column(Text)
    queued_at: Mapped[datetime]
    # Counted when a worker takes it, so that an attempt that ended in a crash counts too.
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime] = mapped_column(index=True)
    # When what it carries works no more; None: it can always be read with profit.
    useless_after: Mapped[datetime | None]
    # Set while a worker holds it; another may take it over afterwards.
    owner: Mapped[str | None] = mapped_column(String(60))
    leased_until: Mapped[datetime | None]
    # From just before the relay gets the text until it answers: if that is never written down, nobody can tell
    # whether it was taken. None: it has certainly not left.
    transmitting_at: Mapped[datetime | None]
    # Settled is either of these two; neither: it still waits.
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (
        CheckConstraint(
            "delivery_id IS NOT NULL OR (body IS NULL) = (sent_at IS NOT NULL OR given_up_at IS NOT NULL)",
            name="body_kept_until_settled",
        ),
        CheckConstraint("sent_at IS NULL OR given_up_at IS NULL", name="settled_one_way"),
        CheckConstraint("(owner IS NULL) = (leased_until IS NULL)", name="lease_has_an_owner"),
        Index("outgoing_mails_delivery_id_unique", "delivery_id", unique=True),
    )


class JobRun(Base):
    """The last run of each job of the worker: a tick that is old means that the worker is gone."""

    __tablename__ = "job_runs"
    job: Mapped[str] = mapped_column(String(60), primary_key=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    # Of that run. None: it went well, or is under way for the first time.
    error: Mapped[str | None] = mapped_column(Text)
    # None: not since that is written down.
    due_again_at: Mapped[datetime | None]
    # Somebody wants it at once, whether or not it is due. None: nobody has yet.
    wanted_at: Mapped[datetime | None]
    # The last run that failed, however many went well since. Both None: none did.
    failed_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(Text)


class DataVersion(Base):
    """How often something has changed: a page that was made at the same numbers says the same.

    Raised at the end of every transaction that changes what pages show (base.py).
    """

    __tablename__ = "data_versions"
    realm: Mapped[str] = mapped_column(String(20), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
