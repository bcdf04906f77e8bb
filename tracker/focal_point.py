"""Who answers for the Responsibility to Protect in a country's government or in an organisation, and who is missing?

That there is a focal point, in which office and since when, is for everybody. Who it is and how to reach them is for
whoever may see the mark.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from tracker.answer import is_web_address
from tracker.refusal import N_, OutOfTurn, Refusal

LONGEST_LINE = 200
LONGEST_CONTACT = 1000
LONGEST_LINK = 2000


class AppointmentUnfit(Refusal):
    """`field` is the one of the form that it is about."""

    def __init__(self, field: str, sentence: str, **values: object) -> None:
        super().__init__(sentence, **values)
        self.field = field


class EndedAlready(OutOfTurn):
    def __init__(self) -> None:
        super().__init__(N_("That this focal point left office is written down already."))


@dataclass(frozen=True)
class Appointment:
    """What is written down of a focal point."""

    office: str
    # Who holds it; empty: the office answers, whoever holds it.
    name: str
    contact: str
    since: date
    # Where it was made known; empty: nowhere that is known.
    link: str = ""


def refuse_unfit(appointment: Appointment, today: date) -> None:
    if not appointment.office:
        raise AppointmentUnfit("office", N_("Name the office: it is what everybody reads."))
    for field, text, longest in (
        ("office", appointment.office, LONGEST_LINE),
        ("name", appointment.name, LONGEST_LINE),
        ("contact", appointment.contact, LONGEST_CONTACT),
        ("link", appointment.link, LONGEST_LINK),
    ):
        if len(text) > longest:
            raise AppointmentUnfit(field, N_("Enter at most %(longest)s characters."), longest=longest)
    if appointment.since > today:
        raise AppointmentUnfit("since", N_("Enter the day of the appointment once it has come."))
    is_web = appointment.link.startswith(("https://", "http://")) and is_web_address(appointment.link)
    if appointment.link and not is_web:
        raise AppointmentUnfit("link", N_("A link begins with https:// or http:// and names a site."))


def refuse_end(since: date, until: date | None, last: date, today: date) -> None:
    """`until`: the last day as it is written down; `last`: as it is wanted."""
    if until is not None:
        raise EndedAlready
    if not since <= last <= today:
        raise AppointmentUnfit("until", N_("Enter a day from the appointment up to today."))


@dataclass(frozen=True)
class Share:
    """Of the countries of one place: how many have a focal point."""

    # Empty: all of them together.
    place: str
    covered: int
    of: int

    @property
    def part(self) -> float:
        return self.covered / self.of if self.of else 0.0


def shares(places: Mapping[str, Collection[str]], covered: Collection[str]) -> list[Share]:
    """Of each place with a country, that with the most missing first."""
    found = [
        Share(place, sum(iso3 in covered for iso3 in countries), len(countries))
        for place, countries in places.items()
        if countries
    ]
    return sorted(found, key=lambda share: (-(share.of - share.covered), share.place))
