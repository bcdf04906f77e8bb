"""Everything that proves the product, in one pytest session on every processor."""

import os
import sys
from argparse import Namespace
from pathlib import Path

from tracker.commands.chromium import find_or_install

ROOT = Path(__file__).resolve().parents[2]
# One more than there are processors, because many tests wait: for a browser, PostgreSQL, or processes of their own.
PROCESSES = (os.cpu_count() or 1) + 1
# Whoever is done helps with what is left: a few tests take as long as hundreds of others.
PARALLEL = ("-n", str(PROCESSES), "--dist", "worksteal")


def run(arguments: Namespace) -> int:
    words: list[str] = arguments.rest
    os.chdir(ROOT)
    keep_what_is_compiled()
    if wants_browser(words):
        find_or_install(os.environ, say=lambda line: print(line, file=sys.stderr, flush=True))
    import pytest

    return int(pytest.main([*parallel(words), *words]))


def keep_what_is_compiled() -> None:
    """Also where Python was told not to: else every process, and each that the tests start, compiles all of it anew."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def wants_browser(words: list[str]) -> bool:
    """Unless it is told which tests to run, and those of the browser are not among them."""
    if any("not browser" in word for word in words):
        return False
    named = [word for word in words if Path(word.partition("::")[0]).exists()]
    return not named or any("browser" in word or Path(word) == Path("tests") for word in named)


def parallel(words: list[str]) -> tuple[str, ...]:
    """Nothing where it was said how: one process for a debugger, or any number."""
    chosen = any(word.startswith(("-n", "--numprocesses", "--pdb")) or word.endswith("no:xdist") for word in words)
    return () if chosen else PARALLEL
