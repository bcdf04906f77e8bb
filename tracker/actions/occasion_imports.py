"""Days to come out of a file: what it would do, and then all of it or nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

from tracker.access import Principal
from tracker.actions.occasions import (
    Change,
    call_off_all,
    change_all,
    place_of,
    refuse_place,
    refuse_words,
    write_in_all,
)
from tracker.exchange.occasion_files import Line
from tracker.handling import Mark
from tracker.occasion import Draft, OccasionKind, Place, is_alike
from tracker.refusal import N_, Refusal
from tracker.storage import audit_entries, occasions
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
    # It stands here, and is called off there: it is called off here, too.
    CALLED_OFF = "called_off"
    # It is called off there, and never was or is no more to come here.
    LEFT_OUT = "left_out"
    PROBLEM = "problem"


WRITTEN = (Outcome.NEW, Outcome.CHANGED, Outcome.CALLED_OFF)
"""What makes a difference here."""


class ProblemsLeft(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Some of it cannot be entered, so nothing was. Mend the file, and choose it again."))


class TwiceInTheFile(Refusal):
    def __init__(self, line: int) -> None:
        super().__init__(N_("It stands in the file already, on line %(line)s."), line=line)


class OlderThanKept(Refusal):
    """Another file has told more of it already: by this one it would be moved back."""

    def __init__(self, told: int, kept: int) -> None:
        super().__init__(
            N_("This file is older than what is kept: its SEQUENCE is %(told)s, and here %(kept)s is known already."),
            told=told,
            kept=kept,
        )


@dataclass(frozen=True)
class Judged:
    line: Line
    outcome: Outcome
    # None: it is called off, over, or cannot be understood.
    draft: Draft | None = None
    problem: Refusal | None = None
    # Up to which mark it is told then.
    handling: Mark = Mark.CLEAR
    # That has the same name in the other calendar. None: it is not entered.
    known: Occasion | None = None
    # What is entered already and may be the same. None: nothing like it.
    alike: Draft | None = None


def look(session: Session, lines: Iterable[Line], *, handling: Mark, by: Principal, today: date) -> Sequence[Judged]:
    """What would be done with each; nothing is written."""
    lines = list(lines)
    judge = _Judge(session, lines, handling, by, today)
    return [judge.judged(line) for line in lines]


def enter_file(
    session: Session, lines: Iterable[Line], *, handling: Mark, by: Principal, now: datetime, left_out: int | None = 0
) -> Sequence[Judged]:
    """All of it, or nothing where more lines cannot be entered than somebody has said may be `left_out`; None: however
    many. The same file once more changes nothing, also when two people bring it at once: what is there is looked up
    when nobody else can enter anything."""
    audit_entries.locked_head(session)
    judged = look(session, lines, handling=handling, by=by, today=now.date())
    if left_out is not None and sum(one.outcome is Outcome.PROBLEM for one in judged) > left_out:
        raise ProblemsLeft
    changed = [
        Change(one.known, one.draft, one.handling, one.known.version)
        for one in judged
        if one.outcome is Outcome.CHANGED and one.known is not None and one.draft is not None
    ]
    change_all(session, changed, by=by, now=now)
    new = [one for one in judged if one.outcome is Outcome.NEW]
    marked = [(one.draft, one.handling) for one in new if one.draft is not None]
    written = write_in_all(session, marked, by=by, now=now) if marked else []
    gone = [one.known.id for one in judged if one.outcome is Outcome.CALLED_OFF and one.known is not None]
    call_off_all(session, gone, by=by, now=now)
    there = [(one.known, one.line) for one in judged if one.known and one.outcome is not Outcome.PROBLEM]
    _keep_sequences(session, [*there, *zip(written, (one.line for one in new), strict=True)])
    return judged


def _keep_sequences(session: Session, told: Iterable[tuple[Occasion, Line]]) -> None:
    """The highest that any file has told: also of what it changes in nothing else, or was called off here."""
    higher = [(one, line.sequence) for one, line in told if line.sequence is not None and line.sequence > one.sequence]
    occasions.keep_sequences(session, higher)


class _Judge:
    """Asks once what is asked of every line: a file of a hundred days is no hundred times as slow."""

    def __init__(self, session: Session, lines: Sequence[Line], handling: Mark, by: Principal, today: date) -> None:
        self._session, self._handling, self._by, self._today = session, handling, by, today
        drafts = [line.draft for line in lines if line.draft]
        uids = {*(one.uid for one in drafts), *(line.uid for line in lines if line.uid)}
        there = occasions.with_uids(session, uids, by.scope, by.clearance) if uids else ()
        self._known: dict[Name, Occasion] = {(one.uid, one.iso3, one.group_key): one for one in there}
        # On which line it stood first.
        self._first: dict[Name, int] = {}
        self._places: dict[Place, Refusal | None] = {}
        self._coming: dict[tuple[Place, OccasionKind], list[tuple[Draft, Occasion]]] = {}
        for one in occasions.of_places(session, drafts, by.clearance, today) if drafts else ():
            coming = as_draft(one)
            self._coming.setdefault((place_of(coming), coming.kind), []).append((coming, one))

    def judged(self, line: Line) -> Judged:
        draft = line.draft
        if line.is_called_off:
            return self._called_off(line)
        if draft is None:
            return Judged(line, Outcome.PROBLEM, problem=line.problem)
        name = (draft.uid, draft.iso3, draft.group_key)
        if self._first.setdefault(name, line.number) != line.number:
            return Judged(line, Outcome.PROBLEM, problem=TwiceInTheFile(self._first[name]))
        there = self._known.get(name)
        if draft.next_day(self._today) is None:
            return Judged(line, Outcome.OVER, known=there)
        if there is None and line.is_nameless and (there := self._the_same(draft)):
            # ours has a line for one day of what comes again, and does not say all that is kept of it
            draft = as_draft(there)
        handling = self._mark_of(line, there)
        if there is not None and draft == as_draft(there) and handling == there.handling:
            return Judged(line, Outcome.KNOWN, draft, handling=handling, known=there)
        problem = self._problem(draft, handling if line.handling is not None else self._handling)
        if problem is not None:
            return Judged(line, Outcome.PROBLEM, problem=problem)
        if there is None:
            return Judged(line, Outcome.NEW, draft, handling=handling, alike=self._alike(draft))
        # what somebody here wrote of it besides stays
        draft = replace(draft, note=draft.note or there.note, link=draft.link or there.link or "")
        if draft.left_out is None:
            draft = draft.without(as_draft(there).left_out or ())
        is_same = there.removed or (as_draft(there), there.handling) == (draft, handling)
        if not is_same and (older := _older(line, there)):
            return Judged(line, Outcome.PROBLEM, problem=older)
        return Judged(line, Outcome.KNOWN if is_same else Outcome.CHANGED, draft, handling=handling, known=there)

    def _mark_of(self, line: Line, there: Occasion | None) -> Mark:
        """A file raises the mark of what is there, and never lowers it: somebody here may have had a reason."""
        if there is None:
            return self._handling if line.handling is None else line.handling
        return max(Mark(there.handling), line.handling or Mark.CLEAR)

    def _called_off(self, line: Line) -> Judged:
        """What is over here already stays: it came as it was entered."""
        if line.place is None or not line.uid:
            return Judged(line, Outcome.LEFT_OUT)
        name = (line.uid, *line.place)
        # called off on one line and coming on another: nobody here knows which of the two holds
        if self._first.setdefault(name, line.number) != line.number:
            return Judged(line, Outcome.PROBLEM, problem=TwiceInTheFile(self._first[name]))
        there = self._known.get(name)
        if there is None or there.removed or as_draft(there).next_day(self._today) is None:
            return Judged(line, Outcome.LEFT_OUT)
        problem = _older(line, there) or self._problem_of_place(as_draft(there))
        return Judged(line, Outcome.PROBLEM if problem else Outcome.CALLED_OFF, problem=problem, known=there)

    def _problem(self, draft: Draft, handling: Mark) -> Refusal | None:
        try:
            refuse_words(draft, handling=handling, by=self._by, today=self._today)
        except Refusal as problem:
            return problem
        return self._problem_of_place(draft)

    def _problem_of_place(self, draft: Draft) -> Refusal | None:
        place = place_of(draft)
        if place not in self._places:
            self._places[place] = None
            try:
                refuse_place(self._session, draft, self._by)
            except Refusal as problem:
                self._places[place] = problem
        return self._places[place]

    def _alike(self, draft: Draft) -> Draft | None:
        others = self._coming.get((place_of(draft), draft.kind), ())
        return next((other for other, _there in others if is_alike(draft, other, self._today)), None)

    def _the_same(self, draft: Draft) -> Occasion | None:
        """Of that name, and coming on that very day. None: nothing is."""
        if draft.every_months is not None:
            return None
        others = self._coming.get((place_of(draft), draft.kind), ())
        same = (one for other, one in others if other.name == draft.name and other.next_day(draft.day) == draft.day)
        return next(same, None)


def _older(line: Line, there: Occasion) -> OlderThanKept | None:
    """None: it is as new as what is kept, or nobody counts."""
    if line.sequence is None or line.sequence >= there.sequence:
        return None
    return OlderThanKept(line.sequence, there.sequence)
