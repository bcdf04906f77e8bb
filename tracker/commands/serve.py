"""The web server alone."""

import gc
import os
from argparse import Namespace

from tracker.commands import checking, ending
from tracker.commands.logs import log_to_standard_error
from tracker.commands.preparing import refuse_unprepared
from tracker.settings import Settings
from tracker.storage.base import Database
from tracker.web.ahead import Ahead
from tracker.web.app import create_app
from tracker.web.doorstep import front_of
from tracker.web.patience import server_for

# For what is under way when it is asked to end: sooner than whoever asked loses patience.
FINISHING_SECONDS = ending.PATIENCE_SECONDS - 2


def run(arguments: Namespace, settings: Settings) -> int:
    database = Database(settings.database_url)
    refuse_unprepared(settings, database)
    log_to_standard_error()
    app = create_app(settings, database)
    front, ahead = front_of(app), Ahead(app)
    leave_what_is_here_uncollected()
    server = server_for(front, finishing_seconds=FINISHING_SECONDS)
    listening = checking.listen(arguments.host, arguments.port)
    ending.when_asked_to_end(server.end, input_too=arguments.until_input_ends)
    ahead.start()
    server.run(listening)  # until then; requests under way are finished first
    if not all([ahead.end(), front.close()]):
        # What is not finished by now is left: Python itself would wait for it for ever.
        os._exit(0)
    database.dispose()
    return 0


def leave_what_is_here_uncollected() -> None:
    """What the application is made of stays until it ends: looking for garbage in it takes half the time of a page."""
    gc.collect()
    gc.freeze()
