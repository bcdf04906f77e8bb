"""How long does each page take for its first view after a change, beside one million observations and beside ten?

    python -m bench.pages [OBSERVATIONS ...]

For each number of observations (by default a million and ten million; the latter takes ten minutes to make) a database
on SQLite is filled as bench/conclusions.py does it. Before each view one answer is recorded and concluded from, so that
no page is kept and whatever was remembered of the data is asked for anew. Every page that a person opens in their daily
work has its turn in each round. Prints the median server time of each page, and with several numbers how much longer it
takes beside the largest than beside the smallest: at most 1.3 times.
"""

import random
import statistics
import sys
import time
from datetime import UTC, date, datetime, timedelta

from bench import conclusions
from bench.installation import Installation, installation
from tests import factories
from tracker.access import Role
from tracker.actions.concluding import conclude_everything
from tracker.actions.stocking import stock
from tracker.commands.serve import leave_what_is_here_uncollected
from tracker.handling import Mark
from tracker.indicator import Voice
from tracker.storage import catalogue, situations, standings
from tracker.storage.base import Session

MOST_TIMES = 1.3
ROUNDS, SUBMITTED = 15, 200
COUNTRY, OTHERS = "MLI", ("NER", "TCD", "FRA")


def main() -> None:
    sizes = [int(word) for word in sys.argv[1:]] or [1_000_000, 10_000_000]
    found = {size: measured(size) for size in sizes}
    for size, pages in found.items():
        print(f"{size:,} observations, first view after a change:")
        for name, taken in pages.items():
            print(f"  {name}: {taken:.1f} ms")
    smallest, largest = min(found), max(found)
    if smallest == largest:
        return
    print(f"beside {largest:,}, against {smallest:,} (at most {MOST_TIMES} times):")
    for name, taken in found[largest].items():
        print(f"  {name}: {taken / found[smallest][name]:.2f} times")


def measured(size: int) -> dict[str, float]:
    """By page, in milliseconds."""
    with installation(lambda session, now: fill(session, size, now)) as one:
        pages, client, changes = addresses(one), one.client(), one.changes()
        leave_what_is_here_uncollected()  # as the server does
        taken: dict[str, list[float]] = {name: [] for name in pages}
        for _round in range(ROUNDS + 1):
            for name, address in pages.items():
                next(changes)
                begun = time.perf_counter()
                answer = client.get(address)
                taken[name].append((time.perf_counter() - begun) * 1000)
                assert answer.status_code == 200, f"{address}: {answer.status}"
    # in the first round templates are compiled
    return {name: statistics.median(times[1:]) for name, times in taken.items()}


def fill(session: Session, size: int, now: datetime) -> None:
    begun = time.perf_counter()
    stock(session, now=now, with_published=False)
    conclusions.fill(session, size, now)
    standings.renew_all(session)
    conclude_everything(session, now=now)
    submit_some(session, now)
    print(f"{size:,} observations are there after {time.perf_counter() - begun:.0f} s", file=sys.stderr)


def submit_some(session: Session, now: datetime) -> None:
    """So that something waits for a reviewer."""
    author = factories.person(session, roles=[Role.ANALYST], clearance=Mark.RED, created_at=now)
    coded = [one.key for one in catalogue.all_indicators(session) if one.voice is Voice.CODED]
    places = [(indicator, iso3) for indicator in coded for iso3 in conclusions.asked(session)]
    for indicator, iso3 in random.Random(3).sample(places, SUBMITTED):
        factories.coding(session, author, indicator=indicator, iso3=iso3, value=2.0, day=now.date(), now=now)


def addresses(one: Installation) -> dict[str, str]:
    today = datetime.now(UTC).date()
    with one.database.reading() as session:
        case = situations.listed(session, None, Mark.RED, is_closed=False)[0]
        criterion = catalogue.criteria_in_force(session)[0].key
    return {
        "dashboard": "/",
        "dashboard of a criterion": f"/?by={criterion}",
        "dashboard of a past day": f"/?as_of={a_year_before(today)}&known_on={today}",
        "countries": "/countries",
        "country": f"/countries/{COUNTRY}",
        "country on a past day": f"/countries/{COUNTRY}?as_of={a_year_before(today)}&known_on={today}",
        "compare": "/compare?" + "&".join(f"with={iso3}" for iso3 in (COUNTRY, *OTHERS)),
        "coverage": "/coverage",
        "what is due": "/coverage/due",
        "calendar": "/calendar",
        "search": "/search?q=election",
        "situations": "/situations",
        "situation": f"/situations/{case.id}",
        "entry grid": f"/enter/{COUNTRY}",
        "review": "/review",
        "criteria": "/criteria",
        "method": "/method",
    }


def a_year_before(day: date) -> date:
    return day - timedelta(days=365)


if __name__ == "__main__":
    main()
