"""What a council did, as it is written down."""

from collections.abc import Sequence
from datetime import date

from flask_babel import lazy_gettext as _
from wtforms import Field

from tracker.actions.situations.keeping import MarkTooHigh, MarkTooLow
from tracker.council import (
    PERMANENT_MEMBERS,
    ActDraft,
    CouncilActKind,
    CouncilMissing,
    CouncilTooLong,
    NobodyVetoed,
    NotYet,
    NoVeto,
    SaidMissing,
)
from tracker.handling import Mark
from tracker.occasion import LinkUnfit
from tracker.refusal import Refusal
from tracker.web.council_acts.words import council_act_words, vetoed_by_words
from tracker.web.forms.fields import ChoiceField, ChoicesField, LineField, OneOfFewField, blame
from tracker.web.forms.situations import DayField, MarkedForm, Needed, WordsField


class CouncilActForm(MarkedForm):
    council = LineField(_("Which council?"), [Needed(CouncilMissing)])
    kind = OneOfFewField(_("What did it do?"))
    vetoed_by = ChoicesField(_("Whose veto was it?"), description=_("Only of a veto."))
    day = DayField(_("Day"))
    words = WordsField(
        _("In words"), [Needed(SaidMissing)], description=_("What was decided, referred or said, and to whom.")
    )
    occasion = ChoiceField(_("At which session?"), description=_("Sessions and reviews of the calendar."))
    link = LineField(_("Link"), description=_("Where it can be read; may stay empty."))

    def offer(self, clearance: Mark, sessions: Sequence[tuple[str, str]]) -> None:
        self.offer_marks(Mark.CLEAR, clearance, usual=Mark.CLEAR)
        self.kind.choices = {kind.value: words for kind, words in council_act_words().items()}
        self.vetoed_by.choices = [(iso3, vetoed_by_words([iso3])) for iso3 in PERMANENT_MEMBERS]
        if sessions:
            self.occasion.choices = [("", str(_("None that stands in the calendar"))), *sessions]
        else:
            del self.occasion

    def draft(self) -> ActDraft:
        return ActDraft(
            council=self.council.data or "",
            kind=CouncilActKind(self.kind.data),
            day=self._on,
            words=self.words.data or "",
            vetoed_by=tuple(self.vetoed_by.data or ()),
            link=self.link.data or "",
        )

    @property
    def occasion_id(self) -> int | None:
        return int(self.occasion.data) if self.occasion and self.occasion.data else None

    def blame(self, refused: Refusal) -> None:
        fields: dict[type[Refusal], Field] = {
            CouncilMissing: self.council,
            CouncilTooLong: self.council,
            NotYet: self.day,
            LinkUnfit: self.link,
            NobodyVetoed: self.vetoed_by,
            NoVeto: self.vetoed_by,
            MarkTooLow: self.handling,
            MarkTooHigh: self.handling,
        }
        blame(fields.get(type(refused), self.words), refused)

    @property
    def _on(self) -> date:
        assert self.day.data is not None, "a form that is in order has a day"
        return self.day.data
