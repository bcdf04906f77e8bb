"""How long does the server take for the page of a country of which 75 indicators are known for 30 years?

    python -m bench.country

Prints the median time of the page for the usual and for the longest window, of "/criteria" in the same process, and
each against the limit of 60 ms. Every other member of the United Nations has a score, so that there is a ranking.
"""

import os
import statistics
import tempfile
import time
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from tests import factories
from tracker.access import Role
from tracker.actions.concluding import draw_conclusions
from tracker.actions.stocking import stock
from tracker.commands.serve import leave_what_is_here_uncollected
from tracker.handling import Mark
from tracker.indicator import Cadence
from tracker.settings import Mode, Settings
from tracker.storage import catalogue, countries, observations
from tracker.storage.base import Database, Session
from tracker.storage.migrating import upgrade
from tracker.storage.watching import Indicator
from tracker.web.app import create_app

INDICATORS, YEARS, ROUNDS = 75, 30, 30
LIMIT_MILLISECONDS = 60
COUNTRY = "MLI"
OF_EVERYBODY = ("wgi_rule_of_law", "wgi_political_stability", "wgi_voice_and_accountability")
MONTHS_BETWEEN = {Cadence.MONTHLY: 1, Cadence.QUARTERLY: 3, Cadence.YEARLY: 12, Cadence.ONCE: 12}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        client, recorded = made(Path(folder))
        leave_what_is_here_uncollected()  # as the server does
        plain, of_processor = medians(client, "/criteria")
        print(f"/criteria: {plain:.1f} ms, {of_processor:.1f} of them by the processor")
        print(f"{INDICATORS} indicators over {YEARS} years, {recorded} observations:")
        for window in ("", "?window=10", "?window=all"):
            taken, of_processor = medians(client, f"/countries/{COUNTRY}{window}")
            used = f"{taken / LIMIT_MILLISECONDS:.0%} of {LIMIT_MILLISECONDS} ms, {taken / plain:.1f} times /criteria"
            print(f"/countries/{COUNTRY}{window}: {taken:.1f} ms, {of_processor:.1f} of them by the processor; {used}")


def medians(client: FlaskClient, path: str) -> tuple[float, float]:
    """By the clock, and what this process had of the processor: where others work on the machine the two differ.

    Made anew each time: of the same address the page would be kept.
    """
    taken, of_processor = [], []
    for number in range(ROUNDS):
        asked = f"{path}{'&' if '?' in path else '?'}round={number}"
        begun, used = time.perf_counter(), time.process_time()
        answer = client.get(asked)
        taken.append((time.perf_counter() - begun) * 1000)
        of_processor.append((time.process_time() - used) * 1000)
        assert answer.status_code == 200, path
    return statistics.median(taken), statistics.median(of_processor)


def made(folder: Path) -> tuple[FlaskClient, int]:
    now, url = datetime.now(UTC), f"sqlite:///{folder / 'country.sqlite3'}"
    upgrade(url)
    database = Database(url)
    with database.writing() as session:
        stock(session, now=now, with_published=False)
        person = factories.person(session, roles=list(Role), clearance=Mark.RED, created_at=now)
        key = factories.sign_in(session, person, now=now)
        recorded = fill(session, now)
    settings = Settings(Mode.LOCAL, folder, url, os.urandom(20).hex(), "http://localhost:8000", None, "t@localhost")
    client = create_app(settings, database).test_client()
    with client.session_transaction() as cookie:
        cookie.update(key=key, seen=now.timestamp())
    return client, recorded


def fill(session: Session, now: datetime) -> int:
    """Each indicator answered as often as it is asked, and three published figures of everybody else.

    Levels change every year and a half, each indicator's in another month: flags are raised and clear all the time.
    """
    asked = catalogue.all_indicators(session)
    assert len(asked) >= INDICATORS - 1, "the catalogue has about as many indicators as are asked for"
    first = factories.observation(
        session, indicator=asked[0].key, iso3=COUNTRY, on=date(1950, 1, 1), value=1, recorded_at=now
    )
    rows = [row for place, one in enumerate(asked[:INDICATORS]) for row in answers_to(one, place, now.date())]
    ids = catalogue.indicator_ids(session)
    for place, country in enumerate(countries.all_countries(session)):
        if country.iso3 != COUNTRY and country.un_member:
            on = date(now.year - 1, 12, 31)
            rows += [said(ids[key], country.iso3, on, place % 50 / 10 - 2.5, 0.2) for key in OF_EVERYBODY]
    observations.append(session, [row | {"batch_id": first.batch_id} for row in rows])
    draw_conclusions(session, [first.batch_id], now=now)
    return sum(row["iso3"] == COUNTRY for row in rows)


def answers_to(one: Indicator, place: int, today: date) -> Iterator[dict[str, Any]]:
    lowest, highest = sorted((one.best, one.worst))
    for month in range(0, YEARS * 12, MONTHS_BETWEEN[one.cadence]):
        year, of_year = divmod(today.year * 12 + today.month - 2 - month, 12)
        on = date(year, of_year + 1, monthrange(year, of_year + 1)[1])
        share = (month // 18 + place) % 5 / 4
        value = round(lowest + share * (highest - lowest)) if one.levels else lowest + share * (highest - lowest)
        yield said(one.id, COUNTRY, on, float(value), None if one.levels else 0.1)


def said(indicator_id: int, iso3: str, on: date, value: float, standard_error: float | None) -> dict[str, Any]:
    return {
        "observed_on": on,
        "iso3": iso3,
        "indicator_id": indicator_id,
        "revision": 1,
        "value": value,
        "standard_error": standard_error,
        "handling": 0,
        "attributable": True,
    }


if __name__ == "__main__":
    main()
