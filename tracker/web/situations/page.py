"""What one situation's page shows: how it stands, what is next, its flags, what was concluded, and its timeline."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from flask import url_for
from flask_babel import gettext as _

from tracker.access import Principal, Right
from tracker.actions.situations.keeping import NoSuchSituation
from tracker.actions.situations.moving import circumstances_of
from tracker.assessment import Assessment, Stage
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
from tracker.storage import council_acts, flags, people, responses, scores, situations
from tracker.storage.answering import OpenCall
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation, SituationEvent
from tracker.storage.flags import SeenFlag
from tracker.storage.responding import CouncilAct, Response, ResponseEvent
from tracker.storage.scores import Now
from tracker.storage.situations import Names
from tracker.storage.statements import Statement
from tracker.storage.watching import Country
from tracker.web.clock import now
from tracker.web.council_acts.timeline import told_in_timeline
from tracker.web.dashboard.ranking import Standing, risk_of
from tracker.web.database import reading
from tracker.web.flag_words import FlagNames, Points, flag_names, names_for_flags, points_in
from tracker.web.frame import frame
from tracker.web.responses.telling import people_in, told_of
from tracker.web.situations.flags import CardWriter, FlagCard, FlagGroup
from tracker.web.situations.timeline import Day, Teller, Told, by_day
from tracker.web.situations.words import reason_hints


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
    """What only some of its pages show is asked for by those that show it."""

    situation: Situation
    country: Country
    reader: Principal
    today: date
    seen_flags: Sequence[SeenFlag]
    events: Sequence[SituationEvent]
    circumstances: Circumstances
    # Of the same country, as far as the reader may know of them; the newest first.
    others: Sequence[Situation]
    # What is done about it: the open ones by their due day, then the others, the latest first.
    responses: Sequence[Response]
    response_events: Sequence[ResponseEvent]

    @cached_property
    def seen(self) -> int:
        """The newest change that is shown; every form about the situation carries it."""
        return situations.newest_change(self.events)

    @cached_property
    def flags(self) -> list[FlagCard]:
        writer = CardWriter(self.situation, self.reader, self.events, self._teller, self._names, self.points)
        return [writer.card(one) for one in self.seen_flags]

    @cached_property
    def assessments(self) -> list[Concluded]:
        """The newest first."""
        return _assessments(self.events, self._teller)

    @cached_property
    def timeline(self) -> list[Day]:
        titles = {one.id: one.title for one in self.responses}
        done = [told_of(event, self._about.people, titles[event.response_id]) for event in self.response_events]
        done += told_in_timeline(self._council_acts)
        return by_day(self._teller.timeline(self.events, besides=sorted(done, key=lambda one: one.at)))

    @property
    def _council_acts(self) -> list[CouncilAct]:
        """What councils did about its country while it was open."""
        ended = self.situation.closed_at.date() if self.situation.closed_at else self.today
        window = (self.situation.opened_at.date(), ended)
        return council_acts.between(reading(), self.situation.iso3, self.reader.clearance, *window)

    @property
    def _mentioned_beside(self) -> set[int]:
        return people_in(self.responses, self.response_events)

    @property
    def people(self) -> dict[int, str]:
        """Whom it mentions, by number."""
        return self._about.people

    @property
    def address(self) -> str:
        return url_for("situations.situation", situation_id=self.situation.id)

    def as_it_is(self) -> "SituationPage":
        return situation_page(reading(), self.situation.id, self.reader, now().date())

    def changes(self, seen: int) -> list[Told]:
        """What was done since a form was opened, the oldest first."""
        return changes_told(reading(), self, seen)

    @property
    def owner(self) -> str:
        """Empty: nobody is in charge."""
        return self._teller.person(self.situation.owner_id)

    @property
    def owner_is_gone(self) -> bool:
        """Deactivated: the name stands there, and nobody sees to it."""
        owner = self.situation.owner_id
        return owner is not None and not self.is_closed and not people.is_active(reading(), owner)

    @property
    def followers(self) -> list[str]:
        return [self._about.people[number] for number in self._about.followers]

    @property
    def is_following(self) -> bool:
        return self.reader.person_id in self._about.followers

    @cached_property
    def risk(self) -> Standing | None:
        """Of its country, today; None: nothing that the reader may see was ever scored."""
        method, found = frame().method, self._scores
        return risk_of(method[1], found) if method and found else None

    @property
    def days_left(self) -> int | None:
        """Until the next step is due; below zero it is overdue. None: nothing is due."""
        return (self.situation.due_on - self.today).days if self.situation.due_on else None

    @property
    def is_overdue(self) -> bool:
        return is_overdue(self.situation.due_on, self.today)

    @cached_property
    def _about(self) -> Names:
        mentioned = _mentioned(self.situation, self.events) | self._mentioned_beside
        return situations.names_about(reading(), self.situation, mentioned, self.reader.clearance)

    @property
    def calls(self) -> Sequence[OpenCall]:
        """What its country asks for, and nobody has ended."""
        return self._about.calls

    @property
    def statements(self) -> Sequence[Statement]:
        """What other organisations concluded about the country."""
        return self._about.statements

    @cached_property
    def _names(self) -> FlagNames:
        known = frame()
        names = names_for_flags(known.every_criterion, known.every_indicator, (), known.rule_names)
        occasions = {str(number): name for number, name in self._about.occasions.items()}
        return replace(names, subjects={**names.subjects, **occasions})

    @cached_property
    def _teller(self) -> Teller:
        return Teller(self._about.people, self.seen_flags, self._names)

    @cached_property
    def _scores(self) -> Now | None:
        method, iso3 = frame().method, self.situation.iso3
        if method is None:
            return None
        return scores.now(reading(), method[0], method[1].tree, self.reader.clearance, {iso3}).get(iso3)

    @property
    def points(self) -> Points:
        """What nodes and indicators of its country stand at today."""
        method, found = frame().method, self._scores
        return points_in(method[1].tree, found.scores) if method and found else {}

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
    def may_propose(self) -> bool:
        return self.may_work and not self.is_closed

    @property
    def stage(self) -> Stage | None:
        """As the newest assessment says. None: none says it."""
        return self.assessments[0].said.stage if self.assessments else None

    @property
    def none_decided(self) -> bool:
        """It is responded to, and no measure was decided on: nobody knows what that response is."""
        return self.state is SituationState.RESPONDING and not responses.tried_in(self.responses)

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
        return self.may_decide and len(self.seen_flags) > 1

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
    around = responses.surroundings(session, situation_id, reader.scope, reader.clearance)
    found = around.situations
    situation = next((one for one in found if one.id == situation_id), None)
    if situation is None:
        raise NoSuchSituation
    seen = flags.in_situation(session, situation.id, reader.clearance)
    events = situations.events(session, situation.id, reader.clearance)
    is_whole = [one for one in found if one.part == situations.WHOLE and one.closed_at is None]
    whole = is_whole[0] if is_whole and situation.part != situations.WHOLE else None
    return SituationPage(
        situation=situation,
        country=frame().countries[situation.iso3],
        reader=reader,
        today=today,
        seen_flags=seen,
        events=events,
        circumstances=circumstances_of(situation, seen, events, whole),
        others=[one for one in found if one.id != situation.id],
        responses=around.responses,
        response_events=around.events,
    )


def changes_told(session: Session, page: SituationPage, seen: int) -> list[Told]:
    """What was done since a form was opened, the oldest first."""
    events = situations.changes_since(session, page.situation.id, seen, page.reader.clearance)
    known = people.names(session, _mentioned(page.situation, events))
    names = flag_names(session, [page.situation.iso3], page.reader.clearance)
    return [Teller(known, page.seen_flags, names).done(event) for event in events]


def _mentioned(situation: Situation, events: Sequence[SituationEvent]) -> set[int]:
    given = [event.details["after"] for event in events if event.act is SituationAct.ASSIGNED]
    found = [situation.owner_id, *given, *(event.by_id for event in events)]
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
