"""All problems of a file, one line each: kept whole, however many, and told in the language of whoever reads them."""

import gzip
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tracker.entry import Problem
from tracker.text import one_line, tidy

LONGEST_CELL = 200
MOST_SORTED = 50_000


@dataclass(frozen=True)
class KeptProblem:
    row: int
    # The first column is 1; None: the row as a whole.
    column: int | None
    heading: str
    cell: str
    kind: str
    sentence: str
    values: Mapping[str, Any]


class ProblemBook:
    """Written while a file is gone through."""

    def __init__(self) -> None:
        self.by_kind: Counter[str] = Counter()
        self._bytes = io.BytesIO()
        # without a date: the same problems come to the same bytes
        self._file = gzip.GzipFile(fileobj=self._bytes, mode="wb", compresslevel=3, mtime=0)

    def write(self, problem: Problem) -> None:
        fault = problem.fault
        self.write_line(
            KeptProblem(
                problem.row,
                problem.column,
                problem.heading,
                problem.cell,
                problem.kind.value,
                fault.sentence,
                {name: _plain(value) for name, value in fault.values.items()},
            )
        )

    def write_line(self, problem: KeptProblem) -> None:
        self.by_kind[problem.kind] += 1
        line = {
            **vars(problem),
            "heading": one_line(problem.heading, LONGEST_CELL),
            "cell": one_line(problem.cell, LONGEST_CELL),
        }
        self._file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")

    def closed(self) -> bytes:
        self._file.close()
        return self._bytes.getvalue()


def read(kept: bytes | None) -> Iterator[KeptProblem]:
    """In the order in which they were found."""
    if kept is None:
        return
    with gzip.open(io.BytesIO(kept), "rt", encoding="utf-8") as lines:
        for line in lines:
            yield KeptProblem(**json.loads(line))


def in_order(kept: bytes | None, rows: int) -> Iterable[KeptProblem]:
    """By row and column; of a great many in the order in which they were found, because sorting needs them all."""
    if rows > MOST_SORTED:
        return read(kept)
    return sorted(read(kept), key=lambda one: (one.row, one.column or 0))


def _plain(value: object) -> str | int | float | None:
    if value is None or isinstance(value, (int, float)):
        return value
    return tidy(str(value))
