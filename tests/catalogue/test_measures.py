"""The built-in toolbox is whole, and a broken file of measures is refused with its line, the reason and what to do."""

from collections import Counter
from pathlib import Path

import pytest

from tests.catalogue.example import write
from tracker.assessment import Stage
from tracker.catalogue.broken import CatalogueBroken
from tracker.catalogue.measures import measures, read_measures
from tracker.catalogue.reading import read_catalogue
from tracker.criterion import Citation, Meeting
from tracker.measure import Measure, MeasureKind, Sphere

MEASURES = """\
[[measure]]
key = "arrest"
name = "Arrests"
kind = "accountability"
spheres = ["regional", "national"]
stages = ["early_violence"]
criteria = ["courts"]
what = \"\"\"
People are
arrested.
\"\"\"
sensible_when = [
    "A court
asks for it.",
]
cautions = ["They flee.", "They are avenged."]
citations = [{ meeting = "2012", section = "Ending impunity" }]

[[measure]]
key = "talks"
name = "Talks"
kind = "diplomatic"
spheres = ["bilateral"]
stages = ["early_prevention"]
criteria = ["courts"]
what = "People talk."
sensible_when = ["They listen."]
cautions = ["They may not."]
citations = [{ meeting = "2008", section = "Tactics" }]
""".replace('"A court\nasks for it."', '"""A court\nasks for it."""')


def read(folder: Path, text: str = MEASURES) -> tuple[Measure, ...]:
    write(folder)
    (folder / "measures.toml").write_text(text, encoding="utf-8")
    return read_measures(folder)


def test_measures_are_read_by_kind_with_spheres_in_their_order(tmp_path: Path) -> None:
    talks, arrest = read(tmp_path)
    assert talks.key == "talks"
    assert arrest == Measure(
        key="arrest",
        name="Arrests",
        kind=MeasureKind.ACCOUNTABILITY,
        spheres=(Sphere.NATIONAL, Sphere.REGIONAL),
        stages=(Stage.EARLY_VIOLENCE,),
        criteria=("courts",),
        what="People are arrested.",
        sensible_when=("A court asks for it.",),
        cautions=("They flee.", "They are avenged."),
        citations=(Citation(Meeting.FIFTH, "Ending impunity"),),
    )


@pytest.mark.parametrize(
    ("written", "instead", "line", "reason"),
    [
        ('key = "talks"', 'key = "Talks"', 20, "the key “Talks” is malformed; use small letters"),
        ('key = "talks"', 'key = "arrest"', 20, "the measure “arrest” is there twice; rename or remove one."),
        ('name = "Talks"\n', "", 19, "measure “talks” lacks the key “name”; add it."),
        ('name = "Talks"', 'name = "Talks"\nforce = true', 22, "measure “talks” has the unknown key “force”"),
        ('kind = "diplomatic"', 'kind = "talk"', 22, "“talk” is an unknown kind; use one of diplomatic, political"),
        ('["bilateral"]', '["village"]', 23, "“spheres” names “village”; use only national, bilateral, regional"),
        ('["bilateral"]', "[{ a = 1 }]", 23, "“spheres” names “{'a': 1}”; use only national"),
        ('["bilateral"]', "[]", 23, "“spheres” is an empty list; give at least one entry."),
        (
            '["early_prevention"]',
            '["early_prevention", "early_prevention"]',
            24,
            "“stages” names “early_prevention” twi",
        ),
        ('["early_prevention"]', '["later"]', 24, "“stages” names “later”; use only early_prevention"),
        (
            'criteria = ["courts"]\nwhat = "P',
            'criteria = ["curts"]\nwhat = "P',
            25,
            "“curts” is no criterion of the cat",
        ),
        ('"People talk."', '" "', 26, "“what” is empty; write it out."),
        ('["They listen."]', '["They listen"]', 27, "“sensible_when” holds 'They listen'; write each as a sentence"),
        ('["They may not."]', "[7]", 28, "“cautions” holds 7; write each as a sentence with its full stop."),
        ('section = "Tactics"', 'section = "Tactic"', 29, "“Tactic” is not a section of the 2008 meeting"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(
    tmp_path: Path, written: str, instead: str, line: int, reason: str
) -> None:
    assert MEASURES.count(written) == 1
    with pytest.raises(CatalogueBroken) as broken:
        read(tmp_path, MEASURES.replace(written, instead))
    assert (broken.value.file, broken.value.line) == ("measures.toml", line)
    assert reason in broken.value.reason


def test_there_is_something_of_every_kind_for_every_stage_by_everybody() -> None:
    assert {one.kind for one in measures()} == set(MeasureKind)
    assert {stage for one in measures() for stage in one.stages} == set(Stage)
    assert {sphere for one in measures() for sphere in one.spheres} == set(Sphere)


def test_every_criterion_has_at_least_two_measures_for_the_time_before_violence() -> None:
    early = Counter(key for one in measures() if Stage.EARLY_PREVENTION in one.stages for key in one.criteria)
    assert {criterion.key for criterion in read_catalogue().criteria if early[criterion.key] < 2} == set()


def test_at_every_stage_there_is_something_that_the_state_itself_can_do() -> None:
    assert {stage for one in measures() if one.is_national for stage in one.stages} == set(Stage)


def test_every_measure_says_more_than_once_when_it_is_sensible_and_when_it_harms() -> None:
    assert [one.key for one in measures() if len(one.sensible_when) < 2 or len(one.cautions) < 2] == []


def test_no_two_measures_bear_the_same_name() -> None:
    assert max(Counter(one.name.casefold() for one in measures()).values()) == 1


def test_force_is_for_ongoing_violence_and_for_no_state_alone() -> None:
    [force] = [one for one in measures() if one.kind is MeasureKind.FORCE]
    assert (force.stages, force.spheres) == ((Stage.ONGOING_VIOLENCE,), (Sphere.REGIONAL, Sphere.UNITED_NATIONS))
