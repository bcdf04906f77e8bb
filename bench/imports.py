"""Imports against django-import-export (default and tuned) and openpyxl read-only, all installed in this run.

python -m bench.imports [rows, 100000 unless told] [rounds, 3 unless told] [rows of the default peer, 5000 unless told]

Medians. The peers' time is that of their import alone; ours is that of the whole command, from its start to its exit.
The default peer is given fewer rows, because it takes minutes, and its time is scaled up: it grows with the rows.
The floor is what Python and SQLite need at least: the file through csv, its rows into the same table, nothing checked,
nothing concluded, and no time for a start.
"""

import csv
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from subprocess import PIPE

from openpyxl import Workbook, load_workbook

from tracker.catalogue.places import read_places
from tracker.catalogue.reading import read_catalogue
from tracker.exchange.tables.reading import read_table
from tracker.indicator import Voice

ROOT = Path(__file__).resolve().parents[1]
PEERS = ("django==5.2.19", "django-import-export==4.4.3", "tablib==3.10.0")
MILLION = 1_000_000
LIMIT_MEGABYTES = 200


def main(number: int, rounds: int, fewer: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file, few = written(folder / "long.csv", number), written(folder / "few.csv", fewer)
        python = environment(folder / "peers")
        # in turns, so that a busy machine slows all of them
        turns = [
            (
                imported(folder, file).seconds,
                peer(python, file, "tuned"),
                peer(python, file, "lean"),
                floor(installation(folder), file),
            )
            for _round in range(rounds)
        ]
        ours, tuned, lean, least = map(statistics.median, zip(*turns, strict=True))
        default = peer(python, few, "default") * number / fewer
        print(f"{number:,} rows: ours {ours:.2f} s; django-import-export {default:.0f} s, tuned {tuned:.1f} s")
        print(f"  {tuned / ours:.1f} times the tuned peer (goal 10), {default / ours:.0f} times its default (goal 150)")
        times = f"{tuned / least:.0f} times the tuned peer, {default / least:.0f} times its default"
        print(f"  the floor of this machine: {least:.2f} s, {times}")
        print(f"  tuned, with its checks of the whole row left out: {lean:.1f} s, {lean / ours:.1f} times")
        workbook = as_workbook(file, folder / "long.xlsx")
        reading = statistics.median(seconds_of(lambda: read_whole(workbook)) for _round in range(rounds))
        openpyxl = statistics.median(seconds_of(lambda: read_by_openpyxl(workbook)) for _round in range(rounds))
        print(f"XLSX of {number:,} rows: ours {reading:.2f} s, openpyxl read-only {openpyxl:.2f} s")
        print(f"  {openpyxl / reading:.1f} times openpyxl (goal 4)")
        million = written(folder / "million.csv", MILLION)
        large = imported(folder, million)
        print(f"{MILLION:,} rows: {large.seconds:.0f} s, peak {large.megabytes:.0f} MB (limit {LIMIT_MEGABYTES} MB)")


def written(path: Path, number: int) -> Path:
    """Values of all countries and measured indicators, by day; the same at every run."""
    chance = random.Random(1)
    places = [country.iso3 for country in read_places().countries if country.un_member]
    measures = [one.key for one in read_catalogue().indicators if one.voice is Voice.PUBLISHED and not one.levels]
    with path.open("w", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(["iso3", "date", "indicator", "value", "standard_error"])
        for row in range(number):
            day, rest = divmod(row, len(places) * len(measures))
            place, measure = divmod(rest, len(measures))
            on = date(1960, 1, 31) + timedelta(days=day * 7)
            sheet.writerow([places[place], on.isoformat(), measures[measure], round(chance.random(), 4), 0.1])
    return path


def environment(folder: Path) -> Path:
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, folder], check=True)
    python = folder / "bin" / "python"
    subprocess.run([*uv, "pip", "install", "--quiet", "--python", python, *PEERS], check=True)
    return python


def peer(python: Path, file: Path, kind: str) -> float:
    script = ROOT / "bench" / "peers" / "django_import_export.py"
    told = subprocess.run([python, script, file, kind], check=True, capture_output=True, text=True)
    return float(told.stdout)


@dataclass(frozen=True)
class Import:
    seconds: float
    megabytes: float


def imported(folder: Path, file: Path) -> Import:
    """Into a fresh installation; the peak of the memory is that of the command, and of its reader apart."""
    command, settings = [sys.executable, "manage.py", "import", str(file)], settings_of(installation(folder))
    begun = time.perf_counter()
    child = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=subprocess.DEVNULL, stderr=PIPE)
    said = child.stderr.read() if child.stderr else b""
    _pid, status, used = os.wait4(child.pid, 0)
    assert status == 0, said.decode()
    return Import(time.perf_counter() - begun, used.ru_maxrss / 1024)


def installation(folder: Path) -> Path:
    data = Path(tempfile.mkdtemp(dir=folder))
    data.chmod(0o700)
    command = [sys.executable, "manage.py", "migrate"]
    subprocess.run(command, cwd=ROOT, env=settings_of(data), check=True, capture_output=True)
    return data


def settings_of(data: Path) -> dict[str, str]:
    """As in an installation, which compiles its modules once and not at every start."""
    return os.environ | {"TRACKER_DATA": str(data), "PYTHONDONTWRITEBYTECODE": ""}


def seconds_of(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def floor(data: Path, file: Path) -> float:
    database = sqlite3.connect(data / "tracker.sqlite3", isolation_level=None)
    database.execute("PRAGMA synchronous = FULL")
    database.execute("PRAGMA ignore_check_constraints = ON")
    begun = time.perf_counter()
    ids = dict(database.execute("SELECT key, id FROM indicators"))
    with file.open(newline="") as lines:
        rows = csv.reader(lines)
        next(rows)
        database.execute("BEGIN IMMEDIATE")
        database.executemany(
            "INSERT INTO observations (observed_on, iso3, indicator_id, revision, value, standard_error, handling,"
            " attributable, batch_id) VALUES (?, ?, ?, 1, ?, ?, 0, 1, 1)",
            ((day, iso3, ids[key], value, error) for iso3, day, key, value, error in rows),
        )
        database.execute("COMMIT")
    taken = time.perf_counter() - begun
    database.close()
    return taken


def as_workbook(file: Path, path: Path) -> Path:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    with file.open(newline="") as rows:
        for row in csv.reader(rows):
            sheet.append([*row[:3], *(float(cell) if "." in cell else cell for cell in row[3:])])
    book.save(path)
    return path


def read_whole(path: Path) -> int:
    with read_table(path) as table:
        return sum(1 for _row in table.rows)


def read_by_openpyxl(path: Path) -> int:
    book = load_workbook(path, read_only=True, data_only=True)
    return sum(1 for _row in book.worksheets[0].iter_rows(values_only=True))


if __name__ == "__main__":
    words = [int(word) for word in sys.argv[1:]]
    main(*words, *(100_000, 3, 5_000)[len(words) :])
