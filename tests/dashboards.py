"""What a dashboard says, as a reader sees it, and much to be seen on it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from tests import factories
from tests.strict_client import StrictClient, parsed
from tracker.actions.concluding import draw_conclusions
from tracker.handling import Mark
from tracker.storage.base import Session

# One of each dimension: enough for a risk.
WGI = ("wgi_rule_of_law", "wgi_political_stability", "wgi_voice_and_accountability")
LAST_YEAR = date(2025, 12, 31)


def scored(
    session: Session, risks: Mapping[str, float], *, at: datetime, on: date = LAST_YEAR, handling: Mark = Mark.CLEAR
) -> None:
    """In one act: countries of which the risk and each of three criteria is so many points."""
    made = [
        factories.observation(
            session,
            indicator=key,
            iso3=iso3,
            on=on,
            value=2.5 - points / 20,
            standard_error=0.1,
            handling=handling,
            recorded_at=at,
        )
        for iso3, points in risks.items()
        for key in WGI
    ]
    draw_conclusions(session, [one.batch_id for one in made], now=at)


def words_of(found: HtmlElement) -> str:
    return " ".join(found.text_content().split())


class Row(NamedTuple):
    """Of the ranking, in words."""

    name: str
    place: str
    score: str
    level: str
    interval: str
    month: str
    year: str
    known: str


def ranked(client: StrictClient, address: str = "/") -> list[Row]:
    page = parsed(client.get(address))
    rows = page.xpath("//table[@data-filter]/tbody/tr")
    return [_row(words_of(row.xpath("th//a")[0]), row.xpath("td")) for row in rows]


def _row(name: str, cells: list[HtmlElement]) -> Row:
    place, score, level, _drawn, month, year, _way, known = map(words_of, cells)
    return Row(name, place, score, level, "".join(cells[3].xpath(".//@aria-label")), month, year, known)


def names(client: StrictClient, address: str = "/") -> list[str]:
    return [row.name for row in ranked(client, address)]


class Case(NamedTuple):
    """An open situation, in words."""

    heading: str
    sentence: str
    due: str


def cases(client: StrictClient, address: str = "/") -> list[Case]:
    found = parsed(client.get(address)).xpath("//section[@aria-labelledby='attention']//ol/li")
    return [Case(*("".join(map(words_of, one.xpath(way))) for way in (".//h3", "div/p", "p"))) for one in found]


class Told(NamedTuple):
    """What is new."""

    country: str
    turn: str
    sentence: str
    path: str


def news(client: StrictClient, address: str = "/") -> list[Told]:
    found = parsed(client.get(address)).xpath("//ol[@class='situations']/li")
    return [
        Told(
            words_of(one.xpath(".//h3/a")[0]),
            words_of(one.xpath(".//h3/span")[0]),
            words_of(one.xpath("div/p")[0]),
            urlsplit(one.xpath(".//h3/a/@href")[0]).path,
        )
        for one in found
    ]


def on_map(client: StrictClient, address: str = "/") -> list[str]:
    return [str(label) for label in parsed(client.get(address)).xpath("//figure//a/@aria-label")]


def counts(client: StrictClient, address: str = "/") -> dict[str, int]:
    found = parsed(client.get(address)).xpath("//ul[@class='level-counts']/li/a")
    return {words_of(one).partition(" ")[2]: int(one.xpath("string(b)")) for one in found}
