"""Everything that was done about a situation and everything that its flags said, in one order and in words."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import groupby

from flask_babel import gettext as _
from flask_babel import ngettext, to_user_timezone

from tracker.flag import Change
from tracker.handling import Mark
from tracker.situation import CloseReason, SituationAct, SituationState, Verdict
from tracker.storage.conclusions import FlagEvent, SituationEvent
from tracker.storage.flags import SeenFlag
from tracker.web.flag_words import FlagNames, flag_told, severity_word
from tracker.web.situations.words import reason_word, state_word

# So many things of one kind, one after the other, are read one by one; more of them are folded together.
MOST_UNFOLDED = 3
VERDICTS = {SituationAct.FLAG_CONFIRMED: Verdict.CONFIRMED, SituationAct.FLAG_DISCARDED: Verdict.DISCARDED}


@dataclass(frozen=True)
class Told:
    at: datetime
    # Empty: the product itself, or a rule.
    who: str
    sentence: str
    # What a person wrote; empty: nothing.
    words: str
    mark: str
    # A rule said it, and nobody did anything.
    is_of_a_rule: bool = False
    # None: it is no verdict on a flag.
    verdict: Verdict | None = None
    # At what time of its day it happened nobody wrote down.
    is_of_a_day: bool = False


@dataclass(frozen=True)
class Spell:
    """What came one after the other: something that was done; all that rules said before anybody did anything; or one
    verdict on many flags."""

    told: Sequence[Told]

    @property
    def is_folded(self) -> bool:
        return len(self.told) > MOST_UNFOLDED

    @property
    def sentence(self) -> str:
        """Of all of it together."""
        number = len(self.told)
        if self.told[0].verdict is Verdict.CONFIRMED:
            return str(ngettext("%(num)s flag was confirmed.", "%(num)s flags were confirmed.", number))
        if self.told[0].verdict is Verdict.DISCARDED:
            return str(ngettext("%(num)s flag was discarded.", "%(num)s flags were discarded.", number))
        return str(ngettext("Rules spoke %(num)s time.", "Rules spoke %(num)s times.", number))


@dataclass(frozen=True)
class Day:
    """One day in the reader's own zone, the newest first."""

    on: date
    spells: Sequence[Spell]


def by_day(told: Sequence[Told]) -> list[Day]:
    days = groupby(told, key=lambda one: to_user_timezone(one.at).date())
    return [Day(on, [Spell(those) for those in _spells(of_day)]) for on, of_day in days]


def _spells(told: Iterable[Told]) -> Iterator[list[Told]]:
    for together, those in groupby(told, key=_what_is_told_together):
        if together:
            yield list(those)
        else:
            for one in those:
                yield [one]


def _what_is_told_together(one: Told) -> object:
    """None: it stands by itself."""
    if one.is_of_a_rule:
        return "rules"
    return (one.verdict, one.who, one.at, one.words) if one.verdict else None


def _as_told(one: Told) -> Told:
    return one


class Teller:
    """What is needed to tell the events of one page, gathered once for all of them."""

    def __init__(self, people: Mapping[int, str], flags: Sequence[SeenFlag], names: FlagNames) -> None:
        self._people, self._names = people, names
        self._flags = {one.flag.id: one for one in flags}

    def timeline(
        self, events: Sequence[SituationEvent], most: int | None = None, besides: Iterable[Told] = ()
    ) -> list[Told]:
        """The newest first, and no more of them than asked for. At the same moment a flag speaks before anything is
        done about it. `besides`: what happened elsewhere and belongs to it, the oldest first."""
        done: list[tuple[tuple[datetime, int, int], Callable[[], Told]]] = [
            ((event.at, 1, event.id), partial(self.done, event))
            for event in events
            if not self._speaks_for_itself(event)
        ]
        done += [((one.at, 2, number), partial(_as_told, one)) for number, one in enumerate(besides)]
        done += [
            ((event.at, 0, event.id), partial(self._said, one, event))
            for one in self._flags.values()
            for event in one.events
        ]
        newest = sorted(done, key=lambda pair: pair[0], reverse=True)
        return [tell() for _key, tell in newest[:most]]

    def done(self, event: SituationEvent) -> Told:
        who, verdict = self.person(event.by_id), VERDICTS.get(event.act)
        mark = Mark(event.handling).label
        return Told(event.at, who, self._sentence(event), event.words, mark, verdict=verdict)

    def person(self, person_id: int | None) -> str:
        return self._people.get(person_id, "") if person_id is not None else ""

    def _speaks_for_itself(self, event: SituationEvent) -> bool:
        """A flag that joins as it is raised has said so at the same moment."""
        if event.act is not SituationAct.FLAG_JOINED or event.details["flag"] not in self._flags:
            return False
        said = self._flags[event.details["flag"]].events
        return any(one.kind is Change.RAISED and one.at == event.at for one in said)

    def _said(self, one: SeenFlag, event: FlagEvent) -> Told:
        told = {"flag": self._names.title(one), "severity": severity_word(event.severity)}
        happened: dict[Change, str] = {
            Change.RAISED: _("%(flag)s: a flag was raised (%(severity)s).", **told),
            Change.WORSENED: _("%(flag)s: it worsened (%(severity)s).", **told),
            Change.EASED: _("%(flag)s: it eased (%(severity)s).", **told),
            Change.CLEARED: _("%(flag)s: it cleared.", **told),
        }
        sentence = (
            f"{happened[event.kind]} {flag_told(event.explanation, self._names, on=event.day, today={}).sentence}"
        )
        who = self.person(one.flag.raised_by) if event.kind is Change.RAISED else ""
        return Told(event.at, who, sentence.strip(), "", Mark(event.handling).label, is_of_a_rule=not one.is_manual)

    def _sentence(self, event: SituationEvent) -> str:
        if event.act is SituationAct.MOVED:
            return self._moved(event)
        if event.act is SituationAct.ASSIGNED:
            return self._assigned(event)
        details = {"flag": self._title(event.details.get("flag")), "part": event.details.get("part", "")}
        words: dict[SituationAct, str] = {
            SituationAct.OPENED: _("The situation was opened."),
            SituationAct.FLAG_JOINED: _("A flag joined: %(flag)s", **details),
            SituationAct.FLAG_CONFIRMED: _("The flag was confirmed: %(flag)s", **details),
            SituationAct.FLAG_DISCARDED: _("The flag was discarded: %(flag)s", **details),
            SituationAct.FLAG_CLEARED: _("The flag was cleared by hand: %(flag)s", **details),
            SituationAct.ASSESSED: _("It was assessed."),
            SituationAct.DISSENTED: _("Somebody disagrees with the assessment."),
            SituationAct.NOTED: _("A note was made."),
            SituationAct.SPLIT: _("“%(part)s” was split off and goes its own way.", **details),
            SituationAct.MERGED: _("“%(part)s” came back.", **details),
        }
        return words[event.act]

    def _moved(self, event: SituationEvent) -> str:
        before, after = (SituationState(event.details[end]) for end in ("before", "after"))
        told = {"before": state_word(before), "after": state_word(after)}
        if event.details.get("reason"):
            reason = reason_word(CloseReason(event.details["reason"]))
            return str(_("From “%(before)s” to “%(after)s”: %(reason)s.", **told, reason=reason))
        if event.details.get("flag"):
            flag = self._title(event.details["flag"])
            return str(_("From “%(before)s” back to “%(after)s”, because of a flag: %(flag)s", **told, flag=flag))
        if before is after:
            return str(_("It stays “%(after)s”.", **told))
        return str(_("From “%(before)s” to “%(after)s”.", **told))

    def _assigned(self, event: SituationEvent) -> str:
        who = self.person(event.details["after"])
        return str(_("%(name)s is in charge.", name=who) if who else _("Nobody is in charge any more."))

    def _title(self, flag_id: int | None) -> str:
        """A flag that went to another situation is named there."""
        one = self._flags.get(flag_id) if flag_id is not None else None
        return self._names.title(one) if one else str(_("one that is elsewhere now"))
