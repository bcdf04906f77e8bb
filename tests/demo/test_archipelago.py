"""The invented archipelago as a reader of the product finds it."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from tests.conftest import NOW
from tests.demo.conftest import Loaded
from tracker.access import Role
from tracker.actions.passwords import matches
from tracker.actions.people.access import access_of
from tracker.catalogue.places import read_places
from tracker.coding import CodingAct
from tracker.country import LANGUAGES
from tracker.demo.archipelago import read_archipelago
from tracker.demo.coding import MONTHS, last_days
from tracker.handling import Mark
from tracker.indicator import Cadence, Voice, fresh_until, severity
from tracker.score import level_of
from tracker.storage import catalogue, codings, countries, measured_countries, observations, people
from tracker.storage.base import Session
from tracker.storage.recording import Batch, BatchKind, Observation
from tracker.storage.watching import Indicator, Source

CODES = ["XAA", "XAB", "XAC", "XAD", "XAE", "XAF", "XAG", "XAH"]
VEYRA, PORT_ANSEL, LOW_CAYS, THIN = "XAA", "XAB", "XAD", "XAG"
DAYS = last_days(NOW)
A_YEAR_AGO, NEWEST = DAYS[-13], DAYS[-1]


def coded_indicators(session: Session, criterion: str | None = None) -> list[Indicator]:
    return [
        indicator
        for indicator in catalogue.all_indicators(session)
        if indicator.voice is Voice.CODED and criterion in (None, indicator.criterion_key)
    ]


def severities(session: Session, iso3: str, criterion: str) -> dict[str, tuple[float, float]]:
    """By indicator: a year ago and in the newest month."""
    seen = observations.of_country(session, iso3, Mark.RED, on=NEWEST)
    found = {}
    for indicator in coded_indicators(session, criterion):
        series = [observation for observation in seen if observation.indicator_id == indicator.id]
        before = [observation for observation in series if observation.observed_on <= A_YEAR_AGO]
        if before:
            found[indicator.key] = (severity(indicator, before[-1].value), severity(indicator, series[-1].value))
    return found


def mean(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers)


# ---- nothing is real ----


def test_there_are_eight_countries_under_codes_that_are_free_for_users(looking: Session) -> None:
    assert [country.iso3 for country in countries.all_countries(looking)] == CODES
    assert all("XAA" <= code <= "XZZ" for code in CODES)


def test_no_country_is_a_real_one() -> None:
    real, invented = read_places(), read_archipelago().places
    for kind in ("iso3", "iso2"):
        assert not {getattr(one, kind) for one in real.countries} & {getattr(one, kind) for one in invented.countries}
    for language in LANGUAGES:
        assert not {one.names[language] for one in real.countries} & {one.names[language] for one in invented.countries}


def test_every_country_and_group_has_a_name_in_each_language(looking: Session) -> None:
    named = [row.names for row in countries.all_countries(looking)]
    named += [row.names for row in countries.all_groups(looking)]
    assert all(sorted(names) == sorted(LANGUAGES) and all(names.values()) for names in named)


def test_every_country_lies_in_the_empty_south_of_the_pacific_ocean() -> None:
    for isle in read_archipelago().isles:
        assert -50 <= isle.latitude <= -45
        assert -130 <= isle.longitude <= -120


def test_every_country_is_watched(looking: Session) -> None:
    assert all(country.watched for country in countries.all_countries(looking))


def test_no_note_names_a_real_country(looking: Session) -> None:
    real = {country.names["en"] for country in read_places().countries}
    named = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in sorted(real)))
    notes = looking.scalars(select(Observation.note).where(Observation.note.is_not(None))).all()
    assert len(notes) > 40
    assert [note for note in notes if note and named.search(note)] == []


def test_every_note_names_the_place_that_it_is_about() -> None:
    for isle in read_archipelago().isles:
        place = isle.country.names["en"].split()[-1]
        assert [note for note in isle.notes if place not in note.text] == []


def test_every_source_of_a_value_says_that_it_is_invented(looking: Session) -> None:
    names = set(looking.scalars(select(Source.name).join(Batch, Batch.source_id == Source.id)))
    assert 5 <= len(names) <= 8
    assert all(name.endswith("(invented)") for name in names)


def test_no_value_claims_to_be_published(looking: Session) -> None:
    assert set(looking.scalars(select(Batch.kind))) == {BatchKind.CODED}
    assert measured_countries.measures_with_evidence(looking, Mark.RED) <= {row.id for row in coded_indicators(looking)}


def test_all_are_in_the_community_and_some_in_the_west(looking: Session) -> None:
    groups = {group.key: [member.iso3 for member in group.members] for group in countries.all_groups(looking)}
    assert sorted(groups["archipelago_community"]) == CODES
    assert sorted(groups["west_archipelago"]) == CODES[:4]


# ---- people ----


def test_four_people_are_known_by_their_roles_only(looking: Session) -> None:
    names = [person.name for person in people.everybody(looking)]
    assert names == ["Administrator", "Analyst", "Reviewer", "Second analyst"]


def test_each_of_them_sees_every_country(looking: Session) -> None:
    assert all(access_of(person).sees_all for person in people.everybody(looking))


def test_the_password_that_is_told_opens_every_account(loaded: Loaded, looking: Session) -> None:
    for address in loaded.demo.addresses:
        person = people.by_email(looking, address)
        assert person is not None
        assert matches(person.password_hash, loaded.demo.password)


def test_only_analysts_recorded_anything_and_both_did(looking: Session) -> None:
    recorded_by = set(looking.scalars(select(Batch.recorded_by)))
    analysts = {row.id for row in people.everybody(looking) if Role.ANALYST in access_of(row).roles}
    assert recorded_by == analysts
    assert len(analysts) == 2


def test_nobody_recorded_what_they_may_not_see(looking: Session) -> None:
    clearance = {person.id: person.clearance for person in people.everybody(looking)}
    query = select(Batch.recorded_by, Observation.handling).join(Batch, Batch.id == Observation.batch_id).distinct()
    assert all(handling <= clearance[person or 0] for person, handling in looking.execute(query))


# ---- values ----


def test_every_value_is_a_level_of_its_indicator(looking: Session) -> None:
    levels = {row.id: {level["value"] for level in row.levels} for row in coded_indicators(looking)}
    query = select(Observation.indicator_id, Observation.value).distinct()
    assert all(value in levels[indicator_id] for indicator_id, value in looking.execute(query))


def test_the_story_speaks_of_every_coded_indicator_and_of_no_other(looking: Session) -> None:
    told = {indicator for isle in read_archipelago().isles for indicator in isle.course}
    assert told == {indicator.key for indicator in coded_indicators(looking)}


def test_levels_change_one_step_at_a_time() -> None:
    for isle in read_archipelago().isles:
        for changes in isle.course.values():
            levels = [changes[month] for month in sorted(changes)]
            steps = [abs(after - before) for before, after in pairwise(levels)]
            assert set(steps) <= {1}


def test_every_note_is_about_a_month_and_an_indicator_that_were_coded() -> None:
    for isle in read_archipelago().isles:
        assert all(note.indicator in isle.course and 1 <= note.month <= MONTHS for note in isle.notes)


@pytest.mark.parametrize(
    ("cadence", "months"),
    [
        (Cadence.MONTHLY, set(range(1, 13))),
        (Cadence.QUARTERLY, {3, 6, 9, 12}),
        (Cadence.YEARLY, {12}),
    ],
)
def test_an_indicator_is_coded_as_often_as_its_cadence_asks(
    looking: Session, cadence: Cadence, months: set[int]
) -> None:
    ids = {row.id for row in coded_indicators(looking) if row.cadence is cadence}
    series = [
        one for one in observations.of_country(looking, PORT_ANSEL, Mark.RED, on=NEWEST) if one.indicator_id in ids
    ]
    assert {one.observed_on for one in series} == {day for day in DAYS if day.month in months}


def test_a_value_is_recorded_within_days_and_never_before_it_was_observed(looking: Session) -> None:
    query = select(Observation.observed_on, Batch.recorded_at).join(Batch, Batch.id == Observation.batch_id).distinct()
    delays = [recorded_at.date() - observed_on for observed_on, recorded_at in looking.execute(query)]
    assert min(delays) >= timedelta(0)
    assert max(delays) <= timedelta(days=5)


def test_most_values_may_be_shared_and_a_few_are_red(looking: Session) -> None:
    marks = [Mark(handling) for handling in looking.scalars(select(Observation.handling))]
    shared = sum(mark <= Mark.GREEN for mark in marks)
    assert shared > 0.8 * len(marks)
    assert marks.count(Mark.AMBER) > 100
    assert 3 <= marks.count(Mark.RED) <= 40


def test_some_values_may_not_be_attributed(looking: Session) -> None:
    attributable = list(looking.scalars(select(Observation.attributable)))
    assert 0 < attributable.count(False) < 0.2 * len(attributable)


def test_something_waits_for_the_reviewer_and_two_analysts_differ(looking: Session) -> None:
    waiting = codings.waiting_longest(looking, None, Mark.RED, iso3=None, cells=9)
    by_cell = [one.cell_id for one in waiting]
    assert any(by_cell.count(cell) == 2 for cell in by_cell)
    assert {one.act for one in waiting} == {CodingAct.ANSWER, CodingAct.CORRECTION}
    assert any(one.unknown for one in waiting)
    assert any(one.unchanged for one in waiting)
    assert any(not one.attributable for one in waiting)


# ---- stories ----


def test_rule_of_law_on_veyra_breaks_down_within_twelve_months(looking: Session) -> None:
    measures = severities(looking, VEYRA, "rule_of_law")
    worse = {key for key, (then, now) in measures.items() if level_of(now) > level_of(then)}
    assert {"independence_of_courts", "detention_and_fair_trial", "emergency_powers"} <= worse


def test_no_other_country_loses_three_measures_of_rule_of_law_in_twelve_months(looking: Session) -> None:
    for code in CODES[1:]:
        measures = severities(looking, code, "rule_of_law")
        assert sum(level_of(now) > level_of(then) for then, now in measures.values()) < 3


def test_armed_conflict_spreads_in_port_ansel(looking: Session) -> None:
    measures = severities(looking, PORT_ANSEL, "armed_conflict")
    assert mean([now for _, now in measures.values()]) >= mean([then for then, _ in measures.values()]) + 25


def test_the_sound_of_ree_recovers(looking: Session) -> None:
    measures = severities(looking, "XAC", "rule_of_law")
    assert mean([now for _, now in measures.values()]) <= mean([then for then, _ in measures.values()]) - 15


def test_incitement_rises_at_cape_ilveth(looking: Session) -> None:
    measures = severities(looking, "XAF", "incitement")
    assert all(now > then for then, now in measures.values())


def test_orrimar_is_the_quietest_and_ambrel_is_steady(looking: Session) -> None:
    orrimar, ambrel = severities(looking, "XAE", "rule_of_law"), severities(looking, "XAH", "rule_of_law")
    assert mean([now for _, now in orrimar.values()]) < 10
    assert all(abs(now - then) <= 25 for then, now in ambrel.values())


def test_nothing_about_the_forces_of_the_low_cays_was_fresh_for_eight_months(looking: Session) -> None:
    forces = {row.id: row for row in coded_indicators(looking, "security_sector")}
    seen = [
        one for one in observations.of_country(looking, LOW_CAYS, Mark.RED, on=NEWEST) if one.indicator_id in forces
    ]
    assert seen, "it was coded once, or nobody would miss it"
    assert max(fresh_until(forces[one.indicator_id], one.observed_on) for one in seen) <= DAYS[-9]


def test_the_rest_of_the_low_cays_is_coded_up_to_the_newest_month(looking: Session) -> None:
    assert max(one.observed_on for one in observations.of_country(looking, LOW_CAYS, Mark.RED, on=NEWEST)) == NEWEST


def test_a_third_of_the_indicators_was_ever_coded_where_evidence_is_thin(looking: Session) -> None:
    coded = {one.indicator_id for one in observations.of_country(looking, THIN, Mark.RED, on=NEWEST)}
    assert len(coded) == pytest.approx(len(coded_indicators(looking)) / 3, abs=1)
