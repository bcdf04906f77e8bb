"""How long from one accepted answer to committed scores and flags, beside millions of observations?

    python -m bench.conclusions [OBSERVATIONS ...]

For each number of observations (by default a million and ten million) a database on SQLite is filled with so many,
over all countries and indicators, month by month. Then single answers are accepted, one transaction each. Prints the
median with and without the conclusions, the share of the limit of 5 ms, and how much longer it takes beside more.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest import mock

from tests import factories
from tracker.access import Principal, Role
from tracker.actions.codings import reviewing
from tracker.actions.concluding import conclude_everything
from tracker.actions.stocking import stock
from tracker.coding import period_before, period_of
from tracker.commands.serve import leave_what_is_here_uncollected
from tracker.handling import Mark
from tracker.indicator import Voice
from tracker.storage import catalogue, countries, standings
from tracker.storage.base import Database, Session
from tracker.storage.migrating import upgrade

LIMIT_MILLISECONDS = 5
COUNTRIES, ANSWERS = 200, 60
CHUNK = 5000
ADD = (
    "INSERT INTO observations (observed_on, iso3, indicator_id, revision, value, unknown, reliability, credibility,"
    " handling, attributable, withdrawn, batch_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def main() -> None:
    sizes = [int(word) for word in sys.argv[1:]] or [1_000_000, 10_000_000]
    leave_what_is_here_uncollected()  # as the server does
    found = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            found[size] = measured(Path(folder), size)
    for size, (alone, concluded) in found.items():
        print(f"{size:,} observations: {concluded:.2f} ms, of it without conclusions {alone:.2f} ms")
        print(f"  limit {LIMIT_MILLISECONDS} ms: used to {concluded / LIMIT_MILLISECONDS:.0%}")
    smallest, *larger = found
    for size in larger:
        print(f"beside {size:,}: {found[size][1] / found[smallest][1]:.2f} times as long as beside {smallest:,}")


def measured(folder: Path, size: int) -> tuple[float, float]:
    """Without and with the conclusions, in milliseconds."""
    now, url = datetime.now(UTC), f"sqlite:///{folder / 'conclusions.sqlite3'}"
    upgrade(url)
    database = Database(url)
    with database.writing() as session:
        stock(session, now=now, with_published=False)
        author = factories.person(session, roles=[Role.ANALYST], clearance=Mark.RED, created_at=now)
        second = factories.person(session, roles=[Role.REVIEWER], clearance=Mark.RED, created_at=now)
        reviewer = Principal(second.id, second.name, frozenset({Role.REVIEWER}), None, Mark.RED)
        begun = time.perf_counter()
        fill(session, size, now)
        standings.renew_all(session)
        conclude_everything(session, now=now)
        print(f"{size:,} observations are there after {time.perf_counter() - begun:.0f} s", file=sys.stderr)
        codings = []
        ids = [one for one in catalogue.all_indicators(session) if one.voice is Voice.CODED]
        for number, country in enumerate(asked(session)[: 2 * ANSWERS]):
            made = factories.coding(
                session, author, indicator=ids[number % len(ids)].key, iso3=country, value=float(number % 5),
                day=now.date(), now=now,
            )  # fmt: skip
            codings.append(made.id)
    with mock.patch.object(reviewing, "draw_conclusions"):
        alone = statistics.median(accepted(database, codings[:ANSWERS], reviewer))
    concluded = statistics.median(accepted(database, codings[ANSWERS:], reviewer))
    database.dispose()
    return alone, concluded


def accepted(database: Database, codings: Sequence[int], reviewer: Principal) -> Iterator[float]:
    for number in codings:
        begun = time.perf_counter()
        with database.writing() as session:
            reviewing.accept(session, [number], by=reviewer, now=datetime.now(UTC))
        yield (time.perf_counter() - begun) * 1000


def asked(session: Session) -> list[str]:
    return [country.iso3 for country in countries.all_countries(session) if country.watched][:COUNTRIES]


def fill(session: Session, size: int, now: datetime) -> None:
    """Every question about every country, month by month back from the last one, until there are so many."""
    draw = random.Random(1)
    first = factories.observation(
        session, indicator="independence_of_courts", iso3="ATA", on=date(1990, 1, 1), value=0, recorded_at=now
    )
    day, written = period_before(period_of(now.date())), 1
    while written < size:
        rows = [
            (
                *(day.isoformat(), iso3, one.id, 1, _value(draw, one.best, one.worst, bool(one.levels)), False),
                *("B", 2, int(Mark.CLEAR), True, False, first.batch_id),
            )
            for iso3 in asked(session)
            for one in catalogue.all_indicators(session)
        ][: size - written]
        for start in range(0, len(rows), CHUNK):
            session.connection().exec_driver_sql(ADD, rows[start : start + CHUNK])
        written += len(rows)
        day = period_of(day.replace(day=1) - timedelta(days=1))


def _value(draw: random.Random, best: float, worst: float, is_graded: bool) -> float:
    value = best + (worst - best) * draw.random() ** 2
    return float(round(value)) if is_graded else value


if __name__ == "__main__":
    main()
