"""The worker's clockwork. It ticks and knows nothing else: what is due is decided in runner.py, from the database.

APScheduler's calendar triggers lose and double runs where clocks change, and its job stores run everything twice
under two workers. A plain interval in UTC, kept in memory, does neither.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

# It tells of every tick, and warns of each that is left out while a job takes its time: both are as they should be.
logging.getLogger("apscheduler").setLevel(logging.ERROR)


@contextmanager
def ticking(every: timedelta, tick: Callable[[], None]) -> Iterator[None]:
    """Calls `tick` at once and then again and again, one call at a time; at the end waits for the last to return."""
    scheduler = BackgroundScheduler(timezone=UTC, executors={"default": ThreadPoolExecutor(1)})
    scheduler.add_job(
        tick,
        IntervalTrigger(seconds=every.total_seconds(), timezone=UTC),
        next_run_time=datetime.now(UTC),
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=True)
