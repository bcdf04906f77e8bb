"""Flags gather in situations: a new one joins the situation of its country, or opens one."""

from datetime import datetime

from tracker.actions import audit
from tracker.actions.situations.keeping import hold, subject_of, write_down
from tracker.handling import Mark
from tracker.rule import Severity
from tracker.situation import SituationAct, SituationState, after_worsening, due_on
from tracker.storage import situations
from tracker.storage.base import Session
from tracker.storage.conclusions import Flag, Situation
from tracker.storage.flag_states import Raised
from tracker.storage.situations import OpenSituation

# A notice joins what is going on; from a warning on, what was answered already is verified anew.
DISTURBS_FROM = Severity.WARNING


def gather(session: Session, flag: Flag | Raised, *, handling: Mark, severity: Severity, now: datetime) -> Situation:
    """A flag was raised, or speaks at a lower mark from now on: `handling` is the lowest.

    Once more changes nothing. The situation is known to whoever knows of one of its flags. Call it before the flag's
    own row is changed: people who give verdicts hold the situation first, and then the flag.
    """
    # Two flags that are raised at once must not open two situations.
    hold(session, [flag.iso3])
    situation = situations.locked(session, flag.situation_id) if flag.situation_id else None
    is_new = situation is None or situation.closed_at is not None
    if situation is None or situation.closed_at is not None:
        situation = situations.open_in(session, flag.iso3)
        situation = situation or open_situation(session, flag.iso3, handling=handling, by=flag.raised_by, now=now)
    if handling < situation.handling:
        situation.handling = handling
        if situation.state is SituationState.NEW:
            # whoever hears of it only now is not told how long others have known
            situation.state_since, situation.due_on = now, due_on(SituationState.NEW, now.date())
    if is_new:
        join(session, situation, flag, handling=handling, now=now)
        _verify_anew(session, situation, flag, handling, severity, now)
    session.flush()
    return situation


def join(
    session: Session, situation: Situation | OpenSituation, flag: Flag | Raised, *, handling: Mark, now: datetime
) -> None:
    """The situation is held already, and nothing but its timeline changes."""
    flag.situation_id = situation.id
    joined, details = SituationAct.FLAG_JOINED, {"flag": flag.id}
    situations.add_event(session, situation.id, joined, details, at=now, by_id=flag.raised_by, handling=handling)


def worsened(session: Session, flag: Flag | Raised, *, handling: Mark, severity: Severity, now: datetime) -> Situation:
    """A flag that grew worse, at that mark and above: what was answered already is verified anew.

    If its situation was closed meanwhile, it opens another.
    """
    situation = gather(session, flag, handling=handling, severity=severity, now=now)
    _verify_anew(session, situation, flag, handling, severity, now)
    session.flush()
    return situation


def open_situation(
    session: Session, iso3: str, *, handling: int, by: int | None, now: datetime, part: str = situations.WHOLE
) -> Situation:
    situation = Situation(
        iso3=iso3,
        part=part,
        state=SituationState.NEW,
        state_since=now,
        due_on=due_on(SituationState.NEW, now.date()),
        opened_at=now,
        opened_by=by,
        handling=handling,
    )
    session.add(situation)
    session.flush()
    write_down(session, situation, SituationAct.OPENED, by=by, now=now)
    audit.record(session, "situation opened", subject_of(situation), by=by, now=now, after={"state": "new"})
    return situation


def _verify_anew(
    session: Session, situation: Situation, flag: Flag | Raised, handling: Mark, severity: Severity, now: datetime
) -> None:
    """What not everybody who knows of the situation may know of moves nothing: the move would tell them.

    Whoever may know sees the flag at the top of their queue, and moves the situation themselves.
    """
    before, after = situation.state, after_worsening(situation.state)
    if before is after or severity < DISTURBS_FROM or handling > situation.handling:
        return
    situation.state, situation.state_since, situation.due_on = after, now, due_on(after, now.date())
    details = {"before": before, "after": after, "flag": flag.id}
    write_down(session, situation, SituationAct.MOVED, details, by=None, now=now)
    record_move(session, situation, before, by=None, now=now)


def record_move(
    session: Session, situation: Situation, before: SituationState, *, by: int | None, now: datetime
) -> None:
    """In the audit log: who moved it from where to where."""
    after = {"state": situation.state, "reason": situation.close_reason}
    subject = subject_of(situation)
    audit.record(session, "situation moved", subject, by=by, now=now, before={"state": before}, after=after)
