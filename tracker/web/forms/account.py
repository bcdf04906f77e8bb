"""What people change about themselves."""

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from babel.core import get_global
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


# The parts of the world as the zones' own names begin.
PARTS_OF_THE_WORLD = {
    "Africa": _("Africa"),
    "America": _("The Americas"),
    "Antarctica": _("Antarctica"),
    "Asia": _("Asia"),
    "Atlantic": _("Atlantic Ocean"),
    "Australia": _("Australia"),
    "Europe": _("Europe"),
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific Ocean"),
}


@cache
def zones() -> dict[str, Any]:
    """One for each place that has a time of its own, by part of the world and then by city.

    What the database of zones keeps besides (old names, "Factory", hours without a place) nobody looks for.
    """
    known = sorted(get_global("zone_territories").keys() & available_timezones())
    by_part = {
        part: tuple((zone, zone.removeprefix(f"{part}/").replace("_", " ")) for zone in known if zone.startswith(part))
        for part in PARTS_OF_THE_WORLD
    }
    return {_("Everywhere"): (("UTC", "UTC"),)} | {PARTS_OF_THE_WORLD[part]: of_it for part, of_it in by_part.items()}


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
        choices=zones,
        description=_("All times are shown in it. Type the first letters of a city to get to it."),
    )

    def offer_also(self, zone: str) -> None:
        """A zone that somebody has by an older name stays theirs until they choose another."""
        if all(zone != known for of_it in zones().values() for known, _city in of_it):
            self.time_zone.choices = {zone: ((zone, zone),)} | dict(zones())

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
