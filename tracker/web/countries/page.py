"""Everything that one country's page shows: what is going on there, since when, how sure that is, and what now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from tracker.access import Principal
from tracker.country import GroupKind, in_order
from tracker.indicator import Voice
from tracker.moment import Moment
from tracker.storage import country_evidence, ranking, score_steps
from tracker.storage.base import Session
from tracker.storage.scores import Step
from tracker.storage.watching import Country, Group
from tracker.uncertainty import Place
from tracker.web.countries.course import Course, country_course
from tracker.web.countries.evidence import Evidence, Measure, evidence_on
from tracker.web.countries.scores import LEAST_TOLD, CountryScores
from tracker.web.countries.situation import Attention, attention
from tracker.web.countries.tree import Limb, country_tree, names_of
from tracker.web.frame import Frame
from tracker.web.windows import YEAR, Window, ends_of, window_arguments
from tracker.web.words import period, reader_language

# Beside the country itself, so many can be read in one comparison.
_MOST_NEIGHBOURS = 4


@dataclass(frozen=True)
class CountryPage:
    country: Country
    moment: Moment
    window: Window
    groups: Sequence[Group]
    evidence: Evidence
    # None: nothing that the reader may see was scored by then.
    scores: CountryScores | None
    # Of a risk that stands where it stood a year ago: the newest evidence, where there is none of that year.
    nothing_newer_than: Measure | None
    # None: it has not enough evidence to be ranked.
    place: Place | None
    # None: there is nothing to draw.
    course: Course | None
    tree: Sequence[Limb]
    attention: Attention
    # Of the same region, the nearest to it in the ranking; as far as the reader may see them.
    neighbours: Sequence[Country]
    # Of a past moment at which nothing was known: when the first of it was recorded. None: something was known.
    first_recorded: datetime | None

    @property
    def divisions(self) -> list[Group]:
        return [group for group in self.groups if group.kind is not GroupKind.ORGANISATION]

    @property
    def organisations(self) -> list[Group]:
        return [group for group in self.groups if group.kind is GroupKind.ORGANISATION]

    @cached_property
    def newest_coded(self) -> Measure | None:
        return self.evidence.newest(Voice.CODED)

    @cached_property
    def newest_published(self) -> Measure | None:
        return self.evidence.newest(Voice.PUBLISHED)

    @cached_property
    def missing(self) -> list[str]:
        """The dimensions without which there is no risk."""
        parts = self.scores.whole.parts if self.scores else ()
        return [node.line.name for node in parts if node.line.value is None]


@dataclass(frozen=True)
class Scored:
    """One country's scores of the moment, and how it came to them."""

    among: ranking.Among
    steps: Sequence[Step]
    told: CountryScores


def country_page(
    session: Session, country: Country, reader: Principal, moment: Moment, window: Window, frame: Frame
) -> CountryPage:
    scored = scored_country(session, country.iso3, reader, moment, window, frame)
    known = None if moment.is_now else moment.known_at
    recorded = country_evidence.newest_of_each(session, country.iso3, reader.clearance, on=moment.day, known=known)
    evidence = evidence_on(recorded, frame.criteria, moment.day)
    told = scored.told if scored else None
    points = {key: node.line.value for key, node in told.by_key.items()} if told else {}
    since = ends_of(window, moment.day)[0]
    found = attention(session, country.iso3, reader, moment, frame=frame, since=since, points=points)
    is_blank = not moment.is_now and not evidence.answered
    unmoved = _nothing_newer(evidence, told, moment.day)
    return CountryPage(
        country=country,
        moment=moment,
        window=window,
        groups=[group for group in frame.groups if country.iso3 in frame.members_of(group.key)],
        evidence=evidence,
        scores=told,
        nothing_newer_than=unmoved,
        place=scored.among.place if scored else None,
        course=_course(country, scored, window, moment, found, unmoved) if scored else None,
        tree=country_tree(told, frame.criteria, evidence),
        attention=found,
        neighbours=_neighbours(country, reader, frame, scored.among.ranked if scored else {}),
        first_recorded=country_evidence.first_recorded(session, country.iso3, reader.clearance) if is_blank else None,
    )


def scored_country(
    session: Session, iso3: str, reader: Principal, moment: Moment, window: Window, frame: Frame
) -> Scored | None:
    """None: nothing that the reader may see was scored by then."""
    chosen = frame.method_at(session, moment)
    if chosen is None:
        return None
    number, method = chosen
    asked = (session, number, method.tree, iso3, reader.clearance)
    if moment.is_now:
        among = ranking.now(*asked, reader.scope)
    else:
        among = ranking.then(*asked, reader.scope, day=moment.day, known=moment.known_at)
    if among is None:
        return None
    ends = ends_of(window, among.day)
    steps = score_steps.steps_seen(
        *(session, number, method.tree, [iso3], reader.clearance), ends=ends, until=among.day, known=moment.known_at
    )[iso3]
    names = names_of(frame.criteria, str(_("Risk")))
    hidden = _hidden(session, iso3, reader, moment, frame)
    told = CountryScores(number, method, among.day, among.scores, steps, names, hidden)
    return Scored(among, steps, told)


def _hidden(session: Session, iso3: str, reader: Principal, moment: Moment, frame: Frame) -> set[str]:
    """What is told of today rests on nothing but what the reader may see today."""
    if moment.is_now:
        return set()
    found = country_evidence.hidden_since(session, iso3, reader.clearance, on=moment.day, known=moment.known_at)
    return {one.key for one in frame.every_indicator if one.id in found}


def _nothing_newer(evidence: Evidence, scores: CountryScores | None, day: date) -> Measure | None:
    newest, change = evidence.newest(), scores.change if scores else None
    if newest is None or change is None or abs(change) >= LEAST_TOLD:
        return None
    return newest if newest.newest.observed_on <= day - YEAR else None


def _course(
    country: Country, scored: Scored, window: Window, moment: Moment, found: Attention, unmoved: Measure | None
) -> Course:
    arguments: dict[str, Any] = {**window_arguments(window), **moment.as_arguments()}
    urls = {
        node.line.key: url_for("countries.course", iso3=country.iso3, criterion=node.line.key, **arguments)
        for limb in scored.told.whole.parts
        for node in limb.parts
    }
    marks = [mark for _subject, mark in found.marks]
    newest = period(unmoved.newest.observed_on, unmoved.indicator.cadence) if unmoved else ""
    return country_course(scored.told, scored.steps, window, moment.day, marks, urls, newest)


def _neighbours(country: Country, reader: Principal, frame: Frame, ranked: dict[str, float]) -> list[Country]:
    region = frame.regions.get(country.iso3)
    if region is None:
        return []
    there = [iso3 for iso3 in frame.members_of(region.key) if iso3 in ranked and reader.reaches(iso3)]
    own = ranked.get(country.iso3, 0.0)
    nearest = sorted((iso3 for iso3 in there if iso3 != country.iso3), key=lambda iso3: abs(ranked[iso3] - own))
    return in_order((frame.countries[iso3] for iso3 in nearest[:_MOST_NEIGHBOURS]), reader_language())
