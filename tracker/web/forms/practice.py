"""A case as a person writes it: filled from what is recorded, or from the beginning."""

from collections.abc import Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import Field, HiddenField

from tracker.actions.case_studies import ElsewhereCase, NotInOrder
from tracker.actions.situations.keeping import MarkTooHigh, MarkTooLow
from tracker.assessment import Crime, Stage
from tracker.case_study import Case, Part
from tracker.handling import Mark
from tracker.measure import MeasureKind
from tracker.refusal import Refusal
from tracker.web.forms.fields import ChoiceField, ChoicesField, LineField, blame
from tracker.web.forms.responses import PerhapsDayField
from tracker.web.forms.situations import WORDS_NEEDED, ActForm, DayField, MarkedForm, WordsField
from tracker.web.frame import frame
from tracker.web.situations.words import crime_word, stage_words
from tracker.web.toolbox.words import kind_word

OF_PART = {part: f"part_{part.value}" for part in Part}


class CaseForm(MarkedForm):
    # The mark up to which it was filled.
    filled = HiddenField()
    # `title` alone would be what HTML calls a tooltip
    title_ = LineField(_("Title"), description=_("By which somebody finds it again."))
    iso3 = ChoiceField(_("Country"))
    place = LineField(_("Or where it was"), description=_("If it was in no country of today."))
    began_on = DayField(_("Began"))
    ended_on = PerhapsDayField(_("Ended"), description=_("Empty: nobody can say."))
    part_seen = WordsField(_("What was seen"), description=_("Which signs, in which order, and who saw them."))
    part_known = WordsField(
        _("When it was known"), description=_("By whom, how sure it was, and how long it took until somebody listened.")
    )
    part_decided = WordsField(_("What was decided"), description=_("By whom, when, and what was declined and why."))
    part_done = WordsField(_("What was done"), description=_("By whom, with which means, over which time."))
    part_followed = WordsField(
        _("What followed"), description=_("That something came after a measure does not say that it came of it.")
    )
    part_learnt = WordsField(
        _("What was learnt"),
        description=_("What would you tell whoever faces the next such case? This is never filled in for you."),
    )
    stage = ChoiceField(_("Stage"))
    crimes = ChoicesField(_("Which of the four crimes was at risk?"))
    criteria = ChoicesField(_("Which criteria was it about?"))
    kinds = ChoicesField(_("Which kinds of measures were taken?"))
    sources = WordsField(_("Sources"), description=_("Where it can be read: a link or a title on each line."))

    def offer(self, countries: Sequence[tuple[str, str]]) -> None:
        if self.iso3:
            self.iso3.choices = [("", gettext("None of today")), *countries]
        self.stage.choices = [("", gettext("Nobody said")), *((one.value, said) for one, said in stage_words().items())]
        self.crimes.choices = [(crime.value, crime_word(crime)) for crime in Crime]
        self.criteria.choices = [(one.key, one.name) for one in frame().every_criterion if self._names(one)]
        self.kinds.choices = [(kind.value, kind_word(kind)) for kind in MeasureKind]

    def _names(self, criterion: object) -> bool:
        """A retired one only where it was ticked before."""
        retired, key = getattr(criterion, "retired", False), getattr(criterion, "key", "")
        return not retired or key in (self.criteria.data or ())

    def of_situation(self) -> None:
        """Its country is settled."""
        del self.iso3
        del self.place

    def show(self, case: Case) -> None:
        self.title_.data, self.began_on.data, self.ended_on.data = case.title, case.began_on, case.ended_on
        if self.iso3:
            self.iso3.data, self.place.data = case.iso3 or "", case.place
        for part, name in OF_PART.items():
            self[name].data = case.text(part)
        self.stage.data = case.stage.value if case.stage else ""
        self.crimes.data, self.criteria.data = list(case.crimes), list(case.criteria)
        self.kinds.data, self.sources.data = list(case.kinds), "\n".join(case.sources)

    def case(self) -> Case:
        assert self.began_on.data is not None, "a form that is in order has a day"
        return Case(
            title=" ".join((self.title_.data or "").split()),
            began_on=self.began_on.data,
            ended_on=self.ended_on.data,
            iso3=(self.iso3.data or None) if self.iso3 else None,
            place=" ".join((self.place.data or "").split()) if self.place else "",
            stage=Stage(self.stage.data) if self.stage.data else None,
            crimes=tuple(Crime(crime) for crime in self.crimes.data or ()),
            criteria=tuple(self.criteria.data or ()),
            kinds=tuple(MeasureKind(kind) for kind in self.kinds.data or ()),
            texts={part: self[name].data or "" for part, name in OF_PART.items()},
            sources=tuple(line.strip() for line in (self.sources.data or "").splitlines() if line.strip()),
        )

    @property
    def filled_mark(self) -> Mark:
        """What no page of ours sends counts as the highest: it keeps the case from being marked too low."""
        typed = self.filled.data or ""
        return Mark(int(typed)) if typed in {str(int(mark)) for mark in Mark} else Mark.RED

    def blame(self, refused: Refusal) -> None:
        if isinstance(refused, NotInOrder):
            names = {"title": "title_"} | {part.value: name for part, name in OF_PART.items()}
            for fault in refused.found:
                blame(self[names.get(fault.field, fault.field)], gettext(fault.sentence))
            return
        fields: dict[type[Refusal], Field | None] = {
            MarkTooHigh: self.handling,
            MarkTooLow: self.handling,
            ElsewhereCase: self.iso3,
        }
        blame(fields.get(type(refused)) or self[self._usual], refused)

    # Beside which field stands what is about none of them.
    _usual = "title_"


class ChangeCaseForm(CaseForm):
    reason = WordsField(_("Why is it changed?"), WORDS_NEEDED, description=_("It stands in its history."))
    _usual = "reason"


class ReasonForm(ActForm):
    words = WordsField(_("Why?"), WORDS_NEEDED, description=_("It stands in its history."))
