"""Bringing a database to the code's schema, and refusing one that is ahead of the code.

Every command asks whether the schema is right, and few change it: Alembic, which takes long to import, is only
imported by those.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, make_url, text

from tracker.storage.base import Database

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
# Any number, as long as no other lock of this database has it.
MIGRATION_LOCK = 138_142


class DatabaseNewerThanCode(Exception):
    """The database knows a migration that this code does not."""


class ReferencesBroken(Exception):
    """A migration left rows that refer to nothing; it was rolled back."""


def upgrade(database_url: str, revision: str = "head") -> None:
    from alembic import command

    refuse_newer(database_url)
    command.upgrade(_configuration(database_url), revision)


def downgrade(database_url: str, revision: str) -> None:
    from alembic import command

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
            if not inspect(session.connection()).has_table("alembic_version"):
                return None
            current: str | None = session.scalar(text("SELECT version_num FROM alembic_version"))
            return current
    finally:
        database.dispose()


def refuse_newer(database_url: str) -> None:
    current = revision_of(database_url)
    known = {path.name[:3] for path in (MIGRATIONS / "versions").glob("*.py")}
    if current is not None and current not in known:
        raise DatabaseNewerThanCode(
            f"The database is at migration {current}, which this version of the tracker (newest: "
            f"{newest_revision()}) does not know. Update the tracker, or restore a backup made with this version."
        )


def _is_missing_file(database_url: str) -> bool:
    url = make_url(database_url)
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").exists()


def _configuration(database_url: str) -> "Config":
    from alembic.config import Config

    configuration = Config()
    configuration.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    configuration.set_main_option("sqlalchemy.url", database_url.replace("%", "%%"))
    return configuration
