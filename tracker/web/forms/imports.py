"""Bringing a file, and taking back what came from one."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length

from tracker.actions.imports.withdraw import LONGEST_REASON
from tracker.web.forms.fields import Form


class BringForm(Form):
    file = FileField(
        _("File"),
        [FileRequired(_("Choose a file."))],
        description=_("CSV, in any encoding and with any separator, or XLSX; at most 100 MB and two million rows."),
    )


class WithdrawForm(Form):
    # The version of the import that the page showed.
    seen = HiddenField()
    reason = TextAreaField(
        _("Why?"),
        [
            InputRequired(_("Say why: it stands beside every value that is taken back.")),
            Length(max=LONGEST_REASON, message=_("Enter at most 500 characters.")),
        ],
        description=_("It stands beside every value that is taken back, and in the audit log."),
    )
