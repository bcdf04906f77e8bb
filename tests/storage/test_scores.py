"""Any day, as known on any later one: what the history says is what the evidence of that time says."""

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from tests.actions.test_concluding import code_rule_of_law, live_through_something
from tests.concluding import days_pass, now_of, recorded, then_of, value
from tracker.actions.concluding import conclude_everything
from tracker.handling import Mark
from tracker.index import evaluate
from tracker.method import Method
from tracker.standing import Placed, evidence_of, placed_on
from tracker.storage import answers, methods
from tracker.storage.base import Session
from tracker.storage.conclusions import MethodVersion
from tracker.uncertainty import spread
from tracker.workings import Scores

FEBRUARY = date(2026, 2, 28)
WGI = ("wgi_rule_of_law", "wgi_political_stability", "wgi_voice_and_accountability")


def proved(session: Session, iso3: str, clearance: Mark, *, day: date, known: datetime) -> Scores | None:
    """From the evidence itself, by the method that was in force then. None: no method, or nothing known."""
    chosen = methods.in_force(session, known)
    if chosen is None:
        return None
    method, said = chosen[1], answers.revisions_of(session, iso3)
    places = answers.places_of(method, answers.questions(session))
    standing = answers.standing_of([one for one in said if one.recorded_at <= known], places)
    placed = placed_on(evidence_of(method, standing).up_to(clearance), method, [day])
    if np.isnan(placed.severity).all():
        return None
    of_country = Placed(placed.severity[:, 0], placed.deviation[:, 0])
    found = evaluate(method.tree, of_country.severity)
    values, interval = found.values[:, 0], spread(method, of_country, iso3, found.values)
    low, high = (np.where(np.isnan(values), np.nan, end[:, 0]) for end in (interval.low, interval.high))
    return Scores(of_country.severity[:, 0], values, found.coverage[:, 0], low, high)


@pytest.mark.parametrize("clearance", [Mark.CLEAR, Mark.RED])
def test_history_says_of_every_day_what_was_known_on_every_later_one(
    session: Session, now: datetime, clearance: Mark
) -> None:
    end = live_through_something(session, now)
    compared = 0
    for known_after in range(-1, 121, 11):
        known = now + timedelta(days=known_after)
        for back in range(0, 150, 13):
            day = known.date() - timedelta(days=back)
            kept = then_of(session, day, known, clearance=clearance)
            proof = proved(session, "MLI", clearance, day=day, known=known)
            if kept is None or np.isnan(kept.severity).all():
                assert proof is None
                continue
            assert proof is not None
            assert kept.says_the_same_as(proof)
            compared += 1
    assert compared > 20
    assert end > now


def heavier(method: Method, key: str, times: float) -> Method:
    """The same method, in which the first child of one node weighs more."""
    plain: dict[str, Any] = method.as_plain()
    [branch] = [one for one in plain["tree"]["branches"] if one["key"] == key]
    branch["weights"][0] *= times
    return Method.from_plain(plain)


def switch_on(session: Session, method: Method, at: datetime) -> None:
    row = MethodVersion(
        number=methods.highest_number(session) + 1,
        fingerprint=method.fingerprint,
        content=method.as_plain(),
        reason="to try it",
        made_at=at,
        in_force_since=at,
    )
    session.add(row)
    conclude_everything(session, now=at)


def test_last_years_numbers_are_there_after_corrections_and_other_weights(session: Session, now: datetime) -> None:
    for number, key in enumerate(WGI):
        for country, worse in (("MLI", 0.5), ("NER", 0.0)):
            recorded(session, key, -1.0 - number / 4 - worse, on=date(2024, 12, 31), at=now, iso3=country)
    code_rule_of_law(session, 3.0, on=FEBRUARY, at=now)
    seen_then = {iso3: now_of(session, iso3) for iso3 in ("MLI", "NER")}
    assert value(session, seen_then["MLI"], "risk") is not None

    later = now + timedelta(days=365)
    for iso3 in ("MLI", "NER"):
        recorded(
            *(session, WGI[0], 1.5), on=date(2024, 12, 31), at=later, iso3=iso3, revision=2, reason="published anew"
        )
    chosen = methods.in_force(session)
    assert chosen is not None
    switch_on(session, heavier(chosen[1], "risk", 5.0), later + timedelta(days=1))
    days_pass(session, now=later + timedelta(days=2))

    for iso3, seen in seen_then.items():
        again = then_of(session, now.date(), now, iso3)
        today = then_of(session, now.date(), later + timedelta(days=2), iso3)
        proof = proved(session, iso3, Mark.RED, day=now.date(), known=now)
        assert again is not None
        assert again.says_the_same_as(seen)
        # a step of the history keeps the interval of its first day; asked for a day, it is drawn for that day
        assert proof is not None
        assert proof.packed() == seen.packed()
        assert today is not None
        assert not today.says_the_same_as(seen)
