"""Cells that calamine takes for blank, or that say something else than a person sees.

Errors such as #DIV/0!, formulas that were never computed, and numbers that are shown as per cent. They would be taken
for missing values, or for 0.12 where the sheet says 12 %, and nobody would be told. They are rare: a look at the bytes
says whether there can be any, and only then is the sheet gone through with an XML parser.
"""

import posixpath
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.parsers import expat

from tracker.exchange.tables.refused import refused

_ERROR = (b'="e"', b"='e'")
_FORMULA = (b"<f", b":f")
_WITHOUT_VALUE = (b"/></c>", b"</f></c>", b"<v></v>", b"/></x:c>", b"</x:f></x:c>", b"<x:v></x:v>")
_PER_CENT = (b'numFmtId="9"', b'numFmtId="10"', b"numFmtId='9'", b"numFmtId='10'", b"%")
_OWN_ENTITIES = (b"<!DOCTYPE", b"<!ENTITY")
_OVERLAP = 64
_BUILT_IN_PER_CENT = {"9", "10"}
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_LONGEST_FORMULA = 200


class Look:
    """Goes over the bytes of one part of a workbook."""

    def __init__(self, part: str) -> None:
        self._is_sheet = part.startswith("xl/worksheets/")
        self._is_styles = part == "xl/styles.xml"
        self._tail = b""
        self._formula = self._without_value = self._other = False

    def at(self, block: bytes) -> None:
        seen = self._tail + block
        if b"<!" in seen and any(mark in seen for mark in _OWN_ENTITIES):
            raise refused("damaged", detail="a part of it declares entities of its own")
        if self._is_sheet:
            self._other = self._other or any(mark in seen for mark in _ERROR)
            self._formula = self._formula or any(mark in seen for mark in _FORMULA)
            # A formula comes before its value, so that nobody need look for the value where there is none yet.
            if self._formula and not self._without_value:
                self._without_value = any(mark in seen for mark in _WITHOUT_VALUE)
        elif self._is_styles:
            self._other = self._other or any(mark in seen for mark in _PER_CENT)
        self._tail = block[-_OVERLAP:]

    @property
    def found(self) -> bool:
        return self._other or self._without_value


def cells(path: Path, sheet: str) -> dict[int, dict[int, str]]:
    """Row -> column -> what a person sees there; both are counted from 1."""
    with zipfile.ZipFile(path) as archive:
        try:
            part = _part_of(archive, sheet)
            scan = _Scan(_shown_as_per_cent(archive))
            with archive.open(part) as file:
                _parser(scan.begin, scan.end, scan.text).ParseFile(file)
        except (expat.ExpatError, KeyError, ValueError, zipfile.BadZipFile) as error:
            raise refused("damaged", detail="a sheet of it cannot be read") from error
    return scan.found


class _Scan:
    def __init__(self, per_cent: set[str]) -> None:
        self.found: dict[int, dict[int, str]] = {}
        self._per_cent = per_cent
        self._row = self._column = 0
        self._type, self._style = "", ""
        self._into: list[str] | None = None
        self._formula: list[str] | None = None
        self._value: list[str] = []

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
        elif local == "c":
            self._begin_cell(attributes)
        elif local == "f":
            self._into = self._formula = []
        elif local == "v":
            self._into = self._value

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._column += 1
        if place := _REFERENCE.fullmatch(attributes.get("r", "")):
            self._column, self._row = _number_of(place[1]), int(place[2])
        self._type, self._style = attributes.get("t", "n"), attributes.get("s", "0")
        self._formula, self._value = None, []

    def end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local in ("f", "v"):
            self._into = None
        elif local == "c" and (text := self._shown()):
            if self._row < 1:
                raise ValueError("a cell above the first row")
            self.found.setdefault(self._row, {})[self._column] = text

    def text(self, text: str) -> None:
        if self._into is not None:
            self._into.append(text)

    def _shown(self) -> str | None:
        """None: calamine sees what a person sees."""
        value = "".join(self._value).strip()
        if self._type == "e":
            return value or "#N/A"
        if self._formula is not None and not value and self._type != "str":
            return "=" + ("".join(self._formula)[:_LONGEST_FORMULA] or "…")
        if self._style in self._per_cent and self._type == "n" and value:
            return f"{float(value) * 100:.10g}%"
        return None


def _parser(
    begin: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    return parser


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """Where the cells of the sheet stand in the archive."""
    ids = {found["name"]: _id_of(found) for found in _elements(archive, "xl/workbook.xml", "sheet")}
    targets = _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship")
    target = next(found["Target"] for found in [*targets, {}] if found.get("Id", ids[sheet]) == ids[sheet])
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _id_of(attributes: dict[str, str]) -> str:
    return next(value for name, value in attributes.items() if name.endswith(":id"))


def _elements(archive: zipfile.ZipFile, part: str, wanted: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    def begin(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == wanted:
            found.append(attributes)

    _parser(begin).Parse(archive.read(part), True)
    return found


def _shown_as_per_cent(archive: zipfile.ZipFile) -> set[str]:
    """The numbers of the cell styles whose format has a per-cent sign."""
    if "xl/styles.xml" not in archive.namelist():
        return set()
    own = _elements(archive, "xl/styles.xml", "numFmt")
    formats = {found["numFmtId"] for found in own if "%" in re.sub(r'"[^"]*"|\\.', "", found.get("formatCode", ""))}
    formats |= _BUILT_IN_PER_CENT
    styles: list[str] = []
    inside = False

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        local = name.rpartition(":")[2]
        if local == "cellXfs":
            inside = True
        elif local == "xf" and inside:
            styles.append(attributes.get("numFmtId", "0"))

    def end(name: str) -> None:
        nonlocal inside
        inside = inside and name.rpartition(":")[2] != "cellXfs"

    _parser(begin, end).Parse(archive.read("xl/styles.xml"), True)
    return {str(number) for number, style in enumerate(styles) if style in formats}


def _number_of(column: str) -> int:
    number = 0
    for letter in column.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def letters(column: int) -> str:
    """The first column is A, the 27th AA."""
    found = ""
    while column > 0:
        column, letter = divmod(column - 1, 26)
        found = chr(ord("A") + letter) + found
    return found
