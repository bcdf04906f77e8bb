"""Databases for tests: made once per run as templates, then copied, because copying is quick."""

import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from tests import postgres
from tracker.actions.stocking import stock
from tracker.storage.base import REMEMBERED, Database, Session
from tracker.storage.migrating import upgrade

SQLITE = "sqlite"
POSTGRESQL = "postgresql"
ENGINES = (SQLITE, POSTGRESQL)

# Without a disk to wait for, copying files is twice as quick as copying through the log.
COPY = "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY"

MIGRATED = "migrated"
STOCKED = "stocked"
PUBLISHED = "published"
# Each template starts as a copy of the one before it.
BEFORE = {STOCKED: MIGRATED, PUBLISHED: STOCKED}


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """A lock between test processes that ends with its holder, even a killed one: an SQLite transaction."""
    with closing(sqlite3.connect(folder / "lock.sqlite3", timeout=120, isolation_level=None)) as lock:
        lock.execute("BEGIN IMMEDIATE")
        yield


class Databases:
    """Gives out copies of templates, on both engines. One per test process; the templates are shared."""

    def __init__(self, shared_folder: Path, postgres_address: str, now: datetime) -> None:
        self.shared_folder = shared_folder
        self._postgres_address = postgres_address
        self._now = now
        self._own_folder = Path(tempfile.mkdtemp(dir=shared_folder))
        # By engine and template: those that are lent again and again.
        self._lasting: dict[tuple[str, str], tuple[str, Database]] = {}

    def copy(self, engine_name: str, template: str, folder: Path) -> str:
        """The address of a fresh database: nobody else uses it."""
        name = f"{template}_{uuid.uuid4().hex[:12]}"
        url = self._url(engine_name, name, folder)
        self._copy_to(url, engine_name, template)
        return url

    @contextmanager
    def lent(self, engine_name: str, template: str) -> Iterator[Database]:
        """A fresh copy, for one at a time, at the same address as the last.

        What SQLAlchemy has once put into SQL it remembers by address: else that takes a seventh of a page's time.
        """
        if (engine_name, template) not in self._lasting:
            url = self._url(engine_name, f"{template}_{uuid.uuid4().hex[:12]}", self._own_folder)
            self._lasting[engine_name, template] = url, open_database(url)
        url, database = self._lasting[engine_name, template]
        ears = _ears(database)
        self._copy_to(url, engine_name, template)
        yield database
        database.dispose()
        self.drop(url)
        assert _ears(database) == ears, "whoever listens to a database must stop in the end: the next test gets it, too"

    def bare(self, engine_name: str, folder: Path) -> str:
        """The address of a database without even a schema."""
        name = f"bare_{uuid.uuid4().hex[:12]}"
        if engine_name == POSTGRESQL:
            self._in_postgres(COPY, name, "template0")
        return self._url(engine_name, name, folder)

    def drop(self, url: str) -> None:
        if url.startswith(SQLITE):
            for file in Path(url.removeprefix("sqlite:///")).parent.glob(f"{Path(url).stem}.sqlite3*"):
                file.unlink()
        else:
            self._in_postgres("DROP DATABASE {} WITH (FORCE)", _name_in(url))

    def close(self) -> None:
        if "_maintenance" in self.__dict__:
            self._maintenance.close()

    def _url(self, engine_name: str, name: str, folder: Path) -> str:
        return (
            f"sqlite:///{folder / name}.sqlite3" if engine_name == SQLITE else postgres.url(self._socket_folder, name)
        )

    def _copy_to(self, url: str, engine_name: str, template: str) -> None:
        original = self._template(engine_name, template)
        if engine_name == SQLITE:
            shutil.copyfile(original, url.removeprefix("sqlite:///"))
        else:
            self._in_postgres(COPY, _name_in(url), original)

    def _template(self, engine_name: str, template: str) -> str:
        done = self.shared_folder / f"{engine_name}-{template}.done"
        if not done.exists():
            before = self._template(engine_name, BEFORE[template]) if template in BEFORE else None
            with one_at_a_time(self.shared_folder):
                if not done.exists():
                    made = self._make_template(engine_name, template, before)
                    done.write_text(made)
        return done.read_text()

    def _make_template(self, engine_name: str, template: str, before: str | None) -> str:
        name = f"template_{template}"
        if engine_name == SQLITE:
            made = str(self.shared_folder / f"{name}.sqlite3")
            url = f"sqlite:///{made}"
            if before:
                shutil.copyfile(before, made)
        else:
            made, url = name, postgres.url(self._socket_folder, name)
            self._in_postgres(COPY, name, before or "template0")
        upgrade(url) if template == MIGRATED else self._stock(url, with_published=template == PUBLISHED)
        # Copying the file alone is right only while nothing is left in the write-ahead log.
        assert not Path(f"{made}-wal").exists()
        return made

    def _stock(self, url: str, *, with_published: bool) -> None:
        database = open_database(url)
        with database.writing() as session:
            stock(session, now=self._now, with_published=with_published)
        database.dispose()

    @cached_property
    def _socket_folder(self) -> str:
        return postgres.ask(self._postgres_address)

    @cached_property
    def _maintenance(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(host=self._socket_folder, user="postgres", dbname="postgres", autocommit=True)

    def _in_postgres(self, statement: LiteralString, *names: str) -> None:
        self._maintenance.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _name_in(url: str) -> str:
    """Of the database in PostgreSQL."""
    return url.partition("?")[0].rpartition("/")[2]


def _ears(database: Database) -> int:
    return len(database.engine.dispatch.before_cursor_execute)


def open_database(url: str) -> Database:
    """As the product opens it, except that SQLite need not wait for the disk: nothing here outlives the run."""
    database = Database(url)
    if url.startswith(SQLITE):
        event.listen(database.engine, "connect", _do_not_wait_for_the_disk)
    return database


@contextmanager
def undone(database: Database) -> Iterator[Session]:
    """A session that may write and commit; at the end all of it is as if it had never been."""
    with database.engine.connect() as connection, connection.begin() as outermost:
        with Session(
            connection,
            join_transaction_mode="create_savepoint",
            expire_on_commit=False,
            # as whoever writes has it, but for this session alone: what it did is undone
            info={REMEMBERED: {}},
        ) as session:
            yield session
        outermost.rollback()


def _do_not_wait_for_the_disk(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = OFF")
    cursor.close()
