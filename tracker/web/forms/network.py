"""Who is a focal point, who left office, and whom to invite."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, Field
from wtforms.validators import InputRequired

from tracker.focal_point import Appointment, AppointmentUnfit
from tracker.handling import Mark
from tracker.person import NameRefused
from tracker.refusal import Refusal
from tracker.storage.focal_points import SeenFocalPoint
from tracker.web.forms.fields import ChoiceField, LineField, OneOfFewField, blame
from tracker.web.forms.situations import ActForm, DayField, MarkedForm, WordsField


class MaybeDayField(DayField):
    """Empty: nobody says."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist and valuelist[0].strip():
            super().process_formdata(valuelist)

    def pre_validate(self, form: Any) -> None:
        """Nothing is asked for."""


class AppointmentForm(MarkedForm):
    office = LineField(_("Office"), description=_("Everybody reads it, so name the post and not who holds it."))
    # `name` is what wtforms calls a form's own
    name_ = LineField(_("Who holds it"), description=_("Empty: the office answers, whoever holds it."))
    contact = WordsField(_("How to reach them"), description=_("Address, telephone, languages, when they answer."))
    since = DayField(_("Since"))
    link = LineField(
        _("Where it was made known"), description=_("A link to the announcement, such as https://example.org/named.")
    )

    def appointment(self) -> Appointment:
        assert self.since.data is not None, "a form that is in order has a day"
        return Appointment(
            office=self.office.data or "",
            name=self.name_.data or "",
            contact=self.contact.data or "",
            since=self.since.data,
            link=self.link.data or "",
        )

    def blame(self, refused: Refusal) -> None:
        field = refused.field if isinstance(refused, AppointmentUnfit) else "handling"
        blame(self[{"name": "name_"}.get(field, field)], refused)

    def name_the_mark(self, clearance: Mark) -> None:
        self.offer_marks(Mark.CLEAR, clearance)
        self.handling.label.text = gettext("Who may read the name, the contact and the link?")


class AppointForm(AppointmentForm):
    place = ChoiceField(_("Country or organisation"))
    hands_in = BooleanField(
        _("Hand in “yes” as this month’s answer about the country’s Focal Point"),
        default=True,
        description=_("The link is its source, and a second person reviews it. Of an organisation nothing is asked."),
    )

    def __iter__(self) -> Iterator[Field]:
        """In the order of the page: where it is comes first."""
        return iter((self.place, *(field for field in super().__iter__() if field is not self.place)))

    def offer(self, places: Sequence[tuple[str, str]], clearance: Mark) -> None:
        self.name_the_mark(clearance)
        # none is chosen beforehand: a focal point in the wrong country is worse than none
        self.place.choices = [("", gettext("Choose a country or an organisation")), *places]


class ChangeForm(AppointmentForm):
    until = MaybeDayField(_("Last day in office"), description=_("Empty: they are in office."))

    def show(self, found: SeenFocalPoint) -> None:
        assert found.who is not None, "whoever may not see who it is opens no form"
        self.seen.data = str(found.version)
        self.office.data, self.since.data, self.until.data = found.office, found.since, found.until
        self.name_.data, self.contact.data, self.link.data = found.who.name, found.who.contact, found.who.link
        self.handling.data = int(found.who.handling)


class EndForm(ActForm):
    until = DayField(_("Last day in office"))
    hands_in = BooleanField(
        _("Hand in “no” as this month’s answer about the country’s Focal Point"),
        description=_("Only if nobody is named any more: a post that waits for somebody for some months is no “no”."),
    )
    link = LineField(_("Where it was made known"), description=_("It is the source of that answer."))

    def blame(self, refused: Refusal) -> None:
        blame(self.link if isinstance(refused, AppointmentUnfit) and refused.field == "link" else self.until, refused)

    @property
    def last(self) -> date:
        assert self.until.data is not None, "a form that is in order has a day"
        return self.until.data


class LetInForm(ActForm):
    name_ = LineField(_("Name"), description=_("They may correct it."))
    email = LineField(_("E-mail address"), description=_("The invitation goes there, and they sign in with it."))
    clearance = OneOfFewField(
        _("Clearance"),
        [InputRequired(_("Choose a clearance."))],
        coerce=int,
        default=int(Mark.GREEN),
        description=_("They see what is marked at or below it."),
    )

    def offer(self, marks: Mapping[Mark, str]) -> None:
        self.clearance.choices = [(int(mark), words) for mark, words in marks.items()]

    def blame(self, refused: Refusal) -> None:
        blame(self.name_ if isinstance(refused, NameRefused) else self.email, refused)


class LinkForm(ActForm):
    email = LineField(
        _("E-mail address of the account"),
        description=_("With which they sign in. An account that does more than read needs the role first."),
    )

    def blame(self, refused: Refusal) -> None:
        blame(self.email, refused)
