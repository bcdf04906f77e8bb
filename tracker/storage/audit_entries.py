"""The audit log: its head, its entries, and how to find one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, insert, or_, select, text
from sqlalchemy.orm import joinedload

from tracker.audit import BEFORE_THE_FIRST, Entry
from tracker.storage.base import Session
from tracker.storage.prepared import Prepared
from tracker.storage.running import AuditEntry

# Any number, as long as nobody else in this database uses it: writers of the log queue behind it on PostgreSQL.
CHAIN_LOCK = 138_139


@dataclass(frozen=True)
class Search:
    """What is looked for; what is left out does not narrow the answer."""

    words: str = ""
    # The people whom the words name: entries by them and about them are found too.
    people: frozenset[int] = frozenset()
    action: str = ""
    not_before: datetime | None = None
    before: datetime | None = None


def head(session: Session) -> tuple[int, str]:
    """Number and hash of the newest entry."""
    session.flush()
    return _HEAD.first(session, {}) or (0, BEFORE_THE_FIRST)


def hold(session: Session) -> None:
    """Nobody else writes into the log until this transaction ends. On SQLite a writer is alone already."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": CHAIN_LOCK})


def locked_head(session: Session) -> tuple[int, str]:
    """The head, which stays the head until this transaction ends."""
    hold(session)
    return head(session)


def add(session: Session, entry: Entry, previous_hash: str, own_hash: str) -> None:
    """After the head, which the transaction has locked."""
    _ADDING.change(session, {**vars(entry), "previous_hash": previous_hash, "hash": own_hash})


def chained(session: Session) -> Iterator[tuple[Entry, str, str]]:
    """Every entry, oldest first, with its stored hashes; streamed, because the log may be long."""
    query = select(AuditEntry).order_by(AuditEntry.number).execution_options(yield_per=1000)
    rows = session.scalars(query)
    try:
        for row in rows:
            entry = Entry(row.number, row.at, row.by_id, row.action, row.subject, row.before, row.after, row.reason)
            yield entry, row.previous_hash, row.hash
    finally:
        rows.close()  # whoever stops at the first bad entry leaves a cursor open otherwise


def found(session: Session, search: Search, *, limit: int, offset: int = 0) -> list[AuditEntry]:
    """The entries looked for, newest first."""
    query = (
        select(AuditEntry)
        .where(*_conditions(search))
        .options(joinedload(AuditEntry.by))
        .order_by(AuditEntry.number.desc())
    )
    return list(session.scalars(query.limit(limit).offset(offset)))


def how_many(session: Session, search: Search) -> int:
    query = select(func.count(AuditEntry.number))
    return session.scalar(query.where(*_conditions(search))) or 0


def actions_seen(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action)))


def _conditions(search: Search) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if search.words:
        wanted = search.words.casefold()
        conditions.append(
            or_(
                func.lower(AuditEntry.subject).contains(wanted, autoescape=True),
                func.lower(AuditEntry.reason).contains(wanted, autoescape=True),
                AuditEntry.by_id.in_(search.people),
                AuditEntry.subject.in_(sorted(f"person {person_id}" for person_id in search.people)),
            )
        )
    if search.action:
        conditions.append(AuditEntry.action == search.action)
    if search.not_before:
        conditions.append(AuditEntry.at >= search.not_before)
    if search.before:
        conditions.append(AuditEntry.at < search.before)
    return conditions


def _head(_dialect: str) -> Select[int, str]:
    return select(AuditEntry.number, AuditEntry.hash).order_by(AuditEntry.number.desc()).limit(1)


_HEAD = Prepared(_head)
_ADDING = Prepared(lambda _dialect: insert(AuditEntry), columns=AuditEntry.__table__.columns.keys())
