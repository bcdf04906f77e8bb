"""What people say and decide about a situation."""

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField, TextAreaField
from wtforms.validators import ValidationError

from tracker.actions.situations.assessing import NotInOrder
from tracker.actions.situations.dividing import PartUnnamed, SomeGoSomeStay
from tracker.assessment import Assessment, Crime, Stage
from tracker.handling import Mark
from tracker.refusal import N_, Refusal
from tracker.rule import Severity
from tracker.situation import CloseReason, WordsMissing
from tracker.text import plain_text
from tracker.web.errors import in_words
from tracker.web.flag_words import severity_word
from tracker.web.forms.fields import ChoiceField, ChoicesField, Form, LineField, OneOfFewField, blame
from tracker.web.situations.words import consequence_words, crime_word, likelihood_words, stage_words
from tracker.web.words import mark_words

NOBODY = "0"
LONGEST_NUMBER = 9


class WordsField(TextAreaField):
    """Several lines, without what no page and no database can hold."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = plain_text(valuelist[0] if valuelist else "").strip()


class DayField(DateField):
    """A day that a person names; what is none is refused in a sentence of ours."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("Enter a day, such as 2027-05-31.")) from None

    def pre_validate(self, form: Any) -> None:
        if self.data is None and not self.process_errors:
            raise ValidationError(gettext("Enter a day, such as 2027-05-31."))


class Needed:
    """An empty field says what the action would, so that all that is empty is said at once."""

    def __init__(self, refusal: Callable[[], Refusal]) -> None:
        self._refusal = refusal

    def __call__(self, form: Any, field: Any) -> None:
        if not field.data:
            raise ValidationError(in_words(self._refusal()))


WORDS_NEEDED = [Needed(WordsMissing)]


class ActForm(Form):
    """Something that is done about a situation, made with what its page showed."""

    # The newest change that the page showed.
    seen = HiddenField()
    # It shows what its writer had typed and not sent, and what is not saved yet.
    was_kept = False

    @property
    def seen_number(self) -> int:
        """0, which no event has, for what no page of ours sends."""
        typed = self.seen.data or ""
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_NUMBER else 0

    def blame(self, refused: Refusal) -> None:
        """Beside the field that it is about; most are about the words."""
        blame(self["words"], refused)


class WordsForm(ActForm):
    words = WordsField(_("Why?"), WORDS_NEEDED, description=_("Whoever may know of the situation reads it."))


class CloseForm(WordsForm):
    reason = OneOfFewField(_("Why is it closed?"))
    words = WordsField(_("In words"), WORDS_NEEDED, description=_("Whoever may know of the situation reads it."))

    def offer(self, reasons: dict[CloseReason, str]) -> None:
        self.reason.choices = {reason.value: words for reason, words in reasons.items()}
        if len(reasons) == 1 and self.reason.raw_data is None:
            [self.reason.data] = self.reason.choices


class ClearForm(ActForm):
    words = WordsField(_("Why?"), WORDS_NEEDED, description=_("Whoever may see the flag reads it."))


class MarkedForm(ActForm):
    """Its words bear a mark of their own."""

    handling = ChoiceField(_("Who may read it?"), coerce=int)

    def offer_marks(self, lowest: int, highest: Mark, usual: Mark = Mark.GREEN) -> None:
        """Nobody marks below what they speak of, nor above what they may see.

        As long as nobody chose, it is the usual mark, or else the nearest: open to all is what a person says.
        """
        offered = {mark: words for mark, words in mark_words().items() if lowest <= mark <= highest}
        self.handling.choices = [(int(mark), words) for mark, words in offered.items()]
        if self.handling.raw_data is None:
            self.handling.data = max(int(lowest), min(int(usual), int(highest)))

    @property
    def mark(self) -> Mark:
        return Mark(self.handling.data)


class NoteForm(MarkedForm):
    words = WordsField(_("Note"), WORDS_NEEDED)


class DissentForm(MarkedForm):
    words = WordsField(_("What do you see otherwise, and why?"), WORDS_NEEDED)


class AssessForm(MarkedForm):
    crimes = ChoicesField(_("Which of the four crimes is at risk?"))
    out_of_scope = WordsField(
        _("Out of scope, because"),
        description=_("Only if none of them is. All but the sum is then left out: it is asked of a crime."),
    )
    likelihood = OneOfFewField(_("How likely is it?"))
    consequence = OneOfFewField(_("How grave would it be?"))
    stage = OneOfFewField(_("At which stage is it?"))
    population = WordsField(
        _("Who would suffer?"), description=_("In human terms: which people, roughly how many, where, what they face.")
    )
    summary = WordsField(_("In sum"), description=_("For somebody who reads nothing else."))

    def offer(self) -> None:
        self.crimes.choices = {crime.value: crime_word(crime) for crime in Crime}
        self.stage.choices = {stage.value: words for stage, words in stage_words().items()}
        for field, words in ((self.likelihood, likelihood_words()), (self.consequence, consequence_words())):
            field.choices = {str(step): sentence for step, sentence in words.items()}
        for field in (self.likelihood, self.consequence, self.stage):
            # whether they must be answered depends on the scope: the assessment itself says so
            field.validate_choice = field.data is not None

    def assessment(self) -> Assessment:
        return Assessment(
            summary=self.summary.data or "",
            crimes=tuple(Crime(crime) for crime in self.crimes.data or ()),
            out_of_scope=self.out_of_scope.data or "",
            likelihood=int(self.likelihood.data) if self.likelihood.data else None,
            consequence=int(self.consequence.data) if self.consequence.data else None,
            stage=Stage(self.stage.data) if self.stage.data else None,
            population=self.population.data or "",
        )

    def show(self, said: Assessment) -> None:
        """What was concluded last is what is looked at again."""
        self.crimes.data = list(said.crimes)
        self.likelihood.data = str(said.likelihood) if said.likelihood else None
        self.consequence.data = str(said.consequence) if said.consequence else None
        self.stage.data = said.stage
        self.out_of_scope.data, self.population.data = said.out_of_scope, said.population

    def blame(self, refused: Refusal) -> None:
        for fault in refused.found if isinstance(refused, NotInOrder) else ():
            blame(self[fault.field], gettext(fault.sentence))


class AssignForm(ActForm):
    owner = ChoiceField(_("Who is in charge?"))

    def offer(self, people: Sequence[tuple[int, str]]) -> None:
        self.owner.choices = [(NOBODY, gettext("Nobody"))] + [(str(number), name) for number, name in people]

    def blame(self, refused: Refusal) -> None:
        blame(self.owner, refused)

    @property
    def person_id(self) -> int | None:
        return None if self.owner.data == NOBODY else int(self.owner.data)


class SplitForm(ActForm):
    part = LineField(
        _("Which part of the country is it?"),
        [Needed(PartUnnamed)],
        description=_("A region or a city. Whoever may know of one of these flags reads it."),
    )
    flags = ChoicesField(_("Which flags go along?"), [Needed(SomeGoSomeStay)])

    def blame(self, refused: Refusal) -> None:
        blame(self.flags if isinstance(refused, SomeGoSomeStay) else self.part, refused)

    def offer(self, flags: Sequence[tuple[int, str]]) -> None:
        self.flags.choices = [(str(number), title) for number, title in flags]


class CountryMissing(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Choose the country that it is about."))


class RaiseForm(MarkedForm):
    iso3 = ChoiceField(_("Country"), [Needed(CountryMissing)])
    severity = OneOfFewField(_("How urgent is it?"), coerce=int, default=int(Severity.WARNING))
    words = WordsField(
        _("What needs attention?"),
        WORDS_NEEDED,
        description=_("Say what you know, since when, and from where."),
    )

    def offer(self, countries: Sequence[tuple[str, str]], clearance: Mark) -> None:
        self.offer_marks(Mark.CLEAR, clearance)
        # none is chosen beforehand: a flag in the wrong country is worse than none
        self.iso3.choices = [("", str(_("Choose a country"))), *countries]
        self.severity.choices = {str(int(severity)): severity_word(severity) for severity in Severity}
