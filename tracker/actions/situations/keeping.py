"""What every act on a situation does: find it, see that nothing came between, and write down what happened."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from tracker.access import Principal
from tracker.handling import Mark, may_see
from tracker.refusal import N_, NotThere, OutOfTurn, Refusal
from tracker.situation import LONGEST_WORDS, SituationAct, WordsMissing, WordsTooLong
from tracker.storage import audit_entries, countries, situations
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation, SituationEvent
from tracker.storage.watching import Country


class NoSuchSituation(NotThere):
    def __init__(self) -> None:
        super().__init__(N_("There is no such situation."))


class SituationChanged(OutOfTurn):
    """Somebody changed it since the form was opened: what they did comes after the event that it had seen."""

    def __init__(self, seen: int) -> None:
        super().__init__(
            N_("The situation was changed since you opened this. Look at what was done, and send it again.")
        )
        self.seen = seen


class MarkTooHigh(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Choose a mark that you may see yourself."))


class MarkTooLow(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Choose no lower mark than what it speaks of bears."))


def visible(session: Session, situation_id: int, by: Principal) -> Situation:
    found = situations.seen(session, situation_id, by.scope, by.clearance)
    if found is None:
        raise NoSuchSituation
    return found


def held(session: Session, situation_id: int, by: Principal, *, seen: int | None = None) -> Situation:
    """Nobody else's to change until the transaction ends. `seen` is the newest change that the form was made with;
    None: whatever was changed, it does not matter here."""
    hold_country(session, visible(session, situation_id, by).iso3)
    situation = situations.locked(session, situation_id)
    assert situation is not None, "situations are never removed, and their marks never rise"
    if seen is not None and situations.changes_since(session, situation_id, seen, by.clearance):
        raise SituationChanged(seen)
    return situation


def hold(session: Session, iso3s: Collection[str]) -> None:
    """The log of what was done comes first: whoever acts on a situation takes it before the country, too."""
    if iso3s:
        audit_entries.hold(session)
        countries.hold(session, iso3s)


def hold_country(session: Session, iso3: str) -> Country | None:
    """Nobody else changes its situations until the transaction ends. None: there is no such country.

    The audit log first, then the country, its situations, their flags: in two orders people would wait for each other
    for ever, and whoever records evidence holds the log before they conclude from it.
    """
    audit_entries.hold(session)
    return countries.locked(session, iso3)


def write_down(
    session: Session,
    situation: Situation,
    act: SituationAct,
    details: dict[str, Any] | None = None,
    *,
    by: int | None,
    now: datetime,
    handling: int | None = None,
    words: str = "",
) -> SituationEvent:
    """In the timeline. Without a mark of its own it is known to whoever knows of the situation."""
    event = SituationEvent(
        situation_id=situation.id,
        act=act,
        at=now,
        by_id=by,
        handling=situation.handling if handling is None else handling,
        words=words,
        details=details or {},
    )
    session.add(event)
    session.flush()
    return event


def said(words: str, *, is_needed: bool = True) -> str:
    words = words.strip()
    if is_needed and not words:
        raise WordsMissing
    if len(words) > LONGEST_WORDS:
        raise WordsTooLong
    return words


def refuse_mark(handling: Mark, by: Principal, *, lowest: int = Mark.CLEAR) -> None:
    """Nobody marks above what they may see, nor below what they speak of."""
    if not may_see(by.clearance, handling):
        raise MarkTooHigh
    if handling < lowest:
        raise MarkTooLow


def subject_of(situation: Situation) -> str:
    """What the audit log calls it: where, never what is said of it."""
    return f"situation {situation.id}: {situation.iso3}"
