"""What an administrator decides about people."""

from collections.abc import Iterator, Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import Field, HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from tracker.access import Role
from tracker.actions.people.access import MoreThanOneCountry, access_of
from tracker.handling import Mark
from tracker.person import LONGEST_ADDRESS, LONGEST_NAME, Access
from tracker.storage.admitting import Person
from tracker.web.errors import in_words
from tracker.web.forms.fields import ChoicesField, Form, LineField, OneOfFewField

ALL, NAMED, NONE = "all", "named", "none"


class AccessForm(Form):
    roles = ChoicesField(_("Roles"), [InputRequired(_("Choose at least one role."))])
    scope = OneOfFewField(
        _("Countries they work on"),
        # nothing is chosen beforehand: the widest answer must not be given by overlooking the question
        [InputRequired(_("Choose which countries they work on."))],
    )
    groups = ChoicesField(_("Groups"))
    countries = ChoicesField(_("Countries"))
    clearance = OneOfFewField(
        _("Clearance"),
        [InputRequired(_("Choose a clearance."))],
        coerce=int,
        default=int(Mark.GREEN),
        description=_("They see what is marked at or below it."),
    )

    def offer(self, *, roles: Mapping[Role, str], marks: Mapping[Mark, str], places: "Places") -> None:
        """What can be chosen: it depends on the language and on the database."""
        self.roles.choices = {role.value: words for role, words in roles.items()}
        self.scope.choices = {
            ALL: gettext("Every country"),
            NAMED: gettext("Only the countries and groups ticked below"),
            NONE: gettext("None"),
        }
        self.clearance.choices = {str(int(mark)): words for mark, words in marks.items()}
        self.countries.choices = places.countries
        self.groups.choices = places.groups

    def show(self, access: Access) -> None:
        self.roles.data = sorted(access.roles)
        named = access.countries or access.groups
        self.scope.data = ALL if access.sees_all else NAMED if named else NONE
        self.countries.data = sorted(access.countries)
        self.groups.data = sorted(access.groups)
        self.clearance.data = int(access.clearance)

    def validate_scope(self, field: Field) -> None:
        """What is ticked and what is chosen must say the same: neither is dropped in silence."""
        ticked = bool(self.groups.data or self.countries.data)
        if field.data == NAMED and not ticked:
            raise ValidationError(gettext("Tick at least one group or country below, or choose another answer."))
        if field.data in (ALL, NONE) and ticked:
            raise ValidationError(
                gettext("You ticked groups or countries: choose the answer that uses them, or untick them.")
            )
        is_one_country = field.data == NAMED and not self.groups.data and len(self.countries.data or ()) == 1
        if Role.FOCAL_POINT in (self.roles.data or ()) and not is_one_country:
            raise ValidationError(in_words(MoreThanOneCountry()))

    def access(self) -> Access:
        named = self.scope.data == NAMED
        return Access(
            roles=frozenset(Role(role) for role in self.roles.data or ()),
            sees_all=self.scope.data == ALL,
            countries=frozenset(self.countries.data or ()) if named else frozenset(),
            groups=frozenset(self.groups.data or ()) if named else frozenset(),
            clearance=Mark(self.clearance.data),
        )


class Places:
    """Countries and groups by key, with their names in the order in which they are read."""

    def __init__(self, countries: dict[str, str], groups: dict[str, str]) -> None:
        self.countries = countries
        self.groups = groups


class ChangeAccessForm(AccessForm):
    # The digest of the access that the form was opened with.
    shown = HiddenField(validators=[InputRequired(_("Load the page again."))])

    def show_person(self, person: Person) -> None:
        self.show(access_of(person))
        self.shown.data = access_of(person).digest()


class InviteForm(AccessForm):
    email = LineField(
        _("E-mail address"),
        [
            InputRequired(_("Enter their address.")),
            Length(max=LONGEST_ADDRESS, message=_("Enter an address of at most 254 characters.")),
        ],
        description=_("The invitation goes there, and they sign in with it."),
    )
    name = LineField(
        _("Name"),
        [InputRequired(_("Enter their name.")), Length(max=LONGEST_NAME, message=_("Enter at most 120 characters."))],
        description=_("They may correct it."),
    )

    def __iter__(self) -> Iterator[Field]:
        """In the order of the page, so that the summary of errors reads as the form does."""
        first = (self.name, self.email)
        return iter((*first, *(field for field in super().__iter__() if field not in first)))


class NameForm(Form):
    # The name that the form was opened with.
    shown = HiddenField()
    name = LineField(
        _("Name"),
        [InputRequired(_("Enter a name.")), Length(max=LONGEST_NAME, message=_("Enter at most 120 characters."))],
    )


class ReasonForm(Form):
    reason = TextAreaField(
        _("Why?"),
        [Optional(), Length(max=500, message=_("Enter at most 500 characters."))],
        description=_("It stands in the audit log. You may leave it empty."),
    )
