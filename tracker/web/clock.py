"""The one place where the web layer asks what time it is; tests set it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast

from flask import current_app

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    return datetime.now(UTC)


def now() -> datetime:
    return cast(Clock, current_app.extensions["clock"])()
