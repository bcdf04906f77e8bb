"""Everything that a country's page shows, as one table to take away: each line says what it tells of."""

from collections.abc import Iterator
from datetime import date

from flask_babel import gettext as _

from tracker.exchange.sheets import Cell
from tracker.handling import Mark
from tracker.method import ROOT
from tracker.pictures.score_line import ScoreLine
from tracker.score import hundredths, level_of
from tracker.storage.country_evidence import Recorded
from tracker.storage.watching import Indicator
from tracker.uncertainty import Place
from tracker.web.countries.page import CountryPage
from tracker.web.countries.scores import Line, Node
from tracker.web.countries.situation import OpenFlag, OpenSituation
from tracker.web.csv_file import sheet

COLUMNS = (
    *("what", "key", "name", "day", "value", "standard_error", "points", "level", "low", "high"),
    *("share_fresh", "thin", "points_a_year_ago", "weighs", "gives", "gives_the_risk"),
    *("source", "grade", "handling", "words"),
)


def country_as_csv(page: CountryPage) -> str:
    return sheet(COLUMNS, _rows(page), page.moment)


def _rows(page: CountryPage) -> Iterator[list[Cell]]:
    if page.scores:
        yield from _scores(page.scores.whole, page.scores.day)
    if page.place:
        yield _place(page.place, page.moment.day)
    if page.course:
        for key, line in page.course.lines.items():
            yield from _way(key, line.within(page.course.first, page.moment.day))
    for measure in page.evidence.measures.values():
        for said in measure.answers:
            yield _answer(measure.indicator, said)
    for one in page.evidence.unanswered.values():
        yield _row("not answered", key=one.indicator.key, name=one.indicator.name, day=one.unknown_on)
    for situation in page.attention.situations:
        yield _situation(situation)
    for flag in page.attention.flags:
        yield _flag(flag)
    for occasion in page.attention.coming:
        mark, kind = Mark(occasion.handling).label, occasion.kind.value
        words = str(_("called off since")) if occasion.removed else None
        yield _row("coming", key=kind, name=occasion.name, day=occasion.day, handling=mark, words=words)


def _row(what: str, **cells: Cell) -> list[Cell]:
    assert cells.keys() <= set(COLUMNS), "every cell has its column"
    return [what, *(cells.get(name) for name in COLUMNS[1:])]


def _scores(node: Node, day: date) -> Iterator[list[Cell]]:
    yield _score(node.line, day)
    for part in node.parts:
        yield from _scores(part, day)


def _score(line: Line, day: date) -> list[Cell]:
    """Of what is missing, neither what it weighs nor what it gives."""
    has_value = line.value is not None
    return _row(
        "score",
        key=line.key,
        name=line.name,
        day=day,
        points=hundredths(line.value),
        level=_level(line.value),
        low=hundredths(line.low),
        high=hundredths(line.high),
        share_fresh=_share(line.coverage),
        thin=line.thin,
        points_a_year_ago=hundredths(line.year_ago),
        weighs=_share(line.share) if has_value else None,
        gives=hundredths(line.points) if has_value else None,
        gives_the_risk=hundredths(line.of_risk) if has_value else None,
    )


def _way(key: str, line: ScoreLine) -> Iterator[list[Cell]]:
    for point in line.points:
        told = {"points": hundredths(point.value), "low": hundredths(point.low), "high": hundredths(point.high)}
        yield _row("score then", key=key, name=line.label, day=point.on, level=_level(point.value), **told)


def _place(place: Place, day: date) -> list[Cell]:
    words = str(_("place %(place)s of %(all)s", place=place.place, all=place.of))
    return _row("place", key=ROOT, day=day, value=place.place, low=place.highest, high=place.lowest, words=words)


def _answer(indicator: Indicator, said: Recorded) -> list[Cell]:
    return _row(
        "answer",
        key=indicator.key,
        name=indicator.name,
        day=said.observed_on,
        value=said.value,
        standard_error=said.standard_error,
        source=indicator.source.attribution if indicator.source else said.source or str(_("not for attribution")),
        grade=said.grade,
        handling=said.handling.label,
        words="don't know" if said.value is None else None,
    )


def _situation(one: OpenSituation) -> list[Cell]:
    mark, owner = Mark(one.situation.handling).label, one.owner or str(_("Nobody is in charge yet"))
    return _row("situation", key=one.state.value, name=one.situation.part, day=one.due_on, handling=mark, words=owner)


def _flag(flag: OpenFlag) -> list[Cell]:
    words = " ".join(part for part in (flag.told.sentence, flag.told.clears) if part)
    mark, since = Mark(flag.one.said.handling).label, flag.one.events[0].day
    return _row("flag", key=flag.one.flag.rule_key, name=flag.title, day=since, handling=mark, words=words)


def _level(points: float | None) -> str | None:
    return None if points is None else level_of(points).name.lower()


def _share(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
