"""Forms of people who are not signed in yet."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField
from wtforms.validators import InputRequired, Length

from tracker.actions.passwords import LONGEST
from tracker.person import LONGEST_ADDRESS, LONGEST_NAME
from tracker.web.forms.fields import Form, LineField, SecretField

PASSWORD_ADVICE = _("At least 12 characters; a few unrelated words are good. Password managers are welcome.")


class SignInForm(Form):
    email = LineField(
        _("E-mail address"),
        [
            InputRequired(_("Enter your e-mail address.")),
            Length(max=LONGEST_ADDRESS, message=_("Enter an address of at most 254 characters.")),
        ],
    )
    password = SecretField(
        _("Password"),
        [
            InputRequired(_("Enter your password.")),
            Length(max=LONGEST, message=_("A password has at most 200 characters.")),
        ],
    )
    next = HiddenField()


class CodeForm(Form):
    code = LineField(
        _("Code"),
        [InputRequired(_("Enter a code.")), Length(max=40, message=_("A code has at most 40 characters."))],
        description=_("The six digits that your app shows now, or one of your recovery codes."),
    )


class ResetForm(Form):
    email = LineField(
        _("E-mail address"),
        [
            InputRequired(_("Enter your e-mail address.")),
            Length(max=LONGEST_ADDRESS, message=_("Enter an address of at most 254 characters.")),
        ],
    )


class NewPasswordForm(Form):
    password = SecretField(_("New password"), [InputRequired(_("Choose a password."))], description=PASSWORD_ADVICE)


class InvitationForm(Form):
    name = LineField(
        _("Your name"),
        [InputRequired(_("Enter your name.")), Length(max=LONGEST_NAME, message=_("Enter at most 120 characters."))],
        description=_("As your colleagues know you: it stands beside what you record."),
    )
    password = SecretField(_("Password"), [InputRequired(_("Choose a password."))], description=PASSWORD_ADVICE)


class WelcomeForm(InvitationForm):
    email = LineField(
        _("E-mail address"),
        [
            InputRequired(_("Enter your e-mail address.")),
            Length(max=LONGEST_ADDRESS, message=_("Enter an address of at most 254 characters.")),
        ],
        description=_("You sign in with it, and mail goes there."),
    )
