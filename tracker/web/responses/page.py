"""What the page of one measure shows: how it stands, what is next, what may be done, its ledger, what followed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from flask import url_for
from flask_babel import gettext as _

from tracker.access import Principal, Right
from tracker.actions.assistance import is_own
from tracker.actions.responses.deciding import is_own_proposal
from tracker.actions.responses.keeping import NoSuchResponse
from tracker.assessment import Crime
from tracker.catalogue.measures import measures
from tracker.measure import FORCE_QUESTIONS, ForceTests, Measure, Misgiving
from tracker.response import NEXT, OPEN, ResponseAct, ResponseState, is_overdue, moves_from
from tracker.storage import people, responses
from tracker.storage.assistance import SeenRequest
from tracker.storage.assistance import seen as seen_request
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation
from tracker.storage.responding import Response, ResponseEvent
from tracker.storage.watching import Country
from tracker.web.clock import now
from tracker.web.database import reading
from tracker.web.frame import frame
from tracker.web.responses.aftermath import Aftermath, aftermath
from tracker.web.responses.telling import people_in, told_of
from tracker.web.situations.timeline import Told

# Whoever works on situations takes a measure on and reports; to settle and to end it is a reviewer's.
WORK = (ResponseAct.STARTED, ResponseAct.REPORTED, ResponseAct.CHANGED)
SETTLING = (ResponseAct.DECIDED, ResponseAct.DECLINED)


@dataclass(frozen=True)
class ResponsePage:
    response: Response
    situation: Situation
    country: Country
    reader: Principal
    today: date
    events: Sequence[ResponseEvent]
    # Whom it mentions, by number.
    people: Mapping[int, str]

    @property
    def address(self) -> str:
        return url_for("responses.response", response_id=self.response.id)

    @property
    def seen(self) -> int:
        """The newest event that is shown; every form about the measure carries it."""
        return max((event.id for event in self.events), default=0)

    @property
    def next_words(self) -> str:
        return str(_(NEXT[self.response.state]))

    @property
    def is_open(self) -> bool:
        return self.response.state in OPEN

    @property
    def is_overdue(self) -> bool:
        return is_overdue(self.response.due_on, self.today)

    @property
    def ledger(self) -> list[Told]:
        """The newest first."""
        return [told_of(event, self.people) for event in reversed(self.events)]

    @property
    def proposer(self) -> str:
        return self.people.get(self.response.proposed_by, "")

    @property
    def follower(self) -> str:
        """Who is told when it is overdue; empty: nobody."""
        return self.people.get(self.response.owner_id, "") if self.response.owner_id else ""

    @property
    def outcome(self) -> Told | None:
        """What was said at its end; None: it has not ended."""
        return None if self.is_open else self.ledger[0]

    @cached_property
    def measure(self) -> Measure | None:
        """Of the toolbox; None: it is in the proposer's own words, or no longer there."""
        return next((one for one in measures() if one.key == self.response.measure_key), None)

    @property
    def misgivings(self) -> list[Misgiving]:
        return [one for one in Misgiving if one.value in self.response.misgivings]

    @property
    def tests(self) -> ForceTests | None:
        return ForceTests.kept(self.response.tests) if self.response.tests else None

    @property
    def answers(self) -> list[tuple[str, str]]:
        """Each question of the test of last resort, with what was written."""
        tests = self.tests
        return [(str(_(asked)), getattr(tests, name)) for name, asked in FORCE_QUESTIONS.items()] if tests else []

    @property
    def crimes(self) -> Sequence[Crime]:
        return self.tests.crimes if self.tests else ()

    @cached_property
    def call(self) -> SeenRequest | None:
        """The request for help that it answers. None: none, or the reader may not know of it."""
        number = self.response.assistance_id
        return seen_request(reading(), number, self.reader.scope, self.reader.clearance) if number else None

    @property
    def is_for_own_request(self) -> bool:
        """The reader asked for help, and this is proposed for it: somebody else decides."""
        return self.call is not None and is_own(self.call.request, self.reader)

    @cached_property
    def is_own_proposal(self) -> bool:
        """The reader proposed it: somebody else decides."""
        return is_own_proposal(reading(), self.response, self.reader)

    @property
    def awaits_another(self) -> bool:
        """The reader could decide it, had they not proposed it."""
        return self._waits_for_proposer and self.is_own_proposal

    @property
    def decides_own(self) -> bool:
        """There is no second person here."""
        return self._waits_for_proposer and not self.is_own_proposal

    @property
    def _waits_for_proposer(self) -> bool:
        is_theirs = self.response.proposed_by == self.reader.person_id
        return is_theirs and self.response.state is ResponseState.PROPOSED and self.reader.may(Right.REVIEW)

    @property
    def acts(self) -> list[ResponseAct]:
        """What this reader may do about it now."""
        found = [move.act for move in moves_from(self.response.state)]
        return [act for act in [*found, *([ResponseAct.CHANGED] if self.is_open else [])] if self.may(act)]

    def may(self, act: ResponseAct) -> bool:
        if act in SETTLING and (self.is_for_own_request or self.is_own_proposal):
            return False
        return self.reader.may(Right.WORK_ON_SITUATIONS if act in WORK else Right.REVIEW)

    @cached_property
    def aftermath(self) -> Aftermath | None:
        criteria = self.measure.criteria if self.measure else ()
        return aftermath(reading(), self.response, self.country.iso3, criteria, self.reader.clearance, frame())

    def as_it_is(self) -> "ResponsePage":
        return response_page(reading(), self.response.id, self.reader, now().date())

    def changes(self, seen: int) -> list[Told]:
        """What was done since a form was opened, the oldest first."""
        return [told_of(event, self.people) for event in self.events if event.id > seen]


def response_page(session: Session, response_id: int, reader: Principal, today: date) -> ResponsePage:
    found = responses.whole(session, response_id, reader.scope, reader.clearance)
    if found is None:
        raise NoSuchResponse
    response, situation, events = found
    named = people.names(session, people_in([response], events) | {response.proposed_by})
    return ResponsePage(response, situation, frame().countries[situation.iso3], reader, today, events, named)
