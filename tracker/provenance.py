"""What stands beside a value in a file: who says so, how far that is trusted, who may see it.

A column wins over what is given for the whole file; a blank cell takes what is given for the whole file.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from tracker.answer import LONGEST_ADDRESS, LONGEST_LINE, LONGEST_TEXT, grade_in, is_web_address
from tracker.entry import Fault, ProblemKind
from tracker.handling import Mark
from tracker.mapping import Cell, Mapping, MappingUnfit, Part, written
from tracker.notation import shortened
from tracker.refusal import N_
from tracker.text import plain_text

_RELIABILITY = N_("“%(text)s” is no reliability; write a letter from A to F.")
_CREDIBILITY = N_("“%(text)s” is no credibility; write a number from 1 to 6.")
_GRADE = N_("“%(text)s” is no grade; write a letter from A to F and a number from 1 to 6, such as B2.")
_HANDLING = N_("“%(text)s” is no handling mark; write TLP:CLEAR, TLP:GREEN, TLP:AMBER, TLP:AMBER+STRICT or TLP:RED.")
_ATTRIBUTION = N_("“%(text)s” does not say whether the source may be named; write “yes” or “no”.")
_EVIDENCE = N_("“%(text)s” is no link; write the whole address, from https:// or http:// on.")
_TOO_LONG = N_("The text has %(characters)s characters and %(longest)s is the most; shorten it.")

_MARKS = {
    **{mark.name.replace("_", ""): mark for mark in Mark},
    "WHITE": Mark.CLEAR,  # so it was called before version 2.0 of the protocol
}
_NAMED = {
    **dict.fromkeys(("named", "yes", "true", "1", "for attribution", "attributable", "oui", "sí", "si"), True),
    **dict.fromkeys(("not for attribution", "not named", "no", "false", "0", "non", "anonymous"), False),
    **dict.fromkeys(("not attributable", "chatham house", "chatham house rule"), False),
}
_REMEMBERED = 50_000


class Provenance(NamedTuple):
    """In the order in which an entry ends. None: the file does not say."""

    source: str | None = None
    reliability: str | None = None
    credibility: int | None = None
    handling: Mark | None = None
    attributable: bool | None = None
    note: str | None = None
    evidence_url: str | None = None


Complaint = Callable[[int, Fault], None]


class ProvenanceReader:
    def __init__(self, mapping: Mapping, column_of: Callable[[Part], int | None]) -> None:
        """Raises MappingUnfit where what is given for the whole file cannot be understood."""
        self._for_all = Provenance()
        for part, names in _PARTS.items():
            if part in mapping.fixed:
                found = _UNDERSTOOD[part](mapping.fixed[part])
                if isinstance(found, Fault):
                    raise MappingUnfit(found.sentence, **found.values)
                self._for_all = _with(self._for_all, names, found)
        places = ((part, column_of(part)) for part in _PARTS)
        self._columns = [(part, column) for part, column in places if column is not None]
        self._remembered: dict[tuple[Part, Cell], Any] = {}

    def read(self, cells: Sequence[Cell], complain: Complaint) -> Provenance:
        found = self._for_all
        for part, column in self._columns:
            cell = cells[column] if column < len(cells) else None
            if cell is None or cell == "":
                continue
            said = self._understood(part, cell)
            if isinstance(said, Fault):
                complain(column, said)
            elif said is not None:
                found = _with(found, _PARTS[part], said)
        return found

    def read_together(self, columns: Sequence[Sequence[Cell]], rows: int) -> Sequence[Sequence[Any]] | None:
        """Each part of it of some rows, one below the other. None: not all can be understood."""
        if not self._columns:
            return [[said] * rows for said in self._for_all]
        faults: list[Fault] = []
        found = [self.read(cells, lambda _column, fault: faults.append(fault)) for cells in zip(*columns, strict=True)]
        return None if faults else list(zip(*found, strict=True))

    def _understood(self, part: Part, cell: Cell) -> Any:
        if part is Part.NOTE:  # hardly ever the same twice
            return _note(written(cell))
        key = (part, cell)
        if key not in self._remembered:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            text = written(cell)
            self._remembered[key] = _UNDERSTOOD[part](text) if text.strip() else None
        return self._remembered[key]


def _with(provenance: Provenance, names: tuple[str, ...], said: Any) -> Provenance:
    values = said if len(names) > 1 else (said,)
    return provenance._replace(**dict(zip(names, values, strict=True)))


def _source(text: str) -> str | Fault | None:
    line = " ".join(plain_text(text).split())
    return _short_enough(line, LONGEST_LINE)


def _note(text: str) -> str | Fault | None:
    return _short_enough(plain_text(text).strip(), LONGEST_TEXT)


def _short_enough(text: str, longest: int) -> str | Fault | None:
    if len(text) > longest:
        return Fault(ProblemKind.TEXT_TOO_LONG, _TOO_LONG, {"characters": len(text), "longest": longest})
    return text or None


def _reliability(text: str) -> str | Fault:
    letter = text.strip().upper()
    return letter if letter in tuple("ABCDEF") else _fault(ProblemKind.GRADE, _RELIABILITY, text)


def _credibility(text: str) -> int | Fault:
    digit = text.strip()
    return int(digit) if digit in tuple("123456") else _fault(ProblemKind.GRADE, _CREDIBILITY, text)


def _grade(text: str) -> tuple[str | None, int | None] | Fault:
    return grade_in(text.replace("-", "")) or _fault(ProblemKind.GRADE, _GRADE, text)


def _handling(text: str) -> Mark | Fault:
    name = re.sub(r"[^A-Z]", "", text.upper()).removeprefix("TLP")
    mark = _MARKS.get(name)
    return _fault(ProblemKind.HANDLING, _HANDLING, text) if mark is None else mark


def _attribution(text: str) -> bool | Fault:
    named = _NAMED.get(" ".join(text.casefold().split()))
    return _fault(ProblemKind.ATTRIBUTION, _ATTRIBUTION, text) if named is None else named


def _evidence(text: str) -> str | Fault:
    address = text.strip()
    scheme, colon, rest = address.partition(":")
    # The database compares schemes letter by letter.
    address = f"{scheme.lower()}{colon}{rest}"
    if len(address) > LONGEST_ADDRESS or not is_web_address(address) or not address.isprintable():
        return _fault(ProblemKind.EVIDENCE, _EVIDENCE, text)
    return address


def _fault(kind: ProblemKind, sentence: str, text: str) -> Fault:
    return Fault(kind, sentence, {"text": shortened(text)})


_PARTS: dict[Part, tuple[str, ...]] = {
    Part.SOURCE: ("source",),
    Part.GRADE: ("reliability", "credibility"),
    Part.RELIABILITY: ("reliability",),
    Part.CREDIBILITY: ("credibility",),
    Part.HANDLING: ("handling",),
    Part.ATTRIBUTION: ("attributable",),
    Part.NOTE: ("note",),
    Part.EVIDENCE: ("evidence_url",),
}
_UNDERSTOOD: dict[Part, Callable[[str], Any]] = {
    Part.SOURCE: _source,
    Part.GRADE: _grade,
    Part.RELIABILITY: _reliability,
    Part.CREDIBILITY: _credibility,
    Part.HANDLING: _handling,
    Part.ATTRIBUTION: _attribution,
    Part.NOTE: _note,
    Part.EVIDENCE: _evidence,
}
