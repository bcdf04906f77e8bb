"""Flags: which are raised, what they say, and what of it somebody may see."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy import func, select

from tracker.flag import Change
from tracker.handling import Mark
from tracker.method import ROOT
from tracker.storage.base import Session
from tracker.storage.conclusions import Flag, FlagEvent

# The rule by which people raise flags themselves.
MANUAL = "manual"


class Said(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def handling(self) -> int: ...
    @property
    def at(self) -> datetime: ...


AnyEvent = TypeVar("AnyEvent", bound=Said)


def state_at(events: Iterable[AnyEvent], clearance: Mark) -> AnyEvent | None:
    """The event that says how a flag stands for that clearance. None: for them there is no such flag.

    What is said at a higher mark rests on more evidence: it goes before what a lower one says, even if that is newer.
    """
    seen = [event for event in events if event.handling <= clearance]
    return max(seen, key=lambda event: (event.handling, event.at, event.id), default=None)


@dataclass(frozen=True)
class SeenFlag:
    """A flag as somebody may see it."""

    flag: Flag
    # All that they may see, the oldest first; never empty.
    events: list[FlagEvent]
    # The one that says how it stands.
    said: FlagEvent

    @property
    def severity(self) -> int:
        return self.said.severity

    @property
    def is_cleared(self) -> bool:
        return self.said.kind == Change.CLEARED

    @property
    def is_open(self) -> bool:
        return self.flag.closed_at is None and not self.is_cleared

    @property
    def is_waiting(self) -> bool:
        """Open, and nobody has given a verdict."""
        return self.is_open and self.flag.verdict is None

    @property
    def lowest_mark(self) -> Mark:
        """Whoever sees what bears this mark knows of the flag."""
        return Mark(min(event.handling for event in self.events))

    @property
    def is_manual(self) -> bool:
        return self.flag.rule_key == MANUAL


def in_situations(session: Session, situation_ids: Collection[int], clearance: Mark) -> dict[int, list[SeenFlag]]:
    """By situation: its flags as somebody of that clearance sees them, worst first, as `worst_flags` has it."""
    query = (
        select(FlagEvent, Flag)
        .join(Flag, Flag.id == FlagEvent.flag_id)
        .where(Flag.situation_id.in_(situation_ids), FlagEvent.handling <= clearance)
        .order_by(Flag.id, FlagEvent.at, FlagEvent.id)
    )
    flags: dict[int, Flag] = {}
    events: dict[int, list[FlagEvent]] = defaultdict(list)
    for event, flag in session.execute(query):
        flags[flag.id] = flag
        events[flag.id].append(event)
    found: dict[int, list[SeenFlag]] = defaultdict(list)
    for one in _as_they_stand(flags.values(), events, clearance):
        assert one.flag.situation_id is not None, "it was asked for by its situation"
        found[one.flag.situation_id].append(one)
    return {number: sorted(those, key=_urgency) for number, those in found.items()}


def in_situation(session: Session, situation_id: int, clearance: Mark) -> list[SeenFlag]:
    return in_situations(session, [situation_id], clearance).get(situation_id, [])


def seen(session: Session, flag: Flag, clearance: Mark) -> SeenFlag | None:
    return next(iter(as_seen(session, [flag], clearance)), None)


def seen_up_to(one: SeenFlag, mark: Mark) -> SeenFlag:
    """The same for somebody who sees less, but knows of it."""
    events = [event for event in one.events if event.handling <= mark]
    said = state_at(events, mark)
    assert said is not None, "whoever does not know of a flag is not asked about it"
    return SeenFlag(one.flag, events, said)


def locked(session: Session, flag_id: int) -> Flag | None:
    """As it is now, and nobody else's to change; events may be added to it meanwhile."""
    query = select(Flag).where(Flag.id == flag_id).with_for_update(key_share=True)
    return session.scalar(query.execution_options(populate_existing=True))


def next_manual_number(session: Session, iso3: str) -> int:
    """People's own flags are numbered in each country; whoever asks holds the country's row."""
    query = select(func.count()).where(Flag.iso3 == iso3, Flag.rule_key == MANUAL)
    return (session.scalar(query) or 0) + 1


def as_seen(session: Session, flags: Collection[Flag], clearance: Mark) -> list[SeenFlag]:
    """In their order; of what nothing may be seen there is no flag."""
    events: dict[int, list[FlagEvent]] = defaultdict(list)
    query = (
        select(FlagEvent)
        .where(FlagEvent.flag_id.in_([flag.id for flag in flags]), FlagEvent.handling <= clearance)
        .order_by(FlagEvent.at, FlagEvent.id)
    )
    for event in session.scalars(query):
        events[event.flag_id].append(event)
    return _as_they_stand(flags, events, clearance)


def _as_they_stand(flags: Collection[Flag], events: Mapping[int, list[FlagEvent]], clearance: Mark) -> list[SeenFlag]:
    states = {flag.id: state_at(events[flag.id], clearance) for flag in flags}
    return [SeenFlag(flag, events[flag.id], said) for flag in flags if (said := states[flag.id]) is not None]


def _urgency(one: SeenFlag) -> tuple[bool, int, bool, float, int]:
    flag = one.flag
    return not one.is_open, -one.severity, flag.subject != ROOT, -flag.opened_at.timestamp(), flag.id
