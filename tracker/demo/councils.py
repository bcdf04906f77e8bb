"""What councils do about the archipelago, and when they meet."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.access import Principal
from tracker.actions import council_acts
from tracker.actions.occasions import write_in
from tracker.council import ActDraft, CouncilActKind
from tracker.handling import Mark
from tracker.occasion import Draft, OccasionKind
from tracker.storage.base import Session

COMMUNITY = "archipelago_community"
COUNCIL = "Council of Islands"
# So long ago it was written down.
ENTERED_DAYS_AGO = 30


@dataclass(frozen=True)
class Meeting:
    kind: OccasionKind
    name: str
    # From today.
    in_days: int
    every_months: int | None = None
    # None: of the whole world.
    group_key: str | None = COMMUNITY
    note: str = ""


MEETINGS = (
    Meeting(OccasionKind.SESSION, "Session of the Council of Islands", 12, 3, note="The delta is on its agenda."),
    Meeting(OccasionKind.FOCAL_POINTS, "Meeting of the focal points of the islands", 47, 12),
    Meeting(OccasionKind.SESSION, "Session of the Human Rights Council", 73, 4, None),
    Meeting(OccasionKind.ANNIVERSARY, "Remembrance of the night of the fires", 25, 12),
)


@dataclass(frozen=True)
class Done:
    iso3: str
    kind: CouncilActKind
    days_ago: int
    words: str
    handling: Mark = Mark.CLEAR


DONE = (
    Done("XAB", CouncilActKind.STATEMENT, 19, "It asked the harbour guard to open the roads, and both sides to talk."),
    Done("XAB", CouncilActKind.DECISION, 6, "It sends an envoy, who reports to its next session."),
    Done("XAF", CouncilActKind.STATEMENT, 11, "It welcomed that the vote will be observed.", Mark.GREEN),
)


def let_councils_meet(session: Session, *, by: Principal, now: datetime) -> None:
    entered = now - timedelta(days=ENTERED_DAYS_AGO)
    for one in MEETINGS:
        day = now.date() + timedelta(days=one.in_days)
        draft = Draft(one.kind, one.name, day, None, one.group_key, every_months=one.every_months, note=one.note)
        write_in(session, draft, handling=Mark.CLEAR, by=by, now=entered)
    for done in DONE:
        at = now - timedelta(days=done.days_ago)
        act = ActDraft(COUNCIL, done.kind, at.date(), done.words)
        council_acts.enter(session, done.iso3, act, handling=done.handling, by=by, now=at)
