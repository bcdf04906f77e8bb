"""How much of anything a file may have. Generous for a table, and far below what would hurt the machine."""

from typing import NamedTuple


class Limits(NamedTuple):
    """A named tuple, because the child process reads it at its start and dataclasses are slow to import."""

    file_bytes: int = 100_000_000
    # What a gzipped CSV or the parts of a workbook come to when unpacked, and how many times that may be the file.
    unpacked_bytes: int = 600_000_000
    unpacked_ratio: int = 300
    rows: int = 2_000_000
    columns: int = 2_000
    cell_characters: int = 32_767
    # A row of CSV before its cells are known. A stray quotation mark or a file without line ends would make one row.
    line_characters: int = 4_000_000
    # Of the child process.
    memory_bytes: int = 1_500_000_000
    processor_seconds: int = 30
    # How long the parent waits for the child, all in all; what the parent does with the rows is not counted.
    waiting_seconds: float = 60.0
