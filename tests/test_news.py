"""What somebody has to be told about a flag since they last looked."""

import json
from datetime import UTC, date, datetime

import pytest

from tracker.handling import Mark
from tracker.news import Stood, Turn, turn_between


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (0, 1, Turn.NEW),
        (0, 3, Turn.NEW),
        (1, 2, Turn.WORSENED),
        (2, 3, Turn.WORSENED),
        (3, 2, Turn.EASED),
        (3, 0, Turn.CLEARED),
        (0, 0, None),
        (2, 2, None),
    ],
)
def test_a_flag_is_news_by_how_it_stood_before(before: int, now: int, told: Turn | None) -> None:
    assert turn_between(before, now) is told


def test_how_things_stood_is_kept_whole() -> None:
    late, at = frozenset({(41, date(2026, 3, 12))}), datetime(2026, 3, 16, 12, 30, tzinfo=UTC)
    measures = frozenset({(3, "decided"), (3, "2026-03-01")})
    stood = Stood(
        {12: 3, 7: 1},
        late,
        days=frozenset({(5, date(2026, 12, 3)), (9, date(2026, 11, 30))}),
        charges=frozenset({41}),
        calls=frozenset({(2, "open")}),
        measures=measures,
        alarms=frozenset({77, 80}),
        scores={"MLI": (47.25, None)},
        method=2,
        clearance=Mark.GREEN,
        at=at,
    )
    assert Stood.from_kept(json.loads(json.dumps(stood.as_kept()))) == stood
    assert Stood.from_kept(Stood().as_kept()) == Stood()


def test_of_what_was_told_before_the_days_were_kept_no_day_is_new() -> None:
    old = Stood.from_kept({**Stood().as_kept(), "occasions": [5]})

    assert old.knows(5, date(2026, 12, 3))
    assert not old.knows(9, date(2026, 12, 3))
    assert old.days_told == []
