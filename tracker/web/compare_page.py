"""How do two to five countries differ? Their scores side by side, and one of them over the years."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from tracker.access import Principal
from tracker.country import in_order
from tracker.criterion import Dimension
from tracker.exchange.sheets import Cell as SheetCell
from tracker.index import FloatArray
from tracker.method import ROOT, Method
from tracker.moment import Moment
from tracker.pictures.score_line import ScoreLine
from tracker.score import Level, hundredths, level_of
from tracker.storage import past_scores, score_steps, scores
from tracker.storage.base import Session
from tracker.storage.watching import Country
from tracker.uncertainty import is_distinguishable
from tracker.web.chart_titles import several_scores_title
from tracker.web.countries.course import score_line
from tracker.web.countries.scores import known
from tracker.web.countries.tree import names_of
from tracker.web.country_choice import narrowed
from tracker.web.csv_file import sheet
from tracker.web.frame import Frame
from tracker.web.windows import USUAL, Window, ends_of, first_day, window_asked_for
from tracker.web.words import country_name, reader_language
from tracker.workings import Scores

FEWEST, MOST = 2, 5
CSV_COLUMNS = (
    *("iso3", "country", "score_of", "name", "from_day", "points", "level", "low", "high"),
    *("share_fresh", "thin", "points_above_the_first"),
)
_LONGEST_CODE = 20


@dataclass(frozen=True)
class Asked:
    """All of it stands in the address. What cannot be understood narrows nothing."""

    # As they were typed, each once.
    codes: Sequence[str]
    # Whose way is drawn.
    node: str
    window: Window
    # From which countries can be added. Empty: from any.
    group: str = ""

    @classmethod
    def read(cls, arguments: "MultiDict[str, str]") -> "Asked":
        typed = [code.strip().upper()[:_LONGEST_CODE] for code in arguments.getlist("with")]
        node = arguments.get("criterion", "") or ROOT
        codes = list(dict.fromkeys(code for code in typed if code))
        return cls(codes, node, window_asked_for(arguments), arguments.get("group", ""))

    def of(self, codes: Sequence[str]) -> "Asked":
        return replace(self, codes=codes)

    def as_arguments(self) -> dict[str, str | list[str]]:
        found: dict[str, str | list[str]] = {"with": list(self.codes)}
        if self.node != ROOT:
            found["criterion"] = self.node
        if self.group:
            found["group"] = self.group
        return found | ({} if self.window is USUAL else {"window": self.window.value})


@dataclass(frozen=True)
class Cell:
    """One score of one country."""

    value: float
    level: Level
    # None: it was not drawn, or is not kept.
    low: float | None
    high: float | None
    coverage: float
    thin: bool
    # How far it lies above that of the first country; None: this is the first, or of the first it is not known.
    above: float | None


@dataclass(frozen=True)
class Row:
    key: str
    name: str
    # 0: the risk, 1: a dimension, 2: a criterion.
    depth: int
    # In the order of the countries; None: not enough evidence.
    cells: Sequence[Cell | None]


@dataclass(frozen=True)
class Apart:
    """How the risk of one country lies to those of the others, as far as draws can tell them apart."""

    country: Country
    worse_than: Sequence[Country]
    better_than: Sequence[Country]
    # Not distinguishable from it.
    alike: Sequence[Country]


@dataclass(frozen=True)
class Choice:
    """Which countries were asked for."""

    countries: Sequence[Country]
    # What was typed that is no country of which the reader may know.
    unknown: Sequence[str]
    # Those beyond what can be read side by side.
    left_out: Sequence[Country]
    # Those that can be added.
    others: Sequence[Country]

    @property
    def is_enough(self) -> bool:
        return len(self.countries) >= FEWEST

    @property
    def may_grow(self) -> bool:
        return len(self.countries) < MOST


@dataclass(frozen=True)
class Comparison:
    asked: Asked
    moment: Moment
    choice: Choice
    # By key, what can be drawn: the risk, the dimensions, the criteria.
    nodes: Mapping[str, str]
    # The number of the method; None: none was in force, and nothing was scored.
    version: int | None
    rows: Sequence[Row]
    # Of each country with a risk, how the others lie to it. None: that is drawn for today alone.
    apart: Sequence[Apart] | None
    lines: Sequence[ScoreLine]
    first: date

    @property
    def title(self) -> str:
        return several_scores_title(self.lines, self.moment.day, self.nodes[self.asked.node] if self.names_it else "")

    @property
    def names_it(self) -> bool:
        return self.asked.node != ROOT

    def without(self, iso3: str) -> dict[str, str | list[str]]:
        """The arguments of the same page but for one country."""
        return self.asked.of([one.iso3 for one in self.choice.countries if one.iso3 != iso3]).as_arguments()


def comparison(session: Session, asked: Asked, reader: Principal, moment: Moment, frame: Frame) -> Comparison:
    choice = _choice(asked, reader, frame)
    method = frame.method_at(session, moment)
    names = names_of(frame.criteria, str(_("Risk")))
    nodes = {key: names.get(key, key) for key in (_nodes(method[1]) if method else [ROOT])}
    asked = replace(asked, node=asked.node if asked.node in nodes else ROOT)
    asked = asked.of([one.iso3 for one in choice.countries])
    first = first_day(asked.window, moment.day) or moment.day
    if method is None or not choice.countries:
        return Comparison(asked, moment, choice, nodes, None, [], None, [], first)
    number, its = method
    found, apart = _scores(session, number, its, choice.countries, reader, moment)
    steps = score_steps.steps_seen(
        *(session, number, its.tree, asked.codes, reader.clearance),
        ends=ends_of(asked.window, moment.day),
        until=moment.day,
        known=moment.known_at,
    )
    lines = [score_line(its.tree, steps[one.iso3], asked.node, country_name(one)) for one in choice.countries]
    known_since = [point.on for line in lines for point in line.points if point.value is not None]
    if asked.window is Window.ALL:
        first = min(known_since, default=moment.day)
    rows = [_row(key, nodes[key], its, [found.get(one.iso3) for one in choice.countries]) for key in nodes]
    return Comparison(asked, moment, choice, nodes, number, rows, apart, lines, first)


def compared_as_csv(page: Comparison) -> str:
    """What is seen: the scores of the day, and after them the way of the one that is drawn."""
    rows: list[Sequence[SheetCell]] = []
    for row in page.rows:
        for country, cell in zip(page.choice.countries, row.cells, strict=True):
            named: list[SheetCell] = [country.iso3, country_name(country), row.key, row.name, page.moment.day]
            rows.append([*named, *(_told(cell) if cell else [None] * (len(CSV_COLUMNS) - len(named)))])
    drawn = page.asked.node, page.nodes[page.asked.node]
    for country, line in zip(page.choice.countries, page.lines, strict=True):
        for point in line.within(page.first, page.moment.day).points:
            level = None if point.value is None else level_of(point.value).name.lower()
            rows.append(
                [
                    *(country.iso3, country_name(country), *drawn, point.on, hundredths(point.value), level),
                    *(hundredths(point.low), hundredths(point.high), None, None, None),
                ]
            )
    return sheet(CSV_COLUMNS, rows, page.moment)


def _nodes(method: Method) -> list[str]:
    """The risk, and each dimension followed by its criteria."""
    below = [(dimension, method.branch(dimension).children) for dimension in method.branch(ROOT).children]
    return [ROOT, *(key for dimension, criteria in below for key in (dimension, *criteria))]


def _choice(asked: Asked, reader: Principal, frame: Frame) -> Choice:
    reached = {iso3: one for iso3, one in frame.countries.items() if reader.reaches(iso3)}
    found = [reached[code] for code in asked.codes if code in reached]
    others = [one for one in reached.values() if one not in found[:MOST]]
    return Choice(
        countries=found[:MOST],
        unknown=[code for code in asked.codes if code not in reached],
        left_out=found[MOST:],
        others=in_order(narrowed(others, asked.group, "", frame), reader_language()),
    )


def _scores(
    session: Session,
    number: int,
    method: Method,
    chosen: Sequence[Country],
    reader: Principal,
    moment: Moment,
) -> tuple[dict[str, Scores], list[Apart] | None]:
    """By country its scores, and how their risks lie to each other."""
    iso3s = {one.iso3 for one in chosen}
    if not moment.is_now:
        then = past_scores.on_days(
            session, number, method.tree, reader.clearance, iso3s, days=[moment.day], known=moment.known_at
        )
        return {iso3: found[0] for iso3, found in then.items() if found[0] is not None}, None
    now = scores.now(session, number, method.tree, reader.clearance, iso3s)
    drawn = [(one, draws) for one in chosen if one.iso3 in now and (draws := now[one.iso3].draws) is not None]
    return {iso3: one.scores for iso3, one in now.items()}, [_apart(one, its, drawn) for one, its in drawn]


def _apart(country: Country, own: FloatArray, drawn: Sequence[tuple[Country, FloatArray]]) -> Apart:
    worse_than, better_than, alike = list[Country](), list[Country](), list[Country]()
    for other, its in drawn:
        if other is country:
            continue
        if not is_distinguishable(own, its):
            alike.append(other)
        else:
            (worse_than if own.mean() > its.mean() else better_than).append(other)
    return Apart(country, worse_than, better_than, alike)


def _row(key: str, name: str, method: Method, found: Sequence[Scores | None]) -> Row:
    cells: list[Cell | None] = []
    for one in found:
        cells.append(_cell(key, method, one, first=cells[0] if cells else None, is_first=not cells))
    depth = 0 if key == ROOT else 1 if key in set(Dimension) else 2
    return Row(key, name, depth, cells)


def _cell(key: str, method: Method, found: Scores | None, *, first: Cell | None, is_first: bool) -> Cell | None:
    place = method.tree.positions[key]
    value = None if found is None else known(float(found.values[place]))
    if found is None or value is None:
        return None
    coverage = float(found.coverage[place])
    return Cell(
        value=value,
        level=level_of(value),
        low=known(float(found.low[place])),
        high=known(float(found.high[place])),
        coverage=coverage,
        thin=method.is_thin(coverage),
        above=None if is_first or first is None else value - first.value,
    )


def _told(cell: Cell) -> list[SheetCell]:
    return [
        *(hundredths(cell.value), cell.level.name.lower(), hundredths(cell.low), hundredths(cell.high)),
        *(round(cell.coverage, 4), cell.thin, hundredths(cell.above)),
    ]
