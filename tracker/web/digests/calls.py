"""Requests for assistance in a digest: the open ones age there until somebody ends them, and their end is told once."""

from datetime import datetime

from tracker.assistance import AssistanceState
from tracker.news import Call
from tracker.storage.assistance import SeenRequest


def is_open(one: SeenRequest) -> bool:
    return one.request.state is AssistanceState.OPEN


def call(one: SeenRequest) -> Call:
    return one.request.id, one.request.state.value


def call_at(one: SeenRequest, moment: datetime) -> Call:
    """As it was then; it had been asked for."""
    ended_at = one.request.answered_at
    return call(one) if ended_at and ended_at <= moment else (one.request.id, AssistanceState.OPEN.value)
