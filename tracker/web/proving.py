"""Asking somebody who is signed in for their password again, before something that could lock them out.

An open laptop must not be enough. Wrong ones count as they do at sign-in.
"""

from tracker.actions import passwords, sign_ins
from tracker.storage.admitting import Person
from tracker.web.clock import now
from tracker.web.database import transaction
from tracker.web.forms.account import PasswordProof
from tracker.web.forms.fields import blame


def proved(form: PasswordProof, person: Person) -> bool:
    """False: the form says why not."""
    try:
        prove_password(person, form.current_password.data or "")
    except (passwords.WrongPassword, sign_ins.MustWait) as refused:
        blame(form.current_password, refused)
        return False
    return True


def prove_password(person: Person, password: str) -> None:
    """Refuses with WrongPassword or MustWait."""
    with transaction() as session:
        sign_ins.reserve_attempt(session, person.email, now=now())
    if not passwords.matches(person.password_hash, password):
        raise passwords.WrongPassword
    with transaction() as session:
        sign_ins.forgive_attempts(session, person.email)
