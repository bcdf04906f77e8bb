"""Where an analyst begins: what came back, what is half done, what is due, and all countries they may write about."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from flask import url_for

from tracker.access import Principal
from tracker.coding import LIVE, CodingAct, CodingState, usual_period
from tracker.country import sort_key
from tracker.storage import catalogue, codings, countries
from tracker.storage.base import Session
from tracker.storage.recording import Coding
from tracker.storage.watching import Country, Indicator
from tracker.web.codings.grid import grid_url
from tracker.web.country_choice import Wanted
from tracker.web.coverage.due_list import Asked, DueList, due_list
from tracker.web.words import country_name


@dataclass(frozen=True)
class Month:
    """One country in one month, with what the analyst has on its way there."""

    country: Country
    period: date
    url: str
    drafts: int
    submitted: int
    returned: int


@dataclass(frozen=True)
class Returned:
    country: Country
    indicator: Indicator
    coding: Coding
    url: str


@dataclass(frozen=True)
class Start:
    months: list[Month]
    returned: list[Returned]
    # From the writer, in countries of which not all is on its way.
    due: DueList
    countries: list[Country]
    period: date


def entry_start(session: Session, writer: Principal, today: date) -> Start:
    reachable = {one.iso3: one for one in countries.all_countries(session, writer.scope)}
    own = [one for one in codings.of_author(session, writer.person_id, LIVE) if one.cell.iso3 in reachable]
    counts: dict[tuple[str, date], Counter[CodingState]] = defaultdict(Counter)
    for one in own:
        if one.act is CodingAct.ANSWER:
            counts[one.cell.iso3, one.cell.period][one.state] += 1
    back = [one for one in own if one.state is CodingState.RETURNED]
    indicators = catalogue.indicators_by_id(session, {one.cell.indicator_id for one in back}) if back else {}
    return Start(
        months=[
            Month(
                country=reachable[iso3],
                period=period,
                url=grid_url(iso3, period),
                drafts=found[CodingState.DRAFT],
                submitted=found[CodingState.SUBMITTED],
                returned=found[CodingState.RETURNED],
            )
            for (iso3, period), found in counts.items()
        ],
        returned=[
            Returned(
                reachable[one.cell.iso3],
                indicators[one.cell.indicator_id],
                one,
                _place_of(one, indicators[one.cell.indicator_id]),
            )
            for one in back
        ],
        due=due_list(session, Asked(Wanted(), mine=True), writer, today),
        countries=sorted(reachable.values(), key=lambda country: sort_key(country_name(country))),
        period=usual_period(today),
    )


def _place_of(coding: Coding, indicator: Indicator) -> str:
    """Where it can be changed: an answer in its grid, a correction or withdrawal on the observation's own page."""
    cell = coding.cell
    if coding.act is CodingAct.ANSWER or coding.observed_on is None:
        return grid_url(cell.iso3, cell.period, f"value-{indicator.id}")
    day = coding.observed_on.isoformat()
    url: str = url_for("observations.observation", iso3=cell.iso3, key=indicator.key, day=day)
    return url
