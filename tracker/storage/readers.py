"""A page of the schema: what the product keeps for one reader, so that every visit begins where it should.

None of it is evidence, and nobody else sees it.
"""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.storage.base import Base


class Visit(Base):
    """How far a reader has read: what happened later is new to them."""

    __tablename__ = "visits"
    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False
    )
    # What happened after this moment is shown as new. None: this is the first visit, and nothing is new.
    new_since: Mapped[datetime | None]
    # The newest moment that they were shown; the next visit begins with it. None: they have looked at nothing yet.
    seen_until: Mapped[datetime | None]


class OwnCountry(Base):
    """One of the countries that a reader calls their own."""

    __tablename__ = "own_countries"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), primary_key=True)
    iso3: Mapped[str] = mapped_column(ForeignKey("countries.iso3", ondelete="RESTRICT"), primary_key=True)


class SavedView(Base):
    """A page with its filters under a name of the reader's choice."""

    __tablename__ = "saved_views"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    name: Mapped[str] = mapped_column(String(80))
    # Of this product, with the filters: "/?group=ecowas".
    address: Mapped[str] = mapped_column(Text)
    # True: the reader begins here.
    is_start: Mapped[bool] = mapped_column(Boolean, server_default=false())
    __table_args__ = (
        UniqueConstraint("person_id", "name"),
        CheckConstraint("name <> ''", name="has_a_name"),
        CheckConstraint("address LIKE '/%' AND address NOT LIKE '//%'", name="address_is_ours"),
        Index(
            "saved_views_start_unique",
            "person_id",
            unique=True,
            sqlite_where=text("is_start"),
            postgresql_where=text("is_start"),
        ),
    )
