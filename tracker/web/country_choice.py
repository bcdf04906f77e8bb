"""Which countries a page is about, by what its address says: the watched ones or all, of a group, by a name."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from tracker.access import Principal
from tracker.country import in_order
from tracker.search import Search
from tracker.storage.watching import Country
from tracker.web.country_names import rank_of
from tracker.web.frame import Frame, frame
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
    reached = (one for one in frame().countries.values() if reader.reaches(one.iso3))
    listed = (one for one in reached if wanted.everyone or one.watched)
    return in_order(narrowed(listed, wanted.group, wanted.words, frame()), reader_language())


def countries_in(place: str) -> Collection[str] | None:
    """Of a group's key or a country's code, whoever reaches them; None: wherever."""
    if not place:
        return None
    is_group = any(group.key == place for group in frame().groups)
    return frame().members_of(place) if is_group else {place}


def within(reader: Principal, group: str) -> Principal:
    """As if they worked on the countries of that group alone; empty: on all of theirs."""
    if not group:
        return reader
    members = frozenset(frame().members_of(group))
    return replace(reader, scope=members if reader.scope is None else members & reader.scope)


def narrowed(countries: Iterable[Country], group: str, words: str, frame: Frame) -> list[Country]:
    """To the members of the group, and to those that are called so; empty words narrow nothing."""
    search = Search.read(words)
    members = frame.members_of(group) if group else None
    return [
        country
        for country in countries
        if (members is None or country.iso3 in members) and (not search.words or rank_of(country, search) is not None)
    ]
