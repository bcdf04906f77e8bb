"""Attempts to sign in, by account: who has to wait."""

from datetime import datetime

from sqlalchemy import delete, select, text

from tracker.storage.admitting import SignInAttempt
from tracker.storage.base import Session

# Any number that no other two-part lock of this database has.
ATTEMPTS_LOCK = 138_141


def lock(session: Session, account_hash: str) -> None:
    """Parallel attempts on one account queue, so that each sees those before. On SQLite a writer is alone already."""
    if session.get_bind().dialect.name == "postgresql":
        account = int(account_hash[:7], 16)
        session.execute(
            text("SELECT pg_advisory_xact_lock(:lock, :account)"), {"lock": ATTEMPTS_LOCK, "account": account}
        )


def since(session: Session, account_hash: str, after: datetime) -> list[datetime]:
    """The newest first."""
    query = (
        select(SignInAttempt.at)
        .where(SignInAttempt.account_hash == account_hash, SignInAttempt.at > after)
        .order_by(SignInAttempt.at.desc(), SignInAttempt.id.desc())
    )
    return list(session.scalars(query))


def remember(session: Session, account_hash: str, at: datetime) -> None:
    session.add(SignInAttempt(account_hash=account_hash, at=at))
    session.flush()


def forget(session: Session, account_hash: str) -> None:
    session.execute(delete(SignInAttempt).where(SignInAttempt.account_hash == account_hash))
