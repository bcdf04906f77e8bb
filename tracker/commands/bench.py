"""What is measured apart from the tests: how fast, how large, how robust."""

import ast
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

from tracker.commands.failure import CannotGoOn

ROOT = Path(__file__).resolve().parents[2]


def run(arguments: Namespace) -> int:
    words: list[str] = arguments.rest
    found = benches(ROOT / "bench")
    if not words:
        print(listed(found))
        return 0
    name, *rest = words
    if name not in found:
        raise CannotGoOn(f"There is no bench {name}. There are these:\n\n{listed(found)}")
    return subprocess.run([sys.executable, "-m", f"bench.{name}", *rest], cwd=ROOT).returncode


def benches(folder: Path) -> dict[str, str]:
    """What each asks, by its name: the first line of its file. The other files there are what benches share."""
    heads = {file.stem: ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "" for file in folder.glob("*.py")}
    return {name: head.splitlines()[0] for name, head in sorted(heads.items()) if f"-m bench.{name}" in head}


def listed(found: dict[str, str]) -> str:
    width = max(map(len, found))
    return "\n".join(f"  {name:<{width}}  {question}" for name, question in found.items())
