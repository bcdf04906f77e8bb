"""A list that is too long for one page: which page of it is asked for, and what stands there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

PER_PAGE = 50
LONGEST_NUMBER = 6
Name = TypeVar("Name")
Row = TypeVar("Row")


def page_asked_for(arguments: Mapping[str, str]) -> int:
    """What is no number of a page is the first."""
    typed = arguments.get("page", "")
    is_number = typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_NUMBER
    return max(1, int(typed)) if is_number else 1


@dataclass(frozen=True)
class Stretch:
    """The part of a list that stands on one page. A page that is not there any more is the first."""

    # Of all that answer: how many come before it, and how many there are.
    before: int
    of: int
    # None: all of them stand on one page.
    per_page: int | None = PER_PAGE

    @classmethod
    def on(cls, page: int, of: int, per_page: int | None = PER_PAGE) -> "Stretch":
        before = (page - 1) * per_page if per_page else 0
        return cls(before if before < of else 0, of, per_page)

    @property
    def after(self) -> int:
        """The place behind its last one."""
        return min(self.before + self.per_page, self.of) if self.per_page else self.of

    @property
    def first(self) -> int:
        """Counted from 1. 0: there is none."""
        return self.before + 1 if self.of else 0

    @property
    def is_whole(self) -> bool:
        return self.first <= 1 and self.after == self.of

    @property
    def previous(self) -> int:
        """The number of a page. 0: there is none."""
        return self.before // self.per_page if self.per_page else 0

    @property
    def next(self) -> int:
        return self.previous + 2 if self.after < self.of else 0


class Part(NamedTuple, Generic[Name, Row]):
    """One of the headed parts of a list, as far as it stands on a page."""

    name: Name
    # There is at least one.
    rows: Sequence[Row]
    # How many the whole part has.
    of: int


def on_page(parts: Sequence[tuple[Name, Sequence[Row]]], stretch: Stretch) -> list[Part[Name, Row]]:
    """Of a list in parts, one after the other: those of which something stands there."""
    found, before = list[Part[Name, Row]](), 0
    for name, rows in parts:
        shown = rows[max(0, stretch.before - before) : max(0, stretch.after - before)]
        if shown:
            found.append(Part(name, shown, len(rows)))
        before += len(rows)
    return found
