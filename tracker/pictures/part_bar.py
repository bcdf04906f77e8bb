"""How much does one part give, and how much could it? A bar of a word's size within its outline, for a row of a table.

Rows under each other share one scale, so that outlines can be compared as well.
"""

from tracker.pictures.drawing import element
from tracker.pictures.scale import Scale

WIDTH, HEIGHT = 96, 12


def part_bar(part: float, most: float, *, longest: float, level: int) -> str:
    """`longest`: the widest outline of all rows. It is silent: its figure stands beside it."""
    if not 0.0 <= part <= most + 1e-6 or most > longest + 1e-6:
        raise ValueError("A part lies within the most that it could be, and that within the longest of all.")
    x = Scale(0.0, max(longest, 1e-9), 0.5, WIDTH - 0.5)
    place: dict[str, float] = {"x": 0.5, "y": 1.5, "height": HEIGHT - 3}
    drawn = element("rect", class_="most", width=x.at(most) - 0.5, **place)
    drawn += element("rect", class_=f"part level-{level}", width=x.at(min(part, most)) - 0.5, **place)
    view_box = f"0 0 {WIDTH} {HEIGHT}"
    return element("svg", drawn, class_="part-bar", viewBox=view_box, width=WIDTH, height=HEIGHT, aria_hidden="true")
