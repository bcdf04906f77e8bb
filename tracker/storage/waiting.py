"""What waits for a reader, as the rail of every page counts it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tracker.access import Principal, Right
from tracker.storage import codings, situations
from tracker.storage.base import Session


@dataclass(frozen=True)
class Waiting:
    """0 too where it is not theirs to deal with."""

    # Situations of which the next step is overdue.
    overdue: int = 0
    # Answers that came back to their author.
    returned: int = 0
    # Answers that wait for a reviewer.
    submitted: int = 0


def waiting_for(session: Session, reader: Principal, today: date) -> Waiting:
    """All of it in one question, which every page asks."""
    asked = {}
    if reader.may(Right.WORK_ON_SITUATIONS):
        asked["overdue"] = situations.count_of_overdue(reader.scope, reader.clearance, today)
    if reader.may(Right.RECORD):
        asked["returned"] = codings.count_of_returned(reader.person_id)
    if reader.may(Right.REVIEW):
        asked["submitted"] = codings.count_of_submitted(reader.scope, reader.clearance)
    if not asked:
        return Waiting()
    row = session.execute(select(*(query.scalar_subquery().label(name) for name, query in asked.items()))).one()
    return Waiting(**row._mapping)
