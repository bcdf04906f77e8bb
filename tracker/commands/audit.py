"""Tells whether the audit log is as it was written."""

import sys
from argparse import Namespace

from tracker.audit import verify
from tracker.commands.preparing import refuse_schema_of_another_version
from tracker.settings import Settings
from tracker.storage import audit_entries
from tracker.storage.base import Database

BROKEN = 1


def run(_arguments: Namespace, settings: Settings) -> int:
    refuse_schema_of_another_version(settings)
    database = Database(settings.database_url)
    with database.reading() as session:
        verdict = verify(audit_entries.chained(session))
    database.dispose()
    if verdict.first_bad is not None:
        print(
            f"Entry {verdict.first_bad} is not as it was written; nothing after it can be relied on.", file=sys.stderr
        )
        return BROKEN
    print(f"{verdict.entries} entries, and the chain is sound. Its head: {verdict.head}")
    return 0
