"""Small methods and answers to them: a test says what differs from the usual."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from tracker.catalogue.shape import built_in_shape
from tracker.handling import Mark
from tracker.index import Branch, Tree
from tracker.indicator import Transform
from tracker.method import Measure, Method
from tracker.standing import Answer, Evidence, evidence_of

DAY = date(2026, 3, 31)
FRESH_FOR = 62


def days_after(days: int, day: date = DAY) -> date:
    return day + timedelta(days=days)


def a_measure(key: str = "courts", **differs: Any) -> Measure:
    """A graded question, which stays fresh for two months."""
    usual = {"best": 0.0, "worst": 4.0, "transform": Transform.NONE, "fresh_for_days": FRESH_FOR}
    return Measure(key, **{**usual, **differs})


def a_method(*measures: Measure, branches: Sequence[Branch] = (), **of_trust: Any) -> Method:
    """Where no branches are given, one: the mean of all measures, for which any one of them is enough."""
    asked = measures or (a_measure(),)
    keys = tuple(one.key for one in asked)
    whole = branches or (Branch("risk", "Risk", keys, (1.0,) * len(keys), needs=0.0),)
    trust = replace(built_in_shape().trust, **{"draws": 1000, **of_trust})
    return Method(Tree(keys, tuple(whole)), asked, 0.6, trust)


def an_answer(value: float | None = 2.0, on: date = DAY, **differs: Any) -> Answer:
    """To the first measure about the first country, of a grade in the middle, to be seen by all."""
    usual = {"country": 0, "measure": 0, "standard_error": None, "grade": "C3", "handling": Mark.CLEAR}
    return Answer(observed_on=on, value=value, **{**usual, **differs})


def the_evidence(method: Method, *answers: Answer, countries: int = 1) -> Evidence:
    return evidence_of(method, answers, countries)
