"""What do the rows of a file say, read by a mapping? Row for row: entries, or problems, or nothing.

Everything that a row says is understood, or all of the row is refused. What is asked again and again (countries, days,
words) is understood once and remembered, because a file has a hundred thousand rows and fifty countries.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tracker.day import day_in, day_of
from tracker.entry import Entry, Fault, FirstSeen, Outcome, Problem, ProblemKind, Tally
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
from tracker.notation import MISSING_WORDS, Notation, Silence, shortened
from tracker.provenance import Complaint, ProvenanceReader
from tracker.refusal import N_
from tracker.scale import Scale

_NO_HEADING = N_("There is no column “%(heading)s” in row %(row)s; choose the columns again.")
_NO_HEADINGS = N_("The file ends before row %(row)s, where the headings should be; choose another row.")
_NO_COLUMN = N_("The mapping does not say where the %(part)s stands; choose a column, or give it for the whole file.")
_NO_VALUES = N_("The mapping does not say where the values stand; choose a column.")
_NO_INDICATOR = N_("The mapping names the indicator “%(key)s”, which is not in the catalogue; choose another.")
_NO_COUNTRY = N_("The mapping names the country “%(iso3)s”, which is not in the catalogue; choose another.")
_BAD_DAY = N_("The heading “%(heading)s” is no year, month or day that is over; leave this column out.")

_SHORT = N_("The row has %(cells)s cells and there are %(columns)s columns; check its delimiters and quotation marks.")
_LONG = N_("The row has a cell beyond the last heading; check its delimiters, or give the column a heading.")
_INDICATOR_MISSING = N_("The indicator is missing; write its key, name or code.")
_INDICATOR_UNKNOWN = N_("“%(text)s” is no indicator of the catalogue; say in the mapping which one it is.")
_STANDARD_ERROR = N_("“%(text)s” is no standard error; write a number of 0 or more, or leave the cell blank.")
_SAID_TWICE = N_("Row %(first)s speaks of %(iso3)s, %(day)s, “%(indicator)s” as well; keep the right one of the two.")

# So many different texts are remembered for each column; a file with more of them gains nothing from memory.
_REMEMBERED = 50_000


def interpret(
    rows: Iterable[tuple[int, Sequence[Cell]]],
    mapping: Mapping,
    tally: Tally,
    *,
    countries: CountryNames,
    indicators: Sequence[Feedable],
    today: date,
) -> Iterator[Outcome]:
    """Every row below the headings, in order. What does not go with the file raises MappingUnfit."""
    reader: Reader | None = None
    last = mapping.last_row or float("inf")
    for number, cells in rows:
        if reader is None or number > last:
            tally.outside += 1
            if number == mapping.header_row:
                reader = Reader(mapping, cells, countries=countries, indicators=indicators, today=today)
            continue
        if reader.leaves_out(cells):
            tally.outside += 1
            continue
        outcome = reader.read(number, cells)
        tally.count(outcome)
        yield outcome
    if reader is None:
        raise MappingUnfit(_NO_HEADINGS, row=mapping.header_row)
    tally.missing_cells = reader.missing_cells


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value stands, and what is known of it before the row is read."""

    column: int
    scale: Scale | None  # None: the row says which indicator
    day: date | None  # None: the row says which day
    error_column: int | None


_Answered = tuple[_Place, float | Silence | Fault]


@dataclass(slots=True)
class _Asked:
    """What each row is asked for: in which column, in which other one besides, and what holds where that is blank."""

    column: int | None
    beside: int | None
    understand: Callable[[Any], Any]
    fixed: Any
    remembered: dict[Any, Any] = field(default_factory=dict)


class Reader:
    """Reads the rows below one heading row. Raises MappingUnfit where the mapping does not say enough."""

    def __init__(
        self,
        mapping: Mapping,
        header: Sequence[Cell],
        *,
        countries: CountryNames,
        indicators: Sequence[Feedable],
        today: date,
    ) -> None:
        self.missing_cells = 0
        self._mapping, self._countries, self._today = mapping, countries, today
        self._headings = headings(header)
        self._at = {heading: place for place, heading in enumerate(self._headings)}
        self._width = max((place for place, cell in enumerate(header, 1) if written(cell).strip()), default=0)
        self._notation = Notation(mapping.decimal_sign, mapping.missing)
        self._scales = {indicator.key: Scale(number, indicator) for number, indicator in enumerate(indicators)}
        self._words = by_word(indicators)
        self._chosen = {plain_words(word): self._scale_of_key(key) for word, key in mapping.indicators.items()}
        self._left_out = frozenset(plain_words(word) for word in mapping.left_out)
        for iso3 in mapping.countries.values():
            if not countries.knows(iso3):
                raise MappingUnfit(_NO_COUNTRY, iso3=shortened(iso3))
        self._country = self._asked(Part.COUNTRY, self._country_of)
        self._places = self._find_places()
        self._indicator = self._asked(
            Part.INDICATOR, self._indicator_of, any(one.scale is None for one in self._places)
        )
        self._days = self._asked_day(needed=any(one.day is None for one in self._places))
        self._provenance = ProvenanceReader(mapping, self._column)
        self._seen = FirstSeen(len(self._scales))

    def leaves_out(self, cells: Sequence[Cell]) -> bool:
        """Whether the mapping leaves out this row on purpose."""
        left_out = self._left_out
        return bool(left_out) and any(
            asked.column < len(cells) and plain_words(cells[asked.column]) in left_out
            for asked in (self._country, self._indicator)
            if asked is not None and asked.column is not None
        )

    def read(self, row: int, cells: Sequence[Cell]) -> Outcome:
        if len(cells) != self._width and (fault := self._ragged(cells)):
            return Outcome(row, (), (Problem(row, None, "", "", fault),))
        number = self._notation.number
        answers: list[_Answered] = []
        for place in self._places:
            answer = number(cells[place.column]) if place.column < len(cells) else Silence.MISSING
            if answer is Silence.MISSING:
                self.missing_cells += 1
            else:
                answers.append((place, answer))
        if not answers:
            return Outcome(row, (), ())
        return self._said(row, cells, answers)

    def _said(self, row: int, cells: Sequence[Cell], answers: Sequence[_Answered]) -> Outcome:
        problems: list[Problem] = []

        def complain(column: int, fault: Fault) -> None:
            problems.append(self._problem(row, column, cells, fault))

        iso3 = _found(self._country, cells, complain)
        row_scale = _found(self._indicator, cells, complain)
        row_day = _found(self._days, cells, complain)
        provenance = self._provenance.read(cells, complain)
        entries: list[Entry] = []
        said_again: list[Entry] = []
        for place, answer in answers:
            scale, day = place.scale or row_scale, place.day or row_day
            value = scale.value(answer, cells[place.column], self._notation) if scale else answer
            error = None if place.error_column is None else self._error(place.error_column, cells, complain)
            if isinstance(value, Fault):
                complain(place.column, value)
            elif iso3 and scale and day:
                number = value if isinstance(value, float) else None
                entry = Entry(row, place.column + 1, iso3, day, scale.key, number, error, *provenance)
                if first := self._seen.first(iso3, scale.number, day, row):
                    complain(place.column, _twice(first, iso3, day, scale))
                    said_again.append(entry)
                entries.append(entry)
        return Outcome(row, () if problems else entries, problems, said_again)

    def _error(self, column: int, cells: Sequence[Cell], complain: Complaint) -> float | None:
        cell = cells[column] if column < len(cells) else None
        found = self._notation.number(cell)
        if isinstance(found, float) and found >= 0:
            return found
        if found is not Silence.MISSING:
            complain(column, Fault(ProblemKind.STANDARD_ERROR, _STANDARD_ERROR, {"text": shortened(cell)}))
        return None

    def _problem(self, row: int, column: int, cells: Sequence[Cell], fault: Fault) -> Problem:
        heading = self._headings[column] if column < len(self._headings) else ""
        return Problem(row, column + 1, heading, shortened(written(cells[column])), fault)

    def _ragged(self, cells: Sequence[Cell]) -> Fault | None:
        """A shifted row would put values under the wrong headings. Blank rows and blank ends shift nothing."""
        if len(cells) < self._width:
            if any(written(cell).strip() for cell in cells):
                return Fault(ProblemKind.RAGGED, _SHORT, {"cells": len(cells), "columns": self._width})
        elif any(written(cell).strip() for cell in cells[len(self._headings) :]):
            return Fault(ProblemKind.RAGGED, _LONG)
        return None

    # ---- what is settled before the first row -----------------------------------------------------------------

    def _find_places(self) -> list[_Place]:
        mapping = self._mapping
        if mapping.shape is Shape.LONG:
            value = self._column(Part.VALUE)
            places = [] if value is None else [_Place(value, None, None, self._column(Part.STANDARD_ERROR))]
        elif mapping.shape is Shape.WIDE_INDICATORS:
            errors = {key: self._column_of(heading) for heading, key in mapping.standard_errors.items()}
            places = [
                _Place(self._column_of(heading), self._scale_of_key(key), None, errors.get(key))
                for heading, key in mapping.indicators.items()
            ]
        else:
            places = [
                _Place(self._column_of(heading), None, self._day_of_heading(heading), None) for heading in mapping.days
            ]
        if not places:
            raise MappingUnfit(_NO_VALUES)
        return sorted(places, key=lambda place: place.column)

    def _asked(self, part: Part, understand: Callable[[Any], Any], needed: bool = True) -> _Asked | None:
        column, fixed = self._column(part), self._mapping.fixed.get(part)
        if not needed:
            return None
        if column is None and fixed is None:
            raise MappingUnfit(_NO_COLUMN, part=part.value)
        return _Asked(column, None, understand, None if fixed is None else self._given(understand(fixed)))

    def _asked_day(self, needed: bool) -> _Asked | None:
        if not needed:
            return None
        fixed, date_column = self._mapping.fixed, self._column(Part.DATE)
        year_column, month_column = self._column(Part.YEAR), self._column(Part.MONTH)
        if Part.DATE in fixed:
            for_all = self._given(self._day(fixed[Part.DATE]))
        elif Part.YEAR in fixed:
            for_all = self._given(self._day_of_month((fixed[Part.YEAR], fixed.get(Part.MONTH))))
        else:
            for_all = None
        if date_column is not None:
            return _Asked(date_column, None, self._day, for_all)
        if year_column is not None and month_column is not None:
            return _Asked(year_column, month_column, self._day_of_month, None)
        if year_column is None and for_all is None:
            raise MappingUnfit(_NO_COLUMN, part=Part.DATE.value)
        month = fixed.get(Part.MONTH)
        return _Asked(year_column, None, lambda year: self._day_of_month((year, month)), for_all)

    def _given(self, found: Any) -> Any:
        """What is given for the whole file must be understood, or no row can be read."""
        if isinstance(found, Fault):
            raise MappingUnfit(found.sentence, **found.values)
        return found

    def _column(self, part: Part) -> int | None:
        heading = self._mapping.columns.get(part)
        return None if heading is None else self._column_of(heading)

    def _column_of(self, heading: str) -> int:
        if heading not in self._at:
            raise MappingUnfit(_NO_HEADING, heading=shortened(heading), row=self._mapping.header_row)
        return self._at[heading]

    def _scale_of_key(self, key: str) -> Scale:
        if key not in self._scales:
            raise MappingUnfit(_NO_INDICATOR, key=shortened(key))
        return self._scales[key]

    def _day_of_heading(self, heading: str) -> date:
        day = self._day(heading)
        if isinstance(day, Fault):
            raise MappingUnfit(_BAD_DAY, heading=shortened(heading))
        return day

    # ---- how one cell is understood ---------------------------------------------------------------------------

    def _country_of(self, cell: Cell) -> str | Fault:
        chosen = self._mapping.countries.get(plain_words(cell))
        return chosen or self._countries.iso3_of(written(cell))

    def _indicator_of(self, cell: Cell) -> Scale | Fault:
        text = plain_words(cell)
        if text in self._chosen:
            return self._chosen[text]
        if text.casefold() in MISSING_WORDS:
            return Fault(ProblemKind.INDICATOR_MISSING, _INDICATOR_MISSING)
        key = text if text in self._scales else self._words.get(as_word(text))
        if key is None:
            return Fault(ProblemKind.INDICATOR_UNKNOWN, _INDICATOR_UNKNOWN, {"text": shortened(text)})
        return self._scales[key]

    def _day(self, cell: Cell) -> date | Fault:
        return day_of(cell, self._mapping.day_order, self._today)

    def _day_of_month(self, cells: tuple[Cell, Cell]) -> date | Fault:
        return day_in(*cells, self._mapping.day_order, self._today)


def _found(asked: _Asked | None, cells: Sequence[Cell], complain: Complaint) -> Any:
    """What the row says. None: nothing is asked, or there is a problem, of which is complained."""
    if asked is None:
        return None
    column, beside = asked.column, asked.beside
    if column is None or column >= len(cells):
        return asked.fixed
    cell = cells[column] if beside is None else (cells[column], cells[beside])
    found = asked.remembered.get(cell)
    if found is None:
        blank = asked.fixed is not None and written(cells[column]).strip() == ""
        found = asked.fixed if blank else asked.understand(cell)
        if len(asked.remembered) >= _REMEMBERED:
            asked.remembered.clear()
        asked.remembered[cell] = found
    if isinstance(found, Fault):
        complain(column, found)
        return None
    return found


def _twice(first: int, iso3: str, day: date, scale: Scale) -> Fault:
    values = {"first": first, "iso3": iso3, "day": day.isoformat(), "indicator": scale.key}
    return Fault(ProblemKind.SAID_TWICE, _SAID_TWICE, values)
