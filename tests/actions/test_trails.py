"""The way of scores is kept beside them and says what their curve says, whatever came in, in whichever order."""

import random
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select, update

from tests.actions.test_concluding import derived
from tests.concluding import days_pass, noon, published, rebuilt, recorded, then_of
from tracker.actions.concluding import countries_to_look_at
from tracker.actions.rebuilding import what_is_wrong
from tracker.handling import Mark
from tracker.index import FloatArray
from tracker.storage import methods, scores
from tracker.storage.base import Session
from tracker.storage.conclusions import ScoreNow
from tracker.storage.scores import Now
from tracker.trail import EXACT_DAYS, POINTS, nodes_of, quarter_ends, rows_of
from tracker.workings import Scores

# Of all dimensions: so every node above them has a value now and then.
ASKED = (
    *("wgi_rule_of_law", "wgi_political_stability", "wgi_voice_and_accountability"),
    *("wgi_control_of_corruption", "independence_of_courts"),
)
LAW = "wgi_rule_of_law"


def seen(session: Session, clearance: Mark = Mark.RED) -> Now:
    number, method = chosen(session)
    return scores.now(session, number, method.tree, clearance)["MLI"]


def chosen(session: Session) -> Any:
    found = methods.in_force(session)
    assert found is not None
    return found


def live_on(session: Session, draw: random.Random, now: datetime) -> datetime:
    """Answers of ten years, corrections, withdrawals, several marks, and time that passes; when it ends."""
    told: dict[tuple[str, date], int] = {}
    for _ in range(40):
        now += timedelta(days=draw.choice([0, 0, 1, 20]), minutes=1)
        back = draw.choice([0, 3, 100, 399, 401, 700, 1100, 3000])
        key, day = draw.choice(ASKED), now.date() - timedelta(days=back)
        if told and draw.random() < 0.4:
            key, day = draw.choice(sorted(told))
        revision = told[key, day] = told.get((key, day), 0) + 1
        again = {"revision": revision, "reason": "an error"} if revision > 1 else {}
        if revision > 1 and draw.random() < 0.4:
            again["withdrawn"] = True
        value = round(draw.uniform(-2.0, 2.0), 2) if key.startswith("wgi") else float(draw.randrange(5))
        handling = draw.choice([Mark.CLEAR, Mark.CLEAR, Mark.AMBER])
        recorded(session, key, value, on=day, at=now, handling=handling, **again)
        if draw.random() < 0.3:
            days = {(now - timedelta(days=draw.choice([4200, 4900, 6000, 9000]))).date() for _ in range(2)}
            new = [(day, round(draw.uniform(-2.0, 2.0), 2)) for day in sorted(days) if (LAW, day) not in told]
            told.update({(LAW, day): 1 for day, _figure in new})
            now += timedelta(minutes=1)
            published(session, LAW, *new, at=now, handling=draw.choice([Mark.CLEAR, Mark.AMBER]))
        if draw.random() < 0.3:
            now += timedelta(days=draw.choice([1, 40, 100]))
            days_pass(session, now=now)
    return now


def curve_on(session: Session, mark: Mark, day: date) -> FloatArray:
    """Of one view by itself."""
    number, method = chosen(session)
    step, *_later = scores.curve(session, number, method.tree, "MLI", mark, since=day)
    return above_the_voices(session, step.scores if step.day <= day else None)


def as_seen_on(session: Session, clearance: Mark, day: date) -> FloatArray:
    return above_the_voices(session, then_of(session, day, noon(date(2100, 1, 1)), clearance=clearance))


def above_the_voices(session: Session, found: Scores | None) -> FloatArray:
    _number, method = chosen(session)
    rows = [method.tree.positions[key] for key in nodes_of(method.tree)]
    return np.full(len(rows), np.nan) if found is None else found.values[rows]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_came_in_it_says_what_the_curve_says(session: Session, now: datetime, seed: int) -> None:
    end = live_on(session, random.Random(seed), now)
    number, method = chosen(session)
    views = scores.views_of(session, number, method.tree, "MLI")
    assert set(views) == {Mark.CLEAR, Mark.AMBER}

    different = set()
    for mark, view in views.items():
        reader = seen(session, mark)
        assert view.trail is not None
        assert reader.trail is not None
        exact = (view.day - timedelta(days=back) for back in range(0, EXACT_DAYS + 1, 5))
        for day in [*exact, *quarter_ends(view.day, POINTS - 1)]:
            found = view.trail.on(day)
            assert np.array_equal(found, curve_on(session, mark, day), equal_nan=True)
            assert np.array_equal(reader.trail.on(day), as_seen_on(session, mark, day), equal_nan=True)
            different.add(found.tobytes())
    assert len(different) > 8
    assert what_is_wrong(session) == []
    before = derived(session)
    rebuilt(session, now=end)
    assert derived(session) == before


def test_a_way_that_nobody_has_followed_yet_is_followed_when_time_passes(session: Session, now: datetime) -> None:
    recorded(session, LAW, -1.5, on=date(2020, 12, 31), at=now)
    recorded(session, LAW, 0.5, on=date(2025, 12, 31), at=now)
    before = session.scalars(select(ScoreNow.trail)).one()
    session.execute(update(ScoreNow).values(trail=None))
    session.expire_all()
    assert seen(session).trail is None
    assert what_is_wrong(session) == []

    assert days_pass(session, now=now) == 1
    assert session.scalars(select(ScoreNow.trail)).one() == before
    assert countries_to_look_at(session, now=now) == []


def test_a_way_that_is_not_what_the_curve_says_is_found_and_mended(session: Session, now: datetime) -> None:
    recorded(session, LAW, -1.5, on=date(2020, 12, 31), at=now)
    recorded(session, LAW, 0.5, on=date(2020, 12, 31), at=now, iso3="NER")
    rows = {row.iso3: row for row in session.scalars(select(ScoreNow))}
    rows["MLI"].trail = rows["NER"].trail
    session.flush()

    assert [sentence[:21] for sentence in what_is_wrong(session)] == ["The scores of MLI are"]
    rebuilt(session, now=now)
    assert what_is_wrong(session) == []


def test_before_a_higher_mark_had_anything_to_say_the_way_is_the_open_one(session: Session, now: datetime) -> None:
    year_ago = now.date() - timedelta(days=365)
    recorded(session, LAW, 0.5, on=year_ago, at=now)
    recorded(session, LAW, -1.5, on=now.date(), at=now, handling=Mark.AMBER)
    number, method = chosen(session)
    row = rows_of(method.tree)["rule_of_law"]

    for clearance in (Mark.CLEAR, Mark.AMBER):
        trail = seen(session, clearance).trail
        assert trail is not None
        assert float(trail.on(year_ago)[row]) == pytest.approx(40.0)
        first, *_later = scores.seen_curve(session, number, method.tree, "MLI", clearance, since=year_ago)
        assert first.day == year_ago
        assert first.scores.values[method.tree.positions["rule_of_law"]] == trail.on(year_ago)[row]
    assert trail is not None
    assert float(trail.on(now.date())[row]) > 40.0


def test_whose_clock_is_behind_midnight_loses_nothing(session: Session, now: datetime) -> None:
    """What was exact from yesterday's day on is exact again, though the day after had cut it off."""
    late, yesterday = noon(now.date() + timedelta(days=1)), noon(now.date())
    edge = yesterday.date() - timedelta(days=EXACT_DAYS)
    recorded(session, LAW, -1.5, on=edge - timedelta(days=10), at=yesterday)
    recorded(session, LAW, 0.5, on=edge, at=late)
    recorded(session, LAW, 0.0, on=yesterday.date(), at=yesterday)

    trail = seen(session).trail
    assert trail is not None
    assert np.array_equal(trail.on(edge), curve_on(session, Mark.CLEAR, edge), equal_nan=True)
    assert what_is_wrong(session) == []
