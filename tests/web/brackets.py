"""A made-up language, in which every text of the product stands in brackets, written from right to left."""

from pathlib import Path
from typing import Any, cast

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None, "NN_": (1, 2)}


def write_translations(folder: Path) -> None:
    """As a translation into Arabic."""
    catalogue = Catalog(locale="ar")
    for part, methods in (
        ("tracker", [("**.py", "python")]),
        ("templates", [("**.html", "jinja2"), ("**.txt", "jinja2")]),
    ):
        for _, _, text, _, _ in extract_from_dir(ROOT / part, methods, keywords=cast(Any, KEYWORDS)):
            if isinstance(text, tuple):
                catalogue.add(text, tuple(f"⟦{text[1]}⟧" for _ in range(catalogue.num_plurals)))
            else:
                catalogue.add(text, f"⟦{text}⟧")
    assert len(catalogue) > 200
    folder_of_language = folder / "ar" / "LC_MESSAGES"
    folder_of_language.mkdir(parents=True)
    with (folder_of_language / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
