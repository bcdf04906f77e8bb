"""How long does the server take for an entry grid of 300 questions beside three months, against a plain page?

    python -m bench.grid

Prints the median time of the grid, of "/criteria" in the same process, and the grid against its limit of 100 ms.
"""

import os
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from flask.testing import FlaskClient

from tests import factories
from tracker.access import Principal, Role
from tracker.actions.codings import writing
from tracker.actions.stocking import stock
from tracker.answer import Answer
from tracker.coding import period_before, period_of, usual_period
from tracker.commands.serve import leave_what_is_here_uncollected
from tracker.handling import Mark
from tracker.indicator import Voice
from tracker.settings import Mode, Settings
from tracker.storage import catalogue, observations
from tracker.storage.base import Database, Session
from tracker.storage.codings import Place
from tracker.storage.migrating import upgrade
from tracker.storage.watching import Indicator
from tracker.web.app import create_app

QUESTIONS, MONTHS, DRAFTS, ROUNDS = 300, 24, 150, 30
LIMIT_MILLISECONDS = 100
COUNTRY = "MLI"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        client = made(Path(folder))
        leave_what_is_here_uncollected()  # as the server does
        plain, grid = (median(client, path) for path in ("/criteria", f"/enter/{COUNTRY}"))
    print(f"/criteria: {plain:.1f} ms")
    print(f"grid of {QUESTIONS} questions, {DRAFTS} of them drafted: {grid:.1f} ms, {grid / plain:.1f} times /criteria")
    print(f"limit {LIMIT_MILLISECONDS} ms: used to {grid / LIMIT_MILLISECONDS:.0%}")


def median(client: FlaskClient, path: str) -> float:
    taken = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        answer = client.get(path)
        taken.append((time.perf_counter() - begun) * 1000)
        assert answer.status_code == 200, path
        assert path == "/criteria" or answer.text.count("is-cell") == QUESTIONS, "every question has its cell"
    return statistics.median(taken)


def made(folder: Path) -> FlaskClient:
    now, url = datetime.now(UTC), f"sqlite:///{folder / 'grid.sqlite3'}"
    upgrade(url)
    database = Database(url)
    with database.writing() as session:
        stock(session, now=now, with_published=False)
        person = factories.person(session, roles=list(Role), clearance=Mark.RED, created_at=now)
        key = factories.sign_in(session, person, now=now)
        writer = Principal(person.id, person.name, frozenset(Role), None, Mark.RED)
        fill(session, writer, now)
    settings = Settings(Mode.LOCAL, folder, url, os.urandom(20).hex(), "http://localhost:8000", None, "t@localhost")
    client = create_app(settings, database).test_client()
    with client.session_transaction() as cookie:
        cookie.update(key=key, seen=now.timestamp())
    return client


def fill(session: Session, writer: Principal, now: datetime) -> None:
    """As many questions as asked for, each answered in every month of two years, half of them drafted again."""
    period = usual_period(now.date())
    months = [period_before(period, back) for back in range(1, MONTHS + 1)]
    keys = more_questions(session)
    first = factories.observation(session, indicator=keys[0], iso3=COUNTRY, on=months[0], value=0, recorded_at=now)
    ids = catalogue.indicator_ids(session)
    rows = [
        {"observed_on": month, "iso3": COUNTRY, "indicator_id": ids[key], "revision": 1, "value": float(number % 3),
         "handling": 0, "attributable": True, "batch_id": first.batch_id}
        for number, key in enumerate(keys) for month in months if (key, month) != (keys[0], months[0])
    ]  # fmt: skip
    observations.append(session, rows)
    for key in keys[:DRAFTS]:
        place = Place(COUNTRY, ids[key], period_of(period))
        writing.save(session, place, Answer(typed="1", source="A report"), seen=0, by=writer, now=now)


def more_questions(session: Session) -> list[str]:
    """The catalogue's own, and copies of them up to the number."""
    coded = [one for one in catalogue.all_indicators(session) if one.voice is Voice.CODED]
    next_id = catalogue.highest_indicator_id(session) + 1
    columns = [column.key for column in Indicator.__table__.columns]
    for number in range(QUESTIONS - len(coded)):
        like = coded[number % len(coded)]
        copied = {name: getattr(like, name) for name in columns}
        copied |= {"id": next_id + number, "key": f"{like.key[:40]}_{number}", "position": 1000 + number}
        session.add(Indicator(**copied))
    session.flush()
    return [one.key for one in catalogue.all_indicators(session) if one.voice is Voice.CODED]


if __name__ == "__main__":
    main()
