"""Measures in each of their states."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from tests import factories
from tracker.access import Principal, Role
from tracker.actions.responses import carrying_out, deciding, proposing
from tracker.actions.responses.carrying_out import Charge
from tracker.handling import Mark
from tracker.measure import Measure, MeasureKind, Sphere
from tracker.response import Proposal, ResponseState
from tracker.storage import responses
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation
from tracker.storage.responding import Response

WAY = (ResponseState.PROPOSED, ResponseState.DECIDED, ResponseState.UNDER_WAY, ResponseState.DONE)
"""The shortest to its end."""


def proposal(today: date, **differing: Any) -> Proposal:
    """The State itself talks, in the proposer's own words."""
    usual: dict[str, Any] = {
        "kind": MeasureKind.DIPLOMATIC,
        "sphere": Sphere.NATIONAL,
        "title": "The minister talks with both sides",
        "words": "Before the election.",
        "due_on": today + timedelta(days=14),
    }
    return Proposal(**(usual | differing))


def charge(today: date, **differing: Any) -> Charge:
    usual: dict[str, Any] = {
        "owner": "The office of the minister",
        "organisation": "Ministry of the Interior",
        "owner_id": None,
        "due_on": today + timedelta(days=60),
    }
    return Charge(**(usual | differing))


def newest(session: Session, response: Response, by: Principal) -> int:
    """What a form that this person opens now would carry."""
    return responses.events(session, [response.id], by.clearance)[-1].id


@dataclass(frozen=True)
class Hand:
    """Somebody who may do everything, and has just looked."""

    session: Session
    by: Principal
    now: datetime
    measures: tuple[Measure, ...] = field(default=())

    def propose(self, situation: Situation, handling: Mark = Mark.GREEN, **differing: Any) -> Response:
        noted = differing.pop("noted", ())
        made = proposal(self.now.date(), **differing)
        about = (self.session, situation.id, made, self.measures)
        return proposing.propose(*about, handling=handling, noted=noted, by=self.by, now=self.now)

    def decide(self, response: Response, **differing: Any) -> Response:
        said = self._said(response, **({"decided_by": "The cabinet", "by": self._decider(response)} | differing))
        return deciding.decide(self.session, response.id, **said)

    def decline(self, response: Response, **differing: Any) -> Response:
        usual = {"decided_by": "The cabinet", "words": "Too late.", "by": self._decider(response)}
        said = self._said(response, **(usual | differing))
        return deciding.decline(self.session, response.id, **said)

    def start(self, response: Response, **differing: Any) -> Response:
        given = charge(self.now.date(), **differing)
        return carrying_out.start(self.session, response.id, given, **self._said(response))

    def report(self, response: Response, due_on: date | None, words: str = "Both came.") -> Response:
        return carrying_out.report(self.session, response.id, due_on=due_on, **self._said(response, words=words))

    def change(self, response: Response, **differing: Any) -> Response:
        given = charge(self.now.date(), **differing)
        said = self._said(response)
        del said["words"]
        return carrying_out.change(self.session, response.id, given, **said)

    def finish(self, response: Response, words: str = "Both signed.") -> Response:
        return carrying_out.finish(self.session, response.id, **self._said(response, words=words))

    def abandon(self, response: Response, words: str = "Nobody came.") -> Response:
        return carrying_out.abandon(self.session, response.id, **self._said(response, words=words))

    def bring(self, response: Response, state: ResponseState) -> Response:
        steps: dict[ResponseState, Callable[[Response], Response]] = {
            ResponseState.DECIDED: self.decide,
            ResponseState.UNDER_WAY: self.start,
            ResponseState.DONE: self.finish,
        }
        for target in WAY[WAY.index(response.state) + 1 : WAY.index(state) + 1]:
            steps[target](response)
        return response

    def _decider(self, response: Response) -> Principal:
        """Themselves, or a second person for what they proposed."""
        if response.proposed_by != self.by.person_id:
            return self.by
        other = factories.person(self.session, roles=[Role.REVIEWER], created_at=self.now)
        return replace(self.by, person_id=other.id)

    def _said(self, response: Response, **differing: Any) -> dict[str, Any]:
        usual = {"words": "", "seen": newest(self.session, response, self.by), "by": self.by, "now": self.now}
        return usual | differing
