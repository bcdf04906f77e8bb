"""What every page stands in: the countries and groups, the criteria with their indicators, the method and the rules.

It changes with the catalogue, with a switch of the method or a rule, or when a country is watched: seldom. So it is
asked for once, by all pages together, until its number is another one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from flask import current_app

from tracker.country import GroupKind
from tracker.method import Method
from tracker.moment import Moment
from tracker.refusal import N_, NotThere
from tracker.storage import catalogue, countries, methods, rules
from tracker.storage.base import Session
from tracker.storage.methods import SwitchedOn
from tracker.storage.watching import Country, Criterion, Group, Indicator
from tracker.web.database import reading
from tracker.web.session import data_numbers


class NoSuchGroup(NotThere):
    def __init__(self) -> None:
        super().__init__(N_("There is no such group of countries."))


@dataclass(frozen=True)
class Frame:
    countries: Mapping[str, Country]
    groups: Sequence[Group]
    # By country: the smallest region that UN M49 gives it; some have none.
    regions: Mapping[str, Group]
    # Those in force, in the order of the catalogue.
    criteria: Sequence[Criterion]
    # Retired ones too: old flags still speak of them.
    every_criterion: Sequence[Criterion]
    every_indicator: Sequence[Indicator]
    # Its number, and the method itself; None: none is in force yet.
    method: tuple[int, Method] | None
    # Those that ever were, the earliest first.
    methods: Sequence[SwitchedOn]
    # By key.
    rule_names: Mapping[str, str]

    @cached_property
    def _members(self) -> Mapping[str, frozenset[str]]:
        return {group.key: frozenset(member.iso3 for member in group.members) for group in self.groups}

    def method_at(self, session: Session, moment: Moment) -> tuple[int, Method] | None:
        """The one that was in force at that moment. None: none was."""
        if moment.is_now:
            return self.method
        found = [one for one in self.methods if one.since <= moment.known_at]
        return (found[-1].number, methods.read(session, found[-1].number, found[-1].fingerprint)) if found else None

    def members_of(self, group: str) -> Collection[str]:
        if group not in self._members:
            raise NoSuchGroup
        return self._members[group]


def frame() -> Frame:
    number = data_numbers().catalogue
    kept = cast(tuple[int, Frame] | None, current_app.extensions.get("frame"))
    if kept is None or kept[0] != number:
        kept = number, _read(reading())
        current_app.extensions["frame"] = kept
    return kept[1]


def _read(session: Session) -> Frame:
    groups, criteria = countries.all_groups(session), catalogue.whole(session)
    indicators = [indicator for criterion in criteria for indicator in criterion.indicators]
    return Frame(
        countries={country.iso3: country for country in countries.all_countries(session)},
        groups=groups,
        regions={
            member.iso3: group for group in groups if group.kind is GroupKind.UN_SUBREGION for member in group.members
        },
        criteria=[criterion for criterion in criteria if not criterion.retired],
        every_criterion=criteria,
        every_indicator=sorted(indicators, key=lambda indicator: (indicator.position, indicator.id)),
        method=methods.in_force(session),
        methods=methods.ever_in_force(session),
        rule_names={row.key: str(row.content.get("name", row.key)) for row in rules.newest_in_force(session)},
    )
