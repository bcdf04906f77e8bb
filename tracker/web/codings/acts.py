"""What the buttons of the entry grid mean: each is a change of what was typed, and then everything is saved."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from flask import abort, request

from tracker.access import Principal
from tracker.actions.codings import writing
from tracker.answer import UNCHANGED, Answer
from tracker.refusal import NotThere, OutOfTurn, Refusal
from tracker.storage import codings
from tracker.storage.base import Session
from tracker.storage.codings import Place
from tracker.storage.recording import Coding
from tracker.storage.watching import Country
from tracker.web.clock import now
from tracker.web.codings.grid import Section
from tracker.web.codings.grid_row import Row
from tracker.web.forms.cells import ForMany, Sent, for_many_in, indicator_in, number_in

SAVE, SUBMIT, APPLY = "save", "submit", "apply"
# With the key of a criterion behind them.
TO_UNCHANGED, TO_EMPTY = "unchanged", "empty"
# With the number of an indicator behind them: which of two entries of a cell is meant.
MINE, THEIRS = "mine", "theirs"


# It becomes part of an address.
OF = re.compile(r"[a-z0-9_]*")


@dataclass(frozen=True)
class Act:
    verb: str
    of: str

    @classmethod
    def read(cls, text: str) -> "Act":
        verb, _colon, of = text.partition(":")
        known = verb in (SAVE, SUBMIT, APPLY, TO_UNCHANGED, TO_EMPTY, MINE, THEIRS)
        return cls(verb, of) if known and OF.fullmatch(of) else abort(400)


@dataclass
class Done:
    saved: int = 0
    # By indicator: what else is in the cell.
    conflicts: dict[int, Sequence[Coding]] = field(default_factory=dict)
    # By indicator: why it could not be saved.
    refused: dict[int, Refusal] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        return not self.conflicts and not self.refused


def meant(act: Act, sent: dict[int, Sent], sections: Sequence[Section]) -> dict[int, Sent]:
    """What is to be saved, once the button was taken into account."""
    many = for_many_in(request.form)
    if act.verb == APPLY or (act.verb in (SAVE, SUBMIT) and many.says_anything):
        return _applied(many, sent, sections)
    if act.verb in (TO_UNCHANGED, TO_EMPTY):
        rows = {row.indicator.id: row for row in _of_criterion(act.of, sections)}
        turn = _to_unchanged if act.verb == TO_UNCHANGED else _to_empty
        return {key: replace(one, answer=turn(one.answer, rows.get(key))) for key, one in sent.items()}
    if act.verb == MINE:
        mine = number_in(act.of)
        fresh = number_in(request.form.get(f"fresh-{mine}", ""))
        return {key: replace(one, seen=fresh) if key == mine else one for key, one in sent.items()}
    if act.verb == THEIRS:
        return {key: one for key, one in sent.items() if key != number_in(act.of)}
    return sent


def save_all(session: Session, country: Country, period: date, sent: Mapping[int, Sent], *, by: Principal) -> Done:
    """A cell that somebody changed since the form was opened is left as it is, and told."""
    done = Done()
    own = {
        one.cell.indicator_id: writing.answer_of(one)
        for one in codings.own_live(session, by.person_id, country.iso3, period)
    }
    changed = {
        indicator_id: one
        for indicator_id, one in sorted(sent.items())
        if own.get(indicator_id) != one.answer and (indicator_id in own or _says_anything(one.answer))
    }
    codings.hold_cells(session, country.iso3, period, changed.keys())
    for indicator_id, one in changed.items():
        try:
            place = Place(country.iso3, indicator_id, period)
            writing.save(session, place, one.answer, seen=one.seen, by=by, now=now())
            done.saved += 1
        except writing.CellChanged as conflict:
            done.conflicts[indicator_id] = conflict.found
        except (OutOfTurn, NotThere) as refused:
            # one cell that cannot be written does not cost the others
            done.refused[indicator_id] = refused
    return done


def give_way(session: Session, country: Country, period: date, act: Act, done: Done, *, by: Principal) -> None:
    """The other entry says it all: one's own draft goes, unless it was changed once more."""
    mine = indicator_in(act.of)
    fresh = number_in(request.form.get(f"fresh-{mine}", ""))
    try:
        writing.drop(session, Place(country.iso3, mine, period), seen=fresh, by=by, now=now())
    except writing.CellChanged as changed:
        done.conflicts[mine] = changed.found


def _says_anything(answer: Answer) -> bool:
    return any((answer.typed, answer.source, answer.grade, answer.note, answer.evidence_url, answer.reason))


def _applied(many: ForMany, sent: dict[int, Sent], sections: Sequence[Section]) -> dict[int, Sent]:
    chosen = set(sent)
    if many.to not in ("missing", "answers"):
        chosen = {row.indicator.id for row in _of_criterion(many.to, sections)}
    return {
        key: replace(one, answer=many.on(one.answer))
        if key in chosen and one.answer.is_given and (many.to != "missing" or not one.answer.source)
        else one
        for key, one in sent.items()
    }


def _of_criterion(key: str, sections: Sequence[Section]) -> list[Row]:
    found = next((section.rows for section in sections if section.criterion.key == key), None)
    return found if found is not None else abort(400)


def _to_unchanged(answer: Answer, row: Row | None) -> Answer:
    """Only where nothing is typed, and something was known."""
    return replace(answer, typed=UNCHANGED) if row and row.last_is_known and not answer.is_given else answer


def _to_empty(answer: Answer, row: Row | None) -> Answer:
    return replace(answer, typed="") if row and answer.typed == UNCHANGED else answer
