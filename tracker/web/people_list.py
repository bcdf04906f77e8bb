"""Who is here: the list as it was asked for."""

from dataclasses import dataclass
from datetime import datetime

from werkzeug.datastructures import MultiDict

from tracker.access import PersonStatus, Role
from tracker.country import without_accents
from tracker.handling import Mark
from tracker.storage import people, sign_ins
from tracker.storage.admitting import Person
from tracker.storage.base import Session

LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Asked:
    """What cannot be understood narrows nothing."""

    words: str = ""
    role: Role | None = None
    status: PersonStatus | None = None

    @classmethod
    def read(cls, arguments: MultiDict[str, str]) -> "Asked":
        role, status = arguments.get("role", ""), arguments.get("status", "")
        return cls(
            words=" ".join(arguments.get("q", "")[:LONGEST_SEARCH].split()),
            role=Role(role) if role in list(Role) else None,
            status=PersonStatus(status) if status in list(PersonStatus) else None,
        )

    def fits(self, person: Person) -> bool:
        return (
            names_person(self.words, person.name, person.email)
            and (self.role is None or any(row.role is self.role for row in person.roles))
            and (self.status is None or person.status is self.status)
        )


def names_person(words: str, name: str, email: str) -> bool:
    """Part of a name or an address, accents and capitals aside."""
    return without_accents(words) in without_accents(name) or words.casefold() in email


@dataclass(frozen=True)
class Row:
    person: Person
    roles: list[Role]
    clearance: str
    # None: never.
    last_sign_in: datetime | None


def people_list(session: Session, asked: Asked) -> list[Row]:
    last = sign_ins.last_started(session)
    return [
        Row(person, [row.role for row in person.roles], Mark(person.clearance).label, last.get(person.id))
        for person in people.everybody(session)
        if asked.fits(person)
    ]
