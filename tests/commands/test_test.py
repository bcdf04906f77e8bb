"""What `manage.py test` makes of its words, and where it finds a browser."""

import subprocess
import sys
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

import pytest

from tracker.commands import chromium, test
from tracker.commands.failure import CannotGoOn


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ([], True),
        (["-x", "-k", "dashboard"], True),
        (["tests"], True),
        (["tests/browser"], True),
        (["tests/test_country.py", "tests/browser/test_the_browser.py::test_x"], True),
        (["tests/test_country.py"], False),
        (["tests/test_country.py::test_x", "-v"], False),
        (["-m", "not browser"], False),
    ],
)
def test_a_browser_is_wanted_unless_only_other_tests_are_named(words: list[str], wanted: bool) -> None:
    assert test.wants_browser(words) is wanted


@pytest.mark.parametrize("words", [[], ["-x"], ["tests/test_country.py"], ["-k", "name"]])
def test_tests_run_on_every_processor(words: list[str]) -> None:
    assert test.parallel(words) == test.PARALLEL


@pytest.mark.parametrize("words", [["-n", "4"], ["-n0"], ["--numprocesses=2"], ["--pdb"], ["-p", "no:xdist"]])
def test_whoever_says_how_many_processes_is_obeyed(words: list[str]) -> None:
    assert test.parallel(words) == ()


def test_what_is_compiled_is_kept_for_all_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")

    test.keep_what_is_compiled()

    started = subprocess.run([sys.executable, "-c", "import sys; print(sys.dont_write_bytecode)"], capture_output=True)
    assert started.stdout.split() == [b"False"]
    assert not sys.dont_write_bytecode


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An environment in which no program is to be found, of whoever is root."""
    monkeypatch.setattr(chromium, "ELSEWHERE", ())
    monkeypatch.setattr("os.geteuid", lambda: 0)
    return {"PATH": str(tmp_path)}


def put_program(environment: Mapping[str, str], name: str, script: str = "") -> Path:
    program = Path(environment["PATH"]) / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return program


def install(environment: Mapping[str, str]) -> tuple[Path, list[str]]:
    """What was found, and what was said on the way."""
    said: list[str] = []
    return chromium.find_or_install(environment, said.append), said


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"])
def test_a_browser_on_the_path_is_found(machine: dict[str, str], name: str) -> None:
    program = put_program(machine, name)
    assert install(machine) == (program, [])


def test_a_browser_that_was_named_goes_before_the_one_on_the_path(machine: dict[str, str], tmp_path: Path) -> None:
    put_program(machine, "chromium")
    named = tmp_path / "another"
    named.touch()
    assert chromium.chromium_path({**machine, "CHROMIUM": str(named)}) == named


def test_a_browser_that_was_named_and_is_not_there_is_missing(machine: dict[str, str]) -> None:
    put_program(machine, "chromium")
    with pytest.raises(CannotGoOn, match="set CHROMIUM to the path of one"):
        install({**machine, "CHROMIUM": "/no/such/browser"})


def test_root_on_debian_gets_debians_browser(machine: dict[str, str]) -> None:
    browser = Path(machine["PATH"]) / "chromium"
    put_program(machine, "apt-get", f'case "$*" in *"install --yes"*" chromium") /bin/cp "$0" {browser};; esac')
    assert install(machine) == (browser, ["Installing Debian's chromium for the browser tests (once) ..."])


def test_a_browser_that_cannot_be_installed_is_missing(machine: dict[str, str]) -> None:
    put_program(machine, "apt-get", "exit 100")
    with pytest.raises(CannotGoOn, match="apt install chromium"):
        install(machine)


def test_nobody_but_root_installs(machine: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    tried = Path(machine["PATH"]) / "tried"
    put_program(machine, "apt-get", f": > {tried}")
    with pytest.raises(CannotGoOn, match="apt install chromium"):
        install(machine)
    assert not tried.exists()


def test_without_a_browser_nothing_is_run(machine: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", machine["PATH"])
    monkeypatch.delenv("CHROMIUM", raising=False)
    with pytest.raises(CannotGoOn, match="The browser tests need a Chromium, and none was found"):
        test.run(Namespace(rest=[]))
