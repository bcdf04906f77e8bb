"""Which column of a file feeds what: decided by a person once, kept, and used again for the next edition of the file.

Columns are known by their headings and not by their places, because the next edition has one column more. A heading
that is blank stands as its letter in brackets, “(F)”; one that comes twice gets a number, “Value (2)”.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from tracker.country import without_accents
from tracker.entry import column_letters
from tracker.indicator import Voice
from tracker.refusal import N_, Refusal

_WORD = re.compile(r"\w+")

Cell = str | int | float | None
"""What a file holds in one place. None: it is blank."""


class Shape(StrEnum):
    LONG = "long"  # one value in a row, beside its country, day and indicator
    WIDE_INDICATORS = "wide_indicators"  # one column for each indicator
    WIDE_YEARS = "wide_years"  # one column for each year, month or day


class Part(StrEnum):
    """What a column, or one word for the whole file, can say."""

    COUNTRY = "country"
    DATE = "date"
    YEAR = "year"
    MONTH = "month"
    INDICATOR = "indicator"
    VALUE = "value"
    STANDARD_ERROR = "standard_error"
    SOURCE = "source"
    RELIABILITY = "reliability"
    CREDIBILITY = "credibility"
    GRADE = "grade"
    HANDLING = "handling"
    ATTRIBUTION = "attribution"
    NOTE = "note"
    EVIDENCE = "evidence"


class DayOrder(StrEnum):
    """What 03/04/2026 means."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


class MappingUnfit(Refusal):
    """The mapping does not say enough, or does not go with this file."""


@dataclass(frozen=True)
class Mapping:
    """All dictionaries go from headings or words as they stand in the file, but for `columns` and `fixed`."""

    shape: Shape
    columns: Dictionary[Part, str] = field(default_factory=dict)  # part -> heading
    fixed: Dictionary[Part, str] = field(default_factory=dict)  # part -> the same for every row
    # Heading (wide by indicators) or word in the indicator column (else) -> the indicator's key.
    indicators: Dictionary[str, str] = field(default_factory=dict)
    countries: Dictionary[str, str] = field(default_factory=dict)  # word in the column of countries -> iso3
    # Words in the column of countries or of indicators whose rows are left out on purpose, such as “World”.
    left_out: Sequence[str] = ()
    # Wide by indicators: heading -> the key of the indicator whose standard error stands there.
    standard_errors: Dictionary[str, str] = field(default_factory=dict)
    # Wide by years: the headings that are years, months or days.
    days: Sequence[str] = ()
    header_row: int = 1  # as the spreadsheet numbers it
    last_row: int | None = None  # what lies below is a footnote; None: there is none
    day_order: DayOrder | None = None  # None: where both are possible the row is refused
    decimal_sign: str | None = None  # "." or ","; None: where both are possible the row is refused
    missing: Sequence[str] = ()  # what also means "no value" in this file, such as -99

    def as_plain(self) -> dict[str, Any]:
        return {
            "shape": self.shape.value,
            "columns": {part.value: heading for part, heading in self.columns.items()},
            "fixed": {part.value: text for part, text in self.fixed.items()},
            "indicators": dict(self.indicators),
            "countries": dict(self.countries),
            "left_out": list(self.left_out),
            "standard_errors": dict(self.standard_errors),
            "days": list(self.days),
            "header_row": self.header_row,
            "last_row": self.last_row,
            "day_order": self.day_order.value if self.day_order else None,
            "decimal_sign": self.decimal_sign,
            "missing": list(self.missing),
        }


_UNREADABLE = N_("What was chosen for the columns cannot be read; choose it again.")


def from_plain(plain: object) -> Mapping:
    """The mapping that `as_plain` wrote, or a refusal: it may have been kept by an older edition, or tampered with."""
    try:
        return _checked(plain)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise MappingUnfit(_UNREADABLE) from error


def _checked(plain: Any) -> Mapping:
    if plain.keys() - Mapping(Shape.LONG).as_plain().keys():
        raise ValueError("an unknown key")
    sign, order, last = plain.get("decimal_sign"), plain.get("day_order"), plain.get("last_row")
    if sign not in (None, ".", ","):
        raise ValueError("no decimal sign")
    return Mapping(
        shape=Shape(plain["shape"]),
        columns={Part(part): _text(heading) for part, heading in plain.get("columns", {}).items()},
        fixed={Part(part): _text(text) for part, text in plain.get("fixed", {}).items()},
        indicators=_words(plain.get("indicators", {})),
        countries=_words(plain.get("countries", {})),
        left_out=_texts(plain.get("left_out", ())),
        standard_errors=_words(plain.get("standard_errors", {})),
        days=_texts(plain.get("days", ())),
        missing=_texts(plain.get("missing", ())),
        header_row=_row(plain.get("header_row", 1)),
        last_row=None if last is None else _row(last),
        day_order=None if order is None else DayOrder(order),
        decimal_sign=sign,
    )


def _words(plain: Any) -> dict[str, str]:
    return {_text(word): _text(key) for word, key in plain.items()}


def _texts(plain: Any) -> tuple[str, ...]:
    if isinstance(plain, str):  # which would be taken apart into letters
        raise TypeError("no list")
    return tuple(_text(text) for text in plain)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _row(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError("no row")
    return value


class Level(Protocol):
    @property
    def value(self) -> int: ...


class Feedable(Protocol):
    """An indicator, from the catalogue or from the database, as far as a file can feed it."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def code(self) -> str | None: ...
    @property
    def best(self) -> float: ...
    @property
    def worst(self) -> float: ...
    @property
    def levels(self) -> Sequence[Level]: ...
    @property
    def voice(self) -> Voice: ...


def by_word(indicators: Iterable[Feedable]) -> dict[str, str]:
    """Key, name and publisher's code of each indicator -> its key. A word that means two of them means none."""
    found: dict[str, set[str]] = {}
    for indicator in indicators:
        for word in filter(None, (indicator.key, indicator.name, indicator.code)):
            found.setdefault(as_word(word), set()).add(indicator.key)
    return {word: keys.pop() for word, keys in found.items() if len(keys) == 1}


def as_word(text: str) -> str:
    """Blanks, case and punctuation do not count in headings: “Std. Error” and “std_error” are one."""
    return " ".join(_WORD.findall(without_accents(text).replace("_", " ")))


def unmapped(mapping: Mapping, header: Sequence[Cell]) -> tuple[str, ...]:
    """The headings that feed nothing, so that people see what is left out. Blank ones are not headings."""
    used = {*mapping.columns.values(), *mapping.standard_errors, *mapping.days}
    if mapping.shape is Shape.WIDE_INDICATORS:
        used |= mapping.indicators.keys()
    named = zip(headings(header), header, strict=True)
    return tuple(heading for heading, cell in named if heading not in used and written(cell).strip())


def headings(header: Sequence[Cell]) -> list[str]:
    """The names by which a mapping knows the columns: each column has one, and no two the same."""
    times: Counter[str] = Counter()
    taken: set[str] = set()
    names: list[str] = []
    for place, cell in enumerate(header, start=1):
        plain = plain_words(cell) or f"({column_letters(place)})"
        name = plain
        while name in taken or not times[plain]:
            times[plain] += 1
            name = plain if times[plain] == 1 else f"{plain} ({times[plain]})"
        taken.add(name)
        names.append(name)
    return names


def plain_words(cell: Cell) -> str:
    """The cell as mappings know it: on one line, with single blanks."""
    return " ".join(written(cell).split())


def written(cell: Cell) -> str:
    """The cell as text: 2021 and not 2021.0, whatever the file made of it."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return "" if cell is None else str(cell)
