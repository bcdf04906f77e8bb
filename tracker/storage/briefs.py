"""What only a brief asks: how high the marks reach of what it shows, and which offices are in charge."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, or_, select

from tracker.access import Role
from tracker.handling import Mark
from tracker.storage.admitting import PersonRole
from tracker.storage.base import Session
from tracker.storage.conclusions import Flag, FlagEvent, ScoreNow


def highest_marks(
    session: Session, iso3: str, clearance: Mark, *, ended_since: datetime, known: datetime
) -> tuple[Mark, Mark]:
    """Of the scores that somebody of that clearance sees, and of all that flags said that were open since then.

    A score rests on all the evidence up to its mark, in whichever year: so does its course.
    """
    scores = select(func.max(ScoreNow.handling)).where(ScoreNow.iso3 == iso3, ScoreNow.handling <= clearance)
    flags = (
        select(func.max(FlagEvent.handling))
        .join(Flag, Flag.id == FlagEvent.flag_id)
        .where(Flag.iso3 == iso3, FlagEvent.handling <= clearance, FlagEvent.at <= known)
        .where(or_(Flag.closed_at.is_(None), Flag.closed_at > ended_since))
    )
    of_scores, of_flags = session.execute(select(scores.scalar_subquery(), flags.scalar_subquery())).one()
    return Mark(of_scores or Mark.CLEAR), Mark(of_flags or Mark.CLEAR)


def roles_of(session: Session, person_ids: Collection[int]) -> dict[int, frozenset[Role]]:
    """By person."""
    found: dict[int, set[Role]] = defaultdict(set)
    query = select(PersonRole.person_id, PersonRole.role).where(PersonRole.person_id.in_(person_ids))
    for person_id, role in session.execute(query.order_by(PersonRole.person_id, PersonRole.role)):
        found[person_id].add(role)
    return {person_id: frozenset(roles) for person_id, roles in found.items()}
