"""The places the tracker watches: countries and areas, and the groups they belong to."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from tracker.catalogue.countries import read_countries
from tracker.catalogue.groups import read_groups
from tracker.country import Country, Group

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Places:
    countries: tuple[Country, ...]
    groups: tuple[Group, ...]

    @cached_property
    def by_iso3(self) -> Mapping[str, Country]:
        return MappingProxyType({country.iso3: country for country in self.countries})

    @cached_property
    def by_key(self) -> Mapping[str, Group]:
        return MappingProxyType({group.key: group for group in self.groups})

    def as_plain(self) -> dict[str, list[dict[str, object]]]:
        """The whole as dictionaries, lists and text: what is exported, compared and fingerprinted."""
        return {
            "countries": [_plain_country(country) for country in self.countries],
            "groups": [_plain_group(group) for group in self.groups],
        }

    def fingerprint(self) -> str:
        """SHA-256 of the whole in canonical JSON: two installations with the same one mean the same places."""
        canonical = json.dumps(self.as_plain(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def read_places(folder: Path | None = None) -> Places:
    """The places in that folder, or else the built-in ones; a broken file raises CatalogueBroken."""
    folder = folder or FOLDER
    countries = read_countries(folder / "countries.csv")
    known = frozenset(country.iso3 for country in countries)
    return Places(countries=countries, groups=read_groups(folder / "groups.toml", known))


def _plain_country(country: Country) -> dict[str, object]:
    return {
        "iso3": country.iso3,
        "iso2": country.iso2,
        "numeric": country.numeric,
        "names": dict(country.names),
        "un_member": country.un_member,
    }


def _plain_group(group: Group) -> dict[str, object]:
    return {
        "key": group.key,
        "kind": str(group.kind),
        "names": dict(group.names),
        "members": list(group.members),
        "source": group.source,
        "address": group.address,
        "as_of": group.as_of.isoformat(),
        "note": group.note,
    }
