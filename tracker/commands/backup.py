"""Copies the database while it is used. What else belongs into a backup is said and not done: the secret must not lie
beside it."""

from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

from tracker.commands.failure import CannotGoOn
from tracker.settings import Settings
from tracker.storage.backing_up import CopyFailed, copy_whole


def run(arguments: Namespace, settings: Settings) -> int:
    folder, source = Path(arguments.folder), settings.database_file
    if source is None:
        raise CannotGoOn("The database is PostgreSQL's: pg_dump --format=custom copies it while it is used.")
    if not folder.is_dir():
        raise CannotGoOn(f"There is no folder {folder}. Make it, or see whether its disk is there.")
    target = folder / f"tracker-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.sqlite3"
    try:
        copy_whole(source, target)
    except CopyFailed as failure:
        raise CannotGoOn(str(failure)) from failure
    print(f"{target}: {target.stat().st_size / 1_000_000:.1f} MB, whole and looked through.")
    print("Keep secret.key or TRACKER_SECRET as well, apart from it: without it nobody's one-time codes work any more.")
    return 0
