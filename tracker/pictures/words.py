"""What does a picture say to someone who does not see it?

The sentences are templates that the caller hands in, in the reader's language: pictures know no language.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.pictures.drawing import decimals_for, plain_number
from tracker.pictures.line import Line, missing_periods


def plain_period(on: date, months_between: int) -> str:
    return str(on.year) if months_between >= 12 else f"{on.year}-{on.month:02}"


@dataclass(frozen=True)
class Words:
    """Every word in a picture that is not the caller's own label, and how numbers and periods are written."""

    summary: str = (
        "%(label)s: %(first)s in %(first_period)s, %(last)s in %(last_period)s; "
        "lowest %(lowest)s in %(lowest_period)s, highest %(highest)s in %(highest_period)s."
    )
    single: str = "%(label)s: %(last)s in %(last_period)s, the only figure."
    missing: str = "Periods without a figure in between: %(count)s."
    none_for: str = "%(label)s: no figures."
    nothing: str = "There are no figures to draw yet."
    unit: str = "Unit: %(unit)s."
    time: str = "year"
    # A figure with so many decimals at most.
    number: Callable[[float, int], str] = plain_number
    period: Callable[[date, int], str] = plain_period


ENGLISH = Words()


def text_alternative(lines: Sequence[Line], *, unit: str = "", words: Words = ENGLISH, months_between: int = 12) -> str:
    """What the figures show, and nothing that they do not."""
    if not any(line.points for line in lines):
        return words.nothing
    sentences = [_about(line, words, months_between) for line in lines]
    if unit:
        sentences.append(words.unit % {"unit": unit})
    return " ".join(sentences)


def _about(line: Line, words: Words, months_between: int) -> str:
    if not line.points:
        return words.none_for % {"label": line.label}
    points = line.in_order
    named = {
        "first": points[0],
        "last": points[-1],
        "lowest": min(points, key=lambda point: point.value),
        "highest": max(points, key=lambda point: point.value),
    }
    decimals = decimals_for(point.value for point in points)
    places = {"label": line.label}
    for name, point in named.items():
        places[name] = words.number(point.value, decimals)
        places[f"{name}_period"] = words.period(point.on, months_between)
    sentence = (words.single if len(points) == 1 else words.summary) % places
    absent = missing_periods(points, months_between)
    return f"{sentence} {words.missing % {'count': absent}}" if absent else sentence
