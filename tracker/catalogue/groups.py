"""Reads groups.toml, or refuses it with the file, the line, the reason and what to do."""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType

from tracker.catalogue.located import Table, read_tables
from tracker.country import LANGUAGES, Group, GroupKind

NEEDED = ("key", "kind", "source", "address", "as_of", "members", "names")

# These kinds divide the world, so that "its region" has one answer.
DIVISIONS = (GroupKind.UN_REGION, GroupKind.UN_SUBREGION)


def read_groups(file: Path, countries: Collection[str]) -> tuple[Group, ...]:
    """Every group of the file, in its order; each member must be the iso3 code of one of the countries."""
    groups: list[Group] = []
    for table in read_tables(file, file.name, single=(), repeated=("group",)):
        group = _group(table, countries)
        _check_key_is_new(group, groups, table)
        _check_nobody_is_in_two_divisions(group, groups, table)
        groups.append(group)
    return tuple(groups)


def _group(table: Table, countries: Collection[str]) -> Group:
    table.require(NEEDED, optional=("note",))
    return Group(
        key=_key(table),
        kind=table.word("kind", GroupKind),
        names=_names(table),
        members=_members(table, countries),
        source=table.text("source"),
        address=_address(table),
        as_of=_as_of(table),
        note=table.optional_text("note"),
    )


def _key(table: Table) -> str:
    key = table.text("key")
    if not re.fullmatch(r"[a-z][a-z_]*", key):
        raise table.broken(f"“{key}” is no key; use only the letters a-z and underscores.", "key")
    return key


def _names(table: Table) -> Mapping[str, str]:
    if "names" not in table.inner:
        raise table.broken("“names” must be a table; head it with [group.names].", "names")
    names = table.inner["names"]
    names.require(LANGUAGES)
    return MappingProxyType({language: names.text(language) for language in LANGUAGES})


def _members(table: Table, countries: Collection[str]) -> tuple[str, ...]:
    members = table.entries("members")
    for position, member in enumerate(members):
        if not isinstance(member, str) or member not in countries:
            raise table.broken(f"member “{member}” is no country of countries.csv; correct the code.", "members")
        if member in members[:position]:
            raise table.broken(f"member “{member}” is listed twice; remove one of the two.", "members")
    return tuple(members)


def _address(table: Table) -> str:
    address = table.text("address")
    if not address.startswith("https://"):
        raise table.broken(f"“{address}” is no address; write the whole of it, from https:// on.", "address")
    return address


def _as_of(table: Table) -> date:
    day = table.values["as_of"]
    # A datetime is a date to Python; here the hour would pretend to a precision that nobody has.
    if not isinstance(day, date) or isinstance(day, datetime):
        raise table.broken("“as_of” is no day; write it as 2025-01-29, without quotation marks.", "as_of")
    return day


def _check_key_is_new(group: Group, before: list[Group], table: Table) -> None:
    if any(group.key == other.key for other in before):
        raise table.broken(f"the key “{group.key}” is used twice; give one of the two another.", "key")


def _check_nobody_is_in_two_divisions(group: Group, before: list[Group], table: Table) -> None:
    if group.kind not in DIVISIONS:
        return
    for other in before:
        twice = [member for member in group.members if member in other.members]
        if other.kind is group.kind and twice:
            reason = f"{', '.join(twice)} is in “{other.key}” too, and both are a {group.kind}; remove it from one."
            raise table.broken(reason, "members")
