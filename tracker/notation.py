"""How numbers are written in files, and what stands where there is no number.

Nothing is taken for what it may not be: where a text can be read in two ways the row is refused, unless the mapping
says which is meant.
"""

import re
from collections.abc import Sequence
from enum import Enum

from tracker.entry import Fault, ProblemKind
from tracker.mapping import Cell
from tracker.refusal import N_
from tracker.text import one_line

LARGEST = 1e15
"""No indicator counts so far: what lies beyond is a slip or a code."""


class Silence(Enum):
    """A cell without a number in it."""

    MISSING = "missing"  # nothing is said
    UNKNOWN = "unknown"  # somebody says that it cannot be told: an answer
    UNCHANGED = "unchanged"  # somebody has looked again, and it is as it was last time: an answer


# What statistics offices, spreadsheets and programs write where there is no value.
MISSING_WORDS = frozenset(
    {
        *("", ".", "..", "...", "…", "-", "--", "–", "—", "x", "n/a", "na", "n.a.", "n.a", "#n/a", "<na>"),
        *("null", "none", "n/d", "nd", "n.d.", "no data", "not available", "not applicable", "missing", "(blank)"),
        *("non disponible", "sin datos", "no disponible"),
    }
)
UNKNOWN_WORDS = frozenset(
    {
        *("?", "dk", "d/k", "don't know", "don’t know", "dont know", "do not know"),
        *("ne sait pas", "nsp", "no sabe", "no se sabe", "لا أعرف"),
    }
)
UNCHANGED_WORDS = frozenset({"=", "unchanged", "inchangé", "inchangée", "sin cambios", "دون تغيير"})
MISSING_CODES = frozenset({-66.0, -77.0, -88.0, -99.0, -999.0, -9999.0, -99999.0})
"""Numbers by which some publishers say that there is no value, and why."""

_ERRORS = frozenset(
    {
        *("#value!", "#ref!", "#div/0!", "#name?", "#num!", "#null!", "#getting_data", "#spill!", "#calc!"),
        *("#field!", "#blocked!", "#connect!", "#unknown!", "err:502", "err:504", "err:508", "err:522"),
    }
)
_SIGN = re.compile(r"[−‒–]\s*(?=[\d.,])")
_SPACED = re.compile(r"[+-]?\d{1,3}(?:[ \u00a0\u2009\u202f'’]\d{3})+(?:[.,]\d+)?")
# In one way only: where digits could be shared out in several, a long cell would be tried in all of them.
_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
_GROUPED = {
    ",": re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?"),
    ".": re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d*)?"),
}
_OTHER = {",": ".", ".": ","}
# A column of plain numbers and blanks, one below the other.
_PLAIN_COLUMN = re.compile(rf"(?:{_PLAIN.pattern})?(?:\n(?:{_PLAIN.pattern})?)*")
_NUMBERS: frozenset[type] = frozenset({int, float, type(None)})

_NOT_FINITE = N_("“%(text)s” is no number that can be counted with; leave the cell blank where there is none.")
_TOO_LARGE = N_("%(text)s is too large for any indicator; correct it.")
_PERCENT = N_("“%(text)s” has a per-cent sign; write the number alone, in the unit of the indicator.")
_ERROR = N_("The spreadsheet could not compute this cell (%(text)s); correct the formula, or clear the cell.")
_FORMULA = N_("The formula %(text)s was never computed; open the file in a spreadsheet program and save it again.")
_UNCLEAR = N_("“%(text)s” can be two numbers; say beside the columns whether the decimal sign is a comma or a point.")
_UNREADABLE = N_("“%(text)s” is no number; write one, or leave the cell blank where there is none.")
_OTHER_SIGN = N_("“%(text)s” is no number with “%(sign)s” as its decimal sign; correct it, or choose the other sign.")


class Notation:
    """How one file writes numbers: its decimal sign, and what else means that there is none."""

    def __init__(self, decimal_sign: str | None = None, missing: Sequence[str] = ()) -> None:
        self._sign = decimal_sign
        self._missing_words = MISSING_WORDS | {word.strip().casefold() for word in missing}
        self._missing_numbers = frozenset(
            number for word in missing if (number := _plain_number(word.strip())) is not None
        )
        self._undeclared = MISSING_CODES - self._missing_numbers

    def number(self, cell: object) -> float | Silence | Fault:
        """The number in the cell, or why there is none."""
        if isinstance(cell, str):
            # Most cells end here: a plain number, which is the same in every notation but that of the decimal comma.
            if self._sign != "," and (plain := _plain_number(cell)) is not None:
                return self._bounded(plain, cell)
            return self._text(cell)
        if cell is None:
            return Silence.MISSING
        if isinstance(cell, (int, float)):
            return self._bounded(cell, cell)
        return _fault(ProblemKind.NUMBER_UNREADABLE, _UNREADABLE, cell)

    def plain_numbers(self, cells: Sequence[Cell]) -> list[float | None] | None:
        """Of cells that say a plain number or nothing, with None where nothing is said; quicker than one by one.

        None: some cell needs a closer look.
        """
        kinds = set(map(type, cells))
        if kinds <= {str}:
            numbers = self._in_texts([str(cell) for cell in cells])
        elif kinds <= _NUMBERS:
            numbers = [None if cell is None else float(cell) for cell in cells]
        else:
            return None
        if numbers is None or [one for one in numbers if one is not None and not -LARGEST <= one <= LARGEST]:
            return None
        if self._missing_numbers:
            numbers = [None if number in self._missing_numbers else number for number in numbers]
        return numbers if self._undeclared.isdisjoint(numbers) else None

    def _in_texts(self, cells: Sequence[str]) -> list[float | None] | None:
        texts = ["" if cell in self._missing_words else cell for cell in cells]
        if self._sign == "," or not _PLAIN_COLUMN.fullmatch("\n".join(texts)):
            return None
        try:
            return [float(text) if text else None for text in texts]
        except ValueError:  # a line end within a cell
            return None

    def is_undeclared_code(self, value: float) -> bool:
        """A number that usually means “missing”, and of which this file does not say so."""
        return value in self._undeclared

    def _bounded(self, number: float, cell: object) -> float | Silence | Fault:
        if number in self._missing_numbers:
            return Silence.MISSING
        if -LARGEST <= number <= LARGEST:
            return float(number)
        # NaN is neither below nor above anything.
        sentence = _TOO_LARGE if abs(number) > LARGEST and abs(number) != float("inf") else _NOT_FINITE
        return _fault(ProblemKind.NUMBER_OUT_OF_BOUNDS, sentence, cell)

    def _text(self, cell: str) -> float | Silence | Fault:
        text = cell.strip()
        word = text.casefold()
        if word in self._missing_words:
            return Silence.MISSING
        if word in UNKNOWN_WORDS:
            return Silence.UNKNOWN
        if word in UNCHANGED_WORDS:
            return Silence.UNCHANGED
        if word in _ERRORS:
            return _fault(ProblemKind.SPREADSHEET_ERROR, _ERROR, text)
        if text.startswith("="):
            return _fault(ProblemKind.SPREADSHEET_ERROR, _FORMULA, text)
        if text.endswith(("%", "٪", "‰")):
            return _fault(ProblemKind.PERCENT, _PERCENT, text)
        if word.lstrip("+-") in ("nan", "inf", "infinity"):
            return _fault(ProblemKind.NUMBER_OUT_OF_BOUNDS, _NOT_FINITE, text)
        return self._signed(text)

    def _signed(self, text: str) -> float | Silence | Fault:
        """Digits with signs between them: which is the decimal sign, and which only groups the digits?"""
        digits = _SIGN.sub("-", text)
        if _SPACED.fullmatch(digits):
            digits = re.sub(r"[^\d.,+-]", "", digits)
        sign = self._sign or _sign_seen(digits)
        if sign is None:
            return _fault(ProblemKind.NUMBER_UNCLEAR, _UNCLEAR, text)
        if _GROUPED[_OTHER[sign]].fullmatch(digits):
            digits = digits.replace(_OTHER[sign], "")
        elif _OTHER[sign] in digits:
            return _wrong_sign(text, self._sign)
        number = _plain_number(digits.replace(",", "."))
        return _wrong_sign(text, None) if number is None else self._bounded(number, text)


def _sign_seen(digits: str) -> str | None:
    """Which decimal sign the text itself shows. None: it can be either."""
    commas, points = digits.count(","), digits.count(".")
    if commas and points:
        return "," if digits.rfind(",") > digits.rfind(".") else "."
    if commas == 1:
        # 1,234 may be a thousand; 12,5 and 0,123 cannot.
        return None if _GROUPED[","].fullmatch(digits) else ","
    return "," if points > 1 else "."


def _plain_number(text: str) -> float | None:
    """Digits with at most a point and an exponent. Python's own reading takes 1_000, and much else."""
    try:
        return float(text) if _PLAIN.fullmatch(text) else None
    except ValueError:
        return None


def _wrong_sign(text: str, sign: str | None) -> Fault:
    if sign is None or not re.fullmatch(r"[-+\d.,]+", text):
        return _fault(ProblemKind.NUMBER_UNREADABLE, _UNREADABLE, text)
    return Fault(ProblemKind.NUMBER_UNREADABLE, _OTHER_SIGN, {"text": shortened(text), "sign": sign})


def _fault(kind: ProblemKind, sentence: str, cell: object) -> Fault:
    return Fault(kind, sentence, {"text": shortened(cell)})


def shortened(cell: object) -> str:
    """As much of a cell as belongs into a sentence."""
    return one_line(str(cell)[:200], 60)
