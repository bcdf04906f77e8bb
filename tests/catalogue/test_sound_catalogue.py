"""A sound catalogue is read as written, in a stable order, and known by its fingerprint."""

from pathlib import Path

import pytest

from tests.catalogue.example import CRITERION, after, write
from tracker.catalogue.reading import Catalogue, read_catalogue
from tracker.criterion import Citation, Dimension, Meeting
from tracker.indicator import Cadence, Indicator, Level, PublishedSource, Term, Transform, Voice


def test_a_sound_catalogue_is_read_as_written(tmp_path: Path) -> None:
    catalogue = read_catalogue(write(tmp_path))
    coded, measured = catalogue.indicators
    assert catalogue.criteria[0].citations == (Citation(Meeting.FIFTH, "Ending impunity"),)
    assert coded == Indicator(
        key="obeyed",
        criterion="courts",
        name="Obeyed",
        question="Are they obeyed?",
        voice=Voice.CODED,
        best=0.0,
        worst=4.0,
        unit="level",
        transform=Transform.NONE,
        cadence=Cadence.MONTHLY,
        fresh_for_days=62,
        weight=1.0,
        guidance="Look at rulings.",
        risk_factors=(3, 6),
        levels=(
            Level(0, "Always."),
            Level(1, "Mostly."),
            Level(2, "By half."),
            Level(3, "Rarely."),
            Level(4, "Never."),
        ),
        source=None,
        code=None,
        citations=(Citation(Meeting.FIRST, "Tactics"),),
    )
    assert (measured.source, measured.code, measured.transform, measured.levels) == ("bank", "x1", Transform.LOG, ())


def test_sources_and_terms_are_read_as_written(tmp_path: Path) -> None:
    catalogue = read_catalogue(write(tmp_path))
    assert catalogue.sources == (
        PublishedSource(
            key="bank",
            name="Figures",
            publisher="A bank",
            url="https://example.org/figures",
            licence="CC BY 4.0",
            attribution="Figures, a bank.",
            reliability="A",
            credibility=2,
            bundled=True,
        ),
    )
    assert catalogue.terms == (Term("confirmed", "Confirmed", "Told by two."),)


def test_wrapped_prose_is_read_as_one_paragraph(tmp_path: Path) -> None:
    meaning = read_catalogue(write(tmp_path)).criteria[0].meaning
    assert meaning == 'Whether courts decide. key = "this is prose"'


def test_a_question_may_be_answered_by_yes_or_no_and_yes_may_be_good(tmp_path: Path) -> None:
    text = after('2 = "By half."\n3 = "Rarely."\n4 = "Never."\n', "")
    text = after("best = 0\nworst = 4", "best = 1\nworst = 0", text)
    obeyed = read_catalogue(write(tmp_path, text)).indicators[0]
    assert (len(obeyed.levels), obeyed.best, obeyed.worst) == (2, 1, 0)


def test_criteria_stand_by_dimension_then_the_leading_then_the_heavier_then_by_key(tmp_path: Path) -> None:
    write(tmp_path)
    for key, dimension, weight in [
        ("a_sign", Dimension.SIGNS, 9.0),
        ("light", Dimension.PRESSURE, 1.0),
        ("heavy_b", Dimension.PRESSURE, 5.0),
        ("heavy_a", Dimension.PRESSURE, 5.0),
    ]:
        text = CRITERION.replace("courts", key).replace("obeyed", f"{key}_o").replace('"measured"', f'"{key}_m"')
        text = text.replace('"x1"', f'"{key}"').replace('"pressure"', f'"{dimension}"').replace("= true", "= false")
        (tmp_path / f"criteria/{key}.toml").write_text(text.replace("weight = 1.5", f"weight = {weight}"))
    keys = [criterion.key for criterion in read_catalogue(tmp_path).criteria]
    assert keys == ["courts", "heavy_a", "heavy_b", "light", "a_sign"]


def test_the_plain_form_is_json_with_words_and_lists(tmp_path: Path) -> None:
    plain = read_catalogue(write(tmp_path)).as_plain()
    assert list(plain) == ["criteria", "indicators", "sources", "terms"]
    assert plain["indicators"][0]["levels"][0] == {"value": 0, "descriptor": "Always."}
    assert plain["criteria"][0]["citations"] == [{"meeting": "2012", "section": "Ending impunity"}]


def test_reading_twice_gives_the_same_fingerprint(tmp_path: Path) -> None:
    write(tmp_path)
    assert read_catalogue(tmp_path).fingerprint() == read_catalogue(tmp_path).fingerprint()


def test_comments_and_wrapping_do_not_change_the_fingerprint(tmp_path: Path) -> None:
    before = read_catalogue(write(tmp_path)).fingerprint()
    rewrapped = after("Whether courts decide.", "Whether\ncourts decide.")
    assert read_catalogue(write(tmp_path, "# reviewed\n" + rewrapped)).fingerprint() == before


@pytest.mark.parametrize(
    ("old", "new"),
    [("Rarely.", "Rarely!"), ("weight = 1.5", "weight = 1.25"), ("[3, 6]", "[3]"), ("Tactics", "Vision")],
)
def test_any_change_of_meaning_changes_the_fingerprint(tmp_path: Path, old: str, new: str) -> None:
    before = read_catalogue(write(tmp_path)).fingerprint()
    assert read_catalogue(write(tmp_path, after(old, new))).fingerprint() != before


def test_without_a_folder_the_built_in_catalogue_is_read() -> None:
    assert isinstance(read_catalogue(), Catalogue)
