"""Why the invented desk did not do the same for two islands that look alike."""

from datetime import datetime, timedelta

from tracker.access import Principal
from tracker.actions.consistency import explain
from tracker.handling import Mark
from tracker.storage.base import Session

PAIR = ("XAB", "XAF")
WORDS = (
    "At the port people are being driven out; on the cape courts are under pressure, and nobody has been attacked. "
    "The proposal for the cape waits for its own court, which meets next month."
)


def explain_a_pair(session: Session, *, by: Principal, now: datetime) -> None:
    written = now - timedelta(days=3)
    explain(session, *PAIR, written.year, WORDS, handling=Mark.GREEN, by=by, now=written)
