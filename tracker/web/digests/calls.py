"""Requests for assistance in a digest: the open ones age there until somebody ends them, and their end is told once."""

from collections.abc import Collection, Iterable
from datetime import datetime

from tracker.assistance import AssistanceState
from tracker.news import Call
from tracker.storage.assistance import SeenRequest


def is_open(one: SeenRequest) -> bool:
    return one.request.state is AssistanceState.OPEN


def call(one: SeenRequest) -> Call:
    return one.request.id, one.request.state.value


def told_calls(found: Iterable[SeenRequest], before: Collection[Call], since: datetime) -> list[SeenRequest]:
    """Those that are open, and those that ended since then. What was over before somebody could see it is no news."""
    known = {number for number, _state in before}
    return [
        one
        for one in found
        if is_open(one) or (call(one) not in before and (one.request.id in known or _ended_after(one, since)))
    ]


def call_at(one: SeenRequest, moment: datetime) -> Call:
    """As it was then; it had been asked for."""
    ended_at = one.request.answered_at
    return call(one) if ended_at and ended_at <= moment else (one.request.id, AssistanceState.OPEN.value)


def _ended_after(one: SeenRequest, moment: datetime) -> bool:
    return one.request.answered_at is not None and one.request.answered_at > moment
