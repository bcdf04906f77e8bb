"""A database that goes away for a while, as seen by those who use it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from tracker.storage.base import Database


@contextmanager
def outage(database: Database) -> Iterator[None]:
    if database.engine.dialect.name == "sqlite":
        yield from _file_is_gone(database)
    else:
        yield from _server_turns_everybody_away(database)


def _file_is_gone(database: Database) -> Iterator[None]:
    database.dispose()
    file = Path(str(database.engine.url.database))
    aside = file.with_suffix(".aside")
    file.rename(aside)
    file.mkdir()  # in its place, or else SQLite would begin a new, empty database
    yield
    file.rmdir()
    aside.rename(file)


def _server_turns_everybody_away(database: Database) -> Iterator[None]:
    name = str(database.engine.url.database)
    maintenance = database.engine.url.set(drivername="postgresql", database="postgres")
    address = maintenance.render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as server:
        allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        server.execute(allow.format(sql.Identifier(name), sql.SQL("false")))
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        yield
        server.execute(allow.format(sql.Identifier(name), sql.SQL("true")))
