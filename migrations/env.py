"""Runs migrations on SQLite and PostgreSQL alike, each run in one transaction.

On SQLite, changing a table means copying it: with foreign keys on, dropping the old copy would delete the rows that
refer to it. So they are switched off first (SQLite allows that only outside a transaction) and every reference is
checked before the commit.
"""

import os

from alembic import context
from sqlalchemy import Connection

import config
from tracker.storage.base import PREPARING_SECONDS, Base, Database
from tracker.storage.migrating import ReferencesBroken, queue_up


def run() -> None:
    url = context.config.get_main_option("sqlalchemy.url") or config.read(os.environ).database_url
    database = Database(url, busy_seconds=PREPARING_SECONDS)
    try:
        with database.engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                migrate_sqlite(connection)
            else:
                migrate(connection)
    finally:
        database.dispose()


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        # Alembic takes SQLite for a database that cannot roll back DDL; begun as ours is, it can.
        transactional_ddl=True,
    )
    with context.begin_transaction():
        queue_up(connection)  # before it is asked which migrations are still to be run
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            refuse_broken_references(connection)


def migrate_sqlite(connection: Connection) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        migrate(connection)
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def refuse_broken_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise ReferencesBroken(
            f"A migration left rows that refer to nothing ({len(broken)}, the first in table {broken[0][0]}): "
            "it was undone, and the database is as it was."
        )


run()
