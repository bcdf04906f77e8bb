"""Two who record about one country at once: nothing of either is lost, whoever came first."""

from datetime import date, datetime, timedelta

from tests import factories
from tests.at_once import at_once
from tests.concluding import now_of, then_of, value
from tracker.actions.concluding import draw_conclusions
from tracker.actions.rebuilding import what_is_wrong
from tracker.storage.base import Database

QUESTIONS = ("independence_of_courts", "obedience_to_rulings", "emergency_powers", "limits_on_power")


def test_scores_hold_what_everybody_recorded_at_once(database: Database, now: datetime) -> None:
    def record(number: int) -> None:
        # the clocks of those who record need not agree with the order in which they come
        at = now + timedelta(seconds=10 - number)
        with database.writing() as session:
            made = factories.observation(
                session, indicator=QUESTIONS[number], iso3="MLI", on=date(2026, 3, 15), value=4.0, recorded_at=at
            )
            draw_conclusions(session, [made.batch_id], now=at)

    assert at_once(len(QUESTIONS), record) == [None] * len(QUESTIONS)

    with database.reading() as session:
        assert [value(session, now_of(session), key) for key in QUESTIONS] == [100.0] * len(QUESTIONS)
        kept = then_of(session, date(2026, 3, 15), now + timedelta(minutes=1))
        assert [value(session, kept, key) for key in QUESTIONS] == [100.0] * len(QUESTIONS)
        assert what_is_wrong(session) == []
