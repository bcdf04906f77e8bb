"""Recovery codes, found by their hash."""

from datetime import datetime

from sqlalchemy import delete, func, select, update

from tracker.storage.admitting import RecoveryCode
from tracker.storage.base import Session


def how_many_left(session: Session, person_id: int) -> int:
    query = select(func.count(RecoveryCode.id)).where(RecoveryCode.person_id == person_id)
    return session.scalar(query.where(RecoveryCode.used_at.is_(None))) or 0


def mark_used(session: Session, person_id: int, code_hash: str, *, now: datetime) -> bool:
    """In one statement, so that a code sent twice at once works once."""
    statement = (
        update(RecoveryCode)
        .where(RecoveryCode.person_id == person_id, RecoveryCode.code_hash == code_hash)
        .where(RecoveryCode.used_at.is_(None))
        .values(used_at=now)
        .returning(RecoveryCode.id)
    )
    return session.scalar(statement) is not None


def forget_all(session: Session, person_id: int) -> None:
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
