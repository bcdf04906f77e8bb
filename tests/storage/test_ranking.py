"""The place of one country, found alone, is the one that it has among all that its reader may see."""

from datetime import date, datetime, timedelta

import numpy as np
import pytest

from tests.concluding import recorded
from tracker.handling import Mark
from tracker.method import Method
from tracker.storage import methods, ranking, scores
from tracker.storage.base import Session
from tracker.uncertainty import Place, rank_intervals

LEVELS = {"MLI": -2.4, "NER": 0.0, "SEN": 0.1, "DNK": 2.4}
WGI = ("wgi_rule_of_law", "wgi_political_stability", "wgi_voice_and_accountability")


@pytest.fixture
def method(session: Session, now: datetime) -> Method:
    """With four countries of which enough is known, and one of which too little is."""
    for key in WGI:
        for iso3, level in LEVELS.items():
            recorded(session, key, level, on=date(2025, 12, 31), at=now, iso3=iso3, standard_error=0.2)
    recorded(session, WGI[0], -2.5, on=date(2025, 12, 31), at=now, iso3="TCD")
    chosen = methods.in_force(session)
    assert chosen is not None
    return chosen[1]


def among(session: Session, method: Method, iso3: str, scope: set[str] | None = None) -> ranking.Among | None:
    return ranking.now(session, 1, method.tree, iso3, Mark.CLEAR, scope)


def test_its_place_and_interval_are_those_of_the_whole_ranking(session: Session, method: Method) -> None:
    everybody = {
        iso3: one for iso3, one in scores.now(session, 1, method.tree, Mark.CLEAR).items() if one.draws is not None
    }
    drawn = np.stack([one.draws for one in everybody.values() if one.draws is not None])
    highest, lowest = rank_intervals(drawn, np.array([one.scores.values[-1] for one in everybody.values()]))

    for row, iso3 in enumerate(everybody):
        found = among(session, method, iso3)
        assert found is not None
        assert found.place is not None
        assert (found.place.highest, found.place.lowest) == (highest[row], lowest[row])
        assert found.place.of == len(LEVELS) == len(found.ranked)
        assert found.ranked[iso3] == pytest.approx(found.scores.values[-1])


def test_only_what_a_reader_may_see_is_ranked_with_it(session: Session, method: Method, now: datetime) -> None:
    recorded(session, "hostilities", 4.0, on=date(2026, 2, 28), at=now, iso3="SEN", handling=Mark.RED)

    found = among(session, method, "NER", {"NER", "DNK"})

    assert found is not None
    assert found.place is not None
    assert (found.place.place, found.place.of) == (1, 2)
    assert set(found.ranked) == {"NER", "DNK"}


def test_what_is_not_known_enough_has_no_place(session: Session, method: Method) -> None:
    found = among(session, method, "TCD")

    assert found is not None
    assert found.place is None
    assert among(session, method, "FRA") is None


def test_a_past_day_has_its_places_without_intervals(session: Session, method: Method, now: datetime) -> None:
    later = now + timedelta(days=30)
    for key in WGI:
        recorded(session, key, 2.5, on=date(2026, 1, 31), at=later, iso3="MLI", standard_error=0.2)

    def place(day: date, known: datetime) -> Place | None:
        found = ranking.then(session, 1, method.tree, "MLI", Mark.CLEAR, day=day, known=known)
        return None if found is None else found.place

    assert place(now.date(), now) == Place(1, 4)
    assert place(now.date(), later) == Place(4, 4)
    assert place(date(2025, 1, 31), later) is None
