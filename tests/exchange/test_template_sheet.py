"""A sheet to fill in offline: what it asks, what it offers to choose from, and that the import understands it."""

import io
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tracker.catalogue.country_names import read_country_names
from tracker.catalogue.reading import read_catalogue
from tracker.exchange.tables.reading import read_table
from tracker.exchange.template_sheet import HEADINGS, Question, Words, template_sheet
from tracker.guess import guess_mapping
from tracker.handling import Mark
from tracker.mapping import Part, Shape

DAY = date(2026, 2, 28)
WORDS = Words("Answers", "How", ["Write a level."])


def question(**differing: str) -> Question:
    usual = {
        "iso3": "MLI",
        "country": "Mali",
        "indicator": "independence_of_courts",
        "question": "Were judges pressed?",
        "last": "2 (2026-01-31)",
    }
    return Question(day=DAY, levels=[(str(level), f"step {level}") for level in range(5)], **(usual | differing))


def first_sheet(content: bytes) -> Worksheet:
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


def test_each_question_has_a_row_with_its_scale_as_a_comment() -> None:
    sheet = first_sheet(template_sheet([question(), question(indicator="emergency_powers")], WORDS, Mark.RED))
    value = sheet.cell(3, HEADINGS.index("value") + 1)

    assert [cell.value for cell in sheet["D"]] == ["indicator", "independence_of_courts", "emergency_powers"]
    assert value.comment is not None
    assert value.comment.text.splitlines() == [f"{level}: step {level}" for level in range(5)]


def test_levels_marks_and_attribution_are_chosen_from_lists() -> None:
    sheet = first_sheet(template_sheet([question(), question()], WORDS, Mark.RED))

    lists = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    assert lists == {
        "G2:G3": '"0,1,2,3,4,?,unchanged"',
        "J2:J3": '"TLP:CLEAR,TLP:GREEN,TLP:AMBER,TLP:AMBER+STRICT,TLP:RED"',
        "K2:K3": '"yes,no"',
    }


def test_a_text_that_begins_like_a_formula_is_none() -> None:
    sheet = first_sheet(template_sheet([question(country='=HYPERLINK("http://x")')], WORDS, Mark.RED))

    assert (sheet["B2"].data_type, sheet["B2"].value) == ("s", '=HYPERLINK("http://x")')


@pytest.mark.parametrize("filled", [{}, {"G2": 3, "H2": "The gazette"}])
def test_the_import_understands_its_columns_by_itself(tmp_path: Path, filled: dict[str, str | int]) -> None:
    book = load_workbook(io.BytesIO(template_sheet([question()], WORDS, Mark.RED)))
    for place, written in filled.items():
        book.worksheets[0][place] = written
    path = tmp_path / "filled.xlsx"
    book.save(path)

    with read_table(path) as table:
        rows = list(table.rows)
    guessed = guess_mapping(rows, read_catalogue().indicators, read_country_names()).mapping

    assert guessed.shape is Shape.LONG
    assert guessed.columns == {
        Part.COUNTRY: "iso3",
        Part.DATE: "date",
        Part.INDICATOR: "indicator",
        Part.VALUE: "value",
        Part.SOURCE: "source",
        Part.GRADE: "grade",
        Part.HANDLING: "handling",
        Part.ATTRIBUTION: "attribution",
        Part.NOTE: "note",
        Part.EVIDENCE: "evidence",
    }


def test_no_mark_is_offered_above_what_one_may_see() -> None:
    sheet = first_sheet(template_sheet([question()], WORDS, Mark.GREEN))

    lists = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    assert lists["J2"] == '"TLP:CLEAR,TLP:GREEN"'
