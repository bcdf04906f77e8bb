"""What a council did about a country: decided, referred, stated; or was kept from it by a veto, and whose."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.occasion import LONGEST_LINK, LinkUnfit, TooLong
from tracker.refusal import N_, Refusal

LONGEST_COUNCIL = 120
LONGEST_WORDS = 5_000
# Nothing is told of councils that were before the United Nations.
FIRST_DAY = date(1945, 10, 24)


class CouncilActKind(StrEnum):
    DECISION = "decision"
    REFERRAL = "referral"
    STATEMENT = "statement"
    VETO = "veto"


PERMANENT_MEMBERS = ("CHN", "FRA", "GBR", "RUS", "USA")
"""Whose vote against it keeps the Security Council from deciding: Article 27 of the Charter."""

KNOWN_COUNCILS = (
    N_("Security Council"),
    N_("Human Rights Council"),
    N_("General Assembly"),
    N_("Peacebuilding Commission"),
    N_("Peace and Security Council of the African Union"),
)
"""What most of the forms will say; any other may be typed."""


class CouncilMissing(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Say which council it was."))


class CouncilTooLong(TooLong):
    def __init__(self) -> None:
        super().__init__(LONGEST_COUNCIL)


class SaidMissing(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Say what it did, in a few words."))


class SaidTooLong(TooLong):
    def __init__(self) -> None:
        super().__init__(LONGEST_WORDS)


class NotYet(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("Enter a day from 24 October 1945 up to today in UTC; what is still to come stands in the calendar.")
        )


class NobodyVetoed(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Say whose veto it was."))


class NoVeto(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Only a veto is somebody's: choose “veto”, or name nobody."))


@dataclass(frozen=True)
class ActDraft:
    """What is written of it."""

    council: str
    kind: CouncilActKind
    day: date
    words: str
    # By country code, in their order.
    vetoed_by: tuple[str, ...] = ()
    # Empty: nowhere.
    link: str = ""


def refuse_unfit(draft: ActDraft, today: date) -> None:
    if not draft.council:
        raise CouncilMissing
    if len(draft.council) > LONGEST_COUNCIL:
        raise CouncilTooLong
    if not draft.words:
        raise SaidMissing
    if len(draft.words) > LONGEST_WORDS:
        raise SaidTooLong
    if not FIRST_DAY <= draft.day <= today:
        raise NotYet
    if draft.kind is CouncilActKind.VETO and not draft.vetoed_by:
        raise NobodyVetoed
    if draft.vetoed_by and (draft.kind is not CouncilActKind.VETO or not set(draft.vetoed_by) <= {*PERMANENT_MEMBERS}):
        raise NoVeto
    if draft.link and not (draft.link.startswith(("https://", "http://")) and len(draft.link) <= LONGEST_LINK):
        raise LinkUnfit
