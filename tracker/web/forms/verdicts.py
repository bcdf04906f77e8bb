"""What a reviewer's form about flags says: what it showed, which of them are meant, and what was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from werkzeug.datastructures import MultiDict

from tracker.situation import Verdict
from tracker.text import plain_text

CONFIRM, DISCARD, CONFIRM_ALL = "confirm", "discard", "all"
LONGEST_NUMBER = 9


@dataclass(frozen=True)
class Verdicts:
    verdict: Verdict = Verdict.CONFIRMED
    # By flag, what it said and what was found when the page was opened.
    shown: Mapping[int, str] = field(default_factory=dict)
    picked: Sequence[int] = ()
    # By their keys: every flag of theirs that was shown is meant.
    picked_rules: Sequence[str] = ()
    # All that wait are meant, whatever is ticked.
    is_about_all: bool = False
    words: str = ""

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> Self | None:
        """None: no page of ours sends that."""
        act, pairs = form.get("act", ""), [text.partition(":") for text in form.getlist("shown")]
        numbers = [number for number, _colon, _shown in pairs] + form.getlist("pick")
        if act not in (CONFIRM, DISCARD, CONFIRM_ALL) or not all(_is_number(text) for text in numbers):
            return None
        return cls(
            verdict=Verdict.DISCARDED if act == DISCARD else Verdict.CONFIRMED,
            shown={int(number): shown for number, _colon, shown in pairs},
            picked=[int(number) for number in form.getlist("pick")],
            picked_rules=form.getlist("pick_rule"),
            is_about_all=act == CONFIRM_ALL,
            words=plain_text(form.get("words", "")).strip(),
        )

    def chosen(self, waiting: Sequence[int], of_rules: Mapping[int, str]) -> dict[int, str]:
        """By flag, what it said when the page was opened. `of_rules`: the rule of each flag that may be judged."""
        if self.is_about_all:
            meant = [number for number in waiting if number in self.shown]
        else:
            grouped = [number for number, rule in of_rules.items() if rule in self.picked_rules]
            meant = [*self.picked, *(number for number in grouped if number in self.shown)]
        return {number: self.shown.get(number, "") for number in meant}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER
