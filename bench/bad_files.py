"""All bad files through the reader of tables: does each of them end in rows or in a sentence, and how soon?

python -m bench.bad_files [how many, 1200 unless told]
"""

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.exchange.bad_files import bad_files
from tracker.exchange.tables.reading import TableRefused, read_table

LIMIT_SECONDS = 2.0


def main(number: int) -> int:
    outcomes: Counter[str] = Counter()
    slowest, begun = (0.0, ""), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        for name, content in bad_files(number):
            path.write_bytes(content)
            started = time.perf_counter()
            outcomes[outcome(path)] += 1
            slowest = max(slowest, (time.perf_counter() - started, name))
    seconds = time.perf_counter() - begun
    listed = ", ".join(f"{reason} {count}" for reason, count in outcomes.most_common())
    print(f"{outcomes.total()} files in {seconds:.0f} s: {listed}")
    print(f"slowest: {slowest[1]}, {slowest[0]:.2f} s (limit {LIMIT_SECONDS:g})")
    return 1 if slowest[0] > LIMIT_SECONDS else 0


def outcome(path: Path) -> str:
    """Anything but rows or a refusal ends the whole run with a traceback."""
    try:
        with read_table(path) as table:
            for _row in table.rows:
                pass
    except TableRefused as refusal:
        return refusal.reason
    return "rows"


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_200))
