"""The worker brings a version of the method into force, and says how far it is."""

from datetime import date, datetime

import pytest

from tests import factories
from tests.concluding import recorded
from tracker.access import Role
from tracker.actions.methods import editing, switching
from tracker.jobs.job import Shift
from tracker.jobs.new_method import bring_into_force, is_on_its_way
from tracker.settings import Settings
from tracker.storage import methods, versions
from tracker.storage.base import Database

COUNTRIES = ("MLI", "NER", "TCD")


@pytest.fixture
def database(stocked_database: Database) -> Database:
    return stocked_database


@pytest.fixture
def switched_on(database: Database, now: datetime) -> None:
    with database.writing() as session:
        for iso3 in COUNTRIES:
            recorded(session, "militias", 3.0, on=date(2026, 3, 15), at=now, iso3=iso3)
        who = factories.person(session, roles=[Role.METHODOLOGIST], created_at=now)
        shown = editing.shown_of_method(session)
        editing.save_method(session, {("risk", "signs"): 0.7}, {}, "Tried.", shown=shown, by=who.id, now=now)
        switching.switch_on_method(session, 2, shown=1, by=who.id, now=now)


def test_nothing_is_on_its_way_usually(settings: Settings, database: Database, now: datetime) -> None:
    with database.reading() as session:
        assert not is_on_its_way(session, now)
    assert bring_into_force(Shift(settings, database, clock=lambda: now, stopping=lambda: False)) == ""


@pytest.mark.usefixtures("switched_on")
def test_all_countries_have_scores_when_it_comes_into_force(
    settings: Settings, database: Database, now: datetime
) -> None:
    said = bring_into_force(Shift(settings, database, clock=lambda: now, stopping=lambda: False))

    assert said == "Version 2 of the method is in force, with scores of 3 countries."
    with database.reading() as session:
        assert (methods.number_in_force(session), versions.how_many_scored(session, 2)) == (2, 3)
        assert not is_on_its_way(session, now)


@pytest.mark.usefixtures("switched_on")
def test_a_worker_that_is_stopped_leaves_the_old_one_in_force_and_the_next_goes_on(
    settings: Settings, database: Database, now: datetime
) -> None:
    asked = iter([False, False, True])
    assert bring_into_force(Shift(settings, database, clock=lambda: now, stopping=lambda: next(asked))) == ""
    with database.reading() as session:
        assert (methods.number_in_force(session), versions.how_many_scored(session, 2)) == (1, 2)
        assert is_on_its_way(session, now)

    bring_into_force(Shift(settings, database, clock=lambda: now, stopping=lambda: False))
    with database.reading() as session:
        assert (methods.number_in_force(session), versions.how_many_scored(session, 2)) == (2, 3)
