"""Which countries somebody may share, by themselves or as members of a group."""

from tracker.access import Principal
from tracker.country import in_order
from tracker.web.frame import frame
from tracker.web.words import country_name, reader_language

Choices = dict[str, str]


def offer_places(by: Principal) -> dict[str, Choices]:
    """A group of which they reach nobody is not offered."""
    known = frame()
    reached = in_order([one for one in known.countries.values() if by.reaches(one.iso3)], reader_language())
    groups = [one for one in known.groups if any(by.reaches(iso3) for iso3 in known.members_of(one.key))]
    return {
        "countries": {one.iso3: country_name(one) for one in reached},
        "groups": {one.key: country_name(one) for one in groups},
    }
