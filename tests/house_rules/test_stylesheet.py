"""What the stylesheet must keep to: colours by name, legible in both schemes, and no left or right."""

import re
from pathlib import Path

import pytest

STYLESHEET = Path(__file__).resolve().parents[2] / "tracker" / "web" / "static" / "look.css"

TEXT_ON = {
    "ink": ("paper", "surface", "wash", "accent-wash", "warn-wash", "heat-1", "heat-2", "heat-3"),
    "soft": ("paper", "surface", "wash", "accent-wash", "warn-wash"),
    "accent": ("paper", "surface", "wash", "accent-wash"),
    "accent-strong": ("accent-wash", "wash"),
    "on-accent": ("accent", "accent-strong"),
    "warn": ("paper", "surface", "wash", "warn-wash"),
    "caution": ("paper", "surface", "wash", "caution-wash"),
    "on-heat": ("heat-4", "heat-5"),
}
LINES_ON = {
    "edge": ("paper", "surface", "wash"),
    **{f"series-{number}": ("paper", "surface") for number in range(5)},
}
TEXT_CONTRAST, LINE_CONTRAST = 4.5, 3.0


def tokens() -> dict[str, tuple[str, str]]:
    """Each colour in the light and in the dark scheme."""
    pattern = r"--([\w-]+): light-dark\((#\w{6,8}), (#\w{6,8})\);"
    return {name: (light, dark) for name, light, dark in re.findall(pattern, STYLESHEET.read_text())}


def contrast(one: str, other: str) -> float:
    """As WCAG 2.2 defines it."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    shares = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back"), [(front, back) for front in TEXT_ON for back in TEXT_ON[front]])
def test_text_can_be_read_on_every_ground_it_stands_on(front: str, back: str, scheme: int) -> None:
    assert contrast(tokens()[front][scheme], tokens()[back][scheme]) >= TEXT_CONTRAST


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back"), [(front, back) for front in LINES_ON for back in LINES_ON[front]])
def test_borders_of_inputs_and_lines_of_charts_can_be_seen(front: str, back: str, scheme: int) -> None:
    assert contrast(tokens()[front][scheme], tokens()[back][scheme]) >= LINE_CONTRAST


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#fff000", "#fff000", 1.0)],
)
def test_contrast_is_that_of_the_guidelines(one: str, other: str, expected: float) -> None:
    assert contrast(one, other) == pytest.approx(expected, abs=0.005)


def test_every_colour_comes_from_a_token() -> None:
    ground = STYLESHEET.read_text().split("[data-scheme=light]", 1)[1]
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*[;}])", ground) == []
    assert re.findall(r"\b(?:rgba?|hsla?|oklch|oklab|lab|lch)\(", ground) == []


def test_every_token_that_is_used_is_defined() -> None:
    text = STYLESHEET.read_text()
    assert set(re.findall(r"var\(--([\w-]+)", text)) <= set(re.findall(r"--([\w-]+):", text))


def test_no_rule_of_the_stylesheet_knows_left_from_right() -> None:
    text = STYLESHEET.read_text()
    sided = (
        r"\b(?:margin|padding|border)-(?:left|right)\b",
        r"\b(?:float|text-align|clear): ?(?:left|right)\b",
        r"[{;]\s*(?:left|right):",
    )
    assert [found for pattern in sided for found in re.findall(pattern, text)] == []


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_each_level_stands_out_more_from_the_paper_than_the_one_below(scheme: int) -> None:
    found = tokens()
    steps = [contrast(found[f"level-{level}"][scheme], found["paper"][scheme]) for level in range(5)]

    assert steps == sorted(steps)
    assert steps[4] >= TEXT_CONTRAST


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_the_worst_level_is_no_pale_colour(scheme: int) -> None:
    """A pale one reads as harmless, however bright it is."""
    colours = [tokens()[f"level-{level}"][scheme] for level in range(5)]
    parts = [[int(colour[start : start + 2], 16) for start in (1, 3, 5)] for colour in colours]
    strength = [(max(part) - min(part)) / max(part) for part in parts]

    assert strength[4] == max(strength)
