"""After a backup was put back, and before a worker sees it: what waited in it is not sent once more."""

from argparse import Namespace
from datetime import UTC, datetime

from tracker.actions.digests.restoring import leave_unsent
from tracker.commands.preparing import refuse_schema_of_another_version
from tracker.settings import Settings
from tracker.storage.base import Database


def run(_arguments: Namespace, settings: Settings) -> int:
    refuse_schema_of_another_version(settings)
    database = Database(settings.database_url)
    with database.writing() as session:
        unsent = leave_unsent(session, now=datetime.now(UTC))
    database.dispose()
    print(
        f"Not sent once more: digests {unsent.digests}, letters about accounts {unsent.letters}, calls of webhooks"
        f" {unsent.calls}. The next digest of each reader tells what they would have told."
    )
    return 0
