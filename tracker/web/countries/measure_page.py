"""One indicator of one country: every answer to it, the newest in words, and how it went."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from tracker.access import Principal
from tracker.indicator import Cadence
from tracker.moment import Moment
from tracker.refusal import NotThere
from tracker.storage import catalogue, country_evidence
from tracker.storage.base import Session
from tracker.storage.country_evidence import Recorded
from tracker.storage.watching import Country, Indicator
from tracker.web.chart_titles import series_title
from tracker.web.countries.evidence import Measure, Unanswered, measure_on


@dataclass(frozen=True)
class MeasurePage:
    country: Country
    indicator: Indicator
    moment: Moment
    # What stands and what is withdrawn, oldest first.
    recorded: Sequence[Recorded]
    # None: no value is known.
    measure: Measure | None

    @property
    def unanswered(self) -> Unanswered:
        answers = [one for one in self.recorded if not one.is_withdrawn]
        return Unanswered(self.indicator, answers[-1].observed_on if answers else None, None)

    @property
    def title(self) -> str:
        """What its picture shows."""
        one, measure = self.indicator, self.measure
        if measure is None:
            return one.name
        values = [(figure.observed_on, figure.value) for figure in measure.figures]
        yearly = one.cadence in (Cadence.YEARLY, Cadence.ONCE)
        return series_title(one.name, values, best=one.best, worst=one.worst, yearly=yearly)

    @property
    def attribution(self) -> str:
        """For published series the sentence that their licence asks for."""
        if self.indicator.source:
            return self.indicator.source.attribution
        newest = self.measure.newest_answer.source if self.measure else None
        return newest or str(_("Source not for attribution."))


def measure_page(session: Session, country: Country, key: str, reader: Principal, moment: Moment) -> MeasurePage:
    indicator = catalogue.indicator(session, key)
    if indicator is None:
        raise NotThere(_("There is no such series."))
    known = None if moment.is_now else moment.known_at
    recorded = country_evidence.all_of_one(
        session, country.iso3, indicator.id, reader.clearance, on=moment.day, known=known
    )
    answers = [one for one in recorded if not one.is_withdrawn]
    withdrawn_on = max((one.observed_on for one in recorded if one.is_withdrawn), default=None)
    return MeasurePage(country, indicator, moment, recorded, measure_on(indicator, answers, withdrawn_on, moment.day))
