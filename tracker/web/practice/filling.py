"""A closed situation in the words of a case study: what is recorded of it up to one mark, for a person to edit.

Names of colleagues are left out: a case study is about what was seen and done, and travels further than the desk.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

import numpy as np
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.access import Principal
from tracker.case_study import Case, Part
from tracker.handling import Mark
from tracker.method import ROOT
from tracker.response import TRIED, ResponseAct
from tracker.situation import SituationAct
from tracker.storage import past_scores, situations
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation
from tracker.storage.flags import SeenFlag
from tracker.storage.responding import Response, ResponseEvent
from tracker.web.flag_words import FlagNames, flag_names, flag_told
from tracker.web.frame import frame
from tracker.web.situations.page import SituationPage, situation_page
from tracker.web.situations.words import reason_word
from tracker.web.words import country_name, day, points
from tracker.workings import Scores, value_of

# A case with more flags is not understood better by naming each of them.
MOST_FLAGS = 12
VERDICTS = (SituationAct.FLAG_CONFIRMED, SituationAct.FLAG_DISCARDED)
DECISIONS = (ResponseAct.DECIDED, ResponseAct.DECLINED)
STEPS = (ResponseAct.STARTED, ResponseAct.REPORTED)
ENDS = (ResponseAct.DONE, ResponseAct.ABANDONED)


def filled_case(session: Session, situation_id: int, reader: Principal, mark: Mark, now: datetime) -> Case:
    """`mark`: nothing that bears a higher one is in it."""
    page = situation_page(session, situation_id, replace(reader, clearance=mark), now.date())
    return _Filling(session, page, mark, now).case()


class _Filling:
    def __init__(self, session: Session, page: SituationPage, mark: Mark, now: datetime) -> None:
        self._session, self._page, self._mark, self._now = session, page, mark, now
        self._measures = {one.id: one for one in page.responses}
        # the newest first
        self._concluded = situations.assessments_in(page.events)

    def case(self) -> Case:
        situation, newest = self._page.situation, next(iter(self._concluded), None)
        opened, closed = situation.opened_at.date(), (situation.closed_at or self._now).date()
        place = country_name(self._page.country)
        where = str(_("%(country)s: %(part)s", country=place, part=situation.part)) if situation.part else place
        return Case(
            title=f"{where}, {opened.year}" if opened.year == closed.year else f"{where}, {opened.year}–{closed.year}",
            began_on=min([opened, *(one.events[0].at.date() for one in self._page.seen_flags)]),
            ended_on=closed,
            iso3=situation.iso3,
            stage=newest.said.stage if newest and newest.said.is_in_scope else None,
            crimes=newest.said.crimes if newest else (),
            criteria=self._criteria(),
            kinds=tuple(dict.fromkeys(one.kind for one in self._page.responses if one.state in TRIED)),
            texts={
                Part.SEEN: _lines(self._seen()),
                Part.KNOWN: _lines(self._known()),
                Part.DECIDED: _lines(self._told(DECISIONS)),
                Part.DONE: _lines(self._told(STEPS)),
                Part.FOLLOWED: _lines([*self._told(ENDS), *self._scores(), *_closed(situation)]),
            },
        )

    def _criteria(self) -> tuple[str, ...]:
        """Those of which a flag spoke, itself or by one of its indicators."""
        known = frame()
        criterion_of = {one.key: one.criterion_key for one in known.every_indicator}
        nodes = {one.flag.subject.partition(".")[0] for one in self._page.seen_flags}
        spoken_of = {criterion_of.get(node, node) for node in nodes}
        return tuple(one.key for one in known.every_criterion if one.key in spoken_of)

    def _seen(self) -> Iterable[str]:
        names = flag_names(self._session, [self._page.situation.iso3], self._mark)
        found = self._page.seen_flags
        for one in sorted(found[:MOST_FLAGS], key=lambda one: (one.events[0].at, one.flag.id)):
            yield _flag_said(one, names)
        if not found:
            opened = day(self._page.situation.opened_at.date())
            yield _("It was opened on %(day)s, without a flag that may be told of here.", day=opened)
        if len(found) > MOST_FLAGS:
            rest = len(found) - MOST_FLAGS
            yield ngettext("%(num)s flag more was raised.", "%(num)s flags more were raised.", rest)

    def _known(self) -> Iterable[str]:
        flags = [one.events[0].at for one in self._page.seen_flags]
        first = min(flags, default=self._page.situation.opened_at).date()
        if flags:
            yield _("The first flag was raised on %(day)s.", day=day(first))
        verified = [event.at for event in self._page.events if event.act in VERDICTS]
        decided = [event.at for event in self._page.response_events if event.act in DECISIONS]
        started = [event.at for event in self._page.response_events if event.act is ResponseAct.STARTED]
        yield _after(first, verified, _("It was verified"), _("Nobody gave a verdict on it."))
        yield _after(first, decided, _("It was first decided about a measure"), _("No measure was decided on."))
        yield _after(first, started, _("The first measure was under way"), _("No measure came under way."))
        for one in self._concluded[::-1]:
            about = {"day": day(one.event.at.date()), "summary": one.said.summary}
            yield _("On %(day)s it was assessed: %(summary)s", **about)
            if not one.said.is_in_scope:
                yield _("None of the four crimes was found to be at risk: %(reason)s", reason=one.said.out_of_scope)
            elif one.said.population:
                yield _("Who would suffer: %(population)s", population=one.said.population)

    def _told(self, acts: Sequence[ResponseAct]) -> Iterable[str]:
        for event in self._page.response_events:
            if event.act in acts:
                yield f"{day(event.at.date())}: {_step_said(event, self._measures[event.response_id])}"

    def _scores(self) -> Iterable[str]:
        """When it was opened, first decided about and closed."""
        if frame().method is None:
            return
        situation, (number, method) = self._page.situation, frame().method  # type: ignore[misc]
        decided = [event.at for event in self._page.response_events if event.act in DECISIONS]
        wanted = [
            (situation.opened_at, _("When it was opened, on %(day)s, the risk stood at %(points)s.")),
            (min(decided, default=None), _("When it was first decided about a measure, on %(day)s, at %(points)s.")),
            (situation.closed_at, _("When it was closed, on %(day)s, at %(points)s.")),
        ]
        days = [(at.date(), words) for at, words in wanted if at is not None]
        asked = (self._session, number, method.tree, self._mark, [situation.iso3])
        found = past_scores.on_days(*asked, days=[on for on, _words in days], known=self._now)
        for (on, words), scores in zip(days, found.get(situation.iso3, [None] * len(days)), strict=True):
            said = _risk(scores, value_of(method.tree, scores, ROOT), method.tree.positions[ROOT]) if scores else ""
            if said:
                yield words % {"day": day(on), "points": said}


def _flag_said(one: SeenFlag, names: FlagNames) -> str:
    first = one.events[0]
    sentence = flag_told(first.explanation, names, on=first.day, today={}).sentence
    return f"{day(first.at.date())}: {names.title(one)}. {sentence}".strip()


def _after(first: date, moments: Sequence[datetime], what: str, never: str) -> str:
    if not moments:
        return never
    days = max((min(moments).date() - first).days, 0)
    told = {"what": what, "day": day(min(moments).date())}
    return str(
        ngettext("%(what)s %(num)s day later, on %(day)s.", "%(what)s %(num)s days later, on %(day)s.", days, **told)
    )


def _step_said(event: ResponseEvent, response: Response) -> str:
    about = {"title": response.title, "by": event.details.get("decided_by", ""), "owner": response.owner}
    about["organisation"] = response.organisation
    words: dict[ResponseAct, str] = {
        ResponseAct.DECIDED: _("%(by)s decided “%(title)s”.", **about),
        ResponseAct.DECLINED: _("%(by)s declined “%(title)s”.", **about),
        ResponseAct.STARTED: _("%(owner)s took on “%(title)s”.", **about)
        if not response.organisation
        else _("%(owner)s (%(organisation)s) took on “%(title)s”.", **about),
        ResponseAct.REPORTED: _("Of “%(title)s” it was said:", **about),
        ResponseAct.DONE: _("“%(title)s” was done.", **about),
        ResponseAct.ABANDONED: _("“%(title)s” was abandoned.", **about),
    }
    return f"{words[event.act]} {event.words}".strip()


def _closed(situation: Situation) -> Iterable[str]:
    if situation.closed_at and situation.close_reason:
        told = {"day": day(situation.closed_at.date()), "reason": reason_word(situation.close_reason)}
        yield _("It was closed on %(day)s: %(reason)s.", **told)


def _risk(scores: Scores, value: float, place: int) -> str:
    """Empty: too little was known."""
    if np.isnan(value):
        return ""
    low, high = float(scores.low[place]), float(scores.high[place])
    if np.isnan(low) or np.isnan(high):
        return points(value)
    return str(_("%(score)s (%(low)s to %(high)s)", score=points(value), low=points(low), high=points(high)))


def _lines(found: Iterable[str]) -> str:
    return "\n".join(str(line) for line in found)
