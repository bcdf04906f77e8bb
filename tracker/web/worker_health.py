"""Is the worker alive? It notes a tick every minute, so that its silence can be seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.storage.running import JobRun

HEARTBEAT = "heartbeat"
# Three missed notes are no accident.
LONGEST_SILENCE = timedelta(minutes=3)


@dataclass(frozen=True)
class WorkerHealth:
    # None: it never ran here.
    seconds_since_tick: int | None
    ticks: bool


def worker_health(runs: Sequence[JobRun], now: datetime) -> WorkerHealth:
    tick = next((run.started_at for run in runs if run.job == HEARTBEAT), None)
    if tick is None:
        return WorkerHealth(None, ticks=False)
    silence = now - tick
    return WorkerHealth(int(silence.total_seconds()), ticks=silence <= LONGEST_SILENCE)
