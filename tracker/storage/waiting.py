"""What waits for a reader, as the rail of every page counts it, and whether the scores still wait for the worker."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, select

from tracker.access import Principal, Right
from tracker.storage import assistance, codings, responses, scores, situations
from tracker.storage.base import Session


@dataclass(frozen=True)
class Waiting:
    """0 too where it is not theirs to deal with."""

    # Situations of which the next step is overdue.
    overdue: int = 0
    # Measures of which it is.
    overdue_measures: int = 0
    # Answers that came back to their author.
    returned: int = 0
    # Answers that wait for a reviewer.
    submitted: int = 0
    # Calls for help that nobody has ended.
    calls: int = 0
    # Until when the passing of time counts in the scores of every country. None: nothing is scored.
    scores_until: date | None = None


def waiting_for(session: Session, reader: Principal, today: date) -> Waiting:
    """All of it in one question, which every page asks."""
    return Waiting(**session.execute(_question(reader, today)).one()._mapping)


@lru_cache(maxsize=1000)
def _question(reader: Principal, today: date) -> Select[Any]:
    """Made once for each reader and day: making it takes longer than asking it."""
    asked: dict[str, Select[Any]] = {"scores_until": scores.looked_at_until()}
    if reader.may(Right.WORK_ON_SITUATIONS):
        asked["overdue"] = situations.count_of_overdue(reader.scope, reader.clearance, today)
        asked["overdue_measures"] = responses.overdue(reader.scope, reader.clearance, today)
        asked["calls"] = assistance.count_of_open(reader.scope, reader.clearance)
    if reader.may(Right.RECORD):
        asked["returned"] = codings.count_of_returned(reader.person_id)
    if reader.may(Right.REVIEW):
        asked["submitted"] = codings.count_of_submitted(reader.scope, reader.clearance)
    return select(*(query.scalar_subquery().label(name) for name, query in asked.items()))
