"""Tables are read from files as they come: every row with its number, whatever the encoding, delimiter or lies."""

import codecs
import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.exchange.workbooks import cell, row, sheet, sheet_of, workbook
from tracker.exchange.tables.delimited import delimiter_of
from tracker.exchange.tables.reading import Cell, Kind, Limits, Table, TableRefused, TableTooLarge, read_table

Put = Callable[[bytes], Path]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    def write(content: bytes) -> Path:
        path = tmp_path / "a file"
        path.write_bytes(content)
        return path

    return write


def rows_of(path: Path, sheet: str | None = None, limits: Limits | None = None) -> list[tuple[int, list[Cell]]]:
    with read_table(path, sheet=sheet, limits=limits) as table:
        return list(table.rows)


def cells_of(path: Path) -> list[list[Cell]]:
    return [cells for _, cells in rows_of(path)]


def seen(path: Path) -> Table:
    with read_table(path) as table:
        assert len(list(table.rows)) > 0
        return table


def refusal_of(path: Path, sheet: str | None = None, limits: Limits | None = None) -> TableRefused:
    with pytest.raises(TableRefused) as caught:
        rows_of(path, sheet, limits)
    return caught.value


# ---- CSV -------------------------------------------------------------------------------------------------------

TEXT = "pays,année\nCôte d’Ivoire,2020\n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("cp1252"), "cp1252"),
    ],
)
def test_the_encoding_is_found_and_told(put: Put, content: bytes, encoding: str) -> None:
    path = put(content)
    assert cells_of(path) == [["pays", "année"], ["Côte d’Ivoire", "2020"]]
    assert seen(path).encoding == encoding


def test_what_means_nothing_in_windows_1252_is_latin_1(put: Put) -> None:
    assert seen(put(b"caf\xe9\x81,1\n")).encoding == "latin-1"


def test_the_first_accent_may_stand_at_the_very_end(put: Put) -> None:
    path = put(b"a,b\n" * 400_000 + "é,1\n".encode("cp1252"))
    assert path.stat().st_size > 1 << 20  # further on than one block
    assert seen(path).encoding == "cp1252"
    assert cells_of(path)[-1] == ["é", "1"]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_and_told(put: Put, sign: str) -> None:
    path = put(f"iso3{sign}year\nMLI{sign}2020\n".encode())
    assert seen(path).delimiter == sign
    assert cells_of(path) == [["iso3", "year"], ["MLI", "2020"]]


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("year;share\n2020;1,5\n2021;2,5\n", ";"),
        ("a title, with a comma\niso3;year\nMLI;2020\nNER;2020\n", ";"),
        ('iso3,note\nMLI,"one; two; three"\nNER,"one"\n', ","),
        ("one column\nand nothing else\n", ","),
        ("iso3\tnote\nMLI\tone, two\nNER\tone\n", "\t"),
    ],
)
def test_the_delimiter_is_what_cuts_most_rows_alike(text: str, delimiter: str) -> None:
    assert delimiter_of(text) == delimiter


def test_rows_are_numbered_as_a_spreadsheet_numbers_them(put: Put) -> None:
    path = put(b'a,b\r\n\r\n"two\r\nlines",1\r\nMLI,2\r\n')
    assert rows_of(path) == [(1, ["a", "b"]), (2, []), (3, ["two\r\nlines", "1"]), (4, ["MLI", "2"])]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_any_line_end_will_do(put: Put, end: bytes) -> None:
    assert cells_of(put(b"a,b" + end + b"1,2" + end)) == [["a", "b"], ["1", "2"]]


def test_no_row_is_dropped_for_having_too_few_or_too_many_cells(put: Put) -> None:
    assert cells_of(put(b"a,b,c\n1\n1,2,3,4\n1,2,3\n")) == [
        ["a", "b", "c"],
        ["1"],
        ["1", "2", "3", "4"],
        ["1", "2", "3"],
    ]


def test_namibia_stays_na_and_nothing_is_taken_for_a_number(put: Put) -> None:
    assert cells_of(put(b"a,b\nNA,007\n"))[1] == ["NA", "007"]


def test_a_gzipped_table_is_unpacked(put: Put) -> None:
    path = put(gzip.compress(TEXT.encode()))
    assert seen(path).format is Kind.GZIPPED_CSV
    assert cells_of(path)[1] == ["Côte d’Ivoire", "2020"]


@pytest.mark.parametrize(
    ("content", "reason", "said"),
    [
        (b"", "empty", "is empty"),
        (codecs.BOM_UTF8, "no_rows", "no row"),
        (b"a,b\n1,\x002\n", "no_text", "byte 7"),
        (bytes(range(1, 32)) * 50, "no_table", "no text"),
        (codecs.BOM_UTF16_LE + b"a\x00,", "encoding", "UTF-16"),
        (codecs.BOM_UTF8 + b"caf\xe9", "encoding", "UTF-8"),
        (b'a,b\n1,2\nx,"open\n', "quote", "Row 3"),
        (b'a,b\nx,"closed"here\n', "quote", "Row 2"),
        (b"%PDF-1.7", "no_table", "a PDF document"),
        (b"\xef\xbb\xbf <HTML>", "no_table", "a web page"),
        (gzip.compress(b"a,b\n" * 1000)[:-9], "damaged", "unpacked"),
        (gzip.compress(gzip.compress(b"a,b\n")), "no_table", "an archive in an archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_workbook", ".xls"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(put: Put, content: bytes, reason: str, said: str) -> None:
    refusal = refusal_of(put(content))
    assert refusal.reason == reason
    assert said in str(refusal)


def test_a_file_that_is_gone_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert refusal_of(tmp_path / "nothing").reason == "missing"
    assert refusal_of(tmp_path).reason == "missing"


# ---- limits: both sides ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limits", "content", "reason"),
    [
        (Limits(rows=3), b"a\n1\n2\n", "rows"),
        (Limits(columns=3), b"a,b,c\n", "columns"),
        (Limits(cell_characters=3), b"abc,b\n", "cell_characters"),
        (Limits(line_characters=6), b"abc,b\n", "line_characters"),
        (Limits(file_bytes=6), b"abc,b\n", "file_bytes"),
    ],
)
def test_a_limit_is_kept_and_not_overstepped(put: Put, limits: Limits, content: bytes, reason: str) -> None:
    rows_of(put(content), limits=limits)
    more = {"rows": content + b"3\n", "columns": b"a,b,c,d\n"}.get(reason, content.replace(b"abc", b"abcd"))
    refusal = refusal_of(put(more), limits=limits)
    assert refusal.reason == reason
    assert isinstance(refusal, TableTooLarge)


def test_a_line_of_ten_megabytes_and_a_million_columns_are_refused(put: Put) -> None:
    assert refusal_of(put(b"x" * 10_000_000)).reason == "line_characters"
    assert refusal_of(put(b"," * 1_000_000)).reason == "columns"


def test_what_grows_too_large_when_unpacked_is_refused(put: Put) -> None:
    content = gzip.compress(b"a,b\n" * 1000)
    assert len(rows_of(put(content), limits=Limits(unpacked_bytes=4000))) == 1000
    assert refusal_of(put(content), limits=Limits(unpacked_bytes=3999)).reason == "unpacked_bytes"


# ---- workbooks ---------------------------------------------------------------------------------------------------


def test_a_workbook_is_read_with_its_numbers_and_texts(put: Put) -> None:
    path = put(workbook())
    assert rows_of(path) == [(1, ["iso3", "year", "value"]), (2, ["MLI", 2020, 1.5])]
    assert (seen(path).format, seen(path).encoding, seen(path).sheets) == (Kind.XLSX, None, ("Sheet1",))


def test_a_lying_dimension_loses_no_row(put: Put) -> None:
    rows: list[list[Cell]] = [["MLI", year] for year in range(50)]
    content = workbook({"A": sheet(rows, dimension="A1:B2")})
    assert cells_of(put(content)) == rows


def test_rows_and_columns_are_numbered_from_the_edge_of_the_sheet(put: Put) -> None:
    content = workbook({"A": sheet_of(f'<row r="3">{cell("x", "C3")}</row>')})
    assert rows_of(put(content)) == [(1, [None] * 3), (2, [None] * 3), (3, [None, None, "x"])]


def test_the_sheet_asked_for_is_read_and_else_the_first(put: Put) -> None:
    path = put(workbook({"One": sheet([["first"]]), "Two": sheet([["second"]])}))
    assert rows_of(path) == [(1, ["first"])]
    assert rows_of(path, sheet="Two") == [(1, ["second"])]
    assert "“One”, “Two”" in str(refusal_of(path, sheet="Three"))


def test_an_empty_sheet_is_refused_and_the_others_are_named(put: Put) -> None:
    assert "“Two”" in str(refusal_of(put(workbook({"One": sheet_of(""), "Two": sheet([["x"]])}))))
    assert refusal_of(put(workbook({"One": sheet_of("")}))).reason == "no_rows"


PERCENT = (
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2">'
    '<xf numFmtId="0"/><xf numFmtId="9"/></cellXfs></styleSheet>'
)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ('<c r="A2" t="e"><v>#DIV/0!</v></c>', "#DIV/0!"),
        ('<c r="A2" t="e"><f>1/0</f><v>#VALUE!</v></c>', "#VALUE!"),
        ("<c r='A2' t='e'><v>#REF!</v></c>", "#REF!"),
        ('<c r="A2"><f>B1*2</f></c>', "=B1*2"),
        ('<c r="A2"><f>B1*2</f><v></v></c>', "=B1*2"),
        ('<c r="A2" s="1"><v>0.12</v></c>', "12%"),
        ('<c t="e"><v>#NAME?</v></c>', "#NAME?"),
        ('<c r="A2"><f>B1*2</f><v>3</v></c>', 3),
        ('<c r="A2" t="str"><f>""</f><v></v></c>', None),
        ('<c r="A2" t="b"><v>1</v></c>', "true"),
        ('<c r="A2" s="0"><v>0.12</v></c>', 0.12),
    ],
)
def test_a_cell_is_what_a_person_sees_and_never_silently_blank(put: Put, written: str, shown: Cell) -> None:
    body = row(1, ["value", "x"]) + f'<row r="2">{written}{cell("y", "B2")}</row>'
    assert cells_of(put(workbook({"A": sheet_of(body)}, styles=PERCENT)))[1] == [shown, "y"]


def test_what_stands_below_the_last_value_is_seen(put: Put) -> None:
    body = row(1, ["value", "x"]) + '<row r="4"><c r="B4"><f>1+1</f></c></row>'
    blank: list[Cell] = [None, None]
    assert rows_of(put(workbook({"A": sheet_of(body)})))[1:] == [(2, []), (3, []), (4, [None, "=1+1"])]
    assert cells_of(put(workbook({"A": sheet_of(body.replace("<f>1+1</f>", "<v>2</v>"))})))[1:3] == [blank, blank]


def test_a_day_in_a_workbook_is_iso_text(put: Put) -> None:
    styles = PERCENT.replace('numFmtId="9"', 'numFmtId="14"')
    body = '<row r="1"><c r="A1" s="1"><v>46112</v></c></row>'
    assert cells_of(put(workbook({"A": sheet_of(body)}, styles=styles))) == [["2026-03-31"]]


def test_a_workbook_keeps_its_limits(put: Put) -> None:
    path = put(workbook({"A": sheet([["abc", 1], ["abc", 2]])}))
    rows_of(path, limits=Limits(rows=2, columns=2, cell_characters=3))
    assert refusal_of(path, limits=Limits(rows=1)).reason == "rows"
    assert refusal_of(path, limits=Limits(columns=1)).reason == "columns"
    assert "A1" in str(refusal_of(path, limits=Limits(cell_characters=2)))
    assert refusal_of(path, limits=Limits(unpacked_bytes=500)).reason == "unpacked_bytes"


def test_what_unpacks_to_far_more_than_a_table_would_is_refused_before_it_is_read(put: Put) -> None:
    content = workbook({"A": sheet_of(f'<row r="1">{" " * 40_000_000}</row>')})
    assert len(content) < 100_000
    assert refusal_of(put(content)).reason == "unpacked_ratio"
