"""How the database is opened: readers cannot write, writers never lose an update.

SQLite in the driver's own transaction mode loses updates in silence, and a transaction that begins by reading fails
with "database is locked" when it goes on to write. So the driver's transactions are switched off and begun here:
plainly for readers, who are then forbidden to write, and immediately for writers, who queue for the one write lock.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    TypeDecorator,
    create_engine,
    event,
)
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import ConnectionPoolEntry

from tracker.storage import data_versions
from tracker.storage.data_versions import Numbers

# The rest of the product knows the database by these two names and never imports SQLAlchemy.
__all__ = [
    "DATABASE_AWAY",
    "REMEMBERED",
    "Base",
    "Conflict",
    "Database",
    "Instant",
    "RowRefused",
    "Session",
    "is_full",
    "is_taken",
    "vocabulary",
]

# The database does not answer, or did not in time; asking again later may help.
DATABASE_AWAY: tuple[type[DBAPIError], ...] = (OperationalError, InterfaceError)
# Somebody else changed the row since it was read.
Conflict = StaleDataError
# A rule of the schema does not let a row in.
RowRefused = IntegrityError
# PostgreSQL's word for a key that is taken.
UNIQUE_VIOLATION = "23505"
# And that its disk is full.
DISK_FULL = "53100"

# Among what a connection to SQLite knows of itself: whether it was last told that it may not write.
READ_ONLY = "query_only"
# Among what a session is told about itself.
REMEMBERED = "remembered by the number of the catalogue"

# One writer waits this long for another before it is told that the database is busy.
BUSY_SECONDS = 20
# Whoever waits for another to prepare the database waits for as long as that may take on a busy machine.
PREPARING_SECONDS = 600
# A paused process must not hold a lock for ever: PostgreSQL ends its transaction instead.
IDLE_IN_TRANSACTION_SECONDS = 60

NAMES = {
    "pk": "%(table_name)s_pk",
    "fk": "%(table_name)s_%(column_0_name)s_fk",
    "uq": "%(table_name)s_%(column_0_N_name)s_unique",
    "ix": "%(table_name)s_%(column_0_N_name)s_index",
    "ck": "%(table_name)s_%(constraint_name)s",
}


class Instant(TypeDecorator[datetime]):
    """A moment, always aware and always UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: Instant()}  # noqa: RUF012 (SQLAlchemy reads a plain attribute)


def vocabulary(kind: type[StrEnum], name: str) -> Enum:
    """Words of a closed list, kept as text and checked by the database under a name of its own."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=20,
        values_callable=lambda members: [member.value for member in members],
    )


class Database:
    """One engine and its two ways in."""

    def __init__(self, url: str, *, busy_seconds: int = BUSY_SECONDS) -> None:
        self.engine = _engine(url, busy_seconds)
        data_versions.watch(self.engine)
        read_only: dict[str, Any] = {"read_only": True}
        if self.engine.dialect.name == "postgresql":
            read_only["postgresql_readonly"] = True
        self._reader = sessionmaker(self.engine.execution_options(**read_only), expire_on_commit=False)
        # what writers remember of what seldom changes (tracker/storage/remembering.py)
        self._remembered: dict[str, Any] = {}
        self._at_once: list[sqlite3.Connection] = []
        self._writer = sessionmaker(self.engine, expire_on_commit=False, info={REMEMBERED: self._remembered})

    def reading(self, *, one_moment: bool = False) -> Session:
        """A session that the database itself forbids to write. Whoever opens it closes it.

        `one_moment`: all that it reads is of one moment, as on SQLite everything is, however long it takes.
        """
        session = self._reader()
        if one_moment and self.engine.dialect.name == "postgresql":
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        return session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back whole on any error."""
        with self._writer.begin() as session:
            yield session
            # whoever has ended it themselves has changed nothing
            if session.in_transaction():
                session.flush()
                data_versions.raise_changed(session.connection())

    def numbers(self) -> Numbers | None:
        """Those of the data, as they stand, in a tenth of the time that opening a session takes. None: the database
        does not answer."""
        try:
            connection = self.engine.raw_connection()
            try:
                return data_versions.numbers_by(connection.cursor())
            finally:
                connection.close()
        except (DBAPIError, self.engine.dialect.loaded_dbapi.Error):
            return None

    def numbers_at_once(self) -> Callable[[], Numbers | None] | None:
        """A way to ask for them that never waits for anybody, of use to one thread. None: the database is a line away.

        Readers of SQLite wait neither for a writer nor for one another, and what would have to wait all the same, such
        as for a log that is being made whole, is told so at once. The connection is its own: nobody else can have it.
        """
        if self.engine.dialect.name != "sqlite":
            return None
        file = self.engine.url.database or ""
        connection = sqlite3.connect(file, timeout=0, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA query_only = ON")
        self._at_once.append(connection)

        def ask() -> Numbers | None:
            try:
                return data_versions.numbers_by(cast(DBAPICursor, connection.cursor()))
            except sqlite3.Error:
                return None

        return ask

    def dispose(self) -> None:
        """It may be another one that answers there next."""
        while self._at_once:
            self._at_once.pop().close()
        self._remembered.clear()
        self.engine.dispose()


def is_taken(refused: RowRefused) -> bool:
    """Whether somebody else wrote a row of the same key first; otherwise the row itself is wrong."""
    if isinstance(refused.orig, sqlite3.Error):
        return refused.orig.sqlite_errorname in ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")
    return getattr(refused.orig, "sqlstate", "") == UNIQUE_VIOLATION


def is_full(problem: Exception) -> bool:
    """Whether the database had no room on its disk."""
    cause = getattr(problem, "orig", None)
    return getattr(cause, "sqlite_errorname", "") == "SQLITE_FULL" or getattr(cause, "sqlstate", "") == DISK_FULL


def _engine(url: str, busy_seconds: int) -> Engine:
    # hide_parameters: an error's text goes to the log, and parameters are what must not be told
    if url.startswith("sqlite"):
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": busy_seconds})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    milliseconds = {
        "lock_timeout": busy_seconds * 1000,
        "idle_in_transaction_session_timeout": max(IDLE_IN_TRANSACTION_SECONDS, busy_seconds) * 1000,
    }
    options = " ".join(f"-c {name}={value}" for name, value in milliseconds.items())
    # pre-ping: a connection that died with a restarted server is replaced, not handed to a reader
    return create_engine(
        url, hide_parameters=True, pool_pre_ping=True, connect_args={"options": options, "connect_timeout": 5}
    )


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver's own BEGINs are what loses updates
    cursor = connection.cursor()
    _keep_log_ahead(cursor)
    for pragma in ("synchronous = FULL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _keep_log_ahead(cursor: DBAPICursor) -> None:
    """Where two open a new file at once, one changes its mode; the other is told at once that it is busy, however long
    it would wait, and asks again."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as refused:
            if refused.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
        time.sleep(0.01)


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get("read_only", False)
    # said only where it differs from before: SQLite prepares anew all that it had prepared when it is told
    if connection.info.get(READ_ONLY) is not read_only:
        # by the driver itself: it touches nothing that could be busy
        connection.connection.cursor().execute(f"PRAGMA query_only = {'ON' if read_only else 'OFF'}")
        connection.info[READ_ONLY] = read_only
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
