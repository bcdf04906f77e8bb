"""What one situation's page shows: how it stands, what is next, its flags, what was concluded, and its timeline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from flask_babel import gettext as _

from tracker.access import Principal, Right
from tracker.actions.situations.keeping import visible
from tracker.actions.situations.moving import circumstances_of, whole_of
from tracker.assessment import Assessment
from tracker.situation import (
    BEFORE_CLOSING,
    MISSING,
    Circumstances,
    CloseReason,
    Move,
    Need,
    SituationAct,
    SituationState,
    is_overdue,
    missing,
    move_between,
    moves_from,
    next_words,
    possible_moves,
)
from tracker.storage import countries, flags, people, situations
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation, SituationEvent
from tracker.storage.models import Country
from tracker.web.flag_words import flag_names, points_today
from tracker.web.situation_flags import CardWriter, FlagCard, FlagGroup
from tracker.web.situation_timeline import Teller, Told
from tracker.web.situation_words import reason_hints


@dataclass(frozen=True)
class Concluded:
    """An assessment with whoever disagrees."""

    event_id: int
    handling: int
    said: Assessment
    told: Told
    dissent: Sequence[Told]


@dataclass(frozen=True)
class SituationPage:
    situation: Situation
    country: Country
    reader: Principal
    # The newest change that is shown; every form about the situation carries it.
    seen: int
    circumstances: Circumstances
    flags: Sequence[FlagCard]
    # The newest first.
    assessments: Sequence[Concluded]
    timeline: Sequence[Told]
    # Empty: nobody is in charge.
    owner: str
    followers: Sequence[str]
    is_following: bool
    # Of the same country, as far as the reader may know of them; the newest first.
    others: Sequence[Situation]
    is_overdue: bool

    @property
    def state(self) -> SituationState:
        return self.situation.state

    @property
    def is_closed(self) -> bool:
        return self.state is SituationState.CLOSED

    @property
    def next_words(self) -> str:
        return str(_(next_words(self.circumstances)))

    @property
    def before_closing(self) -> str:
        """What is missing until it can be closed; empty: nothing, or it is not for the reader to do."""
        return "" if self.may_be_closed or not self.may_decide else str(_(BEFORE_CLOSING[self.state]))

    @property
    def may_work(self) -> bool:
        return self.reader.may(Right.WORK_ON_SITUATIONS)

    @property
    def may_decide(self) -> bool:
        return self.reader.may(Right.REVIEW) and not self.is_closed

    @property
    def is_own(self) -> bool:
        return self.situation.owner_id == self.reader.person_id

    @property
    def is_assessed_next(self) -> bool:
        """All verdicts are given: the assessment is what is missing."""
        step = move_between(SituationState.VERIFYING, SituationState.ASSESSED)
        return self.state is step.source and missing(step, self.circumstances) == [Need.ASSESSMENT]

    @property
    def may_be_assessed(self) -> bool:
        return self.may_decide and self.state is not SituationState.NEW

    @property
    def may_be_split(self) -> bool:
        return self.may_decide and len(self.flags) > 1

    @property
    def open_flags(self) -> list[FlagCard]:
        return [card for card in self.flags if card.one.is_open]

    @property
    def open_groups(self) -> list[FlagGroup]:
        """By rule, in the order of the most urgent of each."""
        groups: dict[str, list[FlagCard]] = {}
        for card in self.open_flags:
            groups.setdefault(card.one.flag.rule_key, []).append(card)
        return [FlagGroup(key, cards) for key, cards in groups.items()]

    @property
    def flags_over(self) -> list[FlagCard]:
        return [card for card in self.flags if not card.one.is_open]

    @property
    def may_judge(self) -> bool:
        return any(card.may_be_judged for card in self.flags)

    @property
    def waits_for_verdicts(self) -> bool:
        """Then they are what comes first."""
        return self.may_judge and self.circumstances.flags_waiting > 0

    @cached_property
    def steps(self) -> list[Move]:
        """What it can go on to, or stay in, now; closing is another thing."""
        possible = possible_moves(self.circumstances) if self.may_decide else []
        return [move for move in possible if move.reason is None]

    @property
    def may_be_closed(self) -> bool:
        possible = possible_moves(self.circumstances) if self.may_decide else []
        return any(move.reason is not None for move in possible)

    def closings(self, chosen: str | None) -> dict[CloseReason, str]:
        """Why it can be closed now, and what that means; with the reason that was chosen, and what it lacks by now."""
        found = {CloseReason(chosen): ""} if chosen in set(CloseReason) else {}
        for move in moves_from(self.state):
            lacking = missing(move, self.circumstances)
            if move.reason is not None and (not lacking or move.reason in found):
                found[move.reason] = str(_(MISSING[lacking[0]])) if lacking else reason_hints()[move.reason]
        return found


def situation_page(session: Session, situation_id: int, reader: Principal, today: date) -> SituationPage:
    situation = visible(session, situation_id, reader)
    country = countries.country(session, situation.iso3)
    assert country is not None, "a situation is about a country"
    seen = flags.in_situation(session, situation.id, reader.clearance)
    events = situations.events(session, situation.id, reader.clearance)
    followers = situations.watchers(session, situation.id)
    known = people.names(session, _mentioned(situation, events, followers))
    names = flag_names(session, [situation.iso3], reader.clearance)
    teller = Teller(known, seen, names)
    standing = points_today(session, situation.iso3, reader.clearance)
    writer = CardWriter(situation, reader, events, teller, names, standing)
    circumstances = circumstances_of(situation, seen, events, whole_of(session, situation, reader))
    return SituationPage(
        situation=situation,
        country=country,
        reader=reader,
        seen=situations.newest_change(events),
        circumstances=circumstances,
        flags=[writer.card(one) for one in seen],
        assessments=_assessments(events, teller),
        timeline=teller.timeline(events),
        owner=teller.person(situation.owner_id),
        followers=[known[number] for number in followers],
        is_following=reader.person_id in followers,
        others=[
            one for one in situations.of_country(session, situation.iso3, reader.clearance) if one.id != situation.id
        ],
        is_overdue=is_overdue(situation.due_on, today),
    )


def changes_told(session: Session, page: SituationPage, seen: int) -> list[Told]:
    """What was done since a form was opened, the oldest first."""
    events = situations.changes_since(session, page.situation.id, seen, page.reader.clearance)
    known = people.names(session, _mentioned(page.situation, events, []))
    names = flag_names(session, [page.situation.iso3], page.reader.clearance)
    return [Teller(known, [card.one for card in page.flags], names).done(event) for event in events]


def _mentioned(situation: Situation, events: Sequence[SituationEvent], followers: Sequence[int]) -> set[int]:
    given = [event.details["after"] for event in events if event.act is SituationAct.ASSIGNED]
    found = [situation.owner_id, *followers, *given, *(event.by_id for event in events)]
    return {number for number in found if number is not None}


def _assessments(events: Sequence[SituationEvent], teller: Teller) -> list[Concluded]:
    dissent = [event for event in events if event.act is SituationAct.DISSENTED]
    return [
        Concluded(
            event_id=one.event.id,
            handling=one.event.handling,
            said=one.said,
            told=teller.done(one.event),
            dissent=[teller.done(event) for event in dissent if event.details["assessment"] == one.event.id],
        )
        for one in situations.assessments_in(events)
    ]
