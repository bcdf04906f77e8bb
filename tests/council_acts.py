"""What a council did, as a test needs it."""

from datetime import datetime

from tracker.council import CouncilActKind
from tracker.handling import Mark
from tracker.storage.base import Session
from tracker.storage.responding import CouncilAct


def council_act(
    session: Session, person_id: int, *, iso3: str = "MLI", words: str = "It called for calm.", now: datetime
) -> CouncilAct:
    made = CouncilAct(
        iso3=iso3,
        council="Security Council",
        kind=CouncilActKind.STATEMENT,
        day=now.date(),
        words=words,
        vetoed_by=[],
        handling=int(Mark.CLEAR),
        entered_by=person_id,
        entered_at=now,
    )
    session.add(made)
    session.flush()
    return made
