"""Days to come out of a file: what it would do, and then all of it or nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

from tracker.access import Principal
from tracker.actions.occasions import alike, change, refuse_draft, write_in_all
from tracker.exchange.occasion_files import Line
from tracker.handling import Mark
from tracker.occasion import Draft
from tracker.refusal import N_, Refusal
from tracker.storage import occasions
from tracker.storage.base import Session
from tracker.storage.conclusions import Occasion
from tracker.storage.occasions import as_draft

Name: TypeAlias = tuple[str | None, str | None, str | None]
"""What another calendar calls it, and where it is: the same calendar may be brought for several places."""


class Outcome(StrEnum):
    NEW = "new"
    # It has the name that another calendar gave it, and says something else by now.
    CHANGED = "changed"
    KNOWN = "known"
    OVER = "over"
    CALLED_OFF = "called_off"
    PROBLEM = "problem"


class ProblemsLeft(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Some of it cannot be entered, so nothing was. Mend the file, and choose it again."))


class TwiceInTheFile(Refusal):
    def __init__(self, line: int) -> None:
        super().__init__(N_("It stands in the file already, on line %(line)s."), line=line)


@dataclass(frozen=True)
class Judged:
    line: Line
    outcome: Outcome
    # None: it is called off, over, or cannot be understood.
    draft: Draft | None = None
    problem: Refusal | None = None
    # That has the same name in the other calendar. None: it is not entered.
    known: Occasion | None = None
    # What is entered already and may be the same. None: nothing like it.
    alike: Draft | None = None


def look(session: Session, lines: Iterable[Line], *, handling: Mark, by: Principal, today: date) -> Sequence[Judged]:
    """What would be done with each; nothing is written."""
    lines = list(lines)
    uids = {line.draft.uid for line in lines if line.draft}
    there = occasions.with_uids(session, uids, by.scope, by.clearance)
    known = {(one.uid, one.iso3, one.group_key): one for one in there}
    first: dict[Name, int] = {}
    return [_judged(session, line, known, first, handling=handling, by=by, today=today) for line in lines]


def enter_file(
    session: Session, lines: Iterable[Line], *, handling: Mark, by: Principal, now: datetime
) -> Sequence[Judged]:
    """All of it, or nothing where a line cannot be entered. The same file once more changes nothing."""
    judged = look(session, lines, handling=handling, by=by, today=now.date())
    if any(one.outcome is Outcome.PROBLEM for one in judged):
        raise ProblemsLeft
    for one in judged:
        if one.outcome is Outcome.CHANGED and one.known is not None and one.draft is not None:
            mark = Mark(one.known.handling)
            change(session, one.known.id, one.draft, handling=mark, seen=one.known.version, by=by, now=now)
    new = [one.draft for one in judged if one.outcome is Outcome.NEW and one.draft is not None]
    if new:
        write_in_all(session, new, handling=handling, by=by, now=now)
    return judged


def _judged(
    session: Session,
    line: Line,
    known: Mapping[Name, Occasion],
    first: dict[Name, int],
    *,
    handling: Mark,
    by: Principal,
    today: date,
) -> Judged:
    draft = line.draft
    if draft is None:
        return Judged(line, Outcome.PROBLEM, problem=line.problem)
    if line.is_called_off:
        return Judged(line, Outcome.CALLED_OFF)
    name = (draft.uid, draft.iso3, draft.group_key)
    if name in first:
        return Judged(line, Outcome.PROBLEM, problem=TwiceInTheFile(first[name]))
    first[name] = line.number
    if draft.next_day(today) is None:
        return Judged(line, Outcome.OVER)
    try:
        refuse_draft(session, draft, handling=handling, by=by, today=today)
    except Refusal as problem:
        return Judged(line, Outcome.PROBLEM, problem=problem)
    there = known.get(name)
    if there is None:
        return Judged(line, Outcome.NEW, draft, alike=alike(session, draft, by, today))
    # what somebody here wrote of it besides stays
    draft = replace(draft, note=draft.note or there.note, link=draft.link or there.link or "")
    is_same = there.removed or as_draft(there) == draft
    return Judged(line, Outcome.KNOWN if is_same else Outcome.CHANGED, draft, known=there)
