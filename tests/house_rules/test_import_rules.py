"""Who may import whom: the rules hold, and each of them catches who breaks it."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")
RULES = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
NAMES = [rule["name"] for rule in RULES]

LAYERS = "Layers: every layer knows the ones below it, and no neighbour"
DOMAIN = "The domain needs nothing but the standard library"
ARITHMETIC = "The arithmetic needs NumPy besides"
START = "manage.py starts where nothing is installed"
FLASK = "Flask is known to web alone"
SQLALCHEMY = "SQLAlchemy is known to storage alone"
SERVER = "The web server is known in one place"
APSCHEDULER = "APScheduler is known to the scheduler alone"
MAIL = "Mail leaves through delivery alone"
SETTINGS = "Settings are handed in, and nothing knows what starts it"

PLANTED = [
    (LAYERS, "actions/audit.py", "import tracker.web.app"),
    (LAYERS, "actions/audit.py", "import tracker.jobs.runner"),
    (LAYERS, "country.py", "import tracker.storage.base"),
    (LAYERS, "delivery/message.py", "import tracker.storage.base"),
    (LAYERS, "exchange/world_bank.py", "import tracker.actions.audit"),
    (LAYERS, "jobs/runner.py", "import tracker.web.app"),
    (LAYERS, "storage/base.py", "import tracker.catalogue.reading"),
    (LAYERS, "storage/base.py", "import tracker.demo"),
    (LAYERS, "web/app.py", "import tracker.commands.main"),
    (LAYERS, "web/app.py", "import tracker.jobs.runner"),
    (LAYERS, "a_module_without_a_layer.py", ""),
    (DOMAIN, "country.py", "import babel"),
    (DOMAIN, "handling.py", "import sqlalchemy"),
    (DOMAIN, "country.py", "import numpy"),
    (ARITHMETIC, "index.py", "import sqlalchemy"),
    (START, "commands/register.py", "import uvicorn"),
    (START, "commands/setting_up.py", "import tracker.storage.base"),
    (FLASK, "actions/audit.py", "import flask"),
    (FLASK, "commands/serve.py", "from werkzeug.middleware.proxy_fix import ProxyFix"),
    (FLASK, "jobs/runner.py", "def late():\n    import flask_babel"),
    (FLASK, "pictures/__init__.py", "import wtforms"),
    (FLASK, "delivery/message.py", "import flask_wtf"),
    (SQLALCHEMY, "actions/audit.py", "from sqlalchemy import select"),
    (SQLALCHEMY, "web/app.py", "from sqlalchemy.orm import Session"),
    (SQLALCHEMY, "commands/migrate.py", "import alembic.command"),
    (SERVER, "commands/serve.py", "import uvicorn"),
    (APSCHEDULER, "jobs/runner.py", "from apscheduler.triggers.interval import IntervalTrigger"),
    (MAIL, "actions/audit.py", "import smtplib"),
    (SETTINGS, "web/app.py", "import config"),
    (SETTINGS, "commands/run.py", "import manage"),
    (SETTINGS, "demo/__init__.py", "import tests.conftest"),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The product, without what the rules do not look at; whoever plants something takes it out again."""
    folder = tmp_path_factory.mktemp("copy")
    without_files_of_data = shutil.ignore_patterns("__pycache__", "static", "*.gz", "*.csv", "*.toml", "*.svg")
    shutil.copytree(ROOT / "tracker", folder / "tracker", ignore=without_files_of_data)
    (folder / "tests" / "house_rules").mkdir(parents=True)
    for file in ("pyproject.toml", "tests/__init__.py", "tests/house_rules/__init__.py"):
        shutil.copy(ROOT / file, folder / file)
    shutil.copy(Path(__file__).with_name("contracts.py"), folder / "tests" / "house_rules")
    return folder


def broken_rules(folder: Path) -> set[str]:
    words = [str(LINT_IMPORTS), "--cache-dir", "read-before"]
    outcome = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    verdicts = {name: f"{name} BROKEN" in outcome.stdout for name in NAMES}
    assert all(broken or f"{name} KEPT" in outcome.stdout for name, broken in verdicts.items()), outcome.stdout
    return {name for name, broken in verdicts.items() if broken}


def test_nobody_imports_what_is_none_of_their_business(copy: Path) -> None:
    assert broken_rules(copy) == set()


@pytest.mark.parametrize(("rule", "file", "line"), PLANTED)
def test_a_planted_import_breaks_its_rule(copy: Path, rule: str, file: str, line: str) -> None:
    planted = copy / "tracker" / file
    before = planted.read_text() if planted.exists() else None
    planted.write_text(f"{before or ''}\n{line}\n")
    try:
        assert rule in broken_rules(copy)
    finally:
        planted.unlink() if before is None else planted.write_text(before)


def test_every_rule_has_been_seen_to_catch_somebody() -> None:
    assert {rule for rule, _, _ in PLANTED} == set(NAMES)


def test_every_module_of_the_domain_keeps_to_the_standard_library_and_arrays() -> None:
    rules = {rule["name"]: rule for rule in RULES}
    lowest_layer = {f"tracker.{module}" for module in rules[LAYERS]["layers"][-1].split(" : ")}
    plain, arithmetic = (set(rules[name]["modules"]) for name in (DOMAIN, ARITHMETIC))
    assert lowest_layer == plain | arithmetic
    assert not plain & arithmetic
