"""Whose imports one sees, and what cannot be done with one as things stand."""

from tracker.access import Principal, Right
from tracker.refusal import N_, NotThere, OutOfTurn
from tracker.storage import imports
from tracker.storage.base import Session
from tracker.storage.countries import Scope
from tracker.storage.recording import Import, ImportState


class NoSuchImport(NotThere):
    def __init__(self) -> None:
        super().__init__(N_("There is no such import."))


class NotNow(OutOfTurn):
    """The page was opened before somebody, or the worker, took the import further."""

    def __init__(self) -> None:
        super().__init__(N_("This import has moved on since you opened the page. Nothing was changed."))


def seen_by(session: Session, reader: Principal, about: Scope = None) -> list[Import]:
    """The latest first: their own, and those of others that they may know of; those about some countries alone."""
    return imports.newest(
        session,
        brought_by=reader.person_id,
        and_of_others=_others(reader),
        about=about,
        clearance=reader.clearance,
    )


def sees(session: Session, reader: Principal, row: Import) -> bool:
    return row.brought_by == reader.person_id or imports.lies_within(session, row.id, _others(reader))


def _others(reader: Principal) -> Scope:
    """Reviewers and administrators see names of files and counts of what is within their reach: nothing of its rows.

    A name may tell what a file is about: one that has recorded nothing yet is seen by those who reach every country.
    """
    looks_on = reader.may(Right.REVIEW) or reader.may(Right.MANAGE_PEOPLE)
    return reader.scope if looks_on else frozenset()


def is_owner(reader: Principal, row: Import) -> bool:
    """Only they see rows of the file, and decide what becomes of it."""
    return row.brought_by == reader.person_id and reader.may(Right.RECORD)


def own(
    session: Session, import_id: int, *, by: int | None, seen: int | None, states: tuple[ImportState, ...]
) -> Import:
    """The import, locked, if it is theirs and in one of these states. `seen`: its version on their page; None: any."""
    row = imports.locked(session, import_id)
    if row is None or row.brought_by != by:
        raise NoSuchImport
    if row.state not in states or (seen is not None and row.version != seen):
        raise NotNow
    return row


def subject_of(row: Import) -> str:
    return f"import {row.id}"
