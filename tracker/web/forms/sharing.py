"""What is handed to other organisations, and what they hand over."""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, Field, HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from tracker.actions.bundles.sending import DaysReversed, NothingChosen, Wish
from tracker.actions.imports.withdraw import LONGEST_REASON
from tracker.bundle import (
    HIGHEST_MARK,
    LONGEST_NAME,
    USUAL_MARK,
    BundlePart,
    MarkAboveYours,
    MarkNeverLeaves,
)
from tracker.handling import Mark
from tracker.refusal import Refusal
from tracker.web.forms.fields import ChoicesField, Form, LineField, OneOfFewField, blame
from tracker.web.forms.situations import DayField
from tracker.web.frame import frame
from tracker.web.sharing.words import part_words
from tracker.web.words import mark_words

USUAL_DAYS = timedelta(days=365)


class WishForm(Form):
    """What is to leave. In the address, so that it can be looked at again, and without consequences."""

    countries = ChoicesField(_("Countries"))
    groups = ChoicesField(_("Groups"))
    since = DayField(_("From"))
    until = DayField(_("Until"))
    parts = ChoicesField(_("What is to be shared"), [InputRequired(_("Choose what is to be shared."))])
    # what is not offered is refused by the action, which says why
    ceiling = OneOfFewField(
        _("Up to which mark"),
        coerce=int,
        validate_choice=False,
        description=_(
            "TLP:AMBER+STRICT stays in the organisation and TLP:RED with those who heard it: they never leave."
        ),
    )

    def offer(self, *, countries: dict[str, str], groups: dict[str, str], clearance: Mark, today: date) -> None:
        self.countries.choices, self.groups.choices = countries, groups
        self._reached = countries.keys()
        self.parts.choices = part_words()
        offered = {mark: words for mark, words in mark_words().items() if mark <= min(HIGHEST_MARK, clearance)}
        self.ceiling.choices = {str(int(mark)): words for mark, words in offered.items()}
        self._usual(min(USUAL_MARK, clearance), today)

    def _usual(self, ceiling: Mark, today: date) -> None:
        if not self.is_asked:
            self.since.data, self.until.data = today - USUAL_DAYS, today
            self.parts.data = [part.value for part in BundlePart]
            self.ceiling.data = int(ceiling)

    @property
    def is_asked(self) -> bool:
        return self.ceiling.raw_data is not None and bool(self.ceiling.raw_data)

    def validate_ceiling(self, field: Field) -> None:
        if field.data not in list(Mark):
            raise ValidationError(gettext("Choose only what is listed."))

    def blame(self, refused: Refusal) -> None:
        """Beside what it speaks of."""
        places: dict[type[Refusal], Field] = {
            MarkNeverLeaves: self.ceiling,
            MarkAboveYours: self.ceiling,
            NothingChosen: self.parts,
            DaysReversed: self.until,
        }
        blame(places.get(type(refused), self.countries), refused)

    def wish(self) -> Wish:
        """Of a form that was found to be right. Of a group, those whom the asker reaches."""
        members = (frame().members_of(key) for key in self.groups.data or ())
        chosen = frozenset[str](self.countries.data or ()).union(*members) & frozenset(self._reached)
        parts = frozenset(BundlePart(part) for part in self.parts.data or ())
        since, until = self._days()
        return Wish(chosen, since, until, parts, Mark(self.ceiling.data))

    def as_arguments(self) -> dict[str, Any]:
        since, until = self._days()
        return {
            "countries": self.countries.data,
            "groups": self.groups.data,
            "since": since.isoformat(),
            "until": until.isoformat(),
            "parts": self.parts.data,
            "ceiling": self.ceiling.data,
        }

    def _days(self) -> tuple[date, date]:
        assert self.since.data is not None, "a day that is missing is refused before"
        assert self.until.data is not None, "a day that is missing is refused before"
        return self.since.data, self.until.data


class MakeForm(Form):
    """Beneath what was looked through."""

    # Of what the page showed.
    shown = HiddenField()
    recipient = LineField(
        _("For whom is it?"),
        [
            InputRequired(_("Say for whom it is.")),
            Length(max=LONGEST_NAME, message=_("Enter at most 200 characters.")),
        ],
        description=_("It stands in the bundle and in the audit log."),
    )


class PartnerForm(Form):
    name_ = LineField(
        _("Name of the organisation"),
        [
            InputRequired(_("Say whose key it is.")),
            Length(max=LONGEST_NAME, message=_("Enter at most 200 characters.")),
        ],
        name="name",
        description=_("What comes from it is recorded under this name as its source."),
    )
    public_key = LineField(
        _("Its public key"),
        [InputRequired(_("Enter the key, 64 digits and letters."))],
        description=_(
            "Compare its fingerprint with the organisation by telephone or face to face before you rely on it."
        ),
    )


class ReceiveForm(Form):
    file = FileField(
        _("Bundle"),
        [FileRequired(_("Choose a file."))],
        description=_("As it was sent, unchanged; at most 20 MB."),
    )


class TakeInForm(Form):
    replace = BooleanField(_("Published figures that differ from ours are recorded as further revisions"))


class TakeBackForm(Form):
    reason = TextAreaField(
        _("Why?"),
        [
            InputRequired(_("Say why: it stands beside every value that is taken back.")),
            Length(max=LONGEST_REASON, message=_("Enter at most 500 characters.")),
        ],
        description=_("It stands beside every value that is taken back, and in the audit log."),
    )
