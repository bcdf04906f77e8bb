"""From what a brief says to its two pages.

The template is ours and is all that typst reads: what comes from people is handed over as JSON and set as text. It
finds no file but the template, no typeface but those of typst and of our pictures, and nothing of the network. How
much it has to set is limited before; a tenth of a second is usual, and a server has other things to do: few are made
at once.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import typst

from tracker.exchange.brief.content import Brief
from tracker.refusal import N_, Refusal
from tracker.text import tidy

FOLDER = Path(__file__).resolve().parent
TEMPLATE = FOLDER / "brief.typ"
MOST_AT_ONCE = 2
LONGEST_WAIT_SECONDS = 15.0
# More of a section, or of a text, has no room on two pages; and typst takes minutes and gigabytes for a book.
MOST_ITEMS = 16
LONGEST_TEXT = 400

_presses = BoundedSemaphore(MOST_AT_ONCE)


class TooManyAtOnce(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Many briefs are being made at this moment. Ask for it again in a minute."))


def brief_pdf(brief: Brief, *, fonts: Path, now: datetime) -> bytes:
    """`fonts`: the folder of the typefaces that its pictures are drawn with."""
    with _press():
        pdf: bytes = typst.compile(
            TEMPLATE.read_bytes(), format="pdf", timestamp=now.replace(microsecond=0), **given(brief, fonts)
        )
    return pdf


def what_fits(brief: Brief, *, fonts: Path) -> list[dict[str, Any]]:
    """Of each column in turn: how much room is left, in points, and how many items of each section are shown."""
    found: list[dict[str, Any]] = json.loads(
        typst.query(TEMPLATE.read_bytes(), "<fit>", field="value", **given(brief, fonts))
    )
    return found


def given(brief: Brief, fonts: Path) -> dict[str, Any]:
    """All that typst gets besides the template."""
    direction = "rtl" if brief.is_right_to_left else "ltr"
    said = _cut(asdict(brief)) | {"mark": brief.mark.label, "direction": direction}
    return {
        "root": str(FOLDER),
        "font_paths": _typefaces(fonts),
        "sys_inputs": {"brief": tidy(json.dumps(said, ensure_ascii=False))},
        # there are none, and none are fetched
        "package_path": str(FOLDER),
        "package_cache_path": str(FOLDER),
    }


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


@cache
def _typefaces(folder: Path) -> typst.Fonts:
    """Those of the machine would set the same brief differently elsewhere."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(folder)])


@contextmanager
def _press() -> Iterator[None]:
    if not _presses.acquire(timeout=LONGEST_WAIT_SECONDS):
        raise TooManyAtOnce
    try:
        yield
    finally:
        _presses.release()
