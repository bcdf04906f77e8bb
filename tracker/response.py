"""What is proposed, decided and done about a situation: one measure, from its proposal to its outcome.

The order is one table, MOVES: from which state a response goes on to which, by which act, and what that needs. The
drawing in docs/responses.md is made from it. What has ended stays ended: who takes it up again proposes anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from tracker.measure import ForceTests, MeasureKind, Sphere
from tracker.refusal import N_, OutOfTurn, Refusal
from tracker.situation import is_overdue

__all__ = ["is_overdue"]

LONGEST_LINE = 200
LONGEST_WORDS = 4000
# Nobody plans further ahead than this: it would be a slip of the pen.
FURTHEST_DAYS = 10 * 365


class ResponseState(StrEnum):
    PROPOSED = "proposed"
    DECIDED = "decided"
    DECLINED = "declined"
    UNDER_WAY = "under_way"
    DONE = "done"
    ABANDONED = "abandoned"


class ResponseAct(StrEnum):
    """What stands in the ledger of a response."""

    PROPOSED = "proposed"
    CHANGED = "changed"
    DECIDED = "decided"
    DECLINED = "declined"
    STARTED = "started"
    # How far it is, said while it is under way.
    REPORTED = "reported"
    DONE = "done"
    ABANDONED = "abandoned"


class Need(StrEnum):
    """What a move asks for, in the order in which people see to it."""

    DECIDED_BY = "decided_by"
    OWNER = "owner"
    DUE_DAY = "due_day"
    WORDS = "words"


@dataclass(frozen=True)
class Move:
    source: ResponseState
    target: ResponseState
    act: ResponseAct
    needs: tuple[Need, ...]


_STATE, _ACT = ResponseState, ResponseAct

MOVES: tuple[Move, ...] = (
    Move(_STATE.PROPOSED, _STATE.DECIDED, _ACT.DECIDED, (Need.DECIDED_BY,)),
    Move(_STATE.PROPOSED, _STATE.DECLINED, _ACT.DECLINED, (Need.DECIDED_BY, Need.WORDS)),
    Move(_STATE.DECIDED, _STATE.UNDER_WAY, _ACT.STARTED, (Need.OWNER, Need.DUE_DAY)),
    Move(_STATE.DECIDED, _STATE.ABANDONED, _ACT.ABANDONED, (Need.WORDS,)),
    # It goes on: whoever says how far it is also says by when it is to be done, which may be another day.
    Move(_STATE.UNDER_WAY, _STATE.UNDER_WAY, _ACT.REPORTED, (Need.DUE_DAY, Need.WORDS)),
    Move(_STATE.UNDER_WAY, _STATE.DONE, _ACT.DONE, (Need.WORDS,)),
    Move(_STATE.UNDER_WAY, _STATE.ABANDONED, _ACT.ABANDONED, (Need.WORDS,)),
)

DAYS_FOR: Mapping[ResponseState, int] = MappingProxyType({_STATE.PROPOSED: 14, _STATE.DECIDED: 14})
"""Within how many days the next step is due: the decision, the start. By when it is to be done, people say."""

OPEN = (_STATE.PROPOSED, _STATE.DECIDED, _STATE.UNDER_WAY)
# It was at least begun to be tried: what was only proposed, or declined, was not.
TRIED = (_STATE.DECIDED, _STATE.UNDER_WAY, _STATE.DONE)


@dataclass(frozen=True)
class Proposal:
    """What somebody proposes to do."""

    kind: MeasureKind
    sphere: Sphere
    # What exactly is to be done, in a line.
    title: str
    # Why, and whatever else there is to say; it may be empty.
    words: str
    # By when it is to be decided.
    due_on: date
    # Of the library of measures. None: in the proposer's own words.
    measure_key: str | None = None
    # The request for help that it answers. None: nobody asked for it.
    assistance_id: int | None = None
    # Needed for force, and for nothing else.
    tests: ForceTests | None = None


class NotNext(OutOfTurn):
    """The table knows no such move. The sentence says what comes next instead."""

    def __init__(self, state: ResponseState) -> None:
        super().__init__(NEXT[state])


class Missing(Refusal):
    """The table knows the move, and something that it needs was not said."""

    def __init__(self, need: Need) -> None:
        super().__init__(MISSING[need])
        self.need = need


class DayUnfit(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Choose a day from today on, within the next ten years."))


class LineTooLong(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Enter at most %(longest)s characters."), longest=LONGEST_LINE)


class TitleMissing(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Say in a line what exactly is to be done."))


NEXT: Mapping[ResponseState, str] = MappingProxyType(
    {
        _STATE.PROPOSED: N_("It is proposed: now somebody decides whether it is done."),
        _STATE.DECIDED: N_("It is decided: now somebody takes it on, with a day by which it is to be done."),
        _STATE.DECLINED: N_("It was declined, and stays so. Who wants it after all proposes it anew."),
        _STATE.UNDER_WAY: N_("It is under way: say how far it is, or what came of it."),
        _STATE.DONE: N_("It is done: what came of it stands here. Watch what the indicators do."),
        _STATE.ABANDONED: N_("It was abandoned, and stays so. Who wants it after all proposes it anew."),
    }
)
MISSING: Mapping[Need, str] = MappingProxyType(
    {
        Need.DECIDED_BY: N_("Say who decided it: an office, a minister, a council."),
        Need.OWNER: N_("Say who sees to it: without an owner it cannot be under way."),
        Need.DUE_DAY: N_("Say by when it is to be done: without a day it cannot be under way."),
        Need.WORDS: N_("Say it in words: they stand in the ledger, for whoever asks later."),
    }
)


def moves_from(state: ResponseState) -> tuple[Move, ...]:
    return tuple(move for move in MOVES if move.source is state)


def move_by(source: ResponseState, act: ResponseAct) -> Move:
    for move in MOVES:
        if (move.source, move.act) == (source, act):
            return move
    raise NotNext(source)


def first_missing(move: Move, given: Mapping[Need, bool]) -> Need | None:
    """`given`: what was said, and what was not. None: nothing is missing."""
    return next((need for need in move.needs if not given.get(need, False)), None)


def due_on(state: ResponseState, since: date) -> date | None:
    """The last day on which the next step is in time, as long as nobody says otherwise. None: nothing is due, or only
    people know."""
    return since + timedelta(days=DAYS_FOR[state]) if state in DAYS_FOR else None


def fits(day: date, today: date) -> bool:
    """Whether something can be planned for that day."""
    return today <= day <= today + timedelta(days=FURTHEST_DAYS)
