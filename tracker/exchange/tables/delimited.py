"""CSV as it comes: the delimiter is found by trying, and nothing is read that could be read in two ways."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tracker.exchange.tables.encodings import encoding_of, open_bytes
from tracker.exchange.tables.kinds import Kind
from tracker.exchange.tables.limits import Limits
from tracker.exchange.tables.refused import refused

# In this order where two do equally well: where every row has a semicolon, the commas are decimal signs.
DELIMITERS = ("\t", ";", "|", ",")
_SAMPLE_CHARACTERS = 200_000
_SAMPLE_ROWS = 200


class DelimitedText:
    """One file of text. `rows` goes through it once; blank lines are rows without cells."""

    def __init__(self, path: Path, kind: Kind, limits: Limits) -> None:
        self._path, self._kind, self._limits = path, kind, limits
        self.encoding = encoding_of(path, kind, limits)
        with self._text() as text:
            self.delimiter = delimiter_of(text.read(_SAMPLE_CHARACTERS))
        self._row, self._characters = 1, 0

    def rows(self) -> Iterator[tuple[list[str], int]]:
        """Each row with the number of its characters."""
        csv.field_size_limit(self._limits.cell_characters)
        with self._text() as text:
            reader = csv.reader(self._lines(text), delimiter=self.delimiter, strict=True)
            try:
                for cells in reader:
                    yield cells, self._characters
                    self._row += 1
                    self._characters = 0
            except csv.Error as error:
                if "field limit" in str(error):
                    limit = self._limits.cell_characters
                    raise refused("cell_characters", row=self._row, limit=limit) from error
                raise refused("quote", row=self._row) from error

    def _text(self) -> io.TextIOWrapper:
        # Line ends stay as they are: within quotation marks they belong to the cell.
        return io.TextIOWrapper(open_bytes(self._path, self._kind), encoding=self.encoding, newline="")

    def _lines(self, text: io.TextIOWrapper) -> Iterator[str]:
        longest = self._limits.line_characters
        while line := text.readline(longest + 1):
            self._characters += len(line)
            if self._characters > longest:
                raise refused("line_characters", row=self._row, limit=longest)
            yield line


def delimiter_of(sample: str) -> str:
    """The one that cuts most rows into equally many cells, and into more than one."""
    whole_lines = sample[: sample.rfind("\n") + 1] if len(sample) == _SAMPLE_CHARACTERS else sample
    if not whole_lines:
        whole_lines = sample
    best, best_fit = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        fit = _fit(whole_lines, delimiter)
        if fit > best_fit:
            best, best_fit = delimiter, fit
    return best


def _fit(sample: str, delimiter: str) -> tuple[float, int]:
    """The share of rows that have the usual number of cells, and that number; (0, 0) where it cuts nothing."""
    csv.field_size_limit(_SAMPLE_CHARACTERS)
    widths: Counter[int] = Counter()
    try:
        for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            if any(cells):
                widths[len(cells)] += 1
            if widths.total() >= _SAMPLE_ROWS:
                break
    except csv.Error:
        return 0.0, 0
    cut = [(count, width) for width, count in widths.items() if width > 1]
    if not cut:
        return 0.0, 0
    count, width = max(cut)
    return round(count / widths.total(), 1), width
