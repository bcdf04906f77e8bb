"""Pictures of scores: steps above the levels, with flags, and never a line where nothing was known."""

import re
from datetime import date
from xml.etree.ElementTree import Element

import pytest

from tests.pictures.reading import attribute_names, of_class, parsed, words_in
from tracker.pictures.marks import FlagMark
from tracker.pictures.score_line import ScoreLine, ScorePoint
from tracker.pictures.score_series import score_chart
from tracker.pictures.series import NARROW, WIDE
from tracker.pictures.small_score import small_score

FIRST, UNTIL = date(2026, 1, 1), date(2026, 12, 31)
MARCH, MAY = date(2026, 3, 1), date(2026, 5, 1)


def line(*points: ScorePoint, label: str = "") -> ScoreLine:
    return ScoreLine(label, points)


def chart(*lines: ScoreLine, marks: tuple[FlagMark, ...] = (), as_of: date | None = None, width: int = WIDE) -> str:
    return score_chart(
        lines, identifier="risk", title="Risk", first=FIRST, until=UNTIL, marks=marks, as_of=as_of, width=width
    )


def height_of(svg: str, score: int) -> float:
    """Where the border between two levels is drawn."""
    return next(float(text.get("y", "")) - 4 for text in parsed(svg).iter("text") if text.text == str(score))


def commands(path: Element) -> list[str]:
    return re.findall(r"[A-Z]", path.get("d", ""))


def test_a_score_is_drawn_in_steps_at_the_height_of_its_level() -> None:
    svg = chart(line(ScorePoint(FIRST, 40), ScorePoint(MAY, 60)))
    (drawn,) = of_class(svg, "line")
    assert commands(drawn) == ["M", "V", "H", "V", "H"]
    heights = [float(number) for number in re.findall(r"V([\d.]+)", drawn.get("d", ""))]
    assert heights == pytest.approx([height_of(svg, 40), height_of(svg, 60)], abs=0.1)


def test_worse_is_higher() -> None:
    svg = chart(line(ScorePoint(FIRST, 40)))
    assert height_of(svg, 80) < height_of(svg, 20)


def test_no_line_and_no_interval_crosses_a_time_without_evidence() -> None:
    svg = chart(line(ScorePoint(FIRST, 40, 30, 50), ScorePoint(MARCH, None), ScorePoint(MAY, 60, 50, 70)))
    assert len(of_class(svg, "line")) == len(of_class(svg, "band")) == 2
    assert len(of_class(svg, "gap")) == 1


def test_a_gap_that_is_wide_enough_says_what_it_is() -> None:
    assert "not enough evidence" in words_in(chart(line(ScorePoint(MAY, 40))))
    narrow_gap = chart(
        line(ScorePoint(FIRST, 40), ScorePoint(date(2026, 3, 1), None), ScorePoint(date(2026, 3, 9), 40))
    )
    assert "not enough evidence" not in words_in(narrow_gap)


def test_the_levels_are_named_at_the_edge() -> None:
    assert {"low", "guarded", "elevated", "high", "critical"} <= set(words_in(chart(line(ScorePoint(FIRST, 40)))))


def test_a_score_that_ended_says_when() -> None:
    assert "40 (2026-05-01)" in words_in(chart(line(ScorePoint(FIRST, 40), ScorePoint(MAY, None))))


def test_flags_make_the_picture_higher_and_the_line_no_flatter() -> None:
    points = line(ScorePoint(FIRST, 40))
    without, flagged = chart(points), chart(points, marks=(FlagMark(MAY, 3, "risk at 60"),))
    assert height_of(without, 0) - height_of(without, 100) == height_of(flagged, 0) - height_of(flagged, 100)
    assert "risk at 60" in words_in(flagged)


@pytest.mark.parametrize(("on", "drawn"), [(date(2025, 12, 31), 0), (FIRST, 1), (UNTIL, 1), (date(2027, 1, 1), 0)])
def test_only_flags_of_the_days_that_are_seen_are_drawn(on: date, drawn: int) -> None:
    svg = chart(line(ScorePoint(FIRST, 40)), marks=(FlagMark(on, 3, "risk at 60"),))
    assert len(of_class(svg, "flag")) == drawn


@pytest.mark.parametrize(("day", "drawn"), [(FIRST, 0), (MAY, 1), (UNTIL, 0)])
def test_the_day_that_is_looked_back_from_is_marked_where_it_is_past(day: date, drawn: int) -> None:
    assert len(of_class(chart(line(ScorePoint(FIRST, 40)), as_of=day), "as-of")) == drawn


def test_ears_hear_the_scores_their_end_and_each_flag_with_its_severity() -> None:
    svg = chart(
        line(ScorePoint(FIRST, 40), ScorePoint(MARCH, 62), ScorePoint(MAY, None)),
        marks=(FlagMark(MARCH, 3, "risk at 60"), FlagMark(MAY, 3, "risk at 60", ended=True)),
    )
    assert (
        "Risk: 40 on 2026-01-01, 62 on 2026-03-01; lowest 40 from 2026-01-01 on, highest 62 from 2026-03-01 on. "
        "Risk: not enough evidence since 2026-05-01. 2026-03-01: alarm, risk at 60. "
        "2026-05-01: alarm cleared, risk at 60." in words_in(svg)
    )


def test_the_last_score_still_holds_on_the_last_day() -> None:
    assert any("40 on 2026-12-31" in words for words in words_in(chart(line(ScorePoint(FIRST, 40)))))


def test_several_lines_are_named_at_their_ends_and_have_no_common_gap() -> None:
    svg = chart(line(ScorePoint(FIRST, 40), label="Veyra"), line(ScorePoint(MAY, 70), label="Ree"))
    assert {"Veyra 40", "Ree 70"} <= set(words_in(svg))
    assert of_class(svg, "gap") == []


def test_more_than_five_lines_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        chart(*[line(ScorePoint(FIRST, 40))] * 6)


@pytest.mark.parametrize("lines", [[], [line()], [line(), line()]])
def test_without_scores_no_line_is_drawn_and_the_picture_says_so(lines: list[ScoreLine]) -> None:
    assert of_class(chart(*lines), "line") == []
    assert "There was never enough evidence for a score." in words_in(chart(*lines))


def test_what_a_script_is_told_is_what_the_page_shows() -> None:
    """79.96 would be rounded into another level: everywhere it is 79.9."""
    root = parsed(chart(line(ScorePoint(FIRST, 79.96, 41.2, 90.4), ScorePoint(MAY, None))))
    assert root.get("data-points") == "0 79.9 41 90,120 -"
    assert root.get("data-held") == "yes"


def test_the_narrow_twin_is_walked_with_the_points_of_the_wide_one() -> None:
    root = parsed(chart(line(ScorePoint(FIRST, 40)), width=NARROW))
    assert root.get("data-frame") is not None
    assert root.get("data-points") is None


def test_small_pictures_share_their_days_and_their_height() -> None:
    pictures = [
        small_score(line(ScorePoint(begun, 40)), identifier="law", title="Law", first=FIRST, until=UNTIL)
        for begun in (FIRST, MAY)
    ]
    frames = {parsed(svg).get("data-frame") for svg in pictures}
    assert len(frames) == 1
    assert [len(of_class(svg, "gap")) for svg in pictures] == [0, 1]


def test_a_small_picture_ends_in_a_dot_of_the_level_unless_its_score_ended() -> None:
    there = small_score(line(ScorePoint(FIRST, 85)), identifier="law", title="Law", first=FIRST, until=UNTIL)
    ended = small_score(
        line(ScorePoint(FIRST, 85), ScorePoint(MAY, None)), identifier="law", title="Law", first=FIRST, until=UNTIL
    )
    assert len(of_class(there, "level-4")) == 1
    assert of_class(ended, "level-4") == []


def test_the_pictures_have_no_looks_of_their_own() -> None:
    svg = chart(line(ScorePoint(FIRST, 40, 30, 50)), marks=(FlagMark(MAY, 3, "<b>"),), as_of=MARCH)
    assert attribute_names(svg).isdisjoint({"style", "fill", "stroke", "font-size", "opacity"})
