"""What has to be true of the database before anything is served from it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from tracker.actions.stocking import Stocked, stock
from tracker.commands.failure import CannotGoOn
from tracker.settings import Settings
from tracker.storage import migrating, people
from tracker.storage.base import DATABASE_AWAY, PREPARING_SECONDS, Database


def prepare(settings: Settings, *, now: datetime) -> Stocked:
    """Brings the database to this version, after whoever is about it already. Doing it again changes nothing."""
    patient = Database(settings.database_url, busy_seconds=PREPARING_SECONDS)
    try:
        with sentence_when_away():
            migrating.upgrade(settings.database_url)
            with patient.writing() as session:
                return stock(session, now=now)
    finally:
        patient.dispose()


def refuse_unprepared(settings: Settings, database: Database) -> None:
    """What every web server asks before it answers anybody."""
    refuse_schema_of_another_version(settings)
    refuse_untouched(settings, database)


def refuse_schema_of_another_version(settings: Settings, *, none_will_do: bool = False) -> None:
    """`none_will_do`: for what brings an empty database to this version itself."""
    with sentence_when_away():
        migrating.refuse_newer(settings.database_url)
        current = migrating.revision_of(settings.database_url)
        if current != migrating.newest_revision() and not (none_will_do and current is None):
            raise CannotGoOn("The database is not ready for this version: run python3 manage.py migrate first.")


def refuse_untouched(settings: Settings, database: Database) -> None:
    """In production nobody may be handed the keys by opening a page first."""
    if not settings.is_production:
        return
    with database.reading() as session:
        if not people.active_administrators(session):
            raise CannotGoOn(
                "Nobody administers this installation yet, and in production it does not start so: "
                "add the first administrator with python3 manage.py add-person."
            )


@contextmanager
def sentence_when_away() -> Iterator[None]:
    try:
        yield
    except DATABASE_AWAY as problem:
        said = " ".join(str(problem.orig).split())
        raise CannotGoOn(f"The database cannot be used: {said}") from problem
