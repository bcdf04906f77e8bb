"""What the desk allows itself, who said so and since when."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from tracker.storage.admitting import Person
from tracker.storage.base import Session
from tracker.storage.recording import DeskRule


@dataclass(frozen=True)
class Chosen:
    holds: bool
    by: str
    at: datetime


def chosen(session: Session, rule: str) -> Chosen | None:
    """None: nobody ever chose, so that the rule does not hold."""
    query = (
        select(DeskRule.holds, Person.name, DeskRule.changed_at)
        .join(Person, Person.id == DeskRule.changed_by)
        .where(DeskRule.rule == rule)
    )
    row = session.execute(query).first()
    return Chosen(row.holds, row.name, row.changed_at) if row else None


def locked(session: Session, rule: str, *, by: int, now: datetime) -> DeskRule:
    """The rule, which does not hold if nobody chose before; nobody else's until the transaction ends."""
    kind = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    columns = {"rule": rule, "holds": False, "changed_by": by, "changed_at": now}
    session.execute(kind.insert(DeskRule).values(columns).on_conflict_do_nothing())
    query = select(DeskRule).where(DeskRule.rule == rule).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()
