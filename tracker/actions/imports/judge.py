"""What becomes of each value of a file, as the database stands: the part of the check that only the database knows.

The dry run and the recording both come through here, so that what was shown is what is done.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tracker.access import Principal
from tracker.actions.codings.reviewing import source_key
from tracker.actions.imports.problems import KeptProblem, ProblemBook
from tracker.actions.imports.sources import NamedSources
from tracker.answer import UNCHANGED, UNKNOWN, grade_in
from tracker.coding import period_of
from tracker.entry import ProblemKind
from tracker.handling import Mark
from tracker.indicator import Voice
from tracker.mapping import written
from tracker.refusal import N_
from tracker.storage import import_rows
from tracker.storage.base import Session
from tracker.storage.import_rows import Answered, Block, CellKey, Recorded, RowKey
from tracker.storage.staging import Decision, Piece, Staging, Verdict, Waiting
from tracker.storage.watching import Indicator

DRAFTS_NEED_AN_AUTHOR = N_("This question is answered by analysts: say who imports, and the rows become their drafts.")
RETIRED = N_("The indicator “%(indicator)s” is retired: nothing is recorded under it any more.")
TWICE = N_("The file says this twice: another row speaks of the same country, day and indicator.")
CONTRADICTED = N_("Another row says something else of the same country, day and indicator: keep the right one.")
MONTH_CONTRADICTED = N_("Another row answers the same question for the same month otherwise: keep the right one.")
TWICE_IN_MONTH = N_("Another row answers the same question for the same month: keep one of them.")
NOT_YOURS = N_("This cannot be recorded by you: ask a reviewer.")
MARK_LOWERED = N_("The file would lower the handling mark of what is recorded: propose that as a correction.")
NAMED = N_("The file would name who said this, which is recorded as not for attribution: propose that as a correction.")
SECOND_PERSON = N_("A second person accepted what is recorded here: propose a correction, and a file changes nothing.")
ACCEPTED = N_("An answer for %(month)s is accepted already: correct that one instead.")
OWN_DRAFT = N_("You have another answer to this question for %(month)s on its way: change that one instead.")


@dataclass(frozen=True)
class Asker:
    """For whom the file is imported. Without a person the installation itself does it, and reaches everything."""

    person_id: int | None
    clearance: Mark

    @classmethod
    def of(cls, principal: Principal | None) -> "Asker":
        return cls(None, Mark.RED) if principal is None else cls(principal.person_id, principal.clearance)


@dataclass(frozen=True)
class Fault:
    """Why a value is not taken, though it can be understood."""

    kind: str
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)


Judgement = Decision | Fault | None
"""None: new, as every value is until something else is said."""


def judge(
    session: Session,
    staging: Staging,
    indicators: Mapping[int, Indicator],
    asker: Asker,
    publisher: int | None,
    book: ProblemBook,
    headings: Sequence[str],
    get_on: Callable[[], object] = lambda: None,
) -> None:
    """Decides on every value that waits, and writes down what is wrong with those that cannot be recorded.

    `publisher`: the source that was chosen for the whole file. `get_on` is called between the pieces.
    """
    judging = _Judging(session, indicators, asker, publisher, NamedSources(session, staging.sources()))
    for piece in staging.in_order():
        decisions: list[Decision] = []
        refused: set[int] = set()
        for waiting, judgement in judging.of_piece(piece):
            if isinstance(judgement, Decision):
                decisions.append(judgement)
            elif isinstance(judgement, Fault):
                refused.add(waiting.row)
                book.write_line(_problem(waiting, judgement, headings))
        staging.decide(decisions)
        staging.refuse(refused)
        get_on()
    for waiting in judging.contradicted.values():
        book.write_line(_problem(waiting, Fault("twice_in_month", MONTH_CONTRADICTED), headings))
    staging.refuse(waiting.row for waiting in judging.contradicted.values())
    for contradicted in list(staging.contradicted()):
        for waiting in contradicted:
            book.write_line(_problem(waiting, Fault(ProblemKind.SAID_TWICE.value, CONTRADICTED), headings))
        staging.refuse(waiting.row for waiting in contradicted)


class _Judging:
    def __init__(
        self,
        session: Session,
        indicators: Mapping[int, Indicator],
        asker: Asker,
        publisher: int | None,
        sources: NamedSources,
    ) -> None:
        self._session, self._indicators, self._asker = session, indicators, asker
        self._publisher, self._sources = publisher, sources
        self._coded = {row.id for row in indicators.values() if row.voice is Voice.CODED}
        self._retired = {row.id: row.name for row in indicators.values() if row.retired}
        self._last: tuple[object, ...] | None = None
        # Answers that another row for the same month contradicts, by their numbers.
        self.contradicted: dict[int, Waiting] = {}
        # Of the month that is being gone through, because the rows come by their days.
        self._month, self._cells_said = date.min, dict[CellKey, Waiting]()

    def of_piece(self, piece: Piece) -> Iterator[tuple[Waiting, Judgement]]:
        codes = not piece.indicator_ids.isdisjoint(self._coded)
        block = _block(piece, whole_months=codes)
        recorded = import_rows.recorded_in(self._session, block)
        plain = not codes and not recorded and piece.indicator_ids.isdisjoint(self._retired)
        if plain and not piece.says_anything_twice(self._last):
            self._last = piece.keys[-1]
            return  # all of it is new, as most of a first import is
        months, own = (_by_month(recorded), self._own(block)) if codes else ({}, {})
        for waiting in piece:
            key = (waiting.observed_on, waiting.iso3, waiting.indicator_id)
            place = (waiting.observed_on.toordinal(), waiting.iso3, waiting.indicator_id)
            twice, self._last = place == self._last, place
            if waiting.indicator_id in self._retired:
                yield waiting, Fault("retired", RETIRED, {"indicator": self._retired[waiting.indicator_id]})
            elif twice:
                yield waiting, Fault(ProblemKind.SAID_TWICE.value, TWICE)
            elif waiting.indicator_id in self._coded:
                yield waiting, self._coded_one(waiting, months, own)
            elif (found := recorded.get(key)) is not None:
                yield waiting, self._published_one(waiting, found)

    def _own(self, block: Block) -> dict[CellKey, Answered]:
        if self._asker.person_id is None:
            return {}
        return import_rows.answers_of(self._session, self._asker.person_id, block)

    def _published_one(self, waiting: Waiting, found: Recorded) -> Judgement:
        if found.handling > self._asker.clearance:
            return Fault("not_yours", NOT_YOURS)
        # what the file does not say about handling stays as it was
        handling = found.handling if waiting.handling is None else waiting.handling
        attributable = found.attributable if waiting.attributable is None else waiting.attributable
        if handling < found.handling:
            return Fault("mark_lowered", MARK_LOWERED)
        if attributable and not found.attributable:
            return Fault("named", NAMED)
        said = (waiting.value, waiting.standard_error, handling, attributable)
        stands = (found.value, found.standard_error, found.handling, found.attributable)
        source_said = waiting.source is not None or self._publisher is not None
        is_there = not found.withdrawn and said == stands and not self._differs(waiting, found, source_said)
        if found.accepted and not is_there:
            return Fault("second_person", SECOND_PERSON)
        verdict = Verdict.THERE if is_there else Verdict.NEW if found.withdrawn else Verdict.REVISED
        return Decision(verdict, found.revision + 1, handling, attributable, waiting.number)

    def _differs(self, waiting: Waiting, found: Recorded, source_said: bool) -> bool:
        """Whether the file says anything else about the value; what it does not say stays as it was."""
        said = [
            (waiting.reliability, found.reliability),
            (waiting.credibility, found.credibility),
            (waiting.note, found.note),
        ]
        # of what is not for attribution nobody finds out, by guessing in a file, whose word it is
        if found.attributable:
            said.append((waiting.evidence_url, found.evidence_url))
            if source_said and self._source_of(waiting) != found.source_id:
                return True
        return any(new is not None and new != old for new, old in said)

    def _source_of(self, waiting: Waiting) -> int | None:
        return self._publisher if waiting.source is None else self._sources.known(waiting.source)

    def _coded_one(
        self, waiting: Waiting, months: Mapping[CellKey, list[Recorded]], own: Mapping[CellKey, Answered]
    ) -> Judgement:
        month = period_of(waiting.observed_on)
        cell = (waiting.iso3, waiting.indicator_id, month)
        if month != self._month:
            self._month, self._cells_said = month, {}
        first = self._cells_said.setdefault(cell, waiting)
        if first is not waiting:
            if _said(first) == _said(waiting):
                return Fault("twice_in_month", TWICE_IN_MONTH)
            self.contradicted[first.number] = first
            return Fault("twice_in_month", MONTH_CONTRADICTED)
        if self._asker.person_id is None:
            return Fault("no_author", DRAFTS_NEED_AN_AUTHOR)
        return self._against(waiting, months.get(cell, []), own.get(cell))

    def _against(self, waiting: Waiting, accepted: list[Recorded], own: Answered | None) -> Judgement:
        there = Decision(Verdict.THERE, 1, None, None, waiting.number)
        month = {"month": f"{waiting.observed_on:%Y-%m}"}
        if any(found.handling > self._asker.clearance for found in accepted):
            return Fault("not_yours", NOT_YOURS)
        if accepted:
            named = waiting.source is not None
            alike = [one for one in accepted if one.value == waiting.value and not self._differs(waiting, one, named)]
            # that nothing changed since the month before does not say what was accepted for this one
            same = bool(alike) and not waiting.unchanged
            return there if same else Fault("accepted_already", ACCEPTED, month)
        if own is not None and not own.is_empty:
            return there if _says_the_same(waiting, own) else Fault("own_draft", OWN_DRAFT, month)
        return Decision(Verdict.DRAFT, 1, None, None, waiting.number)


def typed_of(waiting: Waiting) -> str:
    """As it would have been typed into the grid."""
    if waiting.unchanged:
        return UNCHANGED
    return UNKNOWN if waiting.value is None else written(waiting.value)


def _said(waiting: Waiting) -> tuple[float | None, bool]:
    return waiting.value, bool(waiting.unchanged)


def _says_the_same(waiting: Waiting, own: Answered) -> bool:
    """As far as the file says anything."""
    is_unchanged = own.typed == UNCHANGED
    if is_unchanged != bool(waiting.unchanged):
        return False
    if not is_unchanged and (own.value, own.unknown) != (waiting.value, waiting.value is None):
        return False
    reliability, credibility = grade_in(own.grade) or (None, None)
    said = [
        (waiting.source and source_key(waiting.source), source_key(own.source)),
        (waiting.reliability, reliability),
        (waiting.credibility, credibility),
        (waiting.handling, own.handling),
        (waiting.attributable, own.attributable),
        (waiting.note, own.note.strip()),
        (waiting.evidence_url, own.evidence_url),
    ]
    return all(new is None or new == old for new, old in said)


def _block(piece: Piece, *, whole_months: bool) -> Block:
    first, last = piece.first, piece.last
    if whole_months:
        first, last = first.replace(day=1), period_of(last)
    return Block(piece.iso3s, piece.indicator_ids, first, last)


def _by_month(recorded: Mapping[RowKey, Recorded]) -> dict[CellKey, list[Recorded]]:
    found: dict[CellKey, list[Recorded]] = {}
    for (day, iso3, indicator_id), one in recorded.items():
        if not one.withdrawn:
            found.setdefault((iso3, indicator_id, period_of(day)), []).append(one)
    return found


def _problem(waiting: Waiting, fault: Fault, headings: Sequence[str]) -> KeptProblem:
    heading = headings[waiting.column - 1] if waiting.column <= len(headings) else ""
    return KeptProblem(
        waiting.row, waiting.column, heading, typed_of(waiting), fault.kind, fault.sentence, fault.values
    )
