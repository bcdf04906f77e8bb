"""An index in a file is read whole, or refused in one sentence: which file, which line, what is wrong, what to do."""

import csv
import math
import statistics
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.catalogue.example import after
from tracker.catalogue.broken import CatalogueBroken
from tracker.catalogue.trees import Goalposts, High, Index, Leaf, as_toml, read_index
from tracker.index import Branch, Combine, FloatArray, Tree, evaluate, ranks
from tracker.indicator import Transform
from tracker.refusal import Refusal
from tracker.tree_fault import faults

ROOT = Path(__file__).resolve().parents[2]
TREES = ROOT / "docs" / "trees"
GOLDEN = ROOT / "tests" / "golden"

SOUND = """\
[tree]
name = "Trouble"
scale = 10

[[leaf]]
key = "arrests"
name = "Arrests"
best = 0
worst = 40

[[leaf]]
key = "trials"
name = "Trials"
from = "data"
high = "good"

[[leaf]]
key = "prices"
name = "Prices"
best = 1
worst = 1000
transform = "log"
at_most = 500

[[branch]]
key = "whole"
name = "All of it"
combine = "geometric"
needs = 0.25
round = 1

[branch.children]
justice = 3
prices = 0.5

[[branch]]
key = "justice"
name = "Justice"
children = { arrests = 1, trials = 2 }
"""


def read(folder: Path, text: str) -> Index:
    path = folder / "trouble.toml"
    path.write_text(text, encoding="utf-8")
    return read_index(path)


def refusal(folder: Path, text: str) -> CatalogueBroken:
    with pytest.raises(CatalogueBroken) as refused:
        read(folder, text)
    assert str(refused.value).startswith(f"trouble.toml, line {refused.value.line}: ")
    assert "\n" not in str(refused.value)
    return refused.value


def line_of(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), start=1) if words in line)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> float:
    return math.nan if text in ("", "x") else float(text)


def values_of(index: Index, table: list[dict[str, str]]) -> FloatArray:
    return np.array([[number(row[leaf.key]) for row in table] for leaf in index.leaves])


def test_a_file_says_the_tree_and_the_goalposts_of_its_leaves(tmp_path: Path) -> None:
    assert read(tmp_path, SOUND) == Index(
        "Trouble",
        High.BAD,
        (
            Leaf("arrests", "Arrests", Goalposts(0, 40)),
            Leaf("trials", "Trials", High.GOOD),
            Leaf("prices", "Prices", Goalposts(1, 1000), Transform.LOG, at_most=500),
        ),
        Tree(
            ("arrests", "trials", "prices"),
            (
                Branch("justice", "Justice", ("arrests", "trials"), (1, 2)),
                Branch("whole", "All of it", ("justice", "prices"), (3, 0.5), Combine.GEOMETRIC, 0.25, 1),
            ),
            10,
        ),
    )


@pytest.mark.parametrize("start", ["\ufeff", "\n# A comment.\n"])
def test_what_an_editor_puts_before_a_tree_is_let_be(tmp_path: Path, start: str) -> None:
    assert read(tmp_path, start + SOUND) == read(tmp_path, SOUND)


# What is changed, what stands on the line that the refusal must name, and the reason that it must give.
WRONG = [
    ("[tree]\n", "", 'name = "Trouble"', "the file has the unknown key “name”; use only tree, leaf, branch"),
    ("scale = 10", "scale = 0", "scale", "“scale” is 0; give a number above 0"),
    ("scale = 10", 'scale = "10"', "scale", "“scale” must be a number; write it without quotation marks"),
    ("scale = 10\n", "", "[tree]", "tree lacks the key “scale”; add it"),
    ("scale = 10", "scala = 10", "scala", "tree has the unknown key “scala”; use only name, scale, high"),
    ("scale = 10", 'scale = 10\nhigh = "worse"', "high", "“worse” is an unknown high; use one of good, bad"),
    ("best = 0\n", "", "[[leaf]]", "leaf “arrests” lacks the key “best”; add it, or write from = “data”"),
    ("best = 0", "bset = 0", "bset", "leaf “arrests” has the unknown key “bset”; use only"),
    ("best = 0", 'best = "none"', "best", "“best” must be a number"),
    ("best = 0", "best = nan", "best", "“best” is nan, which is not a usable number"),
    ("best = 0", f"best = 1{'0' * 400}", "best", "“best” is 10000000000000000000, which is not a usable number"),
    ("best = 0", "best = 40", "worst", "best and worst are both 40; give the scale two different ends"),
    ("best = 1\n", "best = -0.5\n", "best = -0.5", "“best” must be above 0 on a logarithmic scale"),
    ("worst = 1000", "worst = -1", "worst = -1", "“worst” must be above 0 on a logarithmic scale"),
    ('"log"', '"square"', "square", "“square” is an unknown transform; use one of none, log"),
    ("at_most = 500", "at_most = 5\nat_least = 5", "at_most", "at_most is 5 and at_least 5; make at_most the larger"),
    ("worst = 40", 'worst = 40\nhigh = "bad"', "high", "leaf “arrests” has best and worst, which say what is high"),
    ('"data"', '"dta"', "dta", "“dta” is an unknown from; use one of data"),
    ('high = "good"', "best = 4", "best = 4", "leaf “trials” takes its ends from the data and yet has a best"),
    ('high = "good"\n', "", "from", "leaf “trials” takes its ends from the data; add high = “good” or “bad”"),
    ('"trials"', '"arrests"  # again', "again", "“arrests” is on line 6 already; rename one of the two"),
    ('"trials"', '"id"', 'key = "id"', "the key “id” is malformed"),
    ('"trials"', '"the trials"', "the trials", "the key “the trials” is malformed; begin with a letter"),
    ('"trials"', '"_trials"', "_trials", "the key “_trials” is malformed"),
    ("prices = 0.5", "prices = 0", "prices = 0", "“prices” is 0; give a number above 0"),
    ("prices = 0.5", "prices = -2", "prices = -2", "“prices” is -2; give a number above 0"),
    ("prices = 0.5", 'prices = "much"', "prices = ", "“prices” must be a number"),
    ("prices = 0.5", "price = 0.5", "price =", "“whole” has the child “price”, and no leaf or branch is called that"),
    ("prices = 0.5\n", "", 'key = "prices"', "“prices” is a child of nothing; add it to the children of a branch"),
    (
        "prices = 0.5",
        "prices = 0.5\ntrials = 1",
        'key = "trials"',
        "“trials” is a child in two places (justice, whole)",
    ),
    ("justice = 3\n", "", 'key = "whole"', "“whole” and “justice” are both children of nothing; add one to the other"),
    ("trials = 2 }", "whole = 2 }", "justice = 3", "“whole” is below itself (whole → justice → whole)"),
    ("justice = 3", "whole = 3", "whole = 3", "“whole” is below itself (whole → whole)"),
    ("{ arrests = 1, trials = 2 }", "{}", "children = {", "“justice” has no children; name at least one"),
    ("{ arrests = 1, trials = 2 }", '["arrests"]', "children = [", "“children” must be a table"),
    ('"geometric"', '"harmonic"', "harmonic", "“harmonic” is an unknown combine; use one of arithmetic, geometric"),
    ("needs = 0.25", "needs = -0.01", "needs", "“needs” is -0.01; give a share from 0 to 1"),
    ("needs = 0.25", "needs = 1.01", "needs", "“needs” is 1.01; give a share from 0 to 1"),
    ("round = 1", "round = 7", "round", "“round” is 7; give a whole number from 0 to 6"),
    ("round = 1", "round = -1", "round", "“round” is -1; give a whole number from 0 to 6"),
    ("round = 1", "round = 1.5", "round", "“round” must be a whole number"),
    ("round = 1", "round = 1\nround = 2", "round = 2", "this is not valid TOML"),
]


@pytest.mark.parametrize(("old", "new", "words", "reason"), WRONG)
def test_a_broken_tree_is_refused_with_file_line_and_reason(
    tmp_path: Path, old: str, new: str, words: str, reason: str
) -> None:
    said = refusal(tmp_path, after(old, new, SOUND))
    assert reason in said.reason
    assert said.line == line_of(after(old, new, SOUND), words)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 1, "the file lacks the key “tree”; add it"),
        ("# nothing\n", 1, "the file lacks the key “tree”; add it"),
        ("leaf = 1\nbranch = 2\n[tree]\n", 1, "“leaf” must be a table; head it with [[leaf]]"),
        ("[tree\n", 1, "this is not valid TOML"),
        (f"x = {'[' * 5000}", 1, "this cannot be read as TOML"),
        (f"x = 1{'0' * 5000}", 1, "this cannot be read as TOML"),
    ],
)
def test_what_is_no_tree_at_all_is_refused(tmp_path: Path, text: str, line: int, reason: str) -> None:
    said = refusal(tmp_path, text)
    assert said.reason.startswith(reason)
    assert said.line == line


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "trouble.toml"
    path.write_bytes(SOUND.replace("Arrests", "Détenus").encode("cp1252"))
    with pytest.raises(CatalogueBroken, match=r"trouble\.toml, line 7: this is not UTF-8 text"):
        read_index(path)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(CatalogueBroken, match="the file cannot be read"):
        read_index(tmp_path)


# Writing


keys = st.from_regex(r"[A-Za-z][A-Za-z0-9_.]{0,8}", fullmatch=True).filter(lambda key: key != "id")
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).map(lambda text: " ".join(text.split()))
numbers = st.floats(min_value=-1e15, max_value=1e15)


@st.composite
def indices(draw: st.DrawFn) -> Index:
    """Leaves, branches that share them out, and a root over those."""
    taken = iter(draw(st.lists(keys, min_size=12, max_size=12, unique=True)))
    branches, leaves = [], []
    for _branch in range(draw(st.integers(1, 3))):
        below = [draw(leaf(next(taken))) for _leaf in range(draw(st.integers(1, 2)))]
        leaves += below
        branches.append(draw(branch(next(taken), [one.key for one in below])))
    branches.append(draw(branch(next(taken), [one.key for one in branches])))
    scale = draw(st.floats(min_value=1e-3, max_value=1e15))
    tree = Tree(tuple(one.key for one in leaves), tuple(branches), scale)
    return Index(draw(names.filter(bool)), draw(st.sampled_from(High)), tuple(leaves), tree)


@st.composite
def leaf(draw: st.DrawFn, key: str) -> Leaf:
    fixed = st.tuples(numbers, numbers).filter(lambda ends: ends[0] != ends[1]).map(lambda ends: Goalposts(*ends))
    at_least = draw(st.none() | numbers.filter(lambda cap: cap < 0))
    at_most = draw(st.none() | numbers.filter(lambda cap: cap >= 0))
    return Leaf(key, draw(names.filter(bool)), draw(fixed | st.sampled_from(High)), Transform.NONE, at_least, at_most)


@st.composite
def branch(draw: st.DrawFn, key: str, children: list[str]) -> Branch:
    weights = st.floats(min_value=1e-300, max_value=1e15)
    different: dict[str, Any] = {
        "combine": draw(st.sampled_from(Combine)),
        "needs": draw(st.floats(min_value=0, max_value=1)),
        "round": draw(st.none() | st.integers(0, 6)),
    }
    name, given = draw(names.filter(bool)), tuple(draw(weights) for _child in children)
    return Branch(key, name, tuple(children), given, **different)


@given(index=indices())
def test_what_is_written_is_read_as_the_same(index: Index, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert faults(index.tree) == ()
    assert read(tmp_path_factory.mktemp("trees"), as_toml(index)) == index


def test_branches_that_stand_in_order_stay_in_their_order(tmp_path: Path) -> None:
    index = read(tmp_path, SOUND)
    assert [branch.key for branch in index.tree.branches] == ["justice", "whole"]
    assert as_toml(read(tmp_path, as_toml(index))) == as_toml(index)


# Placing


def index_of(leaf: Leaf, high: High = High.BAD, scale: float = 100.0) -> Index:
    return Index("One", high, (leaf,), Tree((leaf.key,), (Branch("root", "Root", (leaf.key,), (1.0,)),), scale))


def place(index: Index, *values: float) -> list[float]:
    [row] = index.placed(np.array([values]))
    return [float(value) for value in row]


@pytest.mark.parametrize(("high", "expected"), [(High.BAD, [0, 25, 100]), (High.GOOD, [100, 75, 0])])
def test_the_upper_end_of_the_tree_says_which_goalpost_is_zero(high: High, expected: list[float]) -> None:
    assert place(index_of(Leaf("a", "A", Goalposts(best=0, worst=40)), high), 0, 10, 40) == expected


@pytest.mark.parametrize(("high", "expected"), [(High.BAD, [0, 100, 50]), (High.GOOD, [100, 0, 50])])
def test_ends_that_come_from_the_data_are_its_smallest_and_its_largest_value(high: High, expected: list[float]) -> None:
    assert place(index_of(Leaf("a", "A", high)), 2, 6, 4) == expected


def test_what_is_missing_is_no_end_and_stays_missing() -> None:
    found = place(index_of(Leaf("a", "A", High.BAD)), math.nan, 2, 6)
    assert math.isnan(found[0])
    assert found[1:] == [0, 100]
    assert all(math.isnan(value) for value in place(index_of(Leaf("a", "A", High.BAD)), math.nan, math.nan))


def test_what_lies_beyond_a_cap_counts_as_the_cap() -> None:
    capped = Leaf("a", "A", High.BAD, at_least=1, at_most=5)
    assert place(index_of(capped), -90, 1, 2, 5, 1000) == [0, 0, 25, 100, 100]


@pytest.mark.parametrize("values", [(3.0, 3.0), (3.0,), (3.0, math.nan)])
def test_values_that_are_all_alike_make_no_scale(values: tuple[float, ...]) -> None:
    with pytest.raises(Refusal, match="All values of “a” are 3, which makes no scale; give its best and worst"):
        place(index_of(Leaf("a", "A", High.BAD)), *values)


@pytest.mark.parametrize(("smallest", "is_refused"), [(-1.0, True), (0.0, True), (0.001, False)])
def test_from_zero_down_there_is_no_logarithm(smallest: float, is_refused: bool) -> None:
    index = index_of(Leaf("a", "A", High.BAD, Transform.LOG))
    if is_refused:
        with pytest.raises(Refusal, match="which has no logarithm"):
            place(index, smallest, 10)
    else:
        assert place(index, smallest, 10) == [0, 100]


# Published indices come out as published


def hdi(life: float, expected: float, mean: float, income: float) -> dict[str, float]:
    index = read_index(TREES / "hdi.toml")
    found = evaluate(index.tree, index.placed(np.array([life, expected, mean, income])[:, None])).values[:, 0]
    return {key: float(found[index.tree.positions[key]]) for key in ("health", "education", "living", "hdi")}


def test_the_human_development_index_is_computed_as_by_hand() -> None:
    found = hdi(72, 13.5, 9, 8000)
    health, education = 52 / 65, (0.75 + 0.6) / 2
    living = math.log(80) / math.log(750)
    assert found["health"] == pytest.approx(health, rel=1e-12)
    assert found["education"] == pytest.approx(education, rel=1e-12)
    assert found["living"] == pytest.approx(living, rel=1e-12)
    assert found["hdi"] == pytest.approx((health * education * living) ** (1 / 3), rel=1e-12)


@pytest.mark.parametrize("beyond", [(85, 18, 15, 75_000), (90, 23, 16, 130_000)])
def test_no_part_of_human_development_counts_for_more_than_one(beyond: tuple[float, ...]) -> None:
    assert hdi(*beyond) == {"health": 1, "education": 1, "living": 1, "hdi": 1}


@pytest.mark.parametrize("least", [(20, 9, 9, 8000), (60, 0, 0, 8000), (60, 9, 9, 100), (60, 9, 9, 50)])
def test_where_one_part_of_human_development_is_at_its_least_the_whole_is_zero(least: tuple[float, ...]) -> None:
    assert hdi(*least)["hdi"] == 0


def test_human_development_is_not_told_where_a_part_of_it_is_unknown() -> None:
    assert math.isnan(hdi(72, 13.5, math.nan, 8000)["hdi"])


@pytest.mark.parametrize("edition", ["2016", "2018"])
def test_every_value_of_inform_comes_out_as_published(edition: str) -> None:
    index = read_index(TREES / "inform.toml")
    table = rows(GOLDEN / "inform" / f"{edition}.csv")
    found = evaluate(index.tree, index.placed(values_of(index, table))).values
    computed = {branch.key: values.tolist() for branch, values in zip(index.tree.branches, found, strict=True)}
    assert {key: [number(row[key]) for row in table] for key in computed} == computed
    assert (len(table), len(computed)) == (191, 9)


@pytest.mark.parametrize("edition", ["2016", "2018"])
def test_every_rank_of_inform_comes_out_as_published(edition: str) -> None:
    index = read_index(TREES / "inform.toml")
    table = rows(GOLDEN / "inform" / f"{edition}.csv")
    risk = evaluate(index.tree, index.placed(values_of(index, table))).values[-1]
    assert ranks(risk).tolist() == [float(row["risk rank"]) for row in table]


def connectivity() -> tuple[Index, FloatArray]:
    """The raw values, each divided by what it is counted per."""
    index = read_index(GOLDEN / "asem" / "asem.toml")
    raw, sizes = rows(GOLDEN / "asem" / "raw.csv"), rows(GOLDEN / "asem" / "denominators.csv")
    values = values_of(index, raw)
    for row in rows(GOLDEN / "asem" / "per.csv"):
        values[index.tree.positions[row["leaf"]]] /= [number(size[row["denominator"]]) for size in sizes]
    return index, values


def test_every_indicator_of_asem_is_normalised_as_published() -> None:
    index, values = connectivity()
    published = values_of(index, rows(GOLDEN / "asem" / "normalised.csv"))
    known = ~np.isnan(values)
    assert known.sum() == 2434
    assert np.abs(index.placed(values) - published)[known].max() < 1e-9


def test_three_levels_of_means_are_the_means_of_means() -> None:
    index, values = connectivity()
    placed = index.placed(values)
    found = evaluate(index.tree, placed).values
    row_of, branches = index.tree.positions, {branch.key: branch for branch in index.tree.branches}
    [austria] = [place for place, row in enumerate(rows(GOLDEN / "asem" / "raw.csv")) if row["id"] == "AUT"]

    def mean(key: str) -> float:
        if key not in branches:
            return float(placed[row_of[key], austria])
        return statistics.fmean(mean(child) for child in branches[key].children)

    assert not np.isnan(values[:, austria]).any()
    assert found[-1, austria] == pytest.approx(mean("Index"), rel=1e-12)
