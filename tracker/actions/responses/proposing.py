"""Somebody proposes a measure: one of the toolbox, or in their own words."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from tracker.access import Principal
from tracker.actions.responses.keeping import line, planned, spoken, write_down
from tracker.actions.situations.keeping import held, refuse_mark
from tracker.assessment import Fault
from tracker.handling import Mark
from tracker.measure import Circumstances, ForceTests, Measure, MeasureKind, Misgiving, faults, misgivings
from tracker.refusal import N_, OutOfTurn, Refusal
from tracker.response import OPEN, DayUnfit, Proposal, ResponseAct, ResponseState, TitleMissing
from tracker.situation import NotNext, SituationState
from tracker.storage import assistance, responses, situations
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation
from tracker.storage.responding import Response

# Within it, the same from the same hand is one form that was sent twice.
A_MOMENT = timedelta(minutes=2)
CHOSEN = ("proposed_by", "measure_key", "title", "handling", "assistance_id", "due_on", "tests")


class NotTested(Refusal):
    """Force is not proposed without both written tests; each fault says at which field."""

    def __init__(self, found: Sequence[Fault]) -> None:
        super().__init__(N_("Force can be proposed only with the written tests of last resort and of scope."))
        self.found = found


class ProposedAlready(OutOfTurn):
    def __init__(self) -> None:
        super().__init__(
            N_(
                "The same was proposed for this situation already, and is not settled yet. Say in the line what is "
                "different, or go back and work on the one that stands."
            )
        )


class Misgiven(Refusal):
    """It looks like misuse, and the proposer has not been told yet. Sent again, knowing it, it is proposed."""

    def __init__(self, found: Sequence[Misgiving]) -> None:
        super().__init__(N_("Something speaks against it. It can be proposed all the same: that is kept with it."))
        self.found = found


class NoSuchMeasure(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Choose a measure of the toolbox, or say in your own words what is to be done."))


class NoSuchCall(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Choose a request for help of this country that is open."))


def propose(
    session: Session,
    situation_id: int,
    proposal: Proposal,
    measures: Collection[Measure],
    *,
    handling: Mark,
    noted: Collection[str] = (),
    by: Principal,
    now: datetime,
) -> Response:
    """`noted`: the misgivings that the proposer was told of; they are kept with it, and it is proposed all the same.
    Nothing that happened meanwhile makes it stale: it adds to the situation, and changes nothing of it. A form that is
    sent twice leads to what it proposed."""
    situation = held(session, situation_id, by)
    if situation.state is SituationState.CLOSED:
        raise NotNext(situation.state)
    tests = _tests_of(proposal, measures)
    title, words = line(proposal.title), spoken(proposal.words)
    if not title:
        raise TitleMissing
    due_on = planned(proposal.due_on, now.date())
    if due_on is None:
        raise DayUnfit
    refuse_mark(handling, by, lowest=max(situation.handling, _mark_of_call(session, situation, proposal, by)))
    before = responses.in_situation(session, situation.id, by.clearance)
    standing = next((one for one in before if one.state in OPEN and _is_same(one, proposal, title)), None)
    found = _speaks_against(session, situation, proposal, handling)
    if standing is None and any(one.value not in noted for one in found):
        raise Misgiven(found)
    response = Response(
        situation_id=situation.id,
        measure_key=proposal.measure_key,
        kind=proposal.kind,
        sphere=proposal.sphere,
        title=title,
        state=ResponseState.PROPOSED,
        handling=handling,
        assistance_id=proposal.assistance_id,
        owner="",
        organisation="",
        due_on=due_on,
        proposed_at=now,
        proposed_by=by.person_id,
        decided_by="",
        tests=tests,
        misgivings=[one.value for one in found],
    )
    if standing is not None:
        if _was_sent_before(session, standing, response, words):
            return standing
        raise ProposedAlready
    session.add(response)
    session.flush()
    details = {"due_on": due_on.isoformat()}
    write_down(session, situation, response, ResponseAct.PROPOSED, details, by=by, now=now, words=words)
    return response


def known_of(session: Session, situation: Situation, mark: Mark) -> Circumstances:
    """What may be said to whoever sees up to that mark about what was concluded and done."""
    events = situations.events(session, situation.id, mark)
    newest = next(iter(situations.assessments_in(events)), None)
    done = responses.in_situation(session, situation.id, mark)
    return Circumstances(
        criteria={},
        stage=newest.said.stage if newest else None,
        crimes=newest.said.crimes if newest else (),
        tried=responses.tried_in(done),
    )


def _speaks_against(
    session: Session, situation: Situation, proposal: Proposal, handling: Mark
) -> tuple[Misgiving, ...]:
    """By what its readers may know of: a misgiving must not tell of an assessment above the mark of the measure."""
    return misgivings(proposal.kind, proposal.sphere, known_of(session, situation, handling))


def _tests_of(proposal: Proposal, measures: Collection[Measure]) -> dict[str, object] | None:
    """The tests as they are kept; None: it needs none."""
    if proposal.measure_key is not None:
        chosen = next((one for one in measures if one.key == proposal.measure_key), None)
        if chosen is None or chosen.kind is not proposal.kind:
            raise NoSuchMeasure
    if proposal.kind is not MeasureKind.FORCE:
        return None
    tests = proposal.tests or ForceTests("", "", "", "", "", ())
    found = faults(tests)
    if found:
        raise NotTested(found)
    return tests.details()


def _is_same(one: Response, proposal: Proposal, title: str) -> bool:
    return (one.kind, one.sphere, one.title.casefold()) == (proposal.kind, proposal.sphere, title.casefold())


def _was_sent_before(session: Session, standing: Response, again: Response, words: str) -> bool:
    """A moment ago by the same person, alike in everything that they chose, and nobody has done anything about it."""
    told = responses.events(session, [standing.id], Mark(again.handling))
    is_untouched = [(one.act, one.words) for one in told] == [(ResponseAct.PROPOSED, words)]
    is_alike = all(getattr(standing, name) == getattr(again, name) for name in CHOSEN)
    return is_untouched and is_alike and again.proposed_at - standing.proposed_at <= A_MOMENT


def _mark_of_call(session: Session, situation: Situation, proposal: Proposal, by: Principal) -> int:
    """Of the request for help that it answers: what speaks of it is marked no lower."""
    if proposal.assistance_id is None:
        return Mark.CLEAR
    for one in assistance.open_in(session, situation.iso3, by.clearance):
        if one.request.id == proposal.assistance_id:
            return one.request.handling
    raise NoSuchCall
