"""What a picture says to somebody who does not see it."""

from datetime import date

from tracker.pictures.line import Line, Point
from tracker.pictures.words import Words, text_alternative


def line(label: str = "Veyra", **by_year: float) -> Line:
    points = (Point(date(int(year[1:]), 12, 31), value) for year, value in by_year.items())
    return Line(label, tuple(points))


def test_it_names_the_first_the_last_and_both_extremes() -> None:
    said = text_alternative([line(y2020=40, y2021=35.5, y2022=61, y2023=58)])
    assert said == "Veyra: 40 in 2020, 58 in 2023; lowest 35.5 in 2021, highest 61 in 2022."


def test_one_figure_is_called_the_only_one() -> None:
    assert text_alternative([line(y2020=40)]) == "Veyra: 40 in 2020, the only figure."


def test_missing_years_are_not_kept_silent() -> None:
    assert text_alternative([line(y2020=1, y2023=1)]).endswith("Periods without a figure in between: 2.")


def test_a_line_without_figures_beside_others_is_named() -> None:
    assert text_alternative([line(y2020=1), line("Ree")]).endswith("Ree: no figures.")


def test_no_figures_at_all_are_said_plainly() -> None:
    assert text_alternative([line()]) == "There are no figures to draw yet."


def test_the_unit_is_said() -> None:
    assert text_alternative([line(y2020=40)], unit="points").endswith("Unit: points.")


def test_months_are_named_where_figures_are_monthly() -> None:
    points = (Point(date(2023, 11, 30), 1.0), Point(date(2023, 12, 31), 2.0))
    said = text_alternative([Line("Veyra", points)], months_between=1)
    assert said.startswith("Veyra: 1 in 2023-11, 2 in 2023-12;")


def test_the_sentence_comes_in_the_reader_s_language() -> None:
    words = Words(
        single="%(label)s : %(last)s en %(last_period)s.",
        number=lambda value, decimals: f"{value:.1f}".replace(".", ","),
    )
    assert text_alternative([line(y2020=1.5)], words=words) == "Veyra : 1,5 en 2020."


def test_a_percent_sign_in_a_name_is_only_a_sign() -> None:
    assert text_alternative([line("90 %(label)s", y2020=1)]).startswith("90 %(label)s: 1")


def test_a_negative_figure_has_a_true_minus_sign() -> None:
    assert "−1.62 in 2023" in text_alternative([line(y2022=-1.5, y2023=-1.62)])
