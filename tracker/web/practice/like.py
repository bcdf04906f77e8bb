"""Situations and case studies that look like this one, and in what: by how each stood when it began."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import url_for
from flask_babel import gettext as _

from tracker.access import Principal
from tracker.case_study import LONGEST_TEXT, Case, Part
from tracker.likeness import Compared, Likeness, Profile, criterion_weights, distance, nearest, profile_of
from tracker.method import Method
from tracker.score import Level, level_of
from tracker.storage import case_studies
from tracker.storage.base import Session
from tracker.storage.case_studies import Comparable, Opening
from tracker.storage.conclusions import Situation
from tracker.storage.responding import CaseStudy
from tracker.text import one_line
from tracker.web.frame import frame
from tracker.web.practice.words import criterion_names, days_of, place_of
from tracker.web.situations.words import reason_word, state_word
from tracker.web.words import country_name, day, points

# What stands beside each other is still compared by eye.
MOST_SHOWN, MOST_CRITERIA = 4, 3
LONGEST_EXCERPT = 220
# A case study, or a situation, by its number.
Key = tuple[str, int]
STUDY, SITUATION = "study", "situation"


@dataclass(frozen=True)
class Like:
    """Something that looks like it, in words."""

    url: str
    name: str
    # What it is, and of when.
    about: str
    # What was learnt there; empty: it is no case study.
    learnt: str
    # In points, how far they are apart on average; empty: nobody can say.
    distance: str
    # Criteria in which they are alike and in which they are not, with both figures; and those that are unknown.
    alike: Sequence[str]
    apart: Sequence[str]
    unknown: Sequence[str]
    # Of a case of which too little was known to measure it: what it names of what presses here.
    shared: Sequence[str] = ()


@dataclass(frozen=True)
class Alike:
    # False: nothing that the reader may see was scored when it began, so it is like nothing.
    is_scored: bool
    found: Sequence[Like]
    # Of a situation: the case studies that were made from it.
    told_as: Sequence[CaseStudy] = ()


def like_situation(session: Session, situation: Situation, reader: Principal, flagged: Collection[str]) -> Alike:
    """`flagged`: the criteria of which a flag is open; they press whatever their score."""
    found = _comparable(session, reader, besides=situation.id)
    own = next((one for one in found.openings if one.situation.id == situation.id), None)
    told_as = [one for one in found.studies if one.situation_id == situation.id]
    besides = {(SITUATION, situation.id), *((STUDY, one.id) for one in told_as)}
    return replace(_alike(session, _profile(own) if own else {}, found, besides, flagged), told_as=told_as)


def like_case(session: Session, study: CaseStudy, reader: Principal) -> Alike:
    besides = {(STUDY, study.id)} | ({(SITUATION, study.situation_id)} if study.situation_id else set())
    return _alike(session, study.profile or {}, _comparable(session, reader), besides, study.criteria)


def _alike(
    session: Session, profile: Profile, comparable: Comparable, besides: set[Key], flagged: Collection[str]
) -> Alike:
    if frame().method is None:
        return Alike(False, [])
    studies = {one.id: one for one in comparable.studies if (STUDY, one.id) not in besides}
    # a situation that was told is shown as it was told
    left_out = {one.situation_id for one in comparable.studies} | {key for kind, key in besides if kind == SITUATION}
    situations = {one.situation.id: one for one in comparable.openings if one.situation.id not in left_out}
    others: dict[Key, Profile] = {(STUDY, number): one.profile or {} for number, one in studies.items()}
    others |= {(SITUATION, number): _profile(one) for number, one in situations.items()}
    weights = criterion_weights(_method().tree)
    near = nearest(profile, others, weights, most=MOST_SHOWN)
    pressing = {key for key, value in profile.items() if value is not None and level_of(value) >= Level.ELEVATED}
    unmeasured = [one for one in studies.values() if distance(profile, one.profile or {}, weights) is None]
    named = _naming_the_same(pressing | set(flagged), unmeasured)[: MOST_SHOWN - len(near)]
    shown = [studies[one.key[1]] for one in near if one.key[0] == STUDY] + [one for _both, one in named]
    case_studies.read_contents(session, shown)
    writer = _Writer({one.key: one.name for one in frame().every_criterion})
    likes = [
        writer.study(studies[one.key[1]], one)
        if one.key[0] == STUDY
        else writer.situation(situations[one.key[1]].situation, one)
        for one in near
    ]
    likes += [writer.study(one, None, criterion_names(both)) for both, one in named]
    return Alike(bool(profile), likes)


def _naming_the_same(pressing: set[str], studies: Sequence[CaseStudy]) -> list[tuple[set[str], CaseStudy]]:
    """Where too little was known to measure it, a case is like it of which at least half of what it names presses
    here; with what that is, those that share the most first."""
    shared = [(pressing & set(one.criteria), one) for one in studies]
    near = [(both, one) for both, one in shared if both and 2 * len(both) >= len(one.criteria)]
    return sorted(near, key=lambda pair: -len(pair[0]))


class _Writer:
    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def study(self, study: CaseStudy, one: Likeness[Key] | None, shared: Sequence[str] = ()) -> Like:
        case = Case.read(study.content)
        url = url_for("practice.case_study", case_study_id=study.id)
        about = str(_("case study · %(place)s, %(days)s", place=place_of(case), days=days_of(case)))
        learnt = one_line(case.text(Part.LEARNT)[:LONGEST_TEXT], LONGEST_EXCERPT)
        return self._like(url, case.title, about, learnt, one, shared)

    def situation(self, situation: Situation, one: Likeness[Key]) -> Like:
        country = country_name(frame().countries[situation.iso3])
        name = str(_("%(country)s: %(part)s", country=country, part=situation.part)) if situation.part else country
        state = reason_word(situation.close_reason) if situation.close_reason else state_word(situation.state)
        about = str(_("situation of %(day)s · %(state)s", day=day(situation.opened_at.date()), state=state))
        return self._like(url_for("situations.situation", situation_id=situation.id), name, about, "", one)

    def _like(
        self, url: str, name: str, about: str, learnt: str, one: Likeness[Key] | None, shared: Sequence[str] = ()
    ) -> Like:
        if one is None:
            return Like(url, name, about, learnt, "", (), (), (), shared)
        alike, apart = ([self._compared(both) for both in those[:MOST_CRITERIA]] for those in (one.alike, one.apart))
        unknown = [self._names.get(key, key) for key in one.unknown]
        return Like(url, name, about, learnt, points(one.distance), alike, apart, unknown)

    def _compared(self, both: Compared) -> str:
        name, figures = self._names.get(both.criterion, both.criterion), (points(both.here), points(both.there))
        return str(_("%(criterion)s (%(here)s, there %(there)s)", criterion=name, here=figures[0], there=figures[1]))


def _comparable(session: Session, reader: Principal, *, besides: int | None = None) -> Comparable:
    if frame().method is None:
        return Comparable([], case_studies.listed(session, reader.scope, reader.clearance))
    number, method = frame().method  # type: ignore[misc]
    reach = (reader.scope, reader.clearance)
    return case_studies.comparable(session, number, method.tree, *reach, besides=besides)


def _profile(opening: Opening) -> Profile:
    return profile_of(_method().tree, opening.scores) if opening.scores is not None else {}


def _method() -> Method:
    found = frame().method
    assert found is not None, "whoever asks has seen that there is one"
    return found[1]
