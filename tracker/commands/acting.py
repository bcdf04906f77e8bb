"""On whose behalf a command acts."""

from tracker.access import PersonStatus, Principal, Right
from tracker.commands.failure import CannotGoOn
from tracker.person import tidy_address
from tracker.storage import people, principals
from tracker.storage.base import Session


def somebody_who_may(session: Session, right: Right, address: str, *, doing: str) -> Principal:
    """Whoever may not come in any more does nothing by a command, either."""
    person = people.by_email(session, tidy_address(address))
    if person is not None and person.status == PersonStatus.ACTIVE:
        principal = principals.principal_of(session, person)
        if principal.may(right):
            return principal
    raise CannotGoOn(f"Nobody with the address {address} may {doing} here.")
