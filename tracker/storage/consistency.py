"""What was written about why countries were not treated alike: the notes, and why measures were declined."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import select

from tracker.handling import Mark
from tracker.response import ResponseAct
from tracker.storage.admitting import Person
from tracker.storage.base import Session
from tracker.storage.countries import Scope
from tracker.storage.responding import ConsistencyNote, ResponseEvent


class Noted(NamedTuple):
    note: ConsistencyNote
    # Who wrote it.
    by: str


def in_order(iso3: str, other_iso3: str) -> tuple[str, str]:
    """A pair is one, whichever is named first."""
    return (iso3, other_iso3) if iso3 <= other_iso3 else (other_iso3, iso3)


def notes(session: Session, year: int, scope: Scope, clearance: Mark) -> dict[tuple[str, str], list[Noted]]:
    """By pair, of which both countries are in the scope; the oldest first."""
    query = (
        select(ConsistencyNote, Person.name)
        .join(Person, Person.id == ConsistencyNote.by_id)
        .where(ConsistencyNote.year == year, ConsistencyNote.handling <= clearance)
        .order_by(ConsistencyNote.at, ConsistencyNote.id)
    )
    if scope is not None:
        query = query.where(ConsistencyNote.iso3.in_(scope), ConsistencyNote.other_iso3.in_(scope))
    found: dict[tuple[str, str], list[Noted]] = {}
    for note, name in session.execute(query):
        found.setdefault((note.iso3, note.other_iso3), []).append(Noted(note, name))
    return found


def same_as(session: Session, note: ConsistencyNote) -> ConsistencyNote | None:
    """The same words of the same person under the same mark. None: they were not written before."""
    query = select(ConsistencyNote).where(
        *(ConsistencyNote.iso3 == note.iso3, ConsistencyNote.other_iso3 == note.other_iso3),
        *(ConsistencyNote.year == note.year, ConsistencyNote.words == note.words),
        *(ConsistencyNote.by_id == note.by_id, ConsistencyNote.handling == note.handling),
    )
    return session.scalar(query.limit(1))


def why_declined(session: Session, response_ids: Collection[int], clearance: Mark) -> dict[int, str]:
    """By response; who may not see the words is not told them."""
    if not response_ids:
        return {}
    query = select(ResponseEvent.response_id, ResponseEvent.words).where(
        ResponseEvent.response_id.in_(response_ids),
        ResponseEvent.act == ResponseAct.DECLINED,
        ResponseEvent.handling <= clearance,
    )
    return {row.response_id: row.words for row in session.execute(query)}
