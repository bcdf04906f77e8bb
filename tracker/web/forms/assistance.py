"""What a State asks for, and what becomes of it."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms.validators import InputRequired

from tracker.assistance import KINDS_OF_HELP, AssistanceState, RequestUnfit, Wish, ending_without_words, missing
from tracker.handling import Mark
from tracker.measure import MeasureKind
from tracker.refusal import Refusal
from tracker.web.forms.fields import ChoiceField, LineField, OneOfFewField, blame
from tracker.web.forms.network import MaybeDayField
from tracker.web.forms.situations import ActForm, CountryMissing, MarkedForm, Needed, WordsField
from tracker.web.toolbox.words import kind_word


def needed(field: str) -> list[Any]:
    return [Needed(lambda: missing(field))]


class AskForm(MarkedForm):
    iso3 = ChoiceField(_("Country"), [Needed(CountryMissing)])
    on_behalf_of = LineField(
        _("Whose request is it?"),
        needed("on_behalf_of"),
        description=_("The office that asks, such as the Ministry of the Interior."),
    )
    kind = ChoiceField(_("What kind of help?"), [InputRequired(_("Choose the kind of help."))])
    title = LineField(
        _("What is needed, in a line?"),
        needed("title"),
        description=_("Such as: trainers for the police of the north."),
    )
    words = WordsField(
        _("What exactly?"), needed("words"), description=_("How much, where, for whom, and what is there already.")
    )
    needed_by = MaybeDayField(_("By when?"), description=_("Empty: nobody can say."))

    def offer(self, countries: Sequence[tuple[str, str]], clearance: Mark) -> None:
        self.offer_marks(Mark.CLEAR, clearance)
        self.kind.choices = [("", gettext("Choose a kind")), *((kind.value, kind_word(kind)) for kind in KINDS_OF_HELP)]
        # who works on one country asks for that one; else none is chosen beforehand
        first = [] if len(countries) == 1 else [("", gettext("Choose a country"))]
        self.iso3.choices = [*first, *countries]

    def wish(self) -> Wish:
        return Wish(
            kind=MeasureKind(self.kind.data),
            title=self.title.data or "",
            words=self.words.data or "",
            needed_by=self.needed_by.data,
            on_behalf_of=(self.on_behalf_of.data or "") if self.on_behalf_of else "",
        )

    def blame(self, refused: Refusal) -> None:
        blame(self[refused.field] if isinstance(refused, RequestUnfit) else self.handling, refused)


class EndForm(ActForm):
    words = WordsField(
        _("In words"), [Needed(ending_without_words)], description=_("Whoever may see the request reads it.")
    )

    def blame(self, refused: Refusal) -> None:
        blame(self.words, refused)


class SettleForm(EndForm):
    state = OneOfFewField(_("What becomes of it?"))
    words = WordsField(
        _("In words"),
        [Needed(ending_without_words)],
        description=_("What comes, from whom and when, or why not. Whoever may see the request reads it."),
    )

    def offer(self) -> None:
        self.state.choices = [
            (AssistanceState.ANSWERED.value, gettext("It is answered")),
            (AssistanceState.DECLINED.value, gettext("It is declined")),
        ]
