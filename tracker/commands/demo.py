"""Fills a new database with an invented archipelago, to look around in and to show."""

import shlex
from argparse import Namespace
from datetime import UTC, datetime

from tracker.actions.sealing import SIGNING, Seal
from tracker.commands.failure import CannotGoOn
from tracker.commands.preparing import refuse_schema_of_another_version, sentence_when_away
from tracker.demo.loading import Demo, load_demo
from tracker.settings import Settings
from tracker.storage import migrating
from tracker.storage.base import Database


def run(_arguments: Namespace, settings: Settings) -> int:
    if settings.is_production:
        raise CannotGoOn("In production invented countries are not loaded: use a folder of its own with --data.")
    # Somebody uses a database of another version: it is not brought to this one on the way to being refused.
    refuse_schema_of_another_version(settings, none_will_do=True)
    database = Database(settings.database_url)
    try:
        with sentence_when_away():
            migrating.upgrade(settings.database_url)
            with database.writing() as session:
                demo = load_demo(session, now=datetime.now(UTC), seal=Seal(settings.secret, SIGNING))
    finally:
        database.dispose()
    print("\n".join(_welcome(demo, settings)))
    return 0


def _welcome(demo: Demo, settings: Settings) -> list[str]:
    return [
        f"An invented archipelago with {demo.observations:,} observations was loaded. Nothing in it is real.",
        "Four people can sign in:",
        *(f"  {address}" for address in demo.addresses),
        f"The password of each, shown only this once:  {demo.password}",
        f"Next:  python3 manage.py run --data {shlex.quote(str(settings.data_folder))}",
    ]
