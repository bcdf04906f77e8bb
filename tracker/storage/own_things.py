"""What a reader keeps here for themselves: countries of their own, saved views, and how far they have read."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Integer, Row, Select, Text, cast, delete, literal, null, select, union_all, update
from sqlalchemy.types import TypeEngine

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


# What a row tells of a view beside its name.
BESIDES: Mapping[str, type[TypeEngine[Any]]] = {"id": Integer, "address": Text, "is_start": Boolean}


def of_person(session: Session, person_id: int, new_since: datetime | None) -> Own:
    return among(session.execute(union_all(*kept_by([person_id]))).all(), new_since)


def among(rows: Iterable[Row[Any]], new_since: datetime | None) -> Own:
    """What somebody keeps for themselves, among all rows about them."""
    told = list(rows)
    views = [View(row.id, row.value, row.address, row.is_start) for row in told if row.kind == "view"]
    return Own(
        frozenset(row.value for row in told if row.kind == "own"),
        tuple(sorted(views, key=lambda view: (sort_key(view.name), view.id))),
        new_since,
    )


def kept_by(people: Any) -> list[Select[*tuple[Any, ...]]]:
    """Questions for the views and the countries of some people, to be asked along with others about them."""
    nothing = [cast(null(), kind).label(name) for name, kind in BESIDES.items()]
    is_view, is_own = literal("view").label("kind"), literal("own").label("kind")
    view, own = SavedView, OwnCountry
    views = select(view.person_id, is_view, view.name.label("value"), view.id, view.address, view.is_start)
    countries = select(own.person_id, is_own, own.iso3.label("value"), *nothing)
    return [views.where(view.person_id.in_(people)), countries.where(own.person_id.in_(people))]


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
