"""What a reader keeps here for themselves: countries of their own, saved views, and how far they have read."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, literal, null, select, union_all, update

from tracker.country import sort_key
from tracker.storage.base import Session
from tracker.storage.readers import OwnCountry, SavedView, Visit


@dataclass(frozen=True)
class View:
    id: int
    name: str
    address: str
    is_start: bool


@dataclass(frozen=True)
class Own:
    countries: frozenset[str]
    # In the order of their names.
    views: tuple[View, ...]
    # What happened after it is new to them. None: this is their first visit.
    new_since: datetime | None

    @property
    def start(self) -> View | None:
        """Where they want to begin; None: at the dashboard."""
        return next((view for view in self.views if view.is_start), None)


def of_person(session: Session, person_id: int, new_since: datetime | None) -> Own:
    rows = session.execute(_own(), {"person": person_id}).all()
    views = [View(row.id, row.name, row.address, row.is_start) for row in rows if row.iso3 is None]
    return Own(
        frozenset(row.iso3 for row in rows if row.iso3 is not None),
        tuple(sorted(views, key=lambda view: (sort_key(view.name), view.id))),
        new_since,
    )


def visit_of(session: Session, person_id: int) -> Visit | None:
    return session.get(Visit, person_id, with_for_update=True)


def choose_countries(session: Session, person_id: int, wanted: Collection[str], *, among: Collection[str]) -> None:
    """In as few questions for all countries as for one."""
    chosen_from = (OwnCountry.person_id == person_id, OwnCountry.iso3.in_(among))
    session.execute(delete(OwnCountry).where(*chosen_from, OwnCountry.iso3.not_in(wanted)))
    there = set(session.scalars(select(OwnCountry.iso3).where(*chosen_from)))
    missing = sorted(set(wanted) & set(among) - there)
    session.add_all(OwnCountry(person_id=person_id, iso3=iso3) for iso3 in missing)


def view_of(session: Session, person_id: int, view_id: int) -> SavedView | None:
    """Only their own."""
    return session.scalar(select(SavedView).where(SavedView.person_id == person_id, SavedView.id == view_id))


def how_many_views(session: Session, person_id: int) -> int:
    return len(session.scalars(select(SavedView.id).where(SavedView.person_id == person_id)).all())


def view_named(session: Session, person_id: int, name: str) -> SavedView | None:
    return session.scalar(select(SavedView).where(SavedView.person_id == person_id, SavedView.name == name))


def no_start(session: Session, person_id: int) -> None:
    session.execute(update(SavedView).where(SavedView.person_id == person_id).values(is_start=False))


@cache
def _own() -> Any:
    """Both in one question: every first page of a sign-in asks it."""
    person: Any = bindparam("person")
    views = select(SavedView.id, SavedView.name, SavedView.address, SavedView.is_start, null().label("iso3")).where(
        SavedView.person_id == person
    )
    countries = select(
        literal(0).label("id"),
        literal("").label("name"),
        literal("").label("address"),
        literal(False).label("is_start"),
        OwnCountry.iso3,
    ).where(OwnCountry.person_id == person)
    return union_all(views, countries)
