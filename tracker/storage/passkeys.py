"""Passkeys, by person and by credential."""

from sqlalchemy import select

from tracker.storage.admitting import Passkey
from tracker.storage.base import Session


def of_person(session: Session, person_id: int) -> list[Passkey]:
    query = select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.added_at, Passkey.id)
    return list(session.scalars(query))


def one_of(session: Session, person_id: int, passkey_id: int) -> Passkey | None:
    """None also for a passkey of somebody else."""
    return session.scalar(select(Passkey).where(Passkey.id == passkey_id, Passkey.person_id == person_id))


def by_credential(session: Session, credential_id: str) -> Passkey | None:
    """Locked, because its sign count is about to be compared and raised."""
    return session.scalar(select(Passkey).where(Passkey.credential_id == credential_id).with_for_update())
