"""What one organisation hands to another: observations, flags and assessments of chosen countries, signed.

A mark binds whoever holds what bears it. What bears TLP:AMBER+STRICT stays in the organisation and TLP:RED with those
who heard it: neither ever leaves, whoever asks. Who wrote something down never leaves either.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from tracker.assessment import Crime, Stage
from tracker.handling import Mark
from tracker.refusal import N_, Refusal
from tracker.situation import Verdict

SCHEMA = 1
HIGHEST_MARK = Mark.AMBER
USUAL_MARK = Mark.GREEN
# What fits into a file of moderate size, and onto a page that somebody looks through.
MOST_ROWS = 50_000
LONGEST_NAME = 200


class BundleDirection(StrEnum):
    SENT = "sent"
    RECEIVED = "received"


class StatementKind(StrEnum):
    """What another organisation concluded, beside what it observed."""

    FLAG = "flag"
    ASSESSMENT = "assessment"


class BundlePart(StrEnum):
    """What can be chosen to be shared."""

    OBSERVATIONS = "observations"
    FLAGS = "flags"
    ASSESSMENTS = "assessments"


class Unshared(StrEnum):
    """Why something that was asked for stays behind."""

    ABOVE_CHOICE = "above_choice"
    NEVER_LEAVES = "never_leaves"
    # A partner's, with a mark that it is theirs alone to pass on under.
    OF_A_PARTNER = "of_a_partner"


@dataclass(frozen=True)
class SharedObservation:
    country: str
    # The indicator's key, which is the same everywhere.
    indicator: str
    day: date
    # None: "don't know".
    value: float | None
    standard_error: float | None
    reliability: str
    credibility: int
    mark: Mark
    # False: whose word it is stays behind, and so does the link, which would tell it.
    attributable: bool
    source: str | None
    note: str | None
    evidence: str | None


@dataclass(frozen=True)
class SharedWithdrawal:
    """That an observation counts no more: whoever took it in before should know. What it said does not leave again."""

    country: str
    indicator: str
    day: date
    mark: Mark


@dataclass(frozen=True)
class SharedFlag:
    country: str
    rule: str
    rule_name: str
    # A node of the tree or an indicator; empty: something that has no name elsewhere.
    subject: str
    opened_on: date
    # Since when it stands so.
    day: date
    severity: int
    is_open: bool
    # None: nobody has looked into it.
    verdict: Verdict | None
    mark: Mark


@dataclass(frozen=True)
class SharedAssessment:
    country: str
    # Which part of the country, in words; empty: all of it.
    part: str
    day: date
    crimes: tuple[Crime, ...]
    out_of_scope: str
    likelihood: int | None
    consequence: int | None
    stage: Stage | None
    population: str
    summary: str
    mark: Mark


Shared = SharedObservation | SharedWithdrawal | SharedFlag | SharedAssessment


@dataclass(frozen=True)
class Contents:
    made_at: datetime
    # For whom it was made, in words.
    recipient: str
    observations: tuple[SharedObservation, ...] = ()
    withdrawn: tuple[SharedWithdrawal, ...] = ()
    flags: tuple[SharedFlag, ...] = ()
    assessments: tuple[SharedAssessment, ...] = ()

    @property
    def rows(self) -> tuple[Shared, ...]:
        return (*self.observations, *self.withdrawn, *self.flags, *self.assessments)

    @property
    def highest(self) -> Mark:
        return max((row.mark for row in self.rows), default=Mark.CLEAR)

    @property
    def countries(self) -> list[str]:
        return sorted({row.country for row in self.rows})

    def as_plain(self) -> dict[str, Any]:
        """As it stands in the file; days as ISO 8601, marks by their labels."""
        return {
            "schema": SCHEMA,
            "made_at": self.made_at.isoformat(timespec="microseconds"),
            "recipient": self.recipient,
            "observations": [_plain(row) for row in self.observations],
            "withdrawn": [_plain(row) for row in self.withdrawn],
            "flags": [_plain(row) for row in self.flags],
            "assessments": [_plain(row) for row in self.assessments],
        }


def part_of(row: Shared) -> BundlePart:
    if isinstance(row, SharedObservation | SharedWithdrawal):
        return BundlePart.OBSERVATIONS
    return BundlePart.FLAGS if isinstance(row, SharedFlag) else BundlePart.ASSESSMENTS


def counts_of(rows: Iterable[Shared]) -> dict[str, dict[str, int]]:
    """By part and mark, for a summary that is kept."""
    counted: dict[str, Counter[str]] = {part.value: Counter() for part in BundlePart}
    for row in rows:
        counted[part_of(row).value][row.mark.label] += 1
    return {part: dict(counts) for part, counts in counted.items()}


def _plain(row: Shared) -> dict[str, Any]:
    return {name: _plain_value(value) for name, value in asdict(row).items()}


def _plain_value(value: object) -> object:
    if isinstance(value, Mark):
        return value.label
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [str(one) for one in value]
    return value


# ---- what may leave ---------------------------------------------------------------------------------------------


class MarkNeverLeaves(Refusal):
    def __init__(self, mark: Mark) -> None:
        sentence = (
            N_("TLP:RED is for those who heard it alone: it never leaves.")
            if mark is Mark.RED
            else N_("TLP:AMBER+STRICT stays in the organisation: it never leaves.")
        )
        super().__init__(sentence)


class MarkAboveYours(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("You share at most what you may see: choose a lower mark."))


def refuse_ceiling(mark: Mark, clearance: Mark) -> None:
    """The highest mark that somebody may share up to."""
    if mark > HIGHEST_MARK:
        raise MarkNeverLeaves(mark)
    if mark > clearance:
        raise MarkAboveYours


def why_unshared(mark: Mark, ceiling: Mark) -> Unshared | None:
    """None: it may go."""
    if mark > HIGHEST_MARK:
        return Unshared.NEVER_LEAVES
    return Unshared.ABOVE_CHOICE if mark > ceiling else None


Behind = Mapping[Unshared, Mapping[BundlePart, int]]
