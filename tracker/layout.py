"""Where does a file say what? Settled by its mapping and its headings, before the first row is read.

What is asked again and again (countries, days, words) is understood once and remembered, because a file has a hundred
thousand rows and fifty countries.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tracker.day import day_in, day_of
from tracker.entry import Fault, ProblemKind
from tracker.mapping import (
    Cell,
    Feedable,
    Mapping,
    MappingUnfit,
    Part,
    Shape,
    as_word,
    by_word,
    headings,
    plain_words,
    written,
)
from tracker.naming import CountryNames
from tracker.notation import MISSING_WORDS, shortened
from tracker.provenance import Complaint
from tracker.refusal import N_
from tracker.scale import Scale

_NO_HEADING = N_("There is no column “%(heading)s” in row %(row)s; choose the columns again.")
_NO_COLUMN = N_("No column is chosen for the %(part)s; choose one, or give it for the whole file.")
_NO_VALUES = N_("No column is chosen for the values; choose one.")
_NO_INDICATOR = N_("The indicator “%(key)s” is chosen, and is not in the catalogue; choose another.")
_NO_COUNTRY = N_("The country “%(iso3)s” is chosen, and is not in the catalogue; choose another.")
_BAD_DAY = N_("The heading “%(heading)s” is no year, month or day that is over; leave this column out.")
_INDICATOR_MISSING = N_("The indicator is missing; write its key, name or code.")
_INDICATOR_UNKNOWN = N_("“%(text)s” is no indicator of the catalogue; say beside the columns which one it is.")

# So many different texts are remembered for each column; a file with more of them gains nothing from memory.
_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands, and what is known of it before the row is read."""

    column: int
    scale: Scale | None  # None: the row says which indicator
    day: date | None  # None: the row says which day
    error_column: int | None


@dataclass(slots=True)
class Asked:
    """What each row is asked for: in which column, in which other one besides, and what holds where that is blank."""

    column: int | None
    beside: int | None
    understand: Callable[[Any], Any]
    fixed: Any
    remembered: dict[Any, Any] = field(default_factory=dict)


class Layout:
    """Where a mapping finds what below one heading row. Raises MappingUnfit where it does not say enough."""

    def __init__(
        self,
        mapping: Mapping,
        header: Sequence[Cell],
        *,
        countries: CountryNames,
        indicators: Sequence[Feedable],
        today: date,
    ) -> None:
        self.mapping, self._countries, self._today = mapping, countries, today
        self.headings = headings(header)
        self._at = {heading: place for place, heading in enumerate(self.headings)}
        self.scales = {indicator.key: Scale(indicator) for indicator in indicators}
        self._words = by_word(indicators)
        self._chosen = {plain_words(word): self._scale_of_key(key) for word, key in mapping.indicators.items()}
        for iso3 in mapping.countries.values():
            if not countries.knows(iso3):
                raise MappingUnfit(_NO_COUNTRY, iso3=shortened(iso3))
        self.country = self._asked(Part.COUNTRY, self._country_of)
        self.places = self._find_places()
        self.indicator = self._asked(Part.INDICATOR, self._indicator_of, any(one.scale is None for one in self.places))
        self.day = self._asked_day(needed=any(one.day is None for one in self.places))

    def column(self, part: Part) -> int | None:
        """None: the mapping names none for it."""
        heading = self.mapping.columns.get(part)
        return None if heading is None else self._column_of(heading)

    def _find_places(self) -> list[Place]:
        mapping = self.mapping
        if mapping.shape is Shape.LONG:
            value = self.column(Part.VALUE)
            places = [] if value is None else [Place(value, None, None, self.column(Part.STANDARD_ERROR))]
        elif mapping.shape is Shape.WIDE_INDICATORS:
            errors = {key: self._column_of(heading) for heading, key in mapping.standard_errors.items()}
            places = [
                Place(self._column_of(heading), self._scale_of_key(key), None, errors.get(key))
                for heading, key in mapping.indicators.items()
            ]
        else:
            places = [
                Place(self._column_of(heading), None, self._day_of_heading(heading), None) for heading in mapping.days
            ]
        if not places:
            raise MappingUnfit(_NO_VALUES)
        return sorted(places, key=lambda place: place.column)

    def _asked(self, part: Part, understand: Callable[[Any], Any], needed: bool = True) -> Asked | None:
        column, fixed = self.column(part), self.mapping.fixed.get(part)
        if not needed:
            return None
        if column is None and fixed is None:
            raise MappingUnfit(_NO_COLUMN, part=part.value)
        return Asked(column, None, understand, None if fixed is None else self._given(understand(fixed)))

    def _asked_day(self, needed: bool) -> Asked | None:
        if not needed:
            return None
        fixed, date_column = self.mapping.fixed, self.column(Part.DATE)
        year_column, month_column = self.column(Part.YEAR), self.column(Part.MONTH)
        if Part.DATE in fixed:
            for_all = self._given(self._day(fixed[Part.DATE]))
        elif Part.YEAR in fixed:
            for_all = self._given(self._day_of_month((fixed[Part.YEAR], fixed.get(Part.MONTH))))
        else:
            for_all = None
        if date_column is not None:
            return Asked(date_column, None, self._day, for_all)
        if year_column is not None and month_column is not None:
            return Asked(year_column, month_column, self._day_of_month, None)
        if year_column is None and for_all is None:
            raise MappingUnfit(_NO_COLUMN, part=Part.DATE.value)
        month = fixed.get(Part.MONTH)
        return Asked(year_column, None, lambda year: self._day_of_month((year, month)), for_all)

    def _given(self, found: Any) -> Any:
        """What is given for the whole file must be understood, or no row can be read."""
        if isinstance(found, Fault):
            raise MappingUnfit(found.sentence, **found.values)
        return found

    def _column_of(self, heading: str) -> int:
        if heading not in self._at:
            raise MappingUnfit(_NO_HEADING, heading=shortened(heading), row=self.mapping.header_row)
        return self._at[heading]

    def _scale_of_key(self, key: str) -> Scale:
        if key not in self.scales:
            raise MappingUnfit(_NO_INDICATOR, key=shortened(key))
        return self.scales[key]

    def _day_of_heading(self, heading: str) -> date:
        day = self._day(heading)
        if isinstance(day, Fault):
            raise MappingUnfit(_BAD_DAY, heading=shortened(heading))
        return day

    def _country_of(self, cell: Cell) -> str | Fault:
        chosen = self.mapping.countries.get(plain_words(cell))
        return chosen or self._countries.iso3_of(written(cell))

    def _indicator_of(self, cell: Cell) -> Scale | Fault:
        text = plain_words(cell)
        if text in self._chosen:
            return self._chosen[text]
        if text.casefold() in MISSING_WORDS:
            return Fault(ProblemKind.INDICATOR_MISSING, _INDICATOR_MISSING)
        key = text if text in self.scales else self._words.get(as_word(text))
        if key is None:
            return Fault(ProblemKind.INDICATOR_UNKNOWN, _INDICATOR_UNKNOWN, {"text": shortened(text)})
        return self.scales[key]

    def _day(self, cell: Cell) -> date | Fault:
        return day_of(cell, self.mapping.day_order, self._today)

    def _day_of_month(self, cells: tuple[Cell, Cell]) -> date | Fault:
        return day_in(*cells, self.mapping.day_order, self._today)


def understood(asked: Asked | None, cells: Sequence[Cell], complain: Complaint) -> Any:
    """What the row says. None: nothing is asked, or there is a problem, of which is complained."""
    if asked is None:
        return None
    column, beside = asked.column, asked.beside
    if column is None or column >= len(cells):
        return asked.fixed
    cell = cells[column] if beside is None else (cells[column], cells[beside])
    found = asked.remembered.get(cell)
    if found is None:
        if len(asked.remembered) >= _REMEMBERED:
            asked.remembered.clear()
        found = asked.remembered[cell] = _found_out(asked, cells[column], cell)
    if isinstance(found, Fault):
        complain(column, found)
        return None
    return found


def understood_together(asked: Asked | None, columns: Sequence[Sequence[Cell]], rows: int) -> Sequence[Any] | None:
    """What each of some rows says. None: not all can be understood."""
    if asked is None or asked.column is None:
        return [asked.fixed if asked else None] * rows
    texts = columns[asked.column]
    cells: Sequence[Any] = texts if asked.beside is None else list(zip(texts, columns[asked.beside], strict=True))
    if len(asked.remembered) + rows >= _REMEMBERED:
        asked.remembered.clear()
    remembered = asked.remembered
    for cell in dict.fromkeys(cells):
        if cell not in remembered:
            remembered[cell] = _found_out(asked, cell if asked.beside is None else cell[0], cell)
        if isinstance(remembered[cell], Fault):
            return None
    return [remembered[cell] for cell in cells]


def _found_out(asked: Asked, main: Cell, cell: Any) -> Any:
    """`main`: what stands in the column itself, whatever stands in the one besides."""
    blank = asked.fixed is not None and written(main).strip() == ""
    return asked.fixed if blank else asked.understand(cell)
