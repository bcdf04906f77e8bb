"""Shapes for the invented archipelago of the demonstration: no such isles exist where they lie, in the South Pacific.

Their codes are among those that ISO 3166-1 leaves to its users, XAA to XZZ. Chance draws the coasts, the same at each
run; places and sizes are chosen by hand.
"""

from math import cos, pi, sin
from random import Random

Place = tuple[float, float]

# Of each isle: its middle from that of the archipelago, and its radius. They lie as in the demonstration, but larger,
# farther apart and farther north, where there is room: they are all that its map has to show.
MIDDLE = (1190, 2500)
SIZE = 1.15
ISLES = {
    "XAA": ((-350, -145, 112),),
    "XAB": ((-155, -240, 62), (-113, -162, 24)),
    "XAC": ((-210, 35, 84), (-104, 13, 34)),
    "XAD": ((-430, 170, 13), (-398, 140, 10), (-460, 208, 9), (-365, 164, 8)),
    "XAE": ((185, -180, 58), (85, -203, 40), (21, -167, 22)),
    "XAF": ((365, -35, 84),),
    "XAG": ((100, 275, 9), (124, 301, 11), (146, 277, 7)),
    "XAH": ((480, 130, 66),),
}
_HALVINGS = 4
_ROUGHNESS = 0.17


def isles() -> dict[str, list[list[list[tuple[int, int]]]]]:
    """The shapes of each isle, in whole units of the map."""
    return {
        iso3: [[_coast(Random(f"{iso3} {n}"), *isle)] for n, isle in enumerate(of_one)]
        for iso3, of_one in ISLES.items()
    }


def _coast(chance: Random, x: float, y: float, radius: float) -> list[tuple[int, int]]:
    """A rough ring whose sides are halved, and each new corner pushed in or out by a share of its side."""
    corners = 7
    ring = [_corner(chance, number / corners, radius) for number in range(corners)]
    for _ in range(_HALVINGS):
        ring = [
            place
            for one, other in zip(ring, [*ring[1:], ring[0]], strict=True)
            for place in (one, _between(chance, one, other))
        ]
    placed = [(round(MIDDLE[0] + (x + dx) * SIZE), round(MIDDLE[1] + (y + dy) * SIZE)) for dx, dy in ring]
    return [*placed, placed[0]]


def _corner(chance: Random, turn: float, radius: float) -> Place:
    away = radius * chance.uniform(0.6, 1.15)
    return away * cos(2 * pi * turn), away * sin(2 * pi * turn)


def _between(chance: Random, one: Place, other: Place) -> Place:
    (x0, y0), (x1, y1) = one, other
    push = chance.gauss(0, _ROUGHNESS)
    return (x0 + x1) / 2 - push * (y1 - y0), (y0 + y1) / 2 + push * (x1 - x0)
