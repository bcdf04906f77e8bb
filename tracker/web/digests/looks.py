"""How a mail looks: the colours of the pages, written into each element, because mail programs know no stylesheet.

What a mail program cannot do is not asked of it: no grid, no left or right, nothing fetched. Those that know dark
schemes get the other colours by a rule of their own, in which what depends on the scheme stands once more.
"""

import re
from functools import cache

from markupsafe import Markup

# Light and dark, as in look.css.
COLOURS = {
    "paper": ("#faf8f5", "#161412"),
    "surface": ("#ffffff", "#1d1a18"),
    "wash": ("#f3efe9", "#25211e"),
    "line": ("#e5dfd7", "#342f2a"),
    "edge": ("#8b8277", "#7d7368"),
    "ink": ("#1e1b18", "#ece6df"),
    "soft": ("#655d55", "#a89e93"),
    "accent": ("#1d5a86", "#82bbe2"),
    "warn": ("#8a2433", "#ff8893"),
    "series-2": ("#a8521f", "#e59a63"),
    "level-0": ("#efe6d3", "#423d36"),
    "level-1": ("#e3c592", "#66563c"),
    "level-2": ("#d6945a", "#946537"),
    "level-3": ("#b14e3c", "#cc5b3c"),
    "level-4": ("#661b2e", "#ff4458"),
    "unknown": ("#dcdad6", "#2f2c29"),
}
_FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'Noto Sans','Noto Sans Arabic',sans-serif"
_IMAGE = "display:block;width:100%;height:auto;border:0"
# Exact: on paper, too, where grounds are else left white and the map would have a key of empty squares.
_SWATCH = (
    "display:inline-block;width:11px;height:11px;border-radius:2px;border:1px solid {edge};print-color-adjust:exact;"
    "-webkit-print-color-adjust:exact;background-color:"
)


def _on_map(colour: str) -> str:
    return f"{_SWATCH}{COLOURS[colour][0]}".replace("{edge}", COLOURS["edge"][0])


LOOKS = {
    "ground": f"margin:0;padding:0;background-color:{{paper}};color:{{ink}};font-family:{_FONT};font-size:16px;"
    "line-height:1.45;-webkit-text-size-adjust:100%",
    "sheet": "max-width:600px;margin:0 auto;padding:16px 16px 32px",
    # What lists of mails show beneath the subject.
    "preview": "display:none;max-height:0;overflow:hidden",
    # Above a mail that is only looked at.
    "subject": "max-width:568px;margin:0 auto;padding:14px 16px 0;font-size:14px;font-weight:600;color:{ink}",
    "mark": "margin:0;font-size:13px;font-weight:700;letter-spacing:.04em;color:{ink}",
    "last-mark": "margin:16px 0 0;font-size:13px;font-weight:700;letter-spacing:.04em;color:{ink}",
    "name": "margin:14px 0 0;font-size:14px;color:{soft}",
    "headline": "margin:4px 0 0;font-size:23px;line-height:1.2;font-weight:650;color:{ink}",
    "counts": "margin:8px 0 0;font-size:15px;font-weight:600;color:{ink}",
    "title": "margin:30px 0 0;padding:0 0 6px;font-size:17px;font-weight:650;color:{ink};border-bottom:2px solid {ink}",
    "number": "font-weight:400;color:{soft}",
    "item": "padding:12px 0;border-bottom:1px solid {line}",
    "heading": "margin:0;font-size:16px;font-weight:650;line-height:1.3;color:{ink}",
    "link": "color:{ink};text-decoration:underline",
    "status": "font-weight:600;white-space:nowrap;color:{soft}",
    "severity-1": "font-weight:600;white-space:nowrap;color:{ink}",
    "severity-2": "font-weight:600;white-space:nowrap;color:{series-2}",
    "severity-3": "font-weight:600;white-space:nowrap;color:{warn}",
    "sentence": "margin:6px 0 0;font-size:15px;color:{ink}",
    "detail": "margin:4px 0 0;font-size:14px;color:{soft}",
    "map-box": "margin:10px 0 0;padding:6px;background-color:#ffffff;border-radius:6px",
    "chart-box": "max-width:360px;margin:10px 0 0;padding:6px;background-color:#ffffff;border-radius:6px",
    "chart": f"{_IMAGE};max-width:360px",
    "map": f"{_IMAGE};max-width:560px",
    "row": "margin:0;padding:9px 0;font-size:15px;color:{ink};border-bottom:1px solid {line}",
    "lead": "white-space:nowrap;color:{soft}",
    "more": "margin:10px 0 0;font-size:14px;color:{accent}",
    "more-link": "color:{accent};text-decoration:underline",
    # Beneath the map, which is of the light scheme in the dark, too.
    "key": "margin:6px 0 2px;font-size:13px;color:#655d55",
    "key-part": "display:inline-block;margin:0 5px;white-space:nowrap",
    "foot": "margin:32px 0 0;padding:12px 0 0;border-top:1px solid {line};font-size:13px;color:{soft}",
    "foot-line": "margin:4px 0 0;overflow-wrap:anywhere;word-break:break-word",
    **{f"level-{level}": f"{_SWATCH}{{level-{level}}}" for level in range(5)},
    "level-unknown": f"{_SWATCH}{{unknown}}",
    **{f"on-map-{level}": _on_map(f"level-{level}") for level in range(5)},
    "on-map-unknown": _on_map("unknown"),
}
_COLOUR = re.compile(r"\{([\w-]+)\}")


@cache
def looks(name: str) -> Markup:
    """The attributes of an element that looks so."""
    return Markup(f'class="{name}" style="{_coloured(LOOKS[name], 0)}"')  # noqa: S704 (nothing but what stands above)


@cache
def dark_looks() -> Markup:
    """For the head of the mail: what is of another colour in the dark."""
    rules = [f".{name}{{{declarations}}}" for name, look in LOOKS.items() if (declarations := _dark(look))]
    dark = "".join(rules)
    return Markup(f"<style>@media (prefers-color-scheme:dark){{{dark}}}</style>")  # noqa: S704


def _dark(look: str) -> str:
    depending = [one for one in look.split(";") if _COLOUR.search(one)]
    return ";".join(f"{_coloured(one, 1)}!important" for one in depending)


def _coloured(look: str, scheme: int) -> str:
    return _COLOUR.sub(lambda found: COLOURS[found[1]][scheme], look)
