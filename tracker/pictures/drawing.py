"""How is a picture written down? As SVG whose looks are all in the stylesheet.

No colour, no style attribute: the strict content policy of the pages allows neither, and one stylesheet then
serves light, dark, print and forced colours. Whatever text comes in is escaped here and nowhere else.
"""

import math
import re
from collections.abc import Iterable
from functools import cache, lru_cache
from html import escape

MINUS = "\N{MINUS SIGN}"

# What XML 1.0 cannot carry at all, not even escaped: control characters, surrogates, two non-characters.
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# A page has ten thousand attributes, and hardly one that needs any care.
_NEEDS_NO_CARE = re.compile(r"[\w .,:;()%·+-]*")


def element(name: str, content: str = "", /, **attributes: str | float) -> str:
    """One element; content is markup already, attributes are escaped here. A trailing or inner _ means none or -."""
    written = name
    for key, value in attributes.items():
        if value != "":
            written += f' {_name(key)}="{text(value) if isinstance(value, str) else coordinate(value)}"'
    return f"<{written}>{content}</{name}>" if content else f"<{written}/>"


def text(words: str) -> str:
    """Words as they may stand between tags."""
    if _NEEDS_NO_CARE.fullmatch(words):
        return words
    return escape(_NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", words), quote=True)


# The charts of a page have their days in common, and each chart its days three times.
@lru_cache(maxsize=8192)
def coordinate(value: float) -> str:
    """A tenth of a pixel is as fine as anyone sees; the same picture is always written the same way."""
    written = f"{value:.1f}".removesuffix(".0")
    return "0" if written == "-0" else written


def path(points: list[tuple[float, float]], *, closed: bool = False) -> str:
    steps = "L".join(f"{coordinate(x)} {coordinate(y)}" for x, y in points)
    return f"M{steps}{'Z' if closed else ''}"


def plain_number(value: float, decimals: int = 2) -> str:
    """So many decimals at most, none that say nothing, and a true minus sign."""
    written = f"{value:.{decimals}f}"
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return "0" if written == "-0" else written.replace("-", MINUS)


def decimals_for(numbers: Iterable[float]) -> int:
    """Two are enough for most figures; where all lie close together, as many as tell them apart."""
    known = list(numbers)
    span = max(known) - min(known) or max(map(abs, known)) or 1.0
    return min(max(2, 1 - math.floor(math.log10(span))), 12)


_CAMEL = frozenset({"patternTransform", "patternUnits", "viewBox"})


@cache
def _name(key: str) -> str:
    return key if key in _CAMEL else key.rstrip("_").replace("_", "-")
