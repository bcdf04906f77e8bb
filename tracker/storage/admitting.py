"""A page of the schema: people, and how they get in."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.access import PersonStatus, Role
from tracker.storage.base import Base, vocabulary


class LinkPurpose(StrEnum):
    FIRST_ADMINISTRATOR = "first_administrator"
    INVITATION = "invitation"
    RESET = "reset"
    SECOND_FACTOR = "second_factor"
    ADDRESS_CHANGE = "address_change"
    NEW_PASSKEY = "new_passkey"
    PASSKEY_SIGN_IN = "passkey_sign_in"


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    status: Mapped[PersonStatus] = mapped_column(vocabulary(PersonStatus, "status_known"))
    # None until the invitation is accepted.
    password_hash: Mapped[str | None] = mapped_column(Text)
    # Sealed with the installation's secret; None: no one-time codes.
    totp_secret: Mapped[str | None] = mapped_column(Text)
    # The newest time step whose code was used, so that no code works twice.
    totp_last_step: Mapped[int | None]
    sees_all: Mapped[bool]
    clearance: Mapped[int] = mapped_column(SmallInteger)
    language: Mapped[str] = mapped_column(String(10))
    time_zone: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    roles: Mapped[list["PersonRole"]] = relationship(
        order_by="PersonRole.role", cascade="all, delete-orphan", lazy="selectin"
    )
    scope_countries: Mapped[list["ScopeCountry"]] = relationship(
        order_by="ScopeCountry.iso3", cascade="all, delete-orphan", lazy="selectin"
    )
    scope_groups: Mapped[list["ScopeGroup"]] = relationship(
        order_by="ScopeGroup.group_key", cascade="all, delete-orphan", lazy="selectin"
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads a plain attribute)
    __table_args__ = (
        CheckConstraint("email = lower(email) AND email LIKE '%_@_%'", name="email_form"),
        CheckConstraint("clearance BETWEEN 0 AND 4", name="clearance_known"),
        CheckConstraint("status <> 'active' OR password_hash IS NOT NULL", name="active_has_password"),
    )


class PersonRole(Base):
    __tablename__ = "person_roles"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), primary_key=True)
    role: Mapped[Role] = mapped_column(vocabulary(Role, "role_known"), primary_key=True)


class ScopeCountry(Base):
    __tablename__ = "scope_countries"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), primary_key=True)
    iso3: Mapped[str] = mapped_column(ForeignKey("countries.iso3", ondelete="RESTRICT"), primary_key=True)


class ScopeGroup(Base):
    __tablename__ = "scope_groups"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), primary_key=True)
    group_key: Mapped[str] = mapped_column(ForeignKey("groups.key", ondelete="RESTRICT"), primary_key=True)


class SignIn(Base):
    """A session: whoever holds its key is that person until it ends. Only the key's hash is kept."""

    __tablename__ = "sign_ins"
    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    started_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(60))
    browser: Mapped[str] = mapped_column(String(200))


class Passkey(Base):
    __tablename__ = "passkeys"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[str] = mapped_column(Text)
    sign_count: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    added_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    __tablename__ = "recovery_codes"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[datetime | None]


class OneTimeLink(Base):
    """A secret that was handed out to be used once: only its hash is kept."""

    __tablename__ = "one_time_links"
    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[LinkPurpose] = mapped_column(vocabulary(LinkPurpose, "purpose_known"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    # None only where nobody is known yet: the first administrator, and whoever signs in with a passkey.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    # What the purpose needs besides: a new address, the page to go on to.
    details: Mapped[str | None] = mapped_column(Text)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    person: Mapped[Person | None] = relationship(lazy="raise")
    __table_args__ = (
        CheckConstraint(
            "(purpose IN ('first_administrator', 'passkey_sign_in')) = (person_id IS NULL)", name="person_named"
        ),
    )


class SignInAttempt(Base):
    """Wrong passwords and codes, by account, so that guessing has to wait. The account need not exist."""

    __tablename__ = "sign_in_attempts"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(index=True)
    __table_args__ = (Index("sign_in_attempts_account_hash_at_index", "account_hash", "at"),)
