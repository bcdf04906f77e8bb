"""Bringing a database to the code's schema, and refusing one that is ahead of the code."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url, text

from tracker.storage.base import Database

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
# Any number, as long as no other lock of this database has it.
MIGRATION_LOCK = 138_142


class DatabaseNewerThanCode(Exception):
    """The database knows a migration that this code does not."""


class ReferencesBroken(Exception):
    """A migration left rows that refer to nothing; it was rolled back."""


def upgrade(database_url: str, revision: str = "head") -> None:
    refuse_newer(database_url)
    command.upgrade(_configuration(database_url), revision)


def downgrade(database_url: str, revision: str) -> None:
    command.downgrade(_configuration(database_url), revision)


def queue_up(connection: Connection) -> None:
    """Of several that migrate at once, one does it and the others find it done. On SQLite a writer is alone already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})


def newest_revision() -> str:
    """The last migration of this code. migrations/HEAD names it too, so that two branches cannot both add one."""
    return (MIGRATIONS / "HEAD").read_text().strip()


def revision_of(database_url: str) -> str | None:
    """None: the database has no schema yet, or is a file that is not there, which is not made by asking."""
    if _is_missing_file(database_url):
        return None
    database = Database(database_url)
    try:
        with database.reading() as session:
            return MigrationContext.configure(session.connection()).get_current_revision()
    finally:
        database.dispose()


def refuse_newer(database_url: str) -> None:
    current = revision_of(database_url)
    known = {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    if current is not None and current not in known:
        raise DatabaseNewerThanCode(
            f"The database is at migration {current}, which this version of the tracker (newest: "
            f"{newest_revision()}) does not know. Update the tracker, or restore a backup made with this version."
        )


def _is_missing_file(database_url: str) -> bool:
    url = make_url(database_url)
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").exists()


def _configuration(database_url: str) -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    configuration.set_main_option("sqlalchemy.url", database_url.replace("%", "%%"))
    return configuration
