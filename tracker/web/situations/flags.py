"""The flags of one situation as its page shows them: what each says, what was found, and what may be done about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.access import Principal, Right
from tracker.actions.situations.flagging import may_clear
from tracker.actions.situations.judging import NOT_JUDGED_IN, shown_of
from tracker.handling import Mark
from tracker.situation import SituationAct, Verdict
from tracker.storage.conclusions import Situation, SituationEvent
from tracker.storage.flags import SeenFlag
from tracker.web.flag_words import FlagNames, FlagTold, Points, flag_told
from tracker.web.situations.timeline import Teller, Told

# So many flags of one rule are read one by one; more of them are folded together.
MOST_UNFOLDED = 3
JUDGED = (SituationAct.FLAG_CONFIRMED, SituationAct.FLAG_DISCARDED, SituationAct.FLAG_CLEARED)


@dataclass(frozen=True)
class FlagCard:
    one: SeenFlag
    title: str
    # The name of its rule.
    rule: str
    told: FlagTold
    # Where on the country's page its evidence stands; empty: nowhere.
    place: str
    mark: str
    # What a form about it carries.
    shown: str
    may_be_judged: bool
    may_be_cleared: bool
    # The newest verdict, and why; None: nobody gave one that the reader may know of.
    verdict: Told | None

    @property
    def is_confirmed(self) -> bool:
        return self.one.flag.verdict is Verdict.CONFIRMED


@dataclass(frozen=True)
class FlagGroup:
    """Open flags of one rule."""

    rule_key: str
    cards: Sequence[FlagCard]

    @property
    def title(self) -> str:
        return self.cards[0].rule

    @property
    def severity(self) -> int:
        return max(card.one.severity for card in self.cards)

    @property
    def is_folded(self) -> bool:
        return len(self.cards) > MOST_UNFOLDED

    @property
    def may_be_judged(self) -> bool:
        return any(card.may_be_judged for card in self.cards)

    @property
    def waiting(self) -> int:
        return sum(card.one.is_waiting for card in self.cards)


@dataclass(frozen=True)
class CardWriter:
    """What all flags of one page are told with."""

    situation: Situation
    reader: Principal
    events: Sequence[SituationEvent]
    teller: Teller
    names: FlagNames
    # As the reader may see it.
    today: Points

    def card(self, one: SeenFlag) -> FlagCard:
        given = [event for event in self.events if event.act in JUDGED and event.details["flag"] == one.flag.id]
        may_judge = self.reader.may(Right.REVIEW) and self.situation.state not in NOT_JUDGED_IN
        return FlagCard(
            one=one,
            title=self.names.title(one),
            rule=self.names.rule(one),
            told=flag_told(one.said.explanation, self.names, on=one.said.day, today=self.today),
            place=self.names.places.get(one.flag.subject, ""),
            mark=Mark(one.said.handling).label,
            shown=shown_of(one),
            may_be_judged=one.is_open and may_judge,
            may_be_cleared=may_clear(one, self.reader) and not self.situation.closed_at,
            verdict=self.teller.done(given[-1]) if given else None,
        )
