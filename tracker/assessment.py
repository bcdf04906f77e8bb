"""How bad is it, of what, for whom, and at which stage? What a person concludes once the flags are verified.

Every assessment names which of the four crimes is at risk, or says why none of them is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from tracker.refusal import N_

LOWEST_STEP, HIGHEST_STEP = 1, 5
LONGEST_TEXT = 4000


class Crime(StrEnum):
    """The four of paragraphs 138 and 139 of the 2005 World Summit Outcome, and nothing else."""

    GENOCIDE = "genocide"
    WAR_CRIMES = "war_crimes"
    ETHNIC_CLEANSING = "ethnic_cleansing"
    AGAINST_HUMANITY = "crimes_against_humanity"


class Stage(StrEnum):
    """Each asks for measures of its own."""

    EARLY_PREVENTION = "early_prevention"
    EARLY_VIOLENCE = "early_violence"
    ONGOING_VIOLENCE = "ongoing_violence"


@dataclass(frozen=True)
class Assessment:
    summary: str
    # Empty: out of scope, and `out_of_scope` says why.
    crimes: tuple[Crime, ...] = ()
    out_of_scope: str = ""
    # From 1 to 5; None where it is out of scope.
    likelihood: int | None = None
    consequence: int | None = None
    # None where it is out of scope.
    stage: Stage | None = None
    # Who would suffer, in human terms.
    population: str = ""

    @property
    def is_in_scope(self) -> bool:
        return bool(self.crimes)

    def as_concluded(self) -> "Assessment":
        """Out of scope nothing is likely, grave or at a stage: all of that is asked of a crime, and what an earlier
        assessment said of one is not said again."""
        if self.is_in_scope:
            return self
        return replace(self, likelihood=None, consequence=None, stage=None, population="")

    def details(self) -> dict[str, Any]:
        """All but the summary, as an event keeps it."""
        return {
            "crimes": sorted(self.crimes),
            "out_of_scope": self.out_of_scope,
            "likelihood": self.likelihood,
            "consequence": self.consequence,
            "stage": self.stage,
            "population": self.population,
        }

    @classmethod
    def kept(cls, summary: str, details: Mapping[str, Any]) -> "Assessment":
        return cls(
            summary=summary,
            crimes=tuple(Crime(crime) for crime in details["crimes"]),
            out_of_scope=details["out_of_scope"],
            likelihood=details["likelihood"],
            consequence=details["consequence"],
            stage=Stage(details["stage"]) if details["stage"] else None,
            population=details["population"],
        )


@dataclass(frozen=True)
class Fault:
    """What keeps an assessment from being recorded, and at which of its fields."""

    field: str
    sentence: str


_NO_CRIME = N_("Name which of the four crimes is at risk, or say below why none of them is.")
_BOTH = N_("It is either about one of the four crimes or out of scope: untick the crimes, or leave this empty.")
_NO_STEP = N_("Choose one of the five steps.")
_NO_STAGE = N_("Choose a stage.")
_NOBODY = N_("Say who would suffer: which people, how many, where.")
_NO_SUMMARY = N_("Sum it up in a few sentences, for somebody who reads nothing else.")
_TOO_LONG = N_("Enter at most 4000 characters.")


def faults(assessment: Assessment) -> list[Fault]:
    """What is out of scope says why, and not how likely it is."""
    found = [
        Fault(field, _TOO_LONG)
        for field in ("summary", "out_of_scope", "population")
        if len(getattr(assessment, field)) > LONGEST_TEXT
    ]
    if assessment.is_in_scope:
        found += _faults_in_scope(assessment)
    elif not assessment.out_of_scope:
        found.append(Fault("crimes", _NO_CRIME))
    if not assessment.summary:
        found.append(Fault("summary", _NO_SUMMARY))
    return found


def _faults_in_scope(assessment: Assessment) -> list[Fault]:
    found = [Fault("out_of_scope", _BOTH)] if assessment.out_of_scope else []
    for field in ("likelihood", "consequence"):
        step = getattr(assessment, field)
        if step is None or not LOWEST_STEP <= step <= HIGHEST_STEP:
            found.append(Fault(field, _NO_STEP))
    if assessment.stage is None:
        found.append(Fault("stage", _NO_STAGE))
    if not assessment.population:
        found.append(Fault("population", _NOBODY))
    return found
