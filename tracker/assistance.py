"""A State asks for help: what for, and what becomes of it.

It is open until it is answered or declined in words, or withdrawn by who asked. Measures that are proposed for it show
that somebody is at it; they do not close it: who asked is told in words.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from tracker.measure import MeasureKind
from tracker.refusal import N_, OutOfTurn, Refusal

LONGEST_LINE = 200
LONGEST_TEXT = 4000

KINDS_OF_HELP = tuple(kind for kind in MeasureKind if kind is not MeasureKind.FORCE)
"""What a State can ask for here; force is proposed with its written tests alone."""


class AssistanceState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


ENDS = MappingProxyType(
    {
        AssistanceState.ANSWERED: N_("It is answered already."),
        AssistanceState.DECLINED: N_("It is declined already."),
        AssistanceState.WITHDRAWN: N_("It is withdrawn already."),
    }
)
"""How it can end, and what is said to who comes later."""


class RequestUnfit(Refusal):
    """`field` is the one of the form that it is about."""

    def __init__(self, field: str, sentence: str, **values: object) -> None:
        super().__init__(sentence, **values)
        self.field = field


NEEDED = {
    "title": N_("Say in a line what is needed."),
    "words": N_("Say what exactly is needed: how much, where, for whom."),
    "on_behalf_of": N_("Say whose request it is: the office that asks."),
}


class EndedAlready(OutOfTurn):
    def __init__(self, state: AssistanceState) -> None:
        super().__init__(ENDS[state])


@dataclass(frozen=True)
class Wish:
    """What is asked for."""

    kind: MeasureKind
    # In a line.
    title: str
    words: str
    # None: nobody has said.
    needed_by: date | None = None
    # Whose request it is, in words; empty: of who wrote it down.
    on_behalf_of: str = ""


def missing(field: str) -> RequestUnfit:
    return RequestUnfit(field, NEEDED[field])


def ending_without_words() -> RequestUnfit:
    return RequestUnfit("words", N_("Say it in words: whoever asked reads them."))


def refuse_unfit(wish: Wish, today: date, *, speaks_for_itself: bool) -> None:
    """`speaks_for_itself`: a focal point asks for their own State; whoever else writes it down says whose it is."""
    if wish.kind not in KINDS_OF_HELP:
        raise RequestUnfit("kind", N_("Choose only what is listed."))
    for field in NEEDED:
        if not getattr(wish, field) and not (speaks_for_itself and field == "on_behalf_of"):
            raise missing(field)
    for field, text in (("title", wish.title), ("on_behalf_of", wish.on_behalf_of)):
        if len(text) > LONGEST_LINE:
            raise RequestUnfit(field, N_("Enter at most %(longest)s characters."), longest=LONGEST_LINE)
    if len(wish.words) > LONGEST_TEXT:
        raise RequestUnfit("words", N_("Enter at most %(longest)s characters."), longest=LONGEST_TEXT)
    if wish.needed_by is not None and wish.needed_by < today:
        raise RequestUnfit("needed_by", N_("Enter a day from today on, or leave it empty."))


def refuse_end(state: AssistanceState, words: str) -> None:
    """Whoever asked is told in words what becomes of it."""
    if state is not AssistanceState.OPEN:
        raise EndedAlready(state)
    if not words:
        raise ending_without_words()
    if len(words) > LONGEST_TEXT:
        raise RequestUnfit("words", N_("Enter at most %(longest)s characters."), longest=LONGEST_TEXT)


def days_open(asked_at: datetime, ended_at: datetime | None, today: date) -> int:
    """How long it waited for its end, or has waited so far."""
    return ((ended_at.date() if ended_at else today) - asked_at.date()).days


def is_late(needed_by: date | None, ended_at: datetime | None, today: date) -> bool:
    """Help was needed by then, and nobody has answered."""
    return ended_at is None and needed_by is not None and needed_by < today
