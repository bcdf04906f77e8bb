"""Which answers of our analysts are due, in which country, since when, and from whom?

An answer is due once the one before it counts no more, or will not for long: silence is not noticed after the fact.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.access import Principal, Right
from tracker.exchange.sheets import Cell
from tracker.indicator import Voice
from tracker.storage import coverage
from tracker.storage.base import Session
from tracker.storage.coverage import Answered
from tracker.storage.watching import Country
from tracker.web.country_choice import Wanted, chosen_countries
from tracker.web.csv_file import sheet
from tracker.web.filtered_names import filtered_names
from tracker.web.moments import of_today
from tracker.web.words import country_name

AHEAD = timedelta(days=14)
# So many are named; of more it is said how many they are.
MOST_NAMED = 3
CSV_COLUMNS = ("iso3", "country", "due", "stale", "submitted", "first_stale_on", "from_whom", "from_everybody")


@dataclass(frozen=True)
class Due:
    # How many answers are stale or will be soon, and are not on their way.
    number: int
    # Of them, those that are stale already.
    stale: int
    # Besides them: submitted, and waiting for a second person.
    submitted: int
    # The first day on which one of them counts no more; where nothing is due, of those submitted.
    since: date


@dataclass(frozen=True)
class Whom:
    """Who may answer for a country."""

    # Those whose scope names it.
    named: Sequence[Principal]
    # Those who work on all countries.
    everywhere: Sequence[Principal]

    @cached_property
    def words(self) -> str:
        """Who has a country of their own answers for it; else everybody who works on all."""
        if self.named:
            return _names(self.named)
        if self.everywhere:
            return str(_("whoever works on all countries: %(names)s", names=_names(self.everywhere)))
        return ""

    def includes(self, person_id: int) -> bool:
        return any(one.person_id == person_id for one in self.named or self.everywhere)


@dataclass(frozen=True)
class Row:
    country: Country
    due: Due
    whom: Whom

    @property
    def names(self) -> str:
        return filtered_names(self.country)


@dataclass(frozen=True)
class Asked:
    places: Wanted
    mine: bool = False

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> "Asked":
        return cls(Wanted.read(arguments), arguments.get("whose", "") == "mine")

    def as_arguments(self) -> dict[str, str]:
        return self.places.as_arguments() | ({"whose": "mine"} if self.mine else {})

    @property
    def is_narrowed(self) -> bool:
        return self != Asked(Wanted())


@dataclass(frozen=True)
class DueList:
    asked: Asked
    # What has been due longest first; where all is submitted, last.
    rows: Sequence[Row]
    # The reader may write answers: some of it may be theirs.
    may_record: bool
    by: date

    @property
    def number(self) -> int:
        return sum(row.due.number for row in self.rows)

    @property
    def submitted(self) -> int:
        return sum(row.due.submitted for row in self.rows)

    @property
    def orphans(self) -> int:
        """Countries for which nobody answers."""
        return sum(not row.whom.words for row in self.rows)


def due_list(session: Session, asked: Asked, reader: Principal, today: date) -> DueList:
    by_country = due_by_country(due_answers(session, reader), today)
    people = coverage.who_records(session)
    rows = [
        Row(country, by_country[country.iso3], _whom(people, country.iso3))
        for country in chosen_countries(asked.places, reader)
        if country.iso3 in by_country
    ]
    if asked.mine:
        rows = [row for row in rows if row.whom.includes(reader.person_id)]
    rows.sort(key=lambda row: (not row.due.number, row.due.since))
    return DueList(asked, rows, reader.may(Right.RECORD), today + AHEAD)


def due_answers(session: Session, reader: Principal) -> list[Answered]:
    """What is on its way is for those to know who write answers, and those who look at them."""
    with_waiting = reader.may(Right.RECORD) or reader.may(Right.REVIEW)
    return coverage.newest_answers(session, reader.clearance, reader.scope, with_waiting=with_waiting)


def due_by_country(answers: Iterable[Answered], today: date) -> dict[str, Due]:
    found: dict[str, list[tuple[Answered, date]]] = {}
    for one in answers:
        if one.voice is not Voice.CODED:
            continue
        stale_on = one.day + timedelta(days=one.fresh_for_days + 1)
        if stale_on <= today + AHEAD:
            found.setdefault(one.iso3, []).append((one, stale_on))
    return {iso3: _due(those, today) for iso3, those in found.items()}


def due_as_csv(listed: DueList) -> str:
    """The list as it is seen: the same rows in the same order."""
    return sheet(CSV_COLUMNS, [_cells(row) for row in listed.rows], of_today())


def _due(those: Sequence[tuple[Answered, date]], today: date) -> Due:
    open_ones = [(one, stale_on) for one, stale_on in those if not one.is_waiting]
    return Due(
        number=sum(one.number for one, _stale_on in open_ones),
        stale=sum(one.number for one, stale_on in open_ones if stale_on <= today),
        submitted=sum(one.number for one, _stale_on in those if one.is_waiting),
        since=min(stale_on for _one, stale_on in open_ones or those),
    )


def _whom(people: Sequence[Principal], iso3: str) -> Whom:
    named = [one for one in people if one.scope is not None and one.reaches(iso3)]
    return Whom(named, [one for one in people if one.scope is None])


def _names(people: Sequence[Principal]) -> str:
    names = ", ".join(one.name for one in people[:MOST_NAMED])
    more = len(people) - MOST_NAMED
    if more <= 0:
        return names
    return str(ngettext("%(names)s and %(num)s more", "%(names)s and %(num)s more", more, names=names))


def _cells(row: Row) -> list[Cell]:
    due, people = row.due, row.whom.named or row.whom.everywhere
    counted: list[Cell] = [due.number, due.stale, due.submitted, due.since]
    from_whom: list[Cell] = ["; ".join(one.name for one in people), not row.whom.named]
    return [row.country.iso3, country_name(row.country), *counted, *from_whom]
