"""What waits for a second person, by country and criterion."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tracker.access import Principal
from tracker.refusal import N_, NotThere
from tracker.storage import catalogue, codings, countries
from tracker.storage.base import Session
from tracker.storage.codings import Waiting
from tracker.storage.recording import Coding
from tracker.storage.watching import Country, Criterion
from tracker.web.codings.review_question import Entry, Question, questions_of

# Up to so many answers stand on one page, whatever their country; more are reached country by country.
FEW = 20
# So many questions of one country at a time.
AT_ONCE = 60


@dataclass(frozen=True)
class Section:
    criterion: Criterion
    questions: Sequence[Question]

    @cached_property
    def clear(self) -> list[Entry]:
        """What “accept all” accepts: where there is one answer, and the reader may accept it.

        No corrections and withdrawals: what is accepted already is not changed in passing.
        """
        alone = [one.entries[0] for one in self.questions if one.is_answered and not one.is_several]
        return [entry for entry in alone if entry.may_be_accepted]

    @property
    def several(self) -> int:
        return sum(question.is_answered and question.is_several for question in self.questions)

    @property
    def proposals(self) -> int:
        """Corrections and withdrawals."""
        return sum(len(question.entries) for question in self.questions if not question.is_answered)


@dataclass(frozen=True)
class CountryQueue:
    country: Country
    sections: Sequence[Section]
    # How many wait in this country, shown here or not.
    waiting: int
    accepts_own: bool

    @property
    def entries(self) -> list[Entry]:
        return [entry for section in self.sections for question in section.questions for entry in question.entries]

    @property
    def more(self) -> int:
        return self.waiting - len(self.entries)


@dataclass(frozen=True)
class Overview:
    """Countries with what waits there. Where it is little, it stands here as well."""

    waiting: Sequence[Waiting]
    queues: Sequence[CountryQueue]
    accepts_own: bool

    @property
    def total(self) -> int:
        return sum(one.count for one in self.waiting)


def overview(session: Session, reader: Principal) -> Overview:
    waiting = codings.waiting_by_country(session, reader.scope, reader.clearance)
    rule = codings.accepts_own(session)
    few = sum(one.count for one in waiting) <= FEW
    found = codings.waiting_longest(session, reader.scope, reader.clearance, iso3=None, cells=FEW) if few else []
    return Overview(waiting, _queues(session, found, waiting, reader, accepts_own=rule), rule)


def country_queue(session: Session, iso3: str, reader: Principal) -> CountryQueue:
    waiting = codings.waiting_by_country(session, [iso3], reader.clearance)
    country = countries.country(session, iso3)
    if country is None:
        raise NotThere(N_("There is no such country."))
    found = codings.waiting_longest(session, [iso3], reader.clearance, iso3=iso3, cells=AT_ONCE)
    rule = codings.accepts_own(session)
    queues = _queues(session, found, waiting, reader, accepts_own=rule)
    return queues[0] if queues else CountryQueue(country, [], 0, rule)


def _queues(
    session: Session,
    found: Sequence[Coding],
    waiting: Sequence[Waiting],
    reader: Principal,
    *,
    accepts_own: bool,
) -> list[CountryQueue]:
    if not found:
        return []
    asked = catalogue.asked_under(session, {one.cell.indicator_id for one in found})
    criteria = list(dict.fromkeys(criterion for criterion, _indicator in asked))
    indicators = [indicator for _criterion, indicator in asked]
    by_country: dict[str, list[Question]] = defaultdict(list)
    for question in questions_of(session, found, indicators, reader, accepts_own=accepts_own):
        by_country[question.iso3].append(question)
    return [
        CountryQueue(one.country, _sections(criteria, by_country[one.country.iso3]), one.count, accepts_own)
        for one in waiting
        if by_country[one.country.iso3]
    ]


def _sections(criteria: Sequence[Criterion], questions: Sequence[Question]) -> list[Section]:
    found = [
        Section(criterion, [one for one in questions if one.indicator.criterion_key == criterion.key])
        for criterion in criteria
    ]
    return [section for section in found if section.questions]
