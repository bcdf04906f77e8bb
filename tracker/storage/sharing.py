"""A page of the schema: what goes to other organisations and comes from them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    SmallInteger,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from tracker.bundle import BundleDirection, StatementKind
from tracker.storage.base import Base, vocabulary


class SigningKey(Base):
    """What this installation signs with: the newest. Former ones are kept, so that what they signed is still known as
    ours."""

    __tablename__ = "signing_keys"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_key: Mapped[str] = mapped_column(String(64), unique=True)
    # Sealed with the installation's secret.
    sealed: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))


class Partner(Base):
    """Another organisation whose bundles are taken, known by the key that it signs with."""

    __tablename__ = "partners"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    public_key: Mapped[str] = mapped_column(String(64), unique=True)
    added_at: Mapped[datetime]
    added_by: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    # From then on nothing more is taken from it.
    revoked_at: Mapped[datetime | None]
    __table_args__ = (CheckConstraint("name <> ''", name="has_a_name"),)


class Bundle(Base):
    """One signed file that was handed out or taken in, whole."""

    __tablename__ = "bundles"
    id: Mapped[int] = mapped_column(primary_key=True)
    direction: Mapped[BundleDirection] = mapped_column(vocabulary(BundleDirection, "direction_known"))
    # Whom it came from. None: it was made here.
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partners.id", ondelete="RESTRICT"), index=True)
    # For whom it was made, in words.
    recipient: Mapped[str] = mapped_column(String(200))
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    # The whole file, compressed.
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    # The highest mark of anything in it.
    handling: Mapped[int] = mapped_column(SmallInteger)
    # How much of what, by kind, and which countries.
    summary: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    # Its observations went this way into the record. None: there were none, or it was made here.
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id", ondelete="RESTRICT"))
    # Since when what it says is shown. None: it was made here, or was brought and only looked at.
    entered_at: Mapped[datetime | None]
    # What it says counts no more. None: it counts.
    withdrawn_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("(direction = 'received') = (partner_id IS NOT NULL)", name="received_from_a_partner"),
        CheckConstraint("handling BETWEEN 0 AND 4", name="handling_known"),
        CheckConstraint("direction = 'received' OR entered_at IS NULL", name="entered_where_received"),
        CheckConstraint("withdrawn_at IS NULL OR entered_at IS NOT NULL", name="withdrawn_once_entered"),
    )


class ReceivedStatement(Base):
    """A flag or an assessment of another organisation: shown as theirs, and counted nowhere."""

    __tablename__ = "received_statements"
    id: Mapped[int] = mapped_column(primary_key=True)
    bundle_id: Mapped[int] = mapped_column(ForeignKey("bundles.id", ondelete="RESTRICT"), index=True)
    iso3: Mapped[str] = mapped_column(ForeignKey("countries.iso3", ondelete="RESTRICT"), index=True)
    kind: Mapped[StatementKind] = mapped_column(vocabulary(StatementKind, "kind_known"))
    day: Mapped[date]
    handling: Mapped[int] = mapped_column(SmallInteger)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    __table_args__ = (CheckConstraint("handling BETWEEN 0 AND 4", name="handling_known"),)
