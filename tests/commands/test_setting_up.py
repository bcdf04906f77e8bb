"""The first start makes .venv; nothing is ever half-made, and what went wrong is said in a sentence."""

import ast
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.commands.house import ROOT, House
from tests.databases import Databases, one_at_a_time
from tracker.commands import setting_up

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture
def house(tmp_path: Path) -> House:
    (tmp_path / "a house").mkdir()
    return House(tmp_path / "a house")


@dataclass(frozen=True)
class Original:
    """A house that was really set up, from nothing, once per run for all test processes, and what it said."""

    house: House
    status: int
    said: str
    complained: str
    # A copy of its environment as it was before anything was installed.
    blank: Path


@pytest.fixture(scope="session")
def original(databases: Databases) -> Original:
    folder = databases.shared_folder / "original-house"
    kept, blank = databases.shared_folder / "original-house.json", databases.shared_folder / "blank-environment"
    with one_at_a_time(databases.shared_folder):
        house = House(folder)
        if not kept.exists():
            outcome = house.manage("migrate", "--data", "elsewhere")
            copy_without_what_was_installed(house.environment_folder, blank)
            kept.write_text(json.dumps([outcome.returncode, outcome.stdout, outcome.stderr]))
    status, said, complained = json.loads(kept.read_text())
    return Original(house, status, said, complained, blank)


def copy_without_what_was_installed(environment: Path, blank: Path) -> None:
    left_out = shutil.ignore_patterns("tiny*", setting_up.STAMP)
    shutil.copytree(environment, blank, symlinks=True, ignore=left_out)


@pytest.fixture
def quick_house(original: Original, house: House) -> House:
    """Nothing is set up, and the environment is copied instead of being made."""
    house.hasten(original.blank)
    return house


@pytest.fixture
def ready_house(original: Original, quick_house: House) -> House:
    """Set up already."""
    house = quick_house
    for file in ("requirements.txt", "requirements-dev.txt", "requirements-uv.txt"):
        shutil.copy(original.house.folder / file, house.folder)
    shutil.copytree(original.house.environment_folder, house.environment_folder, symlinks=True)
    return house


def installed(house: House, module: str) -> str:
    """Its version; empty: it is not there."""
    words = [str(setting_up.python_in(house.environment_folder)), "-c", f"import {module}; print({module}.VERSION)"]
    return subprocess.run(words, capture_output=True, text=True).stdout.strip()


def wait_until_begun(house: House) -> None:
    deadline = time.monotonic() + 60
    while not (house.environment_folder / "pyvenv.cfg").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_first_start_sets_up_and_goes_on_inside(original: Original) -> None:
    assert original.said == f"migrate with tiny 1.0 in {original.house.environment_folder}\n"
    assert original.complained.startswith("Setting up .venv (first run only, about half a minute) ...\n")
    assert original.status == 0


def test_the_second_start_sets_up_nothing(ready_house: House) -> None:
    outcome = ready_house.manage("migrate")
    assert outcome.stdout == f"migrate with tiny 1.0 in {ready_house.environment_folder}\n"
    assert outcome.stderr == ""


def test_changed_requirements_are_installed(ready_house: House) -> None:
    ready_house.require("1.1")
    outcome = ready_house.manage("migrate")
    assert "with tiny 1.1" in outcome.stdout
    assert outcome.stderr.startswith("Bringing .venv up to date ...\n")


def test_what_only_the_tests_need_is_installed_for_the_tests(ready_house: House) -> None:
    (ready_house.folder / "requirements-dev.txt").write_text("# nothing more\n")
    assert "requirements-dev.txt" in ready_house.manage("lock").stderr
    assert ready_house.manage("lock").stderr == ""


def test_a_killed_set_up_is_begun_anew(quick_house: House) -> None:
    quick_house.held_up.touch()
    process = quick_house.start("migrate")
    wait_until_begun(quick_house)
    process.kill()  # alone: what it had started goes on for a while, and is waited for
    process.communicate()
    (quick_house.environment_folder / "left-by-the-killed").touch()
    quick_house.held_up.unlink()
    outcome = quick_house.manage("migrate")
    assert "with tiny 1.0" in outcome.stdout
    assert not (quick_house.environment_folder / "left-by-the-killed").exists()


def test_a_start_during_the_first_one_waits_for_it(quick_house: House) -> None:
    quick_house.held_up.touch()
    first = quick_house.start("migrate")
    wait_until_begun(quick_house)
    second = quick_house.start("migrate")
    assert second.stderr is not None
    assert second.stderr.readline() == "Another set-up of .venv is under way; waiting for it ...\n"
    quick_house.held_up.unlink()
    said, complained = second.communicate(timeout=300)
    assert (first.communicate(timeout=300)[0], complained) == (said, "")
    assert "with tiny 1.0" in said


def test_a_python_that_is_gone_means_a_new_set_up(ready_house: House) -> None:
    python = ready_house.environment_folder / "bin" / "python"
    python.unlink()
    python.symlink_to("/gone/with/the/last/upgrade/python3")
    outcome = ready_house.manage("migrate")
    assert "with tiny 1.0" in outcome.stdout
    assert outcome.stderr.startswith("Setting up .venv")


def test_a_package_that_cannot_be_had_leaves_no_environment(quick_house: House) -> None:
    quick_house.require_line("no-such-package==1.0 --hash=sha256:" + "0" * 64)
    outcome = quick_house.manage("migrate")
    assert outcome.returncode == 1
    assert ".venv could not be set up (is the network there?)" in outcome.stderr.splitlines()[-1]
    assert "Traceback" not in outcome.stderr
    assert not quick_house.environment_folder.exists()


def test_a_package_with_another_hash_is_not_installed(ready_house: House) -> None:
    ready_house.require("1.1")
    named = (ready_house.folder / "requirements.txt").read_text().partition("sha256:")[0]
    ready_house.require_line(f"{named}sha256:{'0' * 64}")
    assert ready_house.manage("migrate").returncode == 1
    assert installed(ready_house, "tiny") == "1.0"


def test_uv_is_installed_when_it_is_the_one_that_was_locked(ready_house: House) -> None:
    ready_house.offer_uv()
    ready_house.require("1.1")
    ready_house.manage("migrate")
    assert installed(ready_house, "uv") == "0.1"


def test_a_uv_with_another_hash_is_not_installed_and_pip_does_it(ready_house: House) -> None:
    ready_house.offer_uv(tampered_with=True)
    ready_house.require("1.1")
    ready_house.manage("migrate")
    assert installed(ready_house, "uv") == ""
    assert installed(ready_house, "tiny") == "1.1"


def test_a_failed_change_leaves_the_environment_that_was_there(ready_house: House) -> None:
    before = (ready_house.folder / "requirements.txt").read_text()
    ready_house.require_line("no-such-package==1.0 --hash=sha256:" + "0" * 64)
    assert ready_house.manage("migrate").returncode == 1
    ready_house.require_line(before)
    assert "with tiny 1.0" in ready_house.manage("migrate").stdout


def test_ctrl_c_during_set_up_leaves_no_environment(house: House) -> None:
    process = house.start("migrate")
    wait_until_begun(house)
    os.killpg(process.pid, signal.SIGINT)
    _, complained = process.communicate(timeout=300)
    assert process.returncode == 130
    assert complained.endswith("Stopped.\n")
    assert "Traceback" not in complained
    assert not house.environment_folder.exists()


@pytest.mark.parametrize("module", ["ensurepip", "venv"])
def test_a_python_without_venv_is_told_what_to_install(house: House, module: str) -> None:
    outcome = house.manage("migrate", before=f"sys.modules['{module}'] = None")
    assert outcome.returncode == 1
    assert outcome.stderr.count("\n") == 1
    assert f"apt install python{VERSION}-venv" in outcome.stderr
    assert not house.environment_folder.exists()


def test_an_older_python_is_told_which_one_is_needed(house: House) -> None:
    outcome = house.manage("run", before="sys.version_info = (3, 9, 2, 'final', 0)")
    assert outcome.returncode == 2
    assert outcome.stderr == "The tracker needs Python 3.11 or newer; this is Python 3.9.\n"


def test_older_pythons_can_read_manage_py_as_far_as_that() -> None:
    ast.parse((ROOT / "manage.py").read_text(), feature_version=(3, 6))


def test_what_runs_before_anything_is_installed_finds_all_that_it_imports(house: House) -> None:
    """Isolated: without the packages of the environment that runs these tests."""
    words = [sys.executable, "-S", "manage.py", "--help"]
    outcome = subprocess.run(words, cwd=house.folder, capture_output=True, text=True)
    assert outcome.stdout.startswith("python3 manage.py COMMAND")
