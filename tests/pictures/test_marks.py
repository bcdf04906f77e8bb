"""Flags above a chart: what stands where, and what may never be written over something else."""

from datetime import date
from itertools import combinations

import pytest

from tests.pictures.reading import of_class, words_in
from tracker.pictures.drawing import element
from tracker.pictures.marks import Box, FlagMark, drawn_marks, names_of, stacks_of, symbol

DAY = date(2026, 3, 3)


def mark(label: str = "rise", severity: int = 2, on: date = DAY, *, ended: bool = False) -> FlagMark:
    return FlagMark(on, severity, label, ended)


def drawn(*placed: tuple[float, FlagMark]) -> str:
    marks = drawn_marks(stacks_of(placed), foot=60, bottom=200, left=0, right=400)
    return element("svg", marks)


def boxes(*placed: tuple[float, FlagMark]) -> list[Box]:
    return [box for _name, _tied, box in names_of(stacks_of(placed), foot=60, left=0, right=400)]


def test_marks_that_would_touch_are_one_stack_with_the_worst_at_its_foot() -> None:
    (stack,) = stacks_of([(100, mark(severity=1)), (111, mark("breakdown", 3))])
    assert [one.severity for one in stack.marks] == [3, 1]


def test_marks_a_shape_apart_stand_beside_each_other() -> None:
    assert len(stacks_of([(100, mark()), (112, mark())])) == 2


def test_an_open_flag_stands_before_a_worse_one_that_ended() -> None:
    (stack,) = stacks_of([(100, mark("gone", 3, ended=True)), (101, mark("here", 1))])
    assert stack.marks[0].label == "here"


def test_a_stack_says_how_many_more_there_are() -> None:
    svg = drawn(
        *[(100 + number, mark("breakdown" if number == 2 else "rise", 3 if number == 2 else 1)) for number in range(5)]
    )
    assert "breakdown, and 4 more" in words_in(svg)
    assert len(of_class(svg, "flag")) == 3


def test_each_severity_has_a_shape_of_its_own() -> None:
    assert len({of_class(drawn((100, mark(severity=severity))), "flag")[0].get("d") for severity in (1, 2, 3)}) == 3


def test_a_flag_that_cleared_is_hollow() -> None:
    (shape,) = of_class(drawn((100, mark(ended=True))), "flag")
    assert "is-ended" in (shape.get("class") or "")


@pytest.mark.parametrize("gap", [12, 20, 40, 80])
def test_names_touch_neither_each_other_nor_a_shape(gap: int) -> None:
    placed = [(20.0 + gap * number, mark(f"rule of law {number}", 1 + number % 3)) for number in range(4)]
    shapes = [Box(x - 6, 48, x + 6, 60) for x, _mark in placed]
    names = boxes(*placed)
    assert names
    assert not any(one.meets(other) for one, other in combinations([*names, *shapes], 2))


def test_where_there_is_no_room_for_all_names_the_worst_is_written() -> None:
    names = names_of(
        stacks_of([(190 + 12 * n, mark(f"name of flag {n}", 3 if n == 2 else 1)) for n in range(5)]),
        foot=60,
        left=150,
        right=290,
    )
    assert names[0][0] == "name of flag 2"
    assert len(names) < 5


def test_a_name_at_the_edge_stays_within_the_picture() -> None:
    assert all(
        box.left >= 0 and box.right <= 400 for box in boxes((3, mark("at the left")), (398, mark("at the right")))
    )


def test_a_hostile_label_stays_a_label() -> None:
    assert of_class(drawn((100, mark("<b class='x'>"))), "x") == []


def test_the_symbol_of_a_legend_is_silent() -> None:
    assert 'aria-hidden="true"' in symbol(3)


@pytest.mark.parametrize("severity", [-1, 4])
def test_a_flag_of_no_severity_is_refused(severity: int) -> None:
    with pytest.raises(ValueError, match="none of them"):
        mark(severity=severity)


def test_a_long_name_is_cut_only_where_the_whole_of_it_has_no_room() -> None:
    long = "Several criteria worsened together within half a year"
    stacks = stacks_of([(200, mark(long))])
    [(whole, *_place)] = names_of(stacks, foot=60, left=0, right=900)
    [(shorter, *_other_place)] = names_of(stacks, foot=60, left=110, right=290)
    assert whole == long
    assert shorter.endswith("…")
    assert long.startswith(shorter.rstrip("…").rstrip())
