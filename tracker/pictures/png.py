"""How does a picture of a page become one for a mail? As PNG, in the light look, with a typeface of our own."""

from functools import cache
from pathlib import Path

import resvg_py

from tracker.pictures import palette

FONTS = Path(__file__).parent / "fonts"
PLAIN_LOOK = Path(__file__).parent / "plain_look.css"

_NAMESPACE = ' xmlns="http://www.w3.org/2000/svg"'


def png_of(svg: str, *, width: int, crisp: bool = False) -> bytes:
    """So many pixels wide, on white; as high as the picture's own shape asks.

    With crisp edges a map of the world takes a quarter of the bytes; drawn finer than it is shown, it looks the same.
    """
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=self_contained(svg),
            width=width,
            background=palette.PAPER,
            skip_system_fonts=True,
            font_files=[str(file) for file in sorted(FONTS.glob("*.ttf"))],
            font_family=palette.FONT,
            sans_serif_family=palette.FONT,
            shape_rendering="crisp_edges" if crisp else "geometric_precision",
        )
    )


def self_contained(svg: str) -> str:
    """A picture that is styled by the stylesheet of the pages, with the plain look within it: for PNG and PDF."""
    opening, end, rest = svg.partition(">")
    namespace = "" if "xmlns=" in opening else _NAMESPACE
    return f"{opening}{namespace}{end}<style>{_plain_look()}</style>{rest}"


@cache
def _plain_look() -> str:
    return f'text {{ font-family: "{palette.FONT}" }}\n' + PLAIN_LOOK.read_text(encoding="utf-8")
