"""Text as it comes, made fit for a database, a page or a line of a mail. Nothing is refused: it is made harmless."""

import re
import unicodedata

# Control characters, line and paragraph separators, halves of surrogate pairs.
_HARMFUL_CATEGORIES = frozenset({"Cc", "Zl", "Zp", "Cs"})
# Control characters but for tab and line breaks, halves of surrogates, and the code points that are no characters.
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)
# A word that is cut off takes no more of a line with it.
_LONGEST_REST = 0.4
# What stands at no end, before an ellipsis.
_NO_END = " ,;:.·-–—(“"
# What turns the direction of everything behind it on its line, the product's own words too.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def tidy(text: str) -> str:
    """Without what no keyboard types: control characters, halves of surrogates, code points that are no characters.

    Dropped and not refused: a stray one comes with a paste, and nobody should lose a form over it.
    """
    # of what can be printed nothing is unfit, and to see that takes a fortieth of the time
    return text if text.isprintable() else _UNFIT.sub("", text)


def one_line(text: str, longest: int) -> str:
    """The text on one line without control characters, cut between two words with an ellipsis where it is too long."""
    blanked = "".join(" " if unicodedata.category(letter) in _HARMFUL_CATEGORIES else letter for letter in text)
    line = " ".join(blanked.split())
    if len(line) <= longest:
        return line
    whole, _, rest = line[:longest].rpartition(" ")
    # of what has no words, or a very long one, as much as there is room for
    cut = whole if len(rest) <= longest * _LONGEST_REST else line[: longest - 1]
    return cut.rstrip(_NO_END) + "…"


def straight_line(text: str, longest: int) -> str:
    """The same, and it cannot turn the words around it: for the name of something among words of our own."""
    return one_line(_TURNS.sub("", text), longest)


def plain_text(text: str) -> str:
    """The text with its lines and tabs, but without any other control character."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        letter if letter in "\n\t" or unicodedata.category(letter) not in _HARMFUL_CATEGORIES else " "
        for letter in lines
    )
