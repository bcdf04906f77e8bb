"""What an analyst proposes about an observation that is accepted already."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired

from tracker.answer import UNKNOWN, Answer, Field, Trouble
from tracker.handling import Mark
from tracker.storage.watching import Indicator
from tracker.text import plain_text
from tracker.web.forms.fields import Form, LineField, OneOfFewField, blame
from tracker.web.words import figure, mark_words, trouble_words

NAMED, NOT_NAMED = "yes", "no"


class ProposalForm(Form):
    # The number of the revision that the form was opened with.
    shown = HiddenField(validators=[InputRequired(_("Load the page again."))])
    reason = TextAreaField(
        _("Why?"), description=_("It stands in the observation's history, and the reviewer reads it.")
    )

    @property
    def based_on(self) -> int:
        """0, which no revision has, for what no page of ours sends."""
        typed = self.shown.data or ""
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else 0

    @property
    def why(self) -> str:
        return plain_text(self.reason.data or "").strip()

    def tell(self, troubles: list[Trouble]) -> None:
        """Each beside its field."""
        for trouble in troubles:
            blame(self[FIELD_OF.get(trouble.field, "reason")], trouble_words(trouble))


class CorrectionForm(ProposalForm):
    value: LineField | OneOfFewField = LineField(_("Value"), description=_("A number, or ? for don’t know."))
    source = LineField(_("Source"))
    grade = LineField(
        _("Grade"),
        description=_("A letter from A to F and a digit from 1 to 6, such as B2. Empty: that of the source."),
    )
    handling = OneOfFewField(_("Handling"), coerce=int)
    attributable = OneOfFewField(_("May the source be named?"))
    note = TextAreaField(
        _("Note"), description=_("Whoever may see the value reads it: write nothing here that tells a source.")
    )
    evidence_url = LineField(_("Link to the evidence"))

    def offer(self, indicator: Indicator, clearance: Mark) -> None:
        """What can be chosen: it depends on the language, the indicator and the reader."""
        self.handling.choices = [(int(mark), words) for mark, words in mark_words().items() if mark <= clearance]
        self.attributable.choices = [
            (NAMED, gettext("Yes")),
            (NOT_NAMED, gettext("No: it is shown to nobody but its author")),
        ]

    def show(self, answer: Answer, revision: int) -> None:
        self.shown.data = str(revision)
        self.value.data, self.source.data, self.grade.data = answer.typed, answer.source, answer.grade
        self.handling.data = int(answer.handling)
        self.attributable.data = NAMED if answer.attributable else NOT_NAMED
        self.note.data, self.evidence_url.data, self.reason.data = answer.note, answer.evidence_url, answer.reason

    def answer(self) -> Answer:
        return Answer(
            typed=self.value.data or "",
            source=self.source.data or "",
            grade=self.grade.data or "",
            handling=Mark(self.handling.data),
            attributable=self.attributable.data == NAMED,
            note=plain_text(self.note.data or "").strip(),
            evidence_url=self.evidence_url.data or "",
            reason=self.why,
        )


class LevelCorrectionForm(CorrectionForm):
    """Where there is a written scale, with the words of each level at hand."""

    value = OneOfFewField(_("Level"))

    def offer(self, indicator: Indicator, clearance: Mark) -> None:
        super().offer(indicator, clearance)
        levels = [
            (f"{level['value']:g}", _level_words(level["value"], level["descriptor"])) for level in indicator.levels
        ]
        self.value.choices = [*levels, (UNKNOWN, gettext("Don’t know"))]


def _level_words(value: float, descriptor: str) -> str:
    return str(gettext("Level %(value)s: %(descriptor)s", value=figure(value), descriptor=descriptor))


FIELD_OF = {
    Field.VALUE: "value",
    Field.SOURCE: "source",
    Field.GRADE: "grade",
    Field.HANDLING: "handling",
    Field.NOTE: "note",
    Field.EVIDENCE: "evidence_url",
}
