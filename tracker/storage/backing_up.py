"""A copy of an SQLite database in use that is whole: as it was at one moment, in one file, and looked through."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path


class CopyFailed(Exception):
    """There is no copy; what was begun is removed."""


def copy_whole(source: Path, target: Path) -> None:
    """Others read and write meanwhile. Only the owner can read the copy, which is there under its name once it is
    whole."""
    begun = target.with_name(f"{target.name}.part")
    try:
        os.close(os.open(begun, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as failure:
        raise CopyFailed(f"{target.parent} cannot be written to: {failure.strerror}.") from failure
    try:
        _copy(source, begun)
        begun.rename(target)
    except (OSError, sqlite3.Error) as failure:
        raise CopyFailed(f"There is no backup: {failure}.") from failure
    finally:
        begun.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as running, closing(sqlite3.connect(target)) as copy:
        running.backup(copy)
        # a copy that nobody works in needs no files beside it
        copy.execute("PRAGMA journal_mode = DELETE")
        told = [str(line) for (line,) in copy.execute("PRAGMA integrity_check")]
    if told != ["ok"]:
        raise sqlite3.DatabaseError(f"the database is damaged: {told[0]}")
