"""What the invented desk has proposed, decided and done about the situations, through the same doors as a real one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tracker.access import Principal
from tracker.actions.responses import carrying_out, deciding, proposing
from tracker.actions.responses.carrying_out import Charge
from tracker.catalogue.measures import measures
from tracker.handling import Mark
from tracker.measure import Misgiving, Sphere
from tracker.response import Proposal, ResponseState
from tracker.storage import responses, situations
from tracker.storage.base import Session
from tracker.storage.responding import Response

DECIDES = "The council of islands"


@dataclass(frozen=True)
class Answered:
    iso3: str
    measure: str
    sphere: Sphere
    title: str
    # How many days ago it was proposed; each further step comes two days later.
    days_ago: int
    # How far it has come.
    state: ResponseState
    words: str = ""
    owner: str = ""
    organisation: str = ""
    # By when it is to be done, in days from today.
    due_in: int = 0
    # What came of it, why it was declined, or how far it is.
    said: str = ""


STORY = (
    Answered(
        *("XAB", "envoy_visit", Sphere.REGIONAL, "An envoy of the council goes to the port", 22),
        state=ResponseState.UNDER_WAY,
        words="The harbour guard still answers its letters.",
        owner="The envoy of the council",
        organisation="Council of islands",
        due_in=24,
        said="The envoy has met the harbour master; the road over the ridge is open by day.",
    ),
    Answered(
        *("XAB", "remote_documentation", Sphere.REGIONAL, "What is done on the roads is written down from afar", 20),
        state=ResponseState.DONE,
        owner="The monitors of the outer islands",
        organisation="Council of islands",
        due_in=3,
        said="Forty accounts are kept in two places, and the families know where.",
    ),
    Answered(
        *(
            "XAB",
            "relief_for_all",
            Sphere.NATIONAL,
            "Grain and medicine reach the hill villages as they do the port",
            19,
        ),
        state=ResponseState.DECIDED,
        words="The stores of the port would last for both.",
    ),
    Answered(
        *("XAB", "targeted_sanctions", Sphere.REGIONAL, "The accounts of the harbour guard’s officers are frozen", 18),
        state=ResponseState.DECLINED,
        said="The envoy would no longer be received. To be looked at again if the roads close.",
    ),
    Answered(
        *("XAF", "peer_review", Sphere.REGIONAL, "Judges of two other islands look at how judges are dismissed", 9),
        state=ResponseState.PROPOSED,
        words="The court itself has asked who would come.",
    ),
)


def respond(session: Session, *, proposer: Principal, reviewer: Principal, now: datetime) -> None:
    """Nobody decides on what they proposed themselves."""
    for answered in STORY:
        situation = situations.open_in(session, answered.iso3)
        if situation is not None:
            mark = Mark(max(situation.handling, Mark.GREEN))
            _carry_through(_Hand(session, proposer, reviewer, now), situation.id, mark, answered)


@dataclass(frozen=True)
class _Hand:
    """Two who have just looked at everything: one proposes, the other does the rest."""

    session: Session
    proposer: Principal
    by: Principal
    now: datetime

    def about(self, response: Response, days_ago: int) -> dict[str, Any]:
        newest = responses.events(self.session, [response.id], self.by.clearance)[-1].id
        return {"seen": newest, "by": self.by, "now": self.now - timedelta(days=days_ago)}


def _carry_through(hand: _Hand, situation_id: int, mark: Mark, story: Answered) -> None:
    session, ago = hand.session, story.days_ago
    one = _proposed(hand, situation_id, mark, story)
    if story.state is ResponseState.PROPOSED:
        return
    if story.state is ResponseState.DECLINED:
        deciding.decline(session, one.id, decided_by=DECIDES, words=story.said, **hand.about(one, ago - 2))
        return
    deciding.decide(session, one.id, decided_by=DECIDES, words="", **hand.about(one, ago - 2))
    if story.state is ResponseState.DECIDED:
        return
    due_on = hand.now.date() + timedelta(days=story.due_in)
    charge = Charge(story.owner, story.organisation, hand.by.person_id, due_on)
    carrying_out.start(session, one.id, charge, words="", **hand.about(one, ago - 4))
    if story.state is ResponseState.DONE:
        carrying_out.finish(session, one.id, words=story.said, **hand.about(one, ago - 14))
    else:
        carrying_out.report(session, one.id, words=story.said, due_on=due_on, **hand.about(one, ago - 14))


def _proposed(hand: _Hand, situation_id: int, mark: Mark, story: Answered) -> Response:
    [measure] = [one for one in measures() if one.key == story.measure]
    at = hand.now - timedelta(days=story.days_ago)
    due_on = at.date() + timedelta(days=14)
    proposal = Proposal(measure.kind, story.sphere, story.title, story.words, due_on, measure.key)
    told = tuple(Misgiving)
    return proposing.propose(
        hand.session, situation_id, proposal, measures(), handling=mark, noted=told, by=hand.proposer, now=at
    )
