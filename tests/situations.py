"""Flags as rules raise them, and situations in each of their states, without the evidence behind them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests import factories
from tests.responses import Hand
from tests.test_assessment import IN_SCOPE, OUT_OF_SCOPE
from tracker.access import Principal, Role
from tracker.actions.occasions import enter
from tracker.actions.situations import assessing, judging, moving
from tracker.actions.situations.flagging import raise_flag
from tracker.actions.situations.gathering import gather, open_situation
from tracker.flag import Change
from tracker.handling import Mark
from tracker.occasion import OccasionKind
from tracker.rule import Severity
from tracker.situation import CloseReason, SituationState, Verdict
from tracker.storage import flags, occasions, responses, situations
from tracker.storage.base import Session
from tracker.storage.conclusions import Flag, FlagEvent, Situation
from tracker.storage.principals import principal_of

__all__ = ["IN_SCOPE", "OUT_OF_SCOPE"]

LEVEL = {
    "sentence": "The score of %(subject)s was %(now)s on %(on)s; the rule speaks at %(line)s or more.",
    "values": {"subject": "rule_of_law", "now": 64.4, "on": "2026-03-16", "line": 60},
    "clears": "It clears when the score of %(subject)s falls below %(below)s.",
    "clears_values": {"subject": "rule_of_law", "below": 55},
    "behind": [{"key": "rule_of_law", "since": None, "before": None, "on": "2026-03-16", "now": 64.4}],
}


def somebody(session: Session, *roles: Role, now: datetime, **differing: Any) -> Principal:
    usual: dict[str, Any] = {"clearance": Mark.RED}
    return principal_of(session, factories.person(session, roles=roles, created_at=now, **(usual | differing)))


def flag(
    session: Session, *, iso3: str = "MLI", rule: str = "weak_rule_of_law", subject: str = "rule_of_law", now: datetime
) -> Flag:
    """Not yet said anything, and in no situation."""
    made = Flag(iso3=iso3, rule_key=rule, subject=subject, opened_at=now, verdict_reason="")
    session.add(made)
    session.flush()
    return made


def said(
    session: Session,
    about: Flag,
    kind: Change = Change.RAISED,
    *,
    severity: Severity = Severity.WARNING,
    handling: Mark = Mark.CLEAR,
    now: datetime,
    **explanation: Any,
) -> FlagEvent:
    made = FlagEvent(
        flag_id=about.id,
        handling=handling,
        kind=kind,
        severity=severity,
        day=now.date(),
        at=now,
        explanation=LEVEL | explanation,
    )
    session.add(made)
    session.flush()
    return made


def raised(
    session: Session,
    *,
    handling: Mark = Mark.CLEAR,
    severity: Severity = Severity.WARNING,
    now: datetime,
    **differing: Any,
) -> tuple[Flag, Situation]:
    """By a rule, and gathered."""
    explanation = {name: differing.pop(name) for name in list(differing) if name in LEVEL}
    made = flag(session, now=now, **differing)
    said(session, made, severity=severity, handling=handling, now=now, **explanation)
    return made, gather(session, made, handling=handling, severity=severity, now=now)


@dataclass(frozen=True)
class Case:
    """What addresses speak of."""

    situation_id: int
    flag_id: int
    assessment_id: int
    occasion_id: int
    response_id: int


def case(session: Session, *, iso3: str = "MLI", handling: Mark = Mark.GREEN, now: datetime) -> Case:
    """Assessed: a flag of a person that is confirmed, one of a rule that waits for a verdict, and a day to come.

    Made once: asked for again, it is the same.
    """
    situation = situations.open_in(session, iso3)
    if situation is None or situation.state is SituationState.NEW:
        situation = _make_case(session, iso3, handling, now)
    [one] = [one for one in flags.in_situation(session, situation.id, Mark.RED) if one.is_manual]
    [assessment] = situations.assessments_in(situations.events(session, situation.id, Mark.RED))
    [occasion] = [one for one in occasions.ever(session, [iso3], Mark.RED) if one.iso3 == iso3]
    response = responses.in_situation(session, situation.id, Mark.RED)[0]
    return Case(situation.id, one.flag.id, assessment.event.id, occasion.id, response.id)


def _make_case(session: Session, iso3: str, handling: Mark, now: datetime) -> Situation:
    by = somebody(session, Role.REVIEWER, now=now)
    urgent = {"severity": Severity.WARNING, "handling": handling, "by": by, "now": now}
    situation = raise_flag(session, iso3, "A curfew.", **urgent)  # type: ignore[arg-type]
    desk = Desk(session, by, now)
    desk.move(situation, SituationState.VERIFYING)
    for one in flags.in_situation(session, situation.id, Mark.RED):
        desk.judge(one.flag)
    desk.assess(situation)
    raised(session, iso3=iso3, rule="rising_risk", handling=handling, now=now)
    day = now.date() + timedelta(days=30)
    Hand(session, by, now).propose(situation, handling)
    enter(session, iso3, OccasionKind.ELECTION, "An election", day, handling=handling, by=by, now=now)
    return situation


def a_part(session: Session, *, iso3: str = "MLI", handling: Mark = Mark.GREEN, now: datetime) -> Situation:
    """It can be closed at once, where the whole country has an open situation: it goes on there."""
    there = situations.open_in(session, iso3, "The north")
    return there or open_situation(session, iso3, part="The north", handling=handling, by=None, now=now)


def closed(session: Session, *, iso3: str = "MLI", handling: Mark = Mark.GREEN, now: datetime) -> Situation:
    """Of a part of the country, without a flag: it was assessed, responded to, and is over."""
    by = somebody(session, Role.REVIEWER, now=now)
    situation = open_situation(session, iso3, part="The south", handling=handling, by=None, now=now)
    desk = Desk(session, by, now)
    desk.move(situation, SituationState.VERIFYING)
    desk.assess(situation)
    for state in (SituationState.RESPONDING, SituationState.MONITORING):
        desk.move(situation, state)
    return desk.move(situation, SituationState.CLOSED, reason=CloseReason.RESOLVED)


def newest(session: Session, situation: Situation, by: Principal) -> int:
    """What a form that this person opens now would carry."""
    return situations.newest_change(situations.events(session, situation.id, by.clearance))


@dataclass(frozen=True)
class Desk:
    """A reviewer who has just looked at everything."""

    session: Session
    by: Principal
    now: datetime

    def move(self, situation: Situation, target: SituationState, **differing: Any) -> Situation:
        seen = newest(self.session, situation, self.by)
        acts: dict[str, Any] = {"words": "Because.", "seen": seen, "by": self.by, "now": self.now} | differing
        return moving.move(self.session, situation.id, target, **acts)

    def judge(self, about: Flag, verdict: Verdict = Verdict.CONFIRMED, **differing: Any) -> None:
        assert about.situation_id is not None
        one = flags.seen(self.session, about, self.by.clearance)
        chosen = {about.id: differing.pop("shown", judging.shown_of(one) if one else "")}
        acts: dict[str, Any] = {"words": "Looked at it.", "by": self.by, "now": self.now}
        judging.judge(self.session, about.situation_id, chosen, verdict, **(acts | differing))

    def assess(self, situation: Situation, **differing: Any) -> None:
        seen = newest(self.session, situation, self.by)
        acts: dict[str, Any] = {
            "assessment": IN_SCOPE,
            "handling": Mark(situation.handling),
            "seen": seen,
            "by": self.by,
            "now": self.now,
        }
        assessing.assess(self.session, situation.id, **(acts | differing))

    def bring(self, about: Flag, situation: Situation, state: SituationState) -> Situation:
        """The shortest way there, from new."""
        way = list(SituationState)[1 : list(SituationState).index(state) + 1]
        for target in way:
            if target is SituationState.ASSESSED:
                self.judge(about)
                self.assess(situation)
            else:
                self.move(situation, target)
        return situation
