"""Bad files by the thousand, always the same ones: good files broken in every way that one can think of, and more.

`bad_files()` yields name and content. Some of them can still be read as tables, with bad cells in them: what must hold
is that nothing hangs, nothing dies, and that every file ends in rows or in a sentence.
"""

import gzip
import io
import random
import struct
import zipfile
from collections.abc import Iterator
from itertools import islice

from tests.exchange.workbooks import cell, sheet, sheet_of, undated, workbook

SEED = 20_260_316

GOOD_CSV = (
    "iso3,date,indicator,value,source,grade,handling,note,evidence\r\n"
    + "".join(
        f'{iso3},{year}-12-31,wgi_rule_of_law,{year % 7 - 3}.25,Radio,B2,TLP:GREEN,"a note, with a comma",https://a.example\r\n'
        for iso3 in ("MLI", "NER", "NAM", "CIV", "COD")
        for year in range(2015, 2025)
    )
).encode()

OWN_ENTITY = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'

# What strangers write into cells to see what happens.
HOSTILE = (
    "=1+1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://evil.example","x")', "@SUM(A1)", "+1+1", "-1+1", "\t=1",
    "<script>alert(1)</script>", "'; DROP TABLE observations; --", "{{7*7}}", "${7*7}", "%(name)s", "%s%s%s%n",
    "../../../../etc/passwd", "\x1b[2J", "\u202eevil", "\ufeff", "a\u0301" * 500, "😀" * 300, "\U0010ffff",
    "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "http://", "https:///x", "http://[::1",
    "NaN", "inf", "-inf", "1e309", "1e-400", "0x10", "1_000", "٣", "１", "12%", "1,234", "1.234,5", "--5", "5-", "½",
    "..", "x", "NA", "-99", "-999", "#VALUE!", "#REF!", "#DIV/0!", "#N/A", "9" * 400, "0" * 400 + "1", "1" + "0" * 40,
    "2026-02-30", "0000-00-00", "99999-01-01", "31/31/2020", "03/04/2020", "-2020", "2020-13", "1e3", "Congo", "Korea",
    "ZZZ", "A" * 32_767, "A" * 32_768, " " * 1000, "\u00a0", "\u200b", "NULL", "None", "true", "[]", "{}", '"', "''",
    "TLP:PURPLE", "G7", "B9", "?", "don't know",
)  # fmt: skip


def bad_files(number: int = 1_200) -> Iterator[tuple[str, bytes]]:
    """So many of them, the hand-made ones first."""
    return islice(_all(random.Random(SEED)), number)


def sample(number: int, chance: random.Random) -> list[tuple[str, bytes]]:
    return chance.sample(list(bad_files()), number)


def _all(chance: random.Random) -> Iterator[tuple[str, bytes]]:
    yield from _hand_made_texts()
    yield from _hand_made_archives()
    yield from _hand_made_workbooks()
    yield from _with_hostile_cells()
    good_xlsx = workbook()
    while True:
        for name, good in (("csv", GOOD_CSV), ("csv.gz", gzip.compress(GOOD_CSV, mtime=0)), ("xlsx", good_xlsx)):
            for way, broken in _WAYS.items():
                content = broken(good, chance)
                yield f"{way}-{chance.randrange(10**9)}.{name}", content
        for way, broken in _WAYS.items():
            yield f"part-{way}-{chance.randrange(10**9)}.xlsx", _with_a_broken_part(good_xlsx, broken, chance)


def _hand_made_texts() -> Iterator[tuple[str, bytes]]:
    yield "empty.csv", b""
    yield "a-line-end.csv", b"\n"
    yield "blank-lines.csv", b"\r\n" * 1000
    yield "header-only.csv", b"iso3,date,indicator,value\n"
    yield "a-mark-only.csv", b"\xef\xbb\xbf"
    yield "nul.csv", b"iso3,year\nMLI,20\x0020\n"
    yield "all-nul.csv", bytes(10_000)
    yield "one-letter.csv", b"x"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1", "cp037"):
        yield f"in-{encoding}.csv", "pays,année,valeur\nCôte d’Ivoire,2020,1\n".encode(encoding, "replace")
    yield "half-a-letter.csv", "pays\nCôte".encode()[:-2]
    yield "broken-utf-16.csv", b"\xff\xfea\x00,\x00b"
    yield "lone-surrogate.csv", b"\xff\xfe" + b"\x00\xd8" * 10
    yield "bytes-that-mean-nothing.csv", b"a,b\n\x81\x8d\x8f\x90\x9d,1\n"
    yield "open-quote.csv", b'iso3,note\nMLI,"never closed\n' + b"NER,x\n" * 50_000
    yield "text-after-quote.csv", b'iso3,note\nMLI,"closed"here\n'
    yield "deep-quotes.csv", b'a,b\n"' + b'""' * 20_000 + b'",1\n'
    yield "quotes-only.csv", b'"' * 100_001
    yield "long-cell.csv", b"a,b\n" + b"x" * 32_768 + b",1\n"
    yield "long-line.csv", b"x" * 10_000_000
    yield "a-million-columns.csv", b"," * 1_000_000 + b"\n1\n"
    yield "ragged.csv", b"a,b,c\n1\n1,2,3,4\n1,2\n,,,,,,\n"
    yield "many-delimiters.csv", b"a;b,c|d\te\n1;2,3|4\t5\n"
    yield "only-delimiters.csv", b",,,,\n" * 100
    yield "headings-alike.csv", b"value,value,value\n1,2,3\n"
    yield "random-bytes.csv", random.Random(1).randbytes(100_000)
    yield "no-line-feed.csv", b"a,b\r1,2\r"
    yield "controls.csv", bytes(range(1, 32)) * 100
    for start in (b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\x7fELF", b"<?xml version='1.0'?><a/>", b"<html><table>"):
        yield f"no-table-{start[1:5].decode('latin-1').strip()}.csv", start + b"rest"
    yield (
        "spreadsheet-2003.xls",
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
    )
    yield "old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000)
    yield "locked.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + "EncryptedPackage".encode("utf-16-le")


def _hand_made_archives() -> Iterator[tuple[str, bytes]]:
    yield "bomb.csv.gz", gzip.compress(bytes(1) * 50_000_000, 9, mtime=0)
    yield "lines-bomb.csv.gz", gzip.compress(b"\n" * 3_000_000, 9, mtime=0)
    yield "gzip-in-gzip.csv.gz", gzip.compress(gzip.compress(GOOD_CSV, mtime=0), mtime=0)
    yield "gzip-head-only.csv.gz", gzip.compress(GOOD_CSV, mtime=0)[:10]
    yield "gzip-and-more.csv.gz", gzip.compress(GOOD_CSV, mtime=0) + b"more"
    yield "gzip-of-nothing.csv.gz", gzip.compress(b"", mtime=0)
    yield "empty-archive.xlsx", archive({})
    yield "no-workbook.zip", archive({"table.csv": GOOD_CSV})
    yield "binary-workbook.xlsb", archive({"[Content_Types].xml": b"<x/>", "xl/workbook.bin": b"x"})
    yield (
        "open-document.ods",
        archive({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b""}),
    )
    yield "letter.docx", archive({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
    yield "numbers.numbers", archive({"Index/Document.iwa": b"x"})
    yield "paths-upwards.xlsx", archive({"../../evil": b"x", "[Content_Types].xml": b"", "xl/workbook.xml": b""})


def _hand_made_workbooks() -> Iterator[tuple[str, bytes]]:
    good = workbook()
    yield "dimension-lies.xlsx", workbook({"A": sheet([["a"]] * 50, dimension="A1:A2")})
    yield "dimension-boasts.xlsx", workbook({"A": sheet([["a"]], dimension="A1:XFD1048576")})
    yield "far-corner.xlsx", workbook({"A": sheet_of(f'<row r="1048576">{cell("x", "XFD1048576")}</row>')})
    yield (
        "two-far-corners.xlsx",
        workbook({"A": sheet_of(f'<row r="1">{cell(1, "A1")}</row><row r="1048576">{cell("x", "XFD1048576")}</row>')}),
    )
    yield "no-such-row.xlsx", workbook({"A": sheet_of('<row r="99999999999">' + cell(1, "A99999999999") + "</row>")})
    yield "no-such-column.xlsx", workbook({"A": sheet_of(f'<row r="1">{cell(1, "ZZZZ1")}</row>')})
    yield "row-zero.xlsx", workbook({"A": sheet_of(f'<row r="0">{cell(1, "A0")}</row>')})
    yield (
        "rows-backwards.xlsx",
        workbook({"A": sheet_of(f'<row r="9">{cell(1, "A9")}</row><row r="2">{cell(2, "A2")}</row>')}),
    )
    yield "no-cells.xlsx", workbook({"A": sheet_of("")})
    yield "errors.xlsx", workbook({"A": sheet_of('<row r="1"><c r="A1" t="e"><v>#DIV/0!</v></c></row>')})
    yield "never-computed.xlsx", workbook({"A": sheet_of('<row r="1"><c r="A1"><f>1/0</f></c></row>')})
    yield (
        "not-a-number.xlsx",
        workbook({"A": sheet_of('<row r="1"><c r="A1"><v>NaN</v></c><c r="B1"><v>x</v></c></row>')}),
    )
    yield "no-such-string.xlsx", workbook({"A": sheet_of('<row r="1"><c r="A1" t="s"><v>99</v></c></row>')})
    yield "no-such-type.xlsx", workbook({"A": sheet_of('<row r="1"><c r="A1" t="zz"><v>1</v></c></row>')})
    yield "no-such-style.xlsx", workbook({"A": sheet_of('<row r="1"><c r="A1" s="999"><v>1</v></c></row>')})
    yield "cut-in-a-cell.xlsx", workbook({"A": sheet([["a", 1]] * 50)[:400]})
    yield "own-entity.xlsx", workbook({"A": OWN_ENTITY + sheet([["x"]]).replace(">x<", ">&e;<")})
    yield "laughs.xlsx", workbook({"A": _laughs()})
    yield "deep.xlsx", workbook({"A": "<a>" * 100_000 + "</a>" * 100_000})
    yield "long-cell.xlsx", workbook({"A": sheet([["a", "x" * 32_768]])})
    yield "sheet-names.xlsx", workbook({"<&\"'>" * 10: sheet([["a"]]), "": sheet([["b"]]), "x" * 300: sheet([["c"]])})
    yield "bomb.xlsx", workbook({"A": sheet_of('<row r="1">' + " " * 60_000_000 + cell(1, "A1") + "</row>")})
    yield "says-it-is-small.xlsx", lying(good, "xl/worksheets/sheet1.xml", 10)
    yield "says-it-is-large.xlsx", lying(good, "xl/worksheets/sheet1.xml", 4_000_000_000)
    yield "locked-part.xlsx", flagged(good, 1)
    yield "unknown-method.xlsx", good.replace(struct.pack("<H", 8) + good[10:14], struct.pack("<H", 99) + good[10:14])
    for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml", "[Content_Types].xml"):
        yield f"without-{part.rpartition('/')[2]}.xlsx", without(good, part)
    for share in range(1, 20):
        yield f"first-{share}-twentieths.xlsx", good[: len(good) * share // 20]


def _with_hostile_cells() -> Iterator[tuple[str, bytes]]:
    """Each hostile text in each column of an otherwise good row, as CSV; and in a workbook."""
    lines = GOOD_CSV.decode().splitlines()[:3]
    for number, text in enumerate(HOSTILE):
        quoted = '"' + text.replace('"', '""') + '"'
        for column in range(9):
            cells = lines[1].replace('"a note, with a comma"', "a note").split(",")
            cells[column] = quoted
            yield f"hostile-{number}-{column}.csv", f"{lines[0]}\n{','.join(cells)}\n{lines[2]}\n".encode()
        printable = "".join(letter for letter in text if letter.isprintable())
        yield f"hostile-{number}.xlsx", workbook({"A": sheet([["iso3", "year", "value"], [printable] * 3])})


def archive(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in parts.items():
            opened.writestr(undated(name), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def without(content: bytes, part: str) -> bytes:
    return archive({name: text for name, text in parts_of(content).items() if name != part})


def lying(content: bytes, part: str, size: int) -> bytes:
    """The directory of the archive states another size for the part than it has."""
    name = part.encode()
    at = content.rindex(name) - 46
    assert content[at : at + 4] == b"PK\x01\x02"
    return content[: at + 24] + struct.pack("<I", size) + content[at + 28 :]


def flagged(content: bytes, flag: int) -> bytes:
    """Every part has the flag, in the directory alone."""
    changed, at = bytearray(content), content.find(b"PK\x01\x02")
    while at >= 0:
        changed[at + 8] |= flag
        at = content.find(b"PK\x01\x02", at + 4)
    return bytes(changed)


def _laughs() -> str:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE x [<!ENTITY l0 "ha">{levels}]>' + sheet([["a"]]).replace(">a<", ">&l9;<")


def _flip(good: bytes, chance: random.Random) -> bytes:
    changed = bytearray(good)
    for _time in range(chance.choice((1, 3, 30, 300))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(good: bytes, chance: random.Random) -> bytes:
    return good[: chance.randrange(len(good))]


def _hole(good: bytes, chance: random.Random) -> bytes:
    begin = chance.randrange(len(good))
    return good[:begin] + good[begin + chance.randrange(1, 200) :]


def _insert(good: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(good))
    stray = chance.choice(
        (b'"', b"\0", b"\n", b",", b";", b"\xff", b"\xef\xbb\xbf", b"<", b"&x;", b"PK\x03\x04", b'""""')
    )
    return good[:at] + stray * chance.choice((1, 2, 50)) + good[at:]


def _swap(good: bytes, chance: random.Random) -> bytes:
    one, two = sorted(chance.sample(range(len(good)), 2))
    return good[one:two] + good[:one] + good[two:]


def _double(good: bytes, chance: random.Random) -> bytes:
    return good + good[chance.randrange(len(good)) :]


_WAYS = {"flip": _flip, "cut": _cut, "hole": _hole, "insert": _insert, "swap": _swap, "double": _double}


def _with_a_broken_part(good: bytes, broken: object, chance: random.Random) -> bytes:
    """Whole as an archive, its checksums right; what is in it is not."""
    parts = parts_of(good)
    part = chance.choice(sorted(parts))
    parts[part] = broken(parts[part], chance)  # type: ignore[operator]
    return archive(parts)
