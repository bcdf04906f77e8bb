"""From what a brief says to its two pages.

The template is ours and is all that typst reads: what comes from people is handed over as JSON and set as text. It
finds no file but the template, no typeface but those of typst and of our pictures, and nothing of the network. How
much it has to set is limited before, and a child process does it, within limits of time and memory: what typst keeps
in mind of each brief is gone with it, and nothing that goes wrong there takes the server along.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import typst

from tracker.exchange.brief.child import world
from tracker.exchange.brief.content import Brief
from tracker.refusal import N_, Refusal
from tracker.text import tidy

FOLDER = Path(__file__).resolve().parent
TEMPLATE = FOLDER / "brief.typ"
# A server has other things to do: few are made at once, and a third of a second is usual.
MOST_AT_ONCE = 2
# Whoever waits for one holds a thread of the server: most of them must stay free for everybody else.
MOST_WAITING = 2
LONGEST_WAIT_SECONDS = 15.0
LONGEST_SECONDS = 20.0
# More of a section, or of a text, has no room on two pages; and typst takes minutes and gigabytes for a book.
MOST_ITEMS = 16
LONGEST_TEXT = 400

_CHILD = [sys.executable, "-E", "-s", "-m", "tracker.exchange.brief.child"]
_ROOT = FOLDER.parents[2]
# Nothing of the server's own environment, in which there are secrets.
_PASSED_ON = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_places = BoundedSemaphore(MOST_AT_ONCE + MOST_WAITING)
_presses = BoundedSemaphore(MOST_AT_ONCE)


class TooManyAtOnce(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Many briefs are being made at this moment. Ask for it again in a minute."))


class NotSet(Exception):
    """The child came back without a file. It says nothing of what stood in it."""


def brief_pdf(brief: Brief, *, fonts: Path, now: datetime) -> bytes:
    """`fonts`: the folder of the typefaces that its pictures are drawn with."""
    request = given(brief, fonts) | {"made": now.replace(microsecond=0).isoformat()}
    with _press():
        return _set(request)


def what_fits(brief: Brief, *, fonts: Path) -> list[dict[str, Any]]:
    """Of each column in turn: how much room is left, in points, and how many items of each section are shown."""
    found: list[dict[str, Any]] = json.loads(
        typst.query(TEMPLATE.read_bytes(), "<fit>", field="value", **world(given(brief, fonts)))
    )
    return found


def given(brief: Brief, fonts: Path) -> dict[str, str]:
    """All that the child is told: where its template and typefaces are, and what is said."""
    direction = "rtl" if brief.is_right_to_left else "ltr"
    said = _cut(asdict(brief)) | {"mark": brief.mark.label, "direction": direction}
    words = tidy(json.dumps(said, ensure_ascii=False))
    return {"template": str(TEMPLATE), "fonts": str(fonts), "brief": words}


def _set(request: dict[str, str]) -> bytes:
    try:
        child = subprocess.run(
            _CHILD,
            cwd=_ROOT,
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
            input=json.dumps(request).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=LONGEST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotSet("setting a brief took more time than it may") from None
    if child.returncode or not child.stdout:
        raise NotSet(f"setting a brief ended with {child.returncode}")
    return child.stdout


def _cut(said: Any) -> Any:
    """Sections learn how many items they have in all, and say what was left out; a text that is cut ends with dots."""
    if isinstance(said, str):
        return said if len(said) <= LONGEST_TEXT else said[: LONGEST_TEXT - 1] + "…"
    if isinstance(said, list | tuple):
        return [_cut(one) for one in said]
    if not isinstance(said, dict):
        return said
    kept = {name: value if name == "svg" else _cut(value) for name, value in said.items()}
    return kept | {"total": len(kept["items"]), "items": kept["items"][:MOST_ITEMS]} if "items" in kept else kept


@contextmanager
def _press() -> Iterator[None]:
    with _taken(_places, wait_seconds=0.0), _taken(_presses, wait_seconds=LONGEST_WAIT_SECONDS):
        yield


@contextmanager
def _taken(some: BoundedSemaphore, *, wait_seconds: float) -> Iterator[None]:
    if not some.acquire(timeout=wait_seconds):
        raise TooManyAtOnce
    try:
        yield
    finally:
        some.release()
