"""Every version of every rule: the drafts, what speaks now, what spoke."""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from tracker.rule import Rule
from tracker.storage.base import Session
from tracker.storage.conclusions import RuleVersion


class RuleInForce(NamedTuple):
    number: int
    rule: Rule


def in_force(session: Session) -> list[RuleInForce]:
    """Those that speak, in the order of their keys."""
    return [_read(row.number, row.content) for row in session.connection().execute(_newest_in_force()) if row.speaks]


def newest_in_force(session: Session) -> Sequence[RuleVersion]:
    """Of each rule the version that was switched on last, even if it says that the rule is silent."""
    return session.scalars(_newest_in_force().with_only_columns(RuleVersion)).all()


@cache
def _newest_in_force() -> Select[*tuple[Any, ...]]:
    later = aliased(RuleVersion)
    newest = (
        select(func.max(later.number))
        .where(later.key == RuleVersion.key, later.in_force_since.is_not(None))
        .scalar_subquery()
    )
    columns = (RuleVersion.key, RuleVersion.number, RuleVersion.content, RuleVersion.speaks)
    return select(*columns).where(RuleVersion.number == newest).order_by(RuleVersion.key)


def _read(number: int, content: dict[str, Any]) -> RuleInForce:
    return RuleInForce(number, Rule.from_plain(content))


def versions_of(session: Session, key: str) -> list[RuleVersion]:
    """The newest first; empty: there is no such rule."""
    query = select(RuleVersion).where(RuleVersion.key == key).order_by(RuleVersion.number.desc())
    return list(session.scalars(query))


def everything(session: Session) -> list[RuleVersion]:
    """The newest version of each rule first."""
    return list(session.scalars(select(RuleVersion).order_by(RuleVersion.key, RuleVersion.number.desc())))
