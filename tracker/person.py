"""Who somebody is to the product: an address, a name, and the access that an administrator gave."""

import json
import re
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from tracker.access import Role
from tracker.handling import Mark
from tracker.refusal import N_, Refusal

LONGEST_ADDRESS = 254
LONGEST_NAME = 120
# Only plain letters: two addresses that look alike must not be two people, and every mail server takes them.
_ADDRESS = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*"
)


class AddressRefused(Refusal):
    """What was typed is not an address that mail can be sent to."""


class NameRefused(Refusal):
    """A name needs at least one letter and fits on a line."""


@dataclass(frozen=True)
class Access:
    """What an administrator decides about a person."""

    roles: frozenset[Role]
    # True: every country; the countries and groups are then empty. False with none named: no country at all.
    sees_all: bool
    countries: frozenset[str]
    groups: frozenset[str]
    clearance: Mark

    @property
    def is_fit(self) -> bool:
        """A focal point answers for one country, and sees nothing of another one, whatever else they are."""
        if Role.FOCAL_POINT not in self.roles:
            return True
        return not self.sees_all and not self.groups and len(self.countries) == 1

    def recorded(self) -> dict[str, Any]:
        """As the audit log keeps it."""
        return {
            "roles": sorted(self.roles),
            "sees_all": self.sees_all,
            "countries": sorted(self.countries),
            "groups": sorted(self.groups),
            "clearance": self.clearance.label,
        }

    def digest(self) -> str:
        """A form carries it, to tell later whether the access is still what it showed."""
        return sha256(json.dumps(self.recorded(), sort_keys=True).encode()).hexdigest()


# All that one person can have: a focal point's role closes what it does not open.
ALL_ROLES = frozenset(Role) - {Role.FOCAL_POINT}
ALL_ACCESS = Access(ALL_ROLES, sees_all=True, countries=frozenset(), groups=frozenset(), clearance=Mark.RED)


def tidy_address(typed: str) -> str:
    """Capitals and surrounding blanks do not make another address."""
    address = unicodedata.normalize("NFKC", typed).strip().lower()
    if len(address) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(address) or ".." in address:
        raise AddressRefused(N_("Enter an address such as ana@example.org."))
    return address


def tidy_name(typed: str) -> str:
    """One line, without control characters: names stand in mail headers and lists."""
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    if not name or len(name) > LONGEST_NAME or not any(letter.isalpha() for letter in name):
        raise NameRefused(N_("Enter a name of at most 120 characters."))
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn") for letter in name):
        raise NameRefused(N_("Enter the name without invisible characters."))
    return name
