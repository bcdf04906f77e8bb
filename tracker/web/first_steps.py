"""What comes first, where an installation has just begun? Told to administrators, as long as it is not done."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from tracker.access import Role
from tracker.storage import codings, passkeys, people
from tracker.storage.base import Session


@dataclass(frozen=True)
class Step:
    why: str
    # What the button says, and where it leads.
    action: str
    url: str


def first_steps(session: Session, person_id: int) -> list[Step]:
    """`person_id`: of the administrator who asks."""
    return [*_own_account(session, person_id), *_colleagues(session), *_answers(session)]


def _own_account(session: Session, person_id: int) -> Iterator[Step]:
    person = people.by_id(session, person_id)
    if person and person.totp_secret is None and not passkeys.of_person(session, person_id):
        why = _("Your password alone opens an account that may change everything. Let signing in ask for a code too.")
        yield Step(why, _("Switch one-time codes on"), url_for("second_factor.switch_on"))


def _colleagues(session: Session) -> Iterator[Step]:
    to_invite = _("Invite somebody"), url_for("people.invite")
    if people.how_many_active_in_all(session) == 1:
        yield Step(_("You are alone here: what one person submits or proposes, another one accepts."), *to_invite)
    elif people.how_many_active(session, Role.ADMINISTRATOR) == 1:
        why = _("You administer this alone. Should phone and recovery codes be lost, only another administrator helps.")
        yield Step(why, *to_invite)


def _answers(session: Session) -> Iterator[Step]:
    """Published figures alone open many situations on the first day; nobody should take that for news."""
    if not codings.are_there_any(session):
        why = _(
            "Nobody here has answered a question yet: scores and situations rest on published figures alone. They come"
            " once a year, cover a few of the questions, and say nothing of what happens now."
        )
        yield Step(why, _("Enter answers"), url_for("enter.enter"))
