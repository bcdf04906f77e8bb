"""Which country is meant? Files and people write codes, names in several languages, former names and abbreviations.

One answer, several candidates, or none: a name that could mean two countries is never decided by us. Case, accents,
punctuation, little words and the order of the words do not count: “Korea, South” is South Korea, and “The Gambia”,
“Gambia, The” and “GAMBIA” are one.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Protocol

from tracker.country import without_accents
from tracker.entry import Fault, ProblemKind
from tracker.notation import shortened
from tracker.refusal import N_

_WORD = re.compile(r"\w+")
# In English, French and Spanish. With them “Antigua et Barbuda” needs no entry of its own.
_LITTLE_WORDS = frozenset(
    {
        *("the", "of", "and"),
        *("le", "la", "les", "l", "de", "du", "des", "d", "et"),
        *("el", "los", "las", "del", "y"),
    }
)
_SAINTS = frozenset({"st", "ste"})
_LONGEST_NAME = 200
# A name is near another if so much of both is the same. Looking for one takes its time, and a file in which hundreds
# of names are wrong is no matter of spelling.
_NEAR, _MOST_LOOKED_FOR = 0.85, 200


@dataclass(frozen=True)
class Unclear:
    """A name that people write and that no single country answers to."""

    names: tuple[str, ...]
    candidates: tuple[str, ...]  # iso3; one, where the country of that name is gone and this one is only a part of it
    reason: str


@dataclass(frozen=True)
class Aliases:
    """What countries are called besides the names and codes of ISO 3166: reviewed facts."""

    names: Mapping[str, tuple[str, ...]]  # iso3 -> names
    codes: Mapping[str, tuple[str, ...]]  # iso3 -> codes that were, or are used by others
    unclear: tuple[Unclear, ...]


@dataclass(frozen=True)
class Meant:
    """The countries that a text can mean: `iso3` where it is certain."""

    candidates: tuple[str, ...] = ()
    reason: str | None = None  # why it is not certain; None: it is, or nothing is known by that name

    @property
    def iso3(self) -> str | None:
        return self.candidates[0] if len(self.candidates) == 1 and self.reason is None else None


class Coded(Protocol):
    """A country, from the catalogue or from the database."""

    @property
    def iso3(self) -> str: ...
    @property
    def iso2(self) -> str | None: ...
    @property
    def numeric(self) -> str | None: ...
    @property
    def names(self) -> Mapping[str, str]: ...


NOBODY = Meant()

_MISSING = N_("The country is missing; write its name or its ISO code.")
_UNKNOWN = N_("“%(text)s” is no country that is known here; write its name or its ISO code.")
_MISSPELT = N_("“%(text)s” is no country that is known here; if %(name)s is meant, write that or %(iso3)s.")
_UNCLEAR = N_("“%(text)s” can be %(candidates)s. %(reason)s")


class CountryNames:
    """Finds countries by whatever people write. Made once, asked a million times: answers are looked up."""

    def __init__(self, countries: Iterable[Coded], aliases: Aliases) -> None:
        self._aliases = aliases
        self._by_code: dict[str, Meant] = {}
        self._by_name: dict[tuple[str, ...], Meant] = {}
        self._iso3s: set[str] = set()
        self._names: dict[str, str] = {}
        self._near: dict[tuple[str, ...], str | None] = {}
        for country in countries:
            self._add(country)
        for unclear in aliases.unclear:
            # Who works on one of them alone is not told of the others, and it is no more certain for that.
            candidates = tuple(iso3 for iso3 in unclear.candidates if iso3 in self._iso3s)
            if not candidates:
                continue
            meant = Meant(candidates, unclear.reason)
            for name in unclear.names:
                # Spanish calls Congo-Brazzaville “Congo”, English both: what is unclear stays so.
                self._by_name[folded(name)] = meant
                if name.isupper():
                    self._by_code[name] = meant

    def meant_by(self, text: str) -> Meant:
        """The country, or the countries, that the text can mean."""
        plain = text.strip()
        if len(plain) > _LONGEST_NAME:
            return NOBODY
        return self._code(plain) or self._by_name.get(folded(plain), NOBODY)

    def iso3_of(self, text: str) -> str | Fault:
        """The country of a row, or what is wrong with what stands there."""
        meant = self.meant_by(text)
        if meant.iso3:
            return meant.iso3
        if not text.strip():
            return Fault(ProblemKind.COUNTRY_MISSING, _MISSING)
        if meant.candidates:
            values = {"text": shortened(text), "candidates": ", ".join(meant.candidates), "reason": meant.reason}
            return Fault(ProblemKind.COUNTRY_UNCLEAR, _UNCLEAR, values)
        near = self._near_to(text)
        if near is not None:
            values = {"text": shortened(text), "name": self._names[near], "iso3": near}
            return Fault(ProblemKind.COUNTRY_UNKNOWN, _MISSPELT, values)
        return Fault(ProblemKind.COUNTRY_UNKNOWN, _UNKNOWN, {"text": shortened(text)})

    def knows(self, iso3: str) -> bool:
        return iso3 in self._iso3s

    def aliases_of(self, iso3: str) -> tuple[str, ...]:
        """What the country is called besides its names and codes in the catalogue."""
        return (*self._aliases.names.get(iso3, ()), *self._aliases.codes.get(iso3, ()))

    def _add(self, country: Coded) -> None:
        meant = Meant((country.iso3,))
        self._iso3s.add(country.iso3)
        self._names[country.iso3] = country.names.get("en", country.iso3)
        codes = (country.iso3, country.iso2, country.numeric, *self._aliases.codes.get(country.iso3, ()))
        for code in filter(None, codes):
            self._by_code[code] = meant
        for name in (*country.names.values(), *self._aliases.names.get(country.iso3, ())):
            self._by_name[folded(name)] = meant

    def _near_to(self, text: str) -> str | None:
        """The one country that is called nearly so, of those that are known here at all."""
        words = folded(text)
        if len(text) > _LONGEST_NAME or not words:
            return None
        if words not in self._near and len(self._near) < _MOST_LOOKED_FOR:
            names = {" ".join(name): meant for name, meant in self._by_name.items()}
            found = get_close_matches(" ".join(words), names, n=5, cutoff=_NEAR)
            iso3s = {names[name].iso3 for name in found}
            self._near[words] = iso3s.pop() if len(iso3s) == 1 else None
        return self._near.get(words)

    def _code(self, plain: str) -> Meant | None:
        """Two letters are a code in capitals only: “NA” is Namibia, while “na” and “n/a” say that nothing is there."""
        if plain.isascii() and plain.isdigit() and len(plain) <= 3:
            return self._by_code.get(plain.zfill(3))
        return self._by_code.get(plain if len(plain) == 2 else plain.upper())


@lru_cache(maxsize=10_000)  # the names of all countries, which each import asks for, and as much again
def folded(name: str) -> tuple[str, ...]:
    """The words that count, in an order that does not depend on how they were written."""
    words = _WORD.findall(without_accents(name).replace("_", " "))
    return tuple(sorted("saint" if word in _SAINTS else word for word in words if word not in _LITTLE_WORDS))
