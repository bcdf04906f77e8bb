"""What do the rows of a file say, read by a mapping? Row for row: entries, or problems, or nothing.

Everything that a row says is understood, or all of the row is refused.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import compress, islice

from tracker.entry import Entry, Fault, Outcome, Piece, Problem, ProblemKind, Tally
from tracker.first_seen import FirstSeen
from tracker.layout import Layout, Place, understood, understood_together
from tracker.mapping import Cell, Feedable, Mapping, MappingUnfit, plain_words, written
from tracker.naming import CountryNames
from tracker.notation import Notation, Silence, shortened
from tracker.provenance import Complaint, ProvenanceReader
from tracker.refusal import N_
from tracker.scale import Scale

_NO_HEADINGS = N_("The file ends before row %(row)s, where the headings should be; choose another row.")
_SHORT = N_("The row has %(cells)s cells and there are %(columns)s columns; check its delimiters and quotation marks.")
_LONG = N_("The row has a cell beyond the last heading; check its delimiters, or give the column a heading.")
_STANDARD_ERROR = N_("“%(text)s” is no standard error; write a number of 0 or more, or leave the cell blank.")
_SAID_TWICE = N_("Row %(first)s speaks of %(iso3)s, %(day)s, “%(indicator)s” as well; keep the right one of the two.")

# So many rows, or fewer where they are long, are read together.
ROWS_TOGETHER, CELLS_TOGETHER = 200, 20_000

Numbered = tuple[int, Sequence[Cell]]
_Answered = tuple[Place, float | Silence | Fault]


def interpret(
    rows: Iterable[Numbered],
    mapping: Mapping,
    tally: Tally,
    *,
    countries: CountryNames,
    indicators: Sequence[Feedable],
    today: date,
) -> Iterator[Piece]:
    """Every row below the headings, in order. What does not go with the file raises MappingUnfit."""
    numbered, last = iter(rows), mapping.last_row or float("inf")
    reader: Reader | None = None
    for number, cells in numbered:
        tally.outside += 1
        if number == mapping.header_row:
            reader = Reader(mapping, cells, countries=countries, indicators=indicators, today=today)
            break
    if reader is None:
        raise MappingUnfit(_NO_HEADINGS, row=mapping.header_row)
    together = max(1, min(ROWS_TOGETHER, CELLS_TOGETHER // max(1, len(cells))))
    while below := list(islice(numbered, together)):
        asked = [row for row in below if row[0] <= last and not (mapping.left_out and reader.leaves_out(row[1]))]
        tally.outside += len(below) - len(asked)
        if asked:
            piece = reader.read_together(asked) or Piece.of([reader.read(*row) for row in asked])
            tally.count(piece)
            yield piece
    tally.missing_cells = reader.missing_cells


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
        self._layout = layout = Layout(mapping, header, countries=countries, indicators=indicators, today=today)
        self._width = max((place for place, cell in enumerate(header, 1) if written(cell).strip()), default=0)
        self._notation = Notation(mapping.decimal_sign, mapping.missing)
        self._left_out = frozenset(plain_words(word) for word in mapping.left_out)
        self._provenance = ProvenanceReader(mapping, layout.column)
        self._seen = FirstSeen()

    def leaves_out(self, cells: Sequence[Cell]) -> bool:
        """Whether the mapping leaves out this row on purpose."""
        return any(
            asked.column < len(cells) and plain_words(cells[asked.column]) in self._left_out
            for asked in (self._layout.country, self._layout.indicator)
            if asked is not None and asked.column is not None
        )

    def read(self, row: int, cells: Sequence[Cell]) -> Outcome:
        if len(cells) != self._width and (fault := self._ragged(cells)):
            return Outcome(row, (), (Problem(row, None, "", "", fault),))
        number = self._notation.number
        answers: list[_Answered] = []
        for place in self._layout.places:
            answer = number(cells[place.column]) if place.column < len(cells) else Silence.MISSING
            if answer is Silence.MISSING:
                self.missing_cells += 1
            else:
                answers.append((place, answer))
        if not answers:
            return Outcome(row, (), ())
        return self._said(row, cells, answers)

    def read_together(self, rows: Sequence[Numbered]) -> Piece | None:
        """Column by column, which is several times as quick. None: in some row there is something to be told."""
        if {len(cells) for _row, cells in rows} != {len(self._layout.headings)}:
            return None
        columns = list(zip(*(cells for _row, cells in rows), strict=True))
        values = self._numbers_in(columns)
        if values is None:
            return None
        numbers = [row for row, _cells in rows]
        if any(None in column for column in values):
            # of a row that says nothing nobody asks for its country
            says_something = [any(one is not None for one in of_row) for of_row in zip(*values, strict=True)]
            columns = [tuple(compress(column, says_something)) for column in columns]
            values = [list(compress(column, says_something)) for column in values]
            numbers = list(compress(numbers, says_something))
        entries = self._entries(numbers, columns, values)
        if entries is None or not self._seen.are_first(entries):
            return None
        self.missing_cells += len(rows) * len(values) - len(entries)
        return Piece(len(rows), 0, len(rows) - len(numbers), entries, [], [])

    def _numbers_in(self, columns: Sequence[Sequence[Cell]]) -> list[list[float | None]] | None:
        found = []
        for place in self._layout.places:
            numbers = self._notation.plain_numbers(columns[place.column])
            if numbers is None:
                return None
            found.append(numbers)
        return found

    def _entries(
        self, rows: Sequence[int], columns: Sequence[Sequence[Cell]], values: Sequence[Sequence[float | None]]
    ) -> list[Entry] | None:
        """From left to right and from above. None: something beside the values cannot be understood."""
        layout, how_many = self._layout, len(rows)
        of_rows = [
            understood_together(one, columns, how_many) for one in (layout.country, layout.day, layout.indicator)
        ]
        provenance = self._provenance.read_together(columns, how_many)
        iso3s, row_days, row_scales = of_rows
        if provenance is None or iso3s is None or row_days is None or row_scales is None:
            return None
        by_place = []
        for place, numbers in zip(layout.places, values, strict=True):
            errors = self._errors_in(place, columns, how_many)
            scales = [place.scale] * how_many if place.scale else row_scales
            days = [place.day] * how_many if place.day else row_days
            pairs = zip(scales, numbers, strict=True)
            beside_the_scale = [
                one for scale, one in pairs if scale.levels and not (one is None or one in scale.levels)
            ]
            if errors is None or beside_the_scale:
                return None
            keys = [scale.key for scale in scales]
            columns_of, unchanged = [place.column + 1] * how_many, [None] * how_many
            parts = (rows, columns_of, iso3s, days, keys, numbers, errors, *provenance, unchanged)
            by_place.append(map(Entry._make, zip(*parts, strict=True)))
        return [entry for row in zip(*by_place, strict=True) for entry in row if entry.value is not None]

    def _errors_in(
        self, place: Place, columns: Sequence[Sequence[Cell]], how_many: int
    ) -> Sequence[float | None] | None:
        if place.error_column is None:
            return [None] * how_many
        errors = self._notation.plain_numbers(columns[place.error_column])
        fine = errors is not None and all(error is None or error >= 0 for error in errors)
        return errors if fine else None

    def _said(self, row: int, cells: Sequence[Cell], answers: Sequence[_Answered]) -> Outcome:
        problems: list[Problem] = []

        def complain(column: int, fault: Fault) -> None:
            problems.append(self._problem(row, column, cells, fault))

        iso3 = understood(self._layout.country, cells, complain)
        row_scale = understood(self._layout.indicator, cells, complain)
        row_day = understood(self._layout.day, cells, complain)
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
                unchanged = value is Silence.UNCHANGED or None
                entry = Entry(row, place.column + 1, iso3, day, scale.key, number, error, *provenance, unchanged)
                if first := self._seen.first(entry):
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
        heading = self._layout.headings[column] if column < len(self._layout.headings) else ""
        return Problem(row, column + 1, heading, shortened(written(cells[column])), fault)

    def _ragged(self, cells: Sequence[Cell]) -> Fault | None:
        """A shifted row would put values under the wrong headings. Blank rows and blank ends shift nothing."""
        if len(cells) < self._width:
            if any(written(cell).strip() for cell in cells):
                return Fault(ProblemKind.RAGGED, _SHORT, {"cells": len(cells), "columns": self._width})
        elif any(written(cell).strip() for cell in cells[len(self._layout.headings) :]):
            return Fault(ProblemKind.RAGGED, _LONG)
        return None


def _twice(first: int, iso3: str, day: date, scale: Scale) -> Fault:
    values = {"first": first, "iso3": iso3, "day": day.isoformat(), "indicator": scale.key}
    return Fault(ProblemKind.SAID_TWICE, _SAID_TWICE, values)
