"""Which countries a page is about, by what its address says: the watched ones or all, of a group, by a name."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from tracker.access import Principal
from tracker.country import in_order
from tracker.refusal import NotThere
from tracker.search import Search
from tracker.storage import countries
from tracker.storage.base import Session
from tracker.storage.models import Country, Group
from tracker.web.country_names import rank_of
from tracker.web.words import reader_language


@dataclass(frozen=True)
class Wanted:
    # Empty: any.
    group: str = ""
    words: str = ""
    everyone: bool = False

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> "Wanted":
        words = Search.read(arguments.get("q", "")).text
        return cls(arguments.get("group", ""), words, arguments.get("who", "") == "all")

    def as_arguments(self) -> dict[str, str]:
        wanted = {"group": self.group, "q": self.words, "who": "all" if self.everyone else ""}
        return {name: value for name, value in wanted.items() if value}


@dataclass(frozen=True)
class Chosen:
    """In the order of their names, of those that the reader may know of."""

    countries: list[Country]
    # All that can be chosen.
    groups: list[Group]
    # The reader has been given no country at all.
    reaches_nothing: bool


def chosen_countries(session: Session, wanted: Wanted, reader: Principal) -> Chosen:
    search = Search.read(wanted.words)
    members = countries.members_of(session, wanted.group) if wanted.group else None
    if members is not None and not members:
        raise NotThere(_("There is no such group of countries."))
    found = [
        country
        for country in countries.all_countries(session, reader.scope)
        if (wanted.everyone or country.watched)
        and (members is None or country.iso3 in members)
        and (not search.words or rank_of(country, search) is not None)
    ]
    groups = countries.group_list(session)
    return Chosen(in_order(found, reader_language()), groups, reaches_nothing=reader.scope == frozenset())
