"""What somebody looks for, and where a text holds it.

Every word must be there, in whichever order; accents, capitals and apostrophes do not count, nor does whether a word is
whole: “segou” finds Ségou, “cote ivoire” finds Côte d’Ivoire. Texts are searched as they are written, so that what was
found can be shown in them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, cached_property

from tracker.country import sort_key, without_accents

LONGEST = 100
MOST_WORDS = 8
# How much of a text is shown around what was found in it.
LONGEST_PASSAGE = 180

# What does not count: marks that combine with a letter, lines and vowel signs of Arabic, apostrophes. It may stand
# behind each letter. What is passed over is never tried again as something else, or one search would take for ever.
_SILENT = "['’`.\u0300-\u036f\u0640\u064b-\u065f\u0670]"
_BESIDE = f"{_SILENT}*+"
# The letters that have others for their base; whatever script lies beyond is searched letter by letter.
_WITH_ACCENTS = range(0x80, 0x2000)


class Rank(IntEnum):
    """How well a name answers; the lower, the better."""

    WHOLE = 0
    # Each word is one of the name's.
    WHOLE_WORDS = 1
    BEGINNING = 2
    # Each word begins one of the name's.
    WORDS = 3
    # Not in the name, but in what is said of it: each word begins one there.
    ELSEWHERE = 4
    # Inside of other words: “oman” in “women”.
    WITHIN = 5
    ELSEWHERE_WITHIN = 6


@dataclass(frozen=True)
class Piece:
    text: str
    is_found: bool = False


@dataclass(frozen=True)
class Search:
    """No words: nothing is looked for, and nothing is found."""

    words: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str) -> "Search":
        words = [word for word in text[:LONGEST].split() if _letters(word)]
        return cls(tuple(words[:MOST_WORDS]))

    @property
    def text(self) -> str:
        return " ".join(self.words)

    def is_in(self, *texts: str) -> bool:
        """Every word is in one or another of them."""
        return bool(self.words) and all(any(word.search(text) for text in texts) for word in self._patterns)

    def begins_in(self, *texts: str) -> bool:
        """Every word begins a word in one or another of them."""
        return bool(self.words) and all(any(word.search(text) for text in texts) for word in self._beginnings)

    def rank_among(self, names: Iterable[str]) -> Rank | None:
        """By the name that answers best; None: none of them holds every word."""
        return min((self._rank_of(name) for name in names if self.is_in(name)), default=None)

    def marked(self, text: str) -> list[Piece]:
        """The whole text, with what was found in it told apart."""
        pieces, end = list[Piece](), 0
        for start, stop in self._places(text):
            pieces += [Piece(text[end:start]), Piece(text[start:stop], is_found=True)]
            end = stop
        return [piece for piece in (*pieces, Piece(text[end:])) if piece.text]

    def passage(self, *texts: str) -> list[Piece]:
        """What surrounds the first word that was found, in the text that holds the most of them; empty: none does."""
        held = {text: sum(bool(word.search(text)) for word in self._patterns) for text in texts}
        best = max(held, key=lambda text: held[text], default="")
        return self.marked(_around(best, self._places(best)[0][0])) if held.get(best) else []

    def _rank_of(self, name: str) -> Rank:
        wanted, there = sort_key(self.text)[0], sort_key(name)[0]
        if wanted == there:
            return Rank.WHOLE
        if all(word.search(name) for word in self._wholes):
            return Rank.WHOLE_WORDS
        if there.startswith(wanted):
            return Rank.BEGINNING
        return Rank.WORDS if all(word.search(name) for word in self._beginnings) else Rank.WITHIN

    def _places(self, text: str) -> list[tuple[int, int]]:
        """In order; what overlaps is one."""
        found = sorted(match.span() for word in self._patterns for match in word.finditer(text))
        joined = list[tuple[int, int]]()
        for start, stop in found:
            if joined and start <= joined[-1][1]:
                joined[-1] = joined[-1][0], max(stop, joined[-1][1])
            else:
                joined.append((start, stop))
        return joined

    @cached_property
    def _patterns(self) -> list[re.Pattern[str]]:
        return [re.compile(_pattern(word), re.IGNORECASE) for word in self.words]

    @cached_property
    def _beginnings(self) -> list[re.Pattern[str]]:
        return [re.compile(rf"(?<!\w){_pattern(word)}", re.IGNORECASE) for word in self.words]

    @cached_property
    def _wholes(self) -> list[re.Pattern[str]]:
        return [re.compile(rf"(?<!\w){_pattern(word)}(?!\w)", re.IGNORECASE) for word in self.words]


def _around(text: str, place: int) -> str:
    """So many characters of it, in one line, from the beginning of a word to the end of one."""
    start = 0 if place < LONGEST_PASSAGE // 2 else place - LONGEST_PASSAGE // 3
    if start:
        start = text.find(" ", start, place) + 1 or start
    stop = start + LONGEST_PASSAGE
    if stop < len(text):
        stop = max(text.rfind(" ", place, stop), 0) or stop
    return f"{'… ' if start else ''}{' '.join(text[start:stop].split())}{' …' if stop < len(text) else ''}"


def _pattern(word: str) -> str:
    """Each letter, with those that have it for their base; two letters together also as one that stands for both."""
    letters = _letters(word)
    written, place = "", 0
    singles, doubles = _bases()
    while place < len(letters):
        pair = "".join(letters[place : place + 2])
        one = _one_of(letters[place], singles)
        if pair in doubles:
            written += f"(?:{one}{_one_of(pair[1], singles)}|[{doubles[pair]}]{_BESIDE})"
            place += 2
        else:
            written, place = written + one, place + 1
    return written


def _letters(word: str) -> list[str]:
    """Those that count."""
    return [letter for letter in without_accents(word) if not re.match(_SILENT, letter)]


def _one_of(letter: str, singles: Mapping[str, str]) -> str:
    return f"[{re.escape(letter)}{singles.get(letter, '')}]{_BESIDE}"


@cache
def _bases() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """By a letter, and by two: the letters that are written without accents as these."""
    found: dict[str, str] = defaultdict(str)
    for letter in map(chr, _WITH_ACCENTS):
        base = without_accents(letter)
        if base != letter and len(base) in (1, 2) and base.isalnum():
            found[base] += letter
    singles = {base: letters for base, letters in found.items() if len(base) == 1}
    return singles, {base: letters for base, letters in found.items() if len(base) == 2}
