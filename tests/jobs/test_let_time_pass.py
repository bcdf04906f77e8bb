from datetime import date, datetime, timedelta

import pytest

from tests.concluding import now_of, recorded, value
from tracker.actions import concluding
from tracker.jobs.job import Shift
from tracker.jobs.let_time_pass import SomeFailed, has_time_passed, let_time_pass
from tracker.settings import Settings
from tracker.storage.base import Database, Session

COURTS = "independence_of_courts"


@pytest.fixture
def database(stocked_database: Database) -> Database:
    return stocked_database


def test_nothing_waits_while_the_day_lasts(settings: Settings, database: Database, now: datetime) -> None:
    with database.writing() as session:
        recorded(session, COURTS, 4.0, on=date(2026, 3, 15), at=now)

    with database.reading() as session:
        assert not has_time_passed(session, now)
        assert has_time_passed(session, now + timedelta(days=1))


def test_one_country_that_fails_does_not_keep_the_others_back(
    settings: Settings, database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing() as session:
        for iso3 in ("AFG", "MLI", "NER"):
            recorded(session, COURTS, 4.0, on=date(2026, 3, 15), at=now, iso3=iso3)
    later, looked_at = now + timedelta(days=100), concluding.let_time_pass

    def fails_for_one(session: Session, iso3: str, *, now: datetime) -> bool:
        if iso3 == "AFG":
            raise ValueError("a broken record")
        return looked_at(session, iso3, now=now)

    monkeypatch.setattr(concluding, "let_time_pass", fails_for_one)
    with pytest.raises(SomeFailed, match="AFG"):
        let_time_pass(Shift(settings, database, clock=lambda: later, stopping=lambda: False))

    with database.reading() as session:
        assert concluding.countries_to_look_at(session, now=later) == ["AFG"]
        assert value(session, now_of(session, "MLI"), COURTS) is None


def test_every_country_is_looked_at_however_many_are_taken_at_once(
    settings: Settings, database: Database, now: datetime
) -> None:
    countries = ["MLI", "NER", "BFA", "TCD", "SDN", "SSD", "CAF", "COD", "RWA", "BDI", "UGA", "KEN", "ETH", "SOM"]
    countries += ["ERI", "DJI", "LBY", "EGY", "TUN", "DZA", "MAR", "NGA", "CMR"]
    with database.writing() as session:
        for iso3 in countries:
            recorded(session, COURTS, 4.0, on=date(2026, 3, 15), at=now, iso3=iso3)
    later = now + timedelta(days=100)

    said = let_time_pass(Shift(settings, database, clock=lambda: later, stopping=lambda: False))

    assert said == f"Scores and flags of {len(countries)} countries are as of today."
    with database.reading() as session:
        assert not has_time_passed(session, later)
        assert [value(session, now_of(session, iso3), COURTS) for iso3 in countries] == [None] * len(countries)
