"""Is any digest lost, or sent twice, whatever happens to those who send it?

    python -m bench.faults [KILLS]

On SQLite and PostgreSQL, to a relay and to the outbox: two workers are killed at each step of a digest, at its first,
second and third time, and two others find what they left; a worker is stopped at each step outside a transaction for
longer than its lease; workers are killed at random moments, KILLS of them (500 unless said otherwise); PostgreSQL is
stopped with `-m immediate` in the middle of it. Prints what is wrong. Nothing may be lost, and twice may come only what
the relay had taken before a worker was killed, and that as the same mail; the outbox, which can be asked, has each
once. Takes some ten minutes.
"""

import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from tests import postgres
from tests.databases import ENGINES, MIGRATED, Databases
from tests.faults.cases import (
    READERS,
    Outcome,
    digests_due,
    in_outbox,
    killed,
    outcome,
    restarted,
    stopped,
    what_is_wrong,
)
from tests.faults.nursery import Nursery, Wanted, nursery
from tests.faults.points import IN_A_TRANSACTION, POINTS
from tests.faults.relay import relay
from tests.restarting_postgres import restarting_postgres
from tracker.storage.base import Database
from tracker.storage.migrating import upgrade

KILLS, TIMES = 500, (1, 2, 3)
# Between the look at the lease and the last dot nobody can tell that a worker was stopped.
BEYOND_ANY_LEASE = frozenset({"smtp.checked"})


@dataclass
class Tally:
    runs: int = 0
    kills: int = 0
    deliveries: int = 0
    doubled: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, name: str, found: Outcome, expected: int, point: str = "") -> None:
        wrong = what_is_wrong(found, expected, point)
        self.runs += 1
        self.kills += found.kills
        self.deliveries += len(found.message_ids)
        self.doubled += len(found.doubled())
        self.wrong += [f"{name}: {sentence}" for sentence in wrong]

    def take_in(self, other: "Tally") -> None:
        self.runs, self.kills = self.runs + other.runs, self.kills + other.kills
        self.deliveries, self.doubled = self.deliveries + other.deliveries, self.doubled + other.doubled
        self.wrong += other.wrong

    def __str__(self) -> str:
        told = f"{self.runs} runs, {self.kills} kills, {self.deliveries} deliveries, {self.doubled} came twice"
        return "\n  ".join([f"{told}, {len(self.wrong)} wrong", *self.wrong])


def main() -> None:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else KILLS
    server = postgres.OnDemand()
    with tempfile.TemporaryDirectory() as name, nursery() as workers:
        databases = Databases(Path(name), server.address, datetime.now(UTC))
        bench = Bench(databases, workers, Path(name))
        for engine in ENGINES:
            bench.say(f"{engine}, killed at each step, to a relay", bench.kill_everywhere(engine))
            bench.say(f"{engine}, killed at each step, to the outbox", bench.kill_everywhere(engine, to_outbox=True))
            bench.say(f"{engine}, stopped for longer than a lease", bench.stop_everywhere(engine))
            bench.say(f"{engine}, killed at random, to a relay", bench.soak(engine, kills * 2 // 5))
            bench.say(f"{engine}, killed at random, to the outbox", bench.soak(engine, kills // 10, to_outbox=True))
        bench.say("PostgreSQL stopped with -m immediate", restarts(workers, Path(name)))
        databases.close()
    server.stop()
    print(f"all of it: {bench.all_of_it}")
    sys.exit(1 if bench.all_of_it.wrong else 0)


@dataclass
class Bench:
    databases: Databases
    workers: Nursery
    folder: Path
    all_of_it: Tally = field(default_factory=Tally)

    def say(self, what: str, tally: Tally) -> None:
        print(f"{what}: {tally}", flush=True)
        self.all_of_it.take_in(tally)

    def kill_everywhere(self, engine: str, *, to_outbox: bool = False) -> Tally:
        tally = Tally()
        for point in POINTS:
            if to_outbox and point.startswith("smtp."):
                continue
            for occurrence in TIMES:
                found = self._killed(engine, point, occurrence, to_outbox)
                # an outbox can be asked: there is no doubt
                tally.add(f"{point}, time {occurrence}", found, READERS, "" if to_outbox else point)
        return tally

    def _killed(self, engine: str, point: str, occurrence: int, to_outbox: bool) -> Outcome:
        with self._fresh(engine) as (database, url), relay() as taking, tempfile.TemporaryDirectory() as folder:
            digests_due(database)
            wanted = Wanted(url, folder, 0 if to_outbox else taking.port, point=point, occurrence=occurrence)
            return killed(self.workers, database, wanted, None if to_outbox else taking)

    def stop_everywhere(self, engine: str) -> Tally:
        tally = Tally()
        for point in POINTS:
            if point in IN_A_TRANSACTION | BEYOND_ANY_LEASE:
                continue
            with self._fresh(engine) as (database, url), relay() as taking:
                digests_due(database)
                wanted = Wanted(url, str(self.folder), taking.port, point=point, is_stopped=True, lease_seconds=0.6)
                found = stopped(self.workers, database, wanted, taking)
            tally.add(point, found, READERS, point)
        return tally

    def soak(self, engine: str, kills: int, *, to_outbox: bool = False) -> Tally:
        """Three workers, of which one or another is killed and another begun, while ever more digests fall due."""
        tally, chance = Tally(), random.Random(1)
        with self._fresh(engine) as (database, url), relay() as taking, tempfile.TemporaryDirectory() as folder:
            port = 0 if to_outbox else taking.port
            wanted = Wanted(url, folder, port, seconds=3600, stays=True, connections=4, lease_seconds=1.5)
            added, ends, alive = 0, list[int](), [self.workers.begin(wanted) for _ in range(3)]
            while alive:
                digests_due(database, 12)
                added += 12
                time.sleep(chance.uniform(0.05, 0.5))
                victim = alive.pop(chance.randrange(len(alive)))
                os.kill(victim, signal.SIGKILL)
                ends.append(self.workers.end_of(victim))
                if len(ends) + len(alive) < kills:
                    alive.append(self.workers.begin(wanted))
            last = [self.workers.end_of(self.workers.begin(replace(wanted, seconds=120, stays=False)))]
            last += [end for end in ends if end != -signal.SIGKILL]
            taken = in_outbox(Path(folder) / "outbox") if to_outbox else taking.taken
            found = outcome(database, taken, ends, last)
        # four connections at once may be in doubt
        tally.add("soak", replace(found, kills=found.kills * 4), added, "" if to_outbox else "smtp.dot")
        tally.kills = found.kills
        return tally

    @contextmanager
    def _fresh(self, engine: str) -> Iterator[tuple[Database, str]]:
        url = self.databases.copy(engine, MIGRATED, self.folder)
        database = Database(url)
        yield database, url
        database.dispose()
        self.databases.drop(url)


def restarts(workers: Nursery, folder: Path) -> Tally:
    """At each step outside a transaction; who is stopped there goes on when the server is gone."""
    tally = Tally()
    with restarting_postgres() as server:
        url = postgres.url(str(server.folder), "postgres")
        upgrade(url)
        database, sent = Database(url), 0
        for point in POINTS:
            if point in IN_A_TRANSACTION:
                continue
            digests_due(database)
            with relay() as taking:
                wanted = Wanted(url, str(folder), taking.port, point=point, is_stopped=True, lease_seconds=3)
                found = restarted(workers, server, database, wanted, taking)
            found.message_ids = found.message_ids[sent:]
            found.states = Counter({state: number - sent for state, number in found.states.items()})
            tally.add(point, found, READERS, "smtp.dot")
            sent += READERS
        database.dispose()
    return tally


if __name__ == "__main__":
    main()
