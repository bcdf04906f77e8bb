"""What the page of one import shows: the state it is in, and what to do next."""

from collections.abc import Mapping as TakenFor
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from werkzeug.datastructures import MultiDict

from tracker.access import Principal
from tracker.actions.imports import bring, glancing, problems, understand, withdraw
from tracker.actions.imports.glancing import Glance
from tracker.actions.imports.permission import is_owner, sees
from tracker.actions.imports.problems import KeptProblem
from tracker.country import sort_key
from tracker.entry import ProblemKind, column_letters
from tracker.exchange.sheets import Cell, csv_text
from tracker.exchange.tables.refused import refused
from tracker.handling import Mark
from tracker.mapping import Mapping, Part, Shape, from_plain
from tracker.refusal import Refusal
from tracker.storage import catalogue, countries, import_rows, imports, job_runs, people
from tracker.storage.base import Session
from tracker.storage.recording import Import, ImportState
from tracker.storage.staging import Verdict
from tracker.storage.watching import Indicator, Source
from tracker.web.clock import now
from tracker.web.errors import in_words
from tracker.web.imports.columns import (
    COUNTRIES,
    INDICATORS,
    LEFT_OUT,
    MOST_CHOSEN,
    MOST_WORDS,
    Column,
    chosen_in,
    number_in,
    part_words,
)
from tracker.web.imports.words import beyond_its_scale, problem_kind_word, problem_sentence
from tracker.web.installation import settings
from tracker.web.words import country_name
from tracker.web.worker_health import worker_health

MOST_PROBLEMS_SHOWN = 200
UNKNOWN_WORDS: dict[str, str] = {
    ProblemKind.INDICATOR_UNKNOWN: INDICATORS,
    ProblemKind.COUNTRY_UNKNOWN: COUNTRIES,
    ProblemKind.COUNTRY_UNCLEAR: COUNTRIES,
}
PROBLEM_COLUMNS = ("row", "column", "heading", "cell", "kind", "problem")


@dataclass(frozen=True)
class ProblemGroup:
    name: str
    count: int
    shown: Sequence[KeptProblem]
    # Whose words can be given a meaning beside the columns; empty: the file has to be corrected.
    asks: str


@dataclass(frozen=True)
class Words:
    """Words of one column whose meaning can be chosen."""

    kind: str
    # Each with what was chosen for it; empty: nothing, and it speaks for itself.
    chosen: Sequence[tuple[str, str]]
    offered: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class ColumnsForm:
    """The file's first rows, and above each column what it says."""

    glance: Glance
    mapping: Mapping
    columns: Sequence[Column]
    parts: dict[Part, str]
    indicator_words: Words
    country_words: Words
    indicators: Sequence[Indicator]
    sources: Sequence[Source]
    # From which the reader has brought files before.
    sources_before: Sequence[Source]
    marks: Sequence[Mark]
    more_columns: int
    # Which earlier import the choices were taken from; None: they are guessed from the file alone.
    remembered: Import | None
    source_id: int | None
    # What cannot be done with these choices; empty: nothing is wrong yet.
    problem: str = ""

    @property
    def recognised(self) -> list[str]:
        """The headings of the columns that say something, wherever they stand."""
        return [heading for heading in self.glance.headings if chosen_in(self.mapping, heading)]

    @property
    def knows_no_indicator(self) -> bool:
        """Neither the file nor whoever chose its columns has named one that the catalogue has."""
        chosen = self.mapping.indicators or Part.INDICATOR in self.mapping.fixed
        return not chosen and not self.glance.guess.knows_an_indicator


@dataclass(frozen=True)
class Shown:
    row: Import
    # None: the installation itself.
    brought_by: str | None
    withdrawn_by: str | None
    is_owner: bool
    may_withdraw: bool
    # A second person accepted something of it, so that another reviewer has to take it back.
    needs_another: bool
    # The same file at another time, as far as the reader may know of it.
    earlier: Import | None
    groups: Sequence[ProblemGroup]
    # As whose figures it is recorded, where the rows name nobody.
    publishers: Sequence[str]
    # What lies outside the ends of its scale, in words.
    beyond: Sequence[str]
    # Whether anything was recorded since the file was compared with the record.
    is_stale: bool
    # False while nobody works on what waits.
    worker_ticks: bool
    form: ColumnsForm | None
    # Why the file could not be looked into just now.
    unreadable: str

    @property
    def changes_nothing(self) -> bool:
        """Everything that is right in it is recorded already."""
        return set((self.row.findings or {}).get("values", ())) == {Verdict.THERE.value}

    @property
    def at_work(self) -> bool:
        return self.row.state in imports.AT_WORK


def shown(session: Session, row: Import, reader: Principal, form: ColumnsForm | None, unreadable: str = "") -> Shown:
    names = people.names(session, [one for one in (row.brought_by, row.withdrawn_by) if one is not None])
    of_the_same = imports.of_the_same_file(session, row.fingerprint, besides=row.id)
    same = [one for one in of_the_same if sees(session, reader, one)]
    is_theirs = is_owner(reader, row)
    may_withdraw = row.state is ImportState.RECORDED and withdraw.may_withdraw(reader, row)
    needs_another = may_withdraw and withdraw.needs_another(session, reader, row)
    return Shown(
        row=row,
        brought_by=names.get(row.brought_by or 0),
        withdrawn_by=names.get(row.withdrawn_by or 0),
        is_owner=is_theirs,
        may_withdraw=may_withdraw and not needs_another,
        needs_another=needs_another,
        earlier=next((one for one in same if one.id < row.id), None),
        groups=_groups(session, row) if is_theirs else (),
        publishers=_publishers(session, row),
        beyond=_beyond(session, row),
        is_stale=row.state is ImportState.CHECKED and _is_stale(session, row),
        worker_ticks=worker_health(job_runs.all_runs(session), now()).ticks,
        form=form,
        unreadable=unreadable,
    )


def _publishers(session: Session, row: Import) -> list[str]:
    said = (row.findings or {}).get("publishers", [])
    return [one.name for one in imports.publishers(session) if one.id in said] if said else []


def _beyond(session: Session, row: Import) -> list[str]:
    found = (row.findings or {}).get("beyond", [])
    names = {one.key: one.name for one in catalogue.all_indicators(session)} if found else {}
    return [beyond_its_scale(names.get(one["indicator"], one["indicator"]), one) for one in found]


def _is_stale(session: Session, row: Import) -> bool:
    return (row.findings or {}).get("record") != list(import_rows.state_of_record(session))


def can_be_mapped(row: Import, reader: Principal) -> bool:
    return is_owner(reader, row) and row.state in (ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED)


def columns_form(session: Session, row: Import, reader: Principal, asked: MultiDict[str, str]) -> ColumnsForm:
    """Raises a refusal where the file, or the sheet that was asked for, cannot be read."""
    glance = glance_at(session, row, asked)
    like = number_in(asked.get("like", ""))
    remembered = None if row.mapping and not like else glancing.remembered_for(session, row, glance, like)
    mapping = glancing.mapping_for(row, remembered, glance)
    if like and remembered and remembered.mapping:
        mapping = glancing.fitted(from_plain(remembered.mapping), glance)
    return form_of(session, row, reader, glance, mapping, remembered)


def glance_at(session: Session, row: Import, asked: MultiDict[str, str]) -> Glance:
    content = imports.content_of(session, row.id)
    if content is None:
        raise refused("missing")
    header_row = number_in(asked.get("header_row", ""))
    if header_row is None and row.mapping:
        header_row = from_plain(row.mapping).header_row
    with bring.unpacked(content, settings().data_folder / understand.FOLDER) as path:
        return glancing.glance(session, path, sheet=asked.get("sheet") or row.sheet, header_row=header_row or None)


def form_of(
    session: Session,
    row: Import,
    reader: Principal,
    glance: Glance,
    mapping: Mapping,
    remembered: Import | None,
    problem: Refusal | None = None,
) -> ColumnsForm:
    headings = glance.headings
    indicators = [one for one in catalogue.all_indicators(session) if not one.retired]
    unknown = _unknown_words(session, row)
    return ColumnsForm(
        glance=glance,
        mapping=mapping,
        columns=[
            Column(number, heading, chosen_in(mapping, heading), [cells[number - 1] for cells in glance.first_rows])
            for number, heading in enumerate(headings[:MOST_CHOSEN], start=1)
        ],
        parts=part_words(),
        indicator_words=_indicator_words(glance, mapping, unknown[INDICATORS], indicators),
        country_words=_country_words(session, reader, mapping, unknown[COUNTRIES]),
        indicators=indicators,
        sources=imports.publishers(session),
        sources_before=imports.publishers_mapped(session, brought_by=row.brought_by),
        marks=list(Mark),
        more_columns=max(0, len(headings) - MOST_CHOSEN),
        remembered=remembered,
        source_id=row.source_id or (remembered.source_id if remembered else None),
        problem=in_words(problem) if problem else "",
    )


def problems_as_csv(session: Session, row: Import) -> str:
    """All of them; cells are told as they stand in the file, but none of them can run anything in a spreadsheet."""
    lines = problems.in_order(imports.problems_of(session, row.id), row.rows_refused)
    return csv_text(PROBLEM_COLUMNS, (_cells(one) for one in lines))


def _cells(problem: KeptProblem) -> list[Cell]:
    column = column_letters(problem.column) if problem.column else None
    kind = problem_kind_word(problem.kind)
    return [problem.row, column, problem.heading, problem.cell, kind, problem_sentence(problem)]


def _groups(session: Session, row: Import) -> list[ProblemGroup]:
    """The first problems by kind, the most frequent kind first; counts are of all."""
    counts: dict[str, int] = (row.findings or {}).get("problems", {})
    first = list(islice(problems.read(imports.problems_of(session, row.id)), MOST_PROBLEMS_SHOWN)) if counts else []
    return [
        ProblemGroup(
            problem_kind_word(kind), count, [one for one in first if one.kind == kind], UNKNOWN_WORDS.get(kind, "")
        )
        for kind, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def _unknown_words(session: Session, row: Import) -> dict[str, list[str]]:
    """What the last check did not know lies before whoever chooses the columns again."""
    found: dict[str, dict[str, None]] = {INDICATORS: {}, COUNTRIES: {}}
    if (row.findings or {}).get("problems", {}).keys() & UNKNOWN_WORDS:
        for one in problems.read(imports.problems_of(session, row.id)):
            if one.kind in UNKNOWN_WORDS and len(found[UNKNOWN_WORDS[one.kind]]) < MOST_WORDS:
                found[UNKNOWN_WORDS[one.kind]][one.cell] = None
    return {kind: list(words) for kind, words in found.items()}


def _indicator_words(
    glance: Glance, mapping: Mapping, unknown: Sequence[str], indicators: Sequence[Indicator]
) -> Words:
    """None where each indicator has a column of its own."""
    offered = [(one.key, one.name) for one in indicators]
    if mapping.shape is Shape.WIDE_INDICATORS or Part.INDICATOR not in mapping.columns:
        return Words(INDICATORS, [], offered)
    words = [*unknown, *glance.guess.unresolved, *mapping.indicators]
    return Words(INDICATORS, _chosen(words, mapping.indicators, mapping), offered)


def _country_words(session: Session, reader: Principal, mapping: Mapping, unknown: Sequence[str]) -> Words:
    words = [*unknown, *mapping.countries]
    rows = countries.all_countries(session, reader.scope) if words else []
    offered = sorted(((row.iso3, country_name(row)) for row in rows), key=lambda one: sort_key(one[1]))
    return Words(COUNTRIES, _chosen(words, mapping.countries, mapping), offered)


def _chosen(words: Sequence[str], meanings: TakenFor[str, str], mapping: Mapping) -> list[tuple[str, str]]:
    left_out = dict.fromkeys(mapping.left_out, LEFT_OUT)
    every = dict.fromkeys(word for word in words if word)
    return [(word, meanings.get(word) or left_out.get(word, "")) for word in list(every)[:MOST_WORDS]]
