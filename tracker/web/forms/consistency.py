"""Why two countries were not treated alike."""

from flask_babel import lazy_gettext as _

from tracker.consistency import NoteMissing
from tracker.handling import Mark
from tracker.web.forms.situations import MarkedForm, Needed, WordsField


class ConsistencyForm(MarkedForm):
    words = WordsField(
        _("Why were they not treated alike?"),
        [Needed(NoteMissing)],
        description=_("A good reason, or that there is none and what follows from it. It stands in the statement."),
    )

    def offer(self, lowest: Mark, highest: Mark) -> None:
        self.offer_marks(lowest, highest)
