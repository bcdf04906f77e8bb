"""Which alarms are news at once: those that began since the last notice, however a digest told of them meanwhile.

An alarm is known by the events that raised it, so that none is told twice or lost, whenever they were written down.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.digest import URGENT_AT_MOST_EVERY
from tracker.flag import Change
from tracker.handling import Mark
from tracker.news import Stood, Turn
from tracker.rule import Severity
from tracker.storage.flags import state_at
from tracker.storage.news import Event, StandingFlag
from tracker.web.digests.flags import Turned, alike, in_order


@dataclass(frozen=True)
class Run:
    """A time at alarm."""

    # Those that say that it is an alarm.
    events: frozenset[int]
    began_at: datetime
    # None: it goes on.
    ended_at: datetime | None
    # The severity before it; 0: there was no flag.
    before: int


def risen_to_alarm(flags: Iterable[StandingFlag], before: Stood) -> list[Turned]:
    """Those of which the reader was not told, the newest first."""
    return in_order(one for those in alike(flags) if (one := _news(those, before)))


def alarms(flags: Iterable[StandingFlag]) -> frozenset[int]:
    """What the next notice knows of."""
    found = (_lasting(those) for those in alike(flags))
    return frozenset().union(*(run.events for runs in found for run in runs))


def _news(those: Sequence[StandingFlag], before: Stood) -> Turned | None:
    runs = _lasting(those)
    if not runs:
        return None
    was = max((before.flags.get(flag.id, 0) for flag in those), default=0)
    is_known = was == Severity.ALARM if before.alarms is None else any(run.events & before.alarms for run in runs)
    if is_known:
        return None
    # they were told of another one, which was over
    was = runs[0].before if was == Severity.ALARM else was
    flag = max((flag for flag in those if flag.severity == Severity.ALARM), key=lambda one: (one.opened_at, one.id))
    mark = max(one.said.handling for one in those if one is flag or before.flags.get(one.id))
    return Turned(flag, was, Turn.WORSENED if was else Turn.NEW, Mark(mark))


def _lasting(those: Sequence[StandingFlag]) -> list[Run]:
    """The one that goes on, and those that it follows so closely that whoever did not look knows of no end."""
    runs = sorted((run for flag in those for run in _runs(flag)), key=lambda run: run.began_at)
    lasting: list[Run] = []
    for run in reversed(runs):
        if run.ended_at is None or (lasting and lasting[0].began_at - run.ended_at < URGENT_AT_MOST_EVERY):
            lasting.insert(0, run)
    return lasting


def _runs(flag: StandingFlag) -> Iterator[Run]:
    events, began_at, before = set[int](), flag.opened_at, 0
    for at, severity, event in _course(flag):
        if severity == Severity.ALARM:
            began_at = began_at if events else at
            events.add(event)
            continue
        if events:
            yield Run(frozenset(events), began_at, at, before)
            events = set()
        before = severity
    if events:
        yield Run(frozenset(events), began_at, None, before)


def _course(flag: StandingFlag) -> Iterator[tuple[datetime, int, int]]:
    """When it had which severity from then on, by which event."""
    seen: list[Event] = []
    for event in flag.events:
        seen.append(event)
        said = state_at(seen, Mark.RED)
        assert said is not None, "there is one"
        yield event.at, 0 if said.kind is Change.CLEARED else said.severity, said.id
    if flag.closed_at is not None:
        yield flag.closed_at, 0, 0
