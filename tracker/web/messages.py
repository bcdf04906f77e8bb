"""The mails that pages send: who asks, what to do, how long the link works, and what to do if it was not you."""

from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from tracker.actions.letters import Letter, Writer
from tracker.storage.models import Person
from tracker.web.installation import address_of

# What an account's owner is told of.
PASSWORD_CHANGED = "password_changed"  # noqa: S105 (the name of a message)
CODES_ON = "codes_on"
CODES_OFF = "codes_off"
PASSKEY_ADDED = "passkey_added"
PASSKEY_REMOVED = "passkey_removed"


def invitation(*, name: str, invited_by: str | None, language: str) -> Writer:
    def write(token: str) -> Letter:
        with force_locale(language):
            link = address_of("joining.accept", token=token)
            body = render_template("messages/invitation.txt", name=name, invited_by=invited_by, link=link)
            return Letter(_("Invitation to the early-warning indicator tracker"), body)

    return write


def reset(*, language: str) -> Writer:
    def write(token: str) -> Letter:
        with force_locale(language):
            body = render_template("messages/reset.txt", link=address_of("reset.choose", token=token))
            return Letter(_("Choose a new password"), body)

    return write


def address_change(person: Person) -> Writer:
    def write(token: str) -> Letter:
        with force_locale(person.language):
            link = address_of("account.confirm_address", token=token)
            body = render_template("messages/address_change.txt", name=person.name, link=link)
            return Letter(_("Confirm your new address"), body)

    return write


def address_note(person: Person, new_address: str) -> Letter:
    """To the old address, which may be the only one that its owner still reads."""
    with force_locale(person.language):
        body = render_template("messages/address_note.txt", name=person.name, new_address=new_address)
        return Letter(_("Your address is about to change"), body)


def note(person: Person, happened: str) -> Letter:
    """What was changed in an account, to its owner: a stranger's change is noticed by a mail like this."""
    with force_locale(person.language):
        sentences = {
            PASSWORD_CHANGED: _("Your password was changed, and you were signed out everywhere else."),
            CODES_ON: _("One-time codes were switched on: signing in with your password now asks for a code."),
            CODES_OFF: _("One-time codes were switched off: your password alone now signs you in."),
            PASSKEY_ADDED: _("A passkey was added: the device that holds it can sign in as you."),
            PASSKEY_REMOVED: _("A passkey was removed: it does not sign you in any more."),
        }
        body = render_template("messages/note.txt", name=person.name, sentence=sentences[happened])
        return Letter(_("Your account was changed"), body)
