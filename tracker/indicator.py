"""What is asked about a country, on which scale, and how bad is an answer?

`best` and `worst` say all there is to say about direction: nothing else needs to know whether high is good.
"""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from tracker.criterion import Citation

RISK_FACTORS = range(1, 15)
"""The numbers of the 14 risk factors of the United Nations Framework of Analysis for Atrocity Crimes."""


class Voice(StrEnum):
    """Who speaks: our own analysts (fast, close) or a publisher of statistics (slow, comparable)."""

    CODED = "coded"
    PUBLISHED = "published"


class Cadence(StrEnum):
    """How often a new value is expected."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"
    ONCE = "once"


class Transform(StrEnum):
    """How a value is bent before it is placed between best and worst."""

    NONE = "none"
    # For counts and rates where each further tenfold is one more step of the same size.
    LOG = "log"


@dataclass(frozen=True)
class Level:
    """One step of a written scale: what must be seen for this value to be chosen."""

    value: int
    descriptor: str


@dataclass(frozen=True)
class Term:
    """A word of the written scales, explained once for all of them."""

    key: str
    name: str
    meaning: str


@dataclass(frozen=True)
class PublishedSource:
    """Who publishes a measure, on which terms, and how far its figures are trusted (Admiralty code)."""

    key: str
    name: str
    publisher: str
    url: str
    licence: str
    attribution: str
    reliability: str
    credibility: int
    # Whether figures may be, and are, shipped with the product.
    bundled: bool


@dataclass(frozen=True)
class Indicator:
    """One question about a country, with the scale of its answer."""

    key: str
    criterion: str
    name: str
    question: str
    voice: Voice
    best: float
    worst: float
    unit: str
    transform: Transform
    cadence: Cadence
    fresh_for_days: int
    weight: float
    guidance: str
    risk_factors: tuple[int, ...]
    # Five for a graded question, two for yes or no, none for a measured number.
    levels: tuple[Level, ...]
    # None: the value is coded by our analysts, each with the sources of that one observation.
    source: str | None
    # The name of the series at its publisher; None where there is no publisher.
    code: str | None
    citations: tuple[Citation, ...]


class Measured(Protocol):
    """Whatever has goalposts: an indicator of the catalogue, or the same one in the database."""

    @property
    def name(self) -> str: ...
    @property
    def best(self) -> float: ...
    @property
    def worst(self) -> float: ...
    @property
    def transform(self) -> Transform: ...
    @property
    def fresh_for_days(self) -> int: ...


def severity(indicator: Measured, value: float, scale: float = 100.0) -> float:
    """Where the value lies on the way from best (0) to worst (scale); beyond an end it counts as that end.

    Clamping comes first. So a logarithmic scale can say zero: whatever lies below its smaller goalpost counts
    as that goalpost, and no logarithm of zero is ever asked for.
    """
    if math.isnan(value):
        raise ValueError(f"“{indicator.name}” needs a number to be placed on its scale, and there is none.")
    lower, upper = sorted((indicator.best, indicator.worst))
    inside = min(max(value, lower), upper)
    best, worst = indicator.best, indicator.worst
    if indicator.transform is Transform.LOG:
        inside, best, worst = math.log(inside), math.log(best), math.log(worst)
    # Rounding could leave the range by a hair, and a value at its best would come out as minus zero.
    return min(max(0.0, (inside - best) / (worst - best)), 1.0) * scale


def fresh_until(indicator: Measured, observed_on: date) -> date:
    """The last day on which an observation of this indicator still counts."""
    return observed_on + timedelta(days=indicator.fresh_for_days)


def is_fresh(indicator: Measured, observed_on: date, on: date) -> bool:
    """An observation counts from the day it was observed to its last fresh day, both included."""
    return observed_on <= on <= fresh_until(indicator, observed_on)
