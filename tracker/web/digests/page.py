"""A digest in words, as both of its parts show it: the plain text and the HTML say the same in the same order."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tracker.handling import Mark
from tracker.score import Level

# What people wrote is cut to so many characters: a title in a mail is no place for more.
LONGEST_NAME = 80
LONGEST_SENTENCE = 400


@dataclass(frozen=True)
class Picture:
    """By this name it is part of the mail."""

    name: str
    # For whoever does not see it.
    alternative: str
    svg: str
    # In pixels of the mail; it is drawn twice as fine.
    width: int


@dataclass(frozen=True)
class Item:
    """What is told of one place."""

    heading: str
    url: str
    # Beside the heading: what became of it, in a word or two.
    status: str = ""
    # Of a flag; 0: there is none to be shown.
    severity: int = 0
    is_over: bool = False
    # What it is about; empty: the sentence says all.
    title: str = ""
    sentence: str = ""
    # What explains it, a line each.
    details: Sequence[str] = ()
    picture: Picture | None = None


@dataclass(frozen=True)
class Row:
    """The same in one line: a day or a place, and what is said of it."""

    lead: str
    heading: str
    words: str
    url: str = ""
    # Its swatch; None: there is no level, or it is of no interest.
    level: Level | None = None


@dataclass(frozen=True)
class Passage:
    title: str
    # How many there are, those included that are left out; 0: they are not counted.
    number: int = 0
    items: Sequence[Item] = ()
    rows: Sequence[Row] = ()
    sentences: Sequence[str] = ()
    # What is left out here, and where it is found.
    more: str = ""
    more_url: str = ""


@dataclass(frozen=True)
class DigestPage:
    subject: str
    mark: Mark
    # Which digest it is, and since when it tells.
    name: str
    since: str
    # The most important thing, and how many there are of each kind.
    headline: str
    counts: str
    passages: Sequence[Passage]
    # How things stand, whatever is new. None: that is not told.
    standing: Passage | None = None
    # None: no country is on the map.
    map: Picture | None = None
    # The levels on it, with their words.
    key: Sequence[tuple[Level | None, str]] = ()
    # What else its signs mean.
    key_besides: Sequence[str] = ()
    # Figures and head of the log, one to a line.
    foot: Sequence[str] = ()
    why: str = ""
    links: Sequence[tuple[str, str]] = field(default_factory=tuple)

    @property
    def pictures(self) -> list[Picture]:
        drawn = [item.picture for passage in self.passages for item in passage.items if item.picture]
        return [*drawn, self.map] if self.map else drawn
