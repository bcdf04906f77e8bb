"""Workbooks written by hand, part by part, so that they can lie."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

Value = str | int | float | None


def workbook(sheets: Mapping[str, str] | None = None, *, styles: str = "") -> bytes:
    """`sheets` are the names and the whole XML of each; by default there is one with a small table."""
    sheets = sheets or {"Sheet1": sheet([["iso3", "year", "value"], ["MLI", 2020, 1.5]])}
    names = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, start=1)
    )
    targets = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{targets}</Relationships>',
        **{f"xl/worksheets/sheet{n}.xml": text for n, text in enumerate(sheets.values(), start=1)},
        **({"xl/styles.xml": styles} if styles else {}),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(undated(name), DECLARATION + text, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def undated(name: str) -> zipfile.ZipInfo:
    """An archive notes the time of day of each part; without one the same parts are the same file, always."""
    return zipfile.ZipInfo(name)


def sheet(rows: Sequence[Sequence[Value]], *, dimension: str = "") -> str:
    return sheet_of("".join(row(number, values) for number, values in enumerate(rows, start=1)), dimension)


def row(number: int, values: Sequence[Value]) -> str:
    cells = "".join(cell(value, f"{chr(64 + column)}{number}") for column, value in enumerate(values, start=1))
    return f'<row r="{number}">{cells}</row>'


def sheet_of(body: str, dimension: str = "") -> str:
    stated = f'<dimension ref="{dimension}"/>' if dimension else ""
    return f'<worksheet xmlns="{MAIN}">{stated}<sheetData>{body}</sheetData></worksheet>'


def cell(value: Value, place: str) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{place}"><v>{value}</v></c>'
