"""A spreadsheet to fill in offline and to import again: one row for each question, the scale beside it.

Its headings are those that the import knows by itself, in whatever language the rest is.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tracker.handling import Mark
from tracker.mapping import Mapping, Part, Shape

HEADINGS = (
    *("iso3", "country", "date", "indicator", "question", "last", "value"),
    *("source", "grade", "handling", "attribution", "note", "evidence"),
)
# What its columns say, as long as nobody changes them.
_SAYS = {part: part.value for part in Part if part.value in HEADINGS}
MAPPING = Mapping(Shape.LONG, columns=_SAYS | {Part.COUNTRY: "iso3"})
WIDTHS = {"country": 18, "date": 12, "indicator": 28, "question": 48, "source": 28, "note": 36, "evidence": 28}
# What a comment box holds without scrolling.
COMMENT_SIZE = (360, 640)
# Don't know, and unchanged since last time; a spreadsheet takes no lone “=” for an answer.
OTHER_ANSWERS = ("?", "unchanged")
TOP = Alignment(wrap_text=True, vertical="top")


@dataclass(frozen=True)
class Question:
    """One row: a question about a country on a day, and what was last said."""

    iso3: str
    country: str
    day: date
    indicator: str
    question: str
    # Value and descriptor; none for what is measured.
    levels: Sequence[tuple[str, str]]
    last: str


@dataclass(frozen=True)
class Words:
    """What people read in the sheet, in their language."""

    sheet: str
    how: str
    explanation: Sequence[str]


def template_sheet(questions: Iterable[Question], words: Words, highest: Mark) -> bytes:
    """`highest` is the mark up to which whoever fills it in may give one."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = words.sheet
    sheet.freeze_panes = "A2"
    for place, heading in enumerate(HEADINGS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = WIDTHS.get(heading, 11)
        _write(sheet.cell(1, place), heading).font = Font(bold=True)
    rows_of: dict[tuple[str, ...], list[int]] = {}
    for row, question in enumerate(questions, start=2):
        _write_row(sheet, row, question)
        rows_of.setdefault(tuple(value for value, _descriptor in question.levels), []).append(row)
    _validate(sheet, rows_of, [mark.label for mark in Mark if mark <= highest])
    how = book.create_sheet(words.how)
    how.column_dimensions["A"].width = 110
    for row, line in enumerate(words.explanation, start=1):
        _write(how.cell(row, 1), line)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _write_row(sheet: Worksheet, row: int, one: Question) -> None:
    written = {
        "iso3": one.iso3,
        "country": one.country,
        "indicator": one.indicator,
        "question": one.question,
        "last": one.last,
    }
    for heading, text in written.items():
        _write(sheet.cell(row, _place(heading)), text)
    day = sheet.cell(row, _place("date"), one.day)
    day.number_format, day.alignment = "yyyy-mm-dd", TOP
    if one.levels:
        comment = Comment("\n".join(f"{level}: {words}" for level, words in one.levels), "tracker")
        comment.height, comment.width = COMMENT_SIZE
        sheet.cell(row, _place("value")).comment = comment


def _write(cell: Cell | MergedCell, text: str) -> Cell | MergedCell:
    cell.value, cell.data_type = text, "s"  # a text that begins with "=" is no formula
    cell.alignment = TOP
    return cell


def _place(heading: str) -> int:
    return HEADINGS.index(heading) + 1


def _validate(sheet: Worksheet, rows_of: dict[tuple[str, ...], list[int]], marks: Sequence[str]) -> None:
    """Lists to choose from. Nobody is kept from leaving a cell empty."""
    value = get_column_letter(_place("value"))
    for levels, rows in rows_of.items():
        if levels:
            listed = DataValidation(type="list", formula1=f'"{",".join((*levels, *OTHER_ANSWERS))}"', allow_blank=True)
            for first, last in _runs(rows):
                listed.add(f"{value}{first}:{value}{last}")
            sheet.add_data_validation(listed)
    last_row = max((max(rows) for rows in rows_of.values()), default=2)
    for heading, choices in (("handling", marks), ("attribution", ["yes", "no"])):
        column = get_column_letter(_place(heading))
        listed = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
        listed.add(f"{column}2:{column}{last_row}")
        sheet.add_data_validation(listed)


def _runs(rows: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Rows that follow each other, as first and last."""
    first = before = rows[0]
    for row in rows[1:]:
        if row != before + 1:
            yield first, before
            first = row
        before = row
    yield first, before
