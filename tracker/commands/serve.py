"""The web server alone."""

import gc
import sys
from argparse import Namespace
from typing import Any
from wsgiref.types import WSGIApplication

import waitress

from tracker.actions.imports.bring import LARGEST_FILE_BYTES
from tracker.commands import checking, ending
from tracker.commands.logs import log_to_standard_error
from tracker.commands.preparing import refuse_unprepared
from tracker.settings import Settings
from tracker.storage.base import Database
from tracker.web.app import create_app
from tracker.web.uploads import AROUND_THE_FILE

THREADS = 8
# A file to import; every other page takes less. This stops a body before it is written to disk.
LARGEST_BODY_BYTES = LARGEST_FILE_BYTES + AROUND_THE_FILE
LARGEST_HEADER_BYTES = 32 * 1024
IDLE_SECONDS = 60
CONNECTIONS = 500


def run(arguments: Namespace, settings: Settings) -> int:
    database = Database(settings.database_url)
    refuse_unprepared(settings, database)
    log_to_standard_error()
    app = create_app(settings, database)
    leave_what_is_here_uncollected()
    try:
        server = _listen(app, arguments.host, arguments.port, settings)
    except OSError as problem:
        raise checking.cannot_listen(arguments.host, arguments.port, problem) from problem
    ending.when_asked_to_end(_leave, input_too=arguments.until_input_ends)
    server.run()  # until _leave; requests under way are finished first
    server.close()
    database.dispose()
    return 0


def _listen(app: WSGIApplication, host: str, port: int, settings: Settings) -> Any:
    return waitress.create_server(
        app,
        host=host,
        port=port,
        threads=THREADS,
        ident=None,
        # Without a proxy in front, whoever sends the headers of one is lying. With one, the application judges them.
        clear_untrusted_proxy_headers=settings.trusted_proxies == 0,
        max_request_body_size=LARGEST_BODY_BYTES + 1,  # it wants the first size that is too large
        max_request_header_size=LARGEST_HEADER_BYTES,
        channel_timeout=IDLE_SECONDS,
        connection_limit=CONNECTIONS,
        asyncore_use_poll=True,
    )


def leave_what_is_here_uncollected() -> None:
    """What the application is made of stays until it ends: looking for garbage in it takes half the time of a page."""
    gc.collect()
    gc.freeze()


def _leave() -> None:
    sys.exit(0)
