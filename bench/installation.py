"""An installation as it is in use, for benches of whole pages: two hundred countries, and what is known of them.

The bundled published figures were loaded fourteen months ago. Since then every coded question about sixty countries
has been answered month by month, each month recorded and concluded from on its own day, as the product does it: so
there is a history, and there are flags and situations. The same at every run, but for the days.
"""

import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

import config
from tests import factories
from tests.concluding import recorded
from tracker.access import Role
from tracker.actions.concluding import countries_to_look_at, draw_conclusions, let_time_pass
from tracker.actions.stocking import stock
from tracker.handling import Mark
from tracker.indicator import Voice
from tracker.settings import Settings
from tracker.storage import catalogue, countries, observations
from tracker.storage.base import Database, Session
from tracker.storage.migrating import upgrade
from tracker.storage.recording import Batch, BatchKind
from tracker.web.app import create_app

COUNTRIES, CODED, MONTHS = 200, 60, 14
HOME_OF_COOKIE = "tracker"


@dataclass(frozen=True)
class Installation:
    settings: Settings
    database: Database
    # Of somebody who may do and see everything.
    key: str

    def client(self, app: Flask | None = None) -> FlaskClient:
        """Signed in, and the token of its forms is made: its next pages are those of an ordinary visit."""
        client = (app or self.app()).test_client()
        with client.session_transaction() as cookie:
            cookie.update(key=self.key, seen=time.time())
        assert client.get("/criteria").status_code == 200
        return client

    def app(self) -> Flask:
        return create_app(self.settings, self.database)

    def cookie(self, app: Flask) -> str:
        """What a browser would send that has just been let in. Later than a minute from now it would be renewed."""
        found = self.client(app).get_cookie(HOME_OF_COOKIE)
        assert found is not None
        return f"{HOME_OF_COOKIE}={found.value}"

    def changes(self) -> Iterator[str]:
        """With each step one coded answer is recorded and concluded from: which country it is about."""
        today, chance = datetime.now(UTC).date(), random.Random(2)
        with self.database.reading() as session:
            asked = [one.key for one in catalogue.all_indicators(session) if one.voice is Voice.CODED]
            watched = [country.iso3 for country in countries.all_countries(session) if country.watched]
        for indicator in asked:
            for iso3 in chance.sample(watched, len(watched)):
                with self.database.writing() as session:
                    recorded(session, indicator, chance.randrange(5), on=today, at=datetime.now(UTC), iso3=iso3)
                yield iso3

    def environment(self) -> dict[str, str]:
        """For the commands of this installation."""
        return os.environ | {"TRACKER_DATA": str(self.settings.data_folder)}


@contextmanager
def installation(fill: Callable[[Session, datetime], None]) -> Iterator[Installation]:
    """Prepared, with whatever `fill` puts in, and somebody signed in; gone afterwards."""
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o700)
        settings = config.read({"TRACKER_DATA": name})
        upgrade(settings.database_url)
        database = Database(settings.database_url)
        with database.writing() as session:
            fill(session, now)
            person = factories.person(session, roles=list(Role), clearance=Mark.RED, created_at=now)
            key = factories.sign_in(session, person, now=now)
        yield Installation(settings, database, key)
        database.dispose()


def in_use(session: Session, now: datetime) -> None:
    begun = now - timedelta(days=30 * MONTHS)
    stock(session, now=begun)
    watch_so_many(session)
    asked = [one.id for one in catalogue.all_indicators(session) if one.voice is Voice.CODED]
    watched = [country.iso3 for country in countries.all_countries(session) if country.watched]
    coded = random.Random(1).sample(watched, CODED)
    source_id = factories.source(session).id
    for month in range(1, MONTHS + 1):
        at = begun + timedelta(days=30 * month - 1)
        month_of_answers(session, coded, asked, source_id, at, is_late=month > MONTHS - 3)
    for iso3 in countries_to_look_at(session, now=now):
        let_time_pass(session, iso3, now=now)


def watch_so_many(session: Session) -> None:
    """The members of the United Nations, and some more, to make a round number."""
    everywhere = countries.all_countries(session)
    watched = sum(country.watched for country in everywhere)
    for country in [one for one in everywhere if not one.watched][: COUNTRIES - watched]:
        country.watched = True
    session.flush()


def month_of_answers(
    session: Session, coded: Sequence[str], asked: Sequence[int], source_id: int, at: datetime, *, is_late: bool
) -> None:
    """Each country has a level of its own, around which its answers vary; lately some have become worse."""
    batch = Batch(
        kind=BatchKind.CODED,
        source_id=source_id,
        catalogue_version=1,
        recorded_by=None,
        recorded_at=at,
        accepted_by=None,
    )
    session.add(batch)
    session.flush()
    rows = []
    for iso3 in coded:
        own = random.Random(iso3)
        level, worse = own.uniform(0, 3), own.choice((0, 0, 0, 1)) if is_late else 0
        chance = random.Random(f"{iso3} {at.date()}")
        rows += [
            {"observed_on": at.date(), "iso3": iso3, "indicator_id": number, "revision": 1, "handling": 0,
             "value": float(min(4, max(0, round(level + worse + chance.gauss(0, 0.5))))), "attributable": True,
             "batch_id": batch.id}
            for number in asked if own.random() < 0.7
        ]  # fmt: skip
    observations.append(session, rows)
    draw_conclusions(session, [batch.id], now=at)
