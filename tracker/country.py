"""Which places are watched, by what names, and in which groups.

A place is known everywhere by its ISO 3166-1 alpha-3 code. A group is a set of such codes with a source and a date,
because who belongs to an organisation is a fact that changes and that people dispute.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Protocol, TypeVar

LANGUAGES = ("en", "fr", "es", "ar")
FALLBACK_LANGUAGE = "en"

# Letters that carry no combining mark, so that decomposing them changes nothing.
_PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "’": "'"}
)


class GroupKind(StrEnum):
    """UN regions and UN subregions each divide the world: nobody is in two. Organisations overlap."""

    UN_REGION = "un_region"
    UN_SUBREGION = "un_subregion"
    ORGANISATION = "organisation"


@dataclass(frozen=True)
class Country:
    """A country or area, whatever its status; `un_member` says only whether it is one of the Member States."""

    iso3: str
    iso2: str
    numeric: str | None  # None: ISO gives it no number (Kosovo)
    names: Mapping[str, str] = field(hash=False)  # by language, one for each of LANGUAGES
    un_member: bool


@dataclass(frozen=True)
class Group:
    """Countries that belong together, by whose word, and up to which day that is known to hold."""

    key: str
    kind: GroupKind
    names: Mapping[str, str] = field(hash=False)  # by language, one for each of LANGUAGES
    members: tuple[str, ...]  # iso3
    source: str
    address: str  # where the source can be read
    as_of: date
    note: str | None  # None: nothing about this membership needs explaining


class Named(Protocol):
    """A country or a group, from the catalogue or from the database."""

    @property
    def names(self) -> Mapping[str, str]: ...


def name_in(named: Named, language: str) -> str:
    """The name in that language (`fr`, `fr-CA`, `fr_CA`), or else the English one."""
    primary = language.replace("_", "-").split("-", maxsplit=1)[0].lower()
    return named.names.get(primary) or named.names[FALLBACK_LANGUAGE]


@lru_cache(maxsize=4096)
def sort_key(name: str) -> tuple[str, str]:
    """Where a reader looks for a name: accents, case and apostrophes do not count.

    The name itself comes second, so that the order is total and the same on every machine, whatever its locale.
    """
    return "".join(letter for letter in without_accents(name) if _counts(letter)), name


def without_accents(name: str) -> str:
    """As somebody types it who has not all letters on the keyboard: “emile” finds Émile."""
    decomposed = unicodedata.normalize("NFKD", name.casefold().translate(_PLAIN_LETTERS))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


class NamedCountry(Named, Protocol):
    @property
    def iso3(self) -> str: ...


AnyCountry = TypeVar("AnyCountry", bound=NamedCountry)


def in_order(countries: Iterable[AnyCountry], language: str) -> list[AnyCountry]:
    """The countries as a reader of that language expects them in a list."""
    return sorted(countries, key=lambda country: (sort_key(name_in(country, language)), country.iso3))


def _counts(letter: str) -> bool:
    return letter.isalnum() or letter.isspace() or letter == "-"
