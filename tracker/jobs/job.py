"""What a job of the worker is, and what it is given."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.actions.digests.telling import Teller
from tracker.settings import Settings
from tracker.storage.base import Database, Session


@dataclass(frozen=True)
class Shift:
    """Where a worker works, what time it is there, and whether it should come to an end."""

    settings: Settings
    database: Database
    # A job may take longer than a moment: it asks again for every step.
    clock: Callable[[], datetime]
    stopping: Callable[[], bool]
    # Waits for so many seconds, or until it should come to an end.
    pause: Callable[[float], object] = time.sleep
    # Puts digests into words. None: this worker makes none.
    teller: Teller | None = None


def always(_session: Session, _now: datetime) -> bool:
    return True


@dataclass(frozen=True)
class Job:
    name: str
    every: timedelta
    # Does it and says in a sentence what was done; empty: nothing worth telling.
    what: Callable[[Shift], str]
    # Whether there is anything to do: a job that looks often must not write down each look.
    wanted: Callable[[Session, datetime], bool] = always
