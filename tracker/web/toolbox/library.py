"""The toolbox as a table: which measures there are, for which stage, who can take them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from tracker.assessment import Stage
from tracker.catalogue.measures import measures
from tracker.exchange.sheets import csv_text
from tracker.measure import Measure, MeasureKind, Sphere

CSV_COLUMNS = (
    *("key", "name", "kind", "spheres", "stages", "criteria"),
    *("what", "sensible_when", "cautions", "citations"),
)

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True)
class Asked:
    """All of it stands in the address. What cannot be understood narrows nothing."""

    # None, or empty: any.
    kind: MeasureKind | None = None
    stage: Stage | None = None
    sphere: Sphere | None = None
    criterion: str = ""

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> "Asked":
        criterion = arguments.get("criterion", "")
        return cls(
            kind=_word(arguments, "kind", MeasureKind),
            stage=_word(arguments, "stage", Stage),
            sphere=_word(arguments, "sphere", Sphere),
            criterion=criterion if any(criterion in one.criteria for one in measures()) else "",
        )

    def as_arguments(self) -> dict[str, str]:
        wanted = {"kind": self.kind, "stage": self.stage, "sphere": self.sphere, "criterion": self.criterion}
        return {name: str(value) for name, value in wanted.items() if value}

    @property
    def is_narrowed(self) -> bool:
        return self != Asked()

    def fits(self, measure: Measure) -> bool:
        return (
            self.kind in (None, measure.kind)
            and self.stage in (None, *measure.stages)
            and self.sphere in (None, *measure.spheres)
            and self.criterion in ("", *measure.criteria)
        )


@dataclass(frozen=True)
class Library:
    asked: Asked
    # By kind, from talking to force; kinds of which none is left are not there.
    by_kind: Mapping[MeasureKind, Sequence[Measure]]
    # How many there are in all.
    of: int

    @property
    def shown(self) -> list[Measure]:
        return [measure for those in self.by_kind.values() for measure in those]


def library(asked: Asked) -> Library:
    fitting = [measure for measure in measures() if asked.fits(measure)]
    by_kind = {kind: [one for one in fitting if one.kind is kind] for kind in MeasureKind}
    return Library(asked, {kind: those for kind, those in by_kind.items() if those}, len(measures()))


def as_csv(shown: Library) -> str:
    """As seen, with all that stands on the page of each measure."""
    return csv_text(CSV_COLUMNS, (_cells(one) for one in shown.shown))


def _cells(one: Measure) -> list[str]:
    several = [" ".join(words) for words in (one.spheres, one.stages, one.criteria)]
    sentences = [one.what, " ".join(one.sensible_when), " ".join(one.cautions)]
    citations = "; ".join(f"{citation.meeting}: {citation.section}" for citation in one.citations)
    return [one.key, one.name, one.kind.value, *several, *sentences, citations]


def _word(arguments: Mapping[str, str], name: str, vocabulary: type[Word]) -> Word | None:
    given = arguments.get(name, "")
    return vocabulary(given) if given in set(vocabulary) else None
