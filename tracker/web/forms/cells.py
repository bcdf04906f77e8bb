"""The cells of the entry grid as a form sends them: a few fields for each indicator, named with its number.

The grid has hundreds of fields, so it is no form of a library: reading it is one pass over what was sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import abort

from tracker.answer import Answer, grade_in
from tracker.handling import Mark
from tracker.text import plain_text

# As sent by a form (each with "-" and the indicator's number behind it) and by the script.
TYPED, SOURCE, GRADE, HANDLING, NAMED = "value", "source", "grade", "handling", "named"
NOTE, EVIDENCE, REASON, CONFIRMED, SEEN = "note", "evidence", "reason", "confirmed", "seen"
# More than any field may keep, and less than what could hurt: what is too long is said at the cell.
LONGEST = 20_000
LARGEST_INDICATOR = 2**15 - 1


@dataclass(frozen=True)
class Sent:
    answer: Answer
    # The version of the cell that the form was opened with.
    seen: int


def cells_in(form: Mapping[str, str]) -> dict[int, Sent]:
    """By indicator. A cell that the form did not show is not there, whatever else was sent for it."""
    found = {}
    for name in form:
        field, _dash, number = name.partition("-")
        if field == SEEN and number.isdecimal() and number.isascii() and len(number) < 6:
            indicator_in(number)
            found[int(number)] = cell_in({key: form.get(f"{key}-{number}", "") for key in FIELDS})
    return found


FIELDS = (TYPED, SOURCE, GRADE, HANDLING, NAMED, NOTE, EVIDENCE, REASON, CONFIRMED, SEEN)


def cell_in(fields: Mapping[str, str]) -> Sent:
    if any(len(text) > LONGEST for text in fields.values()):
        abort(413)
    answer = Answer(
        typed=_line(fields[TYPED]),
        source=_line(fields[SOURCE]),
        grade=_line(fields[GRADE]),
        handling=mark_in(fields[HANDLING]),
        attributable=_one_of(fields[NAMED], {"yes": True, "no": False}),
        note=_text(fields[NOTE]),
        evidence_url=_line(fields[EVIDENCE]),
        reason=_text(fields[REASON]),
        confirmed=fields[CONFIRMED] == "yes",
    )
    return Sent(answer, seen=number_in(fields[SEEN]))


def mark_in(text: str) -> Mark:
    if text not in ("0", "1", "2", "3", "4"):
        abort(400)
    return Mark(int(text))


def number_in(text: str) -> int:
    if not (text.isdecimal() and text.isascii() and len(text) <= 9):
        abort(400)
    return int(text)


def indicator_in(text: str) -> int:
    """No catalogue has so many, and no row could keep it."""
    number = number_in(text)
    return number if number <= LARGEST_INDICATOR else abort(404)


@dataclass(frozen=True)
class ForMany:
    """One source, grade and mark for many cells at once. None: leave as it is."""

    source: str
    grade: str
    handling: Mark | None
    attributable: bool | None
    # "missing": answers without a source; "answers": every answer; else the key of a criterion: its answers.
    to: str

    @property
    def says_anything(self) -> bool:
        return bool(self.source or self.grade or self.handling is not None or self.attributable is not None)

    def on(self, answer: Answer) -> Answer:
        return replace(
            answer,
            source=self.source or answer.source,
            grade=self.grade or answer.grade,
            handling=answer.handling if self.handling is None else self.handling,
            attributable=answer.attributable if self.attributable is None else self.attributable,
        )


def for_many_in(form: Mapping[str, str]) -> ForMany:
    handling, named = form.get("all-handling", ""), form.get("all-named", "")
    return ForMany(
        source=_line(form.get("all-source", "")),
        # what is no grade is applied to nothing; the page says so
        grade=_line(form.get("all-grade", "")) if grade_in(form.get("all-grade", "")) else "",
        handling=mark_in(handling) if handling else None,
        attributable=_one_of(named, {"yes": True, "no": False}) if named else None,
        to=form.get("all-to", "missing"),
    )


def _line(text: str) -> str:
    return " ".join(text.split())


def _text(text: str) -> str:
    return plain_text(text).strip()


def _one_of(text: str, known: Mapping[str, bool]) -> bool:
    if text not in known:
        abort(400)
    return known[text]
