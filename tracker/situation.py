"""What is done about a country that needs attention, in which order, and by when?

The order is one table, MOVES: from which state a situation goes on to which, and what that needs. The drawing in
docs/situations.md is made from it. A situation that was closed stays closed: what is raised afterwards opens another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from tracker.refusal import N_, OutOfTurn, Refusal

LONGEST_WORDS = 4000
LONGEST_PART = 120
# A step that is due within so many days is due soon.
SOON_DAYS = 7


class Urgency(StrEnum):
    """How soon somebody must act; in this order."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"
    # Nothing is due: it is closed, or was looked at on a past day.
    CLOSED = "closed"


class SituationState(StrEnum):
    NEW = "new"
    VERIFYING = "verifying"
    ASSESSED = "assessed"
    RESPONDING = "responding"
    MONITORING = "monitoring"
    CLOSED = "closed"


class CloseReason(StrEnum):
    # Every flag was discarded: there was nothing to it.
    UNFOUNDED = "unfounded"
    # It is over, or has been over for long enough.
    RESOLVED = "resolved"
    # A part of a country goes on in the situation of the whole country.
    MERGED = "merged"
    OUT_OF_SCOPE = "out_of_scope"


class SituationAct(StrEnum):
    """What stands in the timeline."""

    OPENED = "opened"
    FLAG_JOINED = "flag_joined"
    FLAG_CONFIRMED = "flag_confirmed"
    FLAG_DISCARDED = "flag_discarded"
    FLAG_CLEARED = "flag_cleared"
    MOVED = "moved"
    ASSESSED = "assessed"
    DISSENTED = "dissented"
    NOTED = "noted"
    ASSIGNED = "assigned"
    SPLIT = "split"
    MERGED = "merged"


# What is said beside a situation changes nothing of it: no form becomes stale by it.
SAID_BESIDE = (SituationAct.NOTED, SituationAct.DISSENTED)


class Verdict(StrEnum):
    """What a person found when they looked into a flag."""

    CONFIRMED = "confirmed"
    DISCARDED = "discarded"


class Need(StrEnum):
    """What a move asks for, of whatever the mover may see."""

    WORDS = "words"
    VERDICTS = "verdicts"
    ASSESSMENT = "assessment"
    IN_SCOPE = "in_scope"
    OUT_OF_SCOPE = "out_of_scope"
    ALL_DISCARDED = "all_discarded"
    NO_OPEN_FLAG = "no_open_flag"
    PART = "part"


@dataclass(frozen=True)
class Move:
    source: SituationState
    target: SituationState
    needs: tuple[Need, ...] = ()
    # None: it is not closed by this.
    reason: CloseReason | None = None


_STATE = SituationState

DAYS_FOR: Mapping[SituationState, int] = MappingProxyType(
    {_STATE.NEW: 2, _STATE.VERIFYING: 7, _STATE.ASSESSED: 7, _STATE.RESPONDING: 30, _STATE.MONITORING: 90}
)
"""Within how many days the next step is due."""

MOVES: tuple[Move, ...] = (
    Move(_STATE.NEW, _STATE.VERIFYING),
    Move(_STATE.VERIFYING, _STATE.ASSESSED, (Need.VERDICTS, Need.ASSESSMENT)),
    Move(_STATE.ASSESSED, _STATE.RESPONDING, (Need.VERDICTS, Need.IN_SCOPE, Need.WORDS)),
    Move(_STATE.ASSESSED, _STATE.MONITORING, (Need.VERDICTS, Need.WORDS)),
    Move(_STATE.ASSESSED, _STATE.VERIFYING, (Need.WORDS,)),
    Move(_STATE.RESPONDING, _STATE.MONITORING, (Need.VERDICTS, Need.WORDS)),
    # It goes on: whoever says so has looked at it, and the time within which to look again begins anew.
    Move(_STATE.RESPONDING, _STATE.RESPONDING, (Need.WORDS,)),
    Move(_STATE.RESPONDING, _STATE.VERIFYING, (Need.WORDS,)),
    Move(_STATE.MONITORING, _STATE.MONITORING, (Need.WORDS,)),
    Move(_STATE.MONITORING, _STATE.RESPONDING, (Need.VERDICTS, Need.IN_SCOPE, Need.WORDS)),
    Move(_STATE.MONITORING, _STATE.VERIFYING, (Need.WORDS,)),
    *(
        Move(state, _STATE.CLOSED, (Need.NO_OPEN_FLAG, Need.WORDS), CloseReason.RESOLVED)
        for state in (_STATE.VERIFYING, _STATE.ASSESSED, _STATE.MONITORING)
    ),
    *(
        Move(state, _STATE.CLOSED, (Need.ALL_DISCARDED, Need.WORDS), CloseReason.UNFOUNDED)
        for state in (_STATE.VERIFYING, _STATE.ASSESSED, _STATE.RESPONDING, _STATE.MONITORING)
    ),
    *(
        Move(state, _STATE.CLOSED, (Need.OUT_OF_SCOPE, Need.WORDS), CloseReason.OUT_OF_SCOPE)
        for state in (_STATE.ASSESSED, _STATE.MONITORING)
    ),
    *(Move(state, _STATE.CLOSED, (Need.PART, Need.WORDS), CloseReason.MERGED) for state in DAYS_FOR),
)

# What was answered already is asked again as soon as it grows worse.
_ANSWERED = (_STATE.RESPONDING, _STATE.MONITORING)


@dataclass(frozen=True)
class Circumstances:
    """How a situation stands, as far as somebody may see."""

    state: SituationState
    flags: int = 0
    flags_open: int = 0
    # Open, and nobody has given a verdict.
    flags_waiting: int = 0
    flags_discarded: int = 0
    # Whether there is an assessment of this round: made since the flags were last taken up.
    is_assessed_anew: bool = False
    # What the newest assessment says. None: there is none.
    is_in_scope: bool | None = None
    # A part whose country has an open situation to go back to.
    can_go_back: bool = False


class NotNext(OutOfTurn):
    """The table knows no such move. The sentence says what comes next instead."""

    def __init__(self, state: SituationState) -> None:
        super().__init__(NEXT[state])


class NotYet(OutOfTurn):
    """The table knows the move, and something that it needs is missing."""

    def __init__(self, need: Need) -> None:
        super().__init__(MISSING[need])
        self.need = need


class NotToBeClosed(OutOfTurn):
    """None of the moves that close it is possible yet."""

    def __init__(self, state: SituationState) -> None:
        super().__init__(BEFORE_CLOSING[state])


class WordsMissing(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Say why: it stands in the timeline, for whoever asks later."))


class WordsTooLong(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("At most %(longest)s characters can be kept here."), longest=LONGEST_WORDS)


NEXT: Mapping[SituationState, str] = MappingProxyType(
    {
        _STATE.NEW: N_("Its flags wait to be verified: a reviewer takes it up first."),
        _STATE.VERIFYING: N_("Its flags are being verified: each needs a verdict, and then it is assessed."),
        _STATE.ASSESSED: N_("It is assessed: now it is decided whether to respond or to monitor it."),
        _STATE.RESPONDING: N_(
            "The response is under way: say how far it is, or that it is done and monitored from now."
        ),
        _STATE.MONITORING: N_("It is monitored: look again, and say whether that goes on or it is over."),
        _STATE.CLOSED: N_("It is closed and stays so. What is raised now opens another situation."),
    }
)
ONCE_JUDGED = N_("No flag waits for a verdict any more: now the assessment is written.")
ONCE_ASSESSED = N_("No flag waits for a verdict any more and the assessment is written: say that it is assessed.")
BEFORE_CLOSING: Mapping[SituationState, str] = MappingProxyType(
    {
        _STATE.NEW: N_("Before it can be closed somebody takes it up, and its flags are verified."),
        _STATE.VERIFYING: N_("It can be closed once none of its flags is open: each has cleared or was discarded."),
        _STATE.ASSESSED: N_(
            "It can be closed once none of its flags is open, or an assessment says that it is out of scope."
        ),
        _STATE.RESPONDING: N_(
            "It can be closed from monitoring, once the response is done; or when each of its flags was discarded."
        ),
        _STATE.MONITORING: N_(
            "It can be closed once none of its flags is open, or an assessment says that it is out of scope."
        ),
        _STATE.CLOSED: N_("It is closed already."),
    }
)
"""What is missing while none of the moves that close it is possible."""
MISSING: Mapping[Need, str] = MappingProxyType(
    {
        Need.WORDS: N_("Say why: it stands in the timeline, for whoever asks later."),
        Need.VERDICTS: N_("There are open flags without a verdict: confirm or discard each of them first."),
        Need.ASSESSMENT: N_("There is no assessment yet since its flags were taken up: write one first."),
        Need.IN_SCOPE: N_("A response needs an assessment that names one of the four crimes."),
        Need.OUT_OF_SCOPE: N_("The newest assessment does not say that it is out of scope: write that one first."),
        Need.ALL_DISCARDED: N_("It is unfounded only when each of its flags was discarded."),
        Need.NO_OPEN_FLAG: N_("It is not over while one of its flags is open."),
        Need.PART: N_("Only a part of a country whose whole has an open situation can go on there."),
    }
)


def next_words(found: Circumstances) -> str:
    """What is to be done next, in a sentence."""
    if found.state is SituationState.VERIFYING and not found.flags_waiting:
        return ONCE_ASSESSED if found.is_assessed_anew else ONCE_JUDGED
    if found.state is SituationState.ASSESSED and found.flags_waiting:
        return MISSING[Need.VERDICTS]
    return NEXT[found.state]


def due_on(state: SituationState, since: date) -> date | None:
    """The last day on which the next step is in time. None: nothing is due, because it is closed."""
    return since + timedelta(days=DAYS_FOR[state]) if state in DAYS_FOR else None


def is_overdue(due: date | None, today: date) -> bool:
    return due is not None and today > due


def urgency_of(due: date | None, today: date) -> Urgency:
    if due is None:
        return Urgency.CLOSED
    if is_overdue(due, today):
        return Urgency.OVERDUE
    return Urgency.SOON if due - today <= timedelta(days=SOON_DAYS) else Urgency.LATER


def order_of(due: date | None, today: date, *, severity: int, score: float | None) -> tuple[int, int, date, float]:
    """By which situations are sorted everywhere, the most urgent first: by how soon somebody must act, the worst open
    flag, the day, and how the country stands."""
    urgency = list(Urgency).index(urgency_of(due, today))
    return urgency, -severity, due or date.max, -(score or 0.0)


def moves_from(state: SituationState) -> tuple[Move, ...]:
    return tuple(move for move in MOVES if move.source is state)


def move_between(source: SituationState, target: SituationState, reason: CloseReason | None = None) -> Move:
    for move in MOVES:
        if (move.source, move.target, move.reason) == (source, target, reason):
            return move
    raise NotNext(source)


def missing(move: Move, found: Circumstances) -> list[Need]:
    """What the move still needs, in the order in which people see to it; words come with the move itself."""
    is_met = {
        Need.WORDS: True,
        Need.VERDICTS: not found.flags_waiting,
        Need.ASSESSMENT: found.is_assessed_anew,
        Need.IN_SCOPE: found.is_in_scope is True,
        Need.OUT_OF_SCOPE: found.is_in_scope is False,
        Need.ALL_DISCARDED: found.flags > 0 and found.flags_discarded == found.flags,
        Need.NO_OPEN_FLAG: not found.flags_open,
        Need.PART: found.can_go_back,
    }
    return [need for need in move.needs if not is_met[need]]


def possible_moves(found: Circumstances) -> list[Move]:
    """Those that need nothing any more but words."""
    return [move for move in moves_from(found.state) if not missing(move, found)]


def after_worsening(state: SituationState) -> SituationState:
    """Before anything was decided, what grows worse is only more to verify."""
    return SituationState.VERIFYING if state in _ANSWERED else state
