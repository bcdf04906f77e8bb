"""By which names a row of a country is found while a reader types: as static/filter.js compares them."""

from tracker.country import sort_key
from tracker.storage.models import Country
from tracker.web.country_names import names_of


def filtered_names(country: Country) -> str:
    """All that it is called, and its codes, parted by bars; for the attribute data-names of its row."""
    called = dict.fromkeys(sort_key(name)[0] for name in names_of(country))
    return "|".join([*called, country.iso3.lower(), *([country.iso2.lower()] if country.iso2 else [])])
