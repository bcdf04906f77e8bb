"""Brings the database to this version."""

from argparse import Namespace
from datetime import UTC, datetime

from tracker.commands.preparing import prepare
from tracker.settings import Settings
from tracker.storage.migrating import newest_revision


def run(_arguments: Namespace, settings: Settings) -> int:
    stocked = prepare(settings, now=datetime.now(UTC))
    news = "new" if stocked.catalogue_is_new else "unchanged"
    print(f"The database is at migration {newest_revision()}.")
    print(f"The catalogue is at version {stocked.catalogue_version} ({news}).")
    print(f"{stocked.values_added} published values were added.")
    return 0
