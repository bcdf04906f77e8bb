"""What a brief says: words and figures in the reader's language, and pictures as SVG. The template only sets them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tracker.handling import Mark


class Looks(StrEnum):
    """How the items of a section are set."""

    ROWS = "rows"
    ENTRIES = "entries"
    BARS = "bars"
    # Sentences of one text, running on.
    WORDS = "words"


@dataclass(frozen=True)
class Row:
    """A name and what stands against it; beneath, in small, what is said about it."""

    name: str
    value: str
    about: str = ""
    is_strong: bool = False


@dataclass(frozen=True)
class Entry:
    """A name with one word about it, the sentences on it, and what is of less weight."""

    name: str
    value: str = ""
    # Of a flag; 0: it is none.
    severity: int = 0
    sentences: tuple[str, ...] = ()
    about: str = ""


@dataclass(frozen=True)
class Bar:
    """What something gives, of the most that it could."""

    name: str
    value: str
    points: float
    most: float
    level: int
    about: str = ""


@dataclass(frozen=True)
class Section:
    heading: str
    looks: Looks
    items: Sequence[Row | Entry | Bar | str]
    # So many items stay, however little room there is.
    least: int = 1
    # What is said where one item, two, three and so on are left out; the last is said of any more.
    more: Sequence[str] = ("",)
    note: str = ""


@dataclass(frozen=True)
class Drawn:
    svg: str
    # What it shows, for who does not see it.
    alt: str


@dataclass(frozen=True)
class Series:
    title: str
    svg: str
    alt: str
    note: str


@dataclass(frozen=True)
class Fact:
    value: str
    name: str
    is_worse: bool = False


Side = Sequence[Section]


@dataclass(frozen=True)
class Brief:
    language: str
    is_right_to_left: bool
    # The highest of all that it shows.
    mark: Mark
    # Which part of it bears that mark; empty: all the world may read it.
    mark_reason: str
    kind: str
    country: str
    # Its region and organisations; empty: it has none.
    belongs: str
    moment: str
    # Of a past moment; empty: it is of today.
    notice: str
    # None: it has no place on the map.
    map: Drawn | None
    # Empty: there is not enough evidence.
    score: str
    # Its shape, and its word.
    level: Drawn
    facts: Sequence[Fact]
    # None: nothing was ever scored.
    series: Series | None
    first: tuple[Side, Side]
    second: tuple[Side, Side]
    footer: str
    pages: tuple[str, str]
