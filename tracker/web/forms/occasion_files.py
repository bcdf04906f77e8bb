"""A file with days to come."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import HiddenField

from tracker.exchange.occasion_files import MOST_DAYS, Usual, text_of
from tracker.handling import Mark
from tracker.occasion import OccasionKind
from tracker.refusal import N_, Refusal
from tracker.web.forms.fields import ChoiceField, blame
from tracker.web.forms.occasions import Places, offer_places, place_of
from tracker.web.forms.situations import MarkedForm
from tracker.web.situations.words import occasion_words

ENTER = "enter"


class FileMissing(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Choose a file."))


class OccasionFileForm(MarkedForm):
    """First with a file, to look what it would do; then with its text, to do it."""

    file = FileField(
        _("File"),
        description=_(
            "iCalendar, or CSV with the columns day and name, and as you like kind, iso3, group (or world),"
            " every_months, until, note, link, uid, handling (such as TLP:GREEN) and called_off (yes or no)."
            " At most 300 kB and 500 days."
        ),
    )
    place = ChoiceField(
        _("Where are the days that name no place?"), description=_("Events of iCalendar name none that is understood.")
    )
    kind = ChoiceField(_("Of which kind are the days that name none?"))
    handling = ChoiceField(_("Who may read of the days that name no mark?"), coerce=int)
    text = HiddenField()
    act = HiddenField()
    # How many lines somebody has seen to be left out.
    left_out = HiddenField()

    def offer(self, clearance: Mark, places: Places) -> None:
        self.offer_marks(Mark.CLEAR, clearance, usual=Mark.CLEAR)
        self.kind.choices = [(kind.value, words) for kind, words in occasion_words().items()]
        if self.kind.raw_data is None:
            self.kind.data = OccasionKind.SESSION.value
        offer_places(self.place, places, none=str(_("Every day names its own")))

    @property
    def is_to_be_entered(self) -> bool:
        return bool(self.act.data == ENTER)

    def content(self) -> str:
        """As it was chosen just now, or as it was looked at before."""
        if self.file.data:
            return text_of(self.file.data.read())
        if not self.text.data:
            raise FileMissing
        return str(self.text.data)

    @property
    def left_out_number(self) -> int:
        typed = self.left_out.data or ""
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= len(str(MOST_DAYS)) else 0

    def usual(self) -> Usual:
        return Usual(OccasionKind(self.kind.data), place_of(self.place) if self.place.data else None)

    def blame(self, refused: Refusal) -> None:
        blame(self.file, refused)
