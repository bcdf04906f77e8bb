import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests import factories
from tests.jobs.outages import outage
from tests.smtp_sink import SmtpSink
from tracker.actions.job_runs import want
from tracker.actions.outgoing_mails import queue
from tracker.jobs.job import Job, Shift
from tracker.jobs.runner import LONGEST_PAUSE_SECONDS, Tick, run_due, run_due_once, work
from tracker.jobs.timetable import TIMETABLE
from tracker.settings import Settings
from tracker.storage import job_runs
from tracker.storage.base import Database
from tracker.storage.running import JobRun

MINUTE = timedelta(minutes=1)
MOMENT = timedelta(microseconds=1)


class Diary:
    """Jobs that only write down that they were done."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def job(self, name: str, *, every: timedelta = MINUTE, fails: bool = False) -> Job:
        def what(_shift: Shift) -> str:
            self.done.append(name)
            if fails:
                raise ValueError(f"{name} cannot be done")
            return ""

        return Job(name, every, what)


def last(database: Database, job: str) -> JobRun:
    with database.reading() as session:
        run = job_runs.last_run(session, job)
    assert run is not None
    return run


def at(shift: Shift, moment: datetime) -> Shift:
    return replace(shift, clock=lambda: moment)


# ---- once ------------------------------------------------------------------------------------------------------


def test_every_due_job_is_done_once_in_the_order_of_the_timetable(
    settings: Settings, database: Database, now: datetime
) -> None:
    diary = Diary()
    timetable = [diary.job("b"), diary.job("a"), diary.job("c")]
    outcomes = run_due_once(settings, database, now, timetable=timetable)
    assert diary.done == ["b", "a", "c"]
    assert [outcome.job for outcome in outcomes] == ["b", "a", "c"]


def test_a_job_that_was_done_at_that_moment_is_not_due_any_more(
    settings: Settings, database: Database, now: datetime
) -> None:
    diary = Diary()
    for _ in range(2):
        run_due_once(settings, database, now, timetable=[diary.job("a")])
    assert diary.done == ["a"]


@pytest.mark.parametrize(("later", "times"), [(MINUTE - MOMENT, 1), (MINUTE, 2)])
def test_a_job_is_done_again_when_its_interval_is_over(
    settings: Settings, database: Database, now: datetime, later: timedelta, times: int
) -> None:
    diary = Diary()
    for moment in (now, now + later):
        run_due_once(settings, database, moment, timetable=[diary.job("a")])
    assert diary.done == ["a"] * times


def test_a_job_that_fails_does_not_stop_the_others(settings: Settings, database: Database, now: datetime) -> None:
    diary = Diary()
    timetable = [diary.job("a"), diary.job("b", fails=True), diary.job("c")]
    outcomes = run_due_once(settings, database, now, timetable=timetable)
    assert diary.done == ["a", "b", "c"]
    assert [outcome.error for outcome in outcomes] == [None, "ValueError: b cannot be done", None]


def test_start_end_and_error_of_a_job_are_kept(settings: Settings, database: Database, now: datetime) -> None:
    diary = Diary()
    run_due_once(settings, database, now, timetable=[diary.job("a"), diary.job("b", fails=True)])
    good, bad = last(database, "a"), last(database, "b")
    assert (good.started_at, good.finished_at, good.error) == (now, now, None)
    assert (bad.started_at, bad.finished_at, bad.error) == (now, now, "ValueError: b cannot be done")


def test_a_failed_job_is_tried_again_when_it_is_due_again(
    settings: Settings, database: Database, now: datetime
) -> None:
    diary = Diary()
    run_due_once(settings, database, now, timetable=[diary.job("a", fails=True)])
    run_due_once(settings, database, now + MINUTE, timetable=[diary.job("a")])
    assert diary.done == ["a", "a"]
    assert last(database, "a").error is None


def test_a_failure_is_told_in_the_log_with_its_place_and_without_secrets(
    shift: Shift, caplog: pytest.LogCaptureFixture
) -> None:
    values = "[parameters: ('ana@" + "example.org',)]"  # in two parts: the log shows lines of code

    def what(shift: Shift) -> str:
        raise ValueError(f"{shift.settings.secret}\n{values}")

    run_due(shift, [Job("a", MINUTE, what)])
    assert "The job a failed: ValueError: ***" in caplog.text
    assert "in what" in caplog.text
    assert shift.settings.secret not in caplog.text
    assert "ana@example.org" not in caplog.text


def test_what_a_job_did_is_told_in_the_log(shift: Shift, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    run_due(shift, [Job("a", MINUTE, lambda _shift: "Swept the floor.")])
    assert "a: Swept the floor." in caplog.text


def test_a_job_that_somebody_wants_is_done_at_once_even_with_nothing_to_do(
    settings: Settings, database: Database, now: datetime
) -> None:
    diary = Diary()
    idle = replace(diary.job("a"), wanted=lambda _session, _now: False)
    run_due_once(settings, database, now, timetable=[diary.job("a")])
    with database.writing() as session:
        want(session, "a", by=factories.person(session, created_at=now).id, now=now)

    for _ in range(2):
        run_due_once(settings, database, now + MOMENT, timetable=[idle])

    assert diary.done == ["a", "a"]


def test_a_job_that_has_nothing_to_do_leaves_no_trace(shift: Shift) -> None:
    diary = Diary()
    unwanted = replace(diary.job("a"), wanted=lambda _session, _now: False)
    assert run_due(shift, [unwanted]) == []
    assert diary.done == []
    with shift.database.reading() as session:
        assert job_runs.all_runs(session) == []


def test_a_worker_that_is_to_stop_begins_no_further_job(shift: Shift) -> None:
    diary = Diary()
    stopping = replace(shift, stopping=lambda: diary.done == ["a"])
    run_due(stopping, [diary.job("a"), diary.job("b")])
    assert diary.done == ["a"]


def test_two_workers_do_a_job_once(shift: Shift) -> None:
    rounds, barrier, diary = 10, threading.Barrier(2), Diary()
    looks: list[int] = []

    def one_worker() -> None:
        for number in range(rounds):
            barrier.wait(timeout=60)
            run_due(at(shift, shift.clock() + number * MINUTE), [diary.job("a")])
            looks.append(number)

    workers = [threading.Thread(target=one_worker) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    assert sorted(looks) == sorted([*range(rounds)] * 2)
    assert diary.done == ["a"] * rounds


def test_the_timetable_of_the_product_runs_through(settings: Settings, database: Database, now: datetime) -> None:
    with database.writing() as session:
        queue(session, recipient="ana@example.org", subject="What is new", body="Nothing.", now=now)
    outcomes = run_due_once(settings, database, now)
    assert [(outcome.job, outcome.error) for outcome in outcomes] == [
        ("heartbeat", None),
        ("send_mail", None),
        ("tidy", None),
    ]
    assert len(list(settings.outbox_folder.glob("*.eml"))) == 1


def test_each_job_of_the_timetable_has_a_name_of_its_own() -> None:
    names = [job.name for job in TIMETABLE]
    assert len(names) == len(set(names)) == 9


# ---- while the database is away --------------------------------------------------------------------------------


class Watch:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_the_worker_recovers_by_itself_when_the_database_is_back(shift: Shift) -> None:
    diary, watch = Diary(), Watch()
    tick = Tick(shift, [diary.job("a")], seconds=watch)
    with outage(shift.database):
        tick()
        assert diary.done == []
    watch.seconds += LONGEST_PAUSE_SECONDS
    tick()
    assert diary.done == ["a"]


def test_a_worker_whose_database_is_away_says_so_once_and_once_that_it_is_back(
    shift: Shift, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="tracker")
    watch = Watch()
    tick = Tick(shift, [Diary().job("a")], seconds=watch)
    with outage(shift.database):
        for _ in range(5):
            tick()
            watch.seconds += LONGEST_PAUSE_SECONDS
    for _ in range(2):
        tick()
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 2
    assert told[0].startswith("The database cannot be used, the worker tries again until it can: OperationalError")
    assert "\n" not in told[0]
    assert told[1] == "The database can be used again."


def test_a_worker_whose_database_is_away_asks_ever_less_often(shift: Shift, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = Watch()
    asked_at: list[float] = []

    def away(*_arguments: object) -> None:
        asked_at.append(watch.seconds)
        raise ConnectionError

    monkeypatch.setattr("tracker.jobs.runner.run_due", away)
    tick = Tick(shift, [], seconds=watch)
    while watch.seconds < 120:
        tick()
        watch.seconds += 1
    assert asked_at == [0, 2, 6, 14, 30, 60, 90]


# ---- for as long as it is not stopped --------------------------------------------------------------------------


@contextmanager
def working(settings: Settings, database: Database, timetable: list[Job] | None = None) -> Iterator[threading.Event]:
    stop = threading.Event()
    named = {} if timetable is None else {"timetable": timetable}
    worker = threading.Thread(target=work, args=[settings, database, stop], kwargs=named)
    worker.start()
    try:
        yield stop
    finally:
        stop.set()
        worker.join(timeout=60)
        assert not worker.is_alive()


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_worker_goes_on_after_a_job_failed(settings: Settings, database: Database) -> None:
    diary = Diary()
    every = timedelta(milliseconds=1)
    timetable = [diary.job("bad", every=every, fails=True), diary.job("good", every=every)]
    with working(settings, database, timetable):
        until(lambda: diary.done.count("good") >= 2)
    assert diary.done.count("bad") >= 2


def test_a_worker_that_is_to_stop_does_not_wait_for_its_next_tick(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.jobs.runner.TICK", timedelta(hours=1))
    with working(settings, database):
        until(lambda: _has_beaten(database))


def test_a_worker_that_is_idle_still_beats_at_the_present_time(settings: Settings, database: Database) -> None:
    began = datetime.now(UTC)
    with working(settings, database):
        until(lambda: _has_beaten(database))
    assert began <= last(database, "heartbeat").started_at <= datetime.now(UTC)


def test_a_mail_queued_while_a_worker_runs_arrives_within_seconds(
    settings: Settings, database: Database, smtp_sink: SmtpSink
) -> None:
    with working(replace(settings, relay=smtp_sink.relay), database):
        until(lambda: _has_beaten(database))
        with database.writing() as session:
            queue(session, recipient="ana@example.org", subject="Reset", body="Link", now=datetime.now(UTC))
        until(lambda: len(smtp_sink.messages) == 1)


def _has_beaten(database: Database) -> bool:
    with database.reading() as session:
        return job_runs.last_run(session, "heartbeat") is not None
