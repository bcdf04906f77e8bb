"""Web server and worker as one pair, with everything that they need prepared."""

import http.client
import os
import sys
from argparse import Namespace
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tracker.actions.links import first_administrator_link
from tracker.commands.preparing import prepare, refuse_untouched
from tracker.commands.supervising import Child, supervise
from tracker.settings import Settings
from tracker.storage.base import Database

MANAGE = Path(__file__).resolve().parents[2] / "manage.py"
# Where to knock when the web server listens on every address.
THIS_MACHINE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 (asked for, not chosen)


def run(arguments: Namespace, settings: Settings) -> int:
    _tell("Preparing the database ...")
    prepare(settings, now=datetime.now(UTC))
    database = Database(settings.database_url)
    refuse_untouched(settings, database)
    children = (_web_server(arguments, settings), _child("worker", ["worker"], settings))
    supervise(children, once_all_answer=lambda: _welcome(settings, database), say=_tell)
    database.dispose()
    return 0


def _web_server(arguments: Namespace, settings: Settings) -> Child:
    host, port = arguments.host, arguments.port
    words = ["serve", "--host", host, "--port", str(port)]
    return _child("web server", words, settings, lambda: _answers(THIS_MACHINE.get(host, host), port))


def _child(name: str, words: list[str], settings: Settings, answers: Callable[[], bool] | None = None) -> Child:
    command = [sys.executable, str(MANAGE), "--inside", *words, "--until-input-ends"]
    chosen = {"TRACKER_DATA": str(settings.data_folder), "TRACKER_URL": settings.public_url}
    return Child(name, command, {**os.environ, **chosen}, answers=answers)


def _answers(host: str, port: int) -> bool:
    """Any answer will do: what it says is the pages' affair."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def _welcome(settings: Settings, database: Database) -> None:
    with database.writing() as session:
        token = first_administrator_link(session, now=datetime.now(UTC))
    mail = "handed to " + settings.relay.host if settings.relay else f"written to {settings.outbox_folder}, not sent"
    lines = [
        f"The tracker is at  {settings.public_url}",
        f"Data:              {settings.data_folder}",
        f"Database:          {database.engine.url.render_as_string(hide_password=True)}",
        f"Mail:              {mail}",
    ]
    if token is not None:
        lines += [
            "Nobody administers it yet. Whoever opens this link within an hour becomes its first administrator:",
            f"  {settings.public_url}/welcome/{token}",
        ]
    print("\n".join(lines), flush=True)
    _tell("Ctrl-C ends it.")


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
