"""One measure of the toolbox: all that is said of it, and what became of it where it was proposed."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from tracker.access import Principal
from tracker.catalogue.measures import measures
from tracker.measure import FORCE_QUESTIONS, Measure, MeasureKind
from tracker.refusal import N_, NotThere
from tracker.response import ResponseAct, ResponseState
from tracker.storage import case_studies, responses
from tracker.storage.base import Session
from tracker.storage.responding import CaseStudy
from tracker.storage.responses import Listed
from tracker.storage.watching import Criterion
from tracker.web.frame import Frame
from tracker.web.responses.words import response_state_word
from tracker.web.words import country_name

# What is said of a response when it was turned down, while it goes on and when it has ended.
_WORDS_OF = {ResponseAct.DECLINED, ResponseAct.REPORTED, ResponseAct.DONE, ResponseAct.ABANDONED}


class NoSuchMeasure(NotThere):
    def __init__(self) -> None:
        super().__init__(N_("There is no such measure in the toolbox."))


@dataclass(frozen=True)
class Used:
    """The measure in one situation."""

    listed: Listed
    # Which country, and which part of it where it is not all of it.
    place: str
    # How it stands, in a word; empty: it was proposed, and no more.
    state: str
    # What was said of it last: how far it is, its outcome, why not. Empty: nothing yet.
    words: str


@dataclass(frozen=True)
class MeasurePage:
    measure: Measure
    # Those in force that it works on.
    criteria: Sequence[Criterion]
    # What must be answered before it is proposed; empty: it is not force.
    questions: Sequence[str]
    # The latest first.
    used: Sequence[Used]
    # In which measures of its kind were taken, those that began last first.
    cases: Sequence[CaseStudy]


def measure_page(session: Session, key: str, reader: Principal, frame: Frame) -> MeasurePage:
    """Where it was proposed is told as far as the reader's scope and clearance reach."""
    measure = next((one for one in measures() if one.key == key), None)
    if measure is None:
        raise NoSuchMeasure
    return MeasurePage(
        measure=measure,
        criteria=[one for one in frame.criteria if one.key in measure.criteria],
        questions=tuple(FORCE_QUESTIONS.values()) if measure.kind is MeasureKind.FORCE else (),
        used=_used(session, key, reader, frame),
        cases=case_studies.with_kind(session, measure.kind, reader.scope, reader.clearance),
    )


def _used(session: Session, key: str, reader: Principal, frame: Frame) -> list[Used]:
    found = responses.ledger(session, reader.scope, reader.clearance, measure_key=key)
    events = responses.events(session, [one.response.id for one in found], reader.clearance)
    words = {event.response_id: event.words for event in events if event.act in _WORDS_OF}
    return [Used(one, _place(one, frame), _state(one), words.get(one.response.id, "")) for one in found]


def _place(one: Listed, frame: Frame) -> str:
    name = country_name(frame.countries[one.iso3])
    return str(_("%(country)s: %(part)s", country=name, part=one.part)) if one.part else name


def _state(one: Listed) -> str:
    state = one.response.state
    return "" if state is ResponseState.PROPOSED else response_state_word(state)
