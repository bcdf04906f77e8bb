"""A request reads through one session that cannot write, and writes in transactions that are seen in the code."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from flask import current_app, g

from tracker.storage.base import Database, Session


def database() -> Database:
    return cast(Database, current_app.extensions["database"])


def reading() -> Session:
    """The request's read-only session: opened when first asked for, closed when the request ends."""
    if "reading" not in g:
        g.reading = database().reading()
    return cast(Session, g.reading)


@contextmanager
def transaction() -> Iterator[Session]:
    """One short writing transaction: committed at the end of the block, or rolled back whole.

    It is a session of its own, because the guard has read already, and a transaction that begins by reading can find
    itself unable to write. What `reading()` saw before is forgotten, so that nobody shows what was true a moment ago.
    """
    with database().writing() as session:
        yield session
    close_reading()


def close_reading(_error: BaseException | None = None) -> None:
    session = g.pop("reading", None)
    if session is not None:
        session.close()
