"""The shape of the built-in method is the one described, and a broken file is refused with line, reason and remedy."""

from pathlib import Path

import pytest

from tracker.catalogue.broken import CatalogueBroken
from tracker.catalogue.shape import built_in_shape, read_shape
from tracker.criterion import Dimension
from tracker.method import Shape

SOUND = """\
[weights]
pressure = 0.4
signs = 0.4
protection = 0.2

[needs]
published = 0.2
coded = 0.5
criterion = 0.5
dimension = 0.25
risk = 1.0
firm_from = 0.6

[trust]
ageing = 10
jitter = 0.25
draws = 1000

[deviations]
A = [2, 4.0, 7.0, 10.0, 14.0, 16.0]
B = [4.0, 6.0, 9.0, 12.0, 16.0, 18.0]
C = [6.0, 9.0, 12.0, 15.0, 18.0, 20.0]
D = [9.0, 12.0, 15.0, 18.0, 21.0, 22.0]
E = [13.0, 16.0, 18.0, 20.0, 23.0, 24.0]
F = [16.0, 18.0, 20.0, 22.0, 24.0, 25.0]
"""


def read(folder: Path, text: str = SOUND) -> Shape:
    (folder / "method.toml").write_text(text, encoding="utf-8")
    return read_shape(folder)


def test_the_built_in_shape_is_the_one_described(tmp_path: Path) -> None:
    assert built_in_shape() == read(tmp_path)


def test_every_value_of_the_file_is_read_into_its_place(tmp_path: Path) -> None:
    text = SOUND
    for number, old in enumerate(("published = 0.2", "coded = 0.5", "criterion = 0.5", "dimension = 0.25"), start=1):
        text = text.replace(old, f"{old.split()[0]} = 0.{number}")
    text = text.replace("risk = 1.0", "risk = 0.9").replace("firm_from = 0.6", "firm_from = 0.7")
    found = read(tmp_path, text.replace("pressure = 0.4", "pressure = 3").replace("signs = 0.4", "signs = 2"))
    assert (found.needs_published, found.needs_coded, found.needs_criterion, found.needs_dimension) == (
        0.1,
        0.2,
        0.3,
        0.4,
    )
    assert (found.needs_risk, found.firm_from) == (0.9, 0.7)
    assert found.weights == {Dimension.PRESSURE: 3, Dimension.SIGNS: 2, Dimension.PROTECTION: 0.2}
    assert (found.trust.ageing, found.trust.jitter, found.trust.draws) == (10, 0.25, 1000)


def test_there_is_a_deviation_for_every_grade_from_the_surest_to_the_least_sure() -> None:
    found = built_in_shape().trust.deviations
    assert set(found) == {f"{letter}{number}" for letter in "ABCDEF" for number in range(1, 7)}
    assert (found["A1"], found["F6"]) == (2, 25) == (min(found.values()), max(found.values()))
    assert (found["A6"], found["F1"]) == (16, 16)


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("published = 0.2", "published = 1"),
        ("risk = 1.0", "risk = 0.001"),
        ("jitter = 0.25", "jitter = 1"),
        ("draws = 1000", "draws = 100"),
        ("draws = 1000", "draws = 10000"),
        ("signs = 0.4", "signs = 7"),
        ("ageing = 10", "ageing = 0.5"),
        # a worse grade may be as sure as a better one, and no surer
        ("A = [2, 4.0", "A = [4, 4.0"),
        ("24.0, 25.0]", "24.0, 100.0]"),
    ],
)
def test_what_is_just_within_a_limit_is_taken(tmp_path: Path, written: str, instead: str) -> None:
    assert written in SOUND
    assert read(tmp_path, SOUND.replace(written, instead, 1)) != read(tmp_path)


@pytest.mark.parametrize(
    ("written", "instead", "line", "reason"),
    [
        ("pressure = 0.4", "pressure = 0", 2, "“pressure” is 0; give a number above 0."),
        ("pressure = 0.4", "pressure = -1", 2, "“pressure” is -1; give a number above 0."),
        ("pressure = 0.4", 'pressure = "0.4"', 2, "“pressure” must be a number; write it without quotation marks."),
        ("pressure = 0.4", "pressure = true", 2, "“pressure” must be a number; write it without quotation marks."),
        ("pressure = 0.4", "pressure = inf", 2, "“pressure” is inf, which is not a usable number"),
        ("pressure = 0.4", "pressure = nan", 2, "“pressure” is nan, which is not a usable number"),
        ("pressure = 0.4", "presure = 0.4", 2, "weights has the unknown key “presure”; use only pressure, signs, prot"),
        ("signs = 0.4\n", "", 1, "weights lacks the key “signs”; add it."),
        ("published = 0.2", "published = 0", 7, "“published” is 0; give a share above 0 and up to 1."),
        ("coded = 0.5", "coded = 1.001", 8, "“coded” is 1.001; give a share above 0 and up to 1."),
        ("criterion = 0.5", "criterion = -0.5", 9, "“criterion” is -0.5; give a share above 0 and up to 1."),
        ("dimension = 0.25", "dimension = 25", 10, "“dimension” is 25; give a share above 0 and up to 1."),
        ("risk = 1.0", "risk = [1.0]", 11, "“risk” must be a number; write it without quotation marks."),
        ("firm_from = 0.6", "firm_from = 0", 12, "“firm_from” is 0; give a share above 0 and up to 1."),
        ("firm_from = 0.6\n", "", 6, "needs lacks the key “firm_from”; add it."),
        ("coded = 0.5", "coded = 0.5\nspoken = 0.5", 9, "needs has the unknown key “spoken”; use only published,"),
        ("ageing = 10", "ageing = 0", 15, "“ageing” is 0; give a number above 0."),
        ("jitter = 0.25", "jitter = 1.5", 16, "“jitter” is 1.5; give a share above 0 and up to 1."),
        ("draws = 1000", "draws = 99", 17, "“draws” is 99; give a whole number from 100 to 10000."),
        ("draws = 1000", "draws = 10001", 17, "“draws” is 10001; give a whole number from 100 to 10000."),
        ("draws = 1000", "draws = 1000.0", 17, "“draws” must be a whole number; write it without a point."),
        ("draws = 1000\n", "", 14, "trust lacks the key “draws”; add it."),
        ("F = [16.0, 18.0, 20.0, 22.0, 24.0, 25.0]\n", "", 19, "deviations lacks the key “F”; add it."),
        ("F = [", "G = [", 25, "deviations has the unknown key “G”; use only A, B, C, D, E, F."),
        ("A = [2, ", "A = [", 20, "“A” must be six numbers above 0 and up to 100, for credibility 1 to 6."),
        ("A = [2, ", "A = [1, 2, ", 20, "“A” must be six numbers above 0 and up to 100, for"),
        ("A = [2, ", "A = [0, ", 20, "“A” must be six numbers above 0 and up to 100, for"),
        ("A = [2, ", "A = [true, ", 20, "“A” must be six numbers above 0 and up to 100, for"),
        ("A = [2, ", 'A = ["2", ', 20, "“A” must be six numbers above 0 and up to 100, for"),
        ("A = [2, ", "A = [nan, ", 20, "“A” must be six numbers above 0 and up to 100, for"),
        ("24.0, 25.0]", "24.0, inf]", 25, "“F” must be six numbers above 0 and up to 100, for"),
        ("24.0, 25.0]", "24.0, 100.5]", 25, "“F” must be six numbers above 0 and up to 100, for"),
        ("A = [2, 4.0", "A = [4.1, 4.0", 20, "“A” is surer in some place than a better grade; let it grow."),
        ("B = [4.0", "B = [1.9", 21, "“B” is surer in some place than a better grade; let it grow."),
        ("24.0, 25.0]", "24.0, 23.9]", 25, "“F” is surer in some place than a better grade; let it grow."),
        ("B = [4.0, 6.0, 9.0, 12.0, 16.0, 18.0]", "B = 4.0", 21, "“B” must be a list; put it in square brackets."),
        ("[trust]", "[[trust]]", 14, "“trust” must be a table; head it with [trust]."),
        ("[trust]", "[faith]", 14, "the file has the unknown key “faith”; use only weights, needs, trust, deviations."),
        ("[weights]", "weights = 1\n[more]", 2, "the file has the unknown key “more”; use only weights, needs,"),
        ("jitter = 0.25", "jitter =", 16, "this is not valid TOML"),
    ],
)
def test_a_fault_is_refused_with_its_line(tmp_path: Path, written: str, instead: str, line: int, reason: str) -> None:
    assert written in SOUND
    with pytest.raises(CatalogueBroken) as caught:
        read(tmp_path, SOUND.replace(written, instead, 1))
    assert caught.value.reason.startswith(reason)
    assert (caught.value.file, caught.value.line) == ("method.toml", line)


@pytest.mark.parametrize("table", ["weights", "needs", "trust", "deviations"])
def test_a_missing_table_is_refused(tmp_path: Path, table: str) -> None:
    parts = [part for part in SOUND.split("\n\n") if not part.startswith(f"[{table}]")]
    with pytest.raises(CatalogueBroken, match=f"^method.toml, line 1: the file lacks the key “{table}”; add it.$"):
        read(tmp_path, "\n\n".join(parts))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueBroken, match=r"^method.toml, line 1: the file is missing; put it back.$"):
        read_shape(tmp_path)
