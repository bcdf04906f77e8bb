"""In which encoding is a text written? Asked of the whole of it: the first accent may stand in the last row.

UTF-8 is strict, so a text that is valid UTF-8 is hardly ever anything else. What is not is taken for Windows-1252, in
which a few bytes mean nothing; with those it is taken for Latin-1, in which every byte means something.
"""

import codecs
import gzip
import zlib
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path

from tracker.exchange.tables.kinds import Kind, refuse_what_is_no_text
from tracker.exchange.tables.limits import Limits
from tracker.exchange.tables.refused import refused

_BLOCK = 1 << 20
_NOT_IN_CP1252 = bytes([0x81, 0x8D, 0x8F, 0x90, 0x9D])
# Control characters that no text needs. One may come with a paste; many mean that this is no text.
_STRAY = bytes(set(range(1, 32)) - set(b"\t\n\v\f\r\x1a\x1b")) + b"\x7f"
_MOST_STRAY = 0.002


def open_bytes(path: Path, kind: Kind) -> gzip.GzipFile | BufferedReader:
    return gzip.open(path, "rb") if kind is Kind.GZIPPED_CSV else path.open("rb")


def encoding_of(path: Path, kind: Kind, limits: Limits) -> str:
    blocks = _blocks(path, kind, limits)
    first = next(blocks, b"")
    if not first:
        raise refused("empty")
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        _check_utf_16(first, blocks)
        return "utf-16"
    refuse_what_is_no_text(first[:4096])
    marked = first.startswith(codecs.BOM_UTF8)
    if kind is Kind.GZIPPED_CSV and first.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        raise refused("no_table", kind="an archive in an archive")
    return _of_bytes(first, blocks, marked)


def _blocks(path: Path, kind: Kind, limits: Limits) -> Iterator[bytes]:
    size = 0
    try:
        with open_bytes(path, kind) as file:
            while block := file.read(_BLOCK):
                size += len(block)
                if size > limits.unpacked_bytes:
                    raise refused("unpacked_bytes", limit=limits.unpacked_bytes // 1_000_000)
                yield block
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise refused("damaged", detail="it cannot be unpacked") from error


def _check_utf_16(first: bytes, blocks: Iterator[bytes]) -> None:
    decoder = codecs.getincrementaldecoder("utf-16")()
    try:
        text = decoder.decode(first)
        for block in blocks:
            _refuse_nul("\0" in text)
            text = decoder.decode(block)
        _refuse_nul("\0" in text + decoder.decode(b"", final=True))
    except UnicodeDecodeError as error:
        raise refused("encoding", encoding="UTF-16") from error


def _refuse_nul(there: bool) -> None:
    if there:
        raise refused("no_table", kind="something that is no text")


def _of_bytes(first: bytes, blocks: Iterator[bytes], marked: bool) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, is_cp1252, stray, position = True, True, 0, 0
    block = first
    while block:
        if (nul := block.find(0)) >= 0:
            raise refused("no_text", position=position + nul + 1)
        stray += len(block) - len(block.translate(None, _STRAY))
        is_utf8 = is_utf8 and _goes_on(decoder, block)
        is_cp1252 = is_cp1252 and len(block.translate(None, _NOT_IN_CP1252)) == len(block)
        position += len(block)
        block = next(blocks, b"")
    if stray > position * _MOST_STRAY:
        raise refused("no_table", kind="something that is no text")
    if is_utf8 and _goes_on(decoder, b"", final=True):
        return "utf-8-sig" if marked else "utf-8"
    if marked:
        raise refused("encoding", encoding="UTF-8")
    return "cp1252" if is_cp1252 else "latin-1"


def _goes_on(decoder: codecs.IncrementalDecoder, block: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True
