"""Which questions a sheet to fill in offline asks: one country or all of one's own, one criterion or all, a month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from tracker.access import Principal
from tracker.actions.codings.writing import last_before
from tracker.coding import observed_on
from tracker.exchange.template_sheet import Question, Words, template_sheet
from tracker.indicator import Voice
from tracker.refusal import N_, NotThere, Refusal
from tracker.storage import catalogue, countries
from tracker.storage.base import Session
from tracker.storage.watching import Country, Indicator
from tracker.web.codings.grid_row import value_words
from tracker.web.words import country_name

MOST_ROWS = 5000


@dataclass(frozen=True)
class Wanted:
    # Empty: every watched country of the writer's.
    iso3: str
    # Empty: every criterion.
    criterion: str
    period: date

    @property
    def file_name(self) -> str:
        return "-".join(filter(None, (self.iso3 or "countries", self.criterion, f"{self.period:%Y-%m}"))) + ".xlsx"


def offline_sheet(session: Session, wanted: Wanted, writer: Principal, today: date) -> bytes:
    asked = _indicators(session, wanted.criterion)
    about = _countries(session, wanted.iso3, writer)
    if len(asked) * len(about) > MOST_ROWS:
        raise Refusal(
            N_("That would be %(rows)s rows; a sheet has at most %(most)s. Choose one country or one criterion."),
            rows=len(asked) * len(about),
            most=MOST_ROWS,
        )
    questions = [
        question for country in about for question in _questions(session, country, asked, wanted.period, writer, today)
    ]
    return template_sheet(questions, _words(), writer.clearance)


def _indicators(session: Session, criterion: str) -> list[Indicator]:
    found = [
        indicator
        for one in catalogue.criteria_in_force(session)
        for indicator in one.indicators
        if criterion in ("", one.key) and indicator.voice is Voice.CODED and not indicator.retired
    ]
    if not found:
        raise NotThere(N_("There is no such criterion, or analysts code nothing under it."))
    return found


def _countries(session: Session, iso3: str, writer: Principal) -> list[Country]:
    reachable = countries.all_countries(session, writer.scope)
    found = [one for one in reachable if (one.iso3 == iso3 if iso3 else one.watched)]
    if not found:
        raise NotThere(N_("There is no such country."))
    return found


def _questions(
    session: Session, country: Country, asked: Sequence[Indicator], period: date, writer: Principal, today: date
) -> list[Question]:
    before = last_before(session, country.iso3, period, writer)
    made = []
    for one in asked:
        last = before.get(one.id)
        made.append(
            Question(
                iso3=country.iso3,
                country=country_name(country),
                day=observed_on(period, today),
                indicator=one.key,
                question=one.question,
                levels=[(f"{level['value']:g}", str(level["descriptor"])) for level in one.levels],
                last=f"{value_words(last.value, last.unknown)} ({last.observed_on})" if last else "",
            )
        )
    return made


def _words() -> Words:
    return Words(
        sheet=_("Answers"),
        how=_("How to fill this in"),
        explanation=[
            _("Write a level into the column “value”: the comment of each cell says what the levels mean."),
            _("Write ? where you looked and cannot tell. Leave empty what you did not look at."),
            _(
                "Write unchanged where you looked again and found it as it was last time: it is recorded anew, with "
                "the source that you name."
            ),
            _("Name the source of each answer. The grade is a letter from A to F and a digit from 1 to 6, such as B2."),
            _("“handling” is the TLP mark; “attribution” says whether the source may be named: yes or no."),
            _("Do not change the columns iso3, date and indicator: by them each answer is put in its place."),
            _("Then bring the file to the page “Imports”. Its answers become drafts of yours: review comes after."),
        ],
    )
