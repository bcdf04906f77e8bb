"""Which case studies are there for whoever faces the next case? What the address asks for, and what answers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from tracker.access import Principal
from tracker.assessment import Stage
from tracker.case_study import Case, Part
from tracker.country import in_order
from tracker.exchange.sheets import Cell
from tracker.handling import Mark
from tracker.measure import MeasureKind
from tracker.search import Piece, Search
from tracker.storage import case_studies
from tracker.storage.base import Session
from tracker.storage.responding import CaseStudy
from tracker.storage.watching import Country
from tracker.text import one_line
from tracker.web.country_choice import countries_in
from tracker.web.country_names import names_of
from tracker.web.csv_file import sheet
from tracker.web.frame import frame
from tracker.web.moments import of_today
from tracker.web.paging import PER_PAGE, Stretch, page_asked_for
from tracker.web.practice.words import criterion_names, place_of
from tracker.web.words import reader_language

CSV_COLUMNS = (
    *("case_study", "title", "iso3", "place", "situation", "began_on", "ended_on", "stage", "crimes", "criteria"),
    *("kinds", *(part.value for part in Part), "sources", "handling", "withdrawn_on"),
)
LONGEST_EXCERPT = 280
Word = TypeVar("Word", Stage, MeasureKind)


@dataclass(frozen=True)
class Asked:
    """All of it stands in the address. What cannot be understood narrows nothing."""

    search: Search = field(default_factory=Search)
    # Empty, or None: any.
    criterion: str = ""
    stage: Stage | None = None
    kind: MeasureKind | None = None
    # A country or a group.
    place: str = ""
    with_withdrawn: bool = False
    page: int = 1

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> "Asked":
        criterion = arguments.get("criterion", "")
        return cls(
            search=Search.read(arguments.get("q", "")),
            criterion=criterion if any(one.key == criterion for one in frame().every_criterion) else "",
            stage=_word(arguments.get("stage", ""), Stage),
            kind=_word(arguments.get("kind", ""), MeasureKind),
            place=arguments.get("place", ""),
            with_withdrawn=arguments.get("show") == "withdrawn",
            page=page_asked_for(arguments),
        )

    def as_arguments(self) -> dict[str, str]:
        """Without the page."""
        wanted = {"q": self.search.text, "criterion": self.criterion, "stage": self.stage or ""}
        wanted |= {"kind": self.kind or "", "place": self.place, "show": "withdrawn" if self.with_withdrawn else ""}
        return {name: str(value) for name, value in wanted.items() if value}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.as_arguments())


@dataclass(frozen=True)
class Row:
    study: CaseStudy
    case: Case
    # The title, with what was looked for told apart.
    title: Sequence[Piece]
    # Where else it was found; or what was learnt, in short.
    passage: Sequence[Piece]

    @property
    def criteria(self) -> list[str]:
        return criterion_names(self.case.criteria)


@dataclass(frozen=True)
class Library:
    asked: Asked
    # Of this page; those that began last first.
    rows: Sequence[Row]
    # Where they stand among all that answer.
    stretch: Stretch
    # Without any filter.
    of: int
    # To choose from.
    countries: Sequence[Country]


def library(session: Session, asked: Asked, reader: Principal, per_page: int | None = PER_PAGE) -> Library:
    """`per_page` None: all on one. Contents are read only of what is shown, or looked through."""
    every = case_studies.listed(
        session,
        reader.scope,
        reader.clearance,
        with_withdrawn=asked.with_withdrawn,
        with_content=per_page is None or bool(asked.search.words),
    )
    known, where = frame().countries, countries_in(asked.place)
    found = [one for one in every if _is_wanted(one, asked, where)]
    stretch = Stretch.on(asked.page, len(found), per_page)
    shown = found[stretch.before : stretch.after]
    if not (per_page is None or asked.search.words):
        case_studies.read_contents(session, shown)
    there = {one.iso3 for one in every if one.iso3} | ({asked.place} & known.keys())
    return Library(
        asked=asked,
        rows=[_row(one, Case.read(one.content), asked.search) for one in shown],
        stretch=stretch,
        of=len(every),
        countries=in_order([known[iso3] for iso3 in there if reader.reaches(iso3)], reader_language()),
    )


def library_as_csv(found: Library) -> str:
    """As it is seen, with all that each of them tells."""
    return sheet(CSV_COLUMNS, [_cells(row) for row in found.rows], of_today())


def _row(study: CaseStudy, case: Case, search: Search) -> Row:
    is_elsewhere = bool(search.words) and not search.is_in(case.title)
    passage = search.passage(*texts_of(case)) if is_elsewhere else ()
    short = [Piece(one_line(case.text(Part.LEARNT), LONGEST_EXCERPT))]
    return Row(study, case, search.marked(case.title), passage or short)


def _is_wanted(study: CaseStudy, asked: Asked, where: Collection[str] | None) -> bool:
    return (
        asked.criterion in ("", *study.criteria)
        and asked.stage in (None, study.stage)
        and asked.kind in (None, *study.kinds)
        and (where is None or study.iso3 in where)
        and (not asked.search.words or _holds(Case.read(study.content), asked.search))
    )


def _holds(case: Case, search: Search) -> bool:
    return search.is_in(case.title, *texts_of(case))


def texts_of(case: Case) -> list[str]:
    """All by which it is found besides its title; what was told in sentences comes first."""
    names = names_of(frame().countries[case.iso3]) if case.iso3 else [case.place]
    told = [text for part in Part if (text := case.text(part))]
    return [*told, *case.sources, *names, *criterion_names(case.criteria)]


def _cells(row: Row) -> list[Cell]:
    study, case = row.study, row.case
    what: list[Cell] = [study.id, case.title, case.iso3 or "", place_of(case), study.situation_id or ""]
    when: list[Cell] = [case.began_on, case.ended_on, case.stage.value if case.stage else ""]
    about: list[Cell] = [" ".join(words) for words in (case.crimes, case.criteria, case.kinds)]
    said: list[Cell] = [*(case.text(part) for part in Part), " ".join(case.sources)]
    withdrawn_on = study.withdrawn_at.date() if study.withdrawn_at else None
    return [*what, *when, *about, *said, Mark(study.handling).label, withdrawn_on]


def _word(given: str, vocabulary: type[Word]) -> Word | None:
    return vocabulary(given) if given in set(vocabulary) else None
