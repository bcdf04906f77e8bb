"""Who may do what, on one page.

A person has roles and a scope. A role opens rights; a right guards a route or a part of a page. The scope narrows
everything to the countries that the person works on: what lies outside does not exist for them.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from tracker.handling import Mark


class Role(StrEnum):
    READER = "reader"
    ANALYST = "analyst"
    REVIEWER = "reviewer"
    METHODOLOGIST = "methodologist"
    ADMINISTRATOR = "administrator"
    # Answers for a country in its own government: sees nothing of another one.
    FOCAL_POINT = "focal_point"


class Right(StrEnum):
    """What a route asks for. Each is opened by the roles named in RIGHTS_OF."""

    READ = "read"
    RECORD = "record"
    REVIEW = "review"
    SHAPE_METHOD = "shape_method"
    MANAGE_PEOPLE = "manage_people"
    READ_AUDIT = "read_audit"
    MANAGE_COUNTRIES = "manage_countries"
    RUN_SYSTEM = "run_system"
    SEE_IMPORTS = "see_imports"
    # To raise flags, note, disagree and take charge; verdicts and decisions are a reviewer's.
    WORK_ON_SITUATIONS = "work_on_situations"
    # To ask for help on behalf of a State.
    ASK_FOR_HELP = "ask_for_help"
    # To write down who is a focal point.
    KEEP_NETWORK = "keep_network"
    # To hand evidence to other organisations, and take theirs in.
    SHARE = "share"


RIGHTS_OF: dict[Role, frozenset[Right]] = {
    Role.READER: frozenset({Right.READ}),
    Role.ANALYST: frozenset(
        {Right.READ, Right.RECORD, Right.SEE_IMPORTS, Right.WORK_ON_SITUATIONS, Right.ASK_FOR_HELP}
    ),
    Role.REVIEWER: frozenset(
        {
            *(Right.READ, Right.REVIEW, Right.SEE_IMPORTS, Right.WORK_ON_SITUATIONS, Right.ASK_FOR_HELP),
            Right.KEEP_NETWORK,
        }
    ),
    Role.METHODOLOGIST: frozenset({Right.READ, Right.SHAPE_METHOD}),
    Role.ADMINISTRATOR: frozenset(
        {
            *(Right.READ, Right.MANAGE_PEOPLE, Right.READ_AUDIT, Right.MANAGE_COUNTRIES, Right.RUN_SYSTEM),
            *(Right.SEE_IMPORTS, Right.KEEP_NETWORK, Right.SHARE),
        }
    ),
    Role.FOCAL_POINT: frozenset({Right.READ, Right.ASK_FOR_HELP}),
}


class PersonStatus(StrEnum):
    """Invited people have not yet chosen a password; deactivated ones can do nothing until reactivated."""

    INVITED = "invited"
    ACTIVE = "active"
    DEACTIVATED = "deactivated"


@dataclass(frozen=True)
class Principal:
    """Whoever asks, as the guards see them."""

    person_id: int
    name: str
    roles: frozenset[Role]
    # None: every country. An empty set: no country at all.
    scope: frozenset[str] | None
    clearance: Mark

    def may(self, right: Right) -> bool:
        return any(right in RIGHTS_OF[role] for role in self.roles)

    def reaches(self, iso3: str) -> bool:
        return self.scope is None or iso3 in self.scope


def scope_of(
    sees_all: bool, countries: Collection[str], members_of_groups: Iterable[Collection[str]]
) -> frozenset[str] | None:
    """The countries that a person works on: those named, and the members of the groups named."""
    if sees_all:
        return None
    return frozenset(countries).union(*members_of_groups)
