"""What people want to be told, and when: one question each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from babel.dates import get_day_names
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, TimeField
from wtforms.validators import InputRequired, Length, ValidationError

from tracker.country import LANGUAGES
from tracker.period import Cadence, Timetable
from tracker.rule import Severity
from tracker.storage.mailing import Subscription, UrgentWish
from tracker.subscription import LONGEST_NAME, Interest, QuietHours, Wanted
from tracker.web.forms.account import LANGUAGE_NAMES, zones
from tracker.web.forms.fields import ChoiceField, ChoicesField, Form, LineField, OneOfFewField
from tracker.web.forms.people import ALL, NAMED, Places
from tracker.web.forms.situations import DayField

SEVEN = time(7)
QUIET_FROM, QUIET_UNTIL = time(20), time(7)
MONDAY = 1


class HourField(TimeField):
    """By the clock, minutes included; what is none is refused in a sentence of ours."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("Enter a time, such as 07:30.")) from None

    def pre_validate(self, form: Any) -> None:
        if self.data is None and not self.process_errors:
            raise ValidationError(gettext("Enter a time, such as 07:30."))


@dataclass(frozen=True)
class Offer:
    """What can be chosen: it depends on the language, the database and whoever asks."""

    places: Places
    criteria: Mapping[str, str]
    cadences: Mapping[Cadence, str]
    severities: Mapping[Severity, str]
    # "Every country that you may see", or that they may see for whom it is.
    everywhere: str


class SubscriptionForm(Form):
    # The version that the form was opened with; empty: a new one.
    seen = HiddenField()
    name_ = LineField(
        _("What shall it be called?"),
        [
            InputRequired(_("Give the digest a name, so that you know one from the other.")),
            Length(max=LONGEST_NAME, message=_("A name has at most 80 characters.")),
        ],
        name="name",
        description=_("It stands at the head of each mail."),
    )
    cadence = OneOfFewField(_("How often?"), [InputRequired(_("Choose how often."))])
    weekday = ChoiceField(_("On which day of the week?"), coerce=int)
    month_day = ChoiceField(
        _("On which day of the month?"), coerce=int, description=_("In a shorter month it comes on the last day.")
    )
    at = HourField(_("At what time?"))
    zone = ChoiceField(
        _("By the clocks of which place?"),
        choices=zones,
        description=_("Type the first letters of a city to get to it."),
    )
    scope = OneOfFewField(_("About which countries?"), [InputRequired(_("Choose which countries it is about."))])
    own_countries = BooleanField(_("Those that I call my own, whichever they are by then"))
    groups = ChoicesField(_("Groups"))
    countries = ChoicesField(_("Countries"))
    criteria = ChoicesField(
        _("Criteria"),
        description=_("With none ticked, about all of them. What concerns a country as a whole is told in any case."),
    )
    least_severity = OneOfFewField(_("Which flags?"), [InputRequired(_("Choose which flags it tells of."))], coerce=int)
    also_when_nothing_is_new = BooleanField(
        _("Send it also when nothing is new"), description=_("Then its silence means that something is broken.")
    )
    language = ChoiceField(
        _("In which language?"),
        choices={language: LANGUAGE_NAMES[language] for language in LANGUAGES},
        description=_("Names, numbers and days, and the sentences as far as they are translated."),
    )

    def offer(self, offered: Offer) -> None:
        days = get_day_names("wide", locale=get_locale())
        self.cadence.choices = {cadence.value: words for cadence, words in offered.cadences.items()}
        self.weekday.choices = [(number + 1, days[number].capitalize()) for number in range(7)]
        self.month_day.choices = [(number, str(number)) for number in range(1, 32)]
        self.scope.choices = {ALL: offered.everywhere, NAMED: gettext("Only those chosen below")}
        self.countries.choices, self.groups.choices = offered.places.countries, offered.places.groups
        self.criteria.choices = dict(offered.criteria)
        self.least_severity.choices = {str(int(severity)): words for severity, words in offered.severities.items()}

    def offer_zone(self, zone: str) -> None:
        """One that is known by no city stays theirs until they choose another."""
        if all(zone != known for of_it in zones().values() for known, _city in of_it):
            self.zone.choices = {zone: ((zone, zone),)} | dict(zones())

    def suggest(self, name: str, zone: str, language: str) -> None:
        """What suits most people: once a week, before the first meeting, and nothing that can wait."""
        self.name_.data, self.zone.data, self.language.data = name, zone, language
        self.cadence.data, self.weekday.data, self.month_day.data, self.at.data = Cadence.WEEKLY.value, MONDAY, 1, SEVEN
        self.scope.data, self.least_severity.data = ALL, int(Severity.WARNING)

    def show(self, found: Subscription) -> None:
        interest = Interest.from_kept(found.interest)
        self.seen.data, self.name_.data, self.language.data = str(found.version), found.name, found.language
        self.cadence.data, self.at.data, self.zone.data = found.cadence.value, found.time_of_day, found.zone
        self.weekday.data, self.month_day.data = found.weekday, found.month_day
        self.scope.data = ALL if interest.is_everywhere() else NAMED
        self.own_countries.data = interest.own_countries
        self.groups.data, self.countries.data = sorted(interest.groups), sorted(interest.countries)
        self.criteria.data, self.least_severity.data = sorted(interest.criteria), int(interest.least_severity)
        self.also_when_nothing_is_new.data = found.also_when_nothing_is_new

    def validate_scope(self, field: Any) -> None:
        """What is ticked and what is chosen must say the same: neither is dropped in silence."""
        chosen = bool(self.own_countries.data or self.groups.data or self.countries.data)
        if field.data == NAMED and not chosen:
            raise ValidationError(gettext("Choose at least one country or group below, or choose every country."))
        if field.data == ALL and chosen:
            raise ValidationError(
                gettext("You chose countries or groups below: say that it is only about those, or untick them.")
            )

    def wanted(self, kept_countries: frozenset[str] = frozenset()) -> Wanted:
        """`kept_countries`: chosen before, and out of sight of whoever changes the rest; lost with a choice of all."""
        assert self.at.data is not None, "the field has been checked"
        kept = kept_countries if self.scope.data == NAMED else frozenset()
        return Wanted(
            name=self.name_.data or "",
            timetable=Timetable(
                Cadence(self.cadence.data), self.at.data, self.zone.data, self.weekday.data, self.month_day.data
            ),
            interest=Interest(
                countries=frozenset(self.countries.data or ()) | kept,
                groups=frozenset(self.groups.data or ()),
                own_countries=bool(self.own_countries.data),
                criteria=frozenset(self.criteria.data or ()),
                least_severity=Severity(self.least_severity.data),
            ),
            language=self.language.data,
            also_when_nothing_is_new=bool(self.also_when_nothing_is_new.data),
        )

    @property
    def seen_version(self) -> int:
        """0, which no digest has, for what no page of ours sends."""
        typed = self.seen.data or ""
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0


class PauseForm(Form):
    until = DayField(
        _("On which day shall it begin again?"),
        description=_("What happens meanwhile is told then. You can go on earlier at any time."),
    )

    @property
    def day(self) -> date:
        assert self.until.data is not None, "the field has been checked"
        return self.until.data


class UrgentForm(Form):
    wanted = OneOfFewField(_("Do you want to be told at once?"), [InputRequired(_("Choose whether you want that."))])
    quiet = BooleanField(_("Not in my quiet hours"), description=_("What happens then is told when they are over."))
    quiet_from = HourField(_("Quiet from"))
    quiet_until = HourField(_("until"))

    def offer(self) -> None:
        self.wanted.choices = {
            "yes": gettext("Yes, at most once an hour"),
            "no": gettext("No, my digests are enough"),
        }

    def show(self, wish: UrgentWish | None) -> None:
        self.wanted.data = "yes" if wish else "no"
        has_hours = wish is not None and wish.quiet_from is not None
        self.quiet.data = has_hours or wish is None
        self.quiet_from.data = wish.quiet_from if wish and wish.quiet_from else QUIET_FROM
        self.quiet_until.data = wish.quiet_until if wish and wish.quiet_until else QUIET_UNTIL

    def validate_quiet_until(self, field: Any) -> None:
        if self.quiet.data and field.data is not None and field.data == self.quiet_from.data:
            raise ValidationError(gettext("They begin and end at the same time: choose another, or have none."))

    def hours(self) -> QuietHours | None:
        """None: at any hour."""
        if not self.quiet.data:
            return None
        assert self.quiet_from.data is not None, "the field has been checked"
        assert self.quiet_until.data is not None, "the field has been checked"
        return QuietHours(self.quiet_from.data, self.quiet_until.data)
