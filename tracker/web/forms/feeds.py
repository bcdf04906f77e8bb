"""What people let other programs have."""

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _
from wtforms.validators import InputRequired, Length

from tracker.actions.feeds import LONGEST_NAME
from tracker.feed import FeedKind
from tracker.web.forms.fields import ChoiceField, Form, LineField, OneOfFewField
from tracker.webhook import LONGEST_ADDRESS


class FeedForm(Form):
    kind = OneOfFewField(
        _("What is it to tell?"), [InputRequired(_("Choose what it is to tell."))], default=FeedKind.NEWS.value
    )
    group = ChoiceField(_("Of which countries?"))
    name_ = LineField(
        _("Where will you use it?"),
        [
            InputRequired(_("Say where you will use it.")),
            Length(max=LONGEST_NAME, message=_("Enter at most 80 characters.")),
        ],
        name="name",
        description=_("So that you know later which one to revoke, such as “calendar on my phone”."),
    )

    def offer(self, kinds: dict[FeedKind, str], groups: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        """`groups`: by what they are, the key and the name of each."""
        self.kind.choices = {kind.value: words for kind, words in kinds.items()}
        self.group.choices = {"": [("", str(_("All that I may see")))], **groups}


class WebhookForm(Form):
    address = LineField(
        _("Address that is called"),
        [
            InputRequired(_("Enter an address such as https://chat.example.org/hooks/abc.")),
            Length(max=LONGEST_ADDRESS, message=_("Enter at most 500 characters.")),
        ],
        description=_("Your chat gives you one where it speaks of “incoming webhooks”."),
    )
