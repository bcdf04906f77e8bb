"""Every figure on the dashboard, found again from the rows of the record by the pure functions alone."""

import csv
import io
import math
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.conftest import NOW
from tests.dashboards import cases, counts, on_map, ranked
from tests.databases import STOCKED, Databases, open_database
from tests.strict_client import StrictClient, parsed
from tests.web.browsing import browser_of
from tracker.access import Principal, Role
from tracker.actions.concluding import draw_conclusions
from tracker.handling import Mark
from tracker.index import evaluate
from tracker.method import ROOT, Measure, Method
from tracker.moment import moment_asked_for
from tracker.score import in_points, level_of
from tracker.standing import Answer, Placed, evidence_of, placed_on
from tracker.storage import catalogue, methods
from tracker.storage.base import Database, Session
from tracker.storage.recording import Batch, Observation
from tracker.storage.watching import Indicator, Source
from tracker.trail import quarter_ends
from tracker.uncertainty import rank_intervals, spread
from tracker.web.dashboard.ranking import ranking

TODAY, MONTH_BEFORE, YEAR_BEFORE = date(2026, 3, 16), date(2026, 2, 14), date(2025, 3, 16)
CRITERION = "rule_of_law"
# Of the last nobody knows anything, of the one before it hardly anything.
SCOPE = ("MLI", "NER", "TCD", "CIV", "GHA", "SEN", "BEN", "TGO", "GIN", "LBR", "SLE")
OUT_OF_SCOPE = ("GMB", "CPV")
# As bad as can be, and never corrected; as good as can be.
WORST, BEST = "MLI", "SEN"
# Those that changes are counted from, with the days after them, and the ends of years are among them.
DAYS = (
    *(date(2017, 12, 31), date(2021, 6, 30), date(2023, 12, 31), date(2024, 12, 31), date(2025, 9, 15)),
    *(YEAR_BEFORE, YEAR_BEFORE + timedelta(days=1), date(2025, 12, 31), date(2026, 1, 31)),
    *(MONTH_BEFORE, MONTH_BEFORE + timedelta(days=1), date(2026, 2, 28), TODAY),
)
PAST = date(2025, 10, 15)
MARKS = (*[Mark.CLEAR] * 6, Mark.GREEN, Mark.AMBER, Mark.RED)


def invented(measure: Measure, iso3: str, chance: random.Random) -> Iterator[tuple[date, float | None, float | None]]:
    """Day, value and standard error; coded levels are whole, and now and then nobody can tell."""
    width = abs(measure.worst - measure.best)
    lowest = min(measure.best, measure.worst)
    for day in chance.sample(DAYS, chance.choice((0, 1, 2, 3))):
        value = {WORST: measure.worst, BEST: measure.best}.get(iso3, lowest + chance.random() * width)
        if width == 4:
            yield day, None if chance.random() < 0.1 else float(round(value)), None
        else:
            yield day, value, chance.choice((None, width / 20))


def record(session: Session, method: Method, now: datetime) -> None:
    """All of it, then corrections and withdrawals of some of it; some of what corrects bears a higher mark."""
    chance = random.Random(16)
    numbers = catalogue.indicator_ids(session)
    first, second = (_batch(session, at) for at in (now - timedelta(hours=2), now - timedelta(hours=1)))
    for iso3 in (*SCOPE[:-1], *OUT_OF_SCOPE):
        for measure in method.measures[:3] if iso3 == SCOPE[-2] else chance.sample(method.measures, 45):
            for day, value, error in invented(measure, iso3, chance):
                row = {"observed_on": day, "iso3": iso3, "indicator_id": numbers[measure.key], "attributable": True}
                said = row | {"value": value, "unknown": value is None, "standard_error": error}
                grade = {"reliability": chance.choice("ABCD"), "credibility": chance.randint(1, 4)}
                mark = chance.choice(MARKS)
                session.add(Observation(**said, **grade, revision=1, handling=mark, batch_id=first.id))
                if iso3 != WORST and chance.random() < 0.15:
                    again = {"revision": 2, "reason": "Read again.", "withdrawn": chance.random() < 0.5}
                    mark = max(mark, chance.choice(MARKS))
                    session.add(Observation(**said | again | {"handling": mark, "batch_id": second.id}))
    draw_conclusions(session, [first.id], now=now - timedelta(hours=2))
    draw_conclusions(session, [second.id], now=now - timedelta(hours=1))


def _batch(session: Session, at: datetime) -> Batch:
    source = factories.source(session)
    newest = catalogue.newest_version(session)
    assert newest is not None
    made = Batch(kind="coded", source_id=source.id, catalogue_version=newest.number, recorded_at=at)
    session.add(made)
    session.flush()
    return made


@dataclass(frozen=True)
class Found:
    """One country on one day."""

    values: Mapping[str, float]
    coverage: Mapping[str, float]
    low: Mapping[str, float]
    high: Mapping[str, float]
    draws: Sequence[float]


class Record:
    """What stands in the table of observations, for a clearance."""

    def __init__(self, session: Session, method: Method, clearance: Mark) -> None:
        places = {measure.key: place for place, measure in enumerate(method.measures)}
        query = (
            select(Observation, Indicator.key, Source.reliability, Source.credibility)
            .join(Indicator, Indicator.id == Observation.indicator_id)
            .join(Batch, Batch.id == Observation.batch_id)
            .join(Source, Source.id == Batch.source_id)
            .order_by(Observation.revision)
        )
        newest: dict[tuple[str, str, date], tuple[Observation, Answer]] = {}
        for row, key, reliability, credibility in session.execute(query):
            grade = f"{row.reliability or reliability}{row.credibility or credibility}"
            answer = Answer(0, places[key], row.observed_on, row.value, row.standard_error, grade, row.handling)
            newest[row.iso3, key, row.observed_on] = row, answer
        self._method = method
        self._answers: dict[str, list[Answer]] = {}
        for row, answer in newest.values():
            if not row.withdrawn and row.handling <= clearance:
                self._answers.setdefault(row.iso3, []).append(answer)

    def on(self, iso3: str, day: date) -> Found:
        method = self._method
        both = placed_on(evidence_of(method, self._answers.get(iso3, [])), method, [day])
        placed = Placed(both.severity[:, 0], both.deviation[:, 0])
        found, drawn = evaluate(method.tree, placed.severity), spread(method, placed, iso3)
        columns = (found.values, found.coverage, drawn.low, drawn.high)
        keys = [branch.key for branch in method.tree.branches]
        by_key = (dict(zip(keys, map(single, column[:, 0]), strict=True)) for column in columns)
        values, coverage, low, high = by_key
        return Found(values, coverage, low, high, [single(one) for one in drawn.whole[0]])


def single(value: float) -> float:
    """As scores are kept: in single precision."""
    return float(np.float32(value))


def written(value: float) -> str:
    return "–not known" if math.isnan(value) else f"{in_points(value):g}"


def written_change(now: float, before: float) -> str:
    if math.isnan(now - before):
        return "–not known"
    rounded = f"{now - before:+.1f}".replace("-", "−")
    return "0.0" if rounded[1:] == "0.0" else rounded


def written_share(found: Found, node: str, method: Method) -> str:
    share, is_thin = found.coverage[node], not math.isnan(found.values[node])
    return f"{share:.0%}, thin" if is_thin and method.is_thin(share) else f"{share:.0%}"


@pytest.fixture(scope="module")
def database(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """With everything recorded, once: these tests only look."""
    url = databases.copy("sqlite", STOCKED, tmp_path_factory.mktemp("figures"))
    made = open_database(url)
    with made.writing() as session:
        record(session, in_force(session), NOW)
    yield made
    made.dispose()


def in_force(session: Session) -> Method:
    chosen = methods.in_force(session)
    assert chosen is not None
    return chosen[1]


@pytest.fixture(scope="module")
def method(database: Database) -> Method:
    with database.reading() as session:
        return in_force(session)


@pytest.fixture(scope="module")
def seen(database: Database, method: Method) -> Record:
    with database.reading() as session:
        return Record(session, method, Mark.GREEN)


@pytest.fixture
def reader(app: Flask, database: Database, now: datetime) -> StrictClient:
    with database.writing() as session:
        who = factories.person(session, countries=SCOPE, clearance=Mark.GREEN, created_at=now)
    return browser_of(app, database, who, now)


def iso3s_on(client: StrictClient, address: str) -> list[str]:
    links = parsed(client.get(address)).xpath("//table[@data-filter]/tbody//th/a/@href")
    return [re.findall("[A-Z]{3}", str(link))[0] for link in links]


def test_there_is_something_of_every_kind_to_be_found(seen: Record, method: Method) -> None:
    today = [seen.on(iso3, TODAY).values[ROOT] for iso3 in SCOPE]

    assert 6 <= sum(not math.isnan(one) for one in today) < len(SCOPE)
    assert len({level_of(one) for one in today if not math.isnan(one)}) >= 3


@pytest.mark.parametrize("node", [ROOT, CRITERION])
def test_every_figure_of_the_ranking_comes_from_the_record(
    reader: StrictClient, seen: Record, method: Method, node: str
) -> None:
    address = f"/?by={node}"
    today, month, year = ({iso3: seen.on(iso3, day) for iso3 in SCOPE} for day in (TODAY, MONTH_BEFORE, YEAR_BEFORE))
    ranked_by = {iso3: one.values[node] for iso3, one in today.items() if not math.isnan(one.values[node])}
    page = parsed(reader.get(address))
    rows = dict(zip(iso3s_on(reader, address), ranked(reader, address), strict=True))

    assert set(rows) == set(SCOPE)
    assert [iso3 for iso3 in rows if iso3 in ranked_by] == sorted(ranked_by, key=lambda iso3: -ranked_by[iso3])
    for iso3, row in rows.items():
        found, score = today[iso3], today[iso3].values[node]
        assert row.score == written(score)
        assert row.month == written_change(score, month[iso3].values[node])
        assert row.year == written_change(score, year[iso3].values[node])
        assert row.known == written_share(found, node, method)
        if iso3 not in ranked_by:
            assert (row.level, row.place, row.interval) == ("not enough evidence", "", "")
            continue
        assert row.level == level_of(score).name.lower()
        assert row.interval == f"90 % between {written(found.low[node])} and {written(found.high[node])}"
        assert row.place.split()[0] == str(1 + sum(other > score for other in ranked_by.values()))
        [cell] = page.xpath(f"//tbody/tr[contains(th/a/@href, '{iso3}')]/td[6]")
        assert ("rose" in cell.get("class")) is (year[iso3].values[node] < found.low[node])


def test_between_which_places_a_country_lies_comes_from_the_draws(reader: StrictClient, seen: Record) -> None:
    found = {iso3: one for iso3 in SCOPE if not math.isnan((one := seen.on(iso3, TODAY)).values[ROOT])}
    values = np.array([one.values[ROOT] for one in found.values()])
    highest, lowest = rank_intervals(np.array([one.draws for one in found.values()]), values)
    rows = dict(zip(iso3s_on(reader, "/"), ranked(reader), strict=True))

    for iso3, first, last in zip(found, highest, lowest, strict=True):
        place = 1 + int((values > found[iso3].values[ROOT]).sum())
        assert rows[iso3].place == f"{place} ({int(first)} to {int(last)})"


def test_the_map_the_counts_and_the_export_say_the_same(reader: StrictClient, seen: Record, method: Method) -> None:
    today = {iso3: seen.on(iso3, TODAY) for iso3 in SCOPE}
    levels = dict.fromkeys(SCOPE, "not enough evidence") | {
        iso3: level_of(one.values[ROOT]).name.lower() for iso3, one in today.items() if not math.isnan(one.values[ROOT])
    }
    names = dict(zip(iso3s_on(reader, "/"), (row.name for row in ranked(reader)), strict=True))
    exported = {one["iso3"]: one for one in csv.DictReader(io.StringIO(reader.get("/dashboard.csv").text))}

    assert counts(reader) == {word: list(levels.values()).count(word) for word in set(levels.values())}
    said = {label.partition(": ")[0]: label.partition(": ")[2] for label in on_map(reader)}
    for iso3, one in today.items():
        score, row = one.values[ROOT], exported[iso3]
        is_thin = not math.isnan(score) and method.is_thin(one.coverage[ROOT])
        told = levels[iso3] if math.isnan(score) else f"{levels[iso3]}, {written(score)}"
        assert said[names[iso3]] == told + (", on thin evidence" if is_thin else "")
        for column, value in (("score", score), ("low", one.low[ROOT]), ("high", one.high[ROOT])):
            assert row[column] == ("" if math.isnan(score) else str(round(value, 4)))
        assert (row["known"], row["thin"]) == (str(round(one.coverage[ROOT], 4)), "yes" if is_thin else "no")


@pytest.mark.parametrize(
    ("as_of", "days"),
    [
        ("", [*quarter_ends(TODAY, 40), TODAY]),
        (str(PAST), [*(date(year, 12, 31) for year in range(2015, 2025) for _quarter in range(4)), PAST]),
    ],
    ids=["today", "a past day"],
)
def test_the_way_of_ten_years_comes_from_the_record(
    database: Database, seen: Record, method: Method, now: datetime, as_of: str, days: Sequence[date]
) -> None:
    moment = moment_asked_for(as_of, str(TODAY), now)
    somebody = Principal(0, "", frozenset({Role.READER}), frozenset(SCOPE), Mark.GREEN)
    with database.reading() as session:
        found = ranking(session, (1, method), CRITERION, somebody, moment).standings

    assert len({one for standing in found.values() for one in standing.way}) > 5
    for iso3, standing in found.items():
        expected = {day: seen.on(iso3, day).values[CRITERION] for day in days}
        way = [math.nan if one is None else one for one in standing.way]
        assert way == pytest.approx([expected[day] for day in days], nan_ok=True)


def test_so_do_the_figures_of_a_past_day(reader: StrictClient, seen: Record, method: Method) -> None:
    """Its intervals are those of the day from which on the score held."""
    address = f"/?as_of={PAST}&known_on={TODAY}"

    for iso3, row in zip(iso3s_on(reader, address), ranked(reader, address), strict=True):
        then, month, year = (seen.on(iso3, PAST - timedelta(days=back)) for back in (0, 30, 365))
        score = then.values[ROOT]
        assert row.score == written(score)
        assert row.known == written_share(then, ROOT, method)
        assert row.month == written_change(score, month.values[ROOT])
        assert row.year == written_change(score, year.values[ROOT])


def test_what_a_flag_says_of_a_score_is_that_score(reader: StrictClient, database: Database, seen: Record) -> None:
    with database.reading() as session:
        keys = {one.name: one.key for one in catalogue.criteria_in_force(session)} | {"the risk as a whole": ROOT}
    said = re.compile(r"The score of (.+) was ([\d.]+) on ")

    [sentence] = [case.sentence for case in cases(reader) if case.heading == "Mali"]
    found = said.search(sentence)

    assert found, sentence
    assert float(found[2]) == in_points(seen.on(WORST, TODAY).values[keys[found[1]]]) > 60
