"""What a reviewer's form about flags says: what it showed, which of them are meant, what was found, what it lacks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from werkzeug.datastructures import MultiDict

from tracker.actions.situations.judging import NothingChosen
from tracker.refusal import Refusal
from tracker.situation import Verdict, WordsMissing, WordsTooLong
from tracker.text import plain_text
from tracker.web.errors import in_words

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
        act = form.get("act", "")
        return cls._read(form, act) if act in (CONFIRM, DISCARD, CONFIRM_ALL) else None

    @classmethod
    def unsent(cls, form: MultiDict[str, str]) -> Self | None:
        """What stood in it when something else was done. None: nothing that could be lost."""
        found = cls._read(form, "")
        return found if found and (found.picked or found.picked_rules or found.words) else None

    @classmethod
    def _read(cls, form: MultiDict[str, str], act: str) -> Self | None:
        pairs = [text.partition(":") for text in form.getlist("shown")]
        numbers = [number for number, _colon, _shown in pairs] + form.getlist("pick")
        if not all(_is_number(text) for text in numbers):
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

    def lacking(self, chosen: Mapping[int, str]) -> list[Refusal]:
        """All that is empty at once."""
        found: list[Refusal] = [] if chosen else [NothingChosen()]
        if self.verdict is Verdict.DISCARDED and not self.words:
            found.append(WordsMissing())
        return found


@dataclass(frozen=True)
class Line:
    """Of an error summary: it leads to its field."""

    text: str
    anchor: str


@dataclass(frozen=True)
class Refused:
    """Why no verdict was given, beside what each sentence is about."""

    about_words: Sequence[str] = ()
    about_flags: Sequence[str] = ()

    @classmethod
    def because(cls, refusals: Sequence[Refusal]) -> Self:
        of_words = (WordsMissing, WordsTooLong)
        return cls(
            about_words=[in_words(one) for one in refusals if isinstance(one, of_words)],
            about_flags=[in_words(one) for one in refusals if not isinstance(one, of_words)],
        )

    @property
    def lines(self) -> list[Line]:
        flags = [Line(words, "flags") for words in self.about_flags]
        return flags + [Line(words, "verdict-words") for words in self.about_words]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER
