"""What is told in one line each: the days to come, the scores that moved, those that were lost, and what is due."""

from dataclasses import replace
from datetime import date

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from tracker.assistance import days_open
from tracker.method import ROOT
from tracker.storage.assistance import SeenRequest
from tracker.storage.conclusions import Occasion
from tracker.storage.occasions import Occurrence
from tracker.storage.responses import Listed
from tracker.text import straight_line
from tracker.web.assistance.words import assistance_state_word, days_open_words
from tracker.web.calendar_page import days_left_words
from tracker.web.digests.calls import is_open
from tracker.web.digests.content import Digest
from tracker.web.digests.days import Changed
from tracker.web.digests.items import ItemWords, figures, level_told
from tracker.web.digests.page import LONGEST_NAME, LONGEST_SENTENCE, Row
from tracker.web.digests.scores import Lost, Move
from tracker.web.frame import Frame
from tracker.web.installation import address_of
from tracker.web.occasions.words import place_word
from tracker.web.responses.words import response_state_word
from tracker.web.situations.words import occasion_word
from tracker.web.toolbox.words import kind_word
from tracker.web.words import country_name, points, signed

# So many names in a sentence.
MOST_NAMED = 4


class RowWords:
    def __init__(self, digest: Digest, frame: Frame, items: ItemWords) -> None:
        self._digest, self._frame, self._items = digest, frame, items

    def coming(self, one: Occurrence) -> Row:
        """With how the country stands, which may rest on what bears a higher mark than the day."""
        row, risk = self.day(one), self._digest.scores.standing(one.iso3, ROOT) if one.iso3 else None
        if risk is None or risk.score is None:
            return row
        told = {"words": row.words, "score": points(risk.score), "level": level_told(risk.level)}
        return replace(row, words=str(_("%(words)s; risk %(score)s, %(level)s", **told)), level=risk.level)

    def day(self, one: Occurrence) -> Row:
        name, kind = straight_line(one.name, LONGEST_NAME), occasion_word(one.kind)
        left = days_left_words((one.day - self._digest.span.here).days)
        told = {"name": name, "kind": kind, "when": left}
        is_new = self._digest.days.is_new(one)
        words = str(
            _("%(name)s (%(kind)s, new), %(when)s", **told) if is_new else _("%(name)s (%(kind)s), %(when)s", **told)
        )
        return self._of_occasion(one.day, one.occasion, words)

    def changed(self, one: Changed) -> Row:
        """What they were told, and what is true."""
        occasion = one.occasion
        told = {"name": straight_line(occasion.name, LONGEST_NAME), "kind": occasion_word(occasion.kind)}
        told["was"] = self._items.day(one.was)
        if one.now is None:
            words = _("%(name)s (%(kind)s) on %(was)s is called off", **told)
        else:
            words = _("%(name)s (%(kind)s), was %(was)s, is now %(now)s", now=self._items.day(one.now), **told)
        return self._of_occasion(one.now or one.was, occasion, str(words))

    def changed_in_short(self, one: Changed) -> str:
        told = {"name": straight_line(one.occasion.name, LONGEST_NAME)}
        if one.now is None:
            return str(_("%(name)s is called off", **told))
        return str(_("%(name)s, now %(day)s", day=self._items.day(one.now), **told))

    def coming_or_changed(self, one: Occurrence | Changed) -> Row:
        return self.changed(one) if isinstance(one, Changed) else self.coming(one)

    def call(self, one: SeenRequest) -> Row:
        """How long it has waited, or what became of it."""
        asked, is_new = one.request, one.request.id in self._digest.new_calls
        told = {"name": straight_line(asked.title, LONGEST_NAME), "kind": kind_word(asked.kind)}
        if is_open(one):
            told["when"] = days_open_words(days_open(asked.asked_at, None, self._digest.span.today))
        else:
            told["when"] = assistance_state_word(asked.state)
        words = (
            _("%(name)s (%(kind)s, new), %(when)s", **told) if is_new else _("%(name)s (%(kind)s), %(when)s", **told)
        )
        row = self._row(str(format_date(asked.asked_at, format="EEE d MMM")), asked.iso3, str(words))
        return replace(row, url=address_of("assistance.one", request_id=asked.id))

    def measure(self, one: Listed) -> Row:
        """What was decided about it, or what came of it."""
        response = one.response
        told = {"title": straight_line(response.title, LONGEST_NAME)}
        told["who"] = straight_line(response.owner if response.started_at else response.decided_by, LONGEST_NAME)
        row = self._row(response_state_word(response.state), one.iso3, str(_("“%(title)s” (%(who)s)", **told)))
        return replace(row, url=address_of("responses.response", response_id=response.id))

    def move(self, move: Move) -> Row:
        now, name = move.now, self._items.node(move.node)
        told = {"name": name, "before": points(move.before), "now": figures(now), "level": level_told(now.level)}
        words = _("%(name)s from %(before)s to %(now)s, %(level)s", **told)
        return replace(self._row(signed(move.by, 0), move.iso3, str(words)), level=now.level)

    def lost(self, lost: Lost) -> Row:
        names = [self._items.node(node) for node in lost.nodes]
        return self._row("", lost.iso3, str(_("too little is fresh for a score of %(names)s", names=listed(names))))

    def due(self) -> str:
        """Which answers fell due, in a sentence; empty: none."""
        found = self._digest.due
        if not found.number:
            return ""
        where = [f"{self._country(iso3)} ({number})" for iso3, number in found.countries.items()]
        words = ngettext(
            "%(num)s answer has fallen due: %(names)s.",
            "%(num)s answers have fallen due: %(names)s.",
            found.number,
            names=listed(where),
        )
        return str(words)

    def _of_occasion(self, on: date, one: Occasion, words: str) -> Row:
        lead = str(format_date(on, format="EEE d MMM"))
        if one.iso3 is None:
            url = address_of("calendar.occasion", occasion_id=one.id)
            return Row(lead, place_word(one), straight_line(words, LONGEST_SENTENCE), url)
        return self._row(lead, one.iso3, words)

    def _row(self, lead: str, iso3: str, words: str) -> Row:
        return Row(
            lead,
            self._country(iso3),
            straight_line(words, LONGEST_SENTENCE),
            address_of("countries.country", iso3=iso3),
        )

    def _country(self, iso3: str) -> str:
        return country_name(self._frame.countries[iso3])


def listed(names: list[str]) -> str:
    """The first few, and how many there are besides."""
    left = len(names) - MOST_NAMED
    if left < 2:  # one more name takes no more room than its number
        return ", ".join(names)
    told = ", ".join(names[:MOST_NAMED])
    return str(ngettext("%(names)s and %(num)s more", "%(names)s and %(num)s more", left, names=told))
