"""The built-in method is the one that is described, and what it needs is told apart from what is missing."""

import json
import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from tests.small_methods import a_measure, a_method
from tracker.catalogue.reading import read_catalogue
from tracker.catalogue.shape import built_in_shape
from tracker.criterion import Dimension
from tracker.index import Combine, Evaluated, evaluate
from tracker.indicator import Transform, Voice
from tracker.method import ROOT, Method, built_in, voice_key
from tracker.tree_fault import faults

CATALOGUE = read_catalogue()
METHOD = built_in(CATALOGUE.criteria, CATALOGUE.indicators, built_in_shape())
NONE = math.nan
LEAVES = METHOD.tree.leaves


def known(severities: Mapping[str, float]) -> Evaluated:
    """Of one country, of which nothing else is known."""
    return evaluate(METHOD.tree, np.array([severities.get(key, NONE) for key in LEAVES]))


def score(severities: Mapping[str, float], key: str = ROOT) -> float:
    return float(known(severities).values[METHOD.tree.positions[key]])


def heard(criterion: str, voice: Voice) -> dict[str, float]:
    """The weight of each measure that speaks in that voice."""
    branch = METHOD.branch(voice_key(criterion, voice))
    return dict(zip(branch.children, branch.weights, strict=True))


def all_of(criterion: str, severity: float, *voices: Voice) -> dict[str, float]:
    keys = {voice_key(criterion, voice) for voice in voices or Voice}
    return {leaf: severity for key in keys & METHOD.tree.positions.keys() for leaf in METHOD.branch(key).children}


def everything(**of_dimensions: float) -> dict[str, float]:
    """All measures of the dimensions that are named."""
    return {
        leaf: severity
        for criterion in CATALOGUE.criteria
        for dimension, severity in of_dimensions.items()
        if criterion.dimension == dimension
        for leaf in all_of(criterion.key, severity)
    }


# The built-in tree


def test_the_built_in_tree_has_no_fault() -> None:
    assert faults(METHOD.tree) == ()


def test_every_indicator_of_the_catalogue_is_a_measure_with_its_own_scale() -> None:
    assert len(METHOD.measures) == len(CATALOGUE.indicators)
    by_key = {one.key: one for one in METHOD.measures}
    for indicator in CATALOGUE.indicators:
        found = by_key[indicator.key]
        assert (found.best, found.worst, found.transform) == (indicator.best, indicator.worst, indicator.transform)
        assert found.fresh_for_days == indicator.fresh_for_days


def test_measures_stand_in_the_order_of_the_leaves() -> None:
    assert tuple(one.key for one in METHOD.measures) == LEAVES


def test_an_indicator_speaks_with_its_weight_in_the_voice_of_its_criterion() -> None:
    for indicator in CATALOGUE.indicators:
        assert heard(indicator.criterion, indicator.voice)[indicator.key] == indicator.weight


def test_a_voice_in_which_nobody_speaks_is_no_branch() -> None:
    assert METHOD.branch("incitement").children == ("incitement.coded",)
    assert "incitement.published" not in METHOD.tree.positions


def test_voices_weigh_alike_and_criteria_as_the_catalogue_says() -> None:
    assert METHOD.branch("rule_of_law").weights == (1.0, 1.0)
    of_pressure = dict(zip(METHOD.branch("pressure").children, METHOD.branch("pressure").weights, strict=True))
    assert of_pressure == {one.key: one.weight for one in CATALOGUE.criteria if one.dimension is Dimension.PRESSURE}
    assert max(of_pressure, key=lambda key: of_pressure[key]) == "rule_of_law"


def test_the_whole_is_two_fifths_pressure_two_fifths_signs_and_one_fifth_missing_protection() -> None:
    assert METHOD.branch(ROOT).children == ("pressure", "signs", "protection")
    assert METHOD.branch(ROOT).weights == (0.4, 0.4, 0.2)
    assert score(everything(pressure=10, signs=60, protection=100)) == pytest.approx(4 + 24 + 20)


def test_every_branch_is_an_arithmetic_mean_that_is_not_rounded() -> None:
    assert {branch.combine for branch in METHOD.tree.branches} == {Combine.ARITHMETIC}
    assert {branch.round for branch in METHOD.tree.branches} == {None}


def test_what_each_kind_of_branch_needs() -> None:
    for branch in METHOD.tree.branches:
        kind = branch.key.partition(".")[2] or ("whole" if branch.key == ROOT else branch.key)
        usual = {"published": 0.2, "coded": 0.5, "whole": 1.0, "pressure": 0.25, "signs": 0.25, "protection": 0.25}
        assert branch.needs == usual.get(kind, 0.5), branch.key


# What is needed


def test_either_voice_alone_carries_a_criterion() -> None:
    published, coded = all_of("rule_of_law", 30, Voice.PUBLISHED), all_of("rule_of_law", 70, Voice.CODED)
    assert score(published, "rule_of_law") == pytest.approx(30)
    assert score(coded, "rule_of_law") == pytest.approx(70)
    assert score(published | coded, "rule_of_law") == pytest.approx(50)


@pytest.mark.parametrize(
    ("criterion", "voice", "enough", "too_few"),
    [
        # 1.5 of the 7.0 that weigh in it: a fifth is 1.4
        ("rule_of_law", Voice.PUBLISHED, ["wgi_rule_of_law"], ["vdem_high_court_independence"]),
        # 0.75 of 3.75 is exactly a fifth
        ("armed_conflict", Voice.PUBLISHED, ["displacement"], []),
        # 2.0 of 4.0 is exactly a half
        ("accountability", Voice.CODED, ["amnesty_and_immunity", "international_justice"], ["amnesty_and_immunity"]),
        # half of the 3.75 is 1.875
        ("security_sector", Voice.CODED, ["militias", "safeguards_in_forces"], ["militias"]),
    ],
)
def test_a_voice_speaks_from_what_it_needs_on(
    criterion: str, voice: Voice, enough: list[str], too_few: list[str]
) -> None:
    node = voice_key(criterion, voice)
    assert score(dict.fromkeys(enough, 40.0), node) == pytest.approx(40)
    assert math.isnan(score(dict.fromkeys(too_few, 40.0), node))


def test_a_fifth_is_enough_for_what_is_published_and_half_for_what_is_coded() -> None:
    for criterion in CATALOGUE.criteria:
        for voice in Voice:
            node = voice_key(criterion.key, voice)
            if node not in METHOD.tree.positions:
                continue
            weights, needs = heard(criterion.key, voice), 0.2 if voice is Voice.PUBLISHED else 0.5
            for count in range(1, len(weights) + 1):
                some = list(weights)[:count]
                is_enough = sum(weights[key] for key in some) >= needs * sum(weights.values())
                assert math.isnan(score(dict.fromkeys(some, 10.0), node)) is not is_enough, (node, some)


def test_a_dimension_speaks_from_a_quarter_of_its_criteria_on() -> None:
    # pressure weighs 9.0: rule of law is a third of it, two criteria of 1.25 and 1.0 are exactly a quarter
    exactly = all_of("accountability", 80) | all_of("legacy_of_atrocities", 35)
    assert score(exactly, "pressure") == pytest.approx((1.25 * 80 + 35) / 2.25)
    assert math.isnan(score(all_of("legacy_of_atrocities", 35) | all_of("socio_economic_strain", 35), "pressure"))
    assert score(all_of("rule_of_law", 80), "pressure") == pytest.approx(80)


def test_without_one_of_the_dimensions_there_is_no_whole() -> None:
    whole = {"pressure": 50.0, "signs": 50.0, "protection": 50.0}
    assert score(everything(**whole)) == pytest.approx(50)
    for missing in whole:
        two = {key: severity for key, severity in whole.items() if key != missing}
        assert math.isnan(score(everything(**two)))


def test_a_missing_child_is_not_a_zero() -> None:
    severe = all_of("accountability", 90)
    assert score(severe | all_of("security_sector", 90), "pressure") == pytest.approx(90)
    assert score(severe | all_of("security_sector", 0), "pressure") == pytest.approx(45)


def test_coverage_is_the_share_of_the_weight_of_leaves_that_is_fresh() -> None:
    found = known({"wgi_rule_of_law": 10, "independence_of_courts": 10})
    positions = METHOD.tree.positions
    assert found.coverage[positions["rule_of_law.published"]] == pytest.approx(1.5 / 7)
    assert found.coverage[positions["rule_of_law.coded"]] == pytest.approx(1.5 / 11)
    # evidence is there even where it is not enough to speak: the two voices weigh alike
    assert found.coverage[positions["rule_of_law"]] == pytest.approx((1.5 / 7 + 1.5 / 11) / 2)
    assert found.coverage[positions["pressure"]] == pytest.approx((1.5 / 7 + 1.5 / 11) / 2 * 3 / 9)
    assert found.coverage[positions[ROOT]] == pytest.approx((1.5 / 7 + 1.5 / 11) / 2 * 3 / 9 * 0.4)


@pytest.mark.parametrize(("coverage", "expected"), [(0.0, True), (0.599, True), (0.6, False), (1.0, False)])
def test_a_score_is_thin_below_sixty_per_cent_of_its_evidence(coverage: float, expected: bool) -> None:
    assert METHOD.is_thin(coverage) is expected


@pytest.mark.parametrize("firm_from", [0.1, 0.3, 0.6, 0.7, 0.9])
def test_a_score_exactly_at_the_limit_is_firm_in_single_precision_too(firm_from: float) -> None:
    method = replace(METHOD, firm_from=firm_from)
    assert not method.is_thin(firm_from)
    assert not method.is_thin(float(np.float32(firm_from)))
    assert method.is_thin(firm_from - 1e-6)


# What it says of itself


def test_a_method_survives_being_written_as_json() -> None:
    deaths = a_measure("deaths", best=10.0, worst=1000.0, transform=Transform.LOG)
    for one in (METHOD, replace(a_method(a_measure(), deaths, jitter=0.1), firm_from=0.5)):
        again = Method.from_plain(json.loads(json.dumps(one.as_plain())))
        assert (again.tree, again.measures) == (one.tree, one.measures)
        assert (again.trust, again.firm_from) == (one.trust, one.firm_from)
        assert [limit.tolist() for limit in again.limits] == [limit.tolist() for limit in one.limits]
        assert again.fingerprint == one.fingerprint


@pytest.mark.parametrize(
    "other",
    [
        a_method(a_measure(best=1.0)),
        a_method(a_measure(transform=Transform.LOG, best=1.0)),
        a_method(a_measure(fresh_for_days=63)),
        a_method(a_measure("police")),
        a_method(branches=(replace(a_method().tree.branches[0], needs=0.5),)),
        a_method(branches=(replace(a_method().tree.branches[0], combine=Combine.INFORM),)),
        a_method(ageing=11.0),
        a_method(draws=999),
        a_method(deviations={**a_method().trust.deviations, "A1": 1.0}),
        replace(a_method(), firm_from=0.5),
    ],
)
def test_whatever_differs_between_two_methods_makes_another_fingerprint(other: Method) -> None:
    assert a_method().fingerprint != other.fingerprint


def test_two_methods_that_say_the_same_have_the_same_fingerprint() -> None:
    assert a_method().fingerprint == a_method().fingerprint
    assert len(a_method().fingerprint) == 64
