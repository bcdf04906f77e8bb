"""Drafts of the method and of rules, and what is on its way into force."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select

from tracker.storage import rules
from tracker.storage.base import Session
from tracker.storage.conclusions import MethodVersion, RuleVersion, ScoreHistory, ScoreNow


def drafts_of_method(session: Session) -> Sequence[MethodVersion]:
    """The newest first."""
    query = select(MethodVersion).where(
        MethodVersion.switched_on_at.is_(None),
        MethodVersion.in_force_since.is_(None),
        MethodVersion.discarded_at.is_(None),
    )
    return session.scalars(query.order_by(MethodVersion.number.desc())).all()


def method_on_its_way(session: Session) -> MethodVersion | None:
    """Switched on, but not in force before its scores are worked out."""
    query = select(MethodVersion).where(
        MethodVersion.switched_on_at.is_not(None), MethodVersion.in_force_since.is_(None)
    )
    return session.scalar(query.order_by(MethodVersion.switched_on_at, MethodVersion.number).limit(1))


def of_method(session: Session, number: int) -> MethodVersion | None:
    return session.get(MethodVersion, number)


def of_rule(session: Session, key: str, number: int) -> RuleVersion | None:
    return session.get(RuleVersion, (key, number))


def locked_method(session: Session, number: int) -> MethodVersion | None:
    """As it is now, and nobody else's to change."""
    query = select(MethodVersion).where(MethodVersion.number == number).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def how_many_scored(session: Session, number: int) -> int:
    """How many countries have scores of that version."""
    query = select(func.count(ScoreNow.iso3.distinct())).where(ScoreNow.method_version == number)
    return session.scalar(query) or 0


def forget_scores(session: Session, number: int) -> None:
    """Of a version that never came into force: nobody saw them."""
    for table in (ScoreNow, ScoreHistory):
        session.execute(delete(table).where(table.method_version == number))


def drafts_of_rules(session: Session) -> Sequence[RuleVersion]:
    """By key, the newest first."""
    query = select(RuleVersion).where(RuleVersion.in_force_since.is_(None), RuleVersion.discarded_at.is_(None))
    return session.scalars(query.order_by(RuleVersion.key, RuleVersion.number.desc())).all()


def drafts_of_rule(session: Session, key: str) -> list[RuleVersion]:
    """The newest first."""
    return [row for row in drafts_of_rules(session) if row.key == key]


def rule_in_force(session: Session, key: str) -> RuleVersion | None:
    """Even if it says that the rule is silent. None: there is no such rule."""
    return next((row for row in rules.newest_in_force(session) if row.key == key), None)


def locked_rule(session: Session, key: str, number: int) -> RuleVersion | None:
    """As it is now, and nobody else's to change."""
    query = select(RuleVersion).where(RuleVersion.key == key, RuleVersion.number == number).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))
