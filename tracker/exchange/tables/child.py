"""The child process: reads one file within limits and tells its rows, or why not, in lines of JSON.

It is started by tracker.exchange.tables.reading, imports as little as it can, and knows no secret: it is made to be
lost. What it cannot do is said by a reason; what kills it is seen from outside.
"""

import _thread
import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tracker.exchange.confinement import confine
from tracker.exchange.tables.delimited import DelimitedText
from tracker.exchange.tables.kinds import Kind, kind_of
from tracker.exchange.tables.limits import Limits
from tracker.exchange.tables.refused import TableRefused, refused

# A line holds about so much, so that neither side ever holds more than a little of the file.
_CELLS_IN_A_LINE = 5_000
_CHARACTERS_IN_A_LINE = 500_000

_to_json = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


def main() -> None:
    request = json.loads(sys.stdin.buffer.readline())
    _thread.start_new_thread(_die_with_the_parent, ())
    limits = Limits(**request["limits"])
    try:
        description, rows = _open(Path(request["path"]), request["sheet"], limits)
        _say({"table": description})
        _say({"end": _tell(rows, limits)})
    except TableRefused as refusal:
        _say({"refused": refusal.reason, "values": refusal.values})
    except MemoryError:
        _say({"refused": "memory", "values": {}})
    # Not Exception: what goes wrong within calamine is a panic, which Python does not count among them.
    except BaseException as error:
        if isinstance(error, BrokenPipeError):
            os._exit(0)  # nobody listens any more
        _say({"refused": "broke_off", "values": {}})


def _open(path: Path, sheet: str | None, limits: Limits) -> tuple[dict[str, Any], Iterable[tuple[list[Any], int]]]:
    confine(memory_bytes=limits.memory_bytes, processor_seconds=limits.processor_seconds)
    kind = kind_of(path)
    if kind is Kind.XLSX:
        # Not at the top: a CSV should not wait for it.
        from tracker.exchange.tables.workbook import Workbook

        book = Workbook(path, sheet, limits)
        return {"format": kind, "sheets": book.sheets, "sheet": book.sheet}, book.rows()
    text = DelimitedText(path, kind, limits)
    return {"format": kind, "encoding": text.encoding, "delimiter": text.delimiter}, text.rows()


def _tell(rows: Iterable[tuple[list[Any], int]], limits: Limits) -> int:
    number = 0
    for chunk in _chunks(rows, limits):
        _say({"rows": chunk})
        number += len(chunk)
    if not number:
        raise refused("no_rows")
    return number


def _chunks(rows: Iterable[tuple[list[Any], int]], limits: Limits) -> Iterator[list[list[Any]]]:
    chunk: list[list[Any]] = []
    cells = characters = 0
    for number, (row, length) in enumerate(rows, start=1):
        if number > limits.rows:
            raise refused("rows", limit=limits.rows)
        if len(row) > limits.columns:
            raise refused("columns", row=number, columns=len(row), limit=limits.columns)
        chunk.append(row)
        cells += len(row) + 1
        characters += length
        if cells >= _CELLS_IN_A_LINE or characters >= _CHARACTERS_IN_A_LINE:
            yield chunk
            chunk, cells, characters = [], 0, 0
    if chunk:
        yield chunk


def _say(what: dict[str, Any]) -> None:
    sys.stdout.buffer.write(_to_json(what).encode("ascii") + b"\n")
    sys.stdout.buffer.flush()


def _die_with_the_parent() -> None:
    """The parent holds the other end open as long as it lives and wants to know."""
    while os.read(0, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
