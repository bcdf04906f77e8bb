"""The toolbox, read from measures.toml and refused if broken.

A measure for a criterion that does not exist would never be suggested, and nobody would notice.
"""

from collections.abc import Collection
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TypeVar

from tracker.assessment import Stage
from tracker.catalogue.located import Table, read_tables
from tracker.catalogue.reading import citations_of, key_of, read_catalogue
from tracker.measure import Measure, MeasureKind, Sphere

FILE = "measures.toml"

_KEYS = (
    *("key", "name", "kind", "spheres", "stages", "criteria"),
    *("what", "sensible_when", "cautions", "citations"),
)

Word = TypeVar("Word", bound=StrEnum)


@cache
def measures() -> tuple[Measure, ...]:
    """The built-in toolbox."""
    return read_measures()


def read_measures(folder: Path | None = None) -> tuple[Measure, ...]:
    """By kind, from talking to force, then as in the file of that folder, or else of the built-in one."""
    folder = folder or Path(__file__).parent
    criteria = [criterion.key for criterion in read_catalogue(folder).criteria]
    found: dict[str, Measure] = {}
    for table in read_tables(folder / FILE, FILE, single=(), repeated=("measure",)):
        measure = _measure(table, criteria)
        if measure.key in found:
            raise table.broken(f"the measure “{measure.key}” is there twice; rename or remove one.", "key")
        found[measure.key] = measure
    kinds = list(MeasureKind)
    return tuple(sorted(found.values(), key=lambda measure: kinds.index(measure.kind)))


def _measure(table: Table, criteria: Collection[str]) -> Measure:
    table.require(_KEYS)
    return Measure(
        key=key_of(table),
        name=table.text("name"),
        kind=table.word("kind", MeasureKind),
        spheres=_words(table, "spheres", Sphere),
        stages=_words(table, "stages", Stage),
        criteria=_criteria(table, criteria),
        what=table.text("what"),
        sensible_when=_sentences(table, "sensible_when"),
        cautions=_sentences(table, "cautions"),
        citations=citations_of(table),
    )


def _words(table: Table, key: str, vocabulary: type[Word]) -> tuple[Word, ...]:
    """In the order of the vocabulary, so that a reader finds the same order everywhere."""
    given = _once(table, key)
    for word in given:
        if word not in tuple(vocabulary):
            raise table.broken(f"“{key}” names “{word}”; use only {', '.join(vocabulary)}.", key)
    return tuple(word for word in vocabulary if word in given)


def _criteria(table: Table, known: Collection[str]) -> tuple[str, ...]:
    given = _once(table, "criteria")
    for key in given:
        if key not in known:
            raise table.broken(f"“{key}” is no criterion of the catalogue; correct the key.", "criteria")
    return tuple(key for key in known if key in given)


def _once(table: Table, key: str) -> list[str]:
    given = table.entries(key)
    for one in given:
        if given.count(one) > 1:
            raise table.broken(f"“{key}” names “{one}” twice; remove one.", key)
    return given


def _sentences(table: Table, key: str) -> tuple[str, ...]:
    """Each a sentence; line breaks and runs of blanks are read as one blank."""
    for one in table.entries(key):
        if not isinstance(one, str) or not one.strip().endswith("."):
            raise table.broken(f"“{key}” holds {one!r}; write each as a sentence with its full stop.", key)
    return tuple(" ".join(one.split()) for one in table.entries(key))
