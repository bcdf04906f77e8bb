"""Where the archipelago may be loaded, and what stays as it was."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests import factories
from tracker.actions.stocking import stock
from tracker.audit import verify
from tracker.catalogue.reading import read_catalogue
from tracker.coding import CodingAct
from tracker.demo.archipelago import read_archipelago
from tracker.demo.coding import Coded, coded_in, last_days
from tracker.demo.loading import NotEmpty, load_demo
from tracker.handling import Mark
from tracker.storage import audit_entries, catalogue, codings, countries, observations, people
from tracker.storage.base import Database, Session
from tracker.storage.conclusions import Occasion, Situation
from tracker.storage.recording import Batch, Observation
from tracker.storage.watching import CatalogueVersion, Country

# Six answers and a correction wait for a second person.
WAITING = 7
CHRISTMAS = datetime(2025, 12, 25, 12, 0, tzinfo=UTC)


def holdings(session: Session) -> tuple[int, int, int, list[CatalogueVersion]]:
    return (
        len(countries.all_countries(session)),
        len(people.everybody(session)),
        observations.how_many(session),
        list(session.scalars(select(CatalogueVersion))),
    )


def coded_at(now: datetime) -> list[Coded]:
    return coded_in(read_archipelago(), read_catalogue().indicators, now)


def test_a_database_with_countries_is_refused_and_left_as_it_is(session: Session, now: datetime) -> None:
    before = holdings(session)
    with pytest.raises(NotEmpty, match="not empty"):
        load_demo(session, now=now)
    assert holdings(session) == before


def test_a_database_with_people_is_refused(empty_database: Database, now: datetime) -> None:
    with empty_database.writing() as session:
        factories.person(session, created_at=now)
        with pytest.raises(NotEmpty):
            load_demo(session, now=now)
        assert catalogue.newest_version(session) is None


def test_an_archipelago_is_not_loaded_over_another(trying: Session, now: datetime) -> None:
    before = holdings(trying)
    with pytest.raises(NotEmpty):
        load_demo(trying, now=now)
    assert holdings(trying) == before


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_what_waits_is_submitted_on_whichever_day_it_is_loaded(empty_database: Database) -> None:
    with empty_database.writing() as session:
        load_demo(session, now=datetime(2026, 1, 1, tzinfo=UTC))
        waiting = codings.waiting_longest(session, None, Mark.RED, iso3=None, cells=9)
    assert len(waiting) == WAITING
    assert {one.observed_on for one in waiting if one.act is CodingAct.ANSWER} == {date(2026, 1, 1)}


def test_what_is_kept_is_exactly_what_was_coded(looking: Session, now: datetime) -> None:
    indicator_ids = catalogue.indicator_ids(looking)
    query = select(Observation, Batch.recorded_at).join(Batch, Batch.id == Observation.batch_id)
    kept = {
        (row.iso3, row.indicator_id, row.observed_on, row.value, row.note, recorded_at)
        for row, recorded_at in looking.execute(query)
    }
    assert kept == {
        (one.saved.iso3, indicator_ids[one.indicator], one.observed_on, one.level, one.note, one.saved.recorded_at)
        for one in coded_at(now)
    }


def test_the_same_month_gives_the_same_archipelago() -> None:
    first, last = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 31, 23, 59, tzinfo=UTC)
    assert coded_at(first) == coded_at(last)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_each_load_makes_a_password_of_its_own(empty_database: Database, now: datetime) -> None:
    passwords = []
    for _ in range(2):
        with empty_database.engine.connect() as connection, connection.begin() as transaction:
            passwords.append(load_demo(Session(connection), now=now).password)
            transaction.rollback()
    assert passwords[0] != passwords[1]


def test_nothing_is_recorded_after_the_moment_of_loading() -> None:
    first_moment_of_the_month = datetime(2026, 3, 1, tzinfo=UTC)
    assert max(one.saved.recorded_at for one in coded_at(first_moment_of_the_month)) < first_moment_of_the_month


@pytest.mark.parametrize("month", range(1, 13))
def test_low_cays_are_silent_in_whichever_month_it_is_loaded(month: int) -> None:
    now = datetime(2026, month, 15, tzinfo=UTC)
    forces = {row.key: row for row in read_catalogue().indicators if row.criterion == "security_sector"}
    seen = [one for one in coded_at(now) if one.saved.iso3 == "XAD" and one.indicator in forces]
    longest = max(one.observed_on + timedelta(days=forces[one.indicator].fresh_for_days) for one in seen)
    assert longest <= last_days(now)[-9]


def test_the_story_ends_with_the_month_before(now: datetime) -> None:
    days = last_days(now)
    assert (len(days), days[0], days[-1]) == (24, date(2024, 3, 31), date(2026, 2, 28))


def test_the_story_ends_with_december_when_loaded_in_january() -> None:
    assert last_days(CHRISTMAS + timedelta(days=7))[-1] == date(2025, 12, 31)


def test_an_archipelago_survives_stocking_unchanged(trying: Session, now: datetime) -> None:
    before = holdings(trying)
    stocked = stock(trying, now=now)
    assert holdings(trying) == before
    assert (stocked.catalogue_version, stocked.catalogue_is_new, stocked.values_added) == (1, False, 0)


def test_a_database_without_the_archipelago_is_stocked(empty_database: Database, now: datetime) -> None:
    with empty_database.writing() as session:
        stocked = stock(session, now=now, with_published=False)
        assert stocked.catalogue_is_new
        assert session.get(Country, "XAA") is None


def test_the_audit_chain_of_an_archipelago_is_sound(looking: Session) -> None:
    verdict = verify(audit_entries.chained(looking))
    opened = len(looking.scalars(select(Situation)).all())
    assert verdict.first_bad is None
    assert opened > 0
    assert verdict.entries > 8 + WAITING + opened


def test_the_desk_of_the_archipelago_has_begun_to_work_on_its_situations(looking: Session, now: datetime) -> None:
    situations = list(looking.scalars(select(Situation)))

    assert {one.state.value for one in situations} >= {"new", "verifying", "assessed"}
    assert [one for one in situations if one.owner_id is not None]
    assert [one for one in situations if one.due_on is not None and one.due_on >= now.date()]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_there_are_days_to_come_on_whichever_day_it_is_loaded(empty_database: Database) -> None:
    with empty_database.writing() as session:
        load_demo(session, now=CHRISTMAS)
        days = [occasion.day for occasion in session.scalars(select(Occasion).order_by(Occasion.day))]
    assert len(days) >= 3
    assert CHRISTMAS.date() < days[0] < days[-1] < CHRISTMAS.date() + timedelta(days=90)
