"""No package without a reason beside it, and none without the hashes of its files."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = ("requirements", "requirements-dev", "requirements-uv")


def named(file: str) -> dict[str, str]:
    """What an .in file asks for: package -> reason."""
    lines = (ROOT / f"{file}.in").read_text().splitlines()
    asked = [line for line in lines if line.strip() and not line.startswith(("#", "-r "))]
    found = {}
    for line in asked:
        package, _, reason = line.partition("#")
        name = re.split(r"[\[;=<>~! ]", package.strip())[0]
        found[name.lower().replace("_", "-")] = reason.strip()
    return found


def locked(file: str) -> dict[str, tuple[str, int]]:
    """What a lock file holds: package -> version and number of hashes."""
    text = (ROOT / f"{file}.txt").read_text()
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    found = {}
    for block in blocks:
        match = re.match(r"([a-z0-9.-]+)(?:\[[a-z,]+\])?==([^ ;\\\n]+)", block)
        assert match, f"not locked to one version: {block[:60]}"
        found[match[1]] = (match[2], block.count("--hash=sha256:"))
    return found


@pytest.mark.parametrize("file", FILES)
def test_every_direct_dependency_has_a_reason_beside_it(file: str) -> None:
    assert named(file)
    assert [package for package, reason in named(file).items() if len(reason) < 10] == []


@pytest.mark.parametrize("file", FILES)
def test_every_direct_dependency_is_locked(file: str) -> None:
    assert named(file).keys() - locked(file).keys() == set()


@pytest.mark.parametrize("file", FILES)
def test_every_locked_package_has_its_hashes(file: str) -> None:
    assert [package for package, (_, hashes) in locked(file).items() if hashes == 0] == []


def test_the_tests_run_with_the_versions_that_production_runs_with() -> None:
    production, tests = locked("requirements"), locked("requirements-dev")
    assert {package: tests.get(package) for package in production} == production


@pytest.mark.parametrize("file", FILES)
def test_a_lock_file_tells_how_to_make_it_and_nothing_about_where_it_was_made(file: str) -> None:
    text = (ROOT / f"{file}.txt").read_text()
    assert "python3 manage.py lock" in text
    assert re.findall(r"\w+://|--(?:extra-)?index|--find-links|(?<=[ =])/\w+", text) == []
