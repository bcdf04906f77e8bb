"""Measures in a digest: what became overdue, and what was decided or came of it since the last time."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tracker.news import Measured
from tracker.response import OPEN, ResponseState, is_overdue
from tracker.storage.responding import Response
from tracker.storage.responses import Listed
from tracker.web.digests.reach import Span


@dataclass(frozen=True)
class MeasureNews:
    # Overdue only since the last time.
    late: Sequence[Listed] = ()
    # Decided, declined or ended since then.
    settled: Sequence[Listed] = ()
    # How many were overdue before and still are.
    late_before: int = 0

    @property
    def marked(self) -> list[Response]:
        """All that is told, each with its mark."""
        return [one.response for one in (*self.late, *self.settled)]

    def __bool__(self) -> bool:
        return bool(self.late or self.settled)


def measure_news(found: Iterable[Listed], before: Collection[Measured], span: Span) -> MeasureNews:
    """`before`: how they stood when the reader was last told. What was over before they could see it is no news."""
    there, known = list(found), {number for number, _stood in before}
    late = [one for one in there if is_overdue(one.response.due_on, span.today)]
    new_late = [one for one in late if _late(one) not in before]
    in_sight = [one for one in there if one.response.id in known or not _was_over_at(one, span.since)]
    settled = [one for one in in_sight if _is_settled_since(one, before)]
    return MeasureNews(new_late, settled, len(late) - len(new_late))


def stood_now(found: Iterable[Listed], today: date) -> frozenset[Measured]:
    return _stood(((one, one.response.state) for one in found), today)


def stood_at(found: Iterable[Listed], moment: datetime) -> frozenset[Measured]:
    """As they were then, by the clocks."""
    then = ((one, _state_at(one, moment)) for one in found if one.response.proposed_at <= moment)
    return _stood(then, moment.date())


def _stood(found: Iterable[tuple[Listed, ResponseState]], today: date) -> frozenset[Measured]:
    kept: set[Measured] = set()
    for one, state in found:
        kept.add((one.response.id, state.value))
        if is_overdue(one.response.due_on, today):
            kept.add(_late(one))
    return frozenset(kept)


def _late(one: Listed) -> Measured:
    due_on = one.response.due_on
    return one.response.id, due_on.isoformat() if due_on else ""


def _is_settled_since(one: Listed, before: Collection[Measured]) -> bool:
    number, state = one.response.id, one.response.state
    if state is ResponseState.PROPOSED or (number, state.value) in before:
        return False
    # that it was started is no news to who knows that it was decided
    return state not in OPEN or (number, ResponseState.DECIDED.value) not in before


def _was_over_at(one: Listed, moment: datetime) -> bool:
    return _state_at(one, moment) not in OPEN


def _state_at(one: Listed, moment: datetime) -> ResponseState:
    response = one.response
    if response.ended_at and response.ended_at <= moment:
        return response.state
    if response.started_at and response.started_at <= moment:
        return ResponseState.UNDER_WAY
    if response.decided_at and response.decided_at <= moment:
        return ResponseState.DECLINED if response.state is ResponseState.DECLINED else ResponseState.DECIDED
    return ResponseState.PROPOSED
