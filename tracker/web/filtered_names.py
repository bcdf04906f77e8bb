"""By which names a row of a country is found while a reader types: as static/filter.js compares them."""

from functools import lru_cache

from tracker.country import sort_key
from tracker.storage.watching import Country
from tracker.web.country_names import names_of

# Every country, and what an older catalogue called it.
_REMEMBERED = 1000


def filtered_names(country: Country) -> str:
    """All that it is called, and its codes, parted by bars; for the attribute data-names of its row."""
    codes = (country.iso3, country.iso2) if country.iso2 else (country.iso3,)
    return _folded(names_of(country), codes)


@lru_cache(_REMEMBERED)
def _folded(names: tuple[str, ...], codes: tuple[str, ...]) -> str:
    called = dict.fromkeys(sort_key(name)[0] for name in names)
    return "|".join([*called, *(code.lower() for code in codes)])
