"""Writes tracker/pictures/plain_look.css: how the stylesheet draws pictures, in light colours and the plainest CSS.

What draws PNG and PDF knows neither variables nor light-dark() nor :is(). Run it from the top of the repository
whenever a picture was given another look, or a new one; a test says so:

    python -m tools.make_plain_look

Paper is white here. What depends on the size of a window, or on a pointer, is left out.
"""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from tracker.pictures.png import PLAIN_LOOK

STYLESHEET = Path(__file__).resolve().parent.parent / "tracker" / "web" / "static" / "look.css"
SECTIONS = ("Levels", "Pictures", "Pictures of scores", "Bars of contributions")

# What SVG knows; everything else is about boxes on a page.
_DRAWN = re.compile(r"(?:fill|stroke|font-size|font-weight|opacity)(?:-[a-z]+)?$")
# Selectors are understood by resvg as far as type, class and descendant.
_PLAIN = re.compile(r"[\w.\- ]+$")


def main() -> None:
    PLAIN_LOOK.write_text(plain_look(STYLESHEET.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"Written to {PLAIN_LOOK}")


def plain_look(stylesheet: str) -> str:
    tokens = dict(re.findall(r"--([\w-]+): light-dark\((#\w+),", stylesheet)) | {"paper": "#ffffff"}
    rules = [rule for section in SECTIONS for rule in rules_of(section_of(section, stylesheet), tokens)]
    return "/* Written by tools/make_plain_look.py from the stylesheet of the pages. */\n" + "".join(rules)


def section_of(title: str, stylesheet: str) -> str:
    found = re.search(rf"/\* ---- {title}[:\s-].*?\*/(.*?)(?=/\* ---- |\Z)", stylesheet, re.DOTALL)
    if found is None:
        raise SystemExit(f"The stylesheet has no section {title!r}.")
    return found[1]


def rules_of(section: str, tokens: dict[str, str]) -> Iterator[str]:
    without = re.sub(r"@[^{]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}|/\*.*?\*/", "", section, flags=re.DOTALL)
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", without):
        plain = [one for one in plain_selectors(selectors) if _PLAIN.match(one)]
        pairs = [pair.partition(":") for pair in body.split(";") if ":" in pair]
        drawn = "; ".join(f"{name.strip()}: {value.strip()}" for name, _, value in pairs if _DRAWN.match(name.strip()))
        if plain and re.search("fill|stroke", drawn):
            written = re.sub(r"var\(--([\w-]+)\)", lambda token: tokens[token[1]], drawn)
            yield f"{', '.join(plain)} {{ {written} }}\n"


def plain_selectors(selectors: str) -> Iterator[str]:
    """`:is(a, b) c` is `a c` and `b c`."""
    for selector in re.split(r",(?![^(]*\))", selectors):
        parts = re.split(r":is\(([^)]*)\)", selector.strip())
        choices = [re.split(r",\s*", part) if number % 2 else [part] for number, part in enumerate(parts)]
        yield from ("".join(chosen) for chosen in product(*choices))


if __name__ == "__main__":
    main()
