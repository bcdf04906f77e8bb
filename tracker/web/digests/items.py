"""What happened in one place, in words: a flag, a step, a situation that was given to the reader."""

from collections.abc import Mapping
from datetime import date
from typing import cast

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from tracker.actions.situations.flagging import RAISED
from tracker.method import ROOT
from tracker.news import Turn
from tracker.rule import Severity
from tracker.score import Level
from tracker.situation import Verdict
from tracker.storage.conclusions import Situation
from tracker.storage.flags import MANUAL
from tracker.storage.news import StandingFlag
from tracker.storage.responses import Listed
from tracker.text import straight_line
from tracker.web.dashboard.ranking import Standing
from tracker.web.dashboard.words import next_step_word
from tracker.web.digests.cases import Case, Late
from tracker.web.digests.content import Digest
from tracker.web.digests.flags import Turned
from tracker.web.digests.page import LONGEST_NAME, LONGEST_SENTENCE, Item
from tracker.web.digests.pictures import Courses
from tracker.web.flag_words import FlagNames, flag_told, severity_word, told_of_today
from tracker.web.frame import Frame
from tracker.web.installation import address_of
from tracker.web.responses.words import response_step_word
from tracker.web.words import country_name, level_word, points, signed

# Of the flags that took the same turn in one place, besides the worst.
MOST_NAMED = 3


class ItemWords:
    """`courses`: the pictures that there are."""

    def __init__(self, digest: Digest, frame: Frame, reader_id: int, courses: Courses) -> None:
        self._digest, self._frame, self._reader_id, self._courses = digest, frame, reader_id, courses

    def case(self, case: Case) -> Item:
        worst = case.flags[0]
        told = flag_told(self._digest.said[worst.flag.said.id], self._digest.names, on=worst.flag.said.day, today={})
        details = [
            *self._score(case),
            *self._next(case),
            *([self._besides(case)] if len(case.flags) > 1 else []),
            # what clears a notice is read on its page
            *([told.clears] if case.is_risen and case.severity >= Severity.WARNING and told.clears else []),
        ]
        return Item(
            heading=self.place(case.iso3, case.situation),
            url=self._address(case.iso3, case.situation),
            status=_status(worst),
            severity=worst.severity,
            is_over=case.turn is Turn.CLEARED,
            title=self.title(worst),
            sentence=str(_("Somebody looked into it.")) if _is_discarded(worst) else self._reason(worst, told.sentence),
            details=[_sentence(one) for one in details],
            picture=self._courses.of(case),
        )

    def late(self, late: Late) -> Item:
        situation = late.situation
        told = {"step": next_step_word(situation.state), "day": self.day(cast(date, situation.due_on))}
        words = _("Next: %(step)s; overdue since %(day)s.", **told)
        who = self._who(situation)
        if not who:
            who = str(_("%(name)s is in charge.", name=straight_line(late.owner, LONGEST_NAME)))
        return Item(
            heading=self.place(situation.iso3, situation),
            url=self._address(situation.iso3, situation),
            sentence=f"{words} {who}",
        )

    def measure(self, one: Listed) -> Item:
        """One that is overdue."""
        response, due_on = one.response, cast(date, one.response.due_on)
        told = {"step": response_step_word(response.state), "day": self.day(due_on)}
        name = country_name(self._frame.countries[one.iso3])
        part = straight_line(one.part, LONGEST_NAME)
        who = straight_line(response.owner, LONGEST_NAME)
        return Item(
            heading=f"{name}: {part}" if part else name,
            url=address_of("responses.response", response_id=response.id),
            title=straight_line(response.title, LONGEST_SENTENCE),
            sentence=str(_("A measure %(step)s; overdue since %(day)s.", **told)),
            details=[str(_("%(name)s sees to it.", name=who))] if who else [],
        )

    def overdue(self, one: Late | Listed) -> Item:
        return self.late(one) if isinstance(one, Late) else self.measure(one)

    def given(self, situation: Situation) -> Item:
        return Item(
            heading=self.place(situation.iso3, situation),
            url=self._address(situation.iso3, situation),
            sentence=str(_("You are in charge of it now.")),
            details=[self._step(situation)],
        )

    def place(self, iso3: str, situation: Situation | None = None) -> str:
        name = country_name(self._frame.countries[iso3])
        part = straight_line(situation.part, LONGEST_NAME) if situation else ""
        return f"{name}: {part}" if part else name

    def title(self, one: Turned) -> str:
        return straight_line(flag_title(self._digest.names, one.flag), LONGEST_SENTENCE)

    def _score(self, case: Case) -> list[str]:
        """What it is, between what, and how it came to be so; its name only where the title has another."""
        one, is_named = case.standing, case.node == case.flags[0].flag.subject
        # that there is none any more is what the flag itself says
        if one is None or (one.score is None and is_named and case.is_risen):
            return []
        name = str(_("Now")) if is_named else self.node(case.node)
        if not is_named and told_of_today(self._digest.said[case.flags[0].flag.said.id], {case.node: one.score}):
            name = str(_("%(name)s, by what you may see", name=name))
        return [self._score_words(name, one)]

    def _score_words(self, name: str, one: Standing) -> str:
        if one.score is None:
            return str(_("%(name)s: not enough evidence.", name=name))
        words = str(_("%(name)s: %(figures)s", name=name, figures=figures(one)))
        if one.in_a_year is not None:
            words = str(_("%(words)s, %(change)s in 12 months", words=words, change=signed(one.in_a_year, 0)))
        return str(_("%(words)s, on thin evidence.", words=words) if one.is_thin else _("%(words)s.", words=words))

    def node(self, key: str) -> str:
        return str(_("Risk")) if key == ROOT else self._digest.names.subject(key)

    def day(self, on: date) -> str:
        """With the day of the week, and with the year where it is another one."""
        is_this_year = on.year == self._digest.span.here.year
        return str(format_date(on, format="EEEE d MMMM" if is_this_year else "EEEE d MMMM y"))

    def _reason(self, one: Turned, sentence: str) -> str:
        """Of what a person raised, their words: the title says already that a person did."""
        said = self._digest.said[one.flag.said.id]
        if said.get("sentence") != RAISED:
            return _sentence(sentence)
        return _sentence(cast(Mapping[str, str], said["values"])["words"])

    def _besides(self, case: Case) -> str:
        others = case.flags[1:]
        named = [f"{self.title(one)} ({_status(one)})" for one in others[:MOST_NAMED]]
        left = len(others) - len(named)
        if left:
            named.append(str(ngettext("%(num)s more", "%(num)s more", left)))
        return str(_("Also: %(names)s.", names="; ".join(named)))

    def _next(self, case: Case) -> list[str]:
        """A step that stands among those that became overdue is not told twice."""
        situation = case.situation
        if not case.is_risen or situation is None or situation.due_on is None:
            return []
        if any(late.situation.id == situation.id for late in self._digest.late):
            return []
        return [" ".join(part for part in (self._step(situation), self._who(situation)) if part)]

    def _step(self, situation: Situation) -> str:
        told = {"step": next_step_word(situation.state), "day": self.day(cast(date, situation.due_on))}
        if situation.due_on and situation.due_on < self._digest.span.today:
            return str(_("Next: %(step)s; overdue since %(day)s.", **told))
        return str(_("Next: %(step)s by %(day)s.", **told))

    def _who(self, situation: Situation) -> str:
        """Empty: somebody else is in charge."""
        if situation.owner_id is None:
            return str(_("Nobody is in charge yet."))
        return str(_("It is yours.")) if situation.owner_id == self._reader_id else ""

    def _address(self, iso3: str, situation: Situation | None) -> str:
        if situation is None:
            return address_of("countries.country", iso3=iso3)
        return address_of("situations.situation", situation_id=situation.id)


def flag_title(names: FlagNames, flag: StandingFlag) -> str:
    """The number of one that a person raised tells it from others on the page of its situation, and nothing here."""
    return str(_("Raised by a person")) if flag.rule_key == MANUAL else names.title_of(flag.rule_key, flag.subject)


def figures(one: Standing) -> str:
    """A score with its interval; there is one."""
    score = points(one.score or 0.0)
    if one.low is None or one.high is None:
        return score
    return str(_("%(score)s (%(low)s to %(high)s)", score=score, low=points(one.low), high=points(one.high)))


def level_told(level: Level | None) -> str:
    return str(_("not enough evidence")) if level is None else level_word(level)


def _status(one: Turned) -> str:
    if one.turn is Turn.NEW:
        return severity_word(one.severity)
    told = {"before": severity_word(one.before)}
    if _is_discarded(one):
        return str(_("discarded, was %(before)s", **told))
    if one.turn is Turn.CLEARED:
        return str(
            _("discarded, was %(before)s", **told) if _is_discarded(one) else _("cleared, was %(before)s", **told)
        )
    return str(_("%(now)s, was %(before)s", now=severity_word(one.severity), **told))


def _is_discarded(one: Turned) -> bool:
    return one.turn is Turn.CLEARED and one.flag.verdict is Verdict.DISCARDED


def _sentence(words: str) -> str:
    return straight_line(words, LONGEST_SENTENCE)
