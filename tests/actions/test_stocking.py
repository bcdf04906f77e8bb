"""A database is filled with what the product brings; doing it again changes nothing."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from tests import factories
from tests.concluding import now_of, value
from tracker.actions.methods import built_in
from tracker.actions.methods.built_in import load_method, load_rules, method_of_the_product
from tracker.actions.rebuilding import what_is_wrong
from tracker.actions.stocking import load_catalogue, load_governance_indicators, stock
from tracker.catalogue.places import Places, read_places
from tracker.catalogue.reading import read_catalogue
from tracker.catalogue.rules import built_in_rules
from tracker.exchange import world_bank
from tracker.handling import Mark
from tracker.storage import catalogue, countries, methods, observations, rules
from tracker.storage.admitting import Person
from tracker.storage.base import Database, Session
from tracker.storage.conclusions import MethodVersion, ScoreHistory, ScoreNow, Standing
from tracker.storage.principals import principal_of
from tracker.storage.recording import Batch
from tracker.storage.running import AuditEntry
from tracker.storage.watching import Criterion, Indicator

CATALOGUE, PLACES = read_catalogue(), read_places()


def members_of(session: Session, key: str) -> set[str]:
    return {one.iso3 for group in countries.all_groups(session) if group.key == key for one in group.members}


def how_many(session: Session) -> dict[str, int]:
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in Person.metadata.sorted_tables
    }


def test_everything_that_is_bundled_arrives(published_database: Database) -> None:
    with published_database.reading() as session:
        counted = how_many(session)

    assert counted["observations"] == len(list(world_bank.read_governance_indicators())) == 30914
    assert counted["criteria"] == len(CATALOGUE.criteria) == 13
    assert counted["indicators"] == len(CATALOGUE.indicators)
    assert counted["countries"] == 250
    assert counted["catalogue_versions"] == counted["batches"] == 1


def test_stocking_again_changes_nothing(published_database: Database, now: datetime) -> None:
    with published_database.writing() as session:
        before = how_many(session)
        again = stock(session, now=now)
        after = how_many(session)

    assert (again.catalogue_version, again.catalogue_is_new, again.values_added) == (1, False, 0)
    assert after == before


def test_a_bundled_value_comes_with_its_error_its_source_and_its_file(published_database: Database) -> None:
    with published_database.reading() as session:
        number = catalogue.indicator_ids(session)["wgi_rule_of_law"]
        mali = observations.of_country(session, "MLI", Mark.CLEAR, on=date(2026, 3, 16))
        batch = session.scalars(select(Batch)).one()

    seen = {row.observed_on: row for row in mali if row.indicator_id == number}
    published = {
        value.observed_on: value
        for value in world_bank.read_governance_indicators()
        if (value.iso3, value.indicator) == ("MLI", "wgi_rule_of_law")
    }
    assert len(published) == 25
    assert {day: (row.value, row.standard_error) for day, row in seen.items()} == {
        day: (value.value, value.standard_error) for day, value in published.items()
    }
    assert seen[date(2023, 12, 31)].source == "Worldwide Governance Indicators"
    assert batch.file_fingerprint == world_bank.fingerprint()


def test_a_changed_catalogue_becomes_a_new_version_and_the_old_one_is_kept(session: Session, now: datetime) -> None:
    first, *others = CATALOGUE.indicators
    changed = replace(CATALOGUE, indicators=(replace(first, name="Another name"), *others))
    before = catalogue.newest_version(session)
    assert before is not None

    number, is_new = load_catalogue(session, changed, PLACES, now=now)

    assert (number, is_new) == (before.number + 1, True)
    renamed = catalogue.indicator(session, first.key)
    assert renamed is not None
    assert renamed.name == "Another name"
    assert first.name in str(before.content)


def test_going_back_to_an_older_catalogue_is_a_version_too(session: Session, now: datetime) -> None:
    first, *others = CATALOGUE.indicators
    load_catalogue(
        session, replace(CATALOGUE, indicators=(replace(first, name="Another name"), *others)), PLACES, now=now
    )

    number, is_new = load_catalogue(session, CATALOGUE, PLACES, now=now)

    assert (number, is_new) == (3, True)


def test_an_indicator_that_left_the_catalogue_is_retired_and_not_deleted(session: Session, now: datetime) -> None:
    gone, *kept = CATALOGUE.indicators
    number = catalogue.indicator_ids(session)[gone.key]

    load_catalogue(session, replace(CATALOGUE, indicators=tuple(kept)), PLACES, now=now)
    assert session.get_one(Indicator, number).retired


def test_an_indicator_that_comes_back_has_the_number_it_had(session: Session, now: datetime) -> None:
    gone, *kept = CATALOGUE.indicators
    number = catalogue.indicator_ids(session)[gone.key]
    load_catalogue(session, replace(CATALOGUE, indicators=tuple(kept)), PLACES, now=now)

    load_catalogue(session, CATALOGUE, PLACES, now=now)

    assert not session.get_one(Indicator, number).retired
    assert catalogue.indicator_ids(session)[gone.key] == number


def test_a_new_indicator_gets_a_number_that_none_had(session: Session, now: datetime) -> None:
    newcomer = replace(CATALOGUE.indicators[0], key="a_new_one", name="A new one")
    taken = set(catalogue.indicator_ids(session).values())

    load_catalogue(session, replace(CATALOGUE, indicators=(newcomer, *CATALOGUE.indicators)), PLACES, now=now)

    assert catalogue.indicator_ids(session)["a_new_one"] not in taken


def test_who_is_watched_survives_a_new_catalogue(session: Session, now: datetime) -> None:
    mali = countries.country(session, "MLI")
    assert mali is not None
    mali.watched = False
    other = replace(CATALOGUE, criteria=(replace(CATALOGUE.criteria[0], name="Another name"), *CATALOGUE.criteria[1:]))

    load_catalogue(session, other, PLACES, now=now)

    assert not mali.watched
    assert session.get_one(Criterion, CATALOGUE.criteria[0].key).name == "Another name"


def test_a_country_that_left_a_group_is_no_member_any_more(session: Session, now: datetime) -> None:
    african_union = PLACES.by_key["african_union"]
    smaller = replace(african_union, members=tuple(iso3 for iso3 in african_union.members if iso3 != "MLI"))
    groups = tuple(smaller if group.key == "african_union" else group for group in PLACES.groups)

    load_catalogue(session, CATALOGUE, replace(PLACES, groups=groups), now=now)

    assert "MLI" not in members_of(session, "african_union")
    assert "NER" in members_of(session, "african_union")


def without_the_african_union() -> Places:
    return replace(PLACES, groups=tuple(group for group in PLACES.groups if group.key != "african_union"))


def test_a_group_that_left_the_files_stays_without_members(session: Session, now: datetime) -> None:
    load_catalogue(session, CATALOGUE, without_the_african_union(), now=now)

    african_union = next(group for group in countries.all_groups(session) if group.key == "african_union")
    assert african_union.members == []
    assert "MLI" not in members_of(session, "african_union")


def test_a_group_that_left_the_files_lets_nobody_see_its_countries_any_more(session: Session, now: datetime) -> None:
    someone = factories.person(session, groups=["african_union"], countries=["FRA"], created_at=now)
    assert "MLI" in (principal_of(session, someone).scope or ())

    load_catalogue(session, CATALOGUE, without_the_african_union(), now=now)

    assert principal_of(session, someone).scope == frozenset({"FRA"})


def test_a_country_that_left_the_files_stays(session: Session, now: datetime) -> None:
    smaller = tuple(country for country in PLACES.countries if country.iso3 != "ABW")
    groups = tuple(
        replace(group, members=tuple(iso3 for iso3 in group.members if iso3 != "ABW")) for group in PLACES.groups
    )

    load_catalogue(session, CATALOGUE, replace(PLACES, countries=smaller, groups=groups), now=now)

    assert countries.country(session, "ABW") is not None


def test_whose_members_a_new_catalogue_changed_is_in_the_audit_log(session: Session, now: datetime) -> None:
    sadc = PLACES.by_key["sadc"]
    other = replace(sadc, members=tuple({*sadc.members, "MLI"} - {"ZAF"}))
    groups = tuple(other if group.key == "sadc" else group for group in without_the_african_union().groups)

    load_catalogue(session, CATALOGUE, replace(PLACES, groups=groups), now=now)

    newest = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert newest is not None
    assert newest.after is not None
    assert newest.after["groups"] == {
        "african_union": {"added": [], "removed": sorted(PLACES.by_key["african_union"].members)},
        "sadc": {"added": ["MLI"], "removed": ["ZAF"]},
    }


def test_a_newer_file_becomes_revisions_of_what_differs(
    published_database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, *_ = world_bank.read_governance_indicators()
    corrected = replace(first, value=first.value + 0.5)

    def newer(*_: Any) -> list[Any]:
        return [corrected, second]

    monkeypatch.setattr(world_bank, "read_governance_indicators", newer)
    monkeypatch.setattr(world_bank, "fingerprint", lambda: "f" * 64)

    with published_database.writing() as session:
        added = load_governance_indicators(session, 1, now=now)
        number = catalogue.indicator_ids(session)[first.indicator]
        revised = observations.newest_revisions(session, {number})[(first.observed_on, first.iso3, number)]

    assert added == 1
    assert revised == (2, corrected.value, corrected.standard_error)


def test_evidence_from_before_there_were_methods_is_scored_when_one_comes(session: Session, now: datetime) -> None:
    """As an installation is brought to a version that scores."""
    for table in (ScoreNow, ScoreHistory, Standing, MethodVersion):
        session.execute(delete(table))
    factories.observation(
        session, indicator="independence_of_courts", iso3="MLI", on=date(2026, 3, 15), value=4, recorded_at=now
    )

    assert load_method(session, CATALOGUE, now=now)

    assert value(session, now_of(session), "independence_of_courts") == 100.0
    assert what_is_wrong(session) == []


def test_the_same_method_again_changes_nothing_and_the_way_back_is_a_way(session: Session, now: datetime) -> None:
    assert not load_method(session, CATALOGUE, now=now)
    other = replace(CATALOGUE, indicators=CATALOGUE.indicators[1:])

    assert load_method(session, other, now=now)
    assert load_method(session, CATALOGUE, now=now + timedelta(hours=1))

    chosen = methods.in_force(session)
    assert chosen is not None
    assert chosen[1].fingerprint == method_of_the_product(CATALOGUE).fingerprint


def test_a_rule_that_the_product_has_no_more_falls_silent(
    session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(built_in, "built_in_rules", lambda: built_in_rules()[1:])

    assert load_rules(session, now=now) == [built_in_rules()[0].key]

    assert built_in_rules()[0].key not in {one.rule.key for one in rules.in_force(session)}
    assert load_rules(session, now=now) == []
