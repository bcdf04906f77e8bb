"""What the built-in catalogue promises to those who code by it and to those who read its scores."""

from collections import Counter, defaultdict

import pytest

from tracker.catalogue.reading import read_catalogue
from tracker.criterion import Criterion, Dimension
from tracker.indicator import RISK_FACTORS, Cadence, Indicator, Voice, severity

CATALOGUE = read_catalogue()
CODED = [indicator for indicator in CATALOGUE.indicators if indicator.voice is Voice.CODED]
PUBLISHED = [indicator for indicator in CATALOGUE.indicators if indicator.voice is Voice.PUBLISHED]

# The method gives the published voice of a criterion a value from this share of its weight up.
NEEDED_OF_THE_PUBLISHED_VOICE = 0.2
NEEDED_OF_A_DIMENSION = 0.25


def named(indicator: Indicator) -> str:
    return indicator.key


def of(criterion: str, voice: Voice) -> list[Indicator]:
    return [each for each in CATALOGUE.indicators if (each.criterion, each.voice) == (criterion, voice)]


def twice(words: list[str]) -> list[str]:
    return [word for word, times in Counter(word.casefold() for word in words).items() if times > 1]


def test_the_thirteen_criteria_are_those_of_the_method_in_the_order_in_which_they_are_shown() -> None:
    by_dimension: dict[Dimension, list[str]] = defaultdict(list)
    for criterion in CATALOGUE.criteria:
        by_dimension[criterion.dimension].append(criterion.key)
    assert dict(by_dimension) == {
        Dimension.PRESSURE: [
            "rule_of_law",
            "group_fissures",
            "accountability",
            "security_sector",
            "legacy_of_atrocities",
            "socio_economic_strain",
        ],
        Dimension.SIGNS: ["violations", "armed_conflict", "incitement"],
        Dimension.PROTECTION: ["crisis_response", "monitoring", "national_responsibility", "regional_capacity"],
    }


def test_rule_of_law_leads_and_nothing_else_does() -> None:
    assert [criterion.key for criterion in CATALOGUE.criteria if criterion.leading] == ["rule_of_law"]


def test_rule_of_law_weighs_three() -> None:
    assert CATALOGUE.criteria[0].weight == 3


@pytest.mark.parametrize("criterion", CATALOGUE.criteria[1:], ids=lambda criterion: criterion.key)
def test_every_other_criterion_weighs_between_one_and_one_and_a_half(criterion: Criterion) -> None:
    assert 1 <= criterion.weight <= 1.5


@pytest.mark.parametrize("criterion", CATALOGUE.criteria, ids=lambda criterion: criterion.key)
def test_every_criterion_says_what_it_means_in_two_to_four_sentences(criterion: Criterion) -> None:
    assert 2 <= criterion.meaning.count(". ") + 1 <= 4


def test_there_are_enough_indicators_to_see_by_and_few_enough_to_keep_up() -> None:
    assert 55 <= len(CATALOGUE.indicators) <= 75


def test_rule_of_law_asks_analysts_at_least_eight_questions() -> None:
    assert len(of("rule_of_law", Voice.CODED)) >= 8


@pytest.mark.parametrize("criterion", CATALOGUE.criteria[1:], ids=lambda criterion: criterion.key)
def test_every_other_criterion_asks_analysts_three_to_six_questions(criterion: Criterion) -> None:
    assert 3 <= len(of(criterion.key, Voice.CODED)) <= 6


@pytest.mark.parametrize("told", [*CATALOGUE.criteria, *CATALOGUE.indicators], ids=lambda told: told.key)
def test_everything_cites_a_meeting(told: Criterion | Indicator) -> None:
    assert told.citations


def test_all_three_meetings_are_cited() -> None:
    cited = {citation.meeting for told in CATALOGUE.indicators for citation in told.citations}
    assert cited == {"2008", "2009", "2012"}


@pytest.mark.parametrize("criterion", ["rule_of_law"])
def test_the_leading_criterion_cites_the_meeting_that_called_its_breakdown_a_warning(criterion: str) -> None:
    citations = next(each for each in CATALOGUE.criteria if each.key == criterion).citations
    assert any((citation.meeting, citation.section[:2]) == ("2009", "5.") for citation in citations)


@pytest.mark.parametrize("indicator", CODED, ids=named)
def test_every_coded_question_has_a_written_descriptor_for_every_level(indicator: Indicator) -> None:
    assert len(indicator.levels) in (2, 5)


@pytest.mark.parametrize("indicator", CODED, ids=named)
def test_every_coded_question_says_what_the_usual_mistake_is(indicator: Indicator) -> None:
    assert "Usual mistake:" in indicator.guidance


@pytest.mark.parametrize("indicator", CODED, ids=named)
def test_every_question_is_a_question(indicator: Indicator) -> None:
    assert indicator.question.endswith("?")


@pytest.mark.parametrize("indicator", CODED, ids=named)
def test_a_level_can_be_read_in_one_breath(indicator: Indicator) -> None:
    assert max(len(level.descriptor) for level in indicator.levels) <= 260


def test_no_two_levels_anywhere_have_the_same_descriptor() -> None:
    assert twice([level.descriptor for each in CATALOGUE.indicators for level in each.levels]) == []


def test_no_two_indicators_have_the_same_name() -> None:
    assert twice([each.name for each in CATALOGUE.indicators]) == []


def test_no_two_indicators_ask_the_same_question() -> None:
    assert twice([each.question for each in CATALOGUE.indicators]) == []


def test_no_two_indicators_give_the_same_guidance() -> None:
    assert twice([each.guidance for each in CATALOGUE.indicators]) == []


def test_no_two_criteria_have_the_same_name() -> None:
    assert twice([each.name for each in CATALOGUE.criteria]) == []


def test_each_of_the_fourteen_risk_factors_is_watched_by_an_analyst() -> None:
    assert {factor for each in CODED for factor in each.risk_factors} == set(RISK_FACTORS)


@pytest.mark.parametrize("vague", ["significant", "widespread", "substantial", "serious", "various", "several"])
def test_no_level_rests_on_a_word_that_two_analysts_read_differently(vague: str) -> None:
    resting = [each.key for each in CODED for level in each.levels if vague in level.descriptor.casefold()]
    assert resting == []


SHORTEST_FRESHNESS = {Cadence.MONTHLY: 31, Cadence.QUARTERLY: 92, Cadence.YEARLY: 366, Cadence.ONCE: 1}


@pytest.mark.parametrize("indicator", CATALOGUE.indicators, ids=named)
def test_an_observation_stays_fresh_at_least_until_the_next_is_due(indicator: Indicator) -> None:
    assert indicator.fresh_for_days >= SHORTEST_FRESHNESS[indicator.cadence]


@pytest.mark.parametrize(
    ("key", "code", "criterion"),
    [
        ("wgi_rule_of_law", "wgi_rl", "rule_of_law"),
        ("wgi_control_of_corruption", "wgi_cc", "rule_of_law"),
        ("wgi_government_effectiveness", "wgi_ge", "rule_of_law"),
        ("wgi_regulatory_quality", "wgi_rq", "socio_economic_strain"),
        ("wgi_political_stability", "wgi_pv", "armed_conflict"),
        ("wgi_voice_and_accountability", "wgi_va", "monitoring"),
    ],
)
def test_the_six_governance_indicators_run_from_plus_to_minus_two_and_a_half(
    key: str, code: str, criterion: str
) -> None:
    found = next(each for each in CATALOGUE.indicators if each.key == key)
    assert (found.code, found.criterion, found.best, found.worst) == (code, criterion, 2.5, -2.5)


@pytest.mark.parametrize("criterion", ["rule_of_law", "armed_conflict", "monitoring"])
def test_the_bundled_figures_alone_give_a_criterion_its_published_voice(criterion: str) -> None:
    bundled = {source.key for source in CATALOGUE.sources if source.bundled}
    voice = of(criterion, Voice.PUBLISHED)
    present = sum(each.weight for each in voice if each.source in bundled)
    assert present >= NEEDED_OF_THE_PUBLISHED_VOICE * sum(each.weight for each in voice)


@pytest.mark.parametrize("dimension", Dimension)
def test_the_bundled_figures_alone_give_every_dimension_a_value(dimension: Dimension) -> None:
    bundled = {source.key for source in CATALOGUE.sources if source.bundled}
    speaking = {each.criterion for each in PUBLISHED if each.source in bundled}
    weights = {each.key: each.weight for each in CATALOGUE.criteria if each.dimension is dimension}
    present = sum(weight for key, weight in weights.items() if key in speaking)
    assert present >= NEEDED_OF_A_DIMENSION * sum(weights.values())


def test_only_the_governance_indicators_are_bundled() -> None:
    assert [source.key for source in CATALOGUE.sources if source.bundled] == ["wgi"]


def test_every_source_publishes_at_least_one_indicator() -> None:
    assert {source.key for source in CATALOGUE.sources} == {each.source for each in PUBLISHED}


@pytest.mark.parametrize(
    ("code", "good", "bad"),
    [
        ("wgi_rl", 1.8, -1.8),
        ("v2x_rule", 0.95, 0.05),
        ("v2x_corr", 0.05, 0.95),
        ("v2juncind", 2.5, -2.5),
        ("v2csreprss", 2.5, -2.5),
        ("v2clkill", 2.5, -2.5),
        ("v2cltort", 2.5, -2.5),
        ("v2x_civlib", 0.95, 0.05),
        ("PTS_A", 1, 5),
        ("PTS_S", 1, 5),
        ("pr", 1, 7),
        ("cl", 1, 7),
        ("pt_attempt", 0, 1),
        ("ucdp_battle_deaths_best", 0, 5_000),
        ("discrimpop", 0, 0.45),
        ("displaced_share", 0, 15),
        ("SP.DYN.IMRT.IN", 3, 80),
    ],
)
def test_every_publishers_scale_points_the_right_way(code: str, good: float, bad: float) -> None:
    indicator = next(each for each in PUBLISHED if each.code == code)
    assert severity(indicator, good) < 20 < 80 < severity(indicator, bad)


def test_a_country_without_battle_deaths_is_not_a_country_without_a_value() -> None:
    deaths = next(each for each in PUBLISHED if each.key == "battle_deaths")
    assert severity(deaths, 0) == 0
