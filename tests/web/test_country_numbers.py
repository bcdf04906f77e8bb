"""Every number on a country's page, found again from the rows of the record by the pure functions alone."""

import math
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

import numpy as np
import pytest
from flask import Flask
from lxml.html import HtmlElement
from sqlalchemy import select

from tests import factories
from tests.conftest import NOW
from tests.databases import MIGRATED, Databases, open_database
from tests.strict_client import StrictClient, parsed
from tests.web.browsing import browser_of
from tests.web.test_dashboard_figures import Found, Record, in_force, single, written, written_change
from tracker.demo.loading import load_demo
from tracker.handling import Mark
from tracker.index import Branch
from tracker.indicator import is_fresh, severity
from tracker.method import ROOT, Method
from tracker.observation import change_between, observed_a_year_before
from tracker.score import in_points, level_of
from tracker.storage.base import Database
from tracker.storage.recording import Observation
from tracker.storage.watching import Criterion, Indicator
from tracker.uncertainty import rank_intervals
from tracker.web.words import MINUS

TODAY, YEAR = NOW.date(), timedelta(days=365)
# One that worsens, one where a criterion has fallen silent, and one of which too little is known for a risk.
ISLES = ("XAA", "XAD", "XAG")
EVERYWHERE = tuple(f"XA{letter}" for letter in "ABCDEFGH")


@pytest.fixture(scope="module")
def database(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The archipelago, once: these tests only look."""
    made = open_database(databases.copy("sqlite", MIGRATED, tmp_path_factory.mktemp("archipelago")))
    with made.writing() as session:
        load_demo(session, now=NOW)
    yield made
    made.dispose()


class Said(NamedTuple):
    """In the archipelago everything that is recorded is a value."""

    observed_on: date
    value: float
    standard_error: float | None


class Truth:
    """What the record says, for one clearance, with the names of what it speaks of."""

    def __init__(self, database: Database, clearance: Mark) -> None:
        self.clearance = clearance
        with database.reading() as session:
            self.method: Method = in_force(session)
            self._record = Record(session, self.method, clearance)
            self.names: Mapping[str, str] = {
                **{one.key: one.name for one in session.scalars(select(Criterion))},
                **{one.key: one.name for one in session.scalars(select(Indicator))},
                "pressure": "Pressure",
                "signs": "Signs",
                "protection": "Missing protection",
            }
            self.indicators = {one.key: one for one in session.scalars(select(Indicator))}
            seen = select(Observation).where(Observation.handling <= clearance, Observation.withdrawn.is_(False))
            self.rows = list(session.scalars(seen.order_by(Observation.observed_on)))
            assert all(row.value is not None and row.revision == 1 for row in self.rows)
        self._answers: dict[tuple[str, int], list[Said]] = {}
        for row in self.rows:
            if row.observed_on <= TODAY and row.value is not None:
                answers = self._answers.setdefault((row.iso3, row.indicator_id), [])
                answers.append(Said(row.observed_on, row.value, row.standard_error))
        self.on = cache(self._record.on)
        self.severity = cache(self._severity)

    def answers(self, iso3: str, key: str) -> list[Said]:
        return self._answers.get((iso3, self.indicators[key].id), [])

    def _severity(self, iso3: str, key: str) -> float:
        """NaN: nothing fresh."""
        answers = self.answers(iso3, key)
        if not answers or not is_fresh(self.indicators[key], answers[-1].observed_on, TODAY):
            return math.nan
        return single(severity(self.indicators[key], answers[-1].value))

    def value(self, iso3: str, key: str) -> float:
        return self.severity(iso3, key) if key in self.method.tree.leaves else self.on(iso3, TODAY).values[key]

    def share(self, iso3: str, branch: Branch, child: str) -> float:
        """Of the weights of its children that have a value."""
        there = {key: weight for key, weight in zip(branch.children, branch.weights, strict=True)
                 if not math.isnan(self.value(iso3, key))}  # fmt: skip
        return there[child] / sum(there.values())


@pytest.fixture(scope="module", params=[Mark.GREEN, Mark.RED], ids=str)
def truth(request: pytest.FixtureRequest, database: Database) -> Truth:
    return Truth(database, request.param)


@pytest.fixture
def reader(app: Flask, database: Database, truth: Truth) -> StrictClient:
    with database.writing() as session:
        who = factories.person(session, clearance=truth.clearance, created_at=NOW)
    return browser_of(app, database, who, NOW)


def words(element: HtmlElement) -> str:
    """As they are seen: what is only heard is left out."""
    for heard in element.xpath(".//*[@class='heard-only']"):
        heard.text = None
    return " ".join(element.text_content().split())


def points(value: float) -> str:
    return f"{in_points(value):g}"


def percent(share: float) -> str:
    return f"{round(share * 100)}%"


def tenth(value: float) -> str:
    return f"{round(value, 1) or 0:.1f}"


@pytest.mark.parametrize("iso3", ISLES)
def test_where_it_stands(reader: StrictClient, truth: Truth, iso3: str) -> None:
    [section] = parsed(reader.get(f"/countries/{iso3}")).xpath("//section[@aria-labelledby='risk']")
    said, now, year_ago = words(section), truth.on(iso3, TODAY), truth.on(iso3, TODAY - YEAR)
    risk, then = now.values[ROOT], year_ago.values[ROOT]
    if math.isnan(risk):
        assert "not enough evidence" in said
        return

    assert said.startswith(f"Risk {points(risk)} {level_of(risk).name.lower()}")
    assert f"90 % between {points(now.low[ROOT])} and {points(now.high[ROOT])}" in said
    assert place_said(truth, iso3) in said
    assert f"{percent(now.coverage[ROOT])} of what is asked is fresh" in said
    if not math.isnan(then):
        was = "" if level_of(then) is level_of(risk) else f" ({level_of(then).name.lower()})"
        assert f"{written_change(risk, then)} in twelve months from {points(then)}{was}, " in said
        is_alike = known_criteria(truth, now) == known_criteria(truth, year_ago)
        is_clear = is_alike and not now.low[ROOT] <= then <= now.high[ROOT]
        assert ("more than can be put down to uncertainty" in said) is is_clear
        assert ("when other criteria were known" in said) is not is_alike
    newest = {key: answers[-1] for key in truth.indicators if (answers := truth.answers(iso3, key))}
    fresh = sum(not math.isnan(truth.severity(iso3, key)) for key in newest)
    assert f"{fresh} of {len(truth.indicators)} indicators" in said


def known_criteria(truth: Truth, found: Found) -> set[str]:
    method = truth.method
    criteria = {one for dimension in method.branch(ROOT).children for one in method.branch(dimension).children}
    return {one for one in criteria if not math.isnan(found.values[one])}


def place_said(truth: Truth, iso3: str) -> str:
    found = {one: its for one in EVERYWHERE if not math.isnan((its := truth.on(one, TODAY)).values[ROOT])}
    values = np.array([its.values[ROOT] for its in found.values()])
    highest, lowest = rank_intervals(np.array([its.draws for its in found.values()]), values)
    row = list(found).index(iso3)
    place = 1 + int((values > values[row]).sum())
    return f"place {place} ({int(highest[row])} to {int(lowest[row])}) of {len(found)}"


@pytest.mark.parametrize("iso3", ISLES)
def test_what_it_is_made_of(reader: StrictClient, truth: Truth, iso3: str) -> None:
    page = parsed(reader.get(f"/countries/{iso3}"))
    rows = [words(row) for row in page.xpath("//*[contains(@class, 'tree-row')][not(contains(@class, 'tree-head'))]")]
    branches = [truth.method.branch(key) for key in truth.method.branch(ROOT).children]

    expected = []
    for dimension in branches:
        expected.append(row_of(truth, iso3, dimension.key, truth.method.branch(ROOT), 1.0))
        of_risk = share_or_nothing(truth, iso3, truth.method.branch(ROOT), dimension.key)
        expected += [row_of(truth, iso3, key, dimension, of_risk) for key in dimension.children]
    told = sorted(re.sub(r" \d+ of \d+ fresh(, newest (\w+ )?\d{4})?(, an answer withdrawn)?", "", row) for row in rows)
    for row, (cells, gives) in zip(told, sorted(expected), strict=True):
        said, _space, last = row.rpartition(" ")
        # a half may be rounded either way, by the order in which it is multiplied
        assert (row, None) == (cells, gives) or (said == cells and float(last) == pytest.approx(gives, abs=0.0501))


def share_or_nothing(truth: Truth, iso3: str, above: Branch, key: str) -> float:
    return 0.0 if math.isnan(truth.value(iso3, key)) else truth.share(iso3, above, key)


def row_of(truth: Truth, iso3: str, key: str, above: Branch, of_risk: float) -> tuple[str, float | None]:
    """What stands in it before what it gives the risk, and that; None: the risk has no value."""
    now, value = truth.on(iso3, TODAY), truth.value(iso3, key)
    if math.isnan(value):
        return f"{truth.names[key]} not enough evidence", None
    share, then = truth.share(iso3, above, key), truth.on(iso3, TODAY - YEAR).values[key]
    thin = " thin" if truth.method.is_thin(now.coverage[key]) else ""
    cells = [
        f"{truth.names[key]} {level_of(value).name.lower()}{thin} {points(value)}",
        f"{points(now.low[key])} to {points(now.high[key])}",
        *([] if math.isnan(then) else [points(then)]),
        percent(now.coverage[key]),
    ]
    if math.isnan(truth.value(iso3, above.key)):
        return " ".join(cells), None
    cells.append(percent(share))
    return " ".join(cells), None if math.isnan(truth.value(iso3, ROOT)) else of_risk * share * value


@pytest.mark.parametrize("iso3", ISLES)
def test_each_indicator_with_its_answers(reader: StrictClient, truth: Truth, iso3: str) -> None:
    page = parsed(reader.get(f"/countries/{iso3}"))
    compared = 0
    for key, indicator in truth.indicators.items():
        [row] = page.xpath(f"//tr[@id='{key}']")
        answers, value = truth.answers(iso3, key), truth.severity(iso3, key)
        assert words(row.xpath("td")[3]) == ("–" if math.isnan(value) else points(value))
        if not answers:
            assert "nothing that you may see" in row.text_content()
            continue
        links = [str(link) for link in row.xpath("td[1]//a/@href")]
        newest_first = answers[: -1 - 3 : -1]
        assert links[: len(newest_first)] == [
            f"/countries/{iso3}/{key}/{said.observed_on.isoformat()}" for said in newest_first
        ]
        figures = [str(said) for said in row.xpath("td[1]/p[1]/b/text() | td[1]/p[starts-with(., 'before')]/a/text()")]
        assert figures == [f"{said.value:g}" for said in newest_first]
        if not math.isnan(value):
            compared += 1
            voice = next(one for one in truth.method.tree.branches if key in one.children)
            share = truth.share(iso3, voice, key)
            gives = share * value if not math.isnan(truth.value(iso3, voice.key)) else None
            told = [words(cell) for cell in row.xpath("td")[4:]]
            assert told == (["–", "–"] if gives is None else [percent(share), tenth(gives)])
        assert indicator.name in words(row)
    assert compared > 5


@pytest.mark.parametrize("iso3", ISLES)
def test_what_changed_in_a_year(reader: StrictClient, truth: Truth, iso3: str) -> None:
    rows = parsed(reader.get(f"/countries/{iso3}")).xpath("//section[@aria-labelledby='moved']//tbody/tr")
    expected = {}
    for key, indicator in truth.indicators.items():
        answers = truth.answers(iso3, key)
        before = observed_a_year_before(answers, answers[-1]) if answers else None
        if before is None or math.isnan(truth.severity(iso3, key)):
            continue
        change = change_between(indicator, before, answers[-1])
        if change.is_beyond_error:
            figures = f"{before.value:g} {answers[-1].value:g} {change.points:+.1f}".replace("-", MINUS)
            expected[indicator.name] = f"{figures} {level_of(truth.severity(iso3, key)).name.lower()}"

    told = {words(row.xpath("th")[0]): " ".join(words(cell) for cell in row.xpath("td")[:4]) for row in rows}
    assert told == expected


@pytest.mark.parametrize("iso3", ISLES)
def test_how_it_went(reader: StrictClient, truth: Truth, iso3: str) -> None:
    """Each figure behind the picture is the score that held from its day on, and no step is left out."""
    page = parsed(reader.get(f"/countries/{iso3}?window=1"))
    rows = [[words(cell) for cell in row.xpath("th|td")] for row in page.xpath("//*[@id='course']//tbody/tr")]
    found = {day_of(day): (score, interval) for day, score, interval, _level in rows}
    first = TODAY - YEAR

    shown = {}
    for day in (first + timedelta(days=number) for number in range(366)):
        now: Found = truth.on(iso3, day)
        score = written(now.values[ROOT]).replace("–not known", "–")
        held = found[max(one for one in found if one <= day)]
        assert held[0] == score
        shown[score] = held
        if day in found and held[1] != "–":
            assert held[1] == f"{points(now.low[ROOT])} to {points(now.high[ROOT])}"
    assert shown


def day_of(written_day: str) -> date:
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    day, month, year = written_day.split()
    return date(int(year), months.index(month) + 1, int(day))


@pytest.mark.parametrize("iso3", ISLES)
def test_what_changed_it_last(reader: StrictClient, truth: Truth, iso3: str) -> None:
    found = parsed(reader.get(f"/countries/{iso3}")).xpath("//p[@id='last-change']")
    days = [TODAY - timedelta(days=back) for back in range(366)]
    scores = [written(truth.on(iso3, day).values[ROOT]) for day in days]
    changed = next((back for back, score in enumerate(scores) if score != scores[0]), None)
    if changed is None or "not known" in scores[changed] + scores[0]:
        assert found == []
        return

    on = days[changed - 1]
    assert f"on {on.day} {on:%B %Y} it went from {scores[changed]} to {scores[0]}." in words(found[0])
