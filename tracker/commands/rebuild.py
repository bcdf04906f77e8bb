"""Makes standings and scores again from the evidence alone."""

import sys
from argparse import Namespace
from datetime import UTC, datetime

from tracker.actions.rebuilding import rebuild_country
from tracker.commands.preparing import refuse_schema_of_another_version
from tracker.settings import Settings
from tracker.storage import standings
from tracker.storage.base import Database


def run(_arguments: Namespace, settings: Settings) -> int:
    refuse_schema_of_another_version(settings)
    database = Database(settings.database_url)
    with database.reading() as session:
        found = standings.countries_ever(session)
    for done, iso3 in enumerate(found, start=1):
        with database.writing() as session:
            rebuild_country(session, iso3, now=datetime.now(UTC))
        _tell(done, len(found))
    database.dispose()
    print(f"Standings and scores of {len(found)} countries are made again. Flags and situations are as they were.")
    return 0


def _tell(done: int, of: int) -> None:
    """On one line that is written over, where somebody looks on."""
    if sys.stderr.isatty():
        print(f"\r{done} of {of} countries", end="\n" if done == of else "", file=sys.stderr, flush=True)
