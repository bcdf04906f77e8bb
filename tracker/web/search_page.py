"""What answers a search: the page of whatever has a name and is meant, from countries to coming days and cases."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from tracker.access import Principal
from tracker.case_study import Case
from tracker.catalogue.measures import measures
from tracker.country import in_order
from tracker.moment import Moment
from tracker.search import Piece, Rank, Search
from tracker.storage import case_studies, focal_points, responses
from tracker.storage import search as stored
from tracker.storage.base import Session
from tracker.storage.watching import Country, Criterion, Indicator, Source
from tracker.web.country_names import names_of, rank_of
from tracker.web.frame import Frame
from tracker.web.network.directory import entry_of, who_words
from tracker.web.occasions.words import page_of, place_word
from tracker.web.practice.library import texts_of
from tracker.web.practice.words import days_of, place_of
from tracker.web.situations.words import occasion_word
from tracker.web.toolbox.words import kind_word
from tracker.web.words import country_name, day, group_kind_word, reader_language

MOST_SHOWN = 20


@dataclass(frozen=True)
class Hit:
    rank: Rank
    url: str
    name: Sequence[Piece]
    # What it is, or belongs to.
    about: str
    # Where else the words stand; empty: all of them are in the name.
    passage: Sequence[Piece] = ()


@dataclass(frozen=True)
class HitGroup:
    key: str
    heading: str
    # All of them, the best first.
    hits: Sequence[Hit]

    @property
    def shown(self) -> Sequence[Hit]:
        return self.hits[:MOST_SHOWN]

    @property
    def rest(self) -> int:
        return len(self.hits) - len(self.shown)


@dataclass(frozen=True)
class SearchPage:
    search: Search
    # Those in which something was found.
    groups: Sequence[HitGroup]

    @property
    def found(self) -> int:
        return sum(len(group.hits) for group in self.groups)


def search_page(session: Session, search: Search, reader: Principal, moment: Moment, frame: Frame) -> SearchPage:
    """Nothing outside of the reader's scope or above their clearance is looked at, or counted."""
    if not search.words:
        return SearchPage(search, [])
    searching = _Searching(session, search, reader, moment, frame)
    groups = [
        HitGroup("countries", _("Countries"), _best_first(searching.countries())),
        HitGroup("groups", _("Regions and organisations"), _best_first(searching.groups())),
        HitGroup("situations", _("Situations"), _best_first(searching.situations())),
        HitGroup("responses", _("Measures"), _best_first(searching.responses())),
        HitGroup("questions", _("Criteria and indicators"), _best_first(searching.questions())),
        HitGroup("measures", _("Toolbox"), _best_first(searching.measures())),
        HitGroup("case_studies", _("Practice"), _best_first(searching.case_studies())),
        HitGroup("occasions", _("What is coming"), _best_first(searching.occasions())),
        HitGroup("focal_points", _("Focal points"), _best_first(searching.focal_points())),
        HitGroup("sources", _("Sources"), _best_first(searching.sources())),
    ]
    found = [group for group in groups if group.hits]
    # what merely stands inside of other words comes behind what was meant
    return SearchPage(search, sorted(found, key=lambda group: group.hits[0].rank >= Rank.WITHIN))


def _asked(criterion: Criterion) -> list[Indicator]:
    return [indicator for indicator in criterion.indicators if not indicator.retired]


def _best_first(hits: Iterable[Hit]) -> list[Hit]:
    """Of those that answer equally well, in the order in which they come."""
    return sorted(hits, key=lambda hit: hit.rank)


class _Searching:
    """One search of one reader, with what several of its questions need."""

    def __init__(self, session: Session, search: Search, reader: Principal, moment: Moment, frame: Frame) -> None:
        self._session, self._search, self._reader, self._moment, self._frame = session, search, reader, moment, frame
        reached = (one for one in frame.countries.values() if reader.reaches(one.iso3))
        self._countries = {one.iso3: one for one in in_order(reached, reader_language())}

    def countries(self) -> Iterable[Hit]:
        for country in self._countries.values():
            rank = rank_of(country, self._search)
            if rank is not None:
                name = country_name(country)
                called = () if self._search.is_in(name) else self._called(country)
                region = self._frame.regions.get(country.iso3)
                about = f"{country.iso3} · {country_name(region)}" if region else country.iso3
                url = self._then("countries.country", iso3=country.iso3)
                yield Hit(rank, url, self._search.marked(name), about, called)

    def groups(self) -> Iterable[Hit]:
        for group in self._frame.groups:
            rank = self._search.rank_among([*group.names.values(), group.key.replace("_", " ")])
            if rank is not None:
                url = self._then("dashboard.dashboard", group=group.key)
                yield Hit(rank, url, self._search.marked(country_name(group)), group_kind_word(group.kind))

    def situations(self) -> Iterable[Hit]:
        reach = (self._reader.scope, self._reader.clearance)
        for spoken in stored.situations(self._session, *reach, known=self._moment.known_at):
            one, country = spoken.situation, self._countries[spoken.situation.iso3]
            named = [f"{name} {one.part}".strip() for name in names_of(country)]
            if self._search.is_in(*named, *spoken.words):
                name = country_name(country)
                shown = str(_("%(country)s: %(part)s", country=name, part=one.part)) if one.part else name
                about = str(_("opened on %(day)s", day=day(one.opened_at.date())))
                url = url_for("situations.situation", situation_id=one.id)
                passage = self._search.passage(*spoken.words)
                rank = self._rank(named, spoken.words)
                yield Hit(rank, url, self._search.marked(shown), about, passage)

    def responses(self) -> Iterable[Hit]:
        """Measures of the ledger, by what is to be done and who sees to it, of those that had been proposed by then."""
        for listed in responses.ledger(self._session, self._reader.scope, self._reader.clearance):
            one, country = listed.response, self._countries[listed.iso3]
            texts = [one.owner, one.organisation, *names_of(country)]
            if one.proposed_at <= self._moment.known_at and self._search.is_in(one.title, *texts):
                about = f"{country_name(country)} · {kind_word(one.kind)}"
                url = url_for("responses.response", response_id=one.id)
                yield Hit(self._rank([one.title], texts), url, self._search.marked(one.title), about)

    def questions(self) -> Iterable[Hit]:
        """Each criterion, followed by its indicators."""
        for criterion in self._frame.criteria:
            url = url_for("criteria.criterion", key=criterion.key)
            yield from self._question(criterion.name, str(_("criterion")), url, criterion.meaning)
            for indicator in _asked(criterion):
                url = url_for("criteria.criterion", key=criterion.key, _anchor=indicator.key)
                descriptors = [str(level["descriptor"]) for level in indicator.levels]
                texts = [indicator.question, indicator.guidance, *descriptors, indicator.code or ""]
                yield from self._question(indicator.name, criterion.name, url, *texts)

    def measures(self) -> Iterable[Hit]:
        for one in measures():
            url = url_for("toolbox.measure", measure_key=one.key)
            yield from self._question(one.name, kind_word(one.kind), url, one.what, *one.sensible_when, *one.cautions)

    def case_studies(self) -> Iterable[Hit]:
        """As they are told today, of those that had been told by then."""
        for study in case_studies.listed(self._session, self._reader.scope, self._reader.clearance):
            case = Case.read(study.content)
            texts = texts_of(case)
            if study.made_at <= self._moment.known_at and self._search.is_in(case.title, *texts):
                passage = () if self._search.is_in(case.title) else self._search.passage(*texts)
                url = url_for("practice.case_study", case_study_id=study.id)
                about = f"{place_of(case)} · {days_of(case)}"
                yield Hit(self._rank([case.title], texts), url, self._search.marked(case.title), about, passage)

    def occasions(self) -> Iterable[Hit]:
        reach = (self._reader.scope, self._reader.clearance)
        since, known = self._moment.day, self._moment.known_at
        for one in stored.occasions(self._session, *reach, since=since, known=known):
            names = names_of(self._countries[one.iso3]) if one.iso3 else [place_word(one)]
            if self._search.is_in(one.name, *names):
                about = f"{place_word(one)} · {occasion_word(one.kind)} · {day(one.day)}"
                url = page_of(one.id, one.iso3)
                yield Hit(self._rank([one.name], names), url, self._search.marked(one.name), about)

    def focal_points(self) -> Iterable[Hit]:
        """By their offices, and by their names as far as the reader may know them; of today alone."""
        for one in focal_points.listed(self._session, self._reader.scope, self._reader.clearance):
            entry = entry_of(one, self._frame)
            texts = [entry.place, one.who.name if one.who else ""]
            if self._search.is_in(one.office, *texts):
                url = url_for("network.one", focal_point_id=one.id)
                rank, told = self._rank([one.office], texts), who_words(one)
                about = f"{entry.place} · {told}" if told else entry.place
                yield Hit(rank, url, self._search.marked(one.office), about)

    def sources(self) -> Iterable[Hit]:
        """Publishers stand in the catalogue, for everybody; of others only whom the reader may hear of."""
        published = dict[int, tuple[Source, str]]()
        for criterion in self._frame.criteria:
            for indicator in _asked(criterion):
                if indicator.source is not None:
                    url = url_for("criteria.criterion", key=criterion.key, _anchor=indicator.key)
                    published.setdefault(indicator.source.id, (indicator.source, url))
        for source, url in published.values():
            if self._search.is_in(source.name, source.publisher):
                yield Hit(
                    self._rank([source.name], [source.publisher]),
                    url,
                    self._search.marked(source.name),
                    source.publisher,
                )
        others = stored.names_of_sources(self._session).items()
        yield from self._named({number: name for number, name in others if number not in published})

    def _named(self, others: Mapping[int, str]) -> Iterable[Hit]:
        meant = {number: name for number, name in others.items() if self._search.is_in(name)}
        if not meant:
            return
        reach = (self._reader.scope, self._reader.clearance)
        found = stored.attributed_to(self._session, meant, *reach, known=self._moment.known_at)
        for number, stands in ((number, found[number]) for number in meant if number in found):
            country, on = country_name(self._countries[stands.iso3]), stands.observed_on
            url = url_for("observations.observation", iso3=stands.iso3, key=stands.key, day=on.isoformat())
            about = str(_("%(country)s, on %(day)s", country=country, day=day(on)))
            yield Hit(self._rank([meant[number]]), url, self._search.marked(meant[number]), about)

    def _question(self, name: str, about: str, url: str, *texts: str) -> Iterable[Hit]:
        if self._search.is_in(name, *texts):
            rank = self._rank([name], texts)
            passage = () if self._search.is_in(name) else self._search.passage(*texts)
            yield Hit(rank, url, self._search.marked(name), about, passage)

    def _called(self, country: Country) -> Sequence[Piece]:
        """By which of its names it was found; nothing: by its code."""
        names = [name for name in names_of(country) if self._search.is_in(name)]
        return self._search.marked(min(names, key=lambda name: self._rank([name]))) if names else ()

    def _rank(self, names: Sequence[str], texts: Sequence[str] = ()) -> Rank:
        """By its names; where these do not hold every word, by what is said of it."""
        found = self._search.rank_among(names)
        if found is not None:
            return found
        return Rank.ELSEWHERE if self._search.begins_in(*names, *texts) else Rank.ELSEWHERE_WITHIN

    def _then(self, endpoint: str, **place: Any) -> str:
        """A page that can show that moment; the others show today, and their addresses promise nothing else."""
        return url_for(endpoint, **(place | self._moment.as_arguments()))
