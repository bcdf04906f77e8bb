"""The dashboard against the least that Flask can answer, a ListView of Django and a table of Datasette, in one run.

    python -m bench.dashboard [rounds, 5 unless told] [seconds of wrk a round and server, 3 unless told]

All of them show the same two hundred countries (bench/installation.py). The peers come from PyPI into an environment
of their own. Flask and Django are served by the product's own server with as many threads: what it does for a request
that wakes no application it does not do for them. Datasette brings its server, which is uvicorn, too. The product is
`manage.py serve`. Every figure is the median of the rounds, every ratio the median of the ratios of a
round, in which each server has its turn: so whatever else the machine does hits all of them. Everybody asks as browsers
do, for compressed answers. Printed are, each with its limit:

- warm: answers a second of a signed-in dashboard on which nothing has changed, by eight connections;
- spread: how much longer than half of these answers the slowest of a hundred takes;
- first view after a change: an observation was recorded and concluded from by another process, and a person opens the
  dashboard; against the same of Django after a save. Once at once, and once a second later, by when what was read
  lately has been made again (tracker/web/ahead.py);
- a server that has just been started: its first answer of all, when nothing is compiled, read or remembered yet;
- weight: what a browser fetches for the dashboard that has never been here, as it is sent.
"""

import csv
import io
import re
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from flask import Flask

from bench.installation import Installation, in_use, installation
from bench.serving import BROWSER, ROOT, Asker, Load, environment_with, free_port, load, need_wrk, serving

PEERS = ("django==5.2.19", "datasette==0.65.5", *(f"{name}=={version(name)}" for name in ("uvicorn", "httptools")))
OURS, HELLO = "ours", "hello"
DJANGO, DJANGO_BARE = "Django, signed in", "Django, bare"
DATASETTE, DATASETTE_BARE = "Datasette", "Datasette, no facets suggested"
# By peer, how many times as many answers a second are the goal.
GOALS = {HELLO: 0.5, DJANGO: 60, DJANGO_BARE: 60, DATASETTE: 200, DATASETTE_BARE: 200}
# By peer, how many times as fast the first view after a change.
GOALS_AFTER_CHANGE = {DJANGO: 5, DJANGO_BARE: 5}
MOST_SPREAD, MOST_BYTES = 4, 150_000
CHANGES, STARTS = 30, 5
PEER_FOLDER = ROOT / "bench" / "peers"
_FILES = re.compile(r'(?:href|src)="(/static/[^"#]+)')


@dataclass(frozen=True)
class Server:
    port: int
    path: str
    # What a person's browser sends who is let in.
    headers: Callable[[], Mapping[str, str]]


def main(rounds: int, seconds: int) -> None:
    need_wrk()
    with installation(in_use) as one:
        app = one.app()
        with servers(one, app) as found:
            warm(found, rounds, seconds)
            changes = one.changes()
            for later in (0, 1):
                after_a_change(changes, found, later)
            weight(one.client(app).get("/").text, found[OURS])
        just_started(one, app)


@contextmanager
def servers(one: Installation, app: Flask) -> Iterator[dict[str, Server]]:
    with tempfile.TemporaryDirectory() as name, ExitStack() as opened:
        folder = Path(name)
        rows, python = rows_of(one, folder / "rows.db"), environment_with(folder / "peers", PEERS)
        found = {OURS: opened.enter_context(product(one, app)), HELLO: opened.enter_context(hello())}
        for name, kind in ((DJANGO, "site"), (DJANGO_BARE, "bare")):
            database = Path(shutil.copy(rows, folder / f"{kind}.db"))
            found[name] = opened.enter_context(django(python, database, kind))
        for name, facets in ((DATASETTE, "on"), (DATASETTE_BARE, "off")):
            found[name] = opened.enter_context(datasette(python, rows, facets))
        for name, server in found.items():
            _taken, body = Asker(server.port, {**server.headers(), "Accept-Encoding": "identity"}).get(server.path)
            assert name == HELLO or body.count(b"<tr") >= 200, f"{name} shows all countries"
        yield found


@contextmanager
def product(one: Installation, app: Flask) -> Iterator[Server]:
    port = free_port()
    with serving([sys.executable, "manage.py", "serve", "--port", str(port)], port, one.environment()):
        yield Server(port, "/", lambda: {**BROWSER, "Cookie": one.cookie(app)})


@contextmanager
def hello() -> Iterator[Server]:
    port = free_port()
    with serving([sys.executable, PEER_FOLDER / "flask_hello.py", str(port)], port):
        yield Server(port, "/", lambda: BROWSER)


@contextmanager
def django(python: Path, database: Path, kind: str) -> Iterator[Server]:
    port = free_port()
    with serving([python, PEER_FOLDER / "django_list.py", database, str(port), kind], port):
        cookie = Asker(port).cookie("/enter") if kind == "site" else ""
        yield Server(port, "/", lambda: {**BROWSER, "Cookie": cookie})


@contextmanager
def datasette(python: Path, database: Path, facets: str) -> Iterator[Server]:
    port = free_port()
    settings = ["--setting", "default_page_size", "200", "--setting", "suggest_facets", facets]
    with serving([python, "-m", "datasette", "serve", database, "--port", str(port), *settings], port):
        yield Server(port, f"/{database.stem}/countries", lambda: BROWSER)


def rows_of(one: Installation, path: Path) -> Path:
    """What the dashboard shows, as a table that is ready to be shown."""
    with sqlite3.connect(one.settings.database_file or "") as ours:
        asked = "SELECT iso3, count(*) FROM flags WHERE closed_at IS NULL GROUP BY iso3"
        flags: dict[str, int] = dict(ours.execute(asked).fetchall())
    columns = "iso3 TEXT PRIMARY KEY, name TEXT, score REAL, month_ago REAL, year_ago REAL, trend TEXT, flags INTEGER"
    with sqlite3.connect(path) as database:
        database.execute(f"CREATE TABLE countries ({columns})")
        for row in csv.DictReader(io.StringIO(one.client().get("/dashboard.csv").text)):
            score, month, year = (_number(row[name]) for name in ("score", "change_1_month", "change_12_months"))
            trend = "" if month is None else "rising" if month > 0 else "falling" if month < 0 else "steady"
            then = [None if score is None or change is None else score - change for change in (month, year)]
            values = (row["iso3"], row["country"], score, *then, trend, flags.get(row["iso3"], 0))
            database.execute("INSERT INTO countries VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        assert database.execute("SELECT count(*) FROM countries").fetchone() == (200,)
    return path


def warm(found: dict[str, Server], rounds: int, seconds: int) -> None:
    seen: dict[str, list[Load]] = {name: [] for name in found}
    for _round in range(rounds):
        for name, server in found.items():
            seen[name].append(load(server.port, server.path, seconds, server.headers()))
    print(f"warm, {rounds} rounds of {seconds} s:")
    for name, loads in seen.items():
        a_second, median = (statistics.median(getattr(one, what) for one in loads) for what in ("a_second", "median"))
        print(f"  {name}: {a_second:,.0f} answers a second, half of them within {median:.2f} ms")
    for name, goal in GOALS.items():
        pairs = zip(seen[OURS], seen[name], strict=True)
        ratio = statistics.median(ours.a_second / peer.a_second for ours, peer in pairs)
        print(f"  {ratio:.2f} times {name} (goal {goal})")
    ours, least = (statistics.median(one.slowest_of_hundred / one.median for one in seen[n]) for n in (OURS, HELLO))
    print(f"  spread {ours:.1f} (at most {MOST_SPREAD}); of {HELLO} {least:.1f}")


def after_a_change(changes: Iterator[str], found: dict[str, Server], later: int) -> None:
    """`later`: so many seconds."""
    askers = {name: Asker(server.port, server.headers()) for name, server in found.items()}
    askers[OURS].get("/")
    taken: dict[str, list[float]] = {name: [] for name in (OURS, *GOALS_AFTER_CHANGE)}
    for _number, iso3 in zip(range(CHANGES), changes, strict=False):
        time.sleep(later)
        taken[OURS].append(askers[OURS].get("/")[0])
        for name in GOALS_AFTER_CHANGE:
            askers[name].get(f"/save/{iso3}")
            time.sleep(later)
            taken[name].append(askers[name].get("/")[0])
    print(f"first view after each of {CHANGES} changes, {f'{later} s later' if later else 'at once'}:")
    for name, times in taken.items():
        print(f"  {name}: {statistics.median(times):.1f} ms")
    for name, goal in GOALS_AFTER_CHANGE.items():
        pairs = zip(taken[OURS], taken[name], strict=True)
        print(f"  {statistics.median(peer / ours for ours, peer in pairs):.2f} times as fast as {name} (goal {goal})")


def weight(page: str, ours: Server) -> None:
    asker = Asker(ours.port, ours.headers())
    sizes = {path: len(asker.get(path)[1]) for path in ("/", *sorted(set(_FILES.findall(page))))}
    print(f"weight: {sum(sizes.values()):,} bytes (at most {MOST_BYTES:,})")
    for path, size in sorted(sizes.items(), key=lambda found: -found[1]):
        print(f"  {size:>7,} {path.partition('?')[0]}")


def just_started(one: Installation, app: Flask) -> None:
    taken = []
    for _start in range(STARTS):
        with product(one, app) as server:
            taken.append(Asker(server.port, server.headers()).get("/")[0])
    print(f"first answer of a server that has just been started: {statistics.median(taken):.0f} ms")


def _number(cell: str) -> float | None:
    return float(cell) if cell else None


if __name__ == "__main__":
    words = [int(word) for word in sys.argv[1:]]
    main(*words, *(5, 3)[len(words) :])
