"""Where are we blind? How much of what is asked is fresh, by country and criterion, and how old it is.

How old it is can be told of today alone: of a past day it would have to be read from the evidence itself.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from statistics import fmean

from flask_babel import gettext as _

from tracker.access import Principal
from tracker.exchange.sheets import Cell as SheetCell
from tracker.index import Tree
from tracker.indicator import Voice
from tracker.method import ROOT, voice_key
from tracker.moment import Moment
from tracker.refusal import NotThere
from tracker.storage import scores
from tracker.storage.base import Session
from tracker.storage.coverage import Answered
from tracker.storage.watching import Country
from tracker.web.country_choice import Wanted, chosen_countries
from tracker.web.coverage.due_list import Due, due_answers, due_by_country
from tracker.web.csv_file import sheet
from tracker.web.frame import frame
from tracker.web.moments import of_today
from tracker.web.words import country_name, voice_word
from tracker.workings import Scores

BY_NAME = "name"
LOOKED_BACK = timedelta(days=30)
CSV_COLUMNS = ("iso3", "country", "criterion", "voice", "share_fresh", "enough_for_a_score", "newest_answer_on")


@dataclass(frozen=True)
class Asked:
    """All of it stands in the address. What cannot be understood narrows nothing."""

    places: Wanted
    # Empty: every one.
    criterion: str = ""
    # None: both.
    voice: Voice | None = None
    # The key of a column, or by name; empty: least known first.
    order: str = ""

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> "Asked":
        voice = arguments.get("voice", "")
        return cls(
            Wanted.read(arguments),
            criterion=arguments.get("criterion", ""),
            voice=Voice(voice) if voice in set(Voice) else None,
            order=arguments.get("order", ""),
        )

    def as_arguments(self) -> dict[str, str]:
        wanted = {"criterion": self.criterion, "voice": self.voice or "", "order": self.order}
        return self.places.as_arguments() | {name: str(value) for name, value in wanted.items() if value}


@dataclass(frozen=True)
class Column:
    """One node of the tree."""

    key: str
    name: str
    # Empty: of the whole.
    criterion: str = ""
    # None: of both.
    voice: Voice | None = None


@dataclass(frozen=True)
class Cell:
    # Of the weight of what is asked, how much is fresh.
    share: float
    # False: it is too little for a score.
    is_enough: bool
    # None: nothing was ever answered, or how old it was is not known.
    newest: date | None


@dataclass(frozen=True)
class Row:
    country: Country
    cells: Sequence[Cell]


@dataclass(frozen=True)
class WentBlind:
    country: Country
    # Those of which there was a score before, and is none now.
    columns: Sequence[Column]


@dataclass(frozen=True)
class CoveragePage:
    asked: Asked
    moment: Moment
    # The reader has been given no country at all.
    reaches_nothing: bool
    # By key: every criterion that can be chosen.
    criteria: Mapping[str, str]
    columns: Sequence[Column]
    # The key of the column by which the rows are in order; empty: by none of them alone.
    sorted_by: str
    rows: Sequence[Row]
    # Countries without a score of the risk, and those of them of which nothing is fresh at all.
    without_risk: int
    without_anything: int
    # Countries with a score of the risk that is thin.
    thin: int
    # Of what is asked, so much must be fresh that a score is not thin.
    firm_from: float
    # The criterion of which the least is fresh on average, and how much. None: only one is looked at, or no country.
    least_known: tuple[Column, float] | None
    went_blind: Sequence[WentBlind]
    # By country, of those that are shown; of a past day nothing.
    due: Mapping[str, Due]

    @property
    def arguments(self) -> dict[str, str]:
        """Of this very page, for an address."""
        return self.asked.as_arguments() | self.moment.as_arguments()

    @property
    def answers_due(self) -> int:
        return sum(one.number for one in self.due.values())

    @property
    def countries_due(self) -> int:
        return sum(one.number > 0 for one in self.due.values())


def coverage_page(session: Session, asked: Asked, reader: Principal, moment: Moment) -> CoveragePage | None:
    """None: no method was in force, and nothing was worked out."""
    method = frame().method_at(session, moment)
    if method is None:
        return None
    number, tree = method[0], method[1].tree
    criteria = _criteria(tree)
    if asked.criterion and asked.criterion not in criteria:
        raise NotThere(_("There is no such criterion."))
    chosen = chosen_countries(asked.places, reader)
    columns = _columns(asked, tree, criteria)
    found = _scores(session, number, tree, reader, moment)
    answers = due_answers(session, reader) if moment.is_now else []
    newest = _newest_days(answers)
    rows = [Row(one, _cells(one.iso3, columns, tree, found.get(one.iso3), newest)) for one in chosen]
    shown = {one.iso3 for one in chosen}
    root = tree.positions[ROOT]
    blind = {iso3 for iso3 in shown if iso3 not in found or math.isnan(found[iso3].values[root])}
    return CoveragePage(
        asked=asked,
        moment=moment,
        reaches_nothing=reader.scope == frozenset(),
        criteria=criteria,
        columns=columns,
        sorted_by=_sorted_by(asked, columns),
        rows=_in_order(rows, columns, asked),
        without_risk=len(blind),
        without_anything=sum(iso3 not in found or not found[iso3].coverage[root] for iso3 in blind),
        thin=sum(method[1].is_thin(float(found[iso3].coverage[root])) for iso3 in shown - blind),
        firm_from=method[1].firm_from,
        least_known=_least_known(rows, columns),
        went_blind=_went_blind(rows, columns, tree, _before(session, number, tree, reader, moment)),
        due={iso3: due for iso3, due in due_by_country(answers, moment.day).items() if iso3 in shown},
    )


def coverage_as_csv(page: CoveragePage | None) -> str:
    """What is seen, a line for each cell: the same rows in the same order."""
    return sheet(CSV_COLUMNS, _lines(page) if page else (), page.moment if page else of_today())


def _lines(page: CoveragePage) -> Iterable[list[SheetCell]]:
    for row in page.rows:
        for column, cell in zip(page.columns, row.cells, strict=True):
            named: list[SheetCell] = [row.country.iso3, country_name(row.country)]
            of_what: list[SheetCell] = [column.criterion or ROOT, column.voice.value if column.voice else None]
            yield [*named, *of_what, round(cell.share, 4), cell.is_enough, cell.newest]


def _criteria(tree: Tree) -> dict[str, str]:
    """By key, in the order of the tree: what stands below the dimensions."""
    branches = {branch.key: branch for branch in tree.branches}
    return {key: branches[key].name for dimension in branches[ROOT].children for key in branches[dimension].children}


def _columns(asked: Asked, tree: Tree, criteria: Mapping[str, str]) -> list[Column]:
    if asked.criterion:
        whole = [] if asked.voice else [Column(asked.criterion, criteria[asked.criterion], asked.criterion)]
        voices = [asked.voice] if asked.voice else list(Voice)
        heard = [Column(voice_key(asked.criterion, one), voice_word(one), asked.criterion, one) for one in voices]
        return [*whole, *(column for column in heard if column.key in tree.positions)]
    if asked.voice:
        found = [Column(voice_key(key, asked.voice), name, key, asked.voice) for key, name in criteria.items()]
        return [column for column in found if column.key in tree.positions]
    return [Column(ROOT, _("All of it")), *(Column(key, name, key) for key, name in criteria.items())]


def _scores(session: Session, number: int, tree: Tree, reader: Principal, moment: Moment) -> Mapping[str, Scores]:
    if moment.is_now:
        found = scores.now(session, number, tree, reader.clearance, reader.scope)
        return {iso3: one.scores for iso3, one in found.items()}
    return scores.on_day(session, number, tree, reader.clearance, reader.scope, day=moment.day, known=moment.known_at)


def _before(session: Session, number: int, tree: Tree, reader: Principal, moment: Moment) -> Mapping[str, Scores]:
    """As was to be seen then; with hindsight now, with the same hindsight then."""
    day = moment.day - LOOKED_BACK
    known = moment.known_at if moment.is_hindsight else datetime.combine(day, time.max, UTC)
    return scores.on_day(session, number, tree, reader.clearance, reader.scope, day=day, known=known)


def _newest_days(answers: Iterable[Answered]) -> dict[tuple[str, str], date]:
    """By country and node."""
    newest: dict[tuple[str, str], date] = {}
    nodes: dict[tuple[str, Voice], tuple[str, ...]] = {}
    for iso3, criterion, voice, _fresh_for_days, _is_waiting, day, _number in answers:
        if (criterion, voice) not in nodes:
            nodes[criterion, voice] = (ROOT, criterion, voice_key(criterion, voice))
        for node in nodes[criterion, voice]:
            if day > newest.get((iso3, node), date.min):
                newest[iso3, node] = day
    return newest


def _cells(
    iso3: str, columns: Sequence[Column], tree: Tree, found: Scores | None, newest: Mapping[tuple[str, str], date]
) -> list[Cell]:
    if found is None:
        return [Cell(0.0, False, newest.get((iso3, column.key))) for column in columns]
    shares, values = found.coverage.tolist(), found.values.tolist()
    places = [tree.positions[column.key] for column in columns]
    return [
        Cell(shares[place], not math.isnan(values[place]), newest.get((iso3, column.key)))
        for place, column in zip(places, columns, strict=True)
    ]


def _sorted_by(asked: Asked, columns: Sequence[Column]) -> str:
    """Where nothing else is asked for: by all of it."""
    keys = [column.key for column in columns]
    wanted = () if asked.order == BY_NAME else (asked.order, asked.criterion, ROOT)
    return next((key for key in wanted if key in keys), "")


def _in_order(rows: list[Row], columns: Sequence[Column], asked: Asked) -> list[Row]:
    """They come by name, and those that are known as little as others stay so."""
    if asked.order == BY_NAME:
        return rows
    by = _sorted_by(asked, columns)
    places = [place for place, column in enumerate(columns) if by in ("", column.key)]
    return sorted(rows, key=lambda row: sum(row.cells[place].share for place in places))


def _least_known(rows: Sequence[Row], columns: Sequence[Column]) -> tuple[Column, float] | None:
    places = [place for place, column in enumerate(columns) if column.criterion]
    if not rows or len({columns[place].criterion for place in places}) < 2:
        return None
    means = {place: fmean(row.cells[place].share for row in rows) for place in places}
    worst = min(means, key=lambda place: means[place])
    return columns[worst], means[worst]


def _went_blind(
    rows: Sequence[Row], columns: Sequence[Column], tree: Tree, before: Mapping[str, Scores]
) -> list[WentBlind]:
    """Where most went blind first."""
    found = []
    for row in rows:
        then = before.get(row.country.iso3)
        lost = [
            column
            for column, cell in zip(columns, row.cells, strict=True)
            if then is not None and not cell.is_enough and not math.isnan(then.values[tree.positions[column.key]])
        ]
        if lost:
            found.append(WentBlind(row.country, lost))
    return sorted(found, key=lambda one: (one.columns[0].key != ROOT, -len(one.columns)))
