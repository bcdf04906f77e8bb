"""May this value be on that indicator's scale?

A graded question has its levels and nothing between them. A measured number may lie beyond best and worst: it counts
as that end. But -99 on a scale that has no such values is somebody's code for “missing”.
"""

import re

from tracker.entry import Fault, ProblemKind
from tracker.indicator import Voice
from tracker.mapping import Feedable
from tracker.notation import Notation, Silence, shortened
from tracker.refusal import N_

_NO_LEVEL = N_("%(text)s is not on the scale of “%(indicator)s”; its levels are %(levels)s.")
_CODE = N_("%(text)s often means that there is no value; say so beside the columns, or correct the value.")

# As a list in a spreadsheet offers it: the level and the beginning of its descriptor.
_WITH_WORDS = re.compile(r"\s*([0-4])\s*[-–—:.)=]\s*[^\W\d_]")
_NOT_ASKED = N_("“%(text)s” goes with questions that analysts answer; here, write the number.")
_YES_OR_NO = {"yes": 1.0, "oui": 1.0, "sí": 1.0, "si": 1.0, "true": 1.0, "no": 0.0, "non": 0.0, "false": 0.0}


class Scale:
    """One indicator, prepared for a great many values."""

    __slots__ = ("_high", "_indicator", "_is_asked", "_low", "key", "levels")

    def __init__(self, indicator: Feedable) -> None:
        self.key, self._indicator, self._is_asked = indicator.key, indicator, indicator.voice is Voice.CODED
        self.levels = frozenset(float(level.value) for level in indicator.levels)
        self._low, self._high = sorted((indicator.best, indicator.worst))

    def value(self, answer: float | Silence | Fault, cell: object, notation: Notation) -> float | Silence | Fault:
        """The answer as it counts on this scale, or why it cannot."""
        if isinstance(answer, Fault) and self.levels and (level := self._level_in_words(cell)) is not None:
            answer = level
        if answer is Silence.UNCHANGED and not self._is_asked:
            return Fault(ProblemKind.NUMBER_UNREADABLE, _NOT_ASKED, {"text": shortened(cell)})
        if not isinstance(answer, float):
            return answer
        if self.levels and answer not in self.levels and not notation.is_undeclared_code(answer):
            levels = ", ".join(f"{level:g}" for level in sorted(self.levels))
            values = {"text": shortened(cell), "indicator": self._indicator.name, "levels": levels}
            return Fault(ProblemKind.NO_SUCH_LEVEL, _NO_LEVEL, values)
        if not self._low <= answer <= self._high and notation.is_undeclared_code(answer):
            return Fault(ProblemKind.MISSING_CODE, _CODE, {"text": shortened(cell)})
        return answer

    def _level_in_words(self, cell: object) -> float | None:
        if found := _WITH_WORDS.match(str(cell)):
            return float(found[1])
        return _YES_OR_NO.get(str(cell).strip().casefold()) if len(self.levels) == 2 else None
