"""Which countries a page is about, by what its address says: the watched ones or all, of a group, by a name."""

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.access import Principal
from tracker.country import in_order
from tracker.search import Search
from tracker.storage.models import Country
from tracker.web.country_names import rank_of
from tracker.web.frame import frame
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


def chosen_countries(wanted: Wanted, reader: Principal) -> list[Country]:
    """Of those that the reader may know of, in the order of their names."""
    search = Search.read(wanted.words)
    members = frame().members_of(wanted.group) if wanted.group else None
    found = [
        country
        for country in frame().countries.values()
        if reader.reaches(country.iso3)
        and (wanted.everyone or country.watched)
        and (members is None or country.iso3 in members)
        and (not search.words or rank_of(country, search) is not None)
    ]
    return in_order(found, reader_language())
