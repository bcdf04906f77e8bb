"""`manage.py score`: an index from a file of values, without any installation."""

import csv
import io
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.running import ROOT, environment, manage
from tracker.commands import register, score
from tracker.notation import MISSING_WORDS, UNKNOWN_WORDS

DOCUMENT = (ROOT / "docs" / "trees" / "README.md").read_text(encoding="utf-8")
TREE = """\
[tree]
name = "Trouble"
scale = 10

[[leaf]]
key = "arrests"
name = "Arrests"
best = 0
worst = 10

[[leaf]]
key = "trials"
name = "Trials"
from = "data"
high = "good"

[[branch]]
key = "whole"
name = "All of it"
children = { arrests = 1, trials = 3 }
needs = 0.25
"""
HEADER = ["id", "whole", "whole coverage", "whole rank"]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    path = tmp_path / "trouble.toml"
    path.write_text(TREE)
    return path


def run(tree: Path, values: str) -> int:
    path = tree.parent / "values.csv"
    path.write_text(values, encoding="utf-8")
    _command, arguments = register.understand(["score", "--tree", str(tree), "--values", str(path)])
    return score.run(arguments)


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", DOCUMENT, flags=re.MULTILINE | re.DOTALL)


def test_each_id_gets_a_row_with_value_coverage_and_rank_in_the_order_of_the_file(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tree, "id,arrests,trials\nNA,10,1\nTCD,2,5\nMLI,5,\nNER,x,..\nBFA,10,1\n") == 0
    told = capsys.readouterr()
    assert list(csv.reader(io.StringIO(told.out))) == [
        HEADER,
        ["NA", "10.0", "1.0", "1"],
        ["TCD", "0.5", "1.0", "4"],
        ["MLI", "5.0", "0.25", "3"],
        ["NER", "", "0.0", ""],
        ["BFA", "10.0", "1.0", "1"],
    ]
    assert told.err == ""


def test_an_id_that_a_spreadsheet_would_compute_is_written_as_text(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tree, "id,arrests,trials\n=1+1,1,1\n@x,1,2\nCôte d’Ivoire,1,2\n")
    assert [row[0] for row in csv.reader(io.StringIO(capsys.readouterr().out))][1:] == ["'=1+1", "'@x", "Côte d’Ivoire"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ("id,arrests,trials\nNA,10,one\n", "values.csv, line 2: “one” in the column “trials” is no number"),
        ("id,arrests,trials\nNA,10,1\nTCD,1,1\n", "values.csv, line 1: All values of “trials” are 1, which makes no"),
        ("", "values.csv, line 1: the file is empty"),
    ],
)
def test_values_that_cannot_be_used_are_refused_in_a_sentence(
    tree: Path, capsys: pytest.CaptureFixture[str], values: str, said: str
) -> None:
    assert run(tree, values) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(said)
    assert told.err.count("\n") == 1


def test_a_tree_that_is_none_is_refused_in_a_sentence(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tree.write_text(TREE.replace("needs = 0.25", "needs = 25"))
    assert run(tree, "id,arrests,trials\nNA,10,1\n") == 2
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "trouble.toml, line 21: “needs” is 25; give a share from 0 to 1.\n")


@pytest.mark.parametrize("words", [[], ["--tree", "a.toml"], ["--values", "a.csv"]])
def test_both_files_must_be_named(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ending:
        register.understand(["score", *words])
    assert ending.value.code == 2
    assert "required" in capsys.readouterr().err


def test_what_the_document_shows_of_the_tree_stands_in_the_file() -> None:
    shown, tree = blocks("toml"), (ROOT / "docs" / "trees" / "hdi.toml").read_text(encoding="utf-8")
    assert len(shown) == 3
    assert [block for block in shown if block not in tree] == []


def test_what_the_document_shows_comes_out(tmp_path: Path) -> None:
    given, expected = blocks("csv")
    [command] = blocks("console")
    (tmp_path / "values.csv").write_text(given, encoding="utf-8")
    words = shlex.split(command.removeprefix("$ python3 manage.py "))
    assert words[:2] == ["score", "--tree"]
    outcome = manage("score", "--tree", str(ROOT / words[2]), words[3], str(tmp_path / words[4]))
    assert (outcome.returncode, outcome.stderr) == (0, "")
    shown, computed = (list(csv.reader(io.StringIO(text))) for text in (expected, outcome.stdout))
    assert shown[0] == computed[0]
    for row, its in zip(shown[1:], computed[1:], strict=True):
        assert row[0] == its[0]
        # Logarithms may differ by a hair from machine to machine.
        assert [float(cell or -1) for cell in row[1:]] == pytest.approx([float(cell or -1) for cell in its[1:]])


def test_the_document_names_every_mark_that_means_that_nothing_is_known() -> None:
    [marks] = blocks("text")
    assert set(re.split(r" \| |\n", marks.strip())) == (MISSING_WORDS | UNKNOWN_WORDS) - {""}


def test_whoever_has_read_enough_hears_no_more(tree: Path) -> None:
    values = tree.parent / "values.csv"
    values.write_text(
        "id,arrests,trials\n" + "".join(f"{number},1,{number % 7}\n" for number in range(20_000)), encoding="utf-8"
    )
    words = ["score", "--tree", str(tree), "--values", str(values)]
    command = [sys.executable, str(ROOT / "manage.py"), "--inside", *words]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(PYTHONUNBUFFERED="")
    ) as scoring:
        assert scoring.stdout is not None
        assert scoring.stderr is not None
        scoring.stdout.readline()
        scoring.stdout.close()
        assert scoring.stderr.read() == b""
    assert scoring.returncode == 141
