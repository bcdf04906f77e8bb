"""Sources that analysts name themselves: one row for each name, however many people accept something of it at once."""

from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from tracker.storage.base import Session
from tracker.storage.prepared import Prepared
from tracker.storage.watching import Source


def known_or_made(session: Session, columns: dict[str, Any]) -> int:
    """The number of the source with that key; only if there is none it is made, with these columns."""
    session.flush()
    asked = {"key": columns["key"]}
    if (known := _OF_KEY.first(session, asked)) is not None:
        return int(known[0])
    kind = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(kind.insert(Source).values(columns).on_conflict_do_nothing())
    [(made,)] = _OF_KEY.rows(session, asked)
    return int(made)


_OF_KEY = Prepared(lambda _dialect: select(Source.id).where(Source.key == bindparam("key")))
