"""Is this HTML without an error? Asked of html5lib, which knows all the rules and is slow, once for each shape of page.

Whether markup is right depends neither on its words, nor on the values of its attributes, nor on how many rows of a
table are like the first. So of a page that is written plainly, with every element closed by its name, only the shape
is read by all the rules. A page that is written otherwise, or whose shape has an error, is read whole.
"""

import re
from functools import cache, lru_cache

import html5lib

PIECE = re.compile(r'<[^<>"]*(?:"[^"]*"[^<>"]*)*>|[^<]+')
REFERENCE = "&(?:amp|lt|gt|quot|nbsp|#34|#39);"
VALUE = f'"[^"&]*(?:{REFERENCE}[^"&]*)*"'
OPENING = re.compile(rf"<([a-zA-Z][a-zA-Z0-9]*)(?:\s+[a-zA-Z][a-zA-Z0-9:-]*(?:={VALUE})?)*\s*(/?)>")
CLOSING = re.compile(r"</([a-zA-Z][a-zA-Z0-9]*)>")
TEXT = re.compile(f"[^&]*(?:{REFERENCE}[^&]*)*")
DOCTYPE = "<!doctype html>"
# Only fields that are not seen may stand between the rows of a table: a shape with one there looks wrong.
ANY_VALUE = re.compile('="[^"]*"')
# Letters against which html5lib has nothing.
LETTERS = re.compile("[\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0001fffd]*")
VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
# A second one is wrong, however like the first.
ONCE = frozenset((DOCTYPE, "html", "head", "body"))

OPENS, CLOSES, STANDS_ALONE = range(3)


class NotPlain(Exception):
    """Only somebody who knows all the rules can read it."""


def problems_of(text: str) -> tuple[str, ...]:
    """What html5lib has against it."""
    try:
        return () if _is_right(shape_of(text)) else read_whole(text)
    except NotPlain:
        return read_whole(text)


@lru_cache(maxsize=500)
def read_whole(text: str) -> tuple[str, ...]:
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(text)
    return tuple(f"{position}: {name} {values}" for position, name, values in parser.errors)


@cache
def _is_right(shape: str) -> bool:
    return not read_whole(shape)


def shape_of(text: str) -> str:
    """Without words and values; of all that is alike within one element, down to the last part, the first."""
    pieces = PIECE.findall(text)
    if sum(map(len, pieces)) != len(text) or not LETTERS.fullmatch(text):
        raise NotPlain
    # Each with its parts so far. A dictionary, because it keeps their order and each of them once.
    opened: list[tuple[str, dict[str, None]]] = [("", {})]
    for piece in pieces:
        act, name, shape = _tag(piece) if piece[0] == "<" else _words(piece)
        if act == OPENS:
            opened.append((name, {shape: None}))
            continue
        if act == CLOSES:
            opened_name, parts = opened.pop()
            if opened_name != name:
                raise NotPlain
            shape = "".join(parts) + shape
        around = opened[-1][1]
        if name in ONCE and shape in around:
            raise NotPlain
        around[shape] = None
    if len(opened) > 1:
        raise NotPlain
    return "".join(opened[0][1])


@lru_cache(maxsize=100_000)
def _tag(piece: str) -> tuple[int, str, str]:
    if opening := OPENING.fullmatch(piece):
        name = opening[1].lower()
        stands_alone = name in VOID or bool(opening[2])
        return STANDS_ALONE if stands_alone else OPENS, name, ANY_VALUE.sub('=""', piece)
    if closing := CLOSING.fullmatch(piece):
        return CLOSES, closing[1].lower(), piece
    if piece.lower() == DOCTYPE:
        return STANDS_ALONE, DOCTYPE, DOCTYPE
    raise NotPlain


def _words(piece: str) -> tuple[int, str, str]:
    if "&" in piece and not TEXT.fullmatch(piece):
        raise NotPlain
    return STANDS_ALONE, "", "x" if piece.strip(" \t\n\r") else " "
