"""Files are read by a child process that has limits, knows no secret and never outlives its use."""

import gzip
import os
import random
import resource
import signal
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.exchange.bad_files import GOOD_CSV, bad_files, sample
from tests.exchange.workbooks import cell, row, sheet_of, workbook
from tracker.exchange.tables.reading import Limits, TableRefused, read_table

ROOT = Path(__file__).resolve().parents[2]
LARGE = b"iso3,year,indicator,value,note\n" + b"MLI,2020,wgi_rule_of_law,-0.5,a note\n" * 150_000

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "large.csv"
    path.write_bytes(LARGE)
    return path


def children(parent: int | None = None) -> set[int]:
    """The child processes that read tables, of this process or of that one."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            owner = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if owner == (parent or os.getpid()) and b"tables.child" in (folder / "cmdline").read_bytes():
                found.add(int(folder.name))
        except (OSError, IndexError):
            continue  # it has ended meanwhile
    return found


def is_alive(process: int) -> bool:
    """What has ended and is not yet buried has no command line."""
    try:
        return bool(Path(f"/proc/{process}/cmdline").read_bytes())
    except OSError:
        return False


def work_of_children() -> float:
    """In seconds of a processor, of those that have ended: how much else the machine does is not in it."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def comes_true(question: Callable[[], bool], within: float = 60.0) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if question():
            return True
        time.sleep(0.02)
    return False


def outcome(path: Path, limits: Limits | None = None) -> str:
    """How it ends: in rows or in a sentence. Anything else fails the test that asked."""
    try:
        with read_table(path, limits=limits) as table:
            return f"{sum(1 for _row in table.rows)} rows"
    except TableRefused as refusal:
        return refusal.reason


def test_the_child_ends_when_all_is_read(large: Path) -> None:
    with read_table(large) as table:
        assert len(children()) == 1
        assert sum(1 for _row in table.rows) == 150_001
    assert children() == set()


def test_the_child_ends_when_the_reader_has_seen_enough(large: Path) -> None:
    with read_table(large) as table:
        assert len(list(islice(table.rows, 3))) == 3
        assert len(children()) == 1
    assert children() == set()


def test_the_child_ends_when_the_reader_fails(large: Path) -> None:
    def fail() -> None:
        with read_table(large) as table:
            next(table.rows)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert children() == set()


def test_the_child_ends_when_its_parent_is_killed(large: Path) -> None:
    reading = (
        "import sys, time; from pathlib import Path; from tracker.exchange.tables.reading import read_table\n"
        "with read_table(Path(sys.argv[1])) as table: print(next(table.rows)[0], flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", reading, str(large)], cwd=ROOT, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"1\n"
        orphans = children(parent.pid)
        assert len(orphans) == 1
        parent.kill()
        parent.wait()
    assert comes_true(lambda: not any(map(is_alive, orphans)))


def test_a_child_that_is_killed_is_noticed(large: Path) -> None:
    with read_table(large) as table:
        next(table.rows)
        (child,) = children()
        os.kill(child, signal.SIGKILL)
        with pytest.raises(TableRefused, match="memory"):
            list(table.rows)


def test_the_child_sees_nothing_of_the_servers_environment(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_SECRET_KEY", "canary")
    with read_table(large):
        (child,) = children()
        environment = Path(f"/proc/{child}/environ").read_bytes()
    assert b"PATH=" in environment
    assert b"canary" not in environment


def test_the_child_imports_little(large: Path) -> None:
    code = "import sys; import tracker.exchange.tables.child; print(*sorted(sys.modules))"
    modules = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True).stdout.split()
    assert "tracker.exchange.tables.child" in modules
    assert {name for name in modules if name.partition(".")[0] in ("flask", "sqlalchemy", "babel", "numpy")} == set()


def test_a_table_that_needs_too_much_memory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "corners.xlsx"
    far_apart = row(1, [1]) + f'<row r="1048576">{cell("x", "ALL1048576")}</row>'
    path.write_bytes(workbook({"A": sheet_of(far_apart)}))
    assert outcome(path) == "memory"


def test_a_table_that_takes_too_much_processor_time_is_refused(large: Path) -> None:
    large.write_bytes(gzip.compress(b"\n" * 30_000_000, 1))
    assert outcome(large, Limits(processor_seconds=1, rows=10**9)) == "time"


def test_a_child_that_keeps_silent_is_not_waited_for_longer_than_agreed(large: Path) -> None:
    begun = time.monotonic()
    with read_table(large, limits=Limits(waiting_seconds=5)) as table:
        next(table.rows)
        (child,) = children()
        os.kill(child, signal.SIGSTOP)
        with pytest.raises(TableRefused, match="too long"):
            list(table.rows)
    assert time.monotonic() - begun < 30
    assert children() == set()


def test_a_reader_that_takes_its_time_is_waited_for(large: Path) -> None:
    # long enough for the child to begin on a busy machine, and the reader takes longer
    with read_table(large, limits=Limits(waiting_seconds=5)) as table:
        next(table.rows)
        time.sleep(5.2)
        assert sum(1 for _row in table.rows) == 150_000


def test_the_parent_holds_only_a_little_of_the_file(large: Path) -> None:
    tracemalloc.start()
    try:
        with read_table(large) as table:
            assert sum(1 for _row in table.rows) == 150_001
        assert tracemalloc.get_traced_memory()[1] < 4_000_000 < len(LARGE)
    finally:
        tracemalloc.stop()


# ---- nothing that anybody can send makes it hang or fall -----------------------------------------------------------


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bad") / "file"


def test_there_are_a_thousand_bad_files_and_they_are_always_the_same() -> None:
    files = list(bad_files())
    assert len(files) >= 1000
    assert len({name for name, _ in files}) == len(files)
    assert [content for _, content in files[-20:]] == [content for _, content in list(bad_files())[-20:]]


def test_the_file_that_the_bad_ones_are_made_from_is_good(scratch: Path) -> None:
    scratch.write_bytes(GOOD_CSV)
    assert outcome(scratch) == "51 rows"
    scratch.write_bytes(workbook())
    assert outcome(scratch) == "2 rows"


def test_every_bad_file_ends_in_rows_or_in_a_sentence(scratch: Path) -> None:
    outcomes = set()
    for name, content in sample(50, random.Random(7)):
        scratch.write_bytes(content)
        begun = work_of_children()
        outcomes.add(outcome(scratch).removesuffix(" rows"))
        assert work_of_children() - begun < 4, name
    assert len(outcomes) > 5  # or else they are all alike
    assert children() == set()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_end_in_rows_or_in_a_sentence(scratch: Path, content: bytes) -> None:
    scratch.write_bytes(content)
    assert outcome(scratch)
