"""Sources that analysts name themselves: one row for each name, however many people accept something of it at once."""

from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from tracker.storage.base import Session
from tracker.storage.watching import Source


def known_or_made(session: Session, columns: dict[str, Any]) -> int:
    """The number of the source with that key; only if there is none it is made, with these columns."""
    session.flush()
    asked = {"key": columns["key"]}
    known = session.connection().scalar(_of_key(), asked)
    if known is not None:
        return known
    kind = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(kind.insert(Source).values(columns).on_conflict_do_nothing())
    return session.connection().scalars(_of_key(), asked).one()


@cache
def _of_key() -> Select[int]:
    return select(Source.id).where(Source.key == bindparam("key"))
