"""The worker alone: it sends mail and does what is due, until it is asked to end, or once."""

import sys
import threading
from argparse import Namespace
from datetime import UTC, datetime

from tracker.commands import ending
from tracker.commands.failure import CannotGoOn
from tracker.commands.logs import log_to_standard_error
from tracker.commands.preparing import refuse_schema_of_another_version
from tracker.jobs.runner import run_due_once, work
from tracker.settings import Settings
from tracker.storage.base import Database
from tracker.web.app import create_app
from tracker.web.digests.mail import WebTeller, teller_of


def run(arguments: Namespace, settings: Settings) -> int:
    if arguments.now is not None and not arguments.once:
        raise CannotGoOn("--now goes with --once: a worker that stays goes by the clock.")
    refuse_schema_of_another_version(settings)
    log_to_standard_error()
    database = Database(settings.database_url)
    if arguments.once:
        return _once(settings, database, arguments.now or datetime.now(UTC))
    stop = threading.Event()
    # In a thread of its own: the main thread may be holding the event's lock just when the signal comes.
    ending.when_asked_to_end(lambda: threading.Thread(target=stop.set).start(), input_too=arguments.until_input_ends)
    work(settings, database, stop, teller=_teller(settings, database))
    database.dispose()
    return 0


def _once(settings: Settings, database: Database, now: datetime) -> int:
    """What was done goes to standard output, what failed is in the log."""
    outcomes = run_due_once(settings, database, now, teller=_teller(settings, database))
    database.dispose()
    for outcome in outcomes:
        if outcome.said:
            print(f"{outcome.job}: {outcome.said}")
    failed = [outcome.job for outcome in outcomes if outcome.error]
    if failed:
        print(f"Failed: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


def _teller(settings: Settings, database: Database) -> WebTeller:
    """Digests speak with the words, names and pictures of the pages."""
    return teller_of(create_app(settings, database))
