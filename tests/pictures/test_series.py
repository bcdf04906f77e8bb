"""A chart of figures over the years: what stands where, and what must never be drawn."""

import itertools
from collections.abc import Mapping
from datetime import date

import pytest

from tests.pictures.reading import attribute_names, corners, of_class, parsed, words_in
from tracker.pictures.line import Line, Point
from tracker.pictures.series import NARROW, WIDE, Axis, series_chart

POINTS = Axis("points", 0, 100)


def line(by_year: Mapping[int, float], label: str = "Veyra", spread: float | None = None) -> Line:
    return Line(
        label,
        tuple(
            Point(date(year, 12, 31), value, *((value - spread, value + spread) if spread else ()))
            for year, value in by_year.items()
        ),
    )


def chart(*lines: Line, axis: Axis = POINTS, width: int = WIDE, title: str = "Rule of law") -> str:
    return series_chart(lines, identifier="law", title=title, axis=axis, width=width)


def tick_heights(svg: str) -> dict[str, float]:
    return {
        text.text or "": float(text.get("y", "")) - 4
        for text in parsed(svg).iter("text")
        if text.get("text-anchor") == "end"
    }


def test_a_value_stands_at_the_height_of_its_tick() -> None:
    svg = chart(line({2020: 20, 2021: 60, 2022: 80}))
    (drawn,) = of_class(svg, "line")
    heights = tick_heights(svg)
    assert [y for _x, y in corners(drawn)] == pytest.approx([heights["20"], heights["60"], heights["80"]])


def test_years_are_evenly_spaced() -> None:
    (drawn,) = of_class(chart(line({2020: 1, 2021: 2, 2022: 3})), "line")
    first, second, third = (x for x, _y in corners(drawn))
    assert second - first == pytest.approx(third - second, abs=0.11)


def test_a_higher_value_stands_higher() -> None:
    (drawn,) = of_class(chart(line({2020: 10, 2021: 90})), "line")
    (_, low), (_, high) = corners(drawn)
    assert high < low


def test_a_reversed_axis_puts_the_higher_value_lower() -> None:
    axis = Axis("points", 0, 100, reversed=True)
    (drawn,) = of_class(chart(line({2020: 10, 2021: 90}), axis=axis), "line")
    (_, low), (_, high) = corners(drawn)
    assert high > low


def test_no_line_crosses_a_missing_year() -> None:
    svg = chart(line({2018: 1, 2019: 2, 2021: 3, 2022: 4}))
    assert [len(corners(drawn)) for drawn in of_class(svg, "line")] == [2, 2]


def test_no_interval_is_shaded_across_a_missing_year() -> None:
    svg = chart(line({2018: 10, 2019: 20, 2021: 30, 2022: 40}, spread=5))
    assert [len(corners(band)) for band in of_class(svg, "band")] == [4, 4]


def test_a_line_ends_at_its_last_figure() -> None:
    svg = chart(line({2019: 1, 2020: 2}), line({2019: 5, 2020: 6, 2021: 7, 2022: 8}, "Ree"))
    ends = [corners(drawn)[-1][0] for drawn in of_class(svg, "line")[:2]]
    dots = [float(dot.get("cx", "")) for name in ("dot-0", "dot-1") for dot in of_class(svg, name)]
    assert ends == dots
    assert ends[0] < ends[1]


def test_a_figure_on_its_own_is_a_dot_with_a_whisker() -> None:
    svg = chart(line({2020: 50}, spread=10))
    assert of_class(svg, "line") == []
    assert len(of_class(svg, "dot-0")) == 1
    ((_, low), (_, high)) = corners(of_class(svg, "whisker")[0])
    heights = tick_heights(svg)
    assert (low, high) == pytest.approx((heights["40"], heights["60"]))


def test_the_interval_reaches_from_low_to_high() -> None:
    svg = chart(line({2020: 40, 2021: 40}, spread=20))
    heights = tick_heights(svg)
    (band,) = of_class(svg, "band")
    assert {y for _x, y in corners(band)} == {heights["20"], heights["60"]}


def test_years_without_an_interval_are_not_shaded() -> None:
    points = (*line({2020: 40, 2021: 40}, spread=5).points, *line({2022: 40}).points)
    (band,) = of_class(chart(Line("Veyra", points)), "band")
    assert len(corners(band)) == 4


def test_equal_figures_are_a_level_line() -> None:
    (drawn,) = of_class(chart(line({2020: 5, 2021: 5}), axis=Axis("points")), "line")
    (_, one), (_, other) = corners(drawn)
    assert one == other


def test_without_figures_the_picture_says_so() -> None:
    svg = chart(line({}))
    assert "There are no figures to draw yet." in words_in(svg)
    assert of_class(svg, "line") == []


def test_a_figure_beyond_a_fixed_axis_is_not_cut_off() -> None:
    svg = chart(line({2020: 50, 2021: 120}))
    (drawn,) = of_class(svg, "line")
    assert all(28 <= y <= 280 for _x, y in corners(drawn))
    assert tick_heights(svg)["100"] > corners(drawn)[1][1]


def test_ticks_are_written_with_a_true_minus_sign() -> None:
    assert "−2" in tick_heights(chart(line({2020: -1, 2021: 1}), axis=Axis("score", -2.5, 2.5)))


def test_the_zero_line_stands_out_where_values_have_two_signs() -> None:
    svg = chart(line({2020: -1, 2021: 1}), axis=Axis("score", -2.5, 2.5))
    assert len(of_class(svg, "zero")) == 1


def test_the_ends_of_the_axis_say_what_they_mean() -> None:
    words = words_in(chart(line({2020: 1}), axis=Axis("points", 0, 100, top="worse", bottom="better")))
    assert "points · ↑ worse" in words
    assert "↓ better" in words


def test_both_axes_name_their_unit() -> None:
    assert {"points", "year"} <= set(words_in(chart(line({2020: 1, 2021: 2}))))


def test_each_line_is_named_at_its_end_with_its_last_figure() -> None:
    words = words_in(chart(line({2020: 1, 2021: 20}), line({2020: 5, 2021: 60}, "Ree")))
    assert {"Veyra 20", "Ree 60"} <= set(words)


def test_a_line_that_ends_early_says_when() -> None:
    words = words_in(chart(line({2019: 20}), line({2019: 5, 2021: 60}, "Ree")))
    assert "Veyra 20 (2019)" in words


def test_names_of_lines_that_end_together_do_not_overlap() -> None:
    lines = [line({2020: 50, 2021: 50 + number / 10}, f"Line {number}") for number in range(5)]
    heights = sorted(float(row.get("y", "")) for row in parsed(chart(*lines)).iter("tspan"))
    assert all(after - before >= 14 for before, after in itertools.pairwise(heights))


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_nothing_stands_outside_the_picture(width: int) -> None:
    lines = [line({2006: 5, 2023: 10 * number}, "A rather long name of islands") for number in range(5)]
    for drawn in of_class(chart(*lines, width=width), "line"):
        assert all(0 <= x <= width for x, _y in corners(drawn))


def test_more_than_five_lines_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        chart(*[line({2020: 1})] * 6)


def test_the_picture_is_named_and_described_for_ears() -> None:
    root = parsed(chart(line({2020: 1, 2021: 2})))
    described = {element.get("id"): element.text for element in root if element.get("id")}
    assert root.get("role") == "img"
    assert described[root.get("aria-labelledby")] == "Rule of law"
    assert (described[root.get("aria-describedby")] or "").startswith("Veyra: 1 in 2020, 2 in 2021")


def test_a_line_without_a_name_is_described_by_the_name_of_the_picture() -> None:
    root = parsed(chart(line({2020: 1}, "")))
    assert "Rule of law: 1 in 2020, the only figure. Unit: points." in [element.text for element in root]


def test_ticks_that_lie_close_together_are_told_apart() -> None:
    heights = tick_heights(chart(line({2020: 0.001, 2021: 0.004}), axis=Axis("share")))
    assert {"0.001", "0.002", "0.003", "0.004"} <= set(heights)


def test_a_hostile_name_stays_a_name() -> None:
    svg = chart(line({2020: 1}, "<script>"), title='"><script>')
    assert "script" not in {element.tag for element in parsed(svg).iter()}


def test_the_picture_has_no_looks_of_its_own() -> None:
    svg = chart(line({2020: 10, 2022: 20, 2023: 30}, spread=5), line({2020: 3}, "Ree"))
    assert attribute_names(svg).isdisjoint({"style", "fill", "stroke", "font-size", "opacity"})


def test_the_same_figures_make_the_same_picture() -> None:
    lines = (line({2020: 10, 2022: 20}, spread=5), line({2020: 3}, "Ree"))
    assert chart(*lines) == chart(*lines)


def test_monthly_figures_join_from_month_to_month() -> None:
    points = (Point(date(2023, month, 15), month) for month in (10, 11, 12))
    svg = series_chart(
        [Line("Veyra", tuple(points))], identifier="m", title="Months", axis=Axis("points"), months_between=1
    )
    (drawn,) = of_class(svg, "line")
    assert len(corners(drawn)) == 3


def test_levels_hold_until_the_next_and_have_only_whole_ticks() -> None:
    points = tuple(Point(date(year, 12, 31), value) for year, value in ((2021, 1.0), (2022, 3.0), (2023, 3.0)))
    axis = Axis("level", lowest=0, highest=4, in_steps=True)

    drawn = series_chart([Line("", points)], identifier="levels", title="Levels", axis=axis, height=150)

    (way,) = of_class(drawn, "line")
    places = corners(way)
    assert len(places) == 5
    assert all(one[0] == other[0] or one[1] == other[1] for one, other in itertools.pairwise(places)), "no slopes"
    assert not any("." in word for word in words_in(drawn)[2:] if word[0].isdigit()), "no level and a half"


LEVELS = Axis("level", lowest=0, highest=4, in_steps=True)


def by_day(*points: Point) -> str:
    return series_chart(
        [Line("", points)], identifier="l", title="Levels", axis=LEVELS, months_between=1, height=150, by_day=True
    )


def test_figures_of_one_period_each_stand_at_their_day() -> None:
    svg = by_day(Point(date(2026, 10, 5), 1), Point(date(2026, 10, 15), 2), Point(date(2026, 11, 4), 4))

    dots = [(float(dot.get("cx", "")), float(dot.get("cy", ""))) for dot in of_class(svg, "dot-0")]
    (first, _), (second, _), (third, _) = dots
    assert third - second == pytest.approx(2 * (second - first), abs=0.2)
    assert [y for _x, y in dots] == pytest.approx([tick_heights(svg)[level] for level in ("1", "2", "4")], abs=0.1)
    assert len(of_class(svg, "line")) == 1


def test_an_axis_of_days_names_its_first_and_its_last_and_the_years_that_crowd_neither() -> None:
    short = by_day(Point(date(2026, 10, 31), 1), Point(date(2026, 11, 20), 4))
    long = by_day(Point(date(2023, 12, 20), 1), Point(date(2026, 1, 3), 4))

    assert [word for word in words_in(short) if word.startswith("20")] == ["2026-10", "2026-11"]
    assert [word for word in words_in(long) if word.startswith("20")] == ["2023-12", "2026-01", "2025"]


def test_a_single_day_stands_in_the_middle_of_its_axis() -> None:
    svg = by_day(Point(date(2026, 10, 31), 1))
    assert len(of_class(svg, "dot-0")) == 1
    assert "2026-10" in words_in(svg)
