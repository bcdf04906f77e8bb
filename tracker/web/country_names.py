"""All that a country is called: in four languages, formerly, in short, and by code."""

from functools import cache

from tracker.catalogue.country_names import read_country_names
from tracker.catalogue.places import read_places
from tracker.search import Rank, Search
from tracker.storage.watching import Country


def names_of(country: Country) -> tuple[str, ...]:
    return (*country.names.values(), *_also_called().get(country.iso3, ()))


def rank_of(country: Country, search: Search) -> Rank | None:
    """By any of its names, or by a code; None: it is not meant."""
    if search.text.upper() in (country.iso3, country.iso2):
        return Rank.WHOLE
    return search.rank_among(names_of(country))


@cache
def _also_called() -> dict[str, tuple[str, ...]]:
    """By country: “Ivory Coast”, “DRC”, “Burma”."""
    known = read_country_names()
    return {one.iso3: known.aliases_of(one.iso3) for one in read_places().countries}
