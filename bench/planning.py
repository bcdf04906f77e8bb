"""How long does it take to plan the digests of ten thousand subscribers, all due at once?

    python -m bench.planning [SUBSCRIBERS]

In four zones and at ten hours, daily, weekly and monthly; on SQLite on the disk, where each commit waits for it, and
on PostgreSQL. Planned once more, nothing must be added. The limit is two seconds, on a machine that does nothing else:
on Linux `chrt -r 1` before the command gives it the processors.
"""

import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from pathlib import Path

from sqlalchemy import func, insert, select, update

import config
from tests import postgres
from tests.databases import ENGINES, Databases
from tests.factories import PASSWORD_HASH
from tracker.jobs.job import Shift
from tracker.jobs.plan_digests import plan_digests
from tracker.period import Cadence
from tracker.storage.admitting import Person
from tracker.storage.base import Database
from tracker.storage.mailing import Delivery, Subscription
from tracker.storage.migrating import upgrade
from tracker.subscription import Interest

SUBSCRIBERS, LIMIT_SECONDS, ROUNDS = 10_000, 2.0, 3
BEGUN, NOW = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 31, 23, 59, tzinfo=UTC)
DAY = timedelta(days=1)
ZONES = ("Africa/Cairo", "America/Chicago", "Europe/Berlin", "Asia/Beirut")


def main() -> None:
    subscribers = int(sys.argv[1]) if len(sys.argv) > 1 else SUBSCRIBERS
    server = postgres.OnDemand()
    with tempfile.TemporaryDirectory() as name:
        databases = Databases(Path(name), server.address, BEGUN)
        for engine in ENGINES:
            for round_ in range(ROUNDS):
                url = databases.bare(engine, Path(name))
                upgrade(url)
                taken = planned(url, name, subscribers)
                told = f"{engine}, {subscribers:,} subscribers, round {round_ + 1}"
                print(f"{told}: {taken:.2f} s (at most {LIMIT_SECONDS})")
        databases.close()
    server.stop()


def planned(url: str, folder: str, subscribers: int) -> float:
    database = Database(url)
    fill(database, subscribers)
    settings = config.read({"TRACKER_DATA": folder, "DATABASE_URL": url.replace("postgresql+psycopg", "postgresql")})
    shift = Shift(settings, database, clock=lambda: NOW, stopping=lambda: False)
    begun = time.perf_counter()
    plan_digests(shift)
    taken = time.perf_counter() - begun
    assert how_many(database) == subscribers
    with database.writing() as session:
        session.execute(update(Subscription).values(planned_until=NOW - DAY, next_due_at=NOW))
    plan_digests(shift)
    assert how_many(database) == subscribers
    database.dispose()
    return taken


def fill(database: Database, subscribers: int) -> None:
    """Each wants one digest, of which the last period falls due within the last day."""
    people = [
        {
            "id": number,
            "email": f"reader{number}@example.org",
            "name": f"Reader {number}",
            "status": "active",
            "password_hash": PASSWORD_HASH,
            "sees_all": True,
            "clearance": 1,
            "language": "en",
            "time_zone": "UTC",
            "created_at": BEGUN,
            "version": 1,
        }
        for number in range(1, subscribers + 1)
    ]
    wanted = [
        {
            "person_id": number,
            "name": "What is new",
            "cadence": list(Cadence)[number % 3],
            "time_of_day": clock(8 + number % 10),
            "zone": ZONES[number % 4],
            "weekday": 2,
            "month_day": 31,
            "language": "en",
            "interest": Interest().as_kept(),
            "also_when_nothing_is_new": False,
            "created_at": BEGUN,
            "created_by": number,
            "planned_until": NOW - DAY,
            "next_due_at": NOW - timedelta(hours=1),
            "version": 1,
        }
        for number in range(1, subscribers + 1)
    ]
    with database.writing() as session:
        session.execute(insert(Person), people)
        session.execute(insert(Subscription), wanted)


def how_many(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count(Delivery.id))) or 0


if __name__ == "__main__":
    main()
