"""The columns of a file and what each of them says, as a form: one choice above each column.

The shape of the table follows from the choices: a column that is an indicator makes it wide by indicators, a column
that is a year makes it wide by years, and otherwise each row holds one value.
"""

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from tracker.mapping import DayOrder, Mapping, Part, Shape

INDICATOR, ERROR, DAY = "indicator:", "error:", "day"
# The two kinds of words whose meaning can be chosen, and the choice to leave out their rows.
INDICATORS, COUNTRIES = "indicator", "country"
LEFT_OUT = "-"
# A table may have thousands of columns, one for each day: nobody chooses those one by one.
MOST_CHOSEN = 60
MOST_WORDS = 60
LONGEST_TEXT = 300
MOST_MISSING = 20
# What one word can say for every row.
FIXED = (Part.COUNTRY, Part.DATE, Part.YEAR, Part.INDICATOR, Part.SOURCE, Part.GRADE, Part.HANDLING, Part.ATTRIBUTION)


@dataclass(frozen=True)
class Column:
    number: int
    heading: str
    chosen: str
    # What stands in it in the first rows.
    cells: Sequence[str]


def part_words() -> dict[Part, str]:
    return {
        Part.COUNTRY: _("Country"),
        Part.DATE: _("Day, month or year"),
        Part.YEAR: _("Year"),
        Part.MONTH: _("Month"),
        Part.INDICATOR: _("Indicator"),
        Part.VALUE: _("Value"),
        Part.STANDARD_ERROR: _("Standard error"),
        Part.SOURCE: _("Source"),
        Part.GRADE: _("Grade, such as B2"),
        Part.RELIABILITY: _("Reliability, A to F"),
        Part.CREDIBILITY: _("Credibility, 1 to 6"),
        Part.HANDLING: _("Handling mark"),
        Part.ATTRIBUTION: _("Attribution"),
        Part.NOTE: _("Note"),
        Part.EVIDENCE: _("Link to evidence"),
    }


def number_in(typed: str) -> int | None:
    """Of a row in the database or in a file. None: that is no such number."""
    return int(typed) if typed.isdecimal() and typed.isascii() and len(typed) < 10 else None


def chosen_in(mapping: Mapping, heading: str) -> str:
    """What the mapping makes of that column; empty: it is not used."""
    for part, name in mapping.columns.items():
        if name == heading:
            return part.value
    if mapping.shape is Shape.WIDE_INDICATORS:
        if heading in mapping.indicators:
            return INDICATOR + mapping.indicators[heading]
        if heading in mapping.standard_errors:
            return ERROR + mapping.standard_errors[heading]
    return DAY if heading in mapping.days else ""


def mapping_in(form: MultiDict[str, str], headings: Sequence[str], guessed: Mapping) -> Mapping:
    """As it was chosen; columns that the page does not offer stay as they were guessed."""
    choices = {
        heading: form.get(f"column_{number}", "") if number <= MOST_CHOSEN else chosen_in(guessed, heading)
        for number, heading in enumerate(headings, start=1)
    }
    columns = {Part(choice): heading for heading, choice in reversed(choices.items()) if choice in list(Part)}
    by_indicator = _after(INDICATOR, choices)
    days = tuple(heading for heading, choice in choices.items() if choice == DAY)
    shape = Shape.WIDE_INDICATORS if by_indicator else Shape.WIDE_YEARS if days else Shape.LONG
    # in a table that is wide by indicators these were headings, and no words
    before = {} if guessed.shape is Shape.WIDE_INDICATORS else guessed.indicators
    return replace(
        guessed,
        shape=shape,
        columns=columns,
        fixed=_fixed(form, columns),
        indicators=by_indicator or _meanings(form, INDICATORS, before),
        countries=_meanings(form, COUNTRIES, guessed.countries),
        left_out=_left_out(form, guessed.left_out),
        standard_errors=_after(ERROR, choices) if by_indicator else {},
        days=days,
        last_row=number_in(form.get("last_row", "")) or None,
        day_order=_one_of(DayOrder, form.get("day_order", "")),
        decimal_sign=form.get("decimal_sign") if form.get("decimal_sign") in (".", ",") else None,
        missing=tuple(form.get("missing", "")[:LONGEST_TEXT].split()[:MOST_MISSING]),
    )


def _after(prefix: str, choices: Dictionary[str, str]) -> dict[str, str]:
    return {heading: choice.removeprefix(prefix) for heading, choice in choices.items() if choice.startswith(prefix)}


def _fixed(form: MultiDict[str, str], columns: Dictionary[Part, str]) -> dict[Part, str]:
    """What a column says is not said for every row as well."""
    said = {part: form.get(f"fixed_{part.value}", "")[:LONGEST_TEXT].strip() for part in FIXED if part not in columns}
    return {part: text for part, text in said.items() if text}


def _meanings(form: MultiDict[str, str], kind: str, before: Dictionary[str, str]) -> dict[str, str]:
    """What words of a column stand for; those that the page did not ask about stay as they were."""
    words = dict(before)
    for word, meaning in _asked(form, kind):
        words.pop(word, None)
        if meaning and meaning != LEFT_OUT:
            words[word] = meaning
    return words


def _left_out(form: MultiDict[str, str], before: Sequence[str]) -> tuple[str, ...]:
    words = dict.fromkeys(before)
    for word, meaning in [*_asked(form, INDICATORS), *_asked(form, COUNTRIES)]:
        words.pop(word, None)
        if meaning == LEFT_OUT:
            words[word] = None
    return tuple(words)


def _asked(form: MultiDict[str, str], kind: str) -> list[tuple[str, str]]:
    numbers = range(1, MOST_WORDS + 1)
    found = [(form.get(f"{kind}_word_{number}"), form.get(f"{kind}_means_{number}", "")) for number in numbers]
    return [(word, meaning) for word, meaning in found if word]


def _one_of(kind: type[DayOrder], typed: str) -> DayOrder | None:
    return kind(typed) if typed in list(kind) else None
