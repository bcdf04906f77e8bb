"""What the sections of a brief have in common: what they say of what they leave out, and long texts in pieces."""

import re
from collections.abc import Sequence

from flask_babel import ngettext

from tracker.exchange.brief.content import Bar, Entry, Looks, Row, Section

# A piece of a text that is cut is never longer.
_LONGEST_PIECE = 240
_END_OF_SENTENCE = re.compile(r"(?<=[.!?…:;])\s+|\n+")


def rows(heading: str, items: Sequence[Row], *, note: str = "", least: int = 1) -> Section:
    return Section(heading, Looks.ROWS, items, least, _and_more(len(items)), note)


def bars(heading: str, items: Sequence[Bar], *, note: str = "") -> Section:
    """All of them, or they are not the whole."""
    return Section(heading, Looks.BARS, items, len(items), _and_more(len(items)), note)


def entries(heading: str, items: Sequence[Entry], *, note: str = "") -> Section:
    return Section(heading, Looks.ENTRIES, items, 1, _and_more(len(items)), note)


def words(heading: str, text: str, *, rest: str, note: str = "") -> Section:
    """`rest`: where the text is whole."""
    return Section(heading, Looks.WORDS, in_pieces(text), 2, (rest,), note)


def in_pieces(text: str) -> list[str]:
    """Sentence by sentence, and what has no end in sight in smaller ones, from word to word."""
    sentences = [" ".join(sentence.split()) for sentence in _END_OF_SENTENCE.split(text)]
    return [piece for sentence in sentences if sentence for piece in _parts(sentence)]


def _parts(sentence: str) -> list[str]:
    parts = []
    while len(sentence) > _LONGEST_PIECE:
        end = sentence.rfind(" ", 1, _LONGEST_PIECE)
        end = _LONGEST_PIECE if end < 0 else end
        parts.append(sentence[:end])
        sentence = sentence[end:].lstrip()
    return [*parts, sentence]


def _and_more(number: int) -> list[str]:
    return [
        str(ngettext("And %(num)s more on the country’s page.", "And %(num)s more on the country’s page.", left_out))
        for left_out in range(1, number + 1)
    ]
