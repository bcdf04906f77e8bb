"""What people propose, decide and report about measures."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField

from tracker.actions.responses.carrying_out import CannotFollowUp, Charge
from tracker.actions.responses.proposing import Misgiven, NoSuchCall, NotTested
from tracker.actions.situations.keeping import MarkTooHigh, MarkTooLow
from tracker.assessment import Crime, Fault
from tracker.measure import FORCE_QUESTIONS, ForceTests, Measure, MeasureKind, Misgiving, Sphere, faults
from tracker.refusal import Refusal
from tracker.response import DayUnfit, LineTooLong, Missing, Need, Proposal, TitleMissing
from tracker.storage.responding import Response
from tracker.web.forms.fields import ChoiceField, ChoicesField, LineField, OneOfFewField, blame
from tracker.web.forms.situations import NOBODY, ActForm, DayField, MarkedForm, Needed, WordsField
from tracker.web.situations.words import crime_word
from tracker.web.toolbox.words import kind_word, sphere_word

NO_CALL = "0"
OF_FORCE = (*FORCE_QUESTIONS, "crimes")
READ_BY = _("Whoever may know of the measure reads it.")


def needed(need: Need) -> list[Any]:
    return [Needed(lambda: Missing(need))]


class PerhapsDayField(DateField):
    """A day, or none; what is none is refused in a sentence of ours."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not any(valuelist):
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("Enter a day, such as 2027-05-31.")) from None


class ProposeForm(MarkedForm):
    measure = HiddenField()
    # The misgivings that its writer was told of.
    noted = HiddenField()
    kind = ChoiceField(_("What kind of measure is it?"))
    sphere = OneOfFewField(_("Who would take it?"))
    # `title` alone would be what HTML calls a tooltip
    title_ = LineField(
        _("What exactly is to be done?"),
        [Needed(TitleMissing)],
        description=_("In a line, such as: an envoy talks with both sides before the election."),
    )
    words = WordsField(_("Why, and how?"), description=_("May be left empty."))
    due_on = DayField(_("By when is it to be decided?"))
    assistance = ChoiceField(_("Which request for help does it answer?"))
    seriousness = WordsField()
    purpose = WordsField()
    last_resort = WordsField()
    proportion = WordsField()
    balance = WordsField()
    crimes = ChoicesField(_("Scope: which of the four crimes is being committed or about to be?"))

    # By number, as the form offers them.
    calls: Sequence[str] = ()

    def offer(self, chosen: Measure | None, calls: Sequence[tuple[int, str]]) -> None:
        """A measure of the toolbox brings its kind along. Only force is tested in writing."""
        kinds = [chosen.kind] if chosen else list(MeasureKind)
        if chosen:
            self.kind.data = chosen.kind.value
        self.kind.choices = [(kind.value, kind_word(kind)) for kind in kinds]
        self.sphere.choices = {sphere.value: _beginning(sphere_word(sphere)) for sphere in self._spheres(chosen)}
        self.calls = [str(number) for number, _title in calls]
        self.assistance.choices = [(NO_CALL, gettext("None")), *((str(number), title) for number, title in calls)]
        if not calls and self.assistance.data in (None, NO_CALL):
            del self.assistance
        self.crimes.choices = {crime.value: crime_word(crime) for crime in Crime}
        for name, question in FORCE_QUESTIONS.items():
            self[name].label.text = gettext(question)
        if self.kind.data != MeasureKind.FORCE:
            for name in OF_FORCE:
                del self[name]

    def begin(self, chosen: Measure | None, due_on: date, call: str) -> None:
        """As it is first shown."""
        self.due_on.data, self.title_.data = due_on, chosen.name if chosen else ""
        self.measure.data = chosen.key if chosen else ""
        if chosen and len(chosen.spheres) == 1:
            self.sphere.data = chosen.spheres[0].value
        if self.assistance:
            self.assistance.data = call if call in self.calls else NO_CALL

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """What is lacking in the written tests is said together with all else that is."""
        is_valid = super().validate(extra_validators)
        tests = self._tests()
        lacking = faults(tests) if tests and not is_valid else []
        self._blame_tests(lacking)
        return is_valid

    @staticmethod
    def _spheres(chosen: Measure | None) -> Sequence[Sphere]:
        return chosen.spheres if chosen else tuple(Sphere)

    @property
    def misgivings(self) -> list[Misgiving]:
        told = (self.noted.data or "").split()
        return [one for one in Misgiving if one.value in told]

    def proposal(self) -> Proposal:
        assert self.due_on.data is not None, "a form that is in order has a day"
        return Proposal(
            kind=MeasureKind(self.kind.data),
            sphere=Sphere(self.sphere.data),
            title=self.title_.data or "",
            words=self.words.data or "",
            due_on=self.due_on.data,
            measure_key=self.measure.data or None,
            assistance_id=int(self.assistance.data) if self.assistance and self.assistance.data != NO_CALL else None,
            tests=self._tests(),
        )

    def _tests(self) -> ForceTests | None:
        if "crimes" not in self:
            return None
        answers = {name: self[name].data or "" for name in FORCE_QUESTIONS}
        return ForceTests(**answers, crimes=tuple(Crime(crime) for crime in self.crimes.data or ()))

    def blame(self, refused: Refusal) -> None:
        if isinstance(refused, NotTested):
            self._blame_tests(refused.found)
        elif isinstance(refused, Misgiven):
            self.noted.data = " ".join(refused.found)
        elif isinstance(refused, TitleMissing | LineTooLong):
            blame(self.title_, refused)
        elif isinstance(refused, DayUnfit):
            blame(self.due_on, refused)
        elif isinstance(refused, NoSuchCall):
            blame(self.assistance, refused)
        elif isinstance(refused, MarkTooLow | MarkTooHigh):
            blame(self.handling, refused)
        else:
            blame(self.words, refused)

    def _blame_tests(self, found: Sequence[Fault]) -> None:
        for fault in found:
            blame(self[fault.field], gettext(fault.sentence))


def _beginning(words: str) -> str:
    """As the beginning of a line, names within it left alone."""
    return words[:1].upper() + words[1:]


class SettleForm(ActForm):
    """What is decided on, or declined; declining needs a reason."""

    decided_by = LineField(
        _("Who decided?"),
        needed(Need.DECIDED_BY),
        description=_("In words: an office, a minister, a council. They need no account here."),
    )
    words = WordsField(_("Anything to add?"), description=READ_BY)

    def blame(self, refused: Refusal) -> None:
        is_about_who = isinstance(refused, LineTooLong) or (
            isinstance(refused, Missing) and refused.need is Need.DECIDED_BY
        )
        blame(self.decided_by if is_about_who else self.words, refused)


class DeclineForm(SettleForm):
    words = WordsField(_("Why?"), needed(Need.WORDS), description=READ_BY)


class DoneForm(ActForm):
    words = WordsField(_("What came of it?"), needed(Need.WORDS), description=READ_BY)


class AbandonForm(ActForm):
    words = WordsField(_("Why is it given up?"), needed(Need.WORDS), description=READ_BY)


class ReportForm(ActForm):
    words = WordsField(_("How far is it?"), needed(Need.WORDS), description=READ_BY)
    due_on = PerhapsDayField(_("By when is it to be done?"), needed(Need.DUE_DAY))

    def blame(self, refused: Refusal) -> None:
        blame(self.due_on if isinstance(refused, DayUnfit) else self.words, refused)


class ChargeForm(ActForm):
    """Who sees to it, and by when; each empty field says what is missing, where it is needed by now."""

    owner = LineField(_("Who sees to it?"), description=_("An office or a person; they need no account here."))
    organisation = LineField(_("Of which organisation?"))
    follower = ChoiceField(_("Who follows it up here?"), description=_("They are told when it is overdue."))
    due_on = PerhapsDayField(_("By when?"))

    def offer(self, people: Sequence[tuple[int, str]]) -> None:
        self.follower.choices = [(NOBODY, gettext("Nobody"))] + [(str(number), name) for number, name in people]

    def show(self, response: Response) -> None:
        self.owner.data, self.organisation.data = response.owner, response.organisation
        self.follower.data, self.due_on.data = str(response.owner_id or NOBODY), response.due_on

    @property
    def charge(self) -> Charge:
        owner_id = None if self.follower.data == NOBODY else int(self.follower.data)
        return Charge(self.owner.data or "", self.organisation.data or "", owner_id, self.due_on.data)

    def blame(self, refused: Refusal) -> None:
        if isinstance(refused, DayUnfit) or (isinstance(refused, Missing) and refused.need is Need.DUE_DAY):
            blame(self.due_on, refused)
        else:
            blame(self.follower if isinstance(refused, CannotFollowUp) else self.owner, refused)


class StartForm(ChargeForm):
    # all four anew: fields stand in the order in which they are written
    owner = LineField(
        _("Who sees to it?"),
        needed(Need.OWNER),
        description=_("An office or a person; they need no account here."),
    )
    organisation = LineField(_("Of which organisation?"))
    follower = ChoiceField(_("Who follows it up here?"), description=_("They are told when it is overdue."))
    due_on = PerhapsDayField(_("By when is it to be done?"), needed(Need.DUE_DAY))
    words = WordsField(_("Anything to add?"), description=READ_BY)
