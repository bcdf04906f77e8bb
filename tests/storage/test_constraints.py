"""Every rule that must always hold is kept by the database itself, under a name."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    delete,
    insert,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.databases import ENGINES, MIGRATED, POSTGRESQL, Databases, open_database, undone
from tests.storage.sample_rows import LATER, NOON, SAMPLE
from tracker.storage.admitting import Person
from tracker.storage.base import Database, Session
from tracker.storage.condition import APPEND_ONLY

TABLES = {table.name: table for table in Person.metadata.sorted_tables}

# For each check: the table, and what makes a valid row break just this rule.
CHECKS: dict[str, dict[str, Any]] = {
    "sources_reliability_known": {"reliability": "G"},
    "sources_credibility_known": {"credibility": 7},
    "sources_url_is_web": {"url": "javascript:alert(1)"},
    "criteria_dimension_known": {"dimension": "luck"},
    "criteria_weight_positive": {"weight": 0.0},
    "indicators_voice_known": {"voice": "whispered", "source_id": None},
    "indicators_transform_known": {"transform": "square"},
    "indicators_cadence_known": {"cadence": "hourly"},
    "indicators_scale_has_length": {"best": 4.0},
    "indicators_weight_positive": {"weight": -1.0},
    "indicators_freshness_positive": {"fresh_for_days": 0},
    "indicators_published_has_source": {"voice": "coded"},
    "countries_iso3_form": {"iso3": "xab"},
    "countries_iso2_form": {"iso2": "b"},
    "groups_kind_known": {"kind": "club"},
    "batches_kind_known": {"kind": "guessed"},
    "batches_file_has_name_and_fingerprint": {"file_name": "a.csv"},
    "observations_revision_from_one": {"revision": 0},
    "observations_handling_known": {"handling": 5},
    "observations_reliability_known": {"reliability": "H"},
    "observations_credibility_known": {"credibility": 0},
    "observations_standard_error_not_negative": {"standard_error": -0.1},
    "observations_value_finite": {"value": float("-inf")},
    "observations_standard_error_finite": {"standard_error": float("inf")},
    "observations_evidence_url_is_web": {"evidence_url": "ftp://example.org/"},
    "observations_withdrawn_with_reason": {"withdrawn": True},
    "observations_unknown_has_no_value": {"unknown": True},
    "codings_act_known": {"act": "guess", "based_on": 1},
    "codings_state_known": {"state": "lost", "revision": None},
    "codings_value_finite": {"value": float("inf")},
    "codings_unknown_has_no_value": {"unknown": True},
    "codings_handling_known": {"handling": -1},
    "codings_submitted_with_day": {"observed_on": None},
    "codings_submitted_with_answer": {"value": None},
    "codings_accepted_has_revision": {"revision": None},
    "codings_settled_by_somebody": {"settled_by": None},
    "codings_correction_has_day": {
        "act": "correction",
        "state": "draft",
        "based_on": 1,
        "observed_on": None,
        "revision": None,
    },
    "codings_correction_has_base": {"based_on": 1},
    "imports_state_known": {"state": "lost"},
    "imports_size_not_negative": {"size": -1},
    "imports_failed_with_error": {"state": "failed"},
    "imports_withdrawn_with_reason": {"state": "withdrawn"},
    "imports_every_row_accounted_for": {"rows_read": 4},
    "people_status_known": {"status": "asleep"},
    "people_email_form": {"email": "Analyst@Example.org"},
    "people_clearance_known": {"clearance": 5},
    "people_active_has_password": {"password_hash": None},
    "person_roles_role_known": {"role": "king"},
    "one_time_links_purpose_known": {"purpose": "fun"},
    "one_time_links_person_named": {"person_id": None},
    "subscriptions_cadence_known": {"cadence": "hourly"},
    "subscriptions_has_a_name": {"name": ""},
    "subscriptions_weekday_known": {"weekday": 8},
    "subscriptions_month_day_known": {"month_day": 0},
    "subscriptions_due_until_it_ends": {"ended_at": LATER},
    "urgent_wishes_quiet_hours_begin_and_end": {"quiet_until": None},
    "deliveries_kind_known": {"kind": "rumour", "subscription_id": None},
    "deliveries_state_known": {"state": "lost"},
    "deliveries_digest_has_a_subscription": {"subscription_id": None},
    "deliveries_handling_known": {"handling": 5},
    "deliveries_settled_at_some_time": {"settled_at": None},
    "deliveries_queued_is_made": {"made_at": None, "handling": None},
    "deliveries_made_has_a_mark": {"handling": None},
    "deliveries_lease_has_an_owner": {"leased_until": LATER},
    "delivery_events_act_known": {"act": "forgot"},
    "refused_addresses_times_from_one": {"times": 0},
    "outgoing_mails_body_kept_until_settled": {"body": None},
    "outgoing_mails_settled_one_way": {"body": None, "sent_at": NOON, "given_up_at": LATER},
    "outgoing_mails_lease_has_an_owner": {"leased_until": LATER},
    "feeds_kind_known": {"kind": "gossip"},
    "feeds_has_a_name": {"name": ""},
    "outgoing_calls_body_kept_until_settled": {"body": None},
    "outgoing_calls_told_for_somebody": {"person_version": 1},
    "outgoing_calls_settled_one_way": {"body": None, "told_at": NOON, "given_up_at": LATER},
    "method_versions_in_force_or_discarded": {"discarded_at": LATER, "switched_on_at": None, "switched_on_by": None},
    "method_versions_switched_on_by_somebody": {"switched_on_by": None},
    "method_versions_switched_on_or_discarded": {"in_force_since": None, "discarded_at": LATER},
    "rule_versions_in_force_or_discarded": {"discarded_at": LATER},
    "rule_versions_switched_on_is_in_force": {"in_force_since": None},
    "rule_versions_number_from_one": {"number": 0},
    "standings_handling_known": {"handling": 5},
    "scores_now_handling_known": {"handling": -1},
    "score_history_handling_known": {"handling": 5},
    "situations_state_known": {
        "state": "asleep",
        "closed_at": None,
        "close_reason": None,
        "due_on": date(2026, 3, 4),
    },
    "situations_handling_known": {"handling": 5},
    "situations_close_reason_known": {"close_reason": "boredom"},
    "situations_closed_at_some_time": {"closed_at": None},
    "situations_closed_with_reason": {"close_reason": None},
    "situations_open_has_a_due_day": {"due_on": date(2026, 3, 4)},
    "situation_events_act_known": {"act": "forgot"},
    "situation_events_handling_known": {"handling": 5},
    "flags_verdict_known": {"verdict": "perhaps"},
    "flags_verdict_has_a_time": {"verdict_at": None},
    "flags_discarded_with_reason": {"verdict": "discarded"},
    "flags_discarded_is_closed": {"verdict": "discarded", "verdict_reason": "It was noise.", "closed_at": None},
    "flag_events_kind_known": {"kind": "shouted"},
    "flag_events_handling_known": {"handling": 5},
    "flag_events_severity_known": {"severity": 0},
    "flag_events_rule_with_its_method": {"method_version": None},
    "occasions_kind_known": {"kind": "party"},
    "occasions_handling_known": {"handling": 5},
    "occasions_has_a_name": {"name": ""},
    "occasions_of_a_country_or_an_organisation": {"group_key": "archipelago"},
    "occasions_comes_again_within_a_century": {"every_months": 0},
    "occasions_ends_only_what_comes_again": {"until": date(2030, 1, 1)},
    "occasions_link_is_web": {"link": "ftp://example.org/"},
    "occasions_removed_at_some_time": {"removed_at": LATER},
    "occasions_sequence_counts_up": {"sequence": -1},
    "occasions_leaves_out_of_what_comes_again": {"left_out": "2030-01-01"},
    "focal_points_of_a_country_or_an_organisation": {"group_key": "archipelago"},
    "focal_points_has_an_office": {"office": ""},
    "focal_points_handling_known": {"handling": 5},
    "focal_points_ends_after_it_began": {"until": date(2026, 1, 14)},
    "focal_points_link_is_web": {"link": "ftp://example.org/"},
    "assistance_requests_kind_known": {"kind": "magic"},
    "assistance_requests_has_a_title": {"title": ""},
    "assistance_requests_handling_known": {"handling": 5},
    "assistance_requests_state_known": {"state": "lost"},
    "assistance_requests_answered_at_some_time": {"answered_at": None, "answered_by": None},
    "assistance_requests_answered_by_somebody": {"answered_by": None},
    "assistance_requests_answered_in_words": {"answer": ""},
    "responses_kind_known": {"kind": "magic"},
    "responses_sphere_known": {"sphere": "lunar"},
    "responses_state_known": {"state": "lost"},
    "responses_handling_known": {"handling": 5},
    "responses_has_a_title": {"title": ""},
    "responses_force_is_tested": {"kind": "force"},
    "responses_decided_at_some_time": {"decided_at": None, "decided_by": ""},
    "responses_decided_by_somebody": {"decided_by": ""},
    "responses_started_at_some_time": {"started_at": None},
    "responses_under_way_by_somebody": {"owner": ""},
    "responses_ended_at_some_time": {"ended_at": LATER},
    "response_events_act_known": {"act": "forgot"},
    "response_events_handling_known": {"handling": 5},
    "response_events_says_what_happened": {"act": "done"},
    "council_acts_has_a_council": {"council": ""},
    "council_acts_kind_known": {"kind": "rumour"},
    "council_acts_says_what_happened": {"words": ""},
    "council_acts_handling_known": {"handling": 5},
    "council_acts_link_is_web": {"link": "ftp://example.org/"},
    "case_studies_has_a_title": {"title": ""},
    "case_studies_stage_known": {"stage": "late"},
    "case_studies_handling_known": {"handling": 5},
    "case_studies_ends_after_it_began": {"ended_on": date(2025, 8, 31)},
    "case_study_revisions_number_from_one": {"number": 0, "reason": "It was too short."},
    "case_study_revisions_handling_known": {"handling": 5},
    "case_study_revisions_changed_with_reason": {"number": 2, "reason": ""},
    "consistency_notes_pair_in_order": {"iso3": "XAB"},
    "consistency_notes_says_why": {"words": ""},
    "consistency_notes_handling_known": {"handling": 5},
    "partners_has_a_name": {"name": ""},
    "bundles_direction_known": {"direction": "sideways", "partner_id": None, "entered_at": None},
    "bundles_received_from_a_partner": {"partner_id": None},
    "bundles_handling_known": {"handling": 5},
    "bundles_entered_where_received": {"direction": "sent", "partner_id": None},
    "bundles_withdrawn_once_entered": {"withdrawn_at": NOON, "entered_at": None},
    "received_statements_kind_known": {"kind": "rumour"},
    "received_statements_handling_known": {"handling": 5},
    "saved_views_has_a_name": {"name": ""},
    "saved_views_address_is_ours": {"address": "//elsewhere.example"},
}

# What has to go, so that a row refers to nothing and breaks no other rule.
INSTEAD: dict[str, dict[str, Any]] = {
    "focal_points_group_key_fk": {"iso3": None},
    "occasions_group_key_fk": {"iso3": None},
    "consistency_notes_iso3_fk": {"iso3": "AAA"},
}


def constraints(kind: type) -> list[Any]:
    return [
        pytest.param(table, constraint, id=str(constraint.name))
        for table in TABLES.values()
        for constraint in sorted(table.constraints, key=lambda found: str(found.name))
        if isinstance(constraint, kind)
    ]


@pytest.fixture(scope="module")
def databases_with_rows(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Database]]:
    """By engine, with one row in every table; what a test does to it is undone."""
    folder = tmp_path_factory.mktemp("constraints")
    made = {engine: open_database(databases.copy(engine, MIGRATED, folder)) for engine in ENGINES}
    for database in made.values():
        with database.writing() as session:
            for name, row in SAMPLE.items():
                session.execute(insert(TABLES[name]).values(row))
    yield made
    for database in made.values():
        database.dispose()


@pytest.fixture
def filled(databases_with_rows: dict[str, Database], engine_name: str) -> Iterator[Session]:
    """One row in every table."""
    with undone(databases_with_rows[engine_name]) as session:
        yield session


def another(table: Table) -> dict[str, Any]:
    """A second row that differs from the sample in everything that must be unique."""
    row = dict(SAMPLE[table.name])
    for constraint in table.constraints:
        if isinstance(constraint, (UniqueConstraint, PrimaryKeyConstraint)):
            for column in constraint.columns:
                row[column.name] = _different(column.name, row[column.name])
    return row


def _different(name: str, value: Any) -> Any:
    if isinstance(value, str):
        return {"role": "reviewer", "iso2": "XB"}.get(name, value[:-1] + ("B" if value.isupper() else "b"))
    return value + timedelta(days=1) if isinstance(value, date) else value + 1


def refusal_of(session: Session, table: Table, row: dict[str, Any]) -> IntegrityError:
    with pytest.raises(IntegrityError) as caught, session.begin_nested():
        session.execute(insert(table).values(row))
    return caught.value


def test_every_check_has_a_row_that_breaks_it() -> None:
    named = {str(parameter.id) for parameter in constraints(CheckConstraint)}

    assert named == CHECKS.keys()


def test_every_table_has_a_sample_row() -> None:
    assert TABLES.keys() == SAMPLE.keys()


@pytest.mark.parametrize(("table", "constraint"), constraints(CheckConstraint))
def test_a_row_that_breaks_a_check_is_refused_by_name(
    filled: Session, table: Table, constraint: CheckConstraint
) -> None:
    row = another(table) | CHECKS[str(constraint.name)]

    assert str(constraint.name) in str(refusal_of(filled, table, row).orig)


@pytest.mark.parametrize(("table", "constraint"), constraints(ForeignKeyConstraint))
def test_a_row_that_refers_to_nothing_is_refused(
    filled: Session, table: Table, constraint: ForeignKeyConstraint
) -> None:
    sound = {column.name: SAMPLE[table.name][column.name] for column in table.columns if column.foreign_keys}
    nowhere = {column.name: 999 if column.type.python_type is int else "ZZZ" for column in constraint.columns}
    nowhere |= INSTEAD.get(str(constraint.name), {})
    told = str(refusal_of(filled, table, another(table) | sound | nowhere).orig)

    if filled.get_bind().dialect.name == "sqlite":
        assert told.startswith("FOREIGN KEY constraint failed")
    else:
        assert str(constraint.name) in told


@pytest.mark.parametrize(("table", "constraint"), [*constraints(UniqueConstraint), *constraints(PrimaryKeyConstraint)])
def test_a_second_row_with_the_same_key_is_refused(
    filled: Session, table: Table, constraint: UniqueConstraint | PrimaryKeyConstraint
) -> None:
    same = {column.name: SAMPLE[table.name][column.name] for column in constraint.columns}
    told = str(refusal_of(filled, table, another(table) | same).orig)

    if filled.get_bind().dialect.name == "sqlite":
        assert told.startswith("UNIQUE constraint failed")
    else:
        assert str(constraint.name) in told


def test_a_value_that_is_no_number_is_refused(filled: Session) -> None:
    """PostgreSQL would keep it, and takes it for greater than every number; SQLite makes it NULL."""
    row = SAMPLE["observations"] | {"revision": 2, "value": float("nan")}
    with pytest.raises(IntegrityError, match="value"):
        filled.execute(insert(TABLES["observations"]).values(row))


@pytest.mark.parametrize("engine_name", [POSTGRESQL], indirect=True)
def test_a_standard_error_that_is_no_number_is_refused(filled: Session) -> None:
    row = SAMPLE["observations"] | {"revision": 2, "standard_error": float("nan")}
    with pytest.raises(IntegrityError, match="observations_standard_error_finite"):
        filled.execute(insert(TABLES["observations"]).values(row))


@pytest.mark.parametrize("table", [table for table in TABLES.values() if table.name in APPEND_ONLY])
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
def test_what_was_recorded_can_be_neither_changed_nor_removed(filled: Session, table: Table, verb: str) -> None:
    statement = update(table).values({next(iter(table.columns)).name: next(iter(table.columns))})

    with pytest.raises(DBAPIError, match="only grows"), filled.begin_nested():
        filled.execute(statement if verb == "UPDATE" else delete(table))


def test_a_country_that_evidence_speaks_of_cannot_be_deleted(filled: Session) -> None:
    with pytest.raises(IntegrityError), filled.begin_nested():
        filled.execute(delete(TABLES["countries"]))


@pytest.mark.parametrize(("act", "based_on"), [("answer", None), ("correction", 1)])
def test_an_analyst_has_one_live_coding_of_a_cell_for_each_purpose(
    filled: Session, act: str, based_on: int | None
) -> None:
    live = SAMPLE["codings"] | {"state": "draft", "revision": None, "act": act, "based_on": based_on}
    filled.execute(insert(TABLES["codings"]).values(live | {"id": 2}))
    filled.execute(insert(TABLES["codings"]).values(live | {"id": 3, "state": "discarded"}))

    assert "UNIQUE" in str(refusal_of(filled, TABLES["codings"], live | {"id": 4}).orig).upper()
