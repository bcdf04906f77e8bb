"""How many questions does a page ask of the database?"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from tests.strict_client import StrictClient
from tracker.storage.base import Database
from tracker.web.kept_pages import Shelf

# What the web application remembers from one page to the next, and asks for again when something has changed.
REMEMBERED = ("signed_in", "waiting", "is_demonstration")


@contextmanager
def listening(database: Database) -> Iterator[list[str]]:
    """What is said to it meanwhile."""
    said: list[str] = []

    def note(*told: object) -> None:
        said.append(str(told[2]))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def questions(client: StrictClient, database: Database, address: str) -> list[str]:
    """The statements of a first view after a change: nothing is remembered, and no page is kept."""
    for name in REMEMBERED:
        client.application.extensions.pop(name, None)
    client.application.extensions["shelf"] = Shelf()
    with listening(database) as said:
        answer = client.get(address)
    assert answer.status_code == 200, address
    found = [one for one in said if one.startswith(("SELECT", "WITH"))]
    assert found, "the page came without a question"
    return found
