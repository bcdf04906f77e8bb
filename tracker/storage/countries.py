"""Countries and groups, as far as the asker's scope reaches."""

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import selectinload

from tracker.country import GroupKind
from tracker.storage.base import Session
from tracker.storage.watching import Country, Group, GroupMember

# None: every country. An empty set: none at all.
Scope = Collection[str] | None


def all_countries(session: Session, scope: Scope = None) -> list[Country]:
    query = select(Country).order_by(Country.iso3)
    if scope is not None:
        query = query.where(Country.iso3.in_(scope))
    return list(session.scalars(query))


def country(session: Session, iso3: str) -> Country | None:
    return session.get(Country, iso3)


def are_all_there(session: Session, iso3s: Collection[str]) -> bool:
    found = select(func.count()).select_from(Country).where(Country.iso3.in_(iso3s))
    return session.scalar(found) == len(set(iso3s))


def locked(session: Session, iso3: str) -> Country | None:
    """Nobody else changes it until this transaction ends; evidence about it may be recorded meanwhile."""
    return session.get(Country, iso3, with_for_update={"key_share": True})


def all_groups(session: Session) -> list[Group]:
    """With their members."""
    query = select(Group).options(selectinload(Group.members)).order_by(Group.kind, Group.key)
    return list(session.scalars(query))


def divisions(session: Session, kind: GroupKind) -> dict[str, Group]:
    """By country, its group of a kind that divides the world, such as its UN region."""
    query = (
        select(GroupMember.iso3, Group)
        .join(Group, Group.key == GroupMember.group_key)
        .where(Group.kind == kind)
        .order_by(GroupMember.iso3)
    )
    return {row.iso3: row.Group for row in session.execute(query)}


def hold(session: Session, iso3s: Collection[str]) -> None:
    """Nobody else draws conclusions about these countries until the transaction ends.

    Always the last locks that are taken, and in one order, so that no two wait for each other.
    """
    if iso3s and session.get_bind().dialect.name == "postgresql":  # on SQLite a writer is alone already
        session.connection().execute(_held(), {"iso3s": sorted(iso3s)})


def watched(session: Session) -> frozenset[str]:
    return frozenset(session.connection().scalars(_watched()))


def regions(session: Session) -> dict[str, str]:
    """By country, its subregion; the United Nations give some none."""
    return {row.iso3: row.group_key for row in session.connection().execute(_regions())}


@cache
def _held() -> Select[str]:
    query = select(Country.iso3).where(Country.iso3.in_(bindparam("iso3s", expanding=True)))
    return query.order_by(Country.iso3).with_for_update(key_share=True)


@cache
def _watched() -> Select[str]:
    return select(Country.iso3).where(Country.watched)


@cache
def _regions() -> Select[*tuple[Any, ...]]:
    query = select(GroupMember.iso3, GroupMember.group_key).join(Group, Group.key == GroupMember.group_key)
    return query.where(Group.kind == GroupKind.UN_SUBREGION).order_by(GroupMember.iso3)
