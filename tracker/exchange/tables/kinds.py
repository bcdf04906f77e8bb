"""What kind of file is this? Decided by what is in it: the ending of its name is only what somebody called it."""

import zipfile
from enum import StrEnum
from pathlib import Path

from tracker.exchange.tables.refused import refused


class Kind(StrEnum):
    CSV = "csv"
    GZIPPED_CSV = "csv.gz"
    XLSX = "xlsx"


_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_GZIP = b"\x1f\x8b"
# The container of .xls and .doc, and of a workbook with a password. What is inside stands in UTF-16.
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

_NO_TABLES = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"SQLite format 3": "a database",
    b"{\\rtf": "a text document",
    b"\x7fELF": "a program",
    b"MZ": "a program",
    b"BZh": "an archive",
    b"7z\xbc\xaf": "an archive",
    b"Rar!": "an archive",
    b"\xfd7zXZ": "an archive",
    b"PAR1": "a Parquet file",
    b"<?xml": "XML",
    b"<html": "a web page",
    b"<!doc": "a web page",
    b"<tabl": "a web page",
}
# What a ZIP archive is when a part of this name is in it.
_BY_PART = (
    ("xl/workbook.bin", ".xlsb"),
    ("Index/Document.iwa", "Numbers"),
)
_BY_FOLDER = (("word/", "a text document"), ("ppt/", "a presentation"))


def kind_of(path: Path) -> Kind:
    with path.open("rb") as file:
        start = file.read(4096)
    if not start:
        raise refused("empty")
    if start.startswith(_ZIP):
        return _kind_of_archive(path)
    if start.startswith(_COMPOUND):
        raise _refused_compound(path)
    if start.startswith(_GZIP):
        return Kind.GZIPPED_CSV
    refuse_what_is_no_text(start)
    return Kind.CSV


def refuse_what_is_no_text(start: bytes) -> None:
    begin = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    for mark, kind in _NO_TABLES.items():
        if begin[: len(mark)] == mark or begin[: len(mark)].lower() == mark:
            # “MZ” alone may well begin a heading; a program has a NUL soon after.
            if mark == b"MZ" and b"\0" not in start:
                continue
            raise refused("no_table", kind=kind)


def _kind_of_archive(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and b"opendocument" in archive.open("mimetype").read(200):
                raise refused("old_workbook", kind=".ods")
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        raise refused("damaged", detail="its directory cannot be read") from error
    for part, kind in _BY_PART:
        if part in names:
            raise refused("old_workbook", kind=kind)
    for folder, kind in _BY_FOLDER:
        if any(name.startswith(folder) for name in names):
            raise refused("no_table", kind=kind)
    if "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names):
        return Kind.XLSX
    raise refused("no_workbook")


def _refused_compound(path: Path) -> Exception:
    """The directory of such a container may stand anywhere in it."""
    before = b""
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            if _ENCRYPTED in before + block:
                return refused("password")
            before = block[-len(_ENCRYPTED) :]
    return refused("old_workbook", kind=".xls")
