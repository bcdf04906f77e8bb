"""The short form: some steps on each database. `python -m bench.faults` goes through all of them, and at random.

Each test says what it takes for granted: that workers were killed, and that as many digests were due as were sent.
"""

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests import postgres
from tests.faults.cases import (
    READERS,
    digests_due,
    is_stopped,
    killed,
    outcome,
    restarted,
    stopped,
    until,
    what_is_wrong,
)
from tests.faults.nursery import Nursery, Wanted, nursery
from tests.faults.relay import Relay, relay
from tests.restarting_postgres import restarting_postgres
from tracker.digest import DeliveryState
from tracker.storage.base import Database
from tracker.storage.migrating import upgrade

# Far longer than any step takes on a busy machine: it would be over for those who live, too.
LEASE_SECONDS = 1.5
sqlite_alone = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
postgresql_alone = pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)


@pytest.fixture(scope="module")
def workers() -> Iterator[Nursery]:
    with nursery() as made:
        yield made


@pytest.fixture
def taking() -> Iterator[Relay]:
    with relay() as made:
        yield made


@pytest.fixture
def database(empty_database: Database) -> Database:
    """As many digests are due as there are readers."""
    digests_due(empty_database)
    return empty_database


@pytest.fixture
def wanted(database: Database, taking: Relay, tmp_path: Path) -> Wanted:
    url = database.engine.url.render_as_string(hide_password=False)
    return Wanted(url, str(tmp_path), taking.port, lease_seconds=LEASE_SECONDS)


@pytest.mark.parametrize(
    ("point", "occurrence"),
    [("plan.committed", 2), ("told", 2), ("queue.written", 2), ("mark.committed", 3), ("smtp.taken", 2)],
)
def test_what_a_killed_worker_left_is_done_by_others_once(
    workers: Nursery, database: Database, taking: Relay, wanted: Wanted, point: str, occurrence: int
) -> None:
    found = killed(workers, database, replace(wanted, point=point, occurrence=occurrence), taking)
    assert what_is_wrong(found, READERS, point) == []


@sqlite_alone
def test_a_worker_that_ends_between_the_last_dot_and_the_answer_is_what_makes_a_mail_come_twice(
    workers: Nursery, database: Database, taking: Relay, wanted: Wanted
) -> None:
    found = killed(workers, database, replace(wanted, point="smtp.dot"), taking)
    assert what_is_wrong(found, READERS, "smtp.dot") == []
    assert len(found.doubled()) == found.kills == 2


@postgresql_alone
def test_where_it_is_to_be_held_nothing_comes_twice(
    workers: Nursery, database: Database, taking: Relay, wanted: Wanted
) -> None:
    holding = replace(wanted, point="smtp.dot", holds_what_is_in_doubt=True)
    found = killed(workers, database, holding, taking)
    assert (found.doubled(), found.lost(), found.holds) == ([], [], True)
    assert found.states == {DeliveryState.SENT: READERS - found.kills, DeliveryState.DEAD: found.kills}
    assert found.kills == 2


@sqlite_alone
@pytest.mark.parametrize("point", ["mark.committed", "settle.written"])
def test_the_outbox_has_each_digest_once_though_nothing_may_be_sent_again(
    workers: Nursery, database: Database, wanted: Wanted, point: str
) -> None:
    without_relay = replace(wanted, port=0, point=point, occurrence=2, holds_what_is_in_doubt=True)
    found = killed(workers, database, without_relay)
    assert what_is_wrong(found, READERS, point) == []
    assert found.doubled() == []


@pytest.mark.parametrize("point", ["smtp.text", "told"])
def test_a_worker_that_was_stopped_for_longer_than_its_lease_sends_nothing_of_what_another_has_sent(
    workers: Nursery, database: Database, taking: Relay, wanted: Wanted, point: str
) -> None:
    found = stopped(workers, database, replace(wanted, point=point, occurrence=2, is_stopped=True), taking)
    assert what_is_wrong(found, READERS, point) == []
    assert found.doubled() == []


@sqlite_alone
def test_when_the_relay_comes_back_everything_leaves(
    workers: Nursery, database: Database, taking: Relay, wanted: Wanted
) -> None:
    cut_off = workers.begin(replace(wanted, point="smtp.half", occurrence=2, is_stopped=True))
    until(lambda: is_stopped(cut_off))
    taking.go_away()
    os.kill(cut_off, signal.SIGCONT)
    other = workers.begin(wanted)
    taking.come()
    ends = [workers.end_of(pid) for pid in (cut_off, other)]
    found = outcome(database, taking.taken, [-signal.SIGKILL], ends)
    assert what_is_wrong(found, READERS) == []


def test_when_the_server_of_the_database_is_stopped_at_once_everything_leaves_after_its_start(
    workers: Nursery, taking: Relay, tmp_path: Path
) -> None:
    """With `-m immediate`: nothing is finished, and nothing written."""
    with restarting_postgres() as server:
        url = postgres.url(str(server.folder), "postgres")
        upgrade(url)
        database = Database(url)
        digests_due(database)
        wanted = Wanted(url, str(tmp_path), taking.port, point="smtp.text", is_stopped=True, lease_seconds=3)
        found = restarted(workers, server, database, wanted, taking)
        database.dispose()
    assert what_is_wrong(found, READERS, "smtp.dot") == []


@postgresql_alone
@pytest.mark.parametrize("hours", [2, -2])
def test_a_worker_whose_clock_is_two_hours_off_sends_its_share_and_takes_nobodys_mail_away(
    workers: Nursery, database: Database, taking: Relay, wanted: Wanted, hours: int
) -> None:
    """By its own clock every lease would be over, or nothing would be due."""
    right = workers.begin(replace(wanted, point="mark.committed", occurrence=2, is_stopped=True, lease_seconds=120))
    until(lambda: is_stopped(right))
    wrong = workers.begin(replace(wanted, ahead_seconds=hours * 3600, lease_seconds=120))
    until(lambda: len(taking.taken) == READERS - 1)
    os.kill(right, signal.SIGCONT)
    found = outcome(database, taking.taken, [-signal.SIGKILL], [workers.end_of(pid) for pid in (wrong, right)])
    assert what_is_wrong(found, READERS) == []
