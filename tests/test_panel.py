"""A panel whose parts do not fit together is not made."""

from datetime import date

import numpy as np
import pytest

from tests.panels import HERE, TODAY, a_panel
from tracker.occasion import months_after
from tracker.panel import Occasion, Panel, months_up_to, of_countries


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2024, 3, 31), -1, date(2024, 2, 29)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 3, 31), -12, date(2025, 3, 31)),
        (date(2026, 3, 31), 0, date(2026, 3, 31)),
    ],
)
def test_a_month_before_the_last_of_a_month_is_the_last_of_the_one_before(
    day: date, months: int, expected: date
) -> None:
    assert months_after(day, months) == expected


def test_the_days_of_a_panel_lead_up_to_the_one_that_is_judged() -> None:
    assert months_up_to(date(2026, 3, 31), 2) == (date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31))


def made(days: tuple[date, ...] = (TODAY,), regions: tuple[str, ...] = ("",), months: int = 1) -> Panel:
    scores = {"risk": np.zeros((1, months))}
    return Panel(days=days, countries=(HERE,), regions=regions, scores=scores, indicators={}, severities={})


def test_a_panel_of_one_country_and_one_day_is_enough() -> None:
    assert made().days == (TODAY,)


@pytest.mark.parametrize("days", [(), (TODAY, TODAY), (TODAY, date(2026, 2, 28))])
def test_days_that_do_not_follow_one_another_are_refused(days: tuple[date, ...]) -> None:
    with pytest.raises(ValueError, match="days that follow one another"):
        made(days=days, months=len(days))


def test_a_country_without_an_entry_for_its_region_is_refused() -> None:
    with pytest.raises(ValueError, match="a region"):
        made(regions=())


def test_scores_for_other_days_are_refused() -> None:
    with pytest.raises(ValueError, match="“risk” has the shape"):
        made(months=2)


def test_a_panel_can_be_cut_to_some_countries() -> None:
    there = Occasion("vote", "XAB", TODAY)
    here = Occasion("census", HERE, TODAY)
    panel = a_panel(
        regions=("north", "south"),
        occasions=(there, here),
        scores={"risk": [[1, 2], [3, 4]]},
        overdue={"obeyed": [[5, 6], [7, 8]]},
    )
    cut = of_countries(panel, {"XAB"})
    assert (cut.countries, cut.regions, cut.occasions, cut.days) == (("XAB",), ("south",), (there,), panel.days)
    assert [cut.scores["risk"].tolist(), cut.overdue["obeyed"].tolist()] == [[[3, 4]], [[7, 8]]]
