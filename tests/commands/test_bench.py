from argparse import Namespace
from pathlib import Path

import pytest

from tracker.commands import bench
from tracker.commands.failure import CannotGoOn
from tracker.commands.register import understand

ROOT = Path(__file__).resolve().parents[2]
TINY = '''"""How many words?

    python -m bench.tiny [WORDS]
"""
import sys

print(len(sys.argv) - 1)
sys.exit(3)
'''


@pytest.fixture
def a_bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Alone, beside what benches share."""
    folder = tmp_path / "bench"
    folder.mkdir()
    (folder / "tiny.py").write_text(TINY)
    (folder / "shared.py").write_text('"""What the others need."""\n')
    monkeypatch.setattr(bench, "ROOT", tmp_path)


def measured(*words: str) -> int:
    command, arguments = understand(["bench", *words])
    assert command.development
    return bench.run(arguments)


@pytest.mark.usefixtures("a_bench")
def test_without_a_name_benches_are_listed_with_what_they_ask(capsys: pytest.CaptureFixture[str]) -> None:
    assert measured() == 0
    assert capsys.readouterr().out == "  tiny  How many words?\n"


@pytest.mark.usefixtures("a_bench")
def test_a_bench_gets_the_words_after_its_name_and_says_how_it_ended(capfd: pytest.CaptureFixture[str]) -> None:
    assert measured("tiny", "7", "--odd") == 3
    assert capfd.readouterr().out == "2\n"


@pytest.mark.usefixtures("a_bench")
@pytest.mark.parametrize("name", ["none", "shared", "../tiny"])
def test_what_is_no_bench_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(CannotGoOn, match="tiny  How many words"):
        bench.run(Namespace(rest=[name]))


def test_every_bench_stands_in_the_list_of_those_who_change_the_code() -> None:
    told = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert [name for name in bench.benches(ROOT / "bench") if f"(bench/{name}.py)" not in told] == []
