"""A day to come, as it is entered and changed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, Field

from tracker.actions.occasions import AlikeThere
from tracker.handling import Mark
from tracker.occasion import (
    DayUnfit,
    Draft,
    EndUnfit,
    LinkUnfit,
    NameMissing,
    NeverAgain,
    NoteTooLong,
    OccasionKind,
    Place,
    RecurrenceUnfit,
)
from tracker.refusal import N_, Refusal
from tracker.web.forms.fields import ChoiceField, OneOfFewField, blame
from tracker.web.forms.fields import LineField as Line
from tracker.web.forms.situations import DayField, MarkedForm, Needed, WordsField
from tracker.web.occasions.words import recurrence_words
from tracker.web.situations.words import occasion_words

Places = Mapping[str, Sequence[tuple[str, str]]]
"""By what they are: what is sent and what is said."""
# How often most of what comes again does.
USUAL_MONTHS = (1, 3, 6, 12, 24, 36, 48, 60, 72, 84)
COUNTRY, GROUP, WORLD = "country:", "group:", "world"


class PlaceMissing(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Choose where it is."))


def offer_places(field: ChoiceField, places: Places, none: str = "") -> None:
    """None is chosen beforehand: a day in the wrong country is worse than none. `none`: what that means."""
    field.choices = {"": [("", none or str(_("Choose where")))], **places}


def place_of(field: ChoiceField) -> Place:
    place = str(field.data)
    return (
        place.removeprefix(COUNTRY) if place.startswith(COUNTRY) else None,
        place.removeprefix(GROUP) if place.startswith(GROUP) else None,
    )


class LastDayField(DayField):
    """It may stay empty."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist and valuelist[0].strip():
            super().process_formdata(valuelist)

    def pre_validate(self, form: Any) -> None:
        pass


class OccasionForm(MarkedForm):
    """`place` is asked where the page is of no single country. What it has `seen` is the version of a day."""

    # `name` is what wtforms calls a form's own
    name_ = Line(_("What is it?"), [Needed(NameMissing)], description=_("Such as: election of the national assembly."))
    place = ChoiceField(_("Where?"), [Needed(PlaceMissing)])
    day = DayField(_("Day"))
    kind = OneOfFewField(_("What kind of day is it?"))
    every_months = ChoiceField(_("Does it come again?"))
    until = LastDayField(
        _("Last day on which it can come again"),
        description=_("May stay empty: then it comes again until somebody calls it off."),
    )
    note = WordsField(_("Note"), description=_("What else is to be known of it; may stay empty."))
    link = Line(_("Link"), description=_("Where it was made known; may stay empty."))
    is_another = BooleanField(_("It is another one: enter it all the same"))

    def offer(self, clearance: Mark, places: Places | None = None, every_months: int | None = None) -> None:
        # most of these days stand in every calendar
        self.offer_marks(Mark.CLEAR, clearance, usual=Mark.CLEAR)
        self.kind.choices = {kind.value: words for kind, words in occasion_words().items()}
        usual = sorted({*USUAL_MONTHS, *([every_months] if every_months else [])})
        self.every_months.choices = [("", str(_("No, once"))), *((str(one), recurrence_words(one)) for one in usual)]
        if places is None:
            del self.place
        else:
            offer_places(self.place, places)

    def show(self, draft: Draft, handling: Mark, version: int) -> None:
        self.name_.data, self.day.data, self.kind.data = draft.name, draft.day, draft.kind.value
        self.every_months.data, self.until.data = str(draft.every_months or ""), draft.until
        self.note.data, self.link.data = draft.note, draft.link
        self.handling.data, self.seen.data = int(handling), str(version)

    def draft(self, iso3: str | None = None) -> Draft:
        """As it was sent; `iso3`: of the page on which it stands."""
        iso3, group_key = place_of(self.place) if self.place else (iso3, None)
        return Draft(
            kind=OccasionKind(self.kind.data),
            name=self.name_.data or "",
            day=self._on,
            iso3=iso3,
            group_key=group_key,
            every_months=int(self.every_months.data) if self.every_months.data else None,
            until=self.until.data if self.every_months.data else None,
            note=self.note.data or "",
            link=self.link.data or "",
        )

    def blame(self, refused: Refusal) -> None:
        fields: dict[type[Refusal], Field] = {
            DayUnfit: self.day,
            NeverAgain: self.day,
            RecurrenceUnfit: self.every_months,
            EndUnfit: self.until,
            LinkUnfit: self.link,
            NoteTooLong: self.note,
            AlikeThere: self.is_another,
        }
        blame(fields.get(type(refused), self.name_), refused)

    @property
    def _on(self) -> date:
        assert self.day.data is not None, "a form that is in order has a day"
        return self.day.data
