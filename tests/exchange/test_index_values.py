"""Values for an index are read whole, or refused in one sentence: which file, which line, what is wrong, what to do."""

import math
from pathlib import Path

import pytest

from tracker.exchange.index_values import IndexValues, Range, read_index_values
from tracker.exchange.published import PublishedFileBroken
from tracker.notation import MISSING_WORDS, UNKNOWN_WORDS

LEAVES: dict[str, Range] = {"courts": (0.0, 4.0), "change": (-100.0, 100.0), "prices": None}
WIDE = "id,courts,change,prices\nNAM,1,-2.5,300\nMLI,3,0,1e3\n"


def read(folder: Path, content: str | bytes) -> IndexValues:
    path = folder / "values.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_index_values(path, LEAVES)


def refusal(folder: Path, content: str | bytes) -> PublishedFileBroken:
    with pytest.raises(PublishedFileBroken) as refused:
        read(folder, content)
    assert str(refused.value).startswith(f"values.csv, line {refused.value.line}: ")
    assert "\n" not in str(refused.value)
    return refused.value


def known(found: IndexValues) -> dict[str, list[float]]:
    return {one: column.tolist() for one, column in zip(found.ids, found.values.T, strict=True)}


def test_a_row_holds_the_values_of_one_id(tmp_path: Path) -> None:
    assert known(read(tmp_path, WIDE)) == {"NAM": [1, -2.5, 300], "MLI": [3, 0, 1000]}


@pytest.mark.parametrize(
    "same",
    [
        "\ufeff" + WIDE,
        WIDE.replace("\n", "\r\n"),
        WIDE.replace("\n", "\n\n,,,\n"),
        WIDE.replace(",", " , "),
        'id,prices,courts,change\n"NAM","300",1.0,"−2.5"\nMLI,1 000,3,0',
        "id,leaf,value\nNAM,prices,300\nNAM,courts,1\nMLI,courts,3\nNAM,change,-2.5\nMLI,change,0\nMLI,prices,1000\n",
    ],
)
def test_the_same_values_can_be_written_in_other_ways(tmp_path: Path, same: str) -> None:
    assert known(read(tmp_path, same)) == {"NAM": [1, -2.5, 300], "MLI": [3, 0, 1000]}


@pytest.mark.parametrize("mark", sorted(MISSING_WORDS | UNKNOWN_WORDS))
@pytest.mark.parametrize("header", ["id,courts,change,prices\nNAM,1,{},2", "id,leaf,value\nNAM,change,{}\n"])
def test_what_says_that_nothing_is_known_is_missing(tmp_path: Path, header: str, mark: str) -> None:
    [values] = known(read(tmp_path, header.format(mark.upper()))).values()
    assert math.isnan(values[1])


def test_a_leaf_that_is_not_named_for_an_id_is_missing_there(tmp_path: Path) -> None:
    [values] = known(read(tmp_path, "id,leaf,value\nNAM,change,5\n")).values()
    assert [math.isnan(value) for value in values] == [True, False, True]


@pytest.mark.parametrize(
    "content", ["id,courts,change,prices\nNA,1,2,3\nx,1,2,3\n", "id,leaf,value\nNA,courts,1\nx,courts,2\n"]
)
def test_an_id_is_a_name_whatever_it_would_mean_as_a_value(tmp_path: Path, content: str) -> None:
    assert read(tmp_path, content).ids == ("NA", "x")


def test_a_line_break_within_quotation_marks_ends_no_row(tmp_path: Path) -> None:
    found = read(tmp_path, 'id,courts,change,prices\n"a\nb",1,2,3\n"c\u2028d",1,2,3\n')
    assert found.ids == ("a\nb", "c\u2028d")


HEAD = "id,courts,change,prices\n"
LONG = "id,leaf,value\n"


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ("", 1, "the file is empty; begin it with the headings id,courts,change,prices."),
        ("\n \n,,\n", 1, "the file is empty"),
        (HEAD, 1, "there is no row below the headings; add one for each country."),
        (LONG, 1, "there is no row below the headings"),
        (
            "\n\nid,courts\n",
            3,
            "there is no column “change”; add it, and leave its cells empty where nothing is known.",
        ),
        ("iso3,courts,change,prices\n", 1, "“iso3” is no leaf of the tree; "),
        ("courts,change,prices\n1,2,3\n", 1, "there is no column “id”; add it."),
        ("id;courts;change;prices\nNAM;1;2;3\n", 1, "the columns are not separated by commas"),
        ("id,courts,change,price\n", 1, "“price” is no leaf of the tree; write “prices”, or remove it."),
        (
            "id,courts,change,prices,gdp\n",
            1,
            "“gdp” is no leaf of the tree; remove it, or add such a leaf to the tree.",
        ),
        ("id,courts,change,prices,\n", 1, "“” is no leaf of the tree"),
        ("id,courts,change,courts,prices\n", 1, "the column “courts” is there twice; remove one of the two."),
        (HEAD + "NAM,1,2\n", 2, "there are 3 cells; give 4, one for each heading."),
        (HEAD + "NAM,1,2,3,4\n", 2, "there are 5 cells; give 4"),
        (HEAD + ",1,2,3\n", 2, "the column “id” is empty; write there of whom the row speaks."),
        (HEAD + "A,1,2,3\nNAM,1,2,3\n NAM ,1,2,3\n", 4, "“NAM” is on line 3 already; leave one of the two."),
        (HEAD + "A,1,2,3\nNAM,1,bad,3\n", 3, "“bad” in the column “change” is no number to count with; write one like"),
        (HEAD + "NAM,1,nan,3\n", 2, "“nan” in the column “change” is no number"),
        (HEAD + "NAM,1,-inf,3\n", 2, "“-inf” in the column “change” is no number"),
        (HEAD + "NAM,1,1e999,3\n", 2, "“1e999” in the column “change” is no number"),
        (HEAD + "NAM,1,1e16,3\n", 2, "“1e16” in the column “change” is no number"),
        (HEAD + "NAM,1,3%,3\n", 2, "“3%” in the column “change” is no number"),
        (HEAD + "NAM,1,1_000,3\n", 2, "“1_000” in the column “change” is no number"),
        (HEAD + 'NAM,1,"1,234",3\n', 2, "“1,234” in the column “change” is no number"),
        (HEAD + "NAM,1,=1+1,3\n", 2, "“=1+1” in the column “change” is no number"),
        (HEAD + "NAM,-99,1,3\n", 2, "“-99” in the column “courts” often means that nothing is known; leave the cell"),
        (HEAD + "NAM,1,1,-99\n", 2, "“-99” in the column “prices” often means that nothing is known"),
        (HEAD + 'NAM,1,"2,3\n', 2, "this is not CSV"),
        (HEAD + f"NAM,1,2,{'3' * 200_000}\n", 2, "this is not CSV"),
        (LONG + "NAM,court,1\n", 2, "“court” is no leaf of the tree; write “courts”, or remove it."),
        (LONG + "NAM,courts,1\nMLI,courts,1\nNAM,courts,1\n", 4, "“courts” of “NAM” is on line 2 already"),
        (LONG + "NAM,courts,many\n", 2, "“many” in the column “value” is no number"),
        (LONG + ",courts,1\n", 2, "the column “id” is empty"),
        (LONG + "NAM,courts,-99\n", 2, "“-99” in the column “value” often means"),
    ],
)
def test_a_broken_file_is_refused_with_its_line_and_reason(
    tmp_path: Path, content: str, line: int, reason: str
) -> None:
    said = refusal(tmp_path, content)
    assert said.reason.startswith(reason)
    assert said.line == line
    assert said.reason.endswith(".")


def test_a_code_that_lies_within_the_scale_of_its_leaf_is_a_number(tmp_path: Path) -> None:
    assert known(read(tmp_path, HEAD + "NAM,1,-99,3\n")) == {"NAM": [1, -99, 3]}


def test_a_file_that_is_not_utf_8_is_refused_with_the_line_where_that_shows(tmp_path: Path) -> None:
    said = refusal(tmp_path, (HEAD + "A,1,2,3\nCôte d'Ivoire,1,2,3\n").encode("cp1252"))
    assert (said.line, said.reason) == (3, "this is not UTF-8 text; save the file as CSV in UTF-8.")


@pytest.mark.parametrize("name", ["none.csv", "."])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(PublishedFileBroken, match="the file cannot be read"):
        read_index_values(tmp_path / name, LEAVES)
