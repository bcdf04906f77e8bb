"""What an analyst types into a cell, what it means, and what speaks against it.

A draft may hold anything: nothing typed is ever refused or lost. Only what is submitted must be free of troubles. Some
troubles only ask: whoever means it says so, and goes on.
"""

import math
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import urlsplit

from tracker.handling import Mark
from tracker.indicator import Measured, severity
from tracker.refusal import N_
from tracker.score import level_of

UNKNOWN = "?"
UNCHANGED = "="
# A jump of so many levels needs a reason.
JUMP = 2
# From so many earlier values on a country has a history of its own to be compared with.
LEAST_HISTORY = 6
# Further from the median than so many robust standard deviations is unusual.
UNUSUAL = 3.0
# Of a normal distribution: its standard deviation in median absolute deviations.
DEVIATIONS = 1.4826
# A history that never moved would make everything unusual; points of severity.
LEAST_DEVIATION = 5.0
# From one level to the next; points of severity.
ONE_STEP = 25.0
LONGEST_LINE = 300
LONGEST_TEXT = 4000
LONGEST_ADDRESS = 2000


class Field(StrEnum):
    """Where on the form a trouble lies."""

    VALUE = "value"
    SOURCE = "source"
    GRADE = "grade"
    HANDLING = "handling"
    NOTE = "note"
    EVIDENCE = "evidence"
    REASON = "reason"
    CONFIRMED = "confirmed"


@dataclass(frozen=True)
class Trouble:
    field: Field
    sentence: str
    values: dict[str, object]
    # True: it asks, and is settled by saying "yes, I mean it".
    asks: bool = False
    # True: nobody need hear of it before submitting, because it is usually filled in last and for many at once.
    can_wait: bool = False


@dataclass(frozen=True)
class Answer:
    """The fields of a cell as they were typed."""

    typed: str = ""
    source: str = ""
    grade: str = ""
    handling: Mark = Mark.GREEN
    attributable: bool = True
    note: str = ""
    evidence_url: str = ""
    reason: str = ""
    confirmed: bool = False

    @property
    def is_given(self) -> bool:
        return self.typed.strip() != ""


@dataclass(frozen=True)
class Meaning:
    """A number, or "don't know"; neither: it could not be understood."""

    value: float | None = None
    unknown: bool = False
    unchanged: bool = False

    @property
    def is_answer(self) -> bool:
        return self.unknown or self.value is not None


@dataclass(frozen=True)
class Earlier:
    """What the country's record says before this answer."""

    # The newest answer; None: there is none, or it was "don't know".
    value: float | None = None
    unknown: bool = False
    on: date | None = None
    # All earlier values, oldest first.
    values: Sequence[float] = ()


def meaning_of(typed: str, earlier: Earlier) -> Meaning:
    """Reads a cell: a number, "?" for don't know, "=" for unchanged since last time."""
    text = typed.strip()
    if text == UNKNOWN:
        return Meaning(unknown=True)
    if text == UNCHANGED:
        return Meaning(value=earlier.value, unchanged=True)
    return Meaning(value=number_in(text))


def number_in(text: str) -> float | None:
    """None: that is no number. A decimal comma is taken as what it is, unless it could as well group thousands."""
    plain = text.strip().replace(" ", "").replace("−", "-")
    if re.fullmatch(r"[-+]?[1-9]\d{0,2},\d{3}", plain):
        return None
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    if "_" in plain:
        return None
    try:
        number = float(plain)
    except ValueError:
        return None
    return number if math.isfinite(number) and abs(number) <= 1e300 else None


def grade_in(text: str) -> tuple[str | None, int | None] | None:
    """The Admiralty grade, such as B2; (None, None) for none given. None: that is no grade."""
    plain = text.strip().upper().replace(" ", "")
    if not plain:
        return None, None
    if len(plain) == 2 and plain[0] in "ABCDEF" and plain[1] in "123456":
        return plain[0], int(plain[1])
    return None


def is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host) and not any(letter.isspace() for letter in text)


def troubles(
    answer: Answer, measure: Measured, levels: Sequence[float], earlier: Earlier, clearance: Mark
) -> list[Trouble]:
    """Everything that speaks against submitting it, in the order of the form's fields."""
    meaning = meaning_of(answer.typed, earlier)
    found = [*_about_value(answer, meaning, levels, earlier), *_about_source(answer, meaning, clearance)]
    if meaning.value is not None and all(trouble.can_wait for trouble in found):
        found += _about_change(answer, measure, meaning.value, earlier)
    return found


def _about_value(answer: Answer, meaning: Meaning, levels: Sequence[float], earlier: Earlier) -> list[Trouble]:
    if meaning.unchanged and meaning.value is None:
        if earlier.unknown:
            sentence = N_("Last time nobody could tell, so there is nothing that could be unchanged: enter a level.")
        else:
            sentence = N_("Nothing is recorded before, so there is nothing that could be unchanged: enter a level.")
        return [Trouble(Field.VALUE, sentence, {})]
    if not meaning.is_answer:
        if levels:
            sentence = N_("“%(typed)s” is no level: enter %(levels)s, ? for don't know or = for unchanged.")
            return [Trouble(Field.VALUE, sentence, {"typed": answer.typed.strip()[:40], "levels": _listed(levels)})]
        sentence = N_("“%(typed)s” is no number: enter one, ? for don't know or = for unchanged.")
        return [Trouble(Field.VALUE, sentence, {"typed": answer.typed.strip()[:40]})]
    if levels and meaning.value is not None and meaning.value not in levels:
        sentence = N_("%(typed)s is not on the scale: it has the levels %(levels)s.")
        return [Trouble(Field.VALUE, sentence, {"typed": f"{meaning.value:g}", "levels": _listed(levels)})]
    return []


def _about_source(answer: Answer, meaning: Meaning, clearance: Mark) -> list[Trouble]:
    found = []
    if not answer.source.strip() and not meaning.unknown:
        sentence = N_("Name the source: who says so, or where it can be read.")
        found.append(Trouble(Field.SOURCE, sentence, {}, can_wait=True))
    found += [
        Trouble(field, N_("At most %(longest)s characters can be kept here."), {"longest": longest})
        for field, text, longest in (
            (Field.SOURCE, answer.source, LONGEST_LINE),
            (Field.NOTE, answer.note, LONGEST_TEXT),
            (Field.EVIDENCE, answer.evidence_url, LONGEST_ADDRESS),
            (Field.REASON, answer.reason, LONGEST_TEXT),
        )
        if len(text) > longest
    ]
    if grade_in(answer.grade) is None:
        sentence = N_("A grade is a letter from A to F and a digit from 1 to 6, such as B2.")
        found.append(Trouble(Field.GRADE, sentence, {}))
    if answer.handling > clearance:
        sentence = N_("You are cleared up to %(clearance)s, so you could not see your own entry: choose a lower mark.")
        found.append(Trouble(Field.HANDLING, sentence, {"clearance": clearance.label}))
    if answer.evidence_url.strip() and not is_web_address(answer.evidence_url.strip()):
        sentence = N_("A link begins with https:// or http:// and names a site.")
        found.append(Trouble(Field.EVIDENCE, sentence, {}))
    return found


def _about_change(answer: Answer, measure: Measured, value: float, earlier: Earlier) -> list[Trouble]:
    if earlier.value is not None and not answer.reason.strip():
        levels = abs(level_of(severity(measure, value)) - level_of(severity(measure, earlier.value)))
        if levels >= JUMP:
            sentence = N_("From %(before)s to %(now)s is a jump of %(levels)s levels: say why.")
            values: dict[str, object] = {"before": f"{earlier.value:g}", "now": f"{value:g}", "levels": int(levels)}
            return [Trouble(Field.REASON, sentence, values)]
    if (
        not answer.confirmed
        and not answer.reason.strip()
        and _is_new(measure, value, earlier)
        and is_unusual(measure, value, earlier.values)
    ):
        sentence = N_(
            "%(now)s is unusual for this country: of %(count)s earlier values most lay near %(median)s. "
            "Tick “It is unusual, and I mean it”, or change it."
        )
        median = statistics.median(earlier.values)
        values = {"now": f"{value:g}", "count": len(earlier.values), "median": f"{median:g}"}
        return [Trouble(Field.CONFIRMED, sentence, values, asks=True)]
    return []


def _is_new(measure: Measured, value: float, earlier: Earlier) -> bool:
    """Nobody is asked again and again about what they said last time, or about a single step from it."""
    if earlier.value is None:
        return True
    return abs(severity(measure, value) - severity(measure, earlier.value)) > ONE_STEP


def is_unusual(measure: Measured, value: float, history: Sequence[float]) -> bool:
    """Far from the country's own median, measured robustly, in points of severity."""
    if len(history) < LEAST_HISTORY:
        return False
    points = [severity(measure, one) for one in history]
    median = statistics.median(points)
    deviation = DEVIATIONS * statistics.median(abs(one - median) for one in points)
    return abs(severity(measure, value) - median) > UNUSUAL * max(deviation, LEAST_DEVIATION)


def _listed(levels: Sequence[float]) -> str:
    return ", ".join(f"{level:g}" for level in sorted(levels))
