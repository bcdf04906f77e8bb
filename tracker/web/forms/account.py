"""What people change about themselves."""

from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _
from wtforms import HiddenField
from wtforms.validators import InputRequired, Length

from tracker.actions.passkeys import LONGEST_NAME as LONGEST_PASSKEY_NAME
from tracker.actions.people.account import NameChangedMeanwhile, PreferencesChangedMeanwhile
from tracker.country import LANGUAGES
from tracker.person import LONGEST_ADDRESS, LONGEST_NAME
from tracker.web.forms.fields import ChoiceField, Form, LineField, SecretField, blame
from tracker.web.forms.sign_in import PASSWORD_ADVICE

# Each in itself: whoever looks for a language may not read any other.
LANGUAGE_NAMES = {"en": "English", "fr": "français", "es": "español", "ar": "العربية"}


class AccountForm(Form):
    # What the form was opened with.
    shown_name = HiddenField()
    shown_language = HiddenField()
    shown_time_zone = HiddenField()
    name = LineField(
        _("Your name"),
        [InputRequired(_("Enter your name.")), Length(max=LONGEST_NAME, message=_("Enter at most 120 characters."))],
        description=_("As your colleagues know you: it stands beside what you record."),
    )
    language = ChoiceField(
        _("Language"),
        choices={language: LANGUAGE_NAMES[language] for language in LANGUAGES},
        description=_("Of names and, as far as they are translated, of pages and mails."),
    )
    time_zone = ChoiceField(
        _("Time zone"),
        choices={zone: zone for zone in sorted(available_timezones())},
        description=_("All times are shown in it."),
    )

    def now_shows(self, conflict: NameChangedMeanwhile | PreferencesChangedMeanwhile) -> None:
        if isinstance(conflict, NameChangedMeanwhile):
            blame(self.name, conflict)
            self.shown_name.data = conflict.name
        else:
            blame(self.language, conflict)
            self.shown_language.data, self.shown_time_zone.data = conflict.language, conflict.time_zone


class PasswordProof(Form):
    current_password = SecretField(_("Your current password"), [InputRequired(_("Enter your current password."))])


class PasswordForm(PasswordProof):
    new_password = SecretField(_("New password"), [InputRequired(_("Choose a password."))], description=PASSWORD_ADVICE)


class AddressForm(PasswordProof):
    email = LineField(
        _("New e-mail address"),
        [
            InputRequired(_("Enter the new address.")),
            Length(max=LONGEST_ADDRESS, message=_("Enter an address of at most 254 characters.")),
        ],
        description=_("We send a link there. The address changes once it is opened."),
    )


class ConfirmForm(Form):
    """Nothing but the button: opening a link changes nothing."""


class CodesForm(PasswordProof):
    proposal = HiddenField()
    code = LineField(
        _("The code that your app shows now"),
        [
            InputRequired(_("Enter the six digits that your app shows.")),
            Length(max=40, message=_("A code has six digits.")),
        ],
    )


class PasskeyForm(PasswordProof):
    name = LineField(
        _("Name of the passkey"),
        [
            InputRequired(_("Give it a name.")),
            Length(max=LONGEST_PASSKEY_NAME, message=_("Enter at most 60 characters.")),
        ],
        description=_("So that you know later which device it is, such as “office laptop”."),
    )


class PasskeyNameForm(Form):
    name = LineField(
        _("Name of the passkey"),
        [
            InputRequired(_("Give it a name.")),
            Length(max=LONGEST_PASSKEY_NAME, message=_("Enter at most 60 characters.")),
        ],
    )
