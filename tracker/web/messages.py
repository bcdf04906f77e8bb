"""The mails that pages send: who asks, what to do, how long the link works, and what to do if it was not you."""

from collections.abc import Sequence

from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from tracker.actions.letters import Letter, Writer
from tracker.storage.admitting import Person
from tracker.web.installation import address_of

# What an account's owner is told of.
PASSWORD_CHANGED = "password_changed"  # noqa: S105 (the name of a message)
PASSWORD_RESET = "password_reset"  # noqa: S105
CODES_ON = "codes_on"
CODES_OFF = "codes_off"
PASSKEY_ADDED = "passkey_added"
PASSKEY_REMOVED = "passkey_removed"


def invitation(*, name: str, invited_by: str | None, language: str) -> Writer:
    def write(token: str) -> Letter:
        with force_locale(language):
            link = address_of("joining.accept", token=token)
            body = render_template("messages/invitation.txt", name=name, invited_by=invited_by, link=link)
            return _letter(_("Invitation to the early-warning indicator tracker"), body)

    return write


def reset(*, language: str) -> Writer:
    def write(token: str) -> Letter:
        with force_locale(language):
            body = render_template("messages/reset.txt", link=address_of("reset.choose", token=token))
            return _letter(_("Choose a new password"), body)

    return write


def address_change(person: Person) -> Writer:
    def write(token: str) -> Letter:
        with force_locale(person.language):
            link = address_of("account.confirm_address", token=token)
            body = render_template("messages/address_change.txt", name=person.name, link=link)
            return _letter(_("Confirm your new address"), body)

    return write


def address_note(person: Person, new_address: str) -> Letter:
    """To the old address, which may be the only one that its owner still reads."""
    with force_locale(person.language):
        body = render_template("messages/address_note.txt", name=person.name, new_address=new_address)
        return _letter(_("Your address is about to change"), body)


def note(person: Person, happened: str, *, passkeys: Sequence[str] = ()) -> Letter:
    """What was changed in an account, to its owner: a stranger's change is noticed by a mail like this.

    The passkeys are those that were added or removed, or those that still sign in after another change.
    """
    with force_locale(person.language):
        names = ", ".join(f"“{name}”" for name in passkeys)
        body = render_template(
            "messages/note.txt",
            name=person.name,
            sentence=_sentence(happened, names),
            still=names if happened in (PASSWORD_CHANGED, PASSWORD_RESET) else "",
            remedy=_remedy(happened),
        )
        return _letter(_("Your account was changed"), body)


def _letter(subject: str, body: str) -> Letter:
    return Letter(subject, body, last_line=_("Audit log at entry %(number)s: %(head)s"))


def _sentence(happened: str, passkeys: str) -> str:
    sentences = {
        PASSWORD_CHANGED: _("Your password was changed, and you were signed out everywhere else."),
        PASSWORD_RESET: _(
            "A new password was chosen through a link that came by mail. You were signed out everywhere."
        ),
        CODES_ON: _("One-time codes were switched on: signing in with your password now asks for a code."),
        CODES_OFF: _("One-time codes were switched off: your password alone now signs you in."),
        PASSKEY_ADDED: _("A passkey was added: %(name)s. The device that holds it can sign in as you.", name=passkeys),
        PASSKEY_REMOVED: _("A passkey was removed: %(name)s. It does not sign you in any more.", name=passkeys),
    }
    return str(sentences[happened])


def _remedy(happened: str) -> str:
    """What helps if it was not wanted: something else for each event."""
    remedies = {
        PASSWORD_CHANGED: _(
            "If it was not you: choose another at once by “I forgot my password” on the sign-in page, remove what is "
            "not yours under “Your passkeys”, and tell your administrator."
        ),
        PASSWORD_RESET: _(
            "If it was not you, somebody else reads your mail: change the password of your mailbox, then choose "
            "another one here by “I forgot my password” on the sign-in page, and tell your administrator."
        ),
        CODES_ON: _(
            "If it was not you: ask an administrator to switch the codes off, then sign in, change your password and "
            "end all other sessions."
        ),
        CODES_OFF: _(
            "If it was neither you nor an administrator whom you asked: sign in, change your password, end all other "
            "sessions, switch the codes on again, and tell your administrator."
        ),
        PASSKEY_ADDED: _(
            "If it was not you: sign in, remove it under “Your passkeys”, change your password and end all other "
            "sessions. A new password alone does not keep the passkey out. An administrator can remove it, too."
        ),
        PASSKEY_REMOVED: _(
            "If it was neither you nor an administrator whom you asked: sign in with your password, change it, end all "
            "other sessions, and tell your administrator."
        ),
    }
    return str(remedies[happened])
