"""What stands in a bundle, line by line, as somebody looks it through."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from tracker.bundle import (
    BundlePart,
    Shared,
    SharedAssessment,
    SharedFlag,
    SharedObservation,
    SharedWithdrawal,
    part_of,
)
from tracker.criterion import Dimension
from tracker.handling import Mark
from tracker.method import ROOT
from tracker.storage.flags import MANUAL
from tracker.web.flag_words import severity_word
from tracker.web.frame import frame
from tracker.web.situations.words import crime_word, stage_word, step_word, verdict_word
from tracker.web.words import country_name, day, dimension_word, figure

LINES_ON_A_PAGE = 50
# What it speaks of, what it says, whose word it is, and every other word of it.
Told = tuple[str, str, str, Sequence[str]]


@dataclass(frozen=True)
class Line:
    country: str
    part: BundlePart
    what: str
    day: date
    says: str
    mark: Mark
    # Whose word it is, or in which words it was said; empty: nothing is told.
    beside: str
    # Every other word that leaves with it: each with what it is called.
    details: Sequence[str] = ()


@dataclass(frozen=True)
class Listing:
    """A part of a long list."""

    lines: Sequence[Line]
    first: int
    last: int
    total: int
    # None: there is none.
    previous_page: int | None
    next_page: int | None


def listing(rows: Sequence[Shared], page: int) -> Listing:
    pages = max(1, -(-len(rows) // LINES_ON_A_PAGE))
    page = min(max(page, 1), pages)
    start = (page - 1) * LINES_ON_A_PAGE
    shown, names = rows[start : start + LINES_ON_A_PAGE], Names()
    return Listing(
        [names.line(row) for row in shown],
        first=start + 1 if rows else 0,
        last=start + len(shown),
        total=len(rows),
        previous_page=page - 1 if page > 1 else None,
        next_page=page + 1 if page < pages else None,
    )


@dataclass(frozen=True)
class Count:
    """How many rows of a country bear which mark."""

    country: str
    by_mark: Mapping[Mark, int]
    total: int


def counts_by_country(rows: Sequence[Shared]) -> list[Count]:
    by_country: dict[str, dict[Mark, int]] = {}
    for row in rows:
        counted = by_country.setdefault(row.country, {})
        counted[row.mark] = counted.get(row.mark, 0) + 1
    names = Names()
    found = [Count(names.country(iso3), counts, sum(counts.values())) for iso3, counts in by_country.items()]
    return sorted(found, key=lambda one: one.country)


class Names:
    """What is called how here; what nobody here knows keeps the name that it came with."""

    def __init__(self) -> None:
        known = frame()
        self._countries = known.countries
        self._subjects = {
            ROOT: str(_("the risk as a whole")),
            **{dimension.value: dimension_word(dimension) for dimension in Dimension},
            **{one.key: one.name for one in known.every_criterion},
            **{one.key: one.name for one in known.every_indicator},
        }

    def country(self, iso3: str) -> str:
        known = self._countries.get(iso3)
        return country_name(known) if known else iso3

    def subject(self, key: str) -> str:
        return self._subjects.get(key, key)

    def line(self, row: Shared) -> Line:
        what, says, beside, details = self._told(row)
        return Line(self.country(row.country), part_of(row), what, row.day, says, row.mark, beside, details)

    def _told(self, row: Shared) -> Told:
        if isinstance(row, SharedObservation):
            return self.subject(row.indicator), _value(row), _source(row), _details(row)
        if isinstance(row, SharedWithdrawal):
            return self.subject(row.indicator), str(_("withdrawn")), "", ()
        return self._flag(row) if isinstance(row, SharedFlag) else _assessment(row)

    def _flag(self, row: SharedFlag) -> Told:
        rule = str(_("Raised by a person")) if row.rule == MANUAL else row.rule_name or row.rule
        named = {"rule": rule, "subject": self.subject(row.subject)}
        what = str(_("%(rule)s: %(subject)s", **named)) if row.subject else rule
        standing = _("open") if row.is_open else _("cleared or ended")
        verdict = verdict_word(row.verdict) if row.verdict else _("no verdict")
        opened = str(_("opened on %(day)s", day=day(row.opened_on)))
        return what, f"{severity_word(row.severity)}, {standing}", str(verdict), (opened,)


def _value(row: SharedObservation) -> str:
    return str(_("don't know")) if row.value is None else figure(row.value)


def _source(row: SharedObservation) -> str:
    """With how it is graded."""
    named = {"source": row.source or str(_("not for attribution")), "grade": f"{row.reliability}{row.credibility}"}
    return str(_("%(source)s, grade %(grade)s", **named))


def _details(row: SharedObservation) -> Sequence[str]:
    error = "" if row.standard_error is None else str(_("standard error %(figure)s", figure=figure(row.standard_error)))
    return [one for one in (row.note or "", row.evidence or "", error) if one]


def _assessment(row: SharedAssessment) -> Told:
    what = str(_("Assessment of %(part)s", part=row.part)) if row.part else str(_("Assessment of the whole country"))
    crimes = ", ".join(crime_word(crime) for crime in row.crimes) or str(_("out of scope"))
    steps = [
        str(_("likelihood %(step)s", step=step_word(row.likelihood))) if row.likelihood else "",
        str(_("consequence %(step)s", step=step_word(row.consequence))) if row.consequence else "",
        stage_word(row.stage) if row.stage else "",
    ]
    population = str(_("Who would suffer: %(people)s", people=row.population)) if row.population else ""
    details = [one for one in (population, row.out_of_scope) if one]
    return what, "; ".join(filter(None, (crimes, *steps))), row.summary, details
