"""Addresses that the relay refuses for good, and those that get no more digests for it."""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, bindparam, delete, exists, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute

from tracker.digest import REFUSALS_UNTIL_SUPPRESSED
from tracker.storage.base import Session
from tracker.storage.mailing import RefusedAddress


def count(session: Session, address: str, words: str, *, now: datetime) -> None:
    """Once more in a row."""
    kind = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    first = kind.insert(RefusedAddress).values(address=address, times=1, last_at=now, words=words)
    again = {"times": RefusedAddress.times + 1, "last_at": now, "words": words}
    session.execute(first.on_conflict_do_update(index_elements=["address"], set_=again))


def forget(session: Session, addresses: Collection[str]) -> bool:
    """They were taken, or somebody says that they will be. False: none of them was refused."""
    if not addresses:
        return False
    return session.connection().execute(_forget(), {"addresses": list(addresses)}).first() is not None


def is_suppressed(session: Session, address: str) -> bool:
    return session.scalar(select(suppresses(literal(address)))) or False


def suppresses(address: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether the address gets no more digests, as part of a question."""
    too_often = RefusedAddress.times >= REFUSALS_UNTIL_SUPPRESSED
    return exists().where(RefusedAddress.address == address, too_often)


def suppressed(session: Session) -> list[RefusedAddress]:
    """Those that get no more digests until somebody says so, the newest first."""
    query = select(RefusedAddress).where(RefusedAddress.times >= REFUSALS_UNTIL_SUPPRESSED)
    return list(session.scalars(query.order_by(RefusedAddress.last_at.desc(), RefusedAddress.address)))


@cache
def _forget() -> Any:
    """Asked for each mail that leaves, and so put together once."""
    table = cast("Table", RefusedAddress.__table__)
    return delete(table).where(table.c.address.in_(bindparam("addresses", expanding=True))).returning(table.c.address)
