"""The worker alone: it sends mail and does what is due."""

import threading
from argparse import Namespace

from tracker.commands import ending
from tracker.commands.logs import log_to_standard_error
from tracker.commands.preparing import refuse_schema_of_another_version
from tracker.jobs.runner import work
from tracker.settings import Settings
from tracker.storage.base import Database


def run(arguments: Namespace, settings: Settings) -> int:
    refuse_schema_of_another_version(settings)
    log_to_standard_error()
    database = Database(settings.database_url)
    stop = threading.Event()
    # In a thread of its own: the main thread may be holding the event's lock just when the signal comes.
    ending.when_asked_to_end(lambda: threading.Thread(target=stop.set).start(), input_too=arguments.until_input_ends)
    work(settings, database, stop)
    database.dispose()
    return 0
